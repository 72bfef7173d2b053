//! Receipts as they leave.

use rusqlite::Row;
use threadkeep_protocol::Receipt;

use super::{
    id_at, json_at, json_length,
    sealed::{FromColumns, InChat},
    time_or_none_at,
};
use crate::{error::StoreError, page::Context, view::Attached};

impl FromColumns for Receipt {
    const SELECT: &'static str = "SELECT r.id, r.seq, r.created_at, r.updated_at, m.id,
            r.external_id, r.delivered_at, r.read_at, r.played_at, r.platform_metadata,
            m.conversation_pk, m.timestamp, r.is_withdrawn
         FROM receipts AS r
         JOIN messages AS m ON m.pk = r.message_pk
         WHERE r.integration_id = ?1 AND r.seq > ?2 ORDER BY r.seq LIMIT ?3";

    const ATTACHED: Option<InChat> = Some(InChat {
        what: Attached::Message,
        chat: 10,
        time: 11,
        seqs_of_chat: "SELECT r.seq FROM messages AS m JOIN receipts AS r ON r.message_pk = m.pk
             WHERE m.conversation_pk = ?1 AND m.timestamp >= ?2 AND m.timestamp < ?3
                AND r.seq > ?4 AND r.seq <= ?5",
    });

    fn read(row: &Row<'_>, _context: &mut Context<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: id_at(row, 0)?,
            seq: row.get(1)?,
            created_at: time_or_none_at(row, 2)?,
            updated_at: time_or_none_at(row, 3)?,
            message_id: id_at(row, 4)?,
            participant_external_id: row.get(5)?,
            delivered_at: time_or_none_at(row, 6)?,
            read_at: time_or_none_at(row, 7)?,
            played_at: time_or_none_at(row, 8)?,
            platform_metadata: json_at(row, 9)?,
            is_withdrawn: row.get(12)?,
        })
    }

    fn weight(&self) -> usize {
        json_length(self.platform_metadata.as_ref())
    }
}
