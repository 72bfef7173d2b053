//! People.

use threadkeep_app::view::{Contact, ContactPage, ContactQuery, Written};

use crate::{Answer, State};

/// Some people, by name.
#[tauri::command]
#[specta::specta]
pub async fn contact_list(opened: State<'_>, query: ContactQuery) -> Answer<ContactPage> {
    Ok(opened.app()?.contacts(query).await?)
}

/// All that is known of a person.
#[tauri::command]
#[specta::specta]
pub async fn contact_get(opened: State<'_>, id: String) -> Answer<Contact> {
    Ok(opened.app()?.contact(&id).await?)
}

/// How much a person wrote, and when last.
#[tauri::command]
#[specta::specta]
pub async fn contact_written(opened: State<'_>, id: String) -> Answer<Written> {
    Ok(opened.app()?.contact_written(&id).await?)
}
