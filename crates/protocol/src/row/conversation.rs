//! A chat, group, broadcast or channel.

use serde::{Deserialize, Serialize};

use super::{RawJson, is_false, or_default, row};
use crate::{Id, IntegrationId, Jid, Seq, Timestamp};

/// A row of the stream `conversations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[allow(
    missing_docs,
    reason = "the fields are the protocol's, described there"
)]
pub struct Conversation {
    pub id: Id,
    pub seq: Seq,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_integration_id: Option<IntegrationId>,
    /// The platform's address of the conversation (a JID).
    pub external_conversation_id: String,
    #[serde(default, deserialize_with = "or_default")]
    pub integration_type: String,
    #[serde(default, deserialize_with = "or_default")]
    pub conversation_type: ConversationKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "is_false"
    )]
    pub is_archived: bool,
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "is_false"
    )]
    pub is_pinned: bool,
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "is_false"
    )]
    pub is_muted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mute_until: Option<Timestamp>,
    #[serde(default, deserialize_with = "or_default")]
    pub unread_count: i64,
    #[serde(default, deserialize_with = "or_default")]
    pub total_message_count: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_message_at: Option<Timestamp>,
    /// At most `PREVIEW_CHARS` characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_message_preview: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_activity_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_message_at: Option<Timestamp>,
    /// Nothing older exists on the platform.
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "is_false"
    )]
    pub history_complete: bool,
    /// Stretches of time, oldest first, of which it is not known that all messages are here: behind the
    /// first time and before the second. Between them nothing is missing.
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub gaps: Vec<(Timestamp, Timestamp)>,
    /// The conversation that this one turned out to be; its messages have moved there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<Id>,
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "is_false"
    )]
    pub is_deleted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Timestamp>,
    /// What told of it was taken back. Whoever has the row drops it, and digests leave it out.
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "is_false"
    )]
    pub is_withdrawn: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_metadata: Option<RawJson>,
}

row!(Conversation, Conversations);

/// What kind of conversation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConversationKind {
    /// Many to many.
    Group,
    /// One to many, such as status updates.
    Broadcast,
    /// A public channel.
    Channel,
    /// One to one; also what a newer server says and we do not know.
    #[default]
    #[serde(other)]
    Direct,
}

impl ConversationKind {
    /// What an address is the address of.
    #[must_use]
    pub fn of(address: &str) -> Self {
        match Jid::new(address).server() {
            "g.us" => Self::Group,
            "broadcast" => Self::Broadcast,
            "newsletter" => Self::Channel,
            _ => Self::Direct,
        }
    }
}
