//! (long because matching, folding and taking back change the same slots)
//!
//! Messages that several sources know: what each says is kept apart, and the row follows from all.

use std::collections::HashMap;

use rusqlite::{Connection, params};
use threadkeep_protocol::{ConversationKind, loose};

use super::{
    call::Call,
    telling::{Folded, Telling, fold},
};
use crate::{
    error::StoreError,
    kept::{ACCOUNT, Kept, Media, Message, Receipt, SEVERAL},
};

/// The statements that a call has looked at or added to.
#[derive(Default)]
pub struct Tellings {
    by_message: HashMap<i64, Told>,
    /// Names without a platform's id that this call has given or taken away.
    aliases: HashMap<(i64, String), Option<i64>>,
    /// Receipts that this call has added, by message.
    pub receipts: HashMap<i64, Vec<i64>>,
}

struct Told {
    list: Vec<Telling>,
    is_changed: bool,
}

/// Statements as they are written: each with its source, its own name and the column.
pub struct Written {
    message: i64,
    conversation: i64,
    lines: Vec<(i64, String, String)>,
}

impl Call<'_> {
    /// Whether this call's source alone knows the message.
    pub fn is_alone(&mut self, message: i64) -> Result<bool, StoreError> {
        let source = self.source;
        let row = self.message(message)?;
        Ok(row.origin == source && !row.is_withdrawn)
    }

    /// Whether the account itself has told of the message.
    pub fn is_own(&mut self, message: i64) -> Result<bool, StoreError> {
        let row = self.message(message)?;
        match row.origin {
            ACCOUNT => Ok(!row.is_withdrawn),
            SEVERAL => Ok(self
                .tellings(message)?
                .iter()
                .any(|telling| telling.source == ACCOUNT && telling.has_base)),
            _ => Ok(false),
        }
    }

    /// What each source says of a message.
    pub fn tellings(&mut self, message: i64) -> Result<&mut Vec<Telling>, StoreError> {
        if !self.tellings.by_message.contains_key(&message) {
            let list = self.load_tellings(message)?;
            let told = Told {
                list,
                is_changed: false,
            };
            self.tellings.by_message.insert(message, told);
        }
        let told = self.tellings.by_message.get_mut(&message);
        Ok(&mut told.ok_or(StoreError::Stopped)?.list)
    }

    /// The same, to change.
    pub fn tellings_mut(&mut self, message: i64) -> Result<&mut Vec<Telling>, StoreError> {
        self.tellings(message)?;
        let told = self.tellings.by_message.get_mut(&message);
        let told = told.ok_or(StoreError::Stopped)?;
        told.is_changed = true;
        Ok(&mut told.list)
    }

    fn load_tellings(&mut self, message: i64) -> Result<Vec<Telling>, StoreError> {
        let row = self.message(message)?;
        let (origin, is_withdrawn) = (row.origin, row.is_withdrawn);
        if is_withdrawn && origin != SEVERAL {
            return Ok(Vec::new());
        }
        let whole = self.whole(message)?;
        if origin != SEVERAL {
            return Ok(vec![Telling {
                source: origin,
                ..whole
            }]);
        }
        let lines: Vec<(i64, String)> = self
            .conn
            .prepare_cached("SELECT source, document FROM tellings WHERE message_pk = ?1")?
            .query_map([message], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let mut list = Vec::with_capacity(lines.len() + 1);
        for (source, column) in lines {
            let mut telling = Telling::read(source, &column, &whole)?;
            self.readdress_telling(&mut telling)?;
            list.push(telling);
        }
        Ok(list)
    }

    /// People are named as they are named by now.
    fn readdress_telling(&mut self, telling: &mut Telling) -> Result<(), StoreError> {
        if let Some(sender) = telling.row.sender.take() {
            let sender = self.resolve(&sender)?;
            if self.is_me(&sender) {
                telling.row.is_from_me = true;
            } else {
                telling.row.sender = Some(sender);
            }
        }
        let reactors: Vec<String> = telling.row.reactions.senders().map(str::to_owned).collect();
        for reactor in reactors {
            let now = self.reactor(&reactor)?;
            if now != reactor {
                telling.row.reactions.readdress(&reactor, &now);
            }
        }
        let receipts = std::mem::take(&mut telling.receipts);
        for mut receipt in receipts {
            receipt.external_id = self.resolve(&receipt.external_id)?;
            telling.receive(receipt);
        }
        Ok(())
    }

    /// The row as a statement.
    fn whole(&mut self, message: i64) -> Result<Telling, StoreError> {
        let (conn, integration) = (self.conn, self.integration);
        let row = self.message(message)?.clone();
        if self.messages.get(conn, message)?.is_new() {
            self.media.rule_out(message);
        }
        let media = self.media.find(conn, integration, message)?;
        let media = media
            .map(|slot| slot.row.clone())
            .filter(|media| !media.is_withdrawn);
        let mut receipts = Vec::new();
        for pk in self.receipts_of(message)? {
            let receipt = self.receipts.get(conn, pk)?.row.clone();
            if !receipt.is_withdrawn {
                receipts.push(receipt);
            }
        }
        Ok(Telling::new(ACCOUNT, row, media, receipts))
    }

    /// The receipts of a message, those of this call among them.
    fn receipts_of(&mut self, message: i64) -> Result<Vec<i64>, StoreError> {
        let mut pks = if self.messages.get(self.conn, message)?.is_new() {
            Vec::new()
        } else {
            self.pks("SELECT pk FROM receipts WHERE message_pk = ?1", message)?
        };
        for pk in self.tellings.receipts.get(&message).into_iter().flatten() {
            if !pks.contains(pk) {
                pks.push(*pk);
            }
        }
        Ok(pks)
    }

    /// A source says something of a message that others know; says whether a reader sees a difference.
    pub fn tell(&mut self, message: i64, telling: Telling) -> Result<bool, StoreError> {
        let now = self.now;
        let list = self.tellings_mut(message)?;
        let known = list.iter_mut().find(|known| {
            known.source == telling.source && known.row.external_id == telling.row.external_id
        });
        match known {
            Some(known) => known.absorb(telling, now),
            None => list.push(telling),
        }
        let changed = self.refold(message)?;
        self.name_others(message)?;
        Ok(changed)
    }

    /// What sources call the message otherwise than its row stands for it from now on.
    fn name_others(&mut self, message: i64) -> Result<(), StoreError> {
        let row = self.message(message)?;
        let (conversation, name) = (row.conversation_pk, row.external_id.clone());
        let others: Vec<String> = self
            .tellings(message)?
            .iter()
            .filter(|telling| telling.row.external_id != name)
            .map(|telling| telling.row.external_id.clone())
            .collect();
        for other in others {
            self.name_alias(conversation, &other, Some(message));
        }
        Ok(())
    }

    /// A message that several know has moved, and its names with it.
    pub fn move_aliases(&mut self, message: i64) -> Result<(), StoreError> {
        self.tellings_mut(message)?;
        self.name_others(message)
    }

    /// This call's source changes what it says of a message; says whether a reader sees a difference.
    pub fn retell(
        &mut self,
        message: i64,
        change: impl FnOnce(&mut Telling) -> bool,
    ) -> Result<bool, StoreError> {
        let source = self.source;
        let known = self.message(message)?.clone();
        let list = self.tellings_mut(message)?;
        let place = match list.iter().position(|telling| telling.source == source) {
            Some(place) => place,
            None => {
                list.push(Telling::of_changes(source, &known));
                list.len() - 1
            }
        };
        if change(&mut list[place]) {
            return self.refold(message);
        }
        Ok(false)
    }

    /// Makes the row what follows from all that is said; says whether a reader sees a difference.
    pub fn refold(&mut self, message: i64) -> Result<bool, StoreError> {
        let now = self.now;
        let list = self.tellings(message)?;
        let origin = match list.as_slice() {
            [] => ACCOUNT,
            [one] if one.has_base => one.source,
            // Changes alone wait beside the row, for whoever tells the message.
            _ => SEVERAL,
        };
        let Some(folded) = fold(list, now) else {
            return self.withdraw(message, origin);
        };
        let was = self.message(message)?.clone();
        let Folded {
            row,
            media,
            receipts,
        } = folded;
        let mut row = Message {
            conversation_pk: was.conversation_pk,
            origin,
            is_withdrawn: false,
            ..row
        };
        self.advance_by(&mut row, &receipts)?;
        if row.is_deleted && was.is_deleted && !row.deleted_at_told && !was.deleted_at_told {
            row.deleted_at = was.deleted_at;
        }
        self.rename_message(message, &was, &row)?;
        let is_back = was.is_withdrawn;
        // What was the oldest, or the newest, may be so no longer.
        let has_moved = was.timestamp != row.timestamp || was.external_id != row.external_id;
        let mut changed = !was.looks_like(&row);
        let conversation = row.conversation_pk;
        *self.message(message)? = row;
        if is_back {
            self.conversation(conversation)?.total_message_count += 1;
        }
        if has_moved {
            self.reshown.insert(conversation);
        }
        changed |= self.put_media(message, media)?;
        changed |= self.put_receipts(message, receipts)?;
        self.note_minute(message)?;
        self.show(message)?;
        Ok(changed)
    }

    /// In a direct chat a receipt is also how far one's own message got.
    fn advance_by(&mut self, row: &mut Message, receipts: &[Receipt]) -> Result<(), StoreError> {
        let is_direct = self.conversation(row.conversation_pk)?.kind == ConversationKind::Direct;
        if is_direct && row.is_from_me {
            for receipt in receipts {
                if !self.is_me(&receipt.external_id) {
                    row.advance(receipt.status());
                }
            }
        }
        Ok(())
    }

    /// The row goes by the name that the best source has for the message.
    fn rename_message(
        &mut self,
        message: i64,
        was: &Message,
        row: &Message,
    ) -> Result<(), StoreError> {
        if was.external_id == row.external_id {
            return Ok(());
        }
        let (conn, integration) = (self.conn, self.integration);
        let key = (row.conversation_pk, row.external_id.clone());
        // What was withdrawn under that name makes room.
        let other = self
            .messages
            .find(conn, integration, key)?
            .map(|slot| slot.pk);
        if let Some(other) = other.filter(|other| *other != message) {
            self.messages.rename(conn, other, |row| {
                row.external_id = format!("{}#{other}", row.external_id);
            })?;
        }
        self.messages.rename(conn, message, |kept| {
            kept.external_id.clone_from(&row.external_id)
        })
    }

    /// Nobody who told the message is left: the row keeps its name and its place, and no content.
    fn withdraw(&mut self, message: i64, origin: i64) -> Result<bool, StoreError> {
        let row = self.message(message)?;
        let was_there = !row.is_withdrawn;
        let conversation = row.conversation_pk;
        *row = Message {
            origin,
            is_withdrawn: true,
            ..row.unsaid()
        };
        if was_there {
            self.conversation(conversation)?.total_message_count -= 1;
            self.reshown.insert(conversation);
        }
        self.put_media(message, None)?;
        self.put_receipts(message, Vec::new())?;
        Ok(was_there)
    }

    fn put_media(&mut self, message: i64, media: Option<Media>) -> Result<bool, StoreError> {
        let (conn, integration) = (self.conn, self.integration);
        let known = self.media.find(conn, integration, message)?;
        match (known, media) {
            (None, None) => Ok(false),
            (None, Some(media)) => {
                let media = Media {
                    message_pk: message,
                    ..media
                };
                self.media.add(conn, media)?;
                Ok(true)
            }
            (Some(slot), media) => {
                let is_withdrawn = media.is_none();
                let mut media = media.unwrap_or_default();
                let is_same = media.sha256.is_some() && media.sha256 == slot.row.sha256;
                media.message_pk = message;
                media.is_withdrawn = is_withdrawn;
                media.has_content = is_same && slot.row.has_content && !is_withdrawn;
                let changed = slot.row != media;
                slot.row = media;
                Ok(changed)
            }
        }
    }

    fn put_receipts(&mut self, message: i64, receipts: Vec<Receipt>) -> Result<bool, StoreError> {
        let (conn, integration) = (self.conn, self.integration);
        let mut changed = false;
        for pk in self.receipts_of(message)? {
            let row = &mut self.receipts.get(conn, pk)?.row;
            let is_told = receipts
                .iter()
                .any(|receipt| receipt.external_id == row.external_id);
            if !is_told && !row.is_withdrawn {
                *row = Receipt {
                    message_pk: message,
                    external_id: row.external_id.clone(),
                    is_withdrawn: true,
                    ..Receipt::default()
                };
                changed = true;
            }
        }
        for receipt in receipts {
            let receipt = Receipt {
                message_pk: message,
                ..receipt
            };
            let key = (message, receipt.external_id.clone());
            match self.receipts.find(conn, integration, key)? {
                Some(slot) => {
                    changed |= slot.row != receipt;
                    slot.row = receipt;
                }
                None => {
                    let pk = self.receipts.add(conn, receipt)?.pk;
                    self.tellings.receipts.entry(message).or_default().push(pk);
                    changed = true;
                }
            }
        }
        Ok(changed)
    }

    /// The message that a name without a platform's id stands for.
    pub fn alias(&mut self, conversation: i64, name: &str) -> Result<Option<i64>, StoreError> {
        if !name.starts_with(loose::MESSAGE_PREFIX) {
            return Ok(None);
        }
        let key = (conversation, name.to_owned());
        if let Some(known) = self.tellings.aliases.get(&key) {
            return Ok(*known);
        }
        let found = self
            .conn
            .prepare_cached(
                "SELECT message_pk FROM message_aliases
                 WHERE conversation_pk = ?1 AND external_id = ?2",
            )?
            .query_map((conversation, name), |row| row.get(0))?
            .next()
            .transpose()?;
        self.tellings.aliases.insert(key, found);
        Ok(found)
    }

    /// A name stands for a message from now on, or for none.
    pub fn name_alias(&mut self, conversation: i64, name: &str, message: Option<i64>) {
        let key = (conversation, name.to_owned());
        self.tellings.aliases.insert(key, message);
    }

    /// What sources say apart from the rows, to be written behind them. To be asked while the rows are
    /// still held.
    pub fn told_apart(&mut self) -> Result<Vec<Written>, StoreError> {
        let changed: Vec<i64> = self
            .tellings
            .by_message
            .iter()
            .filter(|(_, told)| told.is_changed)
            .map(|(message, _)| *message)
            .collect();
        let mut written = Vec::with_capacity(changed.len());
        for message in changed {
            let row = self.message(message)?;
            let (name, conversation) = (row.external_id.clone(), row.conversation_pk);
            let is_several = row.origin == SEVERAL;
            let mut lines = Vec::new();
            if is_several {
                let whole = self.whole(message)?;
                for telling in self.tellings(message)?.iter() {
                    let own = Some(&telling.row.external_id).filter(|own| **own != name);
                    let column = telling.difference(&whole)?;
                    lines.push((telling.source, own.cloned().unwrap_or_default(), column));
                }
            }
            written.push(Written {
                message,
                conversation,
                lines,
            });
        }
        self.tellings = Tellings::default();
        Ok(written)
    }
}

impl Written {
    pub fn write(&self, conn: &Connection) -> Result<(), StoreError> {
        for sql in [
            "DELETE FROM tellings WHERE message_pk = ?1",
            "DELETE FROM message_aliases WHERE message_pk = ?1",
        ] {
            conn.prepare_cached(sql)?.execute([self.message])?;
        }
        let mut telling = conn.prepare_cached(
            "INSERT INTO tellings (message_pk, source, external_id, document)
             VALUES (?1, ?2, ?3, ?4)",
        )?;
        let mut alias = conn.prepare_cached(
            "INSERT INTO message_aliases (conversation_pk, external_id, message_pk)
             VALUES (?1, ?2, ?3)
             ON CONFLICT (conversation_pk, external_id) DO UPDATE SET message_pk = excluded.message_pk",
        )?;
        for (source, name, column) in &self.lines {
            telling.execute(params![self.message, source, name, column])?;
            if !name.is_empty() {
                alias.execute(params![self.conversation, name, self.message])?;
            }
        }
        Ok(())
    }
}
