//! Messages as the reader shows them.

use serde::{Deserialize, Serialize};

use super::MediaState;

/// One message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Message {
    /// The local id, as a string.
    pub id: String,
    /// The platform's id, unique in its chat only.
    pub external_id: String,
    /// `text`, `image`, … `unknown`, as in the protocol.
    pub kind: String,
    /// The text, the caption, or the words that stand for the thing. Data, never markup.
    pub text: String,
    /// When it was sent.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub at: i64,
    /// Who sent it; none for one's own and for system lines.
    pub sender: Option<Sender>,
    /// Sent by the account itself.
    pub from_me: bool,
    /// Came from another chat.
    pub forwarded: bool,
    /// Marked by the person.
    pub starred: bool,
    /// Was edited.
    pub edited: bool,
    /// Earlier texts, oldest first.
    pub edits: Vec<Edit>,
    /// Was deleted for everyone; the text is gone.
    pub deleted: bool,
    /// `pending`, `failed`, `sent`, `delivered`, `read` or `played`; only for one's own.
    pub status: Option<String>,
    /// What it answers.
    pub quote: Option<Quote>,
    /// Reactions, in order of time.
    pub reactions: Vec<Reaction>,
    /// The file that came with it.
    pub media: Option<Media>,
    /// The place that it shows.
    pub place: Option<Place>,
    /// The poll that it asks.
    pub poll: Option<Poll>,
    /// The contact cards that it brings.
    pub cards: Vec<Card>,
    /// Whom its text names by an address.
    pub mentions: Vec<Mention>,
    /// What stands out in its text, where the platform says that apart from the text.
    pub spans: Vec<Span>,
    /// What the platform calls a kind that is unknown here; none where it said nothing, or the kind is known.
    pub unknown_kind: Option<String>,
}

/// Who sent a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Sender {
    /// The address.
    pub jid: String,
    /// The best name known.
    pub name: String,
}

/// An earlier text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Edit {
    /// The text.
    pub text: String,
    /// When it was replaced.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub at: i64,
}

/// What a message answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Quote {
    /// The answered message's platform id.
    pub external_id: String,
    /// The answered message's local id, where it is here: the place to jump to.
    pub id: Option<String>,
    /// It was looked for everywhere and is not here. Without it and without `id` it may lie far back.
    pub missing: bool,
    /// Who sent it: an address; none for one's own and where unknown.
    pub sender: Option<String>,
    /// Who sent it: a name, `me`, or nothing where unknown.
    pub sender_name: Option<String>,
    /// The start of its text.
    pub preview: String,
    /// Whom that names by an address, where a name is known.
    pub mentions: Vec<Mention>,
}

/// One person's reaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Reaction {
    /// With what.
    pub emoji: String,
    /// Who, by the best name known; `me` for one's own.
    pub sender_name: String,
    /// Whose address, or `me`.
    pub sender: String,
}

/// A file that came with a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Media {
    /// The local id, as a string.
    pub id: String,
    /// `image`, `video`, `audio`, `voice`, `document` or `sticker`.
    pub media_type: String,
    /// Such as `image/jpeg`; empty where unknown.
    pub mime_type: String,
    /// As the sender named it; empty where unknown. A label, never a path.
    pub file_name: String,
    /// Size in bytes.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub bytes: Option<i64>,
    /// In pixels.
    pub width: Option<u32>,
    /// In pixels.
    pub height: Option<u32>,
    /// Length in seconds.
    pub seconds: Option<u32>,
    /// A small picture as a `data:` address, where there is a sound one.
    pub thumbnail: Option<String>,
    /// The server has the bytes.
    pub on_server: bool,
    /// Where the bytes are.
    pub state: MediaState,
    /// Why fetching them failed, as a code.
    pub error: Option<String>,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Place {
    /// Degrees north.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub latitude: f64,
    /// Degrees east.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub longitude: f64,
    /// What it is called; empty where unknown.
    pub name: String,
    /// Where it is; empty where unknown.
    pub address: String,
}

/// A poll. The question is the message's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Poll {
    /// The answers to choose from.
    pub options: Vec<String>,
    /// How often each was chosen; empty where nobody knows.
    pub votes: Vec<u32>,
    /// More than one may be chosen.
    pub several: bool,
}

/// A stretch of a text that stands out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Span {
    /// `bold`, `italic`, `struck`, `code` or `link`.
    pub style: String,
    /// Where it begins, in UTF-16 units.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// Where a link leads: an address of the web. Empty for the rest.
    pub url: String,
}

/// Somebody whom a text names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Mention {
    /// As it stands in the text, behind an `@`.
    pub handle: String,
    /// The best name known.
    pub name: String,
}

/// A contact card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Card {
    /// The name on it.
    pub name: String,
    /// The first telephone number on it; empty where there is none.
    pub phone: String,
}

/// Where in a chat to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "at", content = "value", rename_all = "snake_case")]
pub enum Anchor {
    /// The end.
    Newest,
    /// The beginning.
    Oldest,
    /// What lies before a page's `older`.
    Before(String),
    /// What lies behind a page's `newer`.
    After(String),
    /// Half before and half behind a message, by its local id or the platform's.
    Around(String),
    /// From this time on, in milliseconds UTC.
    Date(#[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))] i64),
}

/// Some messages of a chat, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MessagePage {
    /// The messages.
    pub messages: Vec<Message>,
    /// Asks for what lies before; none at the beginning.
    pub older: Option<String>,
    /// Asks for what lies behind; none at the end.
    pub newer: Option<String>,
}
