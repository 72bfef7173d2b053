//! Reading.

use threadkeep_app::view::{Anchor, Chat, ChatPage, ChatQuery, MessagePage};

use crate::{Answer, State};

/// Some chats.
#[tauri::command]
#[specta::specta]
pub async fn chat_list(opened: State<'_>, query: ChatQuery) -> Answer<ChatPage> {
    Ok(opened.app()?.chats(query).await?)
}

/// One chat.
#[tauri::command]
#[specta::specta]
pub async fn chat_get(opened: State<'_>, id: String) -> Answer<Chat> {
    Ok(opened.app()?.chat(&id).await?)
}

/// Some messages of a chat.
#[tauri::command]
#[specta::specta]
pub async fn message_list(
    opened: State<'_>,
    chat_id: String,
    anchor: Anchor,
    limit: u32,
) -> Answer<MessagePage> {
    Ok(opened.app()?.messages(&chat_id, anchor, limit).await?)
}
