//! The app as a whole.

use tauri_plugin_opener::OpenerExt;
use threadkeep_app::{Error, view::AppState};

use crate::{Answer, State, link};

/// How the app stands.
#[tauri::command]
#[specta::specta]
pub async fn app_state(opened: State<'_>) -> Answer<AppState> {
    Ok(opened.app()?.state().await?)
}

/// Shows the data folder in the file manager.
#[tauri::command]
#[specta::specta]
pub async fn data_folder_show(app: tauri::AppHandle, opened: State<'_>) -> Answer<()> {
    let folder = opened.app()?.home().path().display().to_string();
    Ok(app
        .opener()
        .open_path(folder, None::<&str>)
        .map_err(|_| Error::NotOpened)?)
}

/// Opens a link of a message in the person's browser.
#[tauri::command]
#[specta::specta]
pub async fn link_open(app: tauri::AppHandle, url: String) -> Answer<()> {
    Ok(app
        .opener()
        .open_url(link::checked(&url)?, None::<&str>)
        .map_err(|_| Error::NotOpened)?)
}

/// Scales the page: 1 is its usual size, a half and three times are the ends.
#[tauri::command]
#[specta::specta]
pub async fn zoom_set(window: tauri::WebviewWindow, factor: f64) -> Answer<()> {
    Ok(window.set_zoom(factor.clamp(0.5, 3.0))?)
}
