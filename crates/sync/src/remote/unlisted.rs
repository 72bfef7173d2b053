//! Accounts of a server of the first design, which lists none: one is there if its pages are.

use threadkeep_protocol::{Connection, Conversation, Integration, IntegrationId, Page, Stream};

use super::Remote;
use crate::SyncError;

/// What the first design was made for, where not even a conversation tells.
const FIRST_PLATFORM: &str = "whatsapp";

impl Remote {
    /// The account of this number, as far as a server tells that lists none.
    ///
    /// # Errors
    /// When there is none, or it cannot be read with this token.
    pub async fn unlisted(&self, id: IntegrationId) -> Result<Integration, SyncError> {
        let body = self.page(Stream::Conversations, id, 0, 1).await?;
        let page: Page<Conversation> = serde_json::from_slice(&body)
            .map_err(|source| self.misshapen("a page of conversations", source))?;
        let platform = page.rows.into_iter().next().map(|row| row.integration_type);
        Ok(Integration {
            id,
            integration_type: platform
                .filter(|platform| !platform.is_empty())
                .unwrap_or_else(|| FIRST_PLATFORM.to_owned()),
            external_id: None,
            display_name: format!("Account {id}"),
            connection: Connection::default(),
            last_history_sync_at: None,
            history_sync_count: 0,
            last_history_sync_result: None,
            last_backfill_at: None,
            last_backfill_result: None,
        })
    }
}
