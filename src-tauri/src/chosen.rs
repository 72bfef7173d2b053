//! What is to be imported: a person chooses it in the system's own dialog or drops it on the window. The paths stay
//! here: a page that could name any would be a page that could read any.

use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tauri::{AppHandle, DragDropEvent, Manager, Window, WindowEvent};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder};
use tauri_specta::Event;
use threadkeep_app::ImportGiven;

use crate::{
    events::{FilesDropped, FilesOver},
    window,
};

/// What was chosen last.
#[derive(Debug)]
pub struct Chosen {
    given: Mutex<ImportGiven>,
    /// What is chosen without asking, where the command line names it (`--import-from`).
    unasked: Vec<PathBuf>,
}

impl Chosen {
    pub fn new(unasked: Vec<PathBuf>) -> Self {
        Self {
            given: Mutex::default(),
            unasked,
        }
    }

    fn given(&self) -> MutexGuard<'_, ImportGiven> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, paths: Vec<PathBuf>) {
        *self.given() = ImportGiven {
            paths,
            key_file: None,
        };
    }
}

/// What was chosen last.
pub fn given(handle: &AppHandle) -> ImportGiven {
    handle.state::<Chosen>().given().clone()
}

/// Nothing is chosen any more.
pub fn forget(handle: &AppHandle) {
    handle.state::<Chosen>().set(Vec::new());
}

/// Asks for files, or for a folder. Whether something was chosen.
pub async fn choose(handle: &AppHandle, folder: bool) -> bool {
    let chosen = handle.state::<Chosen>();
    if !chosen.unasked.is_empty() {
        chosen.set(chosen.unasked.clone());
        return true;
    }
    let dialog = dialog(handle);
    let asked = tauri::async_runtime::spawn_blocking(move || {
        if folder {
            dialog.blocking_pick_folders()
        } else {
            dialog.blocking_pick_files()
        }
    });
    let Ok(Some(paths)) = asked.await else {
        return false;
    };
    let paths: Vec<PathBuf> = paths
        .into_iter()
        .filter_map(|path| path.into_path().ok())
        .collect();
    let is_something = !paths.is_empty();
    if is_something {
        chosen.set(paths);
    }
    is_something
}

/// Asks for a key file; its name.
pub async fn choose_key(handle: &AppHandle) -> Option<String> {
    let dialog = dialog(handle);
    let asked = tauri::async_runtime::spawn_blocking(move || dialog.blocking_pick_file());
    let path = asked.await.ok()??.into_path().ok()?;
    let name = path.file_name()?.to_string_lossy().into_owned();
    handle.state::<Chosen>().given().key_file = Some(path);
    Some(name)
}

fn dialog(handle: &AppHandle) -> FileDialogBuilder<tauri::Wry> {
    let dialog = handle.dialog().file();
    match handle.get_webview_window(window::LABEL) {
        Some(window) => dialog.set_parent(&window),
        None => dialog,
    }
}

/// Files that are dragged over the window and dropped on it.
pub fn dropped(window: &Window, event: &WindowEvent) {
    let WindowEvent::DragDrop(event) = event else {
        return;
    };
    let handle = window.app_handle();
    // A page that is being loaded anew hears nothing, and shows nothing of it.
    match event {
        DragDropEvent::Enter { paths, .. } if !paths.is_empty() => {
            _ = FilesOver { over: true }.emit(handle);
        }
        DragDropEvent::Leave => _ = FilesOver { over: false }.emit(handle),
        DragDropEvent::Drop { paths, .. } => {
            _ = FilesOver { over: false }.emit(handle);
            if !paths.is_empty() {
                let count = u32::try_from(paths.len()).unwrap_or(u32::MAX);
                handle.state::<Chosen>().set(paths.clone());
                _ = FilesDropped { count }.emit(handle);
            }
        }
        _ => {}
    }
}
