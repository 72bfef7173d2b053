//! Media as they leave.

use rusqlite::Row;
use threadkeep_protocol::Media;

use super::{
    id_at, json_at, json_length, length,
    sealed::{FromColumns, InChat},
    time_or_none_at,
};
use crate::{error::StoreError, page::Context, view::Attached};

impl FromColumns for Media {
    const SELECT: &'static str = "SELECT f.id, f.seq, f.created_at, f.updated_at, m.id,
            f.media_type, f.mime_type, f.file_name, f.file_size, f.sha256, f.width, f.height,
            f.duration, f.has_content, f.thumbnail, f.platform_metadata,
            m.conversation_pk, m.timestamp, f.is_withdrawn
         FROM media AS f
         JOIN messages AS m ON m.pk = f.message_pk
         WHERE f.integration_id = ?1 AND f.seq > ?2 ORDER BY f.seq LIMIT ?3";

    const ATTACHED: Option<InChat> = Some(InChat {
        what: Attached::File,
        chat: 16,
        time: 17,
        seqs_of_chat: "SELECT f.seq FROM messages AS m JOIN media AS f ON f.message_pk = m.pk
             WHERE m.conversation_pk = ?1 AND m.timestamp >= ?2 AND m.timestamp < ?3
                AND f.seq > ?4 AND f.seq <= ?5",
    });

    fn read(row: &Row<'_>, _context: &mut Context<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: id_at(row, 0)?,
            seq: row.get(1)?,
            created_at: time_or_none_at(row, 2)?,
            updated_at: time_or_none_at(row, 3)?,
            message_id: id_at(row, 4)?,
            media_type: row.get(5)?,
            mime_type: row.get(6)?,
            file_name: row.get(7)?,
            file_size: row.get(8)?,
            sha256: row.get(9)?,
            width: row.get(10)?,
            height: row.get(11)?,
            duration: row.get(12)?,
            has_content: row.get(13)?,
            thumbnail: row.get(14)?,
            platform_metadata: json_at(row, 15)?,
            is_withdrawn: row.get(18)?,
        })
    }

    fn weight(&self) -> usize {
        length(self.thumbnail.as_ref())
            + length(self.file_name.as_ref())
            + json_length(self.platform_metadata.as_ref())
    }
}
