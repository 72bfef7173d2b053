//! Contacts as they are kept.

use rusqlite::{Connection, Row, Statement, params};
use serde::{Deserialize, Serialize};
use threadkeep_protocol::{IntegrationId, Jid, Stream, Timestamp};

use super::{Head, Kept, Loaded, fill, latest, load, millis};
use crate::{error::StoreError, row::time_or_none_at};

/// A person, by address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    pub external_id: String,
    pub lid: Option<String>,
    pub display_name: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub push_name: Option<String>,
    /// The time of the message that set the push name, or when a contact record did.
    pub push_name_at: Option<Timestamp>,
    /// The push name that a contact record said last, so that the same one said again does not undo
    /// what a later message brought.
    pub push_name_said: Option<String>,
    pub phone_number: Option<String>,
    pub username: Option<String>,
    pub avatar_url: Option<String>,
    pub about: Option<String>,
    pub is_blocked: bool,
    pub is_favorite: bool,
    pub is_business: bool,
    pub last_seen: Option<Timestamp>,
    pub merged_into: Option<i64>,
    pub platform_metadata: String,
    /// Who knows it, as the column has it.
    pub origin: i64,
    pub is_withdrawn: bool,
}

macro_rules! columns {
    () => {
        "pk, seq, external_id, lid, display_name, first_name, last_name, push_name, push_name_at,
         push_name_said, phone_number, username, avatar_url, about, is_blocked, is_favorite,
         is_business, last_seen, merged_into, platform_metadata, origin, is_withdrawn"
    };
}

const BY_ADDRESS: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM contacts WHERE integration_id = ?1 AND external_id = ?2"
);

impl Contact {
    /// One of which only the address is known.
    pub fn at(address: &str) -> Self {
        let jid = Jid::new(address);
        Self {
            external_id: address.to_owned(),
            lid: jid.is_lid().then(|| address.to_owned()),
            phone_number: jid.phone_number(),
            ..Self::default()
        }
    }

    /// A name that a message brought: the newest message's holds. Of two of one time the greater
    /// name does, so that the order of arrival does not matter.
    pub fn call(&mut self, name: &str, at: Timestamp) -> bool {
        let known = (self.push_name_at, self.push_name.as_deref());
        if known.1.is_some() && (Some(at), Some(name)) <= known {
            return false;
        }
        let changed = (Some(at), Some(name)) != known;
        self.push_name = Some(name.to_owned());
        self.push_name_at = Some(at);
        changed
    }

    /// A name that a contact record says, which has no time: it is what holds now.
    pub fn call_now(&mut self, name: &str, now: Timestamp) -> bool {
        if self.push_name_said.as_deref() == Some(name) {
            return false;
        }
        self.push_name_said = Some(name.to_owned());
        self.push_name = Some(name.to_owned());
        self.push_name_at = Some(now);
        true
    }

    /// Takes in what was known under another address of the same person.
    pub fn absorb(&mut self, other: &Self) {
        for (field, value) in [
            (&mut self.lid, &other.lid),
            (&mut self.display_name, &other.display_name),
            (&mut self.first_name, &other.first_name),
            (&mut self.last_name, &other.last_name),
            (&mut self.push_name_said, &other.push_name_said),
            (&mut self.phone_number, &other.phone_number),
            (&mut self.username, &other.username),
            (&mut self.avatar_url, &other.avatar_url),
            (&mut self.about, &other.about),
        ] {
            fill(field, value.as_ref());
        }
        if let (Some(name), Some(at)) = (&other.push_name, other.push_name_at) {
            self.call(name, at);
        }
        self.is_blocked |= other.is_blocked;
        self.is_favorite |= other.is_favorite;
        self.is_business |= other.is_business;
        latest(&mut self.last_seen, other.last_seen);
        if self.platform_metadata.is_empty() {
            self.platform_metadata.clone_from(&other.platform_metadata);
        }
    }
}

impl Kept for Contact {
    type Key = String;
    const STREAM: Stream = Stream::Contacts;
    const BY_PK: &'static str = concat!("SELECT ", columns!(), " FROM contacts WHERE pk = ?1");
    const INSERT: &'static str = "INSERT INTO contacts (pk, id, integration_id, seq, created_at,
            updated_at, external_id, lid, display_name, first_name, last_name, push_name,
            push_name_at, push_name_said, phone_number, username, avatar_url, about, is_blocked,
            is_favorite, is_business, last_seen, merged_into, platform_metadata, origin, is_withdrawn)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
            ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)";
    const UPDATE: &'static str = "UPDATE contacts SET seq = ?4,
            updated_at = CASE WHEN seq = ?4 THEN updated_at ELSE ?5 END, external_id = ?6, lid = ?7,
            display_name = ?8, first_name = ?9, last_name = ?10, push_name = ?11,
            push_name_at = ?12, push_name_said = ?13, phone_number = ?14, username = ?15,
            avatar_url = ?16, about = ?17, is_blocked = ?18, is_favorite = ?19, is_business = ?20,
            last_seen = ?21, merged_into = ?22, platform_metadata = ?23, origin = ?24,
            is_withdrawn = ?25
         WHERE pk = ?1";

    fn key(&self) -> String {
        self.external_id.clone()
    }

    fn find(
        conn: &Connection,
        integration: IntegrationId,
        key: &String,
    ) -> Result<Option<Loaded<Self>>, StoreError> {
        load(conn, BY_ADDRESS, (integration, key))
    }

    fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            external_id: row.get(2)?,
            lid: row.get(3)?,
            display_name: row.get(4)?,
            first_name: row.get(5)?,
            last_name: row.get(6)?,
            push_name: row.get(7)?,
            push_name_at: time_or_none_at(row, 8)?,
            push_name_said: row.get(9)?,
            phone_number: row.get(10)?,
            username: row.get(11)?,
            avatar_url: row.get(12)?,
            about: row.get(13)?,
            is_blocked: row.get(14)?,
            is_favorite: row.get(15)?,
            is_business: row.get(16)?,
            last_seen: time_or_none_at(row, 17)?,
            merged_into: row.get(18)?,
            platform_metadata: row.get(19)?,
            origin: row.get(20)?,
            is_withdrawn: row.get(21)?,
        })
    }

    fn is_withdrawn(&self) -> bool {
        self.is_withdrawn
    }

    fn looks_like(&self, other: &Self) -> bool {
        let mut other = other.clone();
        other.push_name_at = self.push_name_at;
        other.origin = self.origin;
        other.push_name_said.clone_from(&self.push_name_said);
        *self == other
    }

    fn write(&self, statement: &mut Statement<'_>, head: &Head) -> Result<(), StoreError> {
        statement.execute(params![
            head.pk,
            head.id.as_bytes(),
            head.integration,
            head.seq,
            head.now.millis(),
            self.external_id,
            self.lid,
            self.display_name,
            self.first_name,
            self.last_name,
            self.push_name,
            millis(self.push_name_at),
            self.push_name_said,
            self.phone_number,
            self.username,
            self.avatar_url,
            self.about,
            self.is_blocked,
            self.is_favorite,
            self.is_business,
            millis(self.last_seen),
            self.merged_into,
            self.platform_metadata,
            self.origin,
            self.is_withdrawn,
        ])?;
        Ok(())
    }
}
