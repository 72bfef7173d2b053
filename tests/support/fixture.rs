//! Input that other programs wrote, and where a correct reader of it must end.

use std::{collections::BTreeMap, fs, path::PathBuf};

use serde::Deserialize;
use serde_json::Value;

/// The bytes of a file under `tests/fixtures`.
pub fn fixture(path: &str) -> Vec<u8> {
    let full = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(path);
    fs::read(&full)
        .unwrap_or_else(|error| panic!("{} is in the repository: {error}", full.display()))
}

/// Where a correct reader of `baileys/events.ndjson` must end.
#[derive(Debug, Deserialize)]
pub struct Truth {
    /// By address.
    pub chats: BTreeMap<String, TruthChat>,
    /// By phone address.
    pub contacts: BTreeMap<String, TruthContact>,
    /// Hidden id to phone address.
    pub lid: BTreeMap<String, String>,
    /// By chat, then by the platform's id.
    pub messages: BTreeMap<String, BTreeMap<String, TruthMessage>>,
}

/// A chat.
#[derive(Debug, Deserialize)]
pub struct TruthChat {
    /// As the phone calls it.
    pub name: Option<String>,
    /// More than two people.
    pub group: bool,
    /// Unread messages.
    pub unread: u32,
}

/// A person.
#[derive(Debug, Deserialize)]
pub struct TruthContact {
    /// In the address book.
    pub name: Option<String>,
    /// As they call themselves.
    pub notify: Option<String>,
}

/// A message.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TruthMessage {
    /// The kind; a voice message counts as audio.
    pub r#type: String,
    /// The words.
    pub text: String,
    /// One's own.
    pub from_me: bool,
    /// Seconds since 1970.
    pub ts: i64,
    /// A phone address, or `me`.
    pub sender: String,
    /// The platform's name of how far it got.
    pub status: Option<String>,
    /// The platform's id of what it answers.
    pub quotes: Option<String>,
    /// Was edited.
    pub edited: bool,
    /// Was deleted for everyone.
    pub deleted: bool,
    /// Who reacted with what.
    pub reactions: BTreeMap<String, String>,
}

impl Truth {
    /// Reads the fixture.
    pub fn read() -> Self {
        serde_json::from_slice(&fixture("baileys/truth.json")).expect("the truth is sound")
    }
}

/// The text of a line of the export.
pub fn message_text(line: &Value) -> &str {
    line["text"].as_str().expect("every line has a text")
}
