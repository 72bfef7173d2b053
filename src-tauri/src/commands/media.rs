//! Files that came with messages.

use tauri_plugin_opener::OpenerExt;
use threadkeep_app::{
    Error,
    view::{MediaSettings, PicturesBeside},
};

use crate::{Answer, State, place};

/// Asks for a file; it comes before all that nobody asked for.
#[tauri::command]
#[specta::specta]
pub async fn media_want(opened: State<'_>, id: String) -> Answer<()> {
    Ok(opened.app()?.want_media(&id).await?)
}

/// Somebody looks at a file: if it comes by itself, it comes before those that nobody looks at.
#[tauri::command]
#[specta::specta]
pub async fn media_look(opened: State<'_>, id: String) -> Answer<()> {
    Ok(opened.app()?.look_at_media(&id).await?)
}

/// Takes back that a file was asked for, and stops its coming.
#[tauri::command]
#[specta::specta]
pub async fn media_leave(opened: State<'_>, id: String) -> Answer<()> {
    Ok(opened.app()?.leave_media(&id).await?)
}

/// Opens a copy of a file in the desktop's own program for it. What could run is refused.
#[tauri::command]
#[specta::specta]
pub async fn media_open(app: tauri::AppHandle, opened: State<'_>, id: String) -> Answer<()> {
    let copy = opened.app()?.openable_media(&id).await?;
    Ok(app
        .opener()
        .open_path(copy.display().to_string(), None::<&str>)
        .map_err(|_| Error::NotOpened)?)
}

/// Asks the person where to, and saves a file there; answers where. Nothing where they chose no place.
#[tauri::command]
#[specta::specta]
pub async fn media_save(
    app: tauri::AppHandle,
    opened: State<'_>,
    id: String,
) -> Answer<Option<String>> {
    Ok(
        match place::choose_for_media(&app, opened.app()?, &id).await? {
            Some(to) => Some(
                opened
                    .app()?
                    .save_media_as(&id, &to)
                    .await?
                    .display()
                    .to_string(),
            ),
            None => None,
        },
    )
}

/// Shows the file that was saved last in the file manager.
#[tauri::command]
#[specta::specta]
pub async fn media_reveal(app: tauri::AppHandle, opened: State<'_>) -> Answer<()> {
    let last = opened.app()?.last_saved_media().ok_or(Error::NotOpened)?;
    Ok(app
        .opener()
        .reveal_item_in_dir(last)
        .map_err(|_| Error::NotOpened)?)
}

/// The pictures and films before and after one, in its chat.
#[tauri::command]
#[specta::specta]
pub async fn media_beside(opened: State<'_>, id: String) -> Answer<PicturesBeside> {
    Ok(opened.app()?.pictures_beside(&id).await?)
}

/// Which files come without being asked for.
#[tauri::command]
#[specta::specta]
pub async fn media_settings_read(opened: State<'_>) -> Answer<MediaSettings> {
    Ok(opened.app()?.media_settings().await?)
}

/// Chooses which files come without being asked for; what is kept comes back.
#[tauri::command]
#[specta::specta]
pub async fn media_settings_write(
    opened: State<'_>,
    settings: MediaSettings,
) -> Answer<MediaSettings> {
    Ok(opened.app()?.set_media_settings(settings).await?)
}
