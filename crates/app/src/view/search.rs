//! What a search finds.

use serde::{Deserialize, Serialize};

use super::{Chat, Mention, Sender};

/// In which order hits come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum SearchOrder {
    /// The newest first.
    #[default]
    Newest,
    /// The best of the newest thousand first.
    Best,
}

/// What to look for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SearchQuery {
    /// As the person typed it: words, `"phrases"`, `OR`, `-not`, `from:`, `in:`, `account:`, `before:`,
    /// `after:`, `on:`, `has:`, `is:`, `type:`. Nothing is a mistake.
    pub text: String,
    /// In this chat alone, by its local id.
    pub chat_id: Option<String>,
    /// Newest first without it.
    pub order: Option<SearchOrder>,
    /// From here on: a page's `next`, or a hit's `place`.
    pub place: Option<String>,
    /// From the place to what was sent later, and not before; in the order of time alone.
    pub newer: bool,
    /// At most so many; 0 for 50.
    pub limit: u32,
}

/// Some hits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SearchPage {
    /// In the order asked for.
    pub hits: Vec<SearchHit>,
    /// How many there are in all, about; none behind the first page and where there is no index.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub about: Option<i64>,
    /// There are more than `about`: counting has stopped.
    pub more: bool,
    /// Messages that the index has not seen yet, about; 0 only when it has seen all.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub behind: i64,
    /// Asks for the hits that follow; none at the end.
    pub next: Option<String>,
    /// Names in filters that nobody and nothing is called by.
    pub unknown: Vec<String>,
}

/// A message that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SearchHit {
    /// The message's local id: where to jump to in its chat.
    pub message_id: String,
    /// The platform's id of the message.
    pub external_id: String,
    /// Its chat's local id.
    pub chat_id: String,
    /// Its address on the platform.
    pub chat_jid: String,
    /// What the chat is called.
    pub chat_name: String,
    /// The account.
    pub account_id: String,
    /// `text`, `image`, … `unknown`, as in the protocol.
    pub kind: String,
    /// When it was sent.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub at: i64,
    /// Who sent it; none for one's own and for system lines.
    pub sender: Option<Sender>,
    /// Sent by the account itself.
    pub from_me: bool,
    /// Its text, or a piece of it.
    pub text: Excerpt,
    /// Whom that names by an address, where a name is known.
    pub mentions: Vec<Mention>,
    /// The name of its file, where that is what was found.
    pub file: Option<Excerpt>,
    /// Asks for the hits before or behind this one.
    pub place: String,
}

/// The hits of a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ChatHits {
    /// The chat.
    pub chat: Chat,
    /// How many it has, about.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub count: i64,
    /// Its newest ones.
    pub hits: Vec<SearchHit>,
}

/// What a search finds, by chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SearchByChat {
    /// The chat with the newest hit first.
    pub chats: Vec<ChatHits>,
    /// There are more hits, or more chats, than were counted.
    pub more: bool,
    /// Messages that the index has not seen yet, about; 0 only when it has seen all.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub behind: i64,
    /// There is an index.
    pub is_indexed: bool,
    /// Names in filters that nobody and nothing is called by.
    pub unknown: Vec<String>,
}

/// A piece of a text and what is marked in it. All is counted in UTF-16 code units, as JavaScript counts
/// its strings, and no mark cuts what a reader takes for one character.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Excerpt {
    /// The piece; mostly all of it. Data, never markup.
    pub text: String,
    /// Where it begins in the whole text.
    pub start: u32,
    /// The text goes on behind it.
    pub cut: bool,
    /// From and to, counted from the beginning of the piece, in order.
    pub marks: Vec<(u32, u32)>,
}

/// A person, found by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Person {
    /// Who, as a string: any of their addresses has one that leads to them.
    pub id: String,
    /// The address.
    pub jid: String,
    /// The best name known.
    pub name: String,
    /// Under which letter a list has them: `#` for what begins with none, empty for those without a name.
    pub initial: String,
    /// The telephone number; none where unknown.
    pub phone: Option<String>,
    /// The account.
    pub account_id: String,
    /// The local id of the chat with them; none where there is none.
    pub chat_id: Option<String>,
}

/// Who and what goes by a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct NamesFound {
    /// Chats of that name, the latest first.
    pub chats: Vec<Chat>,
    /// People of that name.
    pub people: Vec<Person>,
}

/// What a few letters may mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct QuickFound {
    /// Chats of that name, the latest first.
    pub chats: Vec<Chat>,
    /// People of that name.
    pub people: Vec<Person>,
    /// Messages, newest first.
    pub messages: SearchPage,
}

/// How far an index has come that is being made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct IndexProgress {
    /// Messages seen, about.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub done: i64,
    /// Messages in all.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub total: i64,
}
