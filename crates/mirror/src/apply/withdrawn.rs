//! Rows that the server has withdrawn: all that told of them was taken back there, and they go here too.
//!
//! A withdrawn message takes with it the files and receipts that hang on it; their own rows say so as well,
//! and find nothing. What has never come leaves nothing behind.

use rusqlite::OptionalExtension;
use threadkeep_protocol::{Id, Row, Seq, Stream};

use super::{Applied, Held, Rows, Rule, Step};
use crate::{Error, IntegrationPk, digest::InBucket, mend, row, writing::Writing};

/// Parts the rows that are withdrawn from the others.
pub(super) fn split(rows: Rows) -> (Rows, Vec<(Id, Seq)>) {
    fn part<R: Row>(
        rows: Vec<R>,
        is_withdrawn: fn(&R) -> bool,
        back: fn(Vec<R>) -> Rows,
    ) -> (Rows, Vec<(Id, Seq)>) {
        if !rows.iter().any(is_withdrawn) {
            return (back(rows), Vec::new());
        }
        let (gone, here): (Vec<_>, Vec<_>) = rows.into_iter().partition(is_withdrawn);
        let gone = gone.iter().map(|row| (row.id(), row.seq())).collect();
        (back(here), gone)
    }
    match rows {
        Rows::Conversations(rows) => part(rows, |row| row.is_withdrawn, Rows::Conversations),
        Rows::Messages(rows) => part(rows, |row| row.is_withdrawn, Rows::Messages),
        Rows::Contacts(rows) => part(rows, |row| row.is_withdrawn, Rows::Contacts),
        Rows::Participants(rows) => part(rows, |row| row.is_withdrawn, Rows::Participants),
        Rows::Media(rows) => part(rows, |row| row.is_withdrawn, Rows::Media),
        Rows::Receipts(rows) => part(rows, |row| row.is_withdrawn, Rows::Receipts),
    }
}

/// Deletes those that are held in an older version.
pub(super) fn remove(
    writing: &mut Writing<'_>,
    integration: IntegrationPk,
    rule: Rule,
    stream: Stream,
    withdrawn: &[(Id, Seq)],
) -> Result<Applied, Error> {
    let conn = writing.conn;
    let mut applied = Applied::default();
    for &(id, seq) in withdrawn {
        let held = conn
            .prepare_cached(&format!(
                "SELECT pk, generation, seq FROM {stream} WHERE id = ?1 AND integration_pk = ?2"
            ))?
            .query_row((id.as_bytes(), integration), Held::from_row)
            .optional()?
            // What is only awaited is not there.
            .filter(|held| held.seq >= 0);
        let step = match held {
            Some(held) if Step::over(Some(held), rule, seq) == Step::Updated => {
                if stream == Stream::Messages {
                    remove_attached(writing, integration, held.pk)?;
                }
                let row = InBucket {
                    pk: held.pk,
                    id,
                    seq: held.seq,
                };
                mend::remove(writing, integration, stream, &row)?;
                writing.count(integration, stream, -1);
                Step::Updated
            }
            _ => Step::Unchanged,
        };
        applied.note(step);
    }
    if applied.updated > 0 {
        writing.forget(integration);
    }
    Ok(applied)
}

fn remove_attached(
    writing: &mut Writing<'_>,
    integration: IntegrationPk,
    message: i64,
) -> Result<(), Error> {
    for stream in [Stream::Media, Stream::Receipts] {
        let gone = writing
            .conn
            .prepare_cached(&format!("DELETE FROM {stream} WHERE message_pk = ?1"))?
            .execute([message])?;
        writing.count(integration, stream, -row::signed(gone));
    }
    Ok(())
}
