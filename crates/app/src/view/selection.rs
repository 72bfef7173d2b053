//! What of an account is kept on this computer.

use serde::{Deserialize, Serialize};

/// What is kept of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct KeepRule {
    /// Whether anything is.
    pub included: bool,
    /// Only messages from then on; all without it.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub since: Option<i64>,
    /// What is known of their files too, with the thumbnails.
    pub media: bool,
}

/// A chat that has a rule of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ChatRule {
    /// The chat's local id.
    pub chat_id: String,
    /// Its name.
    pub title: String,
    /// What is kept of it.
    pub rule: KeepRule,
}

/// What of an account is kept on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SelectionView {
    /// The account's local id.
    pub account_id: String,
    /// For chats that have no rule of their own, those that begin later too.
    pub rule: KeepRule,
    /// Rules of their own.
    pub chats: Vec<ChatRule>,
    /// A change is not wholly applied yet: something is to be freed, or fetched by the next sync.
    pub pending: bool,
}

/// A rule for a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ChatRuleAsked {
    /// The chat's local id.
    pub chat_id: String,
    /// What to keep of it.
    pub rule: KeepRule,
}

/// What to keep of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SelectionAsked {
    /// For chats that have no rule of their own.
    pub rule: KeepRule,
    /// Rules of their own; all others are dropped.
    pub chats: Vec<ChatRuleAsked>,
}

/// What would go from this computer. The server keeps everything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Freed {
    /// Chats that lose something.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub chats: i64,
    /// Messages.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub messages: i64,
    /// Files, those of messages that stay among them.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub media: i64,
    /// About how many bytes that is; the file keeps the room for what comes.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub bytes: i64,
}

/// What a change would do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SelectionPlan {
    /// What would go.
    pub frees: Freed,
    /// Something is wanted that is not here; the next sync brings it.
    pub fetches: bool,
}
