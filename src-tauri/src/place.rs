//! Where an export or a saved file goes: the person says it in the system's own dialog, before anything is
//! written.

use std::path::PathBuf;

use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder};
use threadkeep_app::{
    App, Error,
    view::{ExportPlan, ExportQuery},
};

use crate::window;

/// A folder that exports go to without asking, where the command line names one (`--export-to`).
#[derive(Debug)]
pub struct ExportFolder(pub Option<PathBuf>);

/// The file or folder to make; nothing where the person chose none.
pub async fn choose(
    handle: &AppHandle,
    app: &App,
    query: &ExportQuery,
) -> Result<Option<PathBuf>, Error> {
    if let Some(folder) = &handle.state::<ExportFolder>().0 {
        return Ok(Some(app.export_place(query, folder).await?));
    }
    let plan = app.plan_export(query).await?;
    let is_folder = plan.is_folder;
    let dialog = dialog(handle, &plan);
    let chosen = tauri::async_runtime::spawn_blocking(move || {
        let chosen = if is_folder {
            dialog.blocking_pick_folder()
        } else {
            dialog.blocking_save_file()
        };
        chosen.and_then(|path| path.into_path().ok())
    });
    let Ok(Some(path)) = chosen.await else {
        return Ok(None);
    };
    // A folder was chosen to make it in; a file was named, and the dialog has asked whether to replace it.
    Ok(Some(if is_folder {
        app.export_place(query, &path).await?
    } else {
        path
    }))
}

/// The file to save a message's file as; nothing where the person chose none.
pub async fn choose_for_media(
    handle: &AppHandle,
    app: &App,
    id: &str,
) -> Result<Option<PathBuf>, Error> {
    let name = app.media_name(id).await?;
    if let Some(folder) = &handle.state::<ExportFolder>().0 {
        return Ok(Some(folder.join(name)));
    }
    let dialog = named(over_the_window(handle, handle.path().download_dir()), &name);
    let chosen = tauri::async_runtime::spawn_blocking(move || {
        let chosen = dialog.blocking_save_file();
        chosen.and_then(|path| path.into_path().ok())
    });
    Ok(chosen.await.ok().flatten())
}

fn dialog(handle: &AppHandle, plan: &ExportPlan) -> FileDialogBuilder<tauri::Wry> {
    let dialog = over_the_window(handle, handle.path().document_dir());
    if plan.is_folder {
        return dialog;
    }
    named(dialog, &plan.name)
}

fn over_the_window(
    handle: &AppHandle,
    folder: tauri::Result<PathBuf>,
) -> FileDialogBuilder<tauri::Wry> {
    let mut dialog = handle.dialog().file();
    if let Some(window) = handle.get_webview_window(window::LABEL) {
        dialog = dialog.set_parent(&window);
    }
    match folder {
        Ok(folder) => dialog.set_directory(folder),
        Err(_) => dialog,
    }
}

fn named(dialog: FileDialogBuilder<tauri::Wry>, name: &str) -> FileDialogBuilder<tauri::Wry> {
    match name.rsplit_once('.') {
        Some((_, extension)) => dialog
            .set_file_name(name)
            .add_filter(extension.to_uppercase(), &[extension]),
        None => dialog.set_file_name(name),
    }
}

/// What was exported last.
pub fn last(app: &App) -> Result<PathBuf, Error> {
    app.last_export().ok_or(Error::NotOpened)
}

/// What a person would open of it: in a folder of pages the list of them.
pub fn first_page(app: &App) -> Result<PathBuf, Error> {
    let last = last(app)?;
    let index = last.join("index.html");
    Ok(if index.is_file() { index } else { last })
}
