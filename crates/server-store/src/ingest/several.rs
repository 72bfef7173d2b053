//! Messages that several sources know: what each says is kept apart, and the row follows from all.

mod alias;
mod follow;
mod written;

use std::collections::HashMap;

use super::{call::Call, telling::Telling};
use crate::{
    error::StoreError,
    kept::{ACCOUNT, SEVERAL},
};

/// The statements that a call has looked at or added to.
#[derive(Default)]
pub struct Tellings {
    by_message: HashMap<i64, Told>,
    /// Names without a platform's id that this call has given or taken away.
    aliases: HashMap<(i64, String), Option<i64>>,
    /// Whether a chat has such names in the file.
    has_aliases: HashMap<i64, bool>,
    /// Receipts that this call has added, by message.
    pub receipts: HashMap<i64, Vec<i64>>,
}

struct Told {
    list: Vec<Telling>,
    is_changed: bool,
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
}
