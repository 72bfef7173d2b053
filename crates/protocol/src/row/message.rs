//! What was said.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};

use super::{RawJson, is_false, or_default, row};
use crate::{Id, Seq, Timestamp};

/// A row of the stream `messages`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[allow(
    missing_docs,
    reason = "the fields are the protocol's, described there"
)]
pub struct Message {
    pub id: Id,
    pub seq: Seq,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    pub conversation_id: Id,
    /// Unique in its conversation only.
    pub external_message_id: String,
    #[serde(default, deserialize_with = "or_default")]
    pub integration_type: String,
    /// The sender's address; absent for one's own messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_external_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_display_name: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub message_type: MessageKind,
    /// The text, the caption, or the words that stand for the thing (a place's name, a poll's question).
    #[serde(default, deserialize_with = "or_default")]
    pub content: String,
    pub timestamp: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "is_false"
    )]
    pub is_from_me: bool,
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "is_false"
    )]
    pub is_forwarded: bool,
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "is_false"
    )]
    pub is_starred: bool,
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "is_false"
    )]
    pub is_deleted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to_external_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to_preview: Option<String>,
    /// Only for one's own messages, and only where the platform said so.
    #[serde(
        default,
        deserialize_with = "known_status",
        skip_serializing_if = "Option::is_none"
    )]
    pub delivery_status: Option<DeliveryStatus>,
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub reactions: Vec<MessageReaction>,
    /// Earlier texts, oldest first.
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub edits: Vec<MessageEdit>,
    #[serde(default, deserialize_with = "or_default")]
    pub sync_source: SyncSource,
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

row!(Message, Messages);

/// What kind of thing a message is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum MessageKind {
    Text,
    Image,
    Video,
    Audio,
    Voice,
    Document,
    Sticker,
    Location,
    Contact,
    Poll,
    Call,
    System,
    /// What nobody understood yet; kept raw in `platform_metadata`.
    #[default]
    #[serde(other)]
    Unknown,
}

impl MessageKind {
    /// All kinds; a kind's place is its number in a store, so new ones go to the end.
    pub const ALL: [Self; 13] = [
        Self::Text,
        Self::Image,
        Self::Video,
        Self::Audio,
        Self::Voice,
        Self::Document,
        Self::Sticker,
        Self::Location,
        Self::Contact,
        Self::Poll,
        Self::Call,
        Self::System,
        Self::Unknown,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Voice => "voice",
            Self::Document => "document",
            Self::Sticker => "sticker",
            Self::Location => "location",
            Self::Contact => "contact",
            Self::Poll => "poll",
            Self::Call => "call",
            Self::System => "system",
            Self::Unknown => "unknown",
        }
    }
}

/// How far one's own message got. It only moves forward: in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// Not sent yet.
    Pending,
    /// Sending failed.
    Failed,
    /// The platform has it.
    Sent,
    /// A device of the recipient has it.
    Delivered,
    /// Read.
    Read,
    /// Listened to or watched.
    Played,
}

impl DeliveryStatus {
    /// All, in the order in which a status moves.
    pub const ALL: [Self; 6] = [
        Self::Pending,
        Self::Failed,
        Self::Sent,
        Self::Delivered,
        Self::Read,
        Self::Played,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Failed => "failed",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Played => "played",
        }
    }
}

/// A status of a newer server is none that we know: the message counts for more.
fn known_status<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DeliveryStatus>, D::Error> {
    let name = Option::<Cow<'de, str>>::deserialize(deserializer)?;
    Ok(name.and_then(|name| {
        DeliveryStatus::ALL
            .into_iter()
            .find(|status| status.name() == name)
    }))
}

/// One person's reaction; a person has at most one to a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MessageReaction {
    /// Who, or `ME`.
    pub sender_external_id: String,
    /// With what.
    pub emoji: String,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// A text that a message had before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MessageEdit {
    /// The earlier text.
    pub content: String,
    /// When it was replaced.
    pub at: Timestamp,
}

/// How a message first came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum SyncSource {
    HistorySync,
    Backfill,
    Import,
    #[default]
    #[serde(other)]
    Realtime,
}

impl SyncSource {
    /// All; a source's place is its number in a store.
    pub const ALL: [Self; 4] = [
        Self::Realtime,
        Self::HistorySync,
        Self::Backfill,
        Self::Import,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Realtime => "realtime",
            Self::HistorySync => "history_sync",
            Self::Backfill => "backfill",
            Self::Import => "import",
        }
    }
}
