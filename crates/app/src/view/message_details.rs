//! What is known of one message beside what the reader shows.

use serde::{Deserialize, Serialize};

use super::Import;

/// All about one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MessageDetails {
    /// The message's id on the server.
    pub server_id: String,
    /// How it first came: `realtime`, `history_sync`, `backfill` or `import`.
    pub source: String,
    /// When it was last edited.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub edited_at: Option<i64>,
    /// When it was deleted.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub deleted_at: Option<i64>,
    /// Who got and read it, as far as the platform said; only for one's own.
    pub receipts: Vec<Receipt>,
    /// What the platform said that has no place elsewhere, as JSON; empty where there is nothing.
    pub raw: String,
}

/// One of those by whom a message is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MessageSource {
    /// How the linked account told of it: `realtime`, `history_sync` or `backfill`; none for an import.
    pub way: Option<String>,
    /// The import that brought it; none for the linked account.
    pub import: Option<Import>,
    /// Known there by what was said and when, without an id of the platform.
    pub is_loose: bool,
}

/// How far a message got with one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Receipt {
    /// The person's address.
    pub jid: String,
    /// The best name known.
    pub name: String,
    /// When it was delivered.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub delivered_at: Option<i64>,
    /// When it was read.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub read_at: Option<i64>,
    /// When it was listened to or watched.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub played_at: Option<i64>,
}

/// Where the stretches of time begin and end of which one wants to know whether something was said in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Stretches {
    /// In milliseconds UTC, rising: each but the last begins a stretch, each but the first ends one.
    #[cfg_attr(feature = "specta", specta(type = Vec<specta_typescript::Number>))]
    pub bounds: Vec<i64>,
}
