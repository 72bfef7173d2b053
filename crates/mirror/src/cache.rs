//! What the writer remembers from one transaction to the next, so that a message costs one insert and no
//! look-ups. Whoever rolls back empties it.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;
use threadkeep_protocol::{Id, Jid};

use crate::{AddressPk, ConversationPk, Error, IntegrationPk, row::bytes_id};

/// Above so many entries of one account its cache starts anew.
const MANY: usize = 200_000;

#[derive(Default)]
pub(crate) struct Cache {
    accounts: HashMap<IntegrationPk, Account>,
}

/// What is remembered of one account.
pub(crate) struct Account {
    pub(crate) integration: IntegrationPk,
    /// How many histories of the server came before this one.
    pub(crate) generation: i64,
    conversations: HashMap<Id, ConversationPk>,
    /// By the address as the server writes it: two devices of one person lead to one entry.
    by_text: HashMap<Box<str>, usize>,
    entries: Vec<Entry>,
    /// Messages that a file or a receipt waits for.
    awaited: HashSet<Id>,
}

/// An entry of the dictionary of addresses.
struct Entry {
    pk: AddressPk,
    name: Box<str>,
    name_at: i64,
    /// Differs from the stored row, in its time or also in its name.
    seen: bool,
    renamed: bool,
}

impl Cache {
    pub(crate) fn clear(&mut self) {
        self.accounts.clear();
    }

    /// Forgets one account.
    pub(crate) fn forget(&mut self, integration: IntegrationPk) {
        self.accounts.remove(&integration);
    }

    pub(crate) fn account(
        &mut self,
        conn: &Connection,
        integration: IntegrationPk,
    ) -> Result<&mut Account, Error> {
        use std::collections::hash_map::Entry;
        match self.accounts.entry(integration) {
            Entry::Occupied(account) => Ok(account.into_mut()),
            Entry::Vacant(place) => Ok(place.insert(Account::load(conn, integration)?)),
        }
    }

    /// Writes what senders called themselves. Returns the accounts where a name changed.
    pub(crate) fn flush(&mut self, conn: &Connection) -> Result<Vec<IntegrationPk>, Error> {
        let mut renamed = Vec::new();
        for account in self.accounts.values_mut() {
            if account.flush(conn)? {
                renamed.push(account.integration);
            }
        }
        self.accounts.retain(|_, account| {
            account.conversations.len() + account.entries.len() + account.awaited.len() < MANY
        });
        Ok(renamed)
    }
}

impl Account {
    fn load(conn: &Connection, integration: IntegrationPk) -> Result<Self, Error> {
        let generation = conn
            .prepare_cached("SELECT generation FROM integrations WHERE pk = ?1 AND removing = 0")?
            .query_row([integration], |row| row.get(0))
            .map_err(|error| match error {
                rusqlite::Error::QueryReturnedNoRows => Error::NoIntegration(integration),
                other => other.into(),
            })?;
        let mut awaited = HashSet::new();
        let mut waiting = conn.prepare_cached(
            "SELECT message_id FROM media WHERE integration_pk = ?1 AND message_pk = 0 \
             UNION SELECT message_id FROM receipts WHERE integration_pk = ?1 AND message_pk = 0",
        )?;
        let mut rows = waiting.query([integration])?;
        while let Some(row) = rows.next()? {
            awaited.insert(bytes_id(row.get(0)?));
        }
        Ok(Self {
            integration,
            generation,
            conversations: HashMap::new(),
            by_text: HashMap::new(),
            entries: Vec::new(),
            awaited,
        })
    }

    /// The conversation of an id, where its row or a placeholder is stored.
    pub(crate) fn find_conversation(
        &mut self,
        conn: &Connection,
        id: Id,
    ) -> Result<Option<ConversationPk>, Error> {
        use rusqlite::OptionalExtension;
        if let Some(&pk) = self.conversations.get(&id) {
            return Ok(Some(pk));
        }
        let pk = conn
            .prepare_cached("SELECT pk FROM conversations WHERE id = ?1 AND integration_pk = ?2")?
            .query_row((id.as_bytes(), self.integration), |row| row.get(0))
            .optional()?;
        if let Some(pk) = pk {
            self.conversations.insert(id, pk);
        }
        Ok(pk)
    }

    /// Notes where a conversation is, from now on.
    pub(crate) fn place_conversation(&mut self, id: Id, pk: ConversationPk) {
        self.conversations.insert(id, pk);
    }

    /// The address's entry in the dictionary, made where there is none.
    pub(crate) fn address(&mut self, conn: &Connection, jid: &str) -> Result<AddressPk, Error> {
        let index = self.entry(conn, jid)?;
        Ok(self.entries[index].pk)
    }

    /// As `address`, and notes what the sender of a message called themselves then. The latest message
    /// decides, and among those of one moment the name, so that the order of arrival does not matter.
    pub(crate) fn sender(
        &mut self,
        conn: &Connection,
        jid: &str,
        name: &str,
        at: i64,
    ) -> Result<AddressPk, Error> {
        let index = self.entry(conn, jid)?;
        let entry = &mut self.entries[index];
        if !name.is_empty() && (at, name) > (entry.name_at, &entry.name) {
            if *entry.name != *name {
                entry.name = name.into();
                entry.renamed = true;
            }
            entry.name_at = at;
            entry.seen = true;
        }
        Ok(entry.pk)
    }

    fn entry(&mut self, conn: &Connection, jid: &str) -> Result<usize, Error> {
        if let Some(&index) = self.by_text.get(jid) {
            return Ok(index);
        }
        let bare = Jid::new(jid).bare();
        let index = match self.by_text.get(bare.as_str()) {
            Some(&index) => index,
            None => {
                self.entries
                    .push(stored_entry(conn, self.integration, &bare)?);
                let index = self.entries.len() - 1;
                self.by_text.insert(bare.into(), index);
                index
            }
        };
        self.by_text.entry(jid.into()).or_insert(index);
        Ok(index)
    }

    fn flush(&mut self, conn: &Connection) -> Result<bool, Error> {
        let mut update =
            conn.prepare_cached("UPDATE addresses SET name = ?2, name_at = ?3 WHERE pk = ?1")?;
        let mut any_renamed = false;
        for entry in self.entries.iter_mut().filter(|entry| entry.seen) {
            update.execute((entry.pk, &*entry.name, entry.name_at))?;
            any_renamed |= entry.renamed;
            (entry.seen, entry.renamed) = (false, false);
        }
        Ok(any_renamed)
    }

    /// Notes that something waits for a message.
    pub(crate) fn await_message(&mut self, id: Id) {
        self.awaited.insert(id);
    }

    /// Whether something waits for this message; asked once, since it has come now.
    pub(crate) fn was_awaited(&mut self, id: Id) -> bool {
        !self.awaited.is_empty() && self.awaited.remove(&id)
    }
}

fn stored_entry(conn: &Connection, integration: IntegrationPk, jid: &str) -> Result<Entry, Error> {
    use rusqlite::OptionalExtension;
    let stored = conn
        .prepare_cached(
            "SELECT pk, name, name_at FROM addresses WHERE integration_pk = ?1 AND jid = ?2",
        )?
        .query_row((integration, jid), |row| {
            let name: Box<str> = row.get(1)?;
            Ok(Entry {
                pk: row.get(0)?,
                // Without a name any time is later, also one before 1970.
                name_at: if name.is_empty() {
                    i64::MIN
                } else {
                    row.get(2)?
                },
                name,
                seen: false,
                renamed: false,
            })
        })
        .optional()?;
    if let Some(entry) = stored {
        return Ok(entry);
    }
    conn.prepare_cached("INSERT INTO addresses (integration_pk, jid) VALUES (?1, ?2)")?
        .execute((integration, jid))?;
    Ok(Entry {
        pk: AddressPk(conn.last_insert_rowid()),
        name: "".into(),
        name_at: i64::MIN,
        seen: false,
        renamed: false,
    })
}
