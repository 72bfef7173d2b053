//! When something was said: what a calendar of a chat asks.
//!
//! The asker says where its days or months begin, so that time zones and their summers stay where they are
//! known, and each stretch is one seek in the reading index: a month is thirty seeks in a chat of ten
//! messages and in one of a million. A stored table of days would have to know the zone.

use rusqlite::Connection;

use crate::{ConversationPk, Error, Mirror};

pub(super) const WITHIN: &str = "SELECT EXISTS (SELECT 1 FROM messages \
     WHERE conversation_pk = ?1 AND timestamp >= ?2 AND timestamp < ?3)";

impl Mirror {
    /// Whether something was said between each bound and the next, in milliseconds: one answer fewer than
    /// bounds.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn activity(
        &self,
        chat: ConversationPk,
        bounds: Vec<i64>,
    ) -> Result<Vec<bool>, Error> {
        self.read(move |conn| activity(conn, chat, &bounds)).await
    }
}

fn activity(conn: &Connection, chat: ConversationPk, bounds: &[i64]) -> Result<Vec<bool>, Error> {
    let mut within = conn.prepare_cached(WITHIN)?;
    bounds
        .windows(2)
        .map(|stretch| Ok(within.query_row((chat, stretch[0], stretch[1]), |row| row.get(0))?))
        .collect()
}
