//! Where an integration's streams stand.

use rusqlite::Connection;
use threadkeep_protocol::{IntegrationId, Seq, Stream, SyncStatus};

use crate::{
    clock::now,
    error::StoreError,
    integration::require,
    store::{Store, read_epoch},
};

impl Store {
    /// The latest seq and the number of rows of each stream, in one snapshot.
    ///
    /// # Errors
    /// When the integration is unknown or the file cannot be read.
    pub async fn status(&self, integration: IntegrationId) -> Result<SyncStatus, StoreError> {
        self.read(move |tx| {
            require(tx, integration)?;
            let mut status = SyncStatus {
                epoch: read_epoch(tx)?,
                server_time: Some(now()),
                ..SyncStatus::default()
            };
            for stream in Stream::ALL {
                let (latest_seq, count) = standing(tx, integration, stream)?;
                status.set(stream, latest_seq, count);
            }
            Ok(status)
        })
        .await
    }
}

/// The kept latest seq and row count of a stream.
pub fn standing(
    conn: &Connection,
    integration: IntegrationId,
    stream: Stream,
) -> rusqlite::Result<(Seq, i64)> {
    conn.prepare_cached(
        "SELECT latest_seq, row_count FROM streams WHERE integration_id = ?1 AND stream = ?2",
    )?
    .query_row((integration, stream.name()), |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}
