//! Which conversations a backfill asks for, and what it did.

use rusqlite::params;
use threadkeep_protocol::{BackfillResult, Id, IntegrationId};

use crate::{clock::now, error::StoreError, integration::require, row::id_at, store::Store};

/// A conversation that a backfill may ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    /// Its id.
    pub conversation: Id,
    /// Its address.
    pub external_id: String,
}

impl Store {
    /// The conversations with the newest messages of which older ones may exist, or which have gaps.
    ///
    /// # Errors
    /// When the integration is unknown or the file cannot be read.
    pub async fn backfill_threads(
        &self,
        integration: IntegrationId,
        limit: u32,
    ) -> Result<Vec<Thread>, StoreError> {
        self.read(move |tx| {
            require(tx, integration)?;
            let threads = tx
                .prepare_cached(
                    "SELECT id, external_id FROM conversations
                     WHERE integration_id = ?1 AND merged_into IS NULL AND is_deleted = 0
                       AND is_withdrawn = 0
                       AND last_message_at IS NOT NULL AND (history_complete = 0 OR gaps <> '')
                     ORDER BY last_message_at DESC, pk DESC LIMIT ?2",
                )?
                .query_map((integration, limit), |row| {
                    Ok(Thread {
                        conversation: id_at(row, 0)?,
                        external_id: row.get(1)?,
                    })
                })?
                .collect::<rusqlite::Result<_>>()?;
            Ok(threads)
        })
        .await
    }

    /// Writes down what a backfill did.
    ///
    /// # Errors
    /// When the integration is unknown or the file cannot be written.
    pub async fn note_backfill(
        &self,
        integration: IntegrationId,
        result: BackfillResult,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            require(&tx, integration)?;
            tx.execute(
                "UPDATE integrations SET last_backfill_at = ?2, last_backfill_result = ?3
                 WHERE id = ?1",
                params![integration, now().millis(), serde_json::to_string(&result)?],
            )?;
            Ok(tx.commit()?)
        })
        .await
    }
}
