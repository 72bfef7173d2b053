//! What the index has to look at: the mirror's new messages, and those that changed.
//!
//! New messages need no note: they are those above the highest one looked at. Changes of others are noted
//! by triggers in `search_feed`, in the transaction that makes them, with the time that the message had
//! (its row in the index hangs on that). A trigger, since messages are changed in many places, and one
//! that forgot the note would be wrong for good; on an insert there is none.
//!
//! SQLite gives the number of a deleted message anew if it was the highest. So a deletion notes the highest
//! number left (`top`), and everything above that is looked at again.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row};

use super::{
    document::{self, Document},
    file::Cursor,
};
use crate::{Error, MessagePk, row};

/// Changes followed in one transaction of the index.
const ENTRIES: usize = 10_000;
/// Messages, and bytes of their text, that are held in memory at once.
const MESSAGES: usize = 50_000;
const BYTES: usize = 16 << 20;

macro_rules! columns {
    () => {
        "m.pk, m.timestamp, m.integration_pk, m.conversation_pk, m.sender_pk, m.kind, m.flags, \
         m.content"
    };
}

/// What to do next.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Rows to take out of the index.
    pub(super) gone: Vec<i64>,
    /// Messages to put in.
    pub(super) documents: Vec<Document>,
    /// Where that leads.
    pub(super) cursor: Cursor,
    /// About how many messages are left then.
    pub(super) left: u64,
}

/// What the mirror says to a cursor.
pub(super) enum Next {
    Batch(Batch),
    /// Entries that the index would have to follow are gone, or were never written: one of the two files
    /// is an older copy.
    Lost,
    /// It has become another one.
    Other,
}

/// Reads what comes behind the cursor, as the mirror is at one moment.
pub(super) fn next(conn: &Connection, mirror_id: &str, cursor: Cursor) -> Result<Next, Error> {
    let conn = conn.unchecked_transaction()?;
    if self::mirror_id(&conn)? != mirror_id {
        return Ok(Next::Other);
    }
    let latest = latest(&conn)?;
    let mut batch = Batch {
        cursor,
        ..Batch::default()
    };
    let mut changed = BTreeSet::new();
    let mut select = conn.prepare_cached(
        "SELECT seq, message_pk, timestamp, top FROM search_feed WHERE seq > ?1 ORDER BY seq LIMIT ?2",
    )?;
    let mut entries = select.query((cursor.feed, row::signed(ENTRIES)))?;
    let mut followed = 0;
    while let Some(entry) = entries.next()? {
        let seq: i64 = entry.get(0)?;
        if seq != batch.cursor.feed + 1 {
            return Ok(Next::Lost);
        }
        batch.cursor.feed = seq;
        let pk = MessagePk(entry.get(1)?);
        batch.gone.push(document::row_of(entry.get(2)?, pk));
        batch.cursor.high = batch.cursor.high.min(entry.get(3)?);
        changed.insert(pk);
        followed += 1;
    }
    // Numbers are given without gaps and never twice.
    if (followed == 0 && cursor.feed != latest) || batch.cursor.feed > latest {
        return Ok(Next::Lost);
    }
    let high = MessagePk(batch.cursor.high);
    let changed: Vec<MessagePk> = changed.into_iter().filter(|pk| *pk <= high).collect();
    batch.documents = some(&conn, &changed)?;
    if batch.cursor.feed == latest {
        read_new(&conn, &mut batch)?;
    }
    batch.left = left(&conn, batch.cursor)?;
    Ok(Next::Batch(batch))
}

/// About how many messages a cursor is behind; 0 only where it is not.
pub(super) fn left(conn: &Connection, cursor: Cursor) -> Result<u64, Error> {
    let top: i64 = conn
        .prepare_cached("SELECT coalesce(max(pk), 0) FROM messages")?
        .query_row([], |row| row.get(0))?;
    let entries = latest(conn)?.abs_diff(cursor.feed);
    Ok(entries + row::unsigned(top - cursor.high))
}

/// The last entry ever made.
pub(super) fn latest(conn: &Connection) -> Result<i64, Error> {
    Ok(conn
        .prepare_cached(
            "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'search_feed'",
        )?
        .query_row([], |row| row.get(0))?)
}

fn read_new(conn: &Connection, batch: &mut Batch) -> Result<(), Error> {
    let mut select = conn.prepare_cached(concat!(
        "SELECT ",
        columns!(),
        " FROM messages AS m WHERE m.pk > ?1 ORDER BY m.pk"
    ))?;
    let mut rows = select.query([batch.cursor.high])?;
    let mut bytes = 0;
    while batch.documents.len() < MESSAGES
        && bytes < BYTES
        && let Some(row) = rows.next()?
    {
        let document = read(conn, row)?;
        bytes += document.text.len();
        batch.cursor.high = document.pk.0;
        batch.documents.push(document);
    }
    Ok(())
}

/// A message, if it is there.
pub(super) fn one(conn: &Connection, pk: MessagePk) -> Result<Option<Document>, Error> {
    let mut select = conn.prepare_cached(concat!(
        "SELECT ",
        columns!(),
        " FROM messages AS m WHERE m.pk = ?1"
    ))?;
    let mut rows = select.query([pk])?;
    rows.next()?.map(|row| read(conn, row)).transpose()
}

/// Messages in the order in which they are named, those that are there.
pub(super) fn some(conn: &Connection, pks: &[MessagePk]) -> Result<Vec<Document>, Error> {
    let named = serde_json::to_string(pks)?;
    let mut select = conn.prepare_cached(concat!(
        "SELECT ",
        columns!(),
        ", w.key FROM json_each(?1) AS w CROSS JOIN messages AS m ON m.pk = w.value"
    ))?;
    let mut documents: Vec<Option<Document>> = pks.iter().map(|_| None).collect();
    let mut rows = select.query([&named])?;
    while let Some(row) = rows.next()? {
        documents[row.get::<_, u32>(8)? as usize] = Some(document(row)?);
    }
    let mut select = conn.prepare_cached(
        "SELECT w.key, f.file_name FROM json_each(?1) AS w CROSS JOIN media AS f \
            ON f.message_pk = w.value WHERE f.file_name <> '' ORDER BY w.key, f.id",
    )?;
    let mut rows = select.query([&named])?;
    while let Some(row) = rows.next()? {
        if let Some(document) = &mut documents[row.get::<_, u32>(0)? as usize] {
            document.files.push(row.get(1)?);
        }
    }
    Ok(documents.into_iter().flatten().collect())
}

fn read(conn: &Connection, row: &Row<'_>) -> Result<Document, Error> {
    let mut document = document(row)?;
    document.files = files(conn, document.pk)?;
    Ok(document)
}

/// Without its files.
fn document(row: &Row<'_>) -> Result<Document, Error> {
    let kind = row::kind(row.get(5)?);
    Ok(Document {
        pk: row.get(0)?,
        timestamp: row.get(1)?,
        integration: row.get(2)?,
        chat: row.get(3)?,
        sender: row.get(4)?,
        kind,
        flags: row.get(6)?,
        text: row.get(7)?,
        files: Vec::new(),
    })
}

fn files(conn: &Connection, message: MessagePk) -> Result<Vec<String>, Error> {
    let mut select = conn.prepare_cached(
        "SELECT file_name FROM media WHERE message_pk = ?1 AND file_name <> '' ORDER BY id",
    )?;
    let rows = select.query_map([message], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// By this an index knows whose it is.
pub(crate) fn mirror_id(conn: &Connection) -> Result<String, Error> {
    Ok(conn
        .prepare_cached("SELECT value FROM meta WHERE key = 'mirror_id'")?
        .query_row([], |row| row.get(0))
        .optional()?
        .unwrap_or_default())
}
