//! Neutral records: what translators emit and `POST /ingest` takes, keyed by external ids.
//!
//! Fields are named as in the streams. A record says what its source knows; a field that is absent
//! says nothing and changes nothing, so that a partial source never erases what a fuller one brought.

use serde::{Deserialize, Serialize};

use crate::{
    ConversationKind, DeliveryStatus, MessageEdit, MessageKind, MessageReaction, Metadata, Role,
    SyncSource, Timestamp,
};

/// One statement about a person's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Record {
    /// A conversation exists, or changed.
    Conversation(ConversationRecord),
    /// Somebody is in a group, or left it.
    Participant(ParticipantRecord),
    /// What is known of a person.
    Contact(ContactRecord),
    /// A message exists.
    Message(Box<MessageRecord>),
    /// A message's text was replaced.
    Edit(Edit),
    /// A message was deleted for everyone.
    Revoke(Revoke),
    /// Somebody reacted, or took a reaction back.
    Reaction(ReactionRecord),
    /// Somebody got or read a message.
    Receipt(ReceiptRecord),
    /// A message got further, or was starred.
    Status(StatusRecord),
    /// A hidden id and a phone address are one person.
    Address(Address),
    /// A feeder has passed a request for older messages on to the platform.
    HistoryAsked(HistoryAsked),
    /// The messages of this call are the answer to a request for older ones.
    HistoryResult(HistoryAnswer),
}

/// A conversation exists, or changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[allow(
    missing_docs,
    reason = "the fields are the protocol's, described there"
)]
pub struct ConversationRecord {
    pub external_conversation_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation_type: Option<ConversationKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_archived: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_pinned: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_muted: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mute_until: Option<Timestamp>,
    /// The unread count as it now is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unread_count: Option<i64>,
    /// How many unread messages came on top (a live client says it so). Counted once: only when
    /// `last_activity_at` is later than what is known, so that a replay adds nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unread_added: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_activity_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history_complete: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_deleted: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform_metadata: Option<Metadata>,
}

/// Somebody is in a group, or left it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[allow(
    missing_docs,
    reason = "the fields are the protocol's, described there"
)]
pub struct ParticipantRecord {
    pub external_conversation_id: String,
    pub external_participant_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joined_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_at: Option<Timestamp>,
    /// Left at a time that the source does not tell (`true`), or is back (`false`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_left: Option<bool>,
}

/// What is known of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[allow(
    missing_docs,
    reason = "the fields are the protocol's, described there"
)]
pub struct ContactRecord {
    pub external_contact_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub push_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_blocked: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_favorite: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_business: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform_metadata: Option<Metadata>,
}

/// A message exists. Said again about a message that is known, it fills what was missing and never
/// replaces a text: only an `Edit` does that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[allow(
    missing_docs,
    reason = "the fields are the protocol's, described there"
)]
pub struct MessageRecord {
    pub external_conversation_id: String,
    pub external_message_id: String,
    /// Absent for one's own messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_external_id: Option<String>,
    /// The name that the sender gives themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_display_name: Option<String>,
    #[serde(default)]
    pub message_type: MessageKind,
    #[serde(default)]
    pub content: String,
    pub timestamp: Timestamp,
    #[serde(default)]
    pub is_from_me: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_forwarded: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_starred: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_deleted: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<MessageEdit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to_external_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to_preview: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_status: Option<DeliveryStatus>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<MessageReaction>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub receipts: Vec<ReceiptTimes>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<MediaRecord>,
    #[serde(default)]
    pub sync_source: SyncSource,
    /// The source has no ids and rounds times (an exported text): `external_message_id` was made from the chat, the
    /// sender, the local minute, the text and the place among equals, and the same message may be known by its own id.
    #[serde(default, skip_serializing_if = "crate::row::is_false")]
    pub is_loose: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_metadata: Option<Metadata>,
}

/// The file of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[allow(
    missing_docs,
    reason = "the fields are the protocol's, described there"
)]
pub struct MediaRecord {
    pub media_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_size: Option<i64>,
    /// Of the plain bytes, in lower-case hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<i64>,
    /// In seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<i64>,
    /// Base64, at most 8 KiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<String>,
    /// Where and with which key the platform keeps the bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform_metadata: Option<Metadata>,
}

/// A message's text was replaced. The latest edit by `at` wins, whatever the order of arrival.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[allow(
    missing_docs,
    reason = "the fields are the protocol's, described there"
)]
pub struct Edit {
    pub external_conversation_id: String,
    pub external_message_id: String,
    pub content: String,
    pub at: Timestamp,
}

/// A message was deleted for everyone. Final: nothing brings the text back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[allow(
    missing_docs,
    reason = "the fields are the protocol's, described there"
)]
pub struct Revoke {
    pub external_conversation_id: String,
    pub external_message_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// Somebody reacted. An empty emoji takes the reaction back. The latest by `at` wins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[allow(
    missing_docs,
    reason = "the fields are the protocol's, described there"
)]
pub struct ReactionRecord {
    pub external_conversation_id: String,
    pub external_message_id: String,
    /// Who, or `ME`.
    pub sender_external_id: String,
    pub emoji: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// Who got and read a message, inside a message record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[allow(
    missing_docs,
    reason = "the fields are the protocol's, described there"
)]
pub struct ReceiptTimes {
    pub participant_external_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub played_at: Option<Timestamp>,
}

/// Somebody got or read a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[allow(
    missing_docs,
    reason = "the fields are the protocol's, described there"
)]
pub struct ReceiptRecord {
    pub external_conversation_id: String,
    pub external_message_id: String,
    #[serde(flatten)]
    pub receipt: ReceiptTimes,
}

/// A message got further, or was starred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[allow(
    missing_docs,
    reason = "the fields are the protocol's, described there"
)]
pub struct StatusRecord {
    pub external_conversation_id: String,
    pub external_message_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_status: Option<DeliveryStatus>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_starred: Option<bool>,
}

/// A hidden id and a phone address are one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Address {
    /// `…@lid`
    pub lid: String,
    /// `…@s.whatsapp.net`
    pub phone: String,
}

/// A feeder has passed a request on to the platform, which names its answer by a session of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HistoryAsked {
    /// The request's id, as the feeder got it.
    pub request: i64,
    /// What the platform's answer will carry (`peerDataRequestSessionId`).
    pub session: String,
}

/// Says that the messages of the same call answer a request for older ones. The request is found by its
/// id, else by the platform's session, else by the conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct HistoryAnswer {
    /// The request's id, as the feeder got it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<i64>,
    /// The platform's session, told before by a `history_asked`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The conversation that the answer is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_conversation_id: Option<String>,
    /// Nothing older exists.
    #[serde(skip_serializing_if = "crate::row::is_false")]
    pub complete: bool,
    /// Why the platform will never answer, in a sentence; then the request has failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}
