//! The accounts at one look, for whoever runs the server.

use threadkeep_protocol::{Dashboard, DashboardAccount, Stream};

use crate::{
    error::StoreError,
    grant::{Grant, Scope},
    integration::find,
    status::standing,
    store::Store,
};

impl Store {
    /// How the accounts stand that a token may read, in the order in which they were added.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn dashboard(&self, grant: &Grant) -> Result<Dashboard, StoreError> {
        let mut ids = grant.integrations.clone();
        ids.retain(|&id| grant.may(Scope::Read, id));
        ids.sort_unstable();
        self.read(move |tx| {
            let mut accounts = Vec::new();
            for id in ids {
                let Some(known) = find(tx, id)? else { continue };
                let (_, thread_count) = standing(tx, id, Stream::Conversations)?;
                let (_, message_count) = standing(tx, id, Stream::Messages)?;
                accounts.push(DashboardAccount {
                    account_id: known.id,
                    integration_type: known.integration_type,
                    display_name: known.display_name,
                    connection: known.connection,
                    thread_count,
                    message_count,
                    last_history_sync_at: known.last_history_sync_at,
                    history_sync_count: known.history_sync_count,
                    last_history_sync_result: known.last_history_sync_result,
                    last_backfill_at: known.last_backfill_at,
                    last_backfill_result: known.last_backfill_result,
                });
            }
            Ok(Dashboard { accounts })
        })
        .await
    }
}
