//! Participants as they are kept.

use rusqlite::{Connection, Row, Statement, params};
use serde::{Deserialize, Serialize};
use threadkeep_protocol::{IntegrationId, Role, Stream, Timestamp};

use super::{Head, Kept, Loaded, earliest, load, millis};
use crate::{
    error::StoreError,
    row::{ROLES, number_of, numbered, time_or_none_at},
};

/// Somebody in a group, or who was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Participant {
    pub conversation_pk: i64,
    pub contact_pk: Option<i64>,
    pub external_id: String,
    pub role: Role,
    pub joined_at: Option<Timestamp>,
    pub left_at: Option<Timestamp>,
    pub platform_metadata: String,
    /// Who knows it, as the column has it.
    pub origin: i64,
    pub is_withdrawn: bool,
}

macro_rules! columns {
    () => {
        "pk, seq, conversation_pk, contact_pk, external_id, role, joined_at, left_at,
         platform_metadata, origin, is_withdrawn"
    };
}

const BY_ADDRESS: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM participants WHERE conversation_pk = ?1 AND external_id = ?2"
);

impl Participant {
    /// Takes in what was known under another address of the same person: the higher role, the first
    /// joining, and that they are in the group if they are under either.
    pub fn take_over(&mut self, other: &Self) {
        if number_of(&ROLES, &other.role) > number_of(&ROLES, &self.role) {
            self.role = other.role;
        }
        earliest(&mut self.joined_at, other.joined_at);
        self.left_at = self
            .left_at
            .zip(other.left_at)
            .map(|(one, two)| one.max(two));
    }
}

impl Kept for Participant {
    type Key = (i64, String);
    const STREAM: Stream = Stream::Participants;
    const BY_PK: &'static str = concat!("SELECT ", columns!(), " FROM participants WHERE pk = ?1");
    const INSERT: &'static str =
        "INSERT INTO participants (pk, id, integration_id, seq, created_at,
            updated_at, conversation_pk, contact_pk, external_id, role, joined_at, left_at,
            platform_metadata, origin, is_withdrawn)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
    const UPDATE: &'static str = "UPDATE participants SET seq = ?4,
            updated_at = CASE WHEN seq = ?4 THEN updated_at ELSE ?5 END, conversation_pk = ?6,
            contact_pk = ?7, external_id = ?8, role = ?9, joined_at = ?10, left_at = ?11,
            platform_metadata = ?12, origin = ?13, is_withdrawn = ?14
         WHERE pk = ?1";

    fn key(&self) -> (i64, String) {
        (self.conversation_pk, self.external_id.clone())
    }

    fn find(
        conn: &Connection,
        _integration: IntegrationId,
        key: &(i64, String),
    ) -> Result<Option<Loaded<Self>>, StoreError> {
        load(conn, BY_ADDRESS, (key.0, &key.1))
    }

    fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            conversation_pk: row.get(2)?,
            contact_pk: row.get(3)?,
            external_id: row.get(4)?,
            role: numbered(&ROLES, row.get(5)?, Role::Member),
            joined_at: time_or_none_at(row, 6)?,
            left_at: time_or_none_at(row, 7)?,
            platform_metadata: row.get(8)?,
            origin: row.get(9)?,
            is_withdrawn: row.get(10)?,
        })
    }

    fn is_withdrawn(&self) -> bool {
        self.is_withdrawn
    }

    fn looks_like(&self, other: &Self) -> bool {
        let mut other = other.clone();
        other.origin = self.origin;
        *self == other
    }

    fn write(&self, statement: &mut Statement<'_>, head: &Head) -> Result<(), StoreError> {
        statement.execute(params![
            head.pk,
            head.id.as_bytes(),
            head.integration,
            head.seq,
            head.now.millis(),
            self.conversation_pk,
            self.contact_pk,
            self.external_id,
            number_of(&ROLES, &self.role),
            millis(self.joined_at),
            millis(self.left_at),
            self.platform_metadata,
            self.origin,
            self.is_withdrawn,
        ])?;
        Ok(())
    }
}
