//! Tells the window that the mirror changed, and how the ways to the servers stand.

use serde::Serialize;
use tauri::AppHandle;
use tauri_specta::Event;
use threadkeep_app::{
    App,
    view::{Link, MediaProgress},
};

/// What changed since the event before.
#[derive(Debug, Clone, Serialize, specta::Type, Event)]
pub struct MirrorChanged {
    /// The place in the mirror's list of changes, as a string.
    pub id: String,
    /// The local ids of the chats touched; empty with `all`.
    pub chats: Vec<String>,
    /// Too many to name: everything may have changed.
    pub all: bool,
}

/// The way to an account's server changed.
#[derive(Debug, Clone, Serialize, specta::Type, Event)]
pub struct LinkChanged {
    /// The account's local id.
    pub account_id: String,
    /// How it stands now.
    pub link: Link,
}

/// What is being fetched changed.
#[derive(Debug, Clone, Serialize, specta::Type, Event)]
pub struct MediaMoved {
    /// All that is being fetched now.
    pub running: Vec<MediaProgress>,
}

/// Files are being dragged over the window, or no more.
#[derive(Debug, Clone, Serialize, specta::Type, Event)]
pub struct FilesOver {
    /// They may be dropped now.
    pub over: bool,
}

/// Files were dropped on the window: they are what the next look at an import is about.
#[derive(Debug, Clone, Serialize, specta::Type, Event)]
pub struct FilesDropped {
    /// How many files, folders and archives.
    pub count: u32,
}

/// Sends an event for each burst of changes, at most ten a second, for as long as the app is open.
pub fn forward(handle: &AppHandle, app: &App) {
    forward_links(handle.clone(), app);
    forward_media(handle.clone(), app);
    let mut changes = app.changes();
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        while let Some(change) = changes.next().await {
            let event = MirrorChanged {
                id: change.id.to_string(),
                chats: change.chats,
                all: change.all,
            };
            if event.emit(&handle).is_err() {
                return; // the window is gone
            }
        }
    });
}

fn forward_media(handle: AppHandle, app: &App) {
    let mut downloads = app.downloads();
    tauri::async_runtime::spawn(async move {
        while let Some(running) = downloads.next().await {
            if (MediaMoved { running }).emit(&handle).is_err() {
                return; // the window is gone
            }
        }
    });
}

fn forward_links(handle: AppHandle, app: &App) {
    let mut links = app.links();
    tauri::async_runtime::spawn(async move {
        while let Some(changes) = links.next().await {
            for change in changes {
                let event = LinkChanged {
                    account_id: change.account_id,
                    link: change.link,
                };
                if event.emit(&handle).is_err() {
                    return; // the window is gone
                }
            }
        }
    });
}
