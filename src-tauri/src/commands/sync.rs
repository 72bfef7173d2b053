//! Syncing, and what it brought.

use tauri::ipc::Channel;
use threadkeep_app::view::{Run, RunReport, Stats, SyncProgress, SyncSettings};

use crate::{Answer, State};

/// Brings one account, or all, up to date.
#[tauri::command]
#[specta::specta]
pub async fn sync_start(
    opened: State<'_>,
    account_id: Option<String>,
    on_progress: Channel<SyncProgress>,
) -> Answer<Vec<RunReport>> {
    // A window that was reloaded hears no more; the sync goes on.
    Ok(opened
        .app()?
        .sync(account_id.as_deref(), move |progress| {
            drop(on_progress.send(progress))
        })
        .await?)
}

/// Ends the running sync; what is committed stays.
#[tauri::command]
#[specta::specta]
pub async fn sync_cancel(opened: State<'_>) -> Answer<()> {
    opened.app()?.cancel_sync();
    Ok(())
}

/// How a sync goes about its work.
#[tauri::command]
#[specta::specta]
pub async fn sync_settings_read(opened: State<'_>) -> Answer<SyncSettings> {
    Ok(opened.app()?.sync_settings().await?)
}

/// Chooses how a sync goes about its work; what is kept comes back.
#[tauri::command]
#[specta::specta]
pub async fn sync_settings_write(
    opened: State<'_>,
    settings: SyncSettings,
) -> Answer<SyncSettings> {
    Ok(opened.app()?.set_sync_settings(settings).await?)
}

/// Keeps accounts current by themselves from now on, or no more.
#[tauri::command]
#[specta::specta]
pub async fn following_set(opened: State<'_>, on: bool) -> Answer<()> {
    Ok(opened.app()?.set_following(on).await?)
}

/// The last runs, newest first.
#[tauri::command]
#[specta::specta]
pub async fn run_list(opened: State<'_>, limit: u32) -> Answer<Vec<Run>> {
    Ok(opened.app()?.runs(limit).await?)
}

/// Counts, sizes and places.
#[tauri::command]
#[specta::specta]
pub async fn stats_read(opened: State<'_>) -> Answer<Stats> {
    Ok(opened.app()?.stats().await?)
}
