//! What a conversation shows of its newest and its oldest message, after one of them has gone.

use rusqlite::OptionalExtension;
use threadkeep_protocol::Timestamp;

use super::call::Call;
use crate::{error::StoreError, kept::Conversation};

const NEWEST: &str = "SELECT pk FROM messages WHERE conversation_pk = ?1 AND is_withdrawn = 0
     ORDER BY timestamp DESC, external_id DESC LIMIT 1";
const OLDEST: &str =
    "SELECT timestamp FROM messages WHERE conversation_pk = ?1 AND is_withdrawn = 0
     ORDER BY timestamp LIMIT 1";

impl Call<'_> {
    /// Derives it anew from the file, so the rows must have been written; writes what differs.
    pub fn reshow(&mut self) -> Result<(), StoreError> {
        for conversation in std::mem::take(&mut self.reshown) {
            let newest: Option<i64> = self
                .conn
                .prepare_cached(NEWEST)?
                .query_row([conversation], |row| row.get(0))
                .optional()?;
            let oldest: Option<i64> = self
                .conn
                .prepare_cached(OLDEST)?
                .query_row([conversation], |row| row.get(0))
                .optional()?;
            let row = self.conversation(conversation)?;
            let was_active = row.last_activity_at == row.last_message_at;
            row.last_message_at = None;
            row.last_message_external_id.clear();
            row.last_message_preview = None;
            row.oldest_message_at = oldest.map(Timestamp::from_millis);
            if was_active {
                row.last_activity_at = None;
            }
            if let Some(newest) = newest {
                self.show(newest)?;
            }
        }
        self.flush()
    }
}

impl Conversation {
    /// Whether nothing is in it.
    pub const fn is_empty(&self) -> bool {
        self.total_message_count == 0
    }
}
