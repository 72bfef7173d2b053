//! What of an account is kept on this computer.

use threadkeep_app::view::{SelectionAsked, SelectionPlan, SelectionView};

use crate::{Answer, State};

/// What is kept of an account.
#[tauri::command]
#[specta::specta]
pub async fn selection_get(opened: State<'_>, account_id: String) -> Answer<SelectionView> {
    Ok(opened.app()?.selection(&account_id).await?)
}

/// What it would free and fetch to keep this; nothing is changed.
#[tauri::command]
#[specta::specta]
pub async fn selection_plan(
    opened: State<'_>,
    account_id: String,
    asked: SelectionAsked,
) -> Answer<SelectionPlan> {
    Ok(opened.app()?.plan_selection(&account_id, asked).await?)
}

/// Keeps this from now on. Refused with `would_free` where something would go and nobody has said that
/// it may.
#[tauri::command]
#[specta::specta]
pub async fn selection_set(
    opened: State<'_>,
    account_id: String,
    asked: SelectionAsked,
    may_free: bool,
) -> Answer<SelectionView> {
    Ok(opened.app()?.select(&account_id, asked, may_free).await?)
}
