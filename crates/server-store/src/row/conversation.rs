//! Conversations as they leave.

use rusqlite::Row;
use threadkeep_protocol::{Conversation, ConversationKind, Timestamp};

use super::{
    CONVERSATION_KINDS, id_at, id_or_none_at, json_at, json_length, length, numbered,
    sealed::FromColumns, text_at, time_or_none_at,
};
use crate::{error::StoreError, page::Context};

impl FromColumns for Conversation {
    const SELECT: &'static str = "SELECT c.id, c.seq, c.created_at, c.updated_at, c.external_id,
            c.kind, c.name, c.description, c.avatar_url, c.is_archived, c.is_pinned, c.is_muted,
            c.mute_until, c.unread_count, c.total_message_count, c.last_message_at,
            c.last_message_preview, c.last_activity_at, c.oldest_message_at, c.history_complete,
            winner.id, c.is_deleted, c.deleted_at, c.platform_metadata, c.gaps, c.is_withdrawn
         FROM conversations AS c
         LEFT JOIN conversations AS winner ON winner.pk = c.merged_into
         WHERE c.integration_id = ?1 AND c.seq > ?2 ORDER BY c.seq LIMIT ?3";

    fn read(row: &Row<'_>, context: &mut Context<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: id_at(row, 0)?,
            seq: row.get(1)?,
            created_at: time_or_none_at(row, 2)?,
            updated_at: time_or_none_at(row, 3)?,
            user_integration_id: Some(context.integration),
            external_conversation_id: row.get(4)?,
            integration_type: context.integration_type.clone(),
            conversation_type: numbered(&CONVERSATION_KINDS, row.get(5)?, ConversationKind::Direct),
            name: row.get(6)?,
            description: row.get(7)?,
            avatar_url: row.get(8)?,
            is_archived: row.get(9)?,
            is_pinned: row.get(10)?,
            is_muted: row.get(11)?,
            mute_until: time_or_none_at(row, 12)?,
            unread_count: row.get(13)?,
            total_message_count: row.get(14)?,
            last_message_at: time_or_none_at(row, 15)?,
            last_message_preview: row.get(16)?,
            last_activity_at: time_or_none_at(row, 17)?,
            oldest_message_at: time_or_none_at(row, 18)?,
            history_complete: row.get(19)?,
            merged_into: id_or_none_at(row, 20)?,
            is_deleted: row.get(21)?,
            deleted_at: time_or_none_at(row, 22)?,
            platform_metadata: json_at(row, 23)?,
            gaps: gaps_at(row, 24)?,
            is_withdrawn: row.get(25)?,
        })
    }

    fn weight(&self) -> usize {
        length(self.name.as_ref())
            + length(self.description.as_ref())
            + json_length(self.platform_metadata.as_ref())
    }
}

/// The gaps, from their pairs of milliseconds.
fn gaps_at(row: &Row<'_>, column: usize) -> Result<Vec<(Timestamp, Timestamp)>, StoreError> {
    let text = text_at(row, column)?;
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let pairs: Vec<(i64, i64)> = serde_json::from_str(text)?;
    let time = Timestamp::from_millis;
    Ok(pairs
        .into_iter()
        .map(|(after, before)| (time(after), time(before)))
        .collect())
}
