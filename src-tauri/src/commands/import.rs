//! Bringing in exports and backups. Paths come from the person, by the system's own dialogs or by a drop on the
//! window; the page neither says nor needs any.

use tauri::{AppHandle, ipc::Channel};
use threadkeep_app::view::{
    Import, ImportOptions, ImportPreview, ImportProgress, ImportReport, RunReport,
};

use crate::{Answer, State, chosen};

/// Asks the person for files, or for a folder. Whether they chose anything.
#[tauri::command]
#[specta::specta]
pub async fn import_choose(app: AppHandle, folder: bool) -> Answer<bool> {
    Ok(chosen::choose(&app, folder).await)
}

/// Asks the person for the key file of encrypted files; answers with its name. Nothing where they chose none.
#[tauri::command]
#[specta::specta]
pub async fn import_choose_key(app: AppHandle) -> Answer<Option<String>> {
    Ok(chosen::choose_key(&app).await)
}

/// Reads what was chosen, and says what is in it and what an import would do; nothing is changed.
#[tauri::command]
#[specta::specta]
pub async fn import_look(
    app: AppHandle,
    opened: State<'_>,
    options: ImportOptions,
    on_progress: Channel<ImportProgress>,
) -> Answer<ImportPreview> {
    Ok(opened
        .app()?
        .preview_import(&chosen::given(&app), &options, move |progress| {
            drop(on_progress.send(progress))
        })
        .await?)
}

/// Forgets what was chosen, and ends the look at it.
#[tauri::command]
#[specta::specta]
pub async fn import_leave(app: AppHandle, opened: State<'_>) -> Answer<()> {
    chosen::forget(&app);
    opened.app()?.cancel_preview();
    Ok(())
}

/// Brings in what was chosen; answers when that has ended.
#[tauri::command]
#[specta::specta]
pub async fn import_start(
    app: AppHandle,
    opened: State<'_>,
    options: ImportOptions,
    on_progress: Channel<ImportProgress>,
) -> Answer<ImportReport> {
    // A window that was reloaded hears no more; the import goes on.
    Ok(opened
        .app()?
        .import(&chosen::given(&app), &options, move |progress| {
            drop(on_progress.send(progress))
        })
        .await?)
}

/// Ends the running import; what has come stays, and can be taken back.
#[tauri::command]
#[specta::specta]
pub async fn import_cancel(opened: State<'_>) -> Answer<()> {
    opened.app()?.cancel_sync();
    Ok(())
}

/// The imports of an account, newest first.
#[tauri::command]
#[specta::specta]
pub async fn import_list(opened: State<'_>, account_id: String) -> Answer<Vec<Import>> {
    Ok(opened.app()?.imports(&account_id).await?)
}

/// Takes an import back; answers when what only it brought is gone here too.
#[tauri::command]
#[specta::specta]
pub async fn import_undo(
    opened: State<'_>,
    account_id: String,
    import_id: String,
) -> Answer<RunReport> {
    Ok(opened
        .app()?
        .undo_import(&account_id, &import_id, |_| {})
        .await?)
}
