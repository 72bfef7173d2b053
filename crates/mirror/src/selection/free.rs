//! Freeing what the selection leaves out, some rows a transaction.
//!
//! Messages go in the order in which they lie in the file: those of one chat are scattered over all of it,
//! and chat by chat a page would be written once for each chat that has something on it.

use rusqlite::{Connection, OptionalExtension};
use threadkeep_protocol::{Rule, Stream, Timestamp};

use super::{Selection, is_freeing, read};
use crate::{
    ChangeKind, ConversationPk, Error, IntegrationPk, MessagePk, Mirror, digest::generation, row,
    writing::Writing,
};

/// Messages that one transaction frees, with what hangs on them.
const SOME: usize = 2_000;

/// Messages that are looked up at a time.
const FOUND: usize = 1_000_000;

/// Files that one transaction frees alone: a row each, where a message has several.
const SOME_FILES: i64 = 20_000;

/// How far freeing has come. Begun anew it passes quickly over what is done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Freeing {
    /// Messages to free, the next one last.
    found: Vec<MessagePk>,
    /// The chat whose files it has come to.
    at: ConversationPk,
    /// Nothing is left to free.
    pub is_done: bool,
    /// Messages that were freed.
    pub messages: u64,
    /// Files that were, of messages that stay too.
    pub media: u64,
}

/// What of a chat is not wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unwanted {
    /// Messages from before this time.
    pub(super) before: i64,
    /// The files of all messages.
    pub(super) files: bool,
}

impl Unwanted {
    /// By a chat's rule; a chat that turned out to be another has nothing of its own.
    pub(super) fn by(rule: Rule, is_merged: bool) -> Self {
        let is_wanted = rule.included && !is_merged;
        Self {
            before: if is_wanted {
                rule.since.map_or(i64::MIN, Timestamp::millis)
            } else {
                i64::MAX
            },
            files: is_wanted && !rule.media,
        }
    }

    pub(super) const fn is_nothing(self) -> bool {
        self.before == i64::MIN && !self.files
    }
}

impl Mirror {
    /// Frees some of what the selection leaves out; to be called with its own answer until that is done.
    ///
    /// # Errors
    /// When there is no such account or the mirror cannot be written.
    pub async fn free_some(&self, pk: IntegrationPk, so_far: Freeing) -> Result<Freeing, Error> {
        self.write(move |writing| some(writing, pk, so_far)).await
    }

    /// Frees all that the selection leaves out, for as long as it `goes_on`, which is asked before each
    /// transaction. Says how far it came; who is cut begins again.
    ///
    /// # Errors
    /// As `free_some`.
    pub async fn free(
        &self,
        pk: IntegrationPk,
        goes_on: impl Fn() -> bool + Sync,
    ) -> Result<Freeing, Error> {
        let mut freeing = Freeing::default();
        while !freeing.is_done && goes_on() {
            freeing = self.free_some(pk, freeing).await?;
        }
        Ok(freeing)
    }

    /// Lets go of what a view does not reach any more though it came with one: what waits for a message
    /// that is not wanted, and what a chat left behind that turned out to be another. To be asked when
    /// the messages have been pulled and nothing else since. Says whether there is something to free.
    ///
    /// # Errors
    /// When there is no such account or the mirror cannot be written.
    pub async fn sweep(&self, pk: IntegrationPk) -> Result<bool, Error> {
        self.write(move |writing| sweep(writing, pk)).await
    }

    /// Has all rows of an account looked at once more, for what the selection leaves out.
    ///
    /// # Errors
    /// When the mirror cannot be written.
    pub async fn free_again(&self, pk: IntegrationPk) -> Result<(), Error> {
        self.write(move |writing| begin(writing.conn, pk)).await
    }
}

pub(super) fn begin(conn: &Connection, pk: IntegrationPk) -> Result<(), Error> {
    conn.prepare_cached("UPDATE integrations SET freeing = 1 WHERE pk = ?1")?
        .execute([pk])?;
    Ok(())
}

/// The chats that hold messages, from one on, each with whether it turned out to be another.
pub(super) fn chats(
    conn: &Connection,
    pk: IntegrationPk,
    from: ConversationPk,
    mut visit: impl FnMut(ConversationPk, bool) -> Result<bool, Error>,
) -> Result<(), Error> {
    let mut select = conn.prepare_cached(
        "SELECT pk, merged_into <> x'' FROM conversations \
         WHERE integration_pk = ?1 AND pk >= ?2 AND message_count > 0 ORDER BY pk",
    )?;
    let mut rows = select.query((pk, from))?;
    while let Some(row) = rows.next()? {
        if !visit(row.get(0)?, row.get(1)?)? {
            break;
        }
    }
    Ok(())
}

fn some(writing: &mut Writing<'_>, pk: IntegrationPk, mut now: Freeing) -> Result<Freeing, Error> {
    let conn = writing.conn;
    generation(conn, pk)?;
    let selection = read(conn, pk)?;
    let mut is_done = true;
    if is_freeing(conn, pk)? && !selection.is_everything() {
        if now.found.is_empty() {
            now.found = find(conn, pk, &selection)?;
        }
        let rest = now.found.len().saturating_sub(SOME);
        let some = now.found.split_off(rest);
        if some.is_empty() {
            let gone = files(writing, pk, &selection, &mut now.at)?;
            now.media += row::unsigned(gone);
            is_done = gone == 0;
        } else {
            let gone = messages(writing, pk, &selection, &some)?;
            now.messages += row::unsigned(gone.rows);
            now.media += row::unsigned(gone.media);
            is_done = false;
        }
    }
    now.is_done = is_done;
    if is_done {
        conn.prepare_cached("UPDATE integrations SET freeing = 0 WHERE pk = ?1")?
            .execute([pk])?;
    }
    writing.change(ChangeKind::SyncState, pk.0);
    Ok(now)
}

/// Messages that are not wanted, the last in the file first.
fn find(
    conn: &Connection,
    pk: IntegrationPk,
    selection: &Selection,
) -> Result<Vec<MessagePk>, Error> {
    let mut found: Vec<MessagePk> = Vec::new();
    let mut select = conn.prepare_cached(
        "SELECT pk FROM messages WHERE conversation_pk = ?1 AND timestamp < ?2 \
         ORDER BY timestamp, pk LIMIT ?3",
    )?;
    chats(conn, pk, ConversationPk(0), |chat, is_merged| {
        let unwanted = Unwanted::by(selection.of(chat), is_merged);
        let limit = row::signed(FOUND - found.len());
        let mut rows = select.query((chat, unwanted.before, limit))?;
        while let Some(row) = rows.next()? {
            found.push(row.get(0)?);
        }
        Ok(found.len() < FOUND)
    })?;
    found.sort_unstable_by(|a, b| b.cmp(a));
    Ok(found)
}

/// How many messages went, and how many files with them.
struct Gone {
    rows: i64,
    media: i64,
}

fn messages(
    writing: &mut Writing<'_>,
    pk: IntegrationPk,
    selection: &Selection,
    found: &[MessagePk],
) -> Result<Gone, Error> {
    let conn = writing.conn;
    let mut look = conn.prepare_cached(
        "SELECT c.pk, c.merged_into <> x'', m.timestamp, \
            EXISTS (SELECT 1 FROM media AS d WHERE d.message_pk = m.pk), \
            EXISTS (SELECT 1 FROM receipts AS r WHERE r.message_pk = m.pk) \
         FROM messages AS m JOIN conversations AS c ON c.pk = m.conversation_pk \
         WHERE m.pk = ?1 AND c.integration_pk = ?2",
    )?;
    let mut hanging = [(Stream::Media, 0), (Stream::Receipts, 0)];
    let mut gone = 0;
    // Backwards, so that the file is gone through forwards.
    for message in found.iter().rev() {
        let place = look.query_row((message, pk), |row| {
            let hangs: [bool; 2] = [row.get(3)?, row.get(4)?];
            Ok((row.get(0)?, row.get(1)?, row.get::<_, i64>(2)?, hangs))
        });
        // What has changed since it was found is looked at anew.
        let Some((chat, is_merged, timestamp, hangs)) = place.optional()? else {
            continue;
        };
        if timestamp >= Unwanted::by(selection.of(chat), is_merged).before {
            continue;
        }
        // Asking first costs a third of deleting nothing.
        for ((stream, rows), _) in hanging.iter_mut().zip(hangs).filter(|(_, hangs)| *hangs) {
            let sql = match stream {
                Stream::Media => "DELETE FROM media WHERE message_pk = ?1",
                _ => "DELETE FROM receipts WHERE message_pk = ?1",
            };
            *rows += row::signed(conn.prepare_cached(sql)?.execute([message])?);
        }
        conn.prepare_cached("DELETE FROM messages WHERE pk = ?1")?
            .execute([message])?;
        writing.touch_chat(pk, chat, -1);
        gone += 1;
    }
    for (stream, rows) in hanging {
        writing.count(pk, stream, -rows);
    }
    writing.count(pk, Stream::Messages, -gone);
    Ok(Gone {
        rows: gone,
        media: hanging[0].1,
    })
}

/// Frees the files of the next chat of which only the messages are wanted, from `at` on.
fn files(
    writing: &mut Writing<'_>,
    pk: IntegrationPk,
    selection: &Selection,
    at: &mut ConversationPk,
) -> Result<i64, Error> {
    let conn = writing.conn;
    let mut delete = conn.prepare_cached(
        "DELETE FROM media WHERE pk IN (SELECT d.pk FROM messages AS m CROSS JOIN media AS d \
            ON d.message_pk = m.pk WHERE m.conversation_pk = ?1 LIMIT ?2)",
    )?;
    let mut gone = 0;
    chats(conn, pk, *at, |chat, is_merged| {
        *at = chat;
        if Unwanted::by(selection.of(chat), is_merged).files {
            gone = row::signed(delete.execute((chat, SOME_FILES))?);
        }
        if gone > 0 {
            writing.count(pk, Stream::Media, -gone);
            writing.touch_chat(pk, chat, 0);
        }
        Ok(gone == 0)
    })?;
    Ok(gone)
}

fn sweep(writing: &mut Writing<'_>, pk: IntegrationPk) -> Result<bool, Error> {
    let conn = writing.conn;
    generation(conn, pk)?;
    if read(conn, pk)?.is_everything() {
        return is_freeing(conn, pk);
    }
    let mut gone = 0;
    for (stream, sql) in [
        (
            Stream::Media,
            "DELETE FROM media WHERE integration_pk = ?1 AND message_pk = 0",
        ),
        (
            Stream::Receipts,
            "DELETE FROM receipts WHERE integration_pk = ?1 AND message_pk = 0",
        ),
    ] {
        let rows = row::signed(conn.prepare_cached(sql)?.execute([pk])?);
        writing.count(pk, stream, -rows);
        gone += rows;
    }
    if gone > 0 {
        // It remembers what is awaited.
        writing.forget(pk);
        writing.change(ChangeKind::SyncState, pk.0);
    }
    let mut is_left_behind = false;
    chats(conn, pk, ConversationPk(0), |_, is_merged| {
        is_left_behind |= is_merged;
        Ok(!is_merged)
    })?;
    if is_left_behind {
        begin(conn, pk)?;
    }
    is_freeing(conn, pk)
}
