//! Which messages are in a minute of a chat: those of the file, and those that the call has made or moved.

use std::collections::HashMap;

use threadkeep_protocol::loose;

use super::{CROWD, fit::Names};
use crate::{error::StoreError, ingest::call::Call, kept::Contact};

/// What a call knows of minutes and names.
#[derive(Default)]
pub struct Minutes {
    by_chat: HashMap<(i64, i64), Minute>,
    /// From when to when a chat has messages in the file.
    reaches: HashMap<i64, Option<(i64, i64)>>,
    pub(super) names: Option<Names>,
    /// The names under which chats have messages without ids, and whether the file has them, as far as
    /// this call has met them.
    pub(super) said_by: HashMap<i64, HashMap<String, bool>>,
}

/// What is known of a minute of a chat.
#[derive(Default)]
struct Minute {
    /// Messages that the call made or moved; with those of the file once they were looked for.
    messages: Vec<i64>,
    is_read: bool,
}

impl Minute {
    fn add(&mut self, message: i64) {
        if !self.messages.contains(&message) {
            self.messages.push(message);
        }
    }
}

impl Minutes {
    /// The rows are written, so the file tells.
    pub fn forget(&mut self) {
        self.by_chat.clear();
        self.reaches.clear();
    }

    /// Somebody goes by these names; says which of them are news.
    pub fn know(&mut self, contact: &Contact) -> Vec<String> {
        let Some(names) = &mut self.names else {
            return Vec::new();
        };
        let goes_by = contact.goes_by().into_iter();
        goes_by
            .filter(|name| names.add(name.clone(), &contact.external_id))
            .collect()
    }

    /// Who is who has changed.
    pub fn forget_names(&mut self) {
        self.names = None;
    }
}

impl Call<'_> {
    /// From now on a chat has messages without ids.
    pub fn expect_loose(&mut self, conversation: i64) -> Result<(), StoreError> {
        let row = self.conversation(conversation)?;
        if row.has_loose {
            return Ok(());
        }
        row.has_loose = true;
        let new = self.messages.slots().iter().filter(|slot| slot.is_new());
        let new: Vec<(i64, i64)> = new
            .filter(|slot| slot.row.conversation_pk == conversation)
            .map(|slot| (loose::minute(slot.row.timestamp), slot.pk))
            .collect();
        for (minute, pk) in new {
            let minute = self.minutes.by_chat.entry((conversation, minute));
            minute.or_default().add(pk);
        }
        Ok(())
    }

    /// A message is in its minute from now on, which the file may not tell yet.
    pub fn note_minute(&mut self, message: i64) -> Result<(), StoreError> {
        let row = self.message(message)?;
        let (conversation, minute) = (row.conversation_pk, loose::minute(row.timestamp));
        if self.conversation(conversation)?.has_loose {
            let minute = self.minutes.by_chat.entry((conversation, minute));
            minute.or_default().add(message);
        }
        Ok(())
    }

    /// The messages of a minute; of a crowd only so many that it is seen to be one.
    pub(super) fn in_minute(
        &mut self,
        conversation: i64,
        minute: i64,
    ) -> Result<Vec<i64>, StoreError> {
        let place = (conversation, minute);
        let is_read = self.minutes.by_chat.get(&place);
        if !is_read.is_some_and(|minute| minute.is_read) {
            let stored = self.stored_in_minute(conversation, minute)?;
            let minute = self.minutes.by_chat.entry(place).or_default();
            stored.into_iter().for_each(|pk| minute.add(pk));
            minute.is_read = true;
        }
        let known = self.minutes.by_chat.get(&place);
        let known = known.map_or(&[][..], |minute| &minute.messages);
        // What this call has moved away is still there in the file.
        let mut here = Vec::with_capacity(known.len().min(CROWD + 1));
        for pk in known {
            let row = &self.messages.get(self.conn, *pk)?.row;
            if row.conversation_pk == conversation && loose::minute(row.timestamp) == minute {
                here.push(*pk);
            }
            if here.len() > CROWD {
                break;
            }
        }
        Ok(here)
    }

    fn stored_in_minute(&mut self, conversation: i64, minute: i64) -> Result<Vec<i64>, StoreError> {
        if self.conversations.get(self.conn, conversation)?.is_new() {
            return Ok(Vec::new());
        }
        let (from, to) = (loose::minute_start(minute), loose::minute_start(minute + 1));
        let (from, to) = (from.millis(), to.millis());
        let is_beyond = |(first, last): (i64, i64)| to <= first || last < from;
        if self.reach(conversation)?.is_none_or(is_beyond) {
            return Ok(Vec::new());
        }
        Ok(self
            .conn
            .prepare_cached(
                "SELECT pk FROM messages
                 WHERE conversation_pk = ?1 AND timestamp >= ?2 AND timestamp < ?3",
            )?
            .query_map((conversation, from, to), |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// From when to when a chat has messages in the file.
    fn reach(&mut self, conversation: i64) -> Result<Option<(i64, i64)>, StoreError> {
        if let Some(known) = self.minutes.reaches.get(&conversation) {
            return Ok(*known);
        }
        // Each by itself is one step down the index; asked for together they would read all of it.
        let ends: (Option<i64>, Option<i64>) = self
            .conn
            .prepare_cached(
                "SELECT (SELECT min(timestamp) FROM messages WHERE conversation_pk = ?1),
                        (SELECT max(timestamp) FROM messages WHERE conversation_pk = ?1)",
            )?
            .query_row([conversation], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let reach = ends.0.zip(ends.1);
        self.minutes.reaches.insert(conversation, reach);
        Ok(reach)
    }
}
