//! Where each stream's pull stands.

use rusqlite::Connection;
use serde::Serialize;
use threadkeep_protocol::{Seq, Stream};

use crate::{ChangeKind, Error, IntegrationPk, Mirror, row, writing::Writing};

/// Where one stream's pull stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct SyncState {
    /// The seq of the last row that was applied.
    pub last_seq: Seq,
    /// How many rows have come, replays included.
    pub rows_pulled: u64,
    /// How many rows the mirror holds.
    pub rows: u64,
    /// When a page was last applied, in milliseconds; 0 for never.
    pub last_sync_at: i64,
}

/// Where the pull of an integration stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct SyncStates {
    /// The server's history that the cursors belong to; empty before the first page and for servers
    /// that tell none.
    pub epoch: String,
    pub(crate) streams: [SyncState; 6],
}

impl SyncStates {
    /// One stream's state.
    #[must_use]
    pub const fn of(&self, stream: Stream) -> &SyncState {
        &self.streams[stream as usize]
    }

    /// All six, in pull order.
    pub fn iter(&self) -> impl Iterator<Item = (Stream, &SyncState)> {
        Stream::ALL.into_iter().zip(&self.streams)
    }
}

impl Mirror {
    /// Where the pull of an integration stands.
    ///
    /// # Errors
    /// When there is no such integration or the mirror cannot be read.
    pub async fn sync_states(&self, pk: IntegrationPk) -> Result<SyncStates, Error> {
        self.read(move |conn| states(conn, pk)).await
    }

    /// Takes up another history of the server: all cursors start at 0 and the rows stay. From then on
    /// any row of the new history replaces what an older one left, whatever its seq. Doing it again
    /// with the same epoch changes nothing.
    ///
    /// # Errors
    /// When there is no such integration or the mirror cannot be written.
    pub async fn restart_cursors(&self, pk: IntegrationPk, epoch: String) -> Result<(), Error> {
        self.write(move |writing| restart(writing, pk, &epoch))
            .await
    }
}

pub(crate) fn states(conn: &Connection, pk: IntegrationPk) -> Result<SyncStates, Error> {
    let mut states = SyncStates::default();
    let mut select = conn.prepare_cached(
        "SELECT s.stream, s.epoch, s.last_seq, s.rows_pulled, s.row_count, s.last_sync_at \
         FROM sync_state AS s JOIN integrations AS i ON i.pk = s.integration_pk \
         WHERE s.integration_pk = ?1 AND i.removing = 0",
    )?;
    let mut rows = select.query([pk])?;
    let mut is_known = false;
    while let Some(row) = rows.next()? {
        is_known = true;
        // A stream of a newer version is none of ours.
        let Ok(stream) = row.get::<_, String>(0)?.parse::<Stream>() else {
            continue;
        };
        states.epoch = row.get(1)?;
        states.streams[stream as usize] = SyncState {
            last_seq: row.get(2)?,
            rows_pulled: row::unsigned(row.get(3)?),
            rows: row::unsigned(row.get(4)?),
            last_sync_at: row.get(5)?,
        };
    }
    if is_known {
        Ok(states)
    } else {
        Err(Error::NoIntegration(pk))
    }
}

fn restart(writing: &mut Writing<'_>, pk: IntegrationPk, epoch: &str) -> Result<(), Error> {
    let conn = writing.conn;
    if states(conn, pk)?.epoch == epoch {
        return Ok(());
    }
    conn.prepare_cached(
        "UPDATE sync_state SET last_seq = 0, epoch = ?2 WHERE integration_pk = ?1",
    )?
    .execute((pk, epoch))?;
    conn.prepare_cached("UPDATE integrations SET generation = generation + 1 WHERE pk = ?1")?
        .execute([pk])?;
    // It remembers the generation.
    writing.forget(pk);
    writing.change(ChangeKind::SyncState, pk.0);
    Ok(())
}

#[cfg(test)]
mod tests;
