//! What is here, and how much room it takes.

use serde::{Deserialize, Serialize};

/// Counts, sizes and places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Stats {
    /// Chats.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub conversations: i64,
    /// Messages.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub messages: i64,
    /// People.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub contacts: i64,
    /// Places of people in groups.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub participants: i64,
    /// Files that came with messages, here or not.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub media: i64,
    /// Receipts.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub receipts: i64,
    /// What lies on the disk.
    pub bytes: Bytes,
    /// The mirror's file.
    pub path: String,
    /// When a sync last ended well, in milliseconds since 1970.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub last_sync_at: Option<i64>,
    /// Messages that the search index has not seen yet.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub search_behind: i64,
}

/// Sizes in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Bytes {
    /// The mirror's file.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub mirror: i64,
    /// The search index.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub search: i64,
    /// The files of messages.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub media: i64,
    /// The mirror's log, which is folded into its file from time to time.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub wal: i64,
}
