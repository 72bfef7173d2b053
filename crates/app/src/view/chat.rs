//! The list of chats.

use serde::{Deserialize, Serialize};

/// A chat as its list row shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Chat {
    /// The local id, as a string.
    pub id: String,
    /// The platform's address.
    pub jid: String,
    /// The best name known: the chat's own, the contact's, the number, the address.
    pub name: String,
    /// What kind of chat.
    pub kind: ChatKind,
    /// The account it belongs to.
    pub account_id: String,
    /// The start of the last message; empty where there is none.
    pub preview: String,
    /// Unread messages.
    pub unread: u32,
    /// Messages that are here.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub messages: i64,
    /// When the last message was sent.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub last_message_at: Option<i64>,
    /// Kept at the top.
    pub pinned: bool,
    /// Makes no noise.
    pub muted: bool,
    /// Put away.
    pub archived: bool,
    /// How many people are in it; 0 for a direct chat.
    pub participants: u32,
    /// Nothing older exists.
    pub history_complete: bool,
    /// Where messages may be missing between those that are here.
    pub gaps: Vec<super::Gap>,
}

/// What kind of chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ChatKind {
    /// With one person.
    Direct,
    /// Of several who can all write.
    Group,
    /// A list that one person writes to.
    Broadcast,
    /// What few write and many read.
    Channel,
}

/// Which chats to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ChatQuery {
    /// All but the archived where absent, all with `all`, or one kind.
    pub filter: Option<ChatFilter>,
    /// Part of the name, in any case.
    pub text: Option<String>,
    /// Only this account.
    pub account_id: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// How many at most.
    pub limit: u32,
}

/// A kind of chats to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ChatFilter {
    /// Archived ones too.
    All,
    /// With something unread.
    Unread,
    /// Groups alone.
    Groups,
    /// Those that were put away.
    Archived,
}

/// Some chats, pinned first, then by last message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ChatPage {
    /// The chats.
    pub chats: Vec<Chat>,
    /// Where the next page starts, if there is one.
    pub next: Option<String>,
}
