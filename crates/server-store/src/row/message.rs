//! Messages as they leave.

use rusqlite::Row;
use threadkeep_protocol::{DeliveryStatus, Message, MessageKind, SyncSource, Timestamp};

use super::{
    id_at, json_at, json_length, numbered,
    sealed::{FromColumns, InChat},
    text_at, time_at, time_or_none_at,
};
use crate::{error::StoreError, page::Context, reaction, version, view::Attached};

/// What a row is made of, by name and in this order.
macro_rules! columns {
    () => {
        "id, seq, created_at, updated_at, conversation_pk, external_id, sender_external_id, \
         sender_display_name, kind, content, timestamp, edited_at, is_from_me, is_forwarded, \
         coalesce(is_starred, 0), is_deleted, deleted_at, reply_to_external_id, reply_to_preview, \
         delivery_status, reactions, versions, sync_source, platform_metadata, is_withdrawn"
    };
}

/// Takes a conversation, a place (time and key) and a limit; gives what lies before it, newest first, with
/// the key behind the columns.
pub const NEWEST_FIRST: &str = concat!(
    "SELECT ",
    columns!(),
    ", pk FROM messages
     WHERE conversation_pk = ?1 AND (timestamp, pk) < (?2, ?3) AND is_withdrawn = 0
     ORDER BY timestamp DESC, pk DESC LIMIT ?4"
);

impl FromColumns for Message {
    const SELECT: &'static str = concat!(
        "SELECT ",
        columns!(),
        " FROM messages WHERE integration_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3"
    );

    const ATTACHED: Option<InChat> = Some(InChat {
        what: Attached::Message,
        chat: 4,
        time: 10,
        seqs_of_chat: "SELECT seq FROM messages
             WHERE conversation_pk = ?1 AND timestamp >= ?2 AND timestamp < ?3
                AND seq > ?4 AND seq <= ?5",
    });

    fn read(row: &Row<'_>, context: &mut Context<'_>) -> Result<Self, StoreError> {
        let edited_at = time_or_none_at(row, 11)?;
        let is_from_me = row.get(12)?;
        let content: String = row.get(9)?;
        let status: Option<i64> = row.get(19)?;
        Ok(Self {
            id: id_at(row, 0)?,
            seq: row.get(1)?,
            created_at: time_or_none_at(row, 2)?,
            updated_at: time_or_none_at(row, 3)?,
            conversation_id: context.conversation_id(row.get(4)?)?,
            external_message_id: row.get(5)?,
            integration_type: context.integration_type.clone(),
            sender_external_id: row.get(6)?,
            sender_display_name: row.get(7)?,
            message_type: numbered(&MessageKind::ALL, row.get(8)?, MessageKind::Unknown),

            timestamp: time_at(row, 10)?,
            edited_at,
            is_from_me,
            is_forwarded: row.get(13)?,
            is_starred: row.get(14)?,
            is_deleted: row.get(15)?,
            deleted_at: time_or_none_at(row, 16)?,
            reply_to_external_id: row.get(17)?,
            reply_to_preview: row.get(18)?,
            delivery_status: status
                .filter(|_| is_from_me)
                .map(|n| numbered(&DeliveryStatus::ALL, n, DeliveryStatus::Sent)),
            reactions: reaction::on_the_wire(text_at(row, 20)?)?,
            edits: version::on_the_wire(
                text_at(row, 21)?,
                &content,
                edited_at.map(Timestamp::millis),
            )?,
            content,
            sync_source: numbered(&SyncSource::ALL, row.get(22)?, SyncSource::Realtime),
            platform_metadata: json_at(row, 23)?,
            is_withdrawn: row.get(24)?,
        })
    }

    fn weight(&self) -> usize {
        self.content.len()
            + self
                .edits
                .iter()
                .map(|edit| edit.content.len())
                .sum::<usize>()
            + json_length(self.platform_metadata.as_ref())
    }
}
