//! Bringing in what people have already: exports and backups.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::run::{Outcome, Problem};

/// What a person says of files that the files do not tell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ImportOptions {
    /// The account that takes it, by local id; without one, the first of the files' platform.
    pub account_id: Option<String>,
    /// Makes a new account instead.
    pub new_account: bool,
    /// Reads only chats of this platform, where the files hold those of several; without it, of the first.
    pub platform: Option<String>,
    /// Reads everything as this format (its name in commands), whatever it looks like.
    pub format: Option<String>,
    /// The IANA name of the zone of times that are written without one; this computer's without it.
    pub zone: Option<String>,
    /// Whether the day is written before the month, where the files do not prove it.
    pub day_first: Option<bool>,
    /// Which sender is the person, by the name in the files.
    pub me: Option<String>,
    /// The chat, by local id, that files of one chat belong to.
    pub chat_id: Option<String>,
    /// What opens encrypted files.
    pub key: Option<ImportKey>,
}

/// The digits of a key. Never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(transparent)]
pub struct ImportKey(pub String);

impl fmt::Debug for ImportKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ImportKey(…)")
    }
}

/// What is in files, and what bringing it in would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ImportPreview {
    /// The files, folders and archives, in the order in which they were given.
    pub files: Vec<ImportFile>,
    /// The platform that they are of, such as `whatsapp`; empty where no file could be read.
    pub platform: String,
    /// All platforms that they hold chats of; one import brings those of one.
    pub platforms: Vec<String>,
    /// The account that would take them, by local id; none where one would be made.
    pub account_id: Option<String>,
    /// Messages in the files; one that is there twice counts once.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub messages: i64,
    /// Of those, how many the account does not have …
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub new: i64,
    /// … has as they are …
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub known: i64,
    /// … has with less, so that they would get more …
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub changed: i64,
    /// … has with another text (they are among the others too) …
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub conflicting: i64,
    /// … or could not take.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub refused: i64,
    /// When the first message was sent.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub first_at: Option<i64>,
    /// When the last one was.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub last_at: Option<i64>,
    /// Chats, those with most messages first; a long list is cut.
    pub chats: Vec<ImportChat>,
    /// How many chats there are.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub chats_total: i64,
    /// People whom the files name or who wrote something.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub people: i64,
    /// Pictures, voice messages and other files that messages name.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub attachments: i64,
    /// Of those, how many are not among the files.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub attachments_missing: i64,
    /// What nobody understands yet and is kept as it is, most frequent first; a long list is cut.
    pub unknown: Vec<ImportCount>,
    /// Bookkeeping that is left out on purpose.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub skipped: i64,
    /// Places that could not be read; a long list is cut.
    pub faults: Vec<ImportFault>,
    /// How many such places there are.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub faults_total: i64,
    /// How dates are written, where that had to be found out.
    pub date_order: Option<ImportDateOrder>,
    /// The zone of times that are written without one.
    pub zone: Option<String>,
    /// Who of the senders was taken for the person.
    pub me: Option<String>,
    /// Who wrote, most first, where there are only names, but for the person, once they are known.
    pub senders: Vec<ImportCount>,
}

/// One of the things that were given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ImportFile {
    /// Its name, without the folders above it.
    pub name: String,
    /// In bytes, as the disk has it.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub bytes: i64,
    /// What it holds: formats by their names in commands; none where nobody knows any.
    pub formats: Vec<String>,
    /// Why it cannot be read. `needs_key` and `wrong_key` ask for a key.
    pub problem: Option<Problem>,
}

/// A chat in the files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ImportChat {
    /// What the files call it; empty where they only have an address.
    pub name: String,
    /// Its address; empty where the files only have a name.
    pub address: String,
    /// Messages of it in the files.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub messages: i64,
    /// When the first of them was sent.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub first_at: Option<i64>,
    /// When the last one was.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub last_at: Option<i64>,
    /// The chat here that it is; none where it would be new.
    pub joins: Option<ImportJoin>,
}

/// A chat that is here already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ImportJoin {
    /// Its local id.
    pub chat_id: String,
    /// What it is called here.
    pub name: String,
}

/// How often something comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ImportCount {
    /// What, in the platform's or a person's words.
    pub what: String,
    /// How often.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub count: i64,
}

/// A place that could not be read; it costs nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ImportFault {
    /// The file's name.
    pub file: String,
    /// The line, row or element, from 1.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub place: i64,
    /// Why, in words; never content.
    pub reason: String,
}

/// How dates are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ImportDateOrder {
    /// `DD/MM/YY`, `M/D/YYYY`, …
    pub order: String,
    /// The files themselves prove it; else a person should look.
    pub is_proven: bool,
}

/// What an import does just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ImportPhase {
    /// Reading the files to their end, so that nothing of damaged ones is brought in.
    Checking,
    /// Reading them again, and handing their messages to the account's server.
    Messages,
    /// Handing the server the bytes of pictures and other files.
    Files,
    /// Bringing it all here.
    Syncing,
}

/// How far an import is, or the look at files before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ImportProgress {
    /// What it does just now.
    pub phase: ImportPhase,
    /// Messages so far.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub messages: i64,
    /// Of this phase: bytes of the input (or rows of a database), files, or rows …
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub done: i64,
    /// … of so many; 0 where nobody knows.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub total: i64,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ImportReport {
    /// Its id, to undo it by; empty where the account's server keeps none.
    pub id: String,
    /// The account that took it.
    pub account_id: String,
    /// Complete, in part (some was refused or is not here yet) or cancelled.
    pub outcome: Outcome,
    /// Messages that were read.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub messages: i64,
    /// Messages, chats, people and what belongs to them that were new to the server …
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub saved: i64,
    /// … got more …
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub changed: i64,
    /// … or were known as they are.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub known: i64,
    /// Files whose bytes were brought in.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub files: i64,
    /// Places that could not be read, and records that the server refused.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub faults: i64,
    /// What went wrong on the way, a sentence each.
    pub errors: Vec<Problem>,
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// It goes on, or was cut off where it was: then it can be run again or undone.
    Running,
    /// All of it came.
    Complete,
    /// It was stopped; what had come is here.
    Cancelled,
    /// It is being taken back, or that was cut off: then it goes on when the server starts.
    Undoing,
    /// It was taken back.
    Undone,
}

/// An import of before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Import {
    /// Its id on the account's server.
    pub id: String,
    /// The account that took it.
    pub account_id: String,
    /// The names of the files.
    pub files: Vec<String>,
    /// What they were read as: formats by their names in commands.
    pub formats: Vec<String>,
    /// When it began.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub begun_at: i64,
    /// Where it stands.
    pub state: ImportState,
    /// Messages, chats, people and what belongs to them that it was the first to bring …
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub saved: i64,
    /// … or to complete.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub changed: i64,
}
