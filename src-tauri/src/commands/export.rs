//! Taking a copy out. Paths come from the person, through the system's own dialogs; the window neither
//! says nor needs any.

use tauri::{AppHandle, ipc::Channel};
use tauri_plugin_opener::OpenerExt;
use threadkeep_app::{
    Error,
    view::{ExportPlan, ExportProgress, ExportQuery, ExportReport},
};

use crate::{Answer, State, place};

/// What an export will be; nothing is written.
#[tauri::command]
#[specta::specta]
pub async fn export_plan(opened: State<'_>, query: ExportQuery) -> Answer<ExportPlan> {
    Ok(opened.app()?.plan_export(&query).await?)
}

/// Asks the person where to, and writes; answers when that has ended. Nothing where they chose no place.
#[tauri::command]
#[specta::specta]
pub async fn export_start(
    app: AppHandle,
    opened: State<'_>,
    query: ExportQuery,
    on_progress: Channel<ExportProgress>,
) -> Answer<Option<ExportReport>> {
    Ok(match place::choose(&app, opened.app()?, &query).await? {
        // A window that was reloaded hears no more; the export goes on.
        Some(to) => Some(
            opened
                .app()?
                .export(query, &to, move |progress| drop(on_progress.send(progress)))
                .await?,
        ),
        None => None,
    })
}

/// Ends the running export; nothing of it stays.
#[tauri::command]
#[specta::specta]
pub async fn export_cancel(opened: State<'_>) -> Answer<()> {
    opened.app()?.cancel_export();
    Ok(())
}

/// Shows what was exported last in the file manager.
#[tauri::command]
#[specta::specta]
pub async fn export_show(app: AppHandle, opened: State<'_>) -> Answer<()> {
    Ok(app
        .opener()
        .reveal_item_in_dir(place::last(opened.app()?)?)
        .map_err(|_| Error::NotOpened)?)
}

/// Opens what was exported last: pages in the browser, anything else in the program for it.
#[tauri::command]
#[specta::specta]
pub async fn export_open(app: AppHandle, opened: State<'_>) -> Answer<()> {
    Ok(app
        .opener()
        .open_path(
            place::first_page(opened.app()?)?.display().to_string(),
            None::<&str>,
        )
        .map_err(|_| Error::NotOpened)?)
}
