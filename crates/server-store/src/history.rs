//! Older history on demand: who asks, where a request stands, and what the feeder is asked next.
//!
//! A request is a numbered row, its *checkpoint*; of a conversation's the latest is the one that counts.
//! A running one has exactly one open *step*: a question to whoever feeds the account, which is handed
//! out for a while, handed out again when no answer comes, and given up after a few times. The answer
//! comes as an ingest (`ingest::history`), where its rows, the step, the checkpoint and what is known to
//! be whole commit together.
//!
//! Which steps a status may take is held by a trigger, so that no code here can be wrong about it.

mod advance;
mod backfill;
mod step;

use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use threadkeep_protocol::{Checkpoint, HistoryMove, HistoryStatus, Id, IntegrationId, Timestamp};

pub use advance::{Brought, Step, advance, find_step, merge, note_session};
pub use backfill::Thread;
pub use step::StepLimits;

use crate::{
    clock::now,
    error::StoreError,
    integration::require,
    row::{id_at, time_or_none_at},
    store::Store,
};

/// Messages to a step, which is what phones hand out at a time.
const STEP_MESSAGES: u32 = 50;

/// How often one question is handed out before its request is interrupted.
pub const STEP_ATTEMPTS: u32 = 3;

/// On whose behalf older messages are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// A person, through a client.
    Client,
    /// A backfill; `dry_run` counts what would come and keeps none of it.
    Backfill {
        /// Keep nothing.
        dry_run: bool,
    },
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct NewHistory {
    /// Of which conversation.
    pub conversation: Id,
    /// At most this many messages, 1 to `MAX_HISTORY_MESSAGES`.
    pub max_messages: u32,
    /// Go on with what was interrupted or cancelled.
    pub resume: bool,
    /// Who asks.
    pub asker: Asker,
}

impl Store {
    /// Asks for older messages. While a request of the same kind runs, that one is the answer.
    ///
    /// # Errors
    /// When the integration or the conversation is unknown, or the file cannot be written.
    pub async fn ask_history(
        &self,
        integration: IntegrationId,
        new: NewHistory,
    ) -> Result<Checkpoint, StoreError> {
        let asked = self.write(move |tx| {
            require(&tx, integration)?;
            let conversation = conversation_of(&tx, integration, new.conversation)?;
            let id = ask(&tx, integration, conversation, &new)?;
            let checkpoint = read(&tx, id)?;
            tx.commit()?;
            Ok(checkpoint)
        });
        let checkpoint = asked.await?;
        self.history_moved();
        Ok(checkpoint)
    }

    /// Where the request of a conversation stands; `not_started` where nobody has asked.
    ///
    /// # Errors
    /// When the integration or the conversation is unknown, or the file cannot be read.
    pub async fn history(
        &self,
        integration: IntegrationId,
        conversation: Id,
    ) -> Result<Checkpoint, StoreError> {
        self.read(move |tx| {
            require(tx, integration)?;
            let conversation = conversation_of(tx, integration, conversation)?;
            match latest(tx, conversation)? {
                Some((id, _)) => read(tx, id),
                None => Ok(Checkpoint {
                    history_complete: is_complete(tx, conversation)?,
                    ..Checkpoint::default()
                }),
            }
        })
        .await
    }

    /// Cancels the request of a conversation where it runs; it can be resumed. An answer that is under
    /// way is kept when it comes.
    ///
    /// # Errors
    /// When the integration or the conversation is unknown, or the file cannot be written.
    pub async fn cancel_history(
        &self,
        integration: IntegrationId,
        conversation: Id,
    ) -> Result<Checkpoint, StoreError> {
        let cancelled = self.write(move |tx| {
            require(&tx, integration)?;
            let conversation = conversation_of(&tx, integration, conversation)?;
            let Some((id, status)) = latest(&tx, conversation)? else {
                return Ok(Checkpoint::default());
            };
            if status == HistoryStatus::InProgress {
                stop(&tx, id, HistoryStatus::Cancelled, None)?;
            }
            let checkpoint = read(&tx, id)?;
            tx.commit()?;
            Ok(checkpoint)
        });
        let checkpoint = cancelled.await?;
        self.history_moved();
        Ok(checkpoint)
    }

    /// Turns what ran into `interrupted`: for a server that starts. Says how many there were.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn interrupt_history(&self) -> Result<usize, StoreError> {
        self.write(|tx| {
            let running: Vec<i64> = tx
                .prepare_cached("SELECT id FROM history_checkpoints WHERE status = 'in_progress'")?
                .query_map((), |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            for id in &running {
                let why = "The server was restarted before this was done.";
                stop(&tx, *id, HistoryStatus::Interrupted, Some(why))?;
            }
            tx.commit()?;
            Ok(running.len())
        })
        .await
    }

    /// One request, by its number.
    ///
    /// # Errors
    /// When there is none, or the file cannot be read.
    pub async fn history_request(&self, id: i64) -> Result<Checkpoint, StoreError> {
        self.read(move |tx| read(tx, id)).await
    }
}

/// The conversation of an id, or the one that it was merged into.
fn conversation_of(
    conn: &Connection,
    integration: IntegrationId,
    id: Id,
) -> Result<i64, StoreError> {
    let mut by_id = conn.prepare_cached(
        "SELECT pk, merged_into FROM conversations WHERE integration_id = ?1 AND id = ?2",
    )?;
    let mut by_pk =
        conn.prepare_cached("SELECT pk, merged_into FROM conversations WHERE pk = ?1")?;
    let pair = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let mut found: Option<(i64, Option<i64>)> = by_id
        .query_row((integration, id.as_bytes()), pair)
        .optional()?;
    while let Some((_, Some(winner))) = found {
        found = by_pk.query_row([winner], pair).optional()?;
    }
    found
        .map(|(pk, _)| pk)
        .ok_or(StoreError::UnknownConversation)
}

fn ask(
    conn: &Connection,
    integration: IntegrationId,
    conversation: i64,
    new: &NewHistory,
) -> Result<i64, StoreError> {
    let by = match new.asker {
        Asker::Client => "client",
        Asker::Backfill { .. } => "backfill",
    };
    if let Some((id, runs_by)) = running(conn, conversation)? {
        if runs_by == by || new.asker != Asker::Client {
            return Ok(id);
        }
        let why = "A person asked for more of this chat.";
        stop(conn, id, HistoryStatus::Cancelled, Some(why))?;
    }
    let id = match latest(conn, conversation)? {
        Some((id, status)) if new.resume && status.can_resume() => {
            conn.prepare_cached(
                "UPDATE history_checkpoints SET max_messages = ?2, error_message = NULL
                 WHERE id = ?1",
            )?
            .execute(params![id, new.max_messages])?;
            id
        }
        _ => {
            let dry_run = new.asker == Asker::Backfill { dry_run: true };
            conn.prepare_cached(
                "INSERT INTO history_checkpoints (integration_id, conversation_pk, requested_by,
                        dry_run, max_messages, created_at, updated_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
            )?
            .execute(params![
                integration,
                conversation,
                by,
                dry_run,
                new.max_messages,
                now().millis()
            ])?;
            conn.last_insert_rowid()
        }
    };
    begin(conn, id)?;
    Ok(id)
}

/// Sets a request going, or ends it at once where it has brought all it may.
fn begin(conn: &Connection, id: i64) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE history_checkpoints SET status = 'in_progress', updated_at = ?2 WHERE id = ?1",
    )?
    .execute((id, now().millis()))?;
    let left: i64 = conn
        .prepare_cached(
            "SELECT max_messages - messages_synced FROM history_checkpoints WHERE id = ?1",
        )?
        .query_row([id], |row| row.get(0))?;
    match u32::try_from(left) {
        Ok(left @ 1..) => step::open(conn, id, left),
        _ => complete(conn, id),
    }
}

fn complete(conn: &Connection, id: i64) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE history_checkpoints
         SET status = 'completed', progress_percent = 100, completed_at = ?2, updated_at = ?2
         WHERE id = ?1",
    )?
    .execute((id, now().millis()))?;
    Ok(())
}

/// Ends a running request in the middle; its open step is withdrawn.
fn stop(
    conn: &Connection,
    id: i64,
    status: HistoryStatus,
    why: Option<&str>,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE history_steps SET state = 'withdrawn', leased_until = NULL
         WHERE checkpoint_id = ?1 AND state = 'open'",
    )?
    .execute([id])?;
    conn.prepare_cached(
        "UPDATE history_checkpoints SET status = ?2, error_message = ?3, updated_at = ?4
         WHERE id = ?1",
    )?
    .execute(params![id, status.name(), why, now().millis()])?;
    Ok(())
}

/// The running request of a conversation, and who asked.
fn running(conn: &Connection, conversation: i64) -> Result<Option<(i64, String)>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT id, requested_by FROM history_checkpoints
             WHERE conversation_pk = ?1 AND status = 'in_progress'",
        )?
        .query_row([conversation], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// The requests by clients that moved last: more than move between two looks.
pub fn latest_moves(
    conn: &Connection,
    integration: IntegrationId,
) -> Result<Vec<HistoryMove>, StoreError> {
    let latest: Vec<(i64, Id)> = conn
        .prepare_cached(
            "SELECT h.id, c.id FROM history_checkpoints AS h
             JOIN conversations AS c ON c.pk = h.conversation_pk
             WHERE h.integration_id = ?1 AND h.requested_by = 'client'
             ORDER BY h.updated_at DESC, h.id DESC LIMIT 16",
        )?
        .query_map([integration], |row| Ok((row.get(0)?, id_at(row, 1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let moves = latest.into_iter().map(|(id, conversation_id)| {
        Ok(HistoryMove {
            conversation_id,
            checkpoint: read(conn, id)?,
        })
    });
    moves.collect()
}

/// The latest request by a client: what a backfill does by the way is not a person's request.
fn latest(
    conn: &Connection,
    conversation: i64,
) -> Result<Option<(i64, HistoryStatus)>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT id, status FROM history_checkpoints
             WHERE conversation_pk = ?1 AND requested_by = 'client' ORDER BY id DESC LIMIT 1",
        )?
        .query_row([conversation], |row| Ok((row.get(0)?, status_at(row, 1)?)))
        .optional()?)
}

fn is_complete(conn: &Connection, conversation: i64) -> Result<bool, StoreError> {
    Ok(conn
        .prepare_cached("SELECT history_complete FROM conversations WHERE pk = ?1")?
        .query_row([conversation], |row| row.get(0))?)
}

fn read(conn: &Connection, id: i64) -> Result<Checkpoint, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT h.id, h.status, h.max_messages, h.messages_synced, m.external_id,
                    h.last_timestamp, h.progress_percent, h.error_message, h.created_at,
                    h.updated_at, h.completed_at, c.history_complete, h.seq
             FROM history_checkpoints AS h
             JOIN conversations AS c ON c.pk = h.conversation_pk
             LEFT JOIN messages AS m ON m.pk = h.last_message_pk
             WHERE h.id = :id",
        )?
        .query_row(named_params! {":id": id}, |row| {
            Ok(Checkpoint {
                request: row.get(0)?,
                status: status_at(row, 1)?,
                max_messages: row.get(2)?,
                messages_synced: row.get(3)?,
                last_message_id: row.get(4)?,
                last_timestamp: time_or_none_at(row, 5)?,
                progress_percent: row.get(6)?,
                error_message: row.get(7)?,
                created_at: time_or_none_at(row, 8)?,
                updated_at: time_or_none_at(row, 9)?,
                completed_at: time_or_none_at(row, 10)?,
                history_complete: row.get(11)?,
                seq: row.get(12)?,
            })
        })?)
}

/// A check on the column knows the names too.
fn status_at(row: &Row<'_>, column: usize) -> rusqlite::Result<HistoryStatus> {
    Ok(HistoryStatus::of(row.get_ref(column)?.as_str()?).unwrap_or_default())
}

fn millis_after(now: Timestamp, wait: std::time::Duration) -> i64 {
    let wait = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
    now.millis().saturating_add(wait)
}
