//! Who and what a filter names. Names are looked up when a query is asked and not kept in the index: a
//! person or a chat that gets another name is found by it at once, and no message is indexed anew.

use rusqlite::Connection;

use super::{
    document::Scope,
    query::Filter,
    token::{folded, is_number},
};
use crate::{
    AddressPk, ConversationPk, Error, IntegrationPk,
    people::{Names, names},
};

/// So many may be meant by one name. Who types `from:a` goes on typing.
const MOST: usize = 300;

/// The scope tokens of which a message must have one.
pub(super) fn scopes(conn: &Connection, filter: &Filter) -> Result<Vec<Scope>, Error> {
    Ok(match filter {
        Filter::FromMe => vec![Scope::FromMe],
        Filter::Starred => vec![Scope::Starred],
        Filter::Forwarded => vec![Scope::Forwarded],
        Filter::Link => vec![Scope::Link],
        Filter::Kinds(kinds) => kinds.iter().copied().map(Scope::Kind).collect(),
        Filter::From(name) => senders(conn, &Needle::new(name))?,
        Filter::In(name) => chats(conn, &Needle::new(name))?,
        Filter::Account(name) => accounts(conn, &Needle::new(name))?,
    })
}

/// Every account's, which every message has one of.
pub(super) fn everything(conn: &Connection) -> Result<Vec<Scope>, Error> {
    let mut select = conn.prepare_cached("SELECT pk FROM integrations ORDER BY pk")?;
    let rows = select.query_map([], |row| row.get(0).map(Scope::Integration))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A name as a person types it, perhaps only its beginning.
pub(crate) struct Needle {
    words: String,
    digits: String,
}

impl Needle {
    pub(crate) fn new(text: &str) -> Self {
        let words = folded(text);
        let digits: String = words.split(' ').collect();
        Self {
            digits: if digits.len() > 3 && is_number(&digits) {
                digits
            } else {
                String::new()
            },
            words,
        }
    }

    /// Whether the words of it stand in the name one behind the other, the last one perhaps cut short.
    pub(crate) fn fits(&self, name: &str) -> bool {
        if self.words.is_empty() || name.is_empty() {
            return false;
        }
        let name = folded(name);
        name.match_indices(&self.words)
            .any(|(at, _)| at == 0 || name.as_bytes()[at - 1] == b' ')
    }

    /// Whether it is part of a telephone number.
    pub(crate) fn fits_number(&self, number: &str) -> bool {
        !self.digits.is_empty()
            && number
                .chars()
                .filter(char::is_ascii_digit)
                .collect::<String>()
                .contains(self.digits.trim_start_matches('0'))
    }

    pub(crate) fn fits_person(&self, names: &Names) -> bool {
        [&names.display_name, &names.push_name, &names.seen_name]
            .into_iter()
            .any(|name| self.fits(name))
            || names.phone().is_some_and(|phone| self.fits_number(&phone))
            || [&names.jid, &names.contact_jid]
                .into_iter()
                .any(|jid| self.fits(jid))
    }
}

fn senders(conn: &Connection, needle: &Needle) -> Result<Vec<Scope>, Error> {
    let mut select = conn.prepare_cached(concat!(
        "SELECT a.pk, ",
        names!(),
        " FROM addresses AS a LEFT JOIN contacts AS k ON k.pk = a.contact_pk \
          LEFT JOIN addresses AS ka ON ka.pk = k.address_pk"
    ))?;
    let mut rows = select.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        if needle.fits_person(&Names::from_row(row, 1)?) {
            found.push(Scope::Sender(AddressPk(row.get(0)?)));
        }
    }
    found.truncate(MOST);
    Ok(found)
}

pub(super) fn chats(conn: &Connection, needle: &Needle) -> Result<Vec<Scope>, Error> {
    let mut select = conn.prepare_cached(concat!(
        "SELECT c.pk, c.name, ",
        names!(),
        " FROM conversations AS c LEFT JOIN addresses AS a ON a.pk = c.address_pk \
          LEFT JOIN contacts AS k ON k.pk = a.contact_pk \
          LEFT JOIN addresses AS ka ON ka.pk = k.address_pk \
          WHERE c.hidden = 0 ORDER BY c.last_at DESC, c.pk"
    ))?;
    let mut rows = select.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()?
        && found.len() < MOST
    {
        let own_name: String = row.get(1)?;
        if needle.fits(&own_name) || needle.fits_person(&Names::from_row(row, 2)?) {
            found.push(Scope::Chat(ConversationPk(row.get(0)?)));
        }
    }
    Ok(found)
}

fn accounts(conn: &Connection, needle: &Needle) -> Result<Vec<Scope>, Error> {
    let mut select = conn.prepare_cached(
        "SELECT pk, display_name, integration_type, external_id, server FROM integrations \
         WHERE removing = 0 ORDER BY pk",
    )?;
    let mut rows = select.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let pk: IntegrationPk = row.get(0)?;
        let texts: [String; 4] = [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
        if needle.words == pk.to_string() || texts.iter().any(|text| needle.fits(text)) {
            found.push(Scope::Integration(pk));
        }
    }
    Ok(found)
}
