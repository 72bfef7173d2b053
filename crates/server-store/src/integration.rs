//! The linked accounts.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::de::DeserializeOwned;
use threadkeep_protocol::{Connection as Link, Integration, IntegrationId, Jid, Stream, Timestamp};

use crate::{
    clock::now,
    error::StoreError,
    grant::{Grant, Scope},
    store::Store,
};

/// What an integration is to be.
#[derive(Debug, Clone)]
pub struct NewIntegration {
    /// The platform, such as `whatsapp`.
    pub integration_type: String,
    /// What a person calls it.
    pub display_name: String,
    /// The account's own address, where known: what it sends is one's own.
    pub external_id: Option<String>,
}

impl Store {
    /// Adds an account.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn create_integration(&self, new: NewIntegration) -> Result<Integration, StoreError> {
        self.write(move |tx| {
            let own = new.external_id.map(|own| Jid::new(&own).bare());
            tx.execute(
                "INSERT INTO integrations (integration_type, external_id, display_name, created_at)
                 VALUES (?1, ?2, ?3, ?4)",
                params![
                    new.integration_type,
                    own.filter(|own| !own.is_empty()),
                    new.display_name,
                    now().millis()
                ],
            )?;
            let id = tx.last_insert_rowid();
            for stream in Stream::ALL {
                tx.execute(
                    "INSERT INTO streams (integration_id, stream) VALUES (?1, ?2)",
                    params![id, stream.name()],
                )?;
            }
            let created = require(&tx, id)?;
            tx.commit()?;
            Ok(created)
        })
        .await
    }

    /// The accounts that a token may read, in the order in which they were added.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn integrations(&self, grant: &Grant) -> Result<Vec<Integration>, StoreError> {
        let mut ids = grant.integrations.clone();
        ids.retain(|&id| grant.may(Scope::Read, id));
        ids.sort_unstable();
        self.read(move |tx| {
            ids.into_iter()
                .filter_map(|id| find(tx, id).transpose())
                .collect()
        })
        .await
    }

    /// Keeps the state of whoever feeds an account. Nothing is written where it is that already. Says
    /// whether it is online again after it was away.
    ///
    /// # Errors
    /// When the integration is unknown or the file cannot be written.
    pub async fn set_connection(
        &self,
        id: IntegrationId,
        connection: Link,
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            if require(&tx, id)?.connection == connection {
                return Ok(false);
            }
            let was_away: bool = tx.query_row(
                "UPDATE integrations SET connection = ?2 WHERE id = ?1 RETURNING presence > 0",
                params![id, connection.name()],
                |row| row.get(0),
            )?;
            tx.commit()?;
            Ok(was_away && connection == Link::Connected)
        })
        .await
    }

    /// One account.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn integration(&self, id: IntegrationId) -> Result<Option<Integration>, StoreError> {
        self.read(move |tx| find(tx, id)).await
    }
}

/// The integration, or the error that says there is none.
pub fn require(conn: &Connection, id: IntegrationId) -> Result<Integration, StoreError> {
    find(conn, id)?.ok_or(StoreError::UnknownIntegration(id))
}

pub fn find(conn: &Connection, id: IntegrationId) -> Result<Option<Integration>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT id, integration_type, external_id, display_name, connection,
                    last_history_sync_at, history_sync_count, last_history_sync_result,
                    last_backfill_at, last_backfill_result
             FROM integrations WHERE id = ?1",
        )?
        .query_row([id], from_row)
        .optional()?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Integration> {
    let time = |column| {
        row.get::<_, Option<i64>>(column)
            .map(|millis| millis.map(Timestamp::from_millis))
    };
    Ok(Integration {
        id: row.get(0)?,
        integration_type: row.get(1)?,
        external_id: row.get(2)?,
        display_name: row.get(3)?,
        connection: link(row.get_ref(4)?.as_str()?),
        last_history_sync_at: time(5)?,
        history_sync_count: row.get(6)?,
        last_history_sync_result: json(row, 7)?,
        last_backfill_at: time(8)?,
        last_backfill_result: json(row, 9)?,
    })
}

/// A state that a newer version wrote counts as offline.
pub fn link(name: &str) -> Link {
    name.parse().unwrap_or(Link::Disconnected)
}

/// The last result of something is a courtesy: one that cannot be read back is none.
fn json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    Ok(serde_json::from_str(row.get_ref(column)?.as_str()?).ok())
}
