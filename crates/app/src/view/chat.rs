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
    /// The last message; none where there is none.
    pub last: Option<LastMessage>,
    /// Unread messages; 0 where the chat is not kept here.
    pub unread: u32,
    /// Messages that are here.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub messages: i64,
    /// When the last message was sent.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub last_message_at: Option<i64>,
    /// Kept at the top.
    pub pinned: bool,
    /// Makes no noise now.
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

/// The last message of a chat, as far as a line shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct LastMessage {
    /// `text`, `image`, … as in the protocol; none where the message itself is not here.
    pub kind: Option<String>,
    /// How its text begins, on one line; empty for what has no words.
    pub text: String,
    /// Who sent it, in a group; none for one's own.
    pub sender: Option<String>,
    /// Sent by the account itself.
    pub from_me: bool,
    /// Was deleted for everyone.
    pub deleted: bool,
}

/// What a person chooses for a chat on this computer alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ChatChoice {
    /// Keep it at the top.
    Pin,
    /// Leave it in its place.
    Unpin,
    /// Put it away.
    Archive,
    /// Bring it back.
    Unarchive,
    /// Let it wait in silence.
    Mute,
    /// Let it be heard.
    Unmute,
    /// Take all that is there for read.
    Read,
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
    /// With something unread, and not archived.
    Unread,
    /// Groups alone, and not archived.
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
    /// How many chats of the account, or of all, are put away.
    pub archived: u32,
    /// Where the next page starts, if there is one.
    pub next: Option<String>,
}
