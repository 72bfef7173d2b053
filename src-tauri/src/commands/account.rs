//! Accounts: made, connected, removed.

use threadkeep_app::view::Account;

use crate::{Answer, State};

/// Makes an account that the server inside the app keeps.
#[tauri::command]
#[specta::specta]
pub async fn account_use_this_computer(opened: State<'_>) -> Answer<Account> {
    Ok(opened.app()?.use_this_computer().await?)
}

/// Tests an address and a token, and adds the accounts that they open.
#[tauri::command]
#[specta::specta]
pub async fn account_connect(
    opened: State<'_>,
    address: String,
    token: String,
) -> Answer<Vec<Account>> {
    Ok(opened.app()?.connect(&address, &token, &[]).await?.accounts)
}

/// Removes an account and what is here of it; its server keeps everything.
#[tauri::command]
#[specta::specta]
pub async fn account_remove(opened: State<'_>, account_id: String) -> Answer<()> {
    Ok(opened.app()?.remove_account(&account_id).await?)
}

/// Makes the sample archive.
#[tauri::command]
#[specta::specta]
pub async fn sample_add(opened: State<'_>) -> Answer<Account> {
    Ok(opened.app()?.add_sample().await?)
}

/// Removes the sample archive, here and on the server inside the app.
#[tauri::command]
#[specta::specta]
pub async fn sample_remove(opened: State<'_>) -> Answer<()> {
    Ok(opened.app()?.remove_sample().await?)
}
