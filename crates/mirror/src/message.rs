//! Reading a chat: windows of messages by keyset, in both directions.

mod activity;
mod names;
mod quoted;
pub(crate) mod read;
mod window;

pub use quoted::{Quoted, QuotedRow};

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use threadkeep_protocol::{DeliveryStatus, Id, MessageEdit, MessageKind, SyncSource};

use crate::{ConversationPk, Error, LocalState, MediaPk, MessagePk, Mirror};

/// A place between the messages of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MessageKey {
    pub(crate) timestamp: i64,
    pub(crate) pk: MessagePk,
}

/// The text is no place in a chat.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no place in a chat")]
pub struct BadKey(String);

impl fmt::Display for MessageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.timestamp, self.pk)
    }
}

impl FromStr for MessageKey {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        text.split_once('.')
            .and_then(|(timestamp, pk)| {
                Some(Self {
                    timestamp: timestamp.parse().ok()?,
                    pk: MessagePk(pk.parse().ok()?),
                })
            })
            .ok_or_else(|| BadKey(text.chars().take(40).collect()))
    }
}

impl Serialize for MessageKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MessageKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// Where in a chat to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// The end.
    #[default]
    Newest,
    /// The beginning.
    Oldest,
    /// What comes before a place.
    Before(MessageKey),
    /// What comes after a place.
    After(MessageKey),
    /// A message, half of the rest before it and half after it.
    Around(MessagePk),
    /// From a time on, in milliseconds.
    Date(i64),
}

/// What to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MessageQuery {
    /// Where.
    pub anchor: Anchor,
    /// At most so many; 0 for 50, never more than 1,000.
    pub limit: u32,
}

/// A reaction as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reaction {
    /// Who: an address, a phone number's where it is known, or `me`.
    pub sender: String,
    /// What to call them; empty for `me`.
    pub sender_name: String,
    /// With what.
    pub emoji: String,
    /// When, in milliseconds; 0 where unknown.
    pub at: i64,
}

/// A file that came with a message. Its bytes lie in the media folder under their sha256, or nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MediaRow {
    /// Its name in this file.
    pub pk: MediaPk,
    /// Its name on the server.
    pub id: Id,
    /// `image`, `video` and the like.
    pub media_type: String,
    /// As it was sent.
    pub mime_type: String,
    /// As the sender named it: never a path to write to.
    pub file_name: String,
    /// In bytes; 0 where unknown.
    pub file_size: i64,
    /// Of the bytes, in hex; empty where unknown.
    pub sha256: String,
    /// In pixels; 0 where unknown.
    pub width: i64,
    /// In pixels; 0 where unknown.
    pub height: i64,
    /// In seconds.
    pub duration: i64,
    /// The server has the bytes.
    pub has_content: bool,
    /// Where they stand on this computer.
    pub local: LocalState,
    /// Why fetching them failed: a code; empty where it did not.
    pub error: String,
    /// A small picture, base64.
    pub thumbnail: String,
}

/// A receipt as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReceiptRow {
    /// Who.
    pub jid: String,
    /// What to call them.
    pub name: String,
    /// In milliseconds; 0 for not yet.
    pub delivered_at: i64,
    /// In milliseconds; 0 for not yet.
    pub read_at: i64,
    /// In milliseconds; 0 for not yet.
    pub played_at: i64,
}

/// A message as a reader shows it. Times are milliseconds, 0 where there is none; texts are empty
/// where there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MessageRow {
    /// Its name in this file.
    pub pk: MessagePk,
    /// Its name on the server.
    pub id: Id,
    /// Its chat.
    pub conversation: ConversationPk,
    /// Its name on the platform, unique in its chat only.
    pub external_id: String,
    /// Its place in the chat.
    pub key: MessageKey,
    /// Who: an address, a phone number's where it is known; `me`; empty for nobody.
    pub sender: String,
    /// What to call them; empty for `me` and nobody.
    pub sender_name: String,
    /// What kind of thing.
    pub kind: MessageKind,
    /// The words. Data, never markup.
    pub content: String,
    /// When it was sent.
    pub timestamp: i64,
    /// When it was last edited.
    pub edited_at: i64,
    /// When it was deleted.
    pub deleted_at: i64,
    /// One's own.
    pub from_me: bool,
    /// Sent on from elsewhere.
    pub forwarded: bool,
    /// Marked by the person.
    pub starred: bool,
    /// Taken back.
    pub deleted: bool,
    /// How far one's own message got.
    pub status: Option<DeliveryStatus>,
    /// How it first came.
    pub source: SyncSource,
    /// The platform's name of the message that it answers.
    pub reply_to: String,
    /// How that one begins.
    pub reply_preview: String,
    /// Who reacted with what.
    pub reactions: Vec<Reaction>,
    /// Earlier texts, oldest first.
    pub edits: Vec<MessageEdit>,
    /// The files that came with it.
    pub media: Vec<MediaRow>,
    /// Who got and read it.
    pub receipts: Vec<ReceiptRow>,
    /// What the platform said that has no field, as JSON.
    pub metadata: String,
}

/// A window of a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MessagePage {
    /// In reading order.
    pub messages: Vec<MessageRow>,
    /// `Before` this lies more.
    pub older: Option<MessageKey>,
    /// `After` this lies more.
    pub newer: Option<MessageKey>,
}

impl Mirror {
    /// A window of a chat.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn messages(
        &self,
        chat: ConversationPk,
        query: MessageQuery,
    ) -> Result<MessagePage, Error> {
        self.read(move |conn| window::page(conn, chat, query)).await
    }

    /// A message of a chat, by number, UUID or the platform's name (the latest of that name).
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn find_message(
        &self,
        chat: ConversationPk,
        text: &str,
    ) -> Result<Option<MessagePk>, Error> {
        let text = text.trim().to_owned();
        self.read(move |conn| window::find(conn, chat, &text)).await
    }
}

#[cfg(test)]
mod tests;
