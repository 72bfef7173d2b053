//! What the mirror says of rows of the index: whether there is still such a message, when it was sent, where.

use rusqlite::Connection;

use crate::{ConversationPk, Error, MessageKey, MessagePk};

/// Messages that one statement looks at. A day may have any number of them.
const AT_ONCE: usize = 1_000;

/// A message that the index gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) key: MessageKey,
    pub(super) chat: ConversationPk,
}

/// The messages that are there, in any order; none of an account that is being removed.
pub(super) fn read(conn: &Connection, pks: &[MessagePk]) -> Result<Vec<Candidate>, Error> {
    let mut select = conn.prepare_cached(
        "SELECT m.pk, m.timestamp, m.conversation_pk \
         FROM json_each(?1) AS w CROSS JOIN messages AS m ON m.pk = w.value \
         WHERE m.integration_pk NOT IN (SELECT pk FROM integrations WHERE removing = 1)",
    )?;
    let mut candidates = Vec::with_capacity(pks.len());
    for pks in pks.chunks(AT_ONCE) {
        let mut rows = select.query([serde_json::to_string(pks)?])?;
        while let Some(row) = rows.next()? {
            candidates.push(Candidate {
                key: MessageKey {
                    timestamp: row.get(1)?,
                    pk: row.get(0)?,
                },
                chat: row.get(2)?,
            });
        }
    }
    Ok(candidates)
}
