//! Taking an account away, whole.
//!
//! A row is never deleted for as long as its account is there, since a client would not learn of it.
//! With the account gone, every client that asks is told 404.

use rusqlite::params;
use threadkeep_protocol::{Integration, IntegrationId};

use crate::{error::StoreError, integration::require, store::Store};

/// Children before their parents, so that no row points at nothing on the way.
const TABLES: [&str; 22] = [
    "DELETE FROM import_changes WHERE import_id IN (SELECT id FROM imports WHERE integration_id = ?1)",
    "DELETE FROM row_sources WHERE source IN (SELECT id FROM imports WHERE integration_id = ?1)",
    "DELETE FROM loose_names WHERE conversation_pk IN
        (SELECT pk FROM conversations WHERE integration_id = ?1)",
    "DELETE FROM message_aliases WHERE conversation_pk IN
        (SELECT pk FROM conversations WHERE integration_id = ?1)",
    "DELETE FROM tellings WHERE message_pk IN (SELECT pk FROM messages WHERE integration_id = ?1)",
    "DELETE FROM imports WHERE integration_id = ?1",
    "DELETE FROM views WHERE integration_id = ?1",
    "DELETE FROM hidden_senders WHERE integration_id = ?1",
    "DELETE FROM pending WHERE integration_id = ?1",
    "DELETE FROM history_steps WHERE integration_id = ?1",
    "DELETE FROM history_checkpoints WHERE integration_id = ?1",
    "DELETE FROM coverage WHERE conversation_pk IN
        (SELECT pk FROM conversations WHERE integration_id = ?1)",
    "DELETE FROM receipts WHERE integration_id = ?1",
    "DELETE FROM media WHERE integration_id = ?1",
    "DELETE FROM participants WHERE integration_id = ?1",
    "DELETE FROM messages WHERE integration_id = ?1",
    "DELETE FROM contacts WHERE integration_id = ?1",
    "DELETE FROM conversations WHERE integration_id = ?1",
    "DELETE FROM addresses WHERE integration_id = ?1",
    "DELETE FROM seq_buckets WHERE integration_id = ?1",
    "DELETE FROM streams WHERE integration_id = ?1",
    "DELETE FROM token_integrations WHERE integration_id = ?1",
];

impl Store {
    /// All accounts, in the order in which they were added, for whoever owns the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn all_integrations(&self) -> Result<Vec<Integration>, StoreError> {
        self.read(|tx| {
            let mut ids = tx.prepare_cached("SELECT id FROM integrations ORDER BY id")?;
            let ids: Vec<IntegrationId> = ids
                .query_map((), |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            ids.into_iter().map(|id| require(tx, id)).collect()
        })
        .await
    }

    /// Deletes an account and everything it has. Asked again, there is nothing left to do.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn remove_integration(&self, id: IntegrationId) -> Result<(), StoreError> {
        self.write(move |tx| {
            for sql in TABLES {
                tx.execute(sql, params![id])?;
            }
            tx.execute("DELETE FROM integrations WHERE id = ?1", params![id])?;
            Ok(tx.commit()?)
        })
        .await
    }
}
