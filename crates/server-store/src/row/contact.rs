//! Contacts as they leave.

use rusqlite::Row;
use threadkeep_protocol::Contact;

use super::{
    id_at, id_or_none_at, json_at, json_length, length, sealed::FromColumns, time_or_none_at,
};
use crate::{error::StoreError, page::Context};

impl FromColumns for Contact {
    const SELECT: &'static str = "SELECT c.id, c.seq, c.created_at, c.updated_at, c.external_id,
            c.lid, c.display_name, c.first_name, c.last_name, c.push_name, c.phone_number,
            c.username, c.avatar_url, c.about, c.is_blocked, c.is_favorite, c.is_business,
            c.last_seen, winner.id, c.platform_metadata, c.is_withdrawn
         FROM contacts AS c
         LEFT JOIN contacts AS winner ON winner.pk = c.merged_into
         WHERE c.integration_id = ?1 AND c.seq > ?2 ORDER BY c.seq LIMIT ?3";

    fn read(row: &Row<'_>, context: &mut Context<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: id_at(row, 0)?,
            seq: row.get(1)?,
            created_at: time_or_none_at(row, 2)?,
            updated_at: time_or_none_at(row, 3)?,
            user_integration_id: Some(context.integration),
            external_contact_id: row.get(4)?,
            lid: row.get(5)?,
            integration_type: context.integration_type.clone(),
            display_name: row.get(6)?,
            first_name: row.get(7)?,
            last_name: row.get(8)?,
            push_name: row.get(9)?,
            phone_number: row.get(10)?,
            username: row.get(11)?,
            avatar_url: row.get(12)?,
            about: row.get(13)?,
            is_blocked: row.get(14)?,
            is_favorite: row.get(15)?,
            is_business: row.get(16)?,
            last_seen: time_or_none_at(row, 17)?,
            merged_into: id_or_none_at(row, 18)?,
            platform_metadata: json_at(row, 19)?,
            is_withdrawn: row.get(20)?,
        })
    }

    fn weight(&self) -> usize {
        length(self.display_name.as_ref())
            + length(self.push_name.as_ref())
            + length(self.about.as_ref())
            + json_length(self.platform_metadata.as_ref())
    }
}
