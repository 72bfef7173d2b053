//! Where requests for older messages stand, as the server last told.
//!
//! Invariants: a checkpoint is kept only once the rows that it speaks of are here, so that what it says
//! is true of this file; the file itself refuses a step that no request may take, and a cursor message
//! that is not here.

use rusqlite::{Connection, OptionalExtension, Row, params};
use threadkeep_protocol::{Checkpoint, HistoryStatus, Timestamp};

use crate::{
    ChangeKind, ConversationPk, Error, Mirror,
    row::{self, conversation_flag::HISTORY_COMPLETE},
    selection,
};

impl Mirror {
    /// Keeps where the request of a chat stands. The pull that brings its rows must be done.
    ///
    /// # Errors
    /// When the mirror cannot be written, or does not have the message that the checkpoint names.
    pub async fn put_checkpoint(
        &self,
        chat: ConversationPk,
        checkpoint: Checkpoint,
    ) -> Result<(), Error> {
        self.write(move |writing| {
            let told = within_selection(writing.conn, chat, checkpoint)?;
            if put(writing.conn, chat, &told)? {
                writing.change(ChangeKind::Conversation, chat.0);
            }
            Ok(())
        })
        .await
    }

    /// Where the request of a chat stood when it was last heard of; none where nobody has asked here.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn checkpoint(&self, chat: ConversationPk) -> Result<Option<Checkpoint>, Error> {
        self.read(move |conn| read(conn, chat)).await
    }
}

/// A message that the selection leaves out is not here to be named; its time can be said all the same.
fn within_selection(
    conn: &Connection,
    chat: ConversationPk,
    mut told: Checkpoint,
) -> Result<Checkpoint, Error> {
    let rule = selection::rule_of(conn, chat)?;
    if told.last_timestamp.is_some_and(|time| !rule.covers(time)) {
        told.last_message_id = None;
    }
    Ok(told)
}

/// Says whether anything changed.
fn put(conn: &Connection, chat: ConversationPk, told: &Checkpoint) -> Result<bool, Error> {
    if told.status == HistoryStatus::NotStarted {
        return Ok(false);
    }
    let held = read(conn, chat)?;
    if held.as_ref().is_some_and(|held| same(held, told)) {
        return Ok(false);
    }
    let goes_on = held
        .filter(|held| held.request == told.request)
        .and_then(|held| between(held.status, told.status));
    let steps = match goes_on {
        Some(steps) => steps,
        None => {
            begin(conn, chat, told.request)?;
            between(HistoryStatus::NotStarted, told.status).unwrap_or_default()
        }
    };
    for step in steps {
        conn.prepare_cached("UPDATE sync_checkpoints SET status = ?2 WHERE conversation_pk = ?1")?
            .execute((chat, step.name()))?;
    }
    fill(conn, chat, told)?;
    Ok(true)
}

/// The states that were passed without our hearing of them; none where no request goes this way, so
/// that it must be another one under the same number (a server that was restored).
fn between(from: HistoryStatus, to: HistoryStatus) -> Option<Vec<HistoryStatus>> {
    use HistoryStatus::{Completed, Failed, InProgress, NotStarted};
    match (from, to) {
        (from, to) if from == to => Some(Vec::new()),
        (Completed | Failed, _) | (_, NotStarted) => None,
        (InProgress, _) | (_, InProgress) => Some(Vec::new()),
        _ => Some(vec![InProgress]),
    }
}

fn begin(conn: &Connection, chat: ConversationPk, request: i64) -> Result<(), Error> {
    conn.prepare_cached("DELETE FROM sync_checkpoints WHERE conversation_pk = ?1")?
        .execute([chat])?;
    conn.prepare_cached("INSERT INTO sync_checkpoints (conversation_pk, request) VALUES (?1, ?2)")?
        .execute((chat, request))?;
    Ok(())
}

fn fill(conn: &Connection, chat: ConversationPk, told: &Checkpoint) -> Result<(), Error> {
    conn.prepare_cached(
        "UPDATE sync_checkpoints SET status = ?2, max_messages = ?3, messages_synced = ?4, \
            last_message_id = ?5, last_timestamp = ?6, progress_percent = ?7, error_message = ?8, \
            seq = ?9, created_at = ?10, updated_at = ?11, completed_at = ?12 \
         WHERE conversation_pk = ?1",
    )?
    .execute(params![
        chat,
        told.status.name(),
        told.max_messages,
        told.messages_synced,
        row::text(told.last_message_id.as_ref()),
        row::millis(told.last_timestamp),
        told.progress_percent.min(100),
        row::text(told.error_message.as_ref()),
        told.seq,
        row::millis(told.created_at),
        row::millis(told.updated_at),
        row::millis(told.completed_at),
    ])?;
    Ok(())
}

/// Whether both say the same; that nothing older exists is the chat's to say.
fn same(held: &Checkpoint, told: &Checkpoint) -> bool {
    let mut told = told.clone();
    told.history_complete = held.history_complete;
    *held == told
}

fn read(conn: &Connection, chat: ConversationPk) -> Result<Option<Checkpoint>, Error> {
    Ok(conn
        .prepare_cached(
            "SELECT s.request, s.status, s.max_messages, s.messages_synced, s.last_message_id, \
                s.last_timestamp, s.progress_percent, s.error_message, s.seq, s.created_at, \
                s.updated_at, s.completed_at, c.flags & ?2 <> 0 \
             FROM sync_checkpoints AS s JOIN conversations AS c ON c.pk = s.conversation_pk \
             WHERE s.conversation_pk = ?1",
        )?
        .query_row((chat, HISTORY_COMPLETE), |row| {
            let status: String = row.get(1)?;
            Ok(Checkpoint {
                request: row.get(0)?,
                status: HistoryStatus::of(&status).unwrap_or_default(),
                max_messages: row.get(2)?,
                messages_synced: row.get(3)?,
                last_message_id: text(row, 4)?,
                last_timestamp: time(row, 5)?,
                progress_percent: row.get(6)?,
                error_message: text(row, 7)?,
                seq: row.get(8)?,
                created_at: time(row, 9)?,
                updated_at: time(row, 10)?,
                completed_at: time(row, 11)?,
                history_complete: row.get(12)?,
            })
        })
        .optional()?)
}

fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<String>> {
    let text: String = row.get(column)?;
    Ok((!text.is_empty()).then_some(text))
}

fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    let millis: i64 = row.get(column)?;
    Ok((millis != 0).then(|| Timestamp::from_millis(millis)))
}

#[cfg(test)]
mod tests;
