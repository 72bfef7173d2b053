//! Messages as they are kept.

use rusqlite::{Connection, Row, Statement, params};
use serde::{Deserialize, Serialize};
use threadkeep_protocol::{
    DeliveryStatus, IntegrationId, MessageKind, Stream, SyncSource, Timestamp,
};

use super::{Head, Kept, Loaded, earliest, load, millis};
use crate::{
    error::StoreError,
    reaction::Reactions,
    row::{number_of, numbered, text_at, time_or_none_at},
    version::Versions,
};

/// What was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    #[serde(skip)]
    pub conversation_pk: i64,
    pub external_id: String,
    pub sender: Option<String>,
    pub sender_display_name: Option<String>,
    pub kind: MessageKind,
    pub versions: Versions,
    pub timestamp: Timestamp,
    pub is_from_me: bool,
    pub is_forwarded: bool,
    /// `None`: nobody has said.
    pub is_starred: Option<bool>,
    pub is_deleted: bool,
    pub deleted_at: Option<Timestamp>,
    /// The time of deletion was told rather than taken from the clock.
    pub deleted_at_told: bool,
    pub reply_to_external_id: Option<String>,
    pub reply_to_preview: Option<String>,
    /// Kept for any message, shown for one's own.
    pub delivery_status: Option<DeliveryStatus>,
    pub reactions: Reactions,
    pub sync_source: SyncSource,
    pub platform_metadata: String,
    /// Only sources without ids know it.
    pub is_loose: bool,
    /// Who knows it, as the column has it.
    #[serde(skip)]
    pub origin: i64,
    #[serde(skip)]
    pub is_withdrawn: bool,
}

macro_rules! columns {
    () => {
        "pk, seq, conversation_pk, external_id, sender_external_id, sender_display_name, kind,
         content, timestamp, edited_at, is_from_me, is_forwarded, is_starred, is_deleted,
         deleted_at, deleted_at_told, reply_to_external_id, reply_to_preview, delivery_status,
         reactions, versions, sync_source, platform_metadata, is_loose, origin, is_withdrawn"
    };
}

const BY_EXTERNAL_ID: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM messages WHERE conversation_pk = ?1 AND external_id = ?2"
);

impl Message {
    /// The row with its name and its place, of which nobody has said anything.
    pub fn unsaid(&self) -> Self {
        Self {
            sender: None,
            sender_display_name: None,
            versions: Versions::default(),
            is_forwarded: false,
            is_starred: None,
            is_deleted: false,
            deleted_at: None,
            deleted_at_told: false,
            reply_to_external_id: None,
            reply_to_preview: None,
            delivery_status: None,
            reactions: Reactions::default(),
            platform_metadata: String::new(),
            is_loose: false,
            ..self.clone()
        }
    }

    /// Takes the text away for good. The time that was told, the earliest of several, comes before
    /// the clock's.
    pub fn revoke(&mut self, at: Option<Timestamp>, now: Timestamp) -> bool {
        let mut changed = !self.is_deleted;
        if changed {
            self.is_deleted = true;
            self.deleted_at = Some(now);
            self.deleted_at_told = false;
            self.versions = Versions::default();
            self.platform_metadata.clear();
        }
        match at {
            Some(_) if self.deleted_at_told => changed |= earliest(&mut self.deleted_at, at),
            Some(_) => {
                self.deleted_at = at;
                self.deleted_at_told = true;
                changed = true;
            }
            None => {}
        }
        changed
    }

    /// A status only moves forward.
    pub fn advance(&mut self, status: Option<DeliveryStatus>) -> bool {
        let further = status > self.delivery_status;
        if further {
            self.delivery_status = status;
        }
        further
    }

    /// Whom it names.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        self.sender
            .as_deref()
            .into_iter()
            .chain(self.reactions.senders())
    }
}

impl Kept for Message {
    type Key = (i64, String);
    const STREAM: Stream = Stream::Messages;
    const BY_PK: &'static str = concat!("SELECT ", columns!(), " FROM messages WHERE pk = ?1");
    const INSERT: &'static str = "INSERT INTO messages (pk, id, integration_id, seq, created_at,
            updated_at, conversation_pk, external_id, sender_external_id, sender_display_name, kind,
            content, timestamp, edited_at, is_from_me, is_forwarded, is_starred, is_deleted,
            deleted_at, deleted_at_told, reply_to_external_id, reply_to_preview, delivery_status,
            reactions, versions, sync_source, platform_metadata, is_loose, origin, is_withdrawn)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
            ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29)";
    const UPDATE: &'static str = "UPDATE messages SET seq = ?4,
            updated_at = CASE WHEN seq = ?4 THEN updated_at ELSE ?5 END, conversation_pk = ?6,
            external_id = ?7, sender_external_id = ?8, sender_display_name = ?9, kind = ?10,
            content = ?11, timestamp = ?12, edited_at = ?13, is_from_me = ?14, is_forwarded = ?15,
            is_starred = ?16, is_deleted = ?17, deleted_at = ?18, deleted_at_told = ?19,
            reply_to_external_id = ?20, reply_to_preview = ?21, delivery_status = ?22,
            reactions = ?23, versions = ?24, sync_source = ?25, platform_metadata = ?26,
            is_loose = ?27, origin = ?28, is_withdrawn = ?29
         WHERE pk = ?1";

    fn key(&self) -> (i64, String) {
        (self.conversation_pk, self.external_id.clone())
    }

    fn find(
        conn: &Connection,
        _integration: IntegrationId,
        key: &(i64, String),
    ) -> Result<Option<Loaded<Self>>, StoreError> {
        load(conn, BY_EXTERNAL_ID, (key.0, &key.1))
    }

    fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        let status: Option<i64> = row.get(18)?;
        Ok(Self {
            conversation_pk: row.get(2)?,
            external_id: row.get(3)?,
            sender: row.get(4)?,
            sender_display_name: row.get(5)?,
            kind: numbered(&MessageKind::ALL, row.get(6)?, MessageKind::Unknown),
            versions: Versions::read(text_at(row, 20)?, row.get(7)?, row.get(9)?)?,
            timestamp: Timestamp::from_millis(row.get(8)?),
            is_from_me: row.get(10)?,
            is_forwarded: row.get(11)?,
            is_starred: row.get(12)?,
            is_deleted: row.get(13)?,
            deleted_at: time_or_none_at(row, 14)?,
            deleted_at_told: row.get(15)?,
            reply_to_external_id: row.get(16)?,
            reply_to_preview: row.get(17)?,
            delivery_status: status
                .map(|n| numbered(&DeliveryStatus::ALL, n, DeliveryStatus::Sent)),
            reactions: Reactions::read(text_at(row, 19)?)?,
            sync_source: numbered(&SyncSource::ALL, row.get(21)?, SyncSource::Realtime),
            platform_metadata: row.get(22)?,
            is_loose: row.get(23)?,
            origin: row.get(24)?,
            is_withdrawn: row.get(25)?,
        })
    }

    fn is_withdrawn(&self) -> bool {
        self.is_withdrawn
    }

    fn looks_like(&self, other: &Self) -> bool {
        let mut other = other.clone();
        other.deleted_at_told = self.deleted_at_told;
        other.is_loose = self.is_loose;
        other.origin = self.origin;
        if other.is_starred.unwrap_or_default() == self.is_starred.unwrap_or_default() {
            other.is_starred = self.is_starred;
        }
        if !self.is_from_me && !other.is_from_me {
            other.delivery_status = self.delivery_status;
        }
        if other.reactions != self.reactions
            && other.reactions.clone().in_force() == self.reactions.clone().in_force()
        {
            other.reactions = self.reactions.clone();
        }
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
            self.external_id,
            self.sender,
            self.sender_display_name,
            number_of(&MessageKind::ALL, &self.kind),
            self.versions.content(),
            self.timestamp.millis(),
            self.versions.edited_at(),
            self.is_from_me,
            self.is_forwarded,
            self.is_starred,
            self.is_deleted,
            millis(self.deleted_at),
            self.deleted_at_told,
            self.reply_to_external_id,
            self.reply_to_preview,
            self.delivery_status
                .map(|status| number_of(&DeliveryStatus::ALL, &status)),
            self.reactions.write()?,
            self.versions.earlier()?,
            number_of(&SyncSource::ALL, &self.sync_source),
            self.platform_metadata,
            self.is_loose,
            self.origin,
            self.is_withdrawn,
        ])?;
        Ok(())
    }
}
