//! What a chat is beside its messages, and what it has of pictures, links and files.

use serde::{Deserialize, Serialize};

use super::{Chat, Message};

/// A chat beside its messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ChatDetails {
    /// As in the list.
    pub chat: Chat,
    /// What a group says of itself; empty where it says nothing.
    pub description: String,
    /// When it was made, where the platform says so.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub created_at: Option<i64>,
    /// When the oldest message that is here was sent.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub first_at: Option<i64>,
    /// How many messages the server says there are; none where it does not say.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub on_server: Option<i64>,
    /// With whom it is (a person's `id`), where it is with one person.
    pub person_id: Option<String>,
    /// Those who are in it, then those who left; each by role and name.
    pub members: Vec<Member>,
}

/// Somebody who is or was in a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Member {
    /// The person's `id`.
    pub person_id: String,
    /// The address.
    pub jid: String,
    /// The best name known.
    pub name: String,
    /// The telephone number; none where unknown.
    pub phone: Option<String>,
    /// The account itself.
    pub is_me: bool,
    /// What they may do.
    pub role: MemberRole,
    /// When they came, where the platform says so.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub joined_at: Option<i64>,
    /// When they left; none for those who are in it.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub left_at: Option<i64>,
}

/// What somebody may do in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum MemberRole {
    /// To write.
    Member,
    /// To choose who is in it, too.
    Admin,
    /// All, and to hand it on.
    Owner,
}

/// What to look at of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum GalleryKind {
    /// Photos and videos.
    Media,
    /// Voice messages and other recordings.
    Audio,
    /// Messages with a link.
    Links,
    /// Files.
    Documents,
}

/// Some messages of a gallery, the newest first. They are looked up in the search index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct GalleryPage {
    /// The messages.
    pub messages: Vec<Message>,
    /// How many there are in all, about; none behind the first page and where there is no index.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub about: Option<i64>,
    /// There are more than `about`: counting has stopped.
    pub more: bool,
    /// Messages that the index has not seen yet, about; 0 only when it has seen all.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub behind: i64,
    /// Asks for what follows; none at the end.
    pub next: Option<String>,
}
