//! Rows that come beside the cursor when it has passed them.
//!
//! The newest messages are fetched while a pull goes on. What the server said of a row may be old by the time that it
//! comes here: the row may have been withdrawn meanwhile, and the pull may have brought that. A row that is gone has
//! no version left to weigh against, but the cursor has: were the row still what the page says, the pull would have
//! brought it on its way past the row's seq. So what the cursor has passed and is not here stays away; what became of
//! it has come, or comes behind the cursor.

use threadkeep_protocol::{Row, Seq};

use super::Rows;
use crate::{Error, IntegrationPk, writing::Writing};

/// Leaves out what the cursor has passed and is not here.
pub(super) fn leave_out(
    writing: &Writing<'_>,
    integration: IntegrationPk,
    rows: Rows,
) -> Result<Rows, Error> {
    match rows {
        Rows::Conversations(rows) => of(writing, integration, rows, Rows::Conversations),
        Rows::Messages(rows) => of(writing, integration, rows, Rows::Messages),
        Rows::Contacts(rows) => of(writing, integration, rows, Rows::Contacts),
        Rows::Participants(rows) => of(writing, integration, rows, Rows::Participants),
        Rows::Media(rows) => of(writing, integration, rows, Rows::Media),
        Rows::Receipts(rows) => of(writing, integration, rows, Rows::Receipts),
    }
}

fn of<R: Row>(
    writing: &Writing<'_>,
    integration: IntegrationPk,
    rows: Vec<R>,
    back: fn(Vec<R>) -> Rows,
) -> Result<Rows, Error> {
    let stream = R::STREAM;
    let cursor: Seq = writing
        .conn
        .prepare_cached(
            "SELECT last_seq FROM sync_state WHERE integration_pk = ?1 AND stream = ?2",
        )?
        .query_row((integration, stream.name()), |row| row.get(0))?;
    let mut known = writing.conn.prepare_cached(&format!(
        "SELECT 1 FROM {stream} WHERE id = ?1 AND integration_pk = ?2"
    ))?;
    let mut left = Vec::with_capacity(rows.len());
    for row in rows {
        if row.seq() > cursor || known.exists((row.id().as_bytes(), integration))? {
            left.push(row);
        }
    }
    Ok(back(left))
}
