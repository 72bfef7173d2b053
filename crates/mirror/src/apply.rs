//! Rows of the server become rows of the mirror.

mod contacts;
mod conversations;
mod media;
mod messages;
mod participants;
mod passed;
mod receipts;
mod withdrawn;

pub(crate) use contacts::remove as remove_contact;

use std::ops::AddAssign;

use rusqlite::OptionalExtension;
use serde::Serialize;
use threadkeep_protocol::{
    Contact, Conversation, Id, Media, Message, Participant, Receipt, Row, Seq, Stream,
};

use crate::{ChangeKind, Error, IntegrationPk, Mirror, row, writing::Writing};

/// Rows of one stream, in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rows {
    /// Chats.
    Conversations(Vec<Conversation>),
    /// Messages.
    Messages(Vec<Message>),
    /// People.
    Contacts(Vec<Contact>),
    /// Places of people in groups.
    Participants(Vec<Participant>),
    /// Files that came with messages.
    Media(Vec<Media>),
    /// Who has got and read what.
    Receipts(Vec<Receipt>),
}

impl Rows {
    /// The stream that they come from.
    #[must_use]
    pub const fn stream(&self) -> Stream {
        match self {
            Self::Conversations(_) => Stream::Conversations,
            Self::Messages(_) => Stream::Messages,
            Self::Contacts(_) => Stream::Contacts,
            Self::Participants(_) => Stream::Participants,
            Self::Media(_) => Stream::Media,
            Self::Receipts(_) => Stream::Receipts,
        }
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::Conversations(rows) => rows.len(),
            Self::Messages(rows) => rows.len(),
            Self::Contacts(rows) => rows.len(),
            Self::Participants(rows) => rows.len(),
            Self::Media(rows) => rows.len(),
            Self::Receipts(rows) => rows.len(),
        }
    }

    /// Each row's id and seq.
    #[must_use]
    pub fn versions(&self) -> Vec<(Id, Seq)> {
        fn of<R: Row>(rows: &[R]) -> Vec<(Id, Seq)> {
            rows.iter().map(|row| (row.id(), row.seq())).collect()
        }
        match self {
            Self::Conversations(rows) => of(rows),
            Self::Messages(rows) => of(rows),
            Self::Contacts(rows) => of(rows),
            Self::Participants(rows) => of(rows),
            Self::Media(rows) => of(rows),
            Self::Receipts(rows) => of(rows),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Rows and the cursor behind them: they commit together or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The rows of one or more pages of one stream.
    pub rows: Rows,
    /// Where the stream's cursor stands after them. `None` leaves the cursor alone, for rows that came
    /// beside it (the newest messages first). Of those, what it has passed and is not here stays away.
    pub cursor: Option<Seq>,
    /// The server's history that they belong to; empty where the server tells none.
    pub epoch: String,
    /// The time, in milliseconds.
    pub at: i64,
}

/// What a batch did, in rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Applied {
    /// New rows.
    pub saved: u64,
    /// Rows that replaced an older version.
    pub updated: u64,
    /// Rows that the mirror had, as they are or newer.
    pub unchanged: u64,
}

impl Mirror {
    /// Applies rows and moves the cursor, in one transaction.
    ///
    /// A row is applied where it is newer than the stored one, else it is counted as unchanged; so the
    /// order of arrival does not matter and everything may be replayed.
    ///
    /// # Errors
    /// `OtherEpoch` when the cursors belong to another history (call `restart_cursors`), `CursorBack`
    /// when the cursor would go back, and when there is no such integration or the mirror cannot be
    /// written. Nothing has changed then.
    pub async fn apply(&self, pk: IntegrationPk, batch: Batch) -> Result<Applied, Error> {
        self.write(move |writing| apply(writing, pk, batch)).await
    }
}

impl AddAssign for Applied {
    fn add_assign(&mut self, other: Self) {
        self.saved += other.saved;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
    }
}

/// By what a row is weighed against the one that is stored.
#[derive(Debug, Clone, Copy)]
struct Rule {
    /// The history that it belongs to.
    generation: i64,
    /// The server has just said that it is so: it also replaces what calls itself as new or newer, where
    /// they differ.
    mends: bool,
}

/// The version of a stored row.
#[derive(Debug, Clone, Copy)]
struct Held {
    pk: i64,
    generation: i64,
    seq: Seq,
}

impl Held {
    /// Whether a row of this generation and seq is later.
    const fn is_older_than(&self, generation: i64, seq: Seq) -> bool {
        generation > self.generation || (generation == self.generation && seq > self.seq)
    }

    /// Of `(pk, generation, seq)`.
    fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            pk: row.get(0)?,
            generation: row.get(1)?,
            seq: row.get(2)?,
        })
    }
}

/// What applying one row did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Saved,
    Updated,
    Unchanged,
}

impl Step {
    /// What will be done in the place of what is held.
    const fn over(held: Option<Held>, rule: Rule, seq: Seq) -> Self {
        match held {
            None => Self::Saved,
            Some(held) if rule.mends || held.is_older_than(rule.generation, seq) => Self::Updated,
            Some(_) => Self::Unchanged,
        }
    }

    /// What was done, where a statement has written so many rows: none where all was as it is.
    const fn as_written(self, rows: usize) -> Self {
        if rows == 0 { Self::Unchanged } else { self }
    }
}

impl Applied {
    const fn note(&mut self, step: Step) {
        match step {
            Step::Saved => self.saved += 1,
            Step::Updated => self.updated += 1,
            Step::Unchanged => self.unchanged += 1,
        }
    }
}

pub(crate) fn apply(
    writing: &mut Writing<'_>,
    integration: IntegrationPk,
    batch: Batch,
) -> Result<Applied, Error> {
    let (stream, pulled) = (batch.rows.stream(), batch.rows.len());
    let rows = match batch.cursor {
        Some(_) => batch.rows,
        None => {
            // First, since it refuses an account that is not there.
            writing.account(integration)?;
            passed::leave_out(writing, integration, batch.rows)?
        }
    };
    let applied = beside(writing, integration, rows, &batch.epoch, false)?;
    move_cursor(writing, integration, stream, batch.cursor, pulled, batch.at)?;
    Ok(applied)
}

/// Applies rows and leaves the cursor alone.
pub(crate) fn beside(
    writing: &mut Writing<'_>,
    integration: IntegrationPk,
    rows: Rows,
    epoch: &str,
    mends: bool,
) -> Result<Applied, Error> {
    let stream = rows.stream();
    // First, since it refuses an account that is not there.
    let generation = writing.account(integration)?.generation;
    check_epoch(writing, integration, epoch)?;
    let rule = Rule { generation, mends };
    let (rows, withdrawn) = withdrawn::split(rows);
    let gone = withdrawn::remove(writing, integration, rule, stream, &withdrawn)?;
    let mut applied = match rows {
        Rows::Conversations(rows) => each(rows, |row| {
            conversations::apply(writing, integration, rule, row)
        }),
        Rows::Messages(rows) => messages::apply(writing, integration, rule, rows),
        Rows::Contacts(rows) => each(rows, |row| contacts::apply(writing, integration, rule, row)),
        Rows::Participants(rows) => each(rows, |row| {
            participants::apply(writing, integration, rule, row)
        }),
        Rows::Media(rows) => each(rows, |row| media::apply(writing, integration, rule, row)),
        Rows::Receipts(rows) => each(rows, |row| receipts::apply(writing, integration, rule, row)),
    }?;
    writing.count(integration, stream, row::signed(applied.saved));
    applied += gone;
    writing.change(ChangeKind::SyncState, integration.0);
    Ok(applied)
}

/// Applies rows over whatever is held under their ids.
pub(crate) fn mend(
    writing: &mut Writing<'_>,
    integration: IntegrationPk,
    rows: Rows,
    epoch: &str,
) -> Result<Applied, Error> {
    beside(writing, integration, rows, epoch, true)
}

fn each<R>(
    rows: Vec<R>,
    mut apply: impl FnMut(&R) -> Result<Step, Error>,
) -> Result<Applied, Error> {
    let mut applied = Applied::default();
    for row in &rows {
        applied.note(apply(row)?);
    }
    Ok(applied)
}

/// Rows of another history must not be weighed against these cursors. A server that begins to tell an
/// epoch, or ceases to, has not changed its history by that.
fn check_epoch(
    writing: &Writing<'_>,
    integration: IntegrationPk,
    epoch: &str,
) -> Result<(), Error> {
    if epoch.is_empty() {
        return Ok(());
    }
    let held: Option<String> = writing
        .conn
        .prepare_cached("SELECT max(epoch) FROM sync_state WHERE integration_pk = ?1")?
        .query_row([integration], |row| row.get(0))
        .optional()?
        .flatten();
    match held.unwrap_or_default() {
        held if held == epoch => Ok(()),
        held if held.is_empty() => {
            writing
                .conn
                .prepare_cached("UPDATE sync_state SET epoch = ?2 WHERE integration_pk = ?1")?
                .execute((integration, epoch))?;
            Ok(())
        }
        _ => Err(Error::OtherEpoch),
    }
}

fn move_cursor(
    writing: &Writing<'_>,
    integration: IntegrationPk,
    stream: Stream,
    cursor: Option<Seq>,
    pulled: usize,
    at: i64,
) -> Result<(), Error> {
    let held: Seq = writing
        .conn
        .prepare_cached(
            "SELECT last_seq FROM sync_state WHERE integration_pk = ?1 AND stream = ?2",
        )?
        .query_row((integration, stream.name()), |row| row.get(0))?;
    let cursor = cursor.unwrap_or(held);
    if cursor < held {
        return Err(Error::CursorBack {
            held,
            given: cursor,
        });
    }
    writing
        .conn
        .prepare_cached(
            "UPDATE sync_state SET last_seq = ?3, rows_pulled = rows_pulled + ?4, last_sync_at = ?5 \
             WHERE integration_pk = ?1 AND stream = ?2",
        )?
        .execute((
            integration,
            stream.name(),
            cursor,
            row::signed(pulled),
            at,
        ))?;
    Ok(())
}

#[cfg(test)]
mod tests;
