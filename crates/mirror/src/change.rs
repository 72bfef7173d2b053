//! What transactions touched, so that a window refreshes that and never polls tables.

use std::collections::BTreeSet;

use rusqlite::Connection;
use serde::Serialize;

use crate::{Error, Mirror};

/// So many are kept. Who was away longer refreshes everything.
const KEPT: i64 = 10_000;

/// What kind of thing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// An account was added, renamed or removed; `pk` is its.
    Integration,
    /// A chat, or a message in it; `pk` is the chat's.
    Conversation,
    /// So many chats of an account that they are not named; `pk` is the account's.
    Conversations,
    /// People of an account, and so the names of chats and senders; `pk` is the account's.
    Contacts,
    /// Cursors and counts of an account; `pk` is the account's.
    SyncState,
    /// A run began or ended; `pk` is its.
    Run,
}

/// A kind's place is its number in the file.
const KINDS: [ChangeKind; 6] = [
    ChangeKind::Integration,
    ChangeKind::Conversation,
    ChangeKind::Conversations,
    ChangeKind::Contacts,
    ChangeKind::SyncState,
    ChangeKind::Run,
];

/// Something that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Ascends; never used twice.
    pub id: i64,
    /// What kind of thing.
    pub kind: ChangeKind,
    /// Which one.
    pub pk: i64,
}

/// What changed since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// In the order of their ids.
    pub changes: Vec<Change>,
    /// Ask from here next time.
    pub latest: i64,
    /// Not all that changed is known any more: refresh everything.
    pub truncated: bool,
}

impl Mirror {
    /// What changed behind `id`.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn changes_since(&self, id: i64) -> Result<Changes, Error> {
        self.read(move |conn| {
            let latest = latest(conn)?;
            let mut select =
                conn.prepare_cached("SELECT id, kind, pk FROM changes WHERE id > ?1 ORDER BY id")?;
            let changes = select
                .query_map([id], |row| {
                    let kind: i64 = row.get(1)?;
                    Ok(Change {
                        id: row.get(0)?,
                        // A newer version's kind: somebody will refresh too much.
                        kind: usize::try_from(kind)
                            .ok()
                            .and_then(|place| KINDS.get(place).copied())
                            .unwrap_or(ChangeKind::Integration),
                        pk: row.get(2)?,
                    })
                })?
                .collect::<Result<Vec<_>, _>>()?;
            let first = changes.first().map_or(latest + 1, |change| change.id);
            Ok(Changes {
                changes,
                latest,
                // An id from the future belongs to another file.
                truncated: first > id + 1 || id > latest,
            })
        })
        .await
    }
}

/// The id of the latest change, kept or not; 0 before the first.
pub(crate) fn latest(conn: &Connection) -> rusqlite::Result<i64> {
    conn.query_row(
        "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'changes'",
        [],
        |row| row.get(0),
    )
}

/// Writes changes down and prunes old ones. Returns the latest one's id, if there is any.
pub(crate) fn write(
    conn: &Connection,
    changes: &BTreeSet<(ChangeKind, i64)>,
) -> Result<Option<i64>, Error> {
    if changes.is_empty() {
        return Ok(None);
    }
    let mut insert = conn.prepare_cached("INSERT INTO changes (kind, pk) VALUES (?1, ?2)")?;
    for &(kind, pk) in changes {
        insert.execute((kind as i64, pk))?;
    }
    let latest = conn.last_insert_rowid();
    conn.prepare_cached("DELETE FROM changes WHERE id <= ?1")?
        .execute([latest - KEPT])?;
    Ok(Some(latest))
}

#[cfg(test)]
mod tests;
