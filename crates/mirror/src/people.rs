//! Who an address is: the contact it belongs to, its phone address, what to call them.

use std::{collections::HashMap, rc::Rc};

use rusqlite::{Connection, OptionalExtension};
use threadkeep_protocol::{Jid, ME};

use crate::{AddressPk, Error, IntegrationPk};

/// A person as a reader shows them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Person {
    /// The phone address where it is known, else the address itself.
    pub(crate) jid: String,
    pub(crate) name: String,
}

/// What is known of an address, for a name to be chosen from.
pub(crate) struct Names {
    /// The address itself.
    pub(crate) jid: String,
    /// The contact's own address; empty where there is no contact.
    pub(crate) contact_jid: String,
    pub(crate) display_name: String,
    pub(crate) push_name: String,
    /// What the sender of a message called themselves.
    pub(crate) seen_name: String,
    pub(crate) phone_number: String,
}

/// The columns of `Names`, of `a` (addresses), `k` (contacts) and `ka` (the contact's address).
macro_rules! names {
    () => {
        "coalesce(a.jid, ''), coalesce(ka.jid, ''), coalesce(k.display_name, ''), \
         coalesce(k.push_name, ''), coalesce(a.name, ''), coalesce(k.phone_number, '')"
    };
}
pub(crate) use names;

impl Names {
    /// From the columns that `names!` lists, which begin at `first`.
    pub(crate) fn from_row(row: &rusqlite::Row<'_>, first: usize) -> rusqlite::Result<Self> {
        Ok(Self {
            jid: row.get(first)?,
            contact_jid: row.get(first + 1)?,
            display_name: row.get(first + 2)?,
            push_name: row.get(first + 3)?,
            seen_name: row.get(first + 4)?,
            phone_number: row.get(first + 5)?,
        })
    }

    /// The phone address where it is known.
    pub(crate) fn canonical_jid(&self) -> &str {
        if self.contact_jid.is_empty() {
            &self.jid
        } else {
            &self.contact_jid
        }
    }

    /// The telephone number, where it is known.
    pub(crate) fn phone(&self) -> Option<String> {
        if self.phone_number.is_empty() {
            Jid::new(self.canonical_jid()).phone_number()
        } else {
            Some(self.phone_number.clone())
        }
    }

    /// A name that somebody gave them: the person's own address book, else they themselves.
    pub(crate) fn own_name(&self) -> Option<&str> {
        [&self.display_name, &self.push_name, &self.seen_name]
            .into_iter()
            .map(String::as_str)
            .find(|name| can_be_seen(name))
    }

    /// What to call them: by a name, else by number, else by address.
    pub(crate) fn name(&self) -> String {
        self.own_name()
            .map(str::to_owned)
            .or_else(|| self.phone())
            .unwrap_or_else(|| self.canonical_jid().to_owned())
    }
}

/// A name of spaces and signs that draw nothing is none: a line would stand empty.
pub(crate) fn can_be_seen(name: &str) -> bool {
    let draws_nothing = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
                | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
    };
    !name.chars().all(draws_nothing)
}

/// The people that one read has met.
pub(crate) struct People<'c> {
    conn: &'c Connection,
    by_pk: HashMap<AddressPk, Rc<Person>>,
    by_jid: HashMap<(IntegrationPk, String), Rc<Person>>,
}

impl<'c> People<'c> {
    pub(crate) fn new(conn: &'c Connection) -> Self {
        Self {
            conn,
            by_pk: HashMap::new(),
            by_jid: HashMap::new(),
        }
    }

    /// The person of an entry of the dictionary; nobody for 0.
    pub(crate) fn of(&mut self, address: AddressPk) -> Result<Rc<Person>, Error> {
        if let Some(person) = self.by_pk.get(&address) {
            return Ok(Rc::clone(person));
        }
        let person = self
            .conn
            .prepare_cached(concat!(
                "SELECT ",
                names!(),
                " FROM addresses AS a LEFT JOIN contacts AS k ON k.pk = a.contact_pk \
                 LEFT JOIN addresses AS ka ON ka.pk = k.address_pk WHERE a.pk = ?1"
            ))?
            .query_row([address], |row| Names::from_row(row, 0))
            .optional()?
            .map_or_else(Person::default, |names| Person {
                jid: names.canonical_jid().to_owned(),
                name: names.name(),
            });
        let person = Rc::new(person);
        self.by_pk.insert(address, Rc::clone(&person));
        Ok(person)
    }

    /// The person of an address as text. One that is in no dictionary is called by number or address.
    pub(crate) fn of_jid(
        &mut self,
        integration: IntegrationPk,
        jid: &str,
    ) -> Result<Rc<Person>, Error> {
        let key = (integration, jid.to_owned());
        if let Some(person) = self.by_jid.get(&key) {
            return Ok(Rc::clone(person));
        }
        let bare = Jid::new(jid).bare();
        let address: Option<AddressPk> = self
            .conn
            .prepare_cached("SELECT pk FROM addresses WHERE integration_pk = ?1 AND jid = ?2")?
            .query_row((integration, &bare), |row| row.get(0))
            .optional()?;
        let person = match address {
            Some(address) => self.of(address)?,
            None if jid == ME => Rc::new(Person {
                jid: ME.to_owned(),
                name: String::new(),
            }),
            None => Rc::new(Person {
                name: Jid::new(&bare)
                    .phone_number()
                    .unwrap_or_else(|| bare.clone()),
                jid: bare,
            }),
        };
        self.by_jid.insert(key, Rc::clone(&person));
        Ok(person)
    }
}
