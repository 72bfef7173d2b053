//! What a chat is beside its messages.

use threadkeep_app::view::{ChatDetails, GalleryKind, GalleryPage};

use crate::{Answer, State};

/// A chat beside its messages.
#[tauri::command]
#[specta::specta]
pub async fn chat_details(opened: State<'_>, id: String) -> Answer<ChatDetails> {
    Ok(opened.app()?.chat_details(&id).await?)
}

/// Pictures, recordings, links or files of a chat, the newest first.
#[tauri::command]
#[specta::specta]
pub async fn gallery_list(
    opened: State<'_>,
    chat_id: String,
    kind: GalleryKind,
    place: Option<String>,
    limit: u32,
) -> Answer<GalleryPage> {
    Ok(opened.app()?.gallery(&chat_id, kind, place, limit).await?)
}
