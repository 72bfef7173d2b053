//! Looking for damage, and comparing with the servers.

use tauri::ipc::Channel;
use threadkeep_app::view::{VerifyOptions, VerifyProgress, VerifyReport};

use crate::{Answer, State};

/// Compares one account, or all, with their servers, and mends what differs. `sync_cancel` ends it.
#[tauri::command]
#[specta::specta]
pub async fn verify_start(
    opened: State<'_>,
    account_id: Option<String>,
    options: VerifyOptions,
    on_progress: Channel<VerifyProgress>,
) -> Answer<Vec<VerifyReport>> {
    // A window that was reloaded hears no more; the comparison goes on.
    Ok(opened
        .app()?
        .verify(account_id.as_deref(), options, move |progress| {
            drop(on_progress.send(progress))
        })
        .await?)
}
