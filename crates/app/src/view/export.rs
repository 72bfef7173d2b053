//! Taking a copy out.

use serde::{Deserialize, Serialize};

use super::Language;

/// In which form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Pages for a browser, which look like the reader.
    Html,
    /// A message a line, with everything that is known of it.
    #[default]
    Jsonl,
    /// A table, a message a row.
    Csv,
    /// Plain text, in the shape of WhatsApp's own export.
    Txt,
}

/// What to export, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ExportQuery {
    /// Only the chat of this local id.
    pub chat_id: Option<String>,
    /// Only messages from then on, in milliseconds UTC.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub since: Option<i64>,
    /// Only messages from before then, in milliseconds UTC.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub until: Option<i64>,
    /// In which form.
    pub format: ExportFormat,
    /// Begins a table with the mark by which spreadsheets know its encoding.
    pub byte_order_mark: bool,
    /// The language of what pages say beside the messages.
    pub language: Language,
    /// Puts the files that are on this computer beside pages.
    pub files: bool,
}

/// What an export will be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ExportPlan {
    /// Chats that have a message in it.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub chats: i64,
    /// Messages.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub messages: i64,
    /// Several files in a folder of their own; else one file.
    pub is_folder: bool,
    /// What to call that file or folder: a name that every system takes.
    pub name: String,
}

/// How far an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ExportProgress {
    /// Messages that are written.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub done: i64,
    /// Messages that there are.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub total: i64,
}

/// What was exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ExportReport {
    /// Messages.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub messages: i64,
    /// The file or folder.
    pub path: String,
    /// It is a folder.
    pub is_folder: bool,
}
