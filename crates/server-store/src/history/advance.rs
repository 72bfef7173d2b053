//! What an answer does to the question that it answers.

use rusqlite::{Connection, OptionalExtension, Row, params};
use threadkeep_protocol::{HistoryAnswer, HistoryStatus, IntegrationId};

use super::{STEP_ATTEMPTS, complete, running, step, stop};
use crate::{clock::now, error::StoreError};

/// A question that was asked, as an answer finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub id: i64,
    pub checkpoint: i64,
    pub conversation: i64,
    /// The time of the message that the question names.
    pub before_at: Option<i64>,
    /// It still waits for its answer. Else the answer is late or comes twice: what it brings is true,
    /// and moves no checkpoint.
    pub is_open: bool,
    pub is_dry: bool,
    attempts: u32,
}

/// What an answer brought.
#[derive(Debug, Default)]
pub struct Brought {
    /// Messages of the conversation that were not here.
    pub new: u32,
    /// The oldest that it holds: its time and key.
    pub oldest: Option<(i64, i64)>,
    /// What is known reaches further back than before.
    pub moved: bool,
}

const FIND: &str = "SELECT s.id, s.checkpoint_id, h.conversation_pk, s.before_at, s.state = 'open',
        h.dry_run, s.attempts
     FROM history_steps AS s JOIN history_checkpoints AS h ON h.id = s.checkpoint_id";

/// The question that an answer names, by its id, the platform's session, or the conversation.
pub fn find_step(
    conn: &Connection,
    integration: IntegrationId,
    answer: &HistoryAnswer,
    conversation: Option<&str>,
) -> Result<Option<Step>, StoreError> {
    if let Some(id) = answer.request {
        let sql = format!("{FIND} WHERE s.integration_id = ?1 AND s.id = ?2");
        return Ok(conn
            .prepare_cached(&sql)?
            .query_row((integration, id), from_row)
            .optional()?);
    }
    if let Some(session) = &answer.session {
        let sql = format!("{FIND} WHERE s.integration_id = ?1 AND s.session = ?2");
        let named = conn
            .prepare_cached(&sql)?
            .query_row((integration, session), from_row)
            .optional()?;
        if named.is_some() {
            return Ok(named);
        }
    }
    let Some(conversation) = conversation else {
        return Ok(None);
    };
    // One that was handed out and whose session nobody has told: whoever passes a socket's events on
    // as they are need not do more.
    let sql = format!(
        "{FIND} JOIN conversations AS c ON c.pk = h.conversation_pk
         WHERE s.integration_id = ?1 AND c.external_id = ?2 AND s.state = 'open'
           AND s.attempts > 0 AND s.session IS NULL"
    );
    Ok(conn
        .prepare_cached(&sql)?
        .query_row((integration, conversation), from_row)
        .optional()?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Step> {
    Ok(Step {
        id: row.get(0)?,
        checkpoint: row.get(1)?,
        conversation: row.get(2)?,
        before_at: row.get(3)?,
        is_open: row.get(4)?,
        is_dry: row.get(5)?,
        attempts: row.get(6)?,
    })
}

/// Remembers what the platform will call its answer; false where there is no such question.
pub fn note_session(
    conn: &Connection,
    integration: IntegrationId,
    request: i64,
    session: &str,
) -> Result<bool, StoreError> {
    let noted = conn
        .prepare_cached(
            "UPDATE history_steps SET session = ?3 WHERE integration_id = ?1 AND id = ?2",
        )?
        .execute((integration, request, session))?;
    Ok(noted > 0)
}

/// Takes the step that an answer allows. The rows that it brought are written by now, since the
/// checkpoint names one of them.
pub fn advance(
    conn: &Connection,
    found: &Step,
    answer: &HistoryAnswer,
    brought: &Brought,
) -> Result<(), StoreError> {
    if let Some(why) = &answer.error {
        let why: String = why.chars().take(500).collect();
        let why = if why.trim().is_empty() {
            "The phone refused.".to_owned()
        } else {
            why
        };
        return stop(conn, found.checkpoint, HistoryStatus::Failed, Some(&why));
    }
    let went_on = answer.complete || brought.moved || brought.new > 0 || found.is_dry;
    if !went_on {
        return again(conn, found);
    }
    conn.prepare_cached(
        "UPDATE history_steps SET state = 'answered', leased_until = NULL WHERE id = ?1",
    )?
    .execute([found.id])?;
    let left = note(conn, found, brought)?;
    match u32::try_from(left) {
        Ok(left @ 1..) if !answer.complete && !found.is_dry => {
            step::open(conn, found.checkpoint, left)
        }
        _ => complete(conn, found.checkpoint),
    }
}

/// An answer that brings nothing and does not say that nothing is left: it may have been meant for
/// another chat, or the phone is not ready. It is asked again, as if it had not answered.
fn again(conn: &Connection, found: &Step) -> Result<(), StoreError> {
    if found.attempts >= STEP_ATTEMPTS {
        let why =
            "The phone sent nothing older, and did not say that nothing is left. Try again later.";
        return stop(
            conn,
            found.checkpoint,
            HistoryStatus::Interrupted,
            Some(why),
        );
    }
    conn.prepare_cached("UPDATE history_steps SET leased_until = NULL WHERE id = ?1")?
        .execute([found.id])?;
    Ok(())
}

/// Writes down what came; says how many more are wanted.
fn note(conn: &Connection, found: &Step, brought: &Brought) -> Result<i64, StoreError> {
    let oldest = brought.oldest.filter(|_| !found.is_dry);
    conn.prepare_cached(
        "UPDATE history_checkpoints SET last_message_pk = ?2, last_timestamp = ?3
         WHERE id = ?1 AND ?2 IS NOT NULL AND (last_timestamp IS NULL OR last_timestamp > ?3)",
    )?
    .execute(params![
        found.checkpoint,
        oldest.map(|(_, message)| message),
        oldest.map(|(at, _)| at)
    ])?;
    Ok(conn
        .prepare_cached(
            "UPDATE history_checkpoints SET
                messages_synced = messages_synced + ?2,
                progress_percent = min(99, (messages_synced + ?2) * 100 / max_messages),
                seq = (SELECT last_seq FROM integrations WHERE id = integration_id),
                updated_at = ?3
             WHERE id = ?1 RETURNING max_messages - messages_synced",
        )?
        .query_row(
            params![found.checkpoint, brought.new, now().millis()],
            |row| row.get(0),
        )?)
}

/// Two conversations turned out to be one: the requests of both are that one's.
pub fn merge(conn: &Connection, loser: i64, winner: i64) -> Result<(), StoreError> {
    if let (Some((lost, _)), Some(_)) = (running(conn, loser)?, running(conn, winner)?) {
        let why =
            "This chat turned out to be another one, of which older messages are being fetched.";
        stop(conn, lost, HistoryStatus::Interrupted, Some(why))?;
    }
    conn.prepare_cached(
        "UPDATE history_checkpoints SET conversation_pk = ?2 WHERE conversation_pk = ?1",
    )?
    .execute((loser, winner))?;
    Ok(())
}
