//! What is matched anew at the end of a call, because something has come out since it was matched.
//!
//! Who said what in a group is told by names, and names may be learned after the messages: from an address
//! book, or when somebody writes. Whose match a name may change is found by the names that each chat has
//! messages without ids under; a first sync with its thousands of names looks there once a call, and finds
//! nothing. It is done at the end, when the rows are written and each name holds that is going to.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use threadkeep_protocol::{ConversationKind, loose};

use super::Minutes;
use crate::{
    error::StoreError,
    ingest::call::Call,
    kept::Contact,
    row::{CONVERSATION_KINDS, number_of},
};

/// What is to be matched anew.
#[derive(Default)]
pub struct Due {
    /// Who goes by these is another than before.
    names: HashSet<String>,
    /// Of chats: who wrote something in them is another than before.
    minutes: BTreeSet<(i64, i64)>,
    /// What kind these are has come out, or that they are the same as others.
    chats: BTreeSet<i64>,
}

impl Due {
    fn is_empty(&self) -> bool {
        self.names.is_empty() && self.minutes.is_empty() && self.chats.is_empty()
    }

    /// Adds what another call of the same request leaves to do.
    pub fn extend(&mut self, other: Self) {
        self.names.extend(other.names);
        self.minutes.extend(other.minutes);
        self.chats.extend(other.chats);
    }

    pub fn chat(&mut self, conversation: i64) {
        self.chats.insert(conversation);
    }

    pub fn minute(&mut self, conversation: i64, minute: i64) {
        self.minutes.insert((conversation, minute));
    }

    pub fn name(&mut self, name: String) {
        self.names.insert(name);
    }

    /// A contact is not what it was.
    pub fn renamed(&mut self, was: Option<&Contact>, row: &Contact) {
        let has_moved = was.is_some_and(|was| was.external_id != row.external_id);
        let (before, after) = (was.map(Contact::goes_by).unwrap_or_default(), row.goes_by());
        if has_moved {
            self.names.extend(before.into_iter().chain(after));
        } else {
            self.names
                .extend(before.symmetric_difference(&after).cloned());
        }
    }
}

impl Contact {
    /// The names that are compared.
    pub fn goes_by(&self) -> HashSet<String> {
        if self.is_withdrawn {
            return HashSet::new();
        }
        let whole = match (&self.first_name, &self.last_name) {
            (Some(first), Some(last)) => Some(format!("{first} {last}")),
            _ => None,
        };
        [&self.display_name, &self.push_name, &whole]
            .into_iter()
            .flatten()
            .map(|name| loose::name(name))
            .filter(|name| !name.is_empty())
            .collect()
    }
}

impl Minutes {
    /// A chat has a message without an id that was said under a name.
    pub fn said_by(&mut self, conversation: i64, name: Option<&str>) {
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            return;
        };
        let names = self.said_by.entry(conversation).or_default();
        if !names.contains_key(name) {
            names.insert(name.to_owned(), false);
        }
    }
}

impl Call<'_> {
    /// Writes the names that messages without ids were said under. Their chats are written by now.
    pub fn write_loose_names(&mut self) -> Result<(), StoreError> {
        let mut insert = self.conn.prepare_cached(
            "INSERT INTO loose_names (conversation_pk, name) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        )?;
        for (conversation, names) in &mut self.minutes.said_by {
            for (name, is_written) in names.iter_mut().filter(|(_, is_written)| !**is_written) {
                insert.execute((conversation, name))?;
                *is_written = true;
            }
        }
        Ok(())
    }

    /// A chat has the messages of another one from now on.
    pub fn merge_loose_names(&mut self, loser: i64, winner: i64) -> Result<(), StoreError> {
        let names: Vec<String> = self
            .conn
            .prepare_cached("SELECT name FROM loose_names WHERE conversation_pk = ?1")?
            .query_map([loser], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let new = self.minutes.said_by.remove(&loser).unwrap_or_default();
        for name in names.iter().chain(new.keys()) {
            self.minutes.said_by(winner, Some(name));
        }
        Ok(())
    }

    /// Matches anew what is due, by the names that hold now. The rows must have been written.
    pub fn rematch_due(&mut self) -> Result<(), StoreError> {
        let due = std::mem::take(&mut self.due);
        if due.is_empty() {
            return Ok(());
        }
        self.minutes.names = None;
        let mut minutes = due.minutes;
        if !due.names.is_empty() {
            self.find_minutes(&due.names, &mut minutes)?;
        }
        for chat in due.chats {
            let chat = self.became(chat)?;
            if self.conversation(chat)?.has_loose {
                self.find_all_minutes(chat, &mut minutes)?;
            }
        }
        for (conversation, minute) in minutes {
            let conversation = self.became(conversation)?;
            if self.conversation(conversation)?.has_loose {
                self.rematch(conversation, minute)?;
            }
            self.spill()?;
        }
        self.flush()
    }

    /// The minutes of groups in which something was said under one of these names.
    fn find_minutes(
        &self,
        names: &HashSet<String>,
        minutes: &mut BTreeSet<(i64, i64)>,
    ) -> Result<(), StoreError> {
        let direct = number_of(&CONVERSATION_KINDS, &ConversationKind::Direct);
        let mut said: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        let mut select = self.conn.prepare_cached(
            "SELECT n.conversation_pk, n.name FROM loose_names AS n
             JOIN conversations AS c ON c.pk = n.conversation_pk
             WHERE c.integration_id = ?1 AND c.kind <> ?2 AND c.merged_into IS NULL",
        )?;
        let mut rows = select.query((self.integration, direct))?;
        while let Some(row) = rows.next()? {
            let name: String = row.get(1)?;
            if names.contains(&loose::name(&name)) {
                said.entry(row.get(0)?).or_default().push(name);
            }
        }
        for (conversation, names) in said {
            for name in names {
                let mut select = self.conn.prepare_cached(
                    "SELECT timestamp FROM messages
                     WHERE conversation_pk = ?1 AND is_loose = 1 AND is_withdrawn = 0
                       AND sender_display_name = ?2
                     UNION ALL
                     SELECT m.timestamp FROM message_aliases AS a
                     JOIN tellings AS t
                       ON t.message_pk = a.message_pk AND t.external_id = a.external_id
                     JOIN messages AS m ON m.pk = a.message_pk
                     WHERE a.conversation_pk = ?1
                       AND coalesce(json_extract(nullif(t.document, ''), '$.sender_display_name'),
                           m.sender_display_name) = ?2",
                )?;
                let mut rows = select.query((conversation, &name))?;
                while let Some(row) = rows.next()? {
                    minutes.insert((conversation, minute(row.get(0)?)));
                }
            }
        }
        Ok(())
    }

    /// All minutes of a chat in which something has no id, or had none until it was matched.
    fn find_all_minutes(
        &self,
        conversation: i64,
        minutes: &mut BTreeSet<(i64, i64)>,
    ) -> Result<(), StoreError> {
        let found = self.pks(
            "SELECT timestamp FROM messages
             WHERE conversation_pk = ?1 AND is_loose = 1 AND is_withdrawn = 0
             UNION ALL
             SELECT m.timestamp FROM message_aliases AS a
             JOIN messages AS m ON m.pk = a.message_pk WHERE a.conversation_pk = ?1",
            conversation,
        )?;
        minutes.extend(found.into_iter().map(|at| (conversation, minute(at))));
        Ok(())
    }
}

fn minute(millis: i64) -> i64 {
    loose::minute(threadkeep_protocol::Timestamp::from_millis(millis))
}
