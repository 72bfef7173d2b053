//! Conversations as they are kept.

use rusqlite::{Connection, Row, Statement, params};
use serde::{Deserialize, Serialize};
use threadkeep_protocol::{ConversationKind, IntegrationId, Stream, Timestamp, preview};

use super::{Head, Kept, Loaded, Message, earliest, latest, load, millis};
use crate::{
    error::StoreError,
    row::{CONVERSATION_KINDS, number_of, numbered, time_or_none_at},
};

/// How late something was said: as of a time, or without one, after all that had happened until then.
/// What was said later holds, whatever the order of arrival.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Said {
    pub at: Option<Timestamp>,
    pub untimed: bool,
}

impl Said {
    fn read(row: &Row<'_>, at: usize) -> rusqlite::Result<Self> {
        Ok(Self {
            at: time_or_none_at(row, at)?,
            untimed: row.get(at + 1)?,
        })
    }
}

/// A chat, group, broadcast or channel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Conversation {
    pub external_id: String,
    pub kind: ConversationKind,
    pub name: Option<String>,
    pub description: Option<String>,
    pub avatar_url: Option<String>,
    pub is_archived: bool,
    pub is_pinned: bool,
    pub is_muted: bool,
    pub mute_until: Option<Timestamp>,
    pub unread_count: i64,
    /// How late the unread count was said. Apart from `last_activity_at`, which messages move before
    /// anybody has said how many of them are unread.
    pub unread_said: Said,
    /// How late name, description and picture were said.
    pub names_said: Said,
    /// How late archived, pinned and muted were said.
    pub flags_said: Said,
    pub total_message_count: i64,
    pub last_message_at: Option<Timestamp>,
    pub last_message_external_id: String,
    pub last_message_preview: Option<String>,
    pub last_activity_at: Option<Timestamp>,
    pub oldest_message_at: Option<Timestamp>,
    pub history_complete: bool,
    /// Where messages may be missing, as `Coverage::gaps_text` writes it.
    pub gaps: String,
    pub merged_into: Option<i64>,
    pub is_deleted: bool,
    pub deleted_at: Option<Timestamp>,
    pub platform_metadata: String,
    /// Who knows it, as the column has it.
    pub origin: i64,
    pub is_withdrawn: bool,
    /// It has had messages without a platform's id.
    pub has_loose: bool,
}

macro_rules! columns {
    () => {
        "pk, seq, external_id, kind, name, description, avatar_url, is_archived, is_pinned, is_muted,
         mute_until, unread_count, unread_at, unread_untimed, named_at, named_untimed, flagged_at,
         flagged_untimed, total_message_count, last_message_at, last_message_external_id,
         last_message_preview, last_activity_at, oldest_message_at, history_complete, merged_into,
         is_deleted, deleted_at, platform_metadata, gaps, origin,
         is_withdrawn, has_loose"
    };
}

const BY_ADDRESS: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM conversations WHERE integration_id = ?1 AND external_id = ?2"
);

impl Conversation {
    /// One of which only the address is known.
    pub fn at(address: &str) -> Self {
        Self {
            external_id: address.to_owned(),
            kind: ConversationKind::of(address),
            ..Self::default()
        }
    }

    /// Derives what is shown of the newest and the oldest message. Of two messages of one time the
    /// one with the greater id is the newer, so that the order of arrival does not matter.
    pub fn show(&mut self, message: &Message) {
        let time = Some(message.timestamp);
        let newest = (self.last_message_at, self.last_message_external_id.as_str());
        if (time, message.external_id.as_str()) >= newest {
            self.last_message_at = time;
            if self.last_message_external_id != message.external_id {
                self.last_message_external_id
                    .clone_from(&message.external_id);
            }
            let text = preview(message.versions.content());
            self.last_message_preview = Some(text).filter(|text| !text.is_empty());
        }
        earliest(&mut self.oldest_message_at, time);
        latest(&mut self.last_activity_at, time);
    }
}

impl Kept for Conversation {
    type Key = String;
    const STREAM: Stream = Stream::Conversations;
    const BY_PK: &'static str = concat!("SELECT ", columns!(), " FROM conversations WHERE pk = ?1");
    const INSERT: &'static str = "INSERT INTO conversations (pk, id, integration_id, seq,
            created_at, updated_at, external_id, kind, name, description, avatar_url, is_archived,
            is_pinned, is_muted, mute_until, unread_count, unread_at, unread_untimed, named_at,
            named_untimed, flagged_at, flagged_untimed, total_message_count, last_message_at,
            last_message_external_id, last_message_preview, last_activity_at, oldest_message_at,
            history_complete, merged_into, is_deleted, deleted_at, platform_metadata, gaps,
            origin, is_withdrawn, has_loose)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
            ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36)";
    const UPDATE: &'static str = "UPDATE conversations SET seq = ?4,
            updated_at = CASE WHEN seq = ?4 THEN updated_at ELSE ?5 END, external_id = ?6,
            kind = ?7, name = ?8, description = ?9, avatar_url = ?10, is_archived = ?11,
            is_pinned = ?12, is_muted = ?13, mute_until = ?14, unread_count = ?15, unread_at = ?16,
            unread_untimed = ?17, named_at = ?18, named_untimed = ?19, flagged_at = ?20,
            flagged_untimed = ?21, total_message_count = ?22, last_message_at = ?23,
            last_message_external_id = ?24, last_message_preview = ?25, last_activity_at = ?26,
            oldest_message_at = ?27, history_complete = ?28, merged_into = ?29, is_deleted = ?30,
            deleted_at = ?31, platform_metadata = ?32, gaps = ?33, origin = ?34, is_withdrawn = ?35,
            has_loose = ?36
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
            kind: numbered(&CONVERSATION_KINDS, row.get(3)?, ConversationKind::Direct),
            name: row.get(4)?,
            description: row.get(5)?,
            avatar_url: row.get(6)?,
            is_archived: row.get(7)?,
            is_pinned: row.get(8)?,
            is_muted: row.get(9)?,
            mute_until: time_or_none_at(row, 10)?,
            unread_count: row.get(11)?,
            unread_said: Said::read(row, 12)?,
            names_said: Said::read(row, 14)?,
            flags_said: Said::read(row, 16)?,
            total_message_count: row.get(18)?,
            last_message_at: time_or_none_at(row, 19)?,
            last_message_external_id: row.get(20)?,
            last_message_preview: row.get(21)?,
            last_activity_at: time_or_none_at(row, 22)?,
            oldest_message_at: time_or_none_at(row, 23)?,
            history_complete: row.get(24)?,
            merged_into: row.get(25)?,
            is_deleted: row.get(26)?,
            deleted_at: time_or_none_at(row, 27)?,
            platform_metadata: row.get(28)?,
            gaps: row.get(29)?,
            origin: row.get(30)?,
            is_withdrawn: row.get(31)?,
            has_loose: row.get(32)?,
        })
    }

    fn is_withdrawn(&self) -> bool {
        self.is_withdrawn
    }

    fn looks_like(&self, other: &Self) -> bool {
        let mut other = other.clone();
        other.unread_said = self.unread_said;
        other.names_said = self.names_said;
        other.flags_said = self.flags_said;
        other.origin = self.origin;
        other.has_loose = self.has_loose;
        other
            .last_message_external_id
            .clone_from(&self.last_message_external_id);
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
            number_of(&CONVERSATION_KINDS, &self.kind),
            self.name,
            self.description,
            self.avatar_url,
            self.is_archived,
            self.is_pinned,
            self.is_muted,
            millis(self.mute_until),
            self.unread_count,
            millis(self.unread_said.at),
            self.unread_said.untimed,
            millis(self.names_said.at),
            self.names_said.untimed,
            millis(self.flags_said.at),
            self.flags_said.untimed,
            self.total_message_count,
            millis(self.last_message_at),
            self.last_message_external_id,
            self.last_message_preview,
            millis(self.last_activity_at),
            millis(self.oldest_message_at),
            self.history_complete,
            self.merged_into,
            self.is_deleted,
            millis(self.deleted_at),
            self.platform_metadata,
            self.gaps,
            self.origin,
            self.is_withdrawn,
            self.has_loose,
        ])?;
        Ok(())
    }
}
