//! Chats and people by name: what a few letters may mean before any message is looked at.

use rusqlite::Connection;

use super::{
    document::Scope,
    names::{self, Needle},
};
use crate::{
    ChatRow, ConversationPk, Error, IntegrationPk, Mirror,
    chat::one_chat,
    people::{Names, People, names},
};

/// A person as a list shows one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// The account.
    pub integration: IntegrationPk,
    /// The address, a phone number's where it is known.
    pub jid: String,
    /// What to call them.
    pub name: String,
    /// The telephone number, where it is known.
    pub phone: Option<String>,
    /// The chat with them, where there is one.
    pub chat: Option<ConversationPk>,
}

/// What goes by a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// Chats, the latest first.
    pub chats: Vec<ChatRow>,
    /// People, by name.
    pub people: Vec<PersonRow>,
}

impl Mirror {
    /// Chats and people by the beginning of a name, whatever its case and accents, or part of a number.
    /// At most `limit` of each.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn find_named(&self, text: &str, limit: u32) -> Result<Named, Error> {
        let needle = Needle::new(text);
        self.read(move |conn| {
            Ok(Named {
                chats: chats(conn, &needle, limit as usize)?,
                people: people(conn, &needle, limit as usize)?,
            })
        })
        .await
    }
}

fn chats(conn: &Connection, needle: &Needle, limit: usize) -> Result<Vec<ChatRow>, Error> {
    let mut people = People::new(conn);
    let mut chats = Vec::new();
    for scope in names::chats(conn, needle)? {
        if chats.len() == limit {
            break;
        }
        if let Scope::Chat(pk) = scope {
            chats.extend(one_chat(conn, &mut people, pk)?);
        }
    }
    Ok(chats)
}

fn people(conn: &Connection, needle: &Needle, limit: usize) -> Result<Vec<PersonRow>, Error> {
    let mut select = conn.prepare_cached(concat!(
        "SELECT k.integration_pk, (SELECT c.pk FROM conversations AS c \
            WHERE c.address_pk IN (k.address_pk, nullif(k.lid_pk, 0)) AND c.hidden = 0 LIMIT 1), ",
        names!(),
        " FROM contacts AS k JOIN addresses AS a ON a.pk = k.address_pk \
          JOIN integrations AS i ON i.pk = k.integration_pk \
          LEFT JOIN addresses AS ka ON ka.pk = k.address_pk \
          WHERE k.merged_into = x'' AND i.removing = 0"
    ))?;
    let mut rows = select.query([])?;
    let mut people = Vec::new();
    while let Some(row) = rows.next()? {
        let names = Names::from_row(row, 2)?;
        if needle.fits_person(&names) {
            people.push(PersonRow {
                integration: row.get(0)?,
                chat: row.get(1)?,
                jid: names.canonical_jid().to_owned(),
                name: names.name(),
                phone: names.phone(),
            });
        }
    }
    people.sort_by(|a, b| (&a.name, &a.jid).cmp(&(&b.name, &b.jid)));
    people.truncate(limit);
    Ok(people)
}
