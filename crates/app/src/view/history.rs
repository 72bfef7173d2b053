//! Older messages of a chat, on demand.

use serde::{Deserialize, Serialize};

/// A stretch of time of which messages may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Gap {
    /// Behind this time.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub after: i64,
    /// Before this one.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub before: i64,
}

/// The state of a request for older messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum HistoryStatus {
    /// Nobody has asked yet.
    NotStarted,
    /// The phone is being asked.
    InProgress,
    /// Stopped in the middle; it can go on.
    Interrupted,
    /// Stopped by the person; it can go on.
    Cancelled,
    /// It brought what was asked for, or all there is.
    Completed,
    /// The phone cannot.
    Failed,
}

/// Where the request for older messages of a chat stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct History {
    /// The chat's local id.
    pub chat_id: String,
    /// Where it stands.
    pub status: HistoryStatus,
    /// How many messages it has brought.
    pub messages_synced: u32,
    /// How many it may bring.
    pub max_messages: u32,
    /// How far it is, 0 to 100.
    pub progress_percent: u8,
    /// The platform's id of the oldest message that it has brought.
    pub last_message_id: Option<String>,
    /// When that one was sent.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub last_timestamp: Option<i64>,
    /// Why it stopped, in a sentence.
    pub error_message: Option<String>,
    /// Nothing older exists.
    pub history_complete: bool,
    /// Where messages may be missing between those that are here.
    pub gaps: Vec<Gap>,
    /// When the oldest message was sent.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub since: Option<i64>,
    /// Whether somebody can be asked: the account's server knows such requests.
    pub can_ask: bool,
    /// This app follows the request: what it brings comes by itself.
    pub followed: bool,
}
