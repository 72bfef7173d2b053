//! People: the list of them, and one with all that is known.

use serde::{Deserialize, Serialize};

use super::{Chat, Person};

/// Whom to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ContactQuery {
    /// The beginning of a name, in any case and with or without accents, or part of a number.
    pub text: Option<String>,
    /// Only this account.
    pub account_id: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// How many at most; 0 for 100.
    pub limit: u32,
}

/// Some people, by name; those without one last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ContactPage {
    /// The people.
    pub people: Vec<Person>,
    /// Where the next page starts, if there is one.
    pub next: Option<String>,
}

/// All that is known of a person. Texts are empty where nothing is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Contact {
    /// As in the list.
    pub person: Person,
    /// Among the account's contacts; others were only met in groups.
    pub is_contact: bool,
    /// What the account's owner calls them.
    pub saved_name: String,
    /// First and last name, as saved.
    pub full_name: String,
    /// What they call themselves.
    pub own_name: String,
    /// Their handle.
    pub username: String,
    /// What they say of themselves.
    pub about: String,
    /// A business.
    pub business: bool,
    /// Blocked on the platform.
    pub blocked: bool,
    /// A favourite on the platform.
    pub favorite: bool,
    /// When the platform last saw them.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub last_seen: Option<i64>,
    /// Everything they write from, their own address first.
    pub addresses: Vec<Address>,
    /// Contacts that turned out to be this person.
    pub merged: Vec<Merged>,
    /// Groups with them, the latest first.
    pub groups: Vec<SharedGroup>,
    /// The chat with them.
    pub chat: Option<Chat>,
    /// What stands behind `from:` to find what they wrote, and nobody else.
    pub from: String,
}

/// An address of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Address {
    /// As the platform writes it.
    pub jid: String,
    /// What kind of address.
    pub kind: AddressKind,
    /// What its owner called themselves in the latest message from it; empty where unknown.
    pub seen_name: String,
}

/// What kind of address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum AddressKind {
    /// A telephone number.
    Phone,
    /// A hidden id (LID) that stands for a number.
    Hidden,
    /// Anything else.
    Other,
}

/// A contact that turned out to be another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Merged {
    /// Its address.
    pub jid: String,
    /// What it was called; empty where it had no name.
    pub name: String,
}

/// A group that somebody is or was in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SharedGroup {
    /// The group.
    pub chat: Chat,
    /// They left it.
    pub left: bool,
}

/// What a person wrote, in any chat. It is looked up in the search index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Written {
    /// How many messages, about; none where there is no index.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub about: Option<i64>,
    /// There are more than `about`: counting has stopped.
    pub more: bool,
    /// When the newest was sent.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub last_at: Option<i64>,
    /// Messages that the index has not seen yet, about.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub behind: i64,
}
