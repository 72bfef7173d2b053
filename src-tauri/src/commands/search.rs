//! Finding.

use threadkeep_app::view::{NamesFound, QuickFound, SearchByChat, SearchPage, SearchQuery};

use crate::{Answer, State};

/// Messages. A later search takes the place of one that still runs (`search_superseded`).
#[tauri::command]
#[specta::specta]
pub async fn search_messages(opened: State<'_>, query: SearchQuery) -> Answer<SearchPage> {
    Ok(opened.app()?.search(query).await?)
}

/// How many messages each chat has of it, with the newest of them. It takes a search's place, as one does.
#[tauri::command]
#[specta::specta]
pub async fn search_by_chat(opened: State<'_>, query: SearchQuery) -> Answer<SearchByChat> {
    Ok(opened.app()?.search_by_chat(query).await?)
}

/// Chats, people and messages for a few letters.
#[tauri::command]
#[specta::specta]
pub async fn search_quick(opened: State<'_>, text: String) -> Answer<QuickFound> {
    Ok(opened.app()?.search_quick(&text).await?)
}

/// Chats and people by name, for a filter.
#[tauri::command]
#[specta::specta]
pub async fn search_names(opened: State<'_>, text: String) -> Answer<NamesFound> {
    Ok(opened.app()?.search_names(&text).await?)
}

/// Begins to make the search index anew.
#[tauri::command]
#[specta::specta]
pub async fn search_rebuild(opened: State<'_>) -> Answer<()> {
    Ok(opened.app()?.index_rebuild().await?)
}
