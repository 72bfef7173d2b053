//! People.

use threadkeep_mirror::{self as mirror, AddressPk, ContactRow, PersonRow};
use threadkeep_protocol::Jid;

use crate::{
    App, Error,
    chat::{chat, read_account},
    search::{about, asked},
    view::{
        Address, AddressKind, Contact, ContactPage, ContactQuery, Merged, Person, SharedGroup,
        Written,
    },
};

/// The most that a page may ask for.
const MAX_LIMIT: u32 = 1_000;

impl App {
    /// Some people, by name.
    ///
    /// # Errors
    /// When the query names no place in the list, or the mirror cannot be read.
    pub async fn contacts(&self, query: ContactQuery) -> Result<ContactPage, Error> {
        let integration = query.account_id.as_deref().map(read_account).transpose()?;
        let after = query.after.as_deref().map(read_cursor).transpose()?;
        let page = self
            .mirror
            .contacts(mirror::ContactQuery {
                text: query.text,
                integration,
                after,
                limit: query.limit.min(MAX_LIMIT),
            })
            .await?;
        Ok(ContactPage {
            people: page.people.into_iter().map(person).collect(),
            next: page
                .next
                .map(|next| serde_json::to_string(&next).unwrap_or_default()),
        })
    }

    /// All that is known of a person.
    ///
    /// # Errors
    /// When there is none, or the mirror cannot be read.
    pub async fn contact(&self, id: &str) -> Result<Contact, Error> {
        let row = self.find_contact(id).await?;
        let chat = match row.person.chat {
            Some(pk) => self.mirror.chat(pk).await?,
            None => None,
        };
        Ok(contact(row, chat.as_ref()))
    }

    /// How much a person wrote, in any chat, and when last.
    ///
    /// # Errors
    /// When there is none, or a file cannot be read.
    pub async fn contact_written(&self, id: &str) -> Result<Written, Error> {
        let row = self.find_contact(id).await?;
        let found = self
            .search
            .look_up(asked(format!("from:\"{}\"", row.person.jid), 1))
            .await?;
        let (about, more) = about(&found);
        Ok(Written {
            about,
            more,
            last_at: found.hits.first().map(|hit| hit.message.timestamp),
            behind: i64::try_from(found.behind).unwrap_or(i64::MAX),
        })
    }

    async fn find_contact(&self, id: &str) -> Result<ContactRow, Error> {
        let unknown = || Error::NoContact(id.to_owned());
        let address = id.parse().map(AddressPk).map_err(|_| unknown())?;
        self.mirror.contact(address).await?.ok_or_else(unknown)
    }
}

fn read_cursor(text: &str) -> Result<mirror::ContactCursor, Error> {
    serde_json::from_str(text).map_err(|_| Error::Cursor(text.chars().take(40).collect()))
}

pub(crate) fn person(row: PersonRow) -> Person {
    Person {
        id: row.address.to_string(),
        jid: row.jid,
        name: row.name,
        initial: row.initial,
        phone: row.phone,
        account_id: row.integration.to_string(),
        chat_id: row.chat.map(|chat| chat.to_string()),
    }
}

fn contact(row: ContactRow, with: Option<&mirror::ChatRow>) -> Contact {
    let names = [row.first_name.as_str(), row.last_name.as_str()];
    let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
    Contact {
        // A name may be somebody else's too, and a number or an address is nobody else's.
        from: row
            .person
            .phone
            .clone()
            .unwrap_or_else(|| row.person.jid.clone()),
        full_name: names.join(" "),
        is_contact: row.is_contact,
        saved_name: row.display_name,
        own_name: row.push_name,
        username: row.username,
        about: row.about,
        business: row.business,
        blocked: row.blocked,
        favorite: row.favorite,
        last_seen: (row.last_seen != 0).then_some(row.last_seen),
        addresses: row.addresses.into_iter().map(address).collect(),
        merged: row
            .merged
            .into_iter()
            .map(|merged| Merged {
                jid: merged.jid,
                name: merged.name,
            })
            .collect(),
        groups: row
            .groups
            .iter()
            .map(|group| SharedGroup {
                chat: chat(&group.chat),
                left: group.left,
            })
            .collect(),
        chat: with.map(chat),
        person: person(row.person),
    }
}

fn address(row: mirror::AddressRow) -> Address {
    let jid = Jid::new(&row.jid);
    Address {
        kind: if jid.phone_number().is_some() {
            AddressKind::Phone
        } else if jid.is_lid() {
            AddressKind::Hidden
        } else {
            AddressKind::Other
        },
        jid: row.jid,
        seen_name: row.seen_name,
    }
}
