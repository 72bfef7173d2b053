//! People: the list of them by name, and all that is known of one.
//!
//! A person goes by an entry of the dictionary of addresses. Any of theirs leads to them, whatever was
//! merged meanwhile, and one who only ever wrote in a group has an entry too.
//!
//! Rejected: a column with the name to sort by. A name is chosen from a contact, its address and its
//! number, by rules that may change, and a page of ten thousand people takes 120 ms in a debug build.

mod list;
mod one;

pub(crate) use list::by_name;
pub(crate) use one::canonical;

use serde::{Deserialize, Serialize};

use crate::{AddressPk, ChatRow, ContactPk, ConversationPk, Error, IntegrationPk, Mirror};

/// A place in the list of people.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ContactCursor {
    /// Those without a name come last.
    pub(crate) nameless: bool,
    /// The folded name.
    pub(crate) name: String,
    pub(crate) pk: ContactPk,
}

/// Whom to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactQuery {
    /// Only those of whose name this is a beginning, or of whose number a part.
    pub text: Option<String>,
    /// Only one account's.
    pub integration: Option<IntegrationPk>,
    /// Those that come after this one.
    pub after: Option<ContactCursor>,
    /// At most so many; 0 for 100.
    pub limit: u32,
}

/// A person as a list shows one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Who, in this file.
    pub address: AddressPk,
    /// The account.
    pub integration: IntegrationPk,
    /// The address, a phone number's where it is known.
    pub jid: String,
    /// What to call them.
    pub name: String,
    /// Under which letter a list has them: a capital, `#` for what begins with none, empty for those
    /// without a name.
    pub initial: String,
    /// The telephone number, where it is known.
    pub phone: Option<String>,
    /// The chat with them, where there is one.
    pub chat: Option<ConversationPk>,
}

/// Some people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactPage {
    /// By name.
    pub people: Vec<PersonRow>,
    /// Asks for those that follow; none at the end.
    pub next: Option<ContactCursor>,
}

/// An address of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressRow {
    /// As the platform writes it.
    pub jid: String,
    /// What its owner called themselves in the latest message from it; empty where unknown.
    pub seen_name: String,
}

/// A contact that turned out to be another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedRow {
    /// Its address.
    pub jid: String,
    /// What it was called; empty where it had no name.
    pub name: String,
}

/// A group that somebody is or was in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRow {
    /// The group.
    pub chat: ChatRow,
    /// They left it.
    pub left: bool,
}

/// All that is known of a person. Texts are empty where there is none, times 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRow {
    /// As in the list.
    pub person: PersonRow,
    /// Whether the server lists them; others were only met in groups.
    pub is_contact: bool,
    /// In the person's own address book.
    pub display_name: String,
    /// In the person's own address book.
    pub first_name: String,
    /// In the person's own address book.
    pub last_name: String,
    /// What they call themselves.
    pub push_name: String,
    /// Their handle on the platform.
    pub username: String,
    /// What they say of themselves.
    pub about: String,
    /// A business.
    pub business: bool,
    /// Blocked on the platform.
    pub blocked: bool,
    /// A favourite on the platform.
    pub favorite: bool,
    /// When the platform last saw them, in milliseconds.
    pub last_seen: i64,
    /// Everything they write from.
    pub addresses: Vec<AddressRow>,
    /// Contacts that turned out to be this one.
    pub merged: Vec<MergedRow>,
    /// The latest first.
    pub groups: Vec<GroupRow>,
}

impl Mirror {
    /// People by name. Contacts that turned out to be another one are not listed.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn contacts(&self, query: ContactQuery) -> Result<ContactPage, Error> {
        self.read(move |conn| list::page(conn, &query)).await
    }

    /// A person, by any of their addresses.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn contact(&self, address: AddressPk) -> Result<Option<ContactRow>, Error> {
        self.read(move |conn| one::contact(conn, address)).await
    }
}

#[cfg(test)]
mod tests;
