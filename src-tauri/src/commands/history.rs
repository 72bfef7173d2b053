//! Older messages of a chat.

use threadkeep_app::{HistoryGoal, view::History};

use crate::{Answer, State};

/// Where the request for older messages of a chat stands.
#[tauri::command]
#[specta::specta]
pub async fn history_get(opened: State<'_>, chat_id: String) -> Answer<History> {
    Ok(opened.app()?.history(&chat_id).await?)
}

/// Brings everything that is older, and goes on where it was stopped; answers when that has ended.
#[tauri::command]
#[specta::specta]
pub async fn history_load(opened: State<'_>, chat_id: String) -> Answer<History> {
    Ok(opened
        .app()?
        .load_history(&chat_id, HistoryGoal::Beginning, true, drop)
        .await?)
}

/// Cancels that; what has come stays.
#[tauri::command]
#[specta::specta]
pub async fn history_cancel(opened: State<'_>, chat_id: String) -> Answer<History> {
    Ok(opened.app()?.cancel_history(&chat_id).await?)
}
