//! What is here, and how much room it takes.

use serde::{Deserialize, Serialize};

/// Counts, sizes and places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[allow(missing_docs, reason = "counts by stream")]
pub struct Stats {
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub conversations: i64,
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub messages: i64,
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub contacts: i64,
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub participants: i64,
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub media: i64,
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub receipts: i64,
    pub bytes: Bytes,
    /// The mirror's file.
    pub path: String,
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub last_sync_at: Option<i64>,
    /// Messages that the search index has not seen yet.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub search_behind: i64,
}

/// Sizes in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[allow(missing_docs, reason = "sizes by file")]
pub struct Bytes {
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub mirror: i64,
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub search: i64,
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub media: i64,
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub wal: i64,
}
