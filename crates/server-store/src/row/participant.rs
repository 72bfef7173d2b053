//! Participants as they leave.

use rusqlite::Row;
use threadkeep_protocol::{Participant, Role};

use super::{
    ROLES, id_at, id_or_none_at, json_at, json_length, numbered, sealed::FromColumns,
    time_or_none_at,
};
use crate::{error::StoreError, page::Context};

impl FromColumns for Participant {
    const SELECT: &'static str =
        "SELECT p.id, p.seq, p.created_at, p.updated_at, p.conversation_pk,
            c.id, p.external_id, p.role, p.joined_at, p.left_at, p.platform_metadata,
            p.is_withdrawn
         FROM participants AS p
         LEFT JOIN contacts AS c ON c.pk = p.contact_pk
         WHERE p.integration_id = ?1 AND p.seq > ?2 ORDER BY p.seq LIMIT ?3";

    fn read(row: &Row<'_>, context: &mut Context<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: id_at(row, 0)?,
            seq: row.get(1)?,
            created_at: time_or_none_at(row, 2)?,
            updated_at: time_or_none_at(row, 3)?,
            conversation_id: context.conversation_id(row.get(4)?)?,
            contact_id: id_or_none_at(row, 5)?,
            external_participant_id: row.get(6)?,
            role: numbered(&ROLES, row.get(7)?, Role::Member),
            joined_at: time_or_none_at(row, 8)?,
            left_at: time_or_none_at(row, 9)?,
            platform_metadata: json_at(row, 10)?,
            is_withdrawn: row.get(11)?,
        })
    }

    fn weight(&self) -> usize {
        json_length(self.platform_metadata.as_ref())
    }
}
