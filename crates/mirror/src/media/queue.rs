//! Which files to fetch next.

use rusqlite::Connection;
use threadkeep_protocol::Id;

use crate::{Error, IntegrationPk, MediaPk, Mirror, row::bytes_id};

/// A file to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// Which.
    pub pk: MediaPk,
    /// Whose.
    pub integration: IntegrationPk,
    /// Its name on the server.
    pub id: Id,
    /// Of its bytes, in hex.
    pub sha256: String,
    /// In bytes; 0 where unknown.
    pub file_size: i64,
    /// How often fetching it has failed.
    pub attempts: u32,
    /// A person asked for it.
    pub is_wanted: bool,
}

const QUEUED: &str = "d.pk, d.integration_pk, d.id, d.sha256, d.file_size, d.attempts, \
     d.local_state = 1";

impl Mirror {
    /// Files that a person asked for, and those that failed and are due, newest first.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn wanted_media(&self, now: i64, limit: u32) -> Result<Vec<Queued>, Error> {
        self.read(move |conn| {
            let sql = format!(
                "SELECT {QUEUED} FROM media AS d JOIN messages AS m ON m.pk = d.message_pk \
                 JOIN integrations AS i ON i.pk = d.integration_pk \
                 WHERE d.local_state IN (1, 3) AND d.retry_at <= ?1 AND d.has_content = 1 \
                    AND i.removing = 0 AND m.flags & 8 = 0 \
                 ORDER BY d.local_state, m.timestamp DESC, m.pk DESC LIMIT ?2"
            );
            queued(conn, &sql, (now, limit))
        })
        .await
    }

    /// Files that nobody asked for, of at most so many bytes, newest first.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn absent_media(&self, largest: i64, limit: u32) -> Result<Vec<Queued>, Error> {
        self.read(move |conn| {
            let sql = format!(
                "SELECT {QUEUED} FROM media AS d INDEXED BY media_absent \
                 JOIN messages AS m ON m.pk = d.message_pk \
                 JOIN integrations AS i ON i.pk = d.integration_pk \
                 WHERE d.local_state = 0 AND d.has_content = 1 AND d.file_size <= ?1 \
                    AND length(d.sha256) = 64 AND i.removing = 0 AND m.flags & 8 = 0 \
                 ORDER BY m.timestamp DESC, m.pk DESC LIMIT ?2"
            );
            queued(conn, &sql, (largest, limit))
        })
        .await
    }

    /// When the next file that failed is due; none where none is.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn next_retry(&self) -> Result<Option<i64>, Error> {
        self.read(|conn| {
            Ok(conn
                .prepare_cached("SELECT min(retry_at) FROM media WHERE local_state = 3")?
                .query_row([], |row| row.get(0))?)
        })
        .await
    }
}

fn queued(
    conn: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<Queued>, Error> {
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params, |row| {
        Ok(Queued {
            pk: row.get(0)?,
            integration: row.get(1)?,
            id: bytes_id(row.get(2)?),
            sha256: row.get(3)?,
            file_size: row.get(4)?,
            attempts: row.get(5)?,
            is_wanted: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
