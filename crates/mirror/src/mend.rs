//! Putting right what a hand or a fault has changed in the file, from rows that the server sent again.
//!
//! Invariants:
//! - Nothing is deleted for being absent on the server unless that alone makes the bucket add up, and
//!   never a row of an earlier history: those are what a person has left of what the server lost.
//! - Whatever hangs on nothing is kept where it can be found, and never meets a stranger that is given
//!   the same key later.

use std::collections::HashSet;

use rusqlite::{Connection, ErrorCode};
use serde::Serialize;
use threadkeep_protocol::{BucketDigest, Id, Stream};

use crate::{
    Applied, ChangeKind, ContactPk, ConversationPk, Error, IntegrationPk, Mirror, Rows, apply,
    digest::{InBucket, bucket, generation, sum},
    refresh, row,
    writing::Writing,
};

/// The message of what hangs on none.
const NO_MESSAGE: [u8; 16] = [0; 16];

/// What the server has in a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerBucket {
    /// Which bucket.
    pub number: u8,
    /// Its rows' ids.
    pub ids: HashSet<Id>,
    /// What they sum up to.
    pub digest: BucketDigest,
    /// The server's own books do not agree with its rows: that it lacks one proves nothing.
    pub is_doubtful: bool,
}

/// What became of rows that the server does not have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tidied {
    /// Deleted.
    pub removed: u64,
    /// Kept, since more is wrong than that they are here.
    pub only_here: u64,
}

/// What was put right without asking the server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Settled {
    /// Rows whose chat or message is gone.
    pub orphans: u64,
    /// Counters that did not say what is there.
    pub counters: u64,
}

impl Mirror {
    /// Makes an account's rows fit to be compared and mended: takes what hangs on nothing off the keys
    /// that others may get, and sets every counter to what is there.
    ///
    /// # Errors
    /// When there is no such integration or the mirror cannot be written.
    pub async fn settle(&self, pk: IntegrationPk) -> Result<Settled, Error> {
        self.write(move |writing| {
            generation(writing.conn, pk)?;
            // It may remember what a hand has taken away.
            writing.forget(pk);
            let orphans = detach(writing.conn, pk)?;
            drop_empty_placeholders(writing.conn, pk)?;
            let counters = recount(writing, pk)?;
            Ok(Settled { orphans, counters })
        })
        .await
    }

    /// Applies rows as the server sent them just now, over whatever is held under their ids, also where
    /// that says that it is of the same version or of a later one. The cursor stays.
    ///
    /// # Errors
    /// As `apply`.
    pub async fn mend(
        &self,
        pk: IntegrationPk,
        rows: Rows,
        epoch: String,
    ) -> Result<Applied, Error> {
        self.write(move |writing| apply::mend(writing, pk, rows, &epoch))
            .await
    }

    /// What `mend` would do. Nothing is changed.
    ///
    /// # Errors
    /// As `apply`.
    pub async fn rehearse(
        &self,
        pk: IntegrationPk,
        rows: Rows,
        epoch: String,
    ) -> Result<Applied, Error> {
        self.write(move |writing| {
            writing.rehearse(|writing| apply::mend(writing, pk, rows, &epoch))
        })
        .await
    }

    /// Deletes the rows of a bucket that the server does not have, where the bucket then holds what it
    /// holds there; else nothing.
    ///
    /// # Errors
    /// When there is no such integration or the mirror cannot be written.
    pub async fn tidy(
        &self,
        pk: IntegrationPk,
        stream: Stream,
        theirs: ServerBucket,
    ) -> Result<Tidied, Error> {
        self.write(move |writing| {
            let held = bucket(writing.conn, pk, stream, theirs.number)?;
            let (known, strangers): (Vec<_>, Vec<_>) =
                held.iter().partition(|row| theirs.ids.contains(&row.id));
            let count = strangers.len() as u64;
            if strangers.is_empty() || theirs.is_doubtful || sum(known) != theirs.digest {
                return Ok(Tidied {
                    removed: 0,
                    only_here: count,
                });
            }
            for stranger in &strangers {
                remove(writing, pk, stream, stranger)?;
            }
            writing.count(pk, stream, -row::signed(count));
            writing.forget(pk);
            writing.change(ChangeKind::SyncState, pk.0);
            Ok(Tidied {
                removed: count,
                only_here: 0,
            })
        })
        .await
    }
}

/// Takes orphans off the keys that the next row may be given.
fn detach(conn: &Connection, pk: IntegrationPk) -> Result<u64, Error> {
    let mut orphans = 0_u64;
    for table in ["media", "receipts"] {
        let detached = conn.execute(
            &format!(
                "UPDATE {table} SET message_pk = 0, message_id = ?2 \
                 WHERE integration_pk = ?1 AND message_pk <> 0 \
                 AND NOT EXISTS (SELECT 1 FROM messages AS m WHERE m.pk = message_pk)"
            ),
            (pk, NO_MESSAGE.as_slice()),
        )?;
        orphans += detached as u64;
    }
    for table in ["messages", "participants"] {
        let rows = conn.query_row(
            &format!(
                "SELECT count(*) FROM {table} WHERE integration_pk = ?1 \
                 AND NOT EXISTS (SELECT 1 FROM conversations AS c WHERE c.pk = conversation_pk)"
            ),
            [pk],
            |row| Ok(row::unsigned(row.get(0)?)),
        )?;
        if rows > 0 {
            // A chat without a name: what is in it stays readable until it comes again in its own.
            conn.execute(
                &format!(
                    "INSERT INTO conversations (pk, id, integration_pk) \
                     SELECT conversation_pk, randomblob(16), integration_pk FROM {table} AS t \
                     WHERE t.integration_pk = ?1 \
                     AND NOT EXISTS (SELECT 1 FROM conversations AS c WHERE c.pk = t.conversation_pk) \
                     GROUP BY conversation_pk"
                ),
                [pk],
            )?;
        }
        orphans += rows;
    }
    Ok(orphans)
}

/// A chat that was only ever awaited, and that nothing waits in any more.
fn drop_empty_placeholders(conn: &Connection, pk: IntegrationPk) -> Result<(), Error> {
    let placeholders: Vec<ConversationPk> = conn
        .prepare_cached(
            "SELECT pk FROM conversations AS c WHERE integration_pk = ?1 AND seq < 0 \
             AND NOT EXISTS (SELECT 1 FROM messages AS m WHERE m.conversation_pk = c.pk)",
        )?
        .query_map([pk], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for placeholder in placeholders {
        let deleted = conn
            .prepare_cached("DELETE FROM conversations WHERE pk = ?1")?
            .execute([placeholder]);
        match deleted {
            // Something else knows it: it stays.
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {}
            other => drop(other?),
        }
    }
    Ok(())
}

/// Sets counters to what is there; says how many said something else.
fn recount(writing: &mut Writing<'_>, pk: IntegrationPk) -> Result<u64, Error> {
    let conn = writing.conn;
    let mut wrong = 0;
    for stream in Stream::ALL {
        wrong += conn.execute(
            &format!(
                "UPDATE sync_state SET row_count = \
                    (SELECT count(*) FROM {stream} WHERE integration_pk = ?1 AND seq >= 0) \
                 WHERE integration_pk = ?1 AND stream = ?2 AND row_count <> \
                    (SELECT count(*) FROM {stream} WHERE integration_pk = ?1 AND seq >= 0)"
            ),
            (pk, stream.name()),
        )?;
    }
    let chats: Vec<(ConversationPk, i64)> = conn
        .prepare(
            "SELECT c.pk, (SELECT count(*) FROM messages AS m WHERE m.conversation_pk = c.pk) \
                - c.message_count FROM conversations AS c WHERE c.integration_pk = ?1",
        )?
        .query_map([pk], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (chat, off) in chats {
        if refresh::chat(conn, chat, off)? {
            wrong += 1;
            writing.touch_chat(pk, chat, 0);
        }
    }
    wrong += conn.execute(
        "UPDATE integrations SET unread = \
            (SELECT coalesce(sum(unread_shown), 0) FROM conversations WHERE integration_pk = ?1) \
         WHERE pk = ?1 AND unread <> \
            (SELECT coalesce(sum(unread_shown), 0) FROM conversations WHERE integration_pk = ?1)",
        [pk],
    )?;
    if wrong > 0 {
        writing.change(ChangeKind::SyncState, pk.0);
    }
    Ok(wrong as u64)
}

/// Deletes a row, and keeps what hangs on it where it can be found.
pub(crate) fn remove(
    writing: &mut Writing<'_>,
    pk: IntegrationPk,
    stream: Stream,
    row: &InBucket,
) -> Result<(), Error> {
    let conn = writing.conn;
    let chat_of = |sql: &str| -> Result<ConversationPk, Error> {
        Ok(conn
            .prepare_cached(sql)?
            .query_row([row.pk], |row| row.get(0))?)
    };
    match stream {
        // What is in it may belong elsewhere, and says so when it comes again.
        Stream::Conversations => {
            conn.prepare_cached(
                "UPDATE conversations SET seq = -1, generation = 0, address_pk = 0, name = '', \
                    description = '', avatar_url = '', flags = 0, pinned = 0, unread_count = 0, \
                    last_message_at = 0, merged_into = x'' WHERE pk = ?1",
            )?
            .execute([row.pk])?;
            writing.touch_chat(pk, ConversationPk(row.pk), 0);
            return Ok(());
        }
        Stream::Messages => {
            let chat = chat_of("SELECT conversation_pk FROM messages WHERE pk = ?1")?;
            for table in ["media", "receipts"] {
                conn.prepare_cached(&format!(
                    "UPDATE {table} SET message_pk = 0, message_id = ?2 WHERE message_pk = ?1"
                ))?
                .execute((row.pk, NO_MESSAGE.as_slice()))?;
            }
            writing.touch_chat(pk, chat, -1);
        }
        Stream::Participants => {
            let chat = chat_of("SELECT conversation_pk FROM participants WHERE pk = ?1")?;
            writing.touch_chat(pk, chat, 0);
        }
        Stream::Contacts => {
            apply::remove_contact(writing, pk, ContactPk(row.pk))?;
            return Ok(());
        }
        Stream::Media | Stream::Receipts => {}
    }
    conn.prepare_cached(&format!("DELETE FROM {stream} WHERE pk = ?1"))?
        .execute([row.pk])?;
    Ok(())
}

#[cfg(test)]
mod tests;
