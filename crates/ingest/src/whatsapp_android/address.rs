//! Who and where: rows of `jid` and `chat` as addresses.
//!
//! A hidden id (`…@lid`) whose phone the database knows is given as the phone, as everywhere else; each pair is told
//! once. Other rows are looked up as they are needed and kept, but never more than a bounded number of them.

use std::{collections::HashMap, rc::Rc};

use rusqlite::{OptionalExtension, Statement};
use threadkeep_protocol::{Address, Jid, Record};

use super::database::{Database, Query, int, text};
use crate::{Flow, Receive, baileys::person};

/// How many addresses are kept: enough for anybody, and flat for a database made to fill memory.
const MAX_KEPT: usize = 200_000;

pub(super) struct Addresses<'c> {
    jids: Option<Statement<'c>>,
    chats: Option<Statement<'c>>,
    known_jids: HashMap<i64, Option<Rc<str>>>,
    known_chats: HashMap<i64, Option<Rc<str>>>,
    phones: HashMap<String, String>,
}

impl<'c> Addresses<'c> {
    pub(super) fn new(database: &'c Database) -> rusqlite::Result<Self> {
        Ok(Self {
            jids: database.prepare(&Query {
                from: ("j", "jid"),
                joins: &[],
                columns: &["j.raw_string", "j.user", "j.server"],
                needs: &["j._id"],
                rest: "WHERE j._id = ?1",
            })?,
            chats: database.prepare(&Query {
                from: ("c", "chat"),
                joins: &[],
                columns: &["c.jid_row_id"],
                needs: &["c._id", "c.jid_row_id"],
                rest: "WHERE c._id = ?1",
            })?,
            known_jids: HashMap::new(),
            known_chats: HashMap::new(),
            phones: HashMap::new(),
        })
    }

    /// Tells who stands behind which hidden id, and remembers it.
    pub(super) fn tell_pairs(
        &mut self,
        database: &Database,
        receiver: &mut dyn Receive,
    ) -> rusqlite::Result<Flow> {
        let statement = database.prepare(&Query {
            from: ("m", "jid_map"),
            joins: &[],
            columns: &["m.lid_row_id", "m.jid_row_id"],
            needs: &["m.lid_row_id", "m.jid_row_id"],
            rest: "",
        })?;
        let Some(mut statement) = statement else {
            return Ok(Flow::Continue(()));
        };
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (Some(lid), Some(phone)) = (int(row, 0), int(row, 1)) else {
                continue;
            };
            let (Some(lid_address), Some(phone_address)) = (self.stored(lid)?, self.stored(phone)?)
            else {
                receiver.skip();
                continue;
            };
            let is_pair = Jid::new(&lid_address).is_lid()
                && Jid::new(&phone_address).phone_number().is_some();
            if !is_pair {
                receiver.skip();
                continue;
            }
            let address = Address {
                lid: lid_address.to_string(),
                phone: phone_address.to_string(),
            };
            if self.phones.len() < MAX_KEPT {
                self.phones
                    .insert(address.lid.clone(), address.phone.clone());
            }
            if receiver
                .record(lid.unsigned_abs(), Record::Address(address))
                .is_break()
            {
                return Ok(Flow::Break(()));
            }
        }
        Ok(Flow::Continue(()))
    }

    /// The address as the row has it, without its device.
    pub(super) fn stored(&mut self, row: i64) -> rusqlite::Result<Option<Rc<str>>> {
        if let Some(known) = self.known_jids.get(&row) {
            return Ok(known.clone());
        }
        let found = match self.jids.as_mut() {
            None => None,
            Some(statement) => {
                let read = |row: &rusqlite::Row<'_>| {
                    let raw = text(row, 0);
                    Ok(raw.or_else(|| Some(format!("{}@{}", text(row, 1)?, text(row, 2)?))))
                };
                let raw = statement.query_row([row], read).optional()?.flatten();
                raw.filter(|raw| raw.contains('@'))
                    .map(|raw| Rc::from(bare(&raw)))
            }
        };
        keep(&mut self.known_jids, row, found.clone());
        Ok(found)
    }

    /// A row of `jid` as a person's (or a group's) address.
    pub(super) fn of(&mut self, row: i64) -> rusqlite::Result<Option<String>> {
        let stored = self.stored(row)?;
        Ok(stored.map(|stored| self.phone_first(&stored)))
    }

    /// A row of `chat` as an address.
    pub(super) fn chat(&mut self, row: i64) -> rusqlite::Result<Option<Rc<str>>> {
        if let Some(known) = self.known_chats.get(&row) {
            return Ok(known.clone());
        }
        let jid = match self.chats.as_mut() {
            None => None,
            Some(statement) => statement
                .query_row([row], |row| Ok(int(row, 0)))
                .optional()?
                .flatten(),
        };
        let found = match jid {
            None => None,
            Some(jid) => self.of(jid)?.map(Rc::from),
        };
        keep(&mut self.known_chats, row, found.clone());
        Ok(found)
    }

    /// An address that is written out, such as the old tables have it.
    pub(super) fn written(&self, jid: &str) -> String {
        self.phone_first(&bare(jid))
    }

    fn phone_first(&self, address: &str) -> String {
        let phone = self.phones.get(address);
        phone.map_or_else(|| address.to_owned(), Clone::clone)
    }
}

fn keep(known: &mut HashMap<i64, Option<Rc<str>>>, row: i64, found: Option<Rc<str>>) {
    if known.len() >= MAX_KEPT {
        known.clear();
    }
    known.insert(row, found);
}

/// The address without its device: here the agent stands behind a dot (`user.agent:device@server`).
pub(super) fn bare(jid: &str) -> String {
    match jid.split_once('@') {
        Some((user, server)) if user.contains('.') && server != "g.us" => {
            let user = user.split('.').next().unwrap_or_default();
            person(&format!("{user}@{server}"))
        }
        _ => person(jid),
    }
}

/// A message to a list of recipients is, for them, a message in the chat with its sender.
pub(super) fn conversation(chat: &str, is_from_me: bool, sender: Option<&str>) -> String {
    let is_list = chat.ends_with("@broadcast") && chat != "status@broadcast";
    match sender {
        Some(sender) if is_list && !is_from_me => sender.to_owned(),
        _ => chat.to_owned(),
    }
}

/// Whether several people write in it, so that a message has to say who.
pub(super) fn has_many_senders(chat: &str) -> bool {
    matches!(Jid::new(chat).server(), "g.us" | "broadcast" | "newsletter")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("491511@s.whatsapp.net", "491511@s.whatsapp.net")]
    #[case::agent_and_device("491511.0:12@s.whatsapp.net", "491511@s.whatsapp.net")]
    #[case::hidden("1000.1:3@lid", "1000@lid")]
    #[case::group("4915112345-1583617973@g.us", "4915112345-1583617973@g.us")]
    #[case::status("status@broadcast", "status@broadcast")]
    #[case::nothing("", "")]
    fn an_address_has_no_device(#[case] jid: &str, #[case] address: &str) {
        assert_eq!(bare(jid), address);
    }
}
