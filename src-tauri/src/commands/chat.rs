//! Reading.

use threadkeep_app::view::{
    Anchor, Chat, ChatChoice, ChatPage, ChatQuery, MessageDetails, MessagePage, MessageSource,
    Stretches,
};

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

/// Chooses something for a chat on this computer alone.
#[tauri::command]
#[specta::specta]
pub async fn chat_choose(opened: State<'_>, id: String, choice: ChatChoice) -> Answer<Chat> {
    Ok(opened.app()?.choose_for_chat(&id, choice).await?)
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

/// Whether something was said in each stretch of time.
#[tauri::command]
#[specta::specta]
pub async fn chat_activity(
    opened: State<'_>,
    chat_id: String,
    stretches: Stretches,
) -> Answer<Vec<bool>> {
    Ok(opened.app()?.chat_activity(&chat_id, stretches).await?)
}

/// All about one message.
#[tauri::command]
#[specta::specta]
pub async fn message_details(
    opened: State<'_>,
    chat_id: String,
    id: String,
) -> Answer<MessageDetails> {
    Ok(opened.app()?.message_details(&chat_id, &id).await?)
}

/// By whom a message is known; its server is asked.
#[tauri::command]
#[specta::specta]
pub async fn message_sources(
    opened: State<'_>,
    chat_id: String,
    id: String,
) -> Answer<Vec<MessageSource>> {
    Ok(opened.app()?.message_sources(&chat_id, &id).await?)
}
