//! Messages without ids, matched with those that have one.
//!
//! An exported text knows no ids and rounds times to the minute. Such a message is taken to be another of
//! the same chat and minute if both are from the same side, say the same, and nothing speaks against the
//! sender; among equals the first is the first, the second the second, and so on. Exports floor their
//! minutes, so no other minute is looked at: a neighbour would make one of two messages that say "ok" a
//! minute apart.
//!
//! All of a minute is matched anew whenever something comes into it, so that the order of arrival does not
//! matter; a name that has found another message goes there with all that was said under it. It costs a
//! look into the index by chat and time for each minute, only in chats that have had such messages, and none
//! for minutes beyond those that the chat has in the file. What is learned of people later makes minutes due
//! (`due`).
//!
//! A message that was deleted takes, last of all, one that nothing else took: its text is gone, and a text
//! that an export still has does not bring it back.

mod due;
mod fit;
mod minutes;

use std::collections::BTreeMap;

use threadkeep_protocol::{ConversationKind, loose};

use self::fit::{Names, Side, Traits};
pub use self::{due::Due, minutes::Minutes};
use super::{
    call::Call,
    telling::{Telling, fold},
};
use crate::{
    error::StoreError,
    kept::{ACCOUNT, Contact, Media, Message, SEVERAL},
};

/// More messages in one minute are no talk, and comparing each with each would take too long.
const CROWD: usize = 200;

/// Who holds what is said under a name without an id, and what that is like.
struct Loose {
    holder: i64,
    traits: Traits,
}

struct Strict {
    pk: i64,
    traits: Traits,
}

impl Call<'_> {
    /// The message that one which is not known by its name is all the same.
    pub fn kin(
        &mut self,
        conversation: i64,
        told: &Message,
        media: Option<&Media>,
    ) -> Result<Option<i64>, StoreError> {
        if !told.is_loose && !self.conversation(conversation)?.has_loose {
            return Ok(None);
        }
        let minute = loose::minute(told.timestamp);
        let rows = self.in_minute(conversation, minute)?;
        if rows.is_empty() || rows.len() > CROWD {
            return Ok(None);
        }
        let is_direct = self.conversation(conversation)?.kind == ConversationKind::Direct;
        let mut own = None;
        let mut found: Option<(u8, Side, i64)> = None;
        for pk in rows {
            let row = self.message(pk)?;
            // A name without an id has a row of its own until it finds one with an id.
            if row.is_withdrawn
                || row.is_loose == told.is_loose
                || row.external_id == told.external_id
            {
                continue;
            }
            let has_several = row.origin == SEVERAL;
            if told.is_loose && has_several && self.has_loose_telling(pk)? {
                continue;
            }
            let other = self.traits(pk)?;
            let own = own.get_or_insert_with(|| Traits::of(told, media));
            let names = self.names(is_direct)?;
            let fit = if told.is_loose {
                fit::level(&other, own, names)
            } else {
                fit::level(own, &other, names)
            };
            if let Some(level) = fit {
                let place = (level, other.place(), pk);
                if found.as_ref().is_none_or(|found| place < *found) {
                    found = Some(place);
                }
            }
        }
        Ok(found.map(|(.., pk)| pk))
    }

    /// Matches all of a minute anew.
    pub fn rematch(&mut self, conversation: i64, minute: i64) -> Result<(), StoreError> {
        let rows = self.in_minute(conversation, minute)?;
        if rows.len() > CROWD || !self.has_both(&rows)? {
            return Ok(());
        }
        let is_direct = self.conversation(conversation)?.kind == ConversationKind::Direct;
        let (mut strict, mut loose) = (Vec::new(), BTreeMap::new());
        for pk in rows {
            self.sort_in(pk, &mut strict, &mut loose)?;
        }
        if strict.is_empty() || loose.is_empty() {
            return Ok(());
        }
        strict.sort_by_cached_key(|strict: &Strict| strict.traits.place());
        let wanted = self.assign(is_direct, &strict, &loose)?;
        let moves: Vec<(String, i64, Option<i64>)> = loose
            .iter()
            .filter_map(|(name, known)| {
                let is_own = strict.iter().all(|strict| strict.pk != known.holder);
                let to = wanted.get(name).copied();
                (to != Some(known.holder) && !(is_own && to.is_none()))
                    .then(|| (name.clone(), known.holder, to))
            })
            .collect();
        let mut lifted = Vec::with_capacity(moves.len());
        for (name, from, to) in moves {
            let list = self.tellings_mut(from)?;
            let (taken, left): (Vec<_>, Vec<_>) = std::mem::take(list)
                .into_iter()
                .partition(|telling| telling.row.external_id == name);
            *list = left;
            self.refold(from)?;
            lifted.push((name, to, taken));
        }
        for (name, to, tellings) in lifted {
            self.put_down(conversation, &name, to, tellings)?;
        }
        Ok(())
    }

    /// Whether there is something to match: messages with ids, and some without or what was said of
    /// them.
    fn has_both(&mut self, rows: &[i64]) -> Result<bool, StoreError> {
        let (mut has_strict, mut has_loose) = (false, false);
        for pk in rows {
            let row = self.message(*pk)?;
            if !row.is_withdrawn {
                has_strict |= !row.is_loose;
                has_loose |= row.is_loose || row.origin == SEVERAL;
            }
        }
        Ok(has_strict && has_loose)
    }

    fn has_loose_telling(&mut self, message: i64) -> Result<bool, StoreError> {
        Ok(self
            .tellings(message)?
            .iter()
            .any(|telling| telling.row.is_loose))
    }

    fn traits(&mut self, message: i64) -> Result<Traits, StoreError> {
        let (conn, integration) = (self.conn, self.integration);
        if self.messages.get(conn, message)?.is_new() {
            self.media.rule_out(message);
        }
        let media = self.media.find(conn, integration, message)?;
        let media = media
            .map(|slot| slot.row.clone())
            .filter(|media| !media.is_withdrawn);
        Ok(Traits::of(self.message(message)?, media.as_ref()))
    }

    /// Sorts a message, and all that is said of it under other names, into those with and without ids.
    fn sort_in(
        &mut self,
        pk: i64,
        strict: &mut Vec<Strict>,
        loose: &mut BTreeMap<String, Loose>,
    ) -> Result<(), StoreError> {
        let row = self.message(pk)?;
        if row.is_withdrawn {
            return Ok(());
        }
        if row.is_loose {
            let name = row.external_id.clone();
            let traits = self.traits(pk)?;
            loose.insert(name, Loose { holder: pk, traits });
            return Ok(());
        }
        if row.origin == SEVERAL {
            for telling in self.tellings(pk)?.iter().filter(|told| told.row.is_loose) {
                let traits = Traits::of(&telling.row, telling.media.as_ref());
                let name = telling.row.external_id.clone();
                loose.insert(name, Loose { holder: pk, traits });
            }
        }
        let traits = match self.strict_traits(pk)? {
            Some(traits) => traits,
            None => self.traits(pk)?,
        };
        strict.push(Strict { pk, traits });
        Ok(())
    }

    /// What a message is like to those who have an id for it. What one without an id has added, such as
    /// the sender's name, is no reason to take the two for one.
    fn strict_traits(&mut self, pk: i64) -> Result<Option<Traits>, StoreError> {
        if self.message(pk)?.origin != SEVERAL || !self.has_loose_telling(pk)? {
            return Ok(None);
        }
        let now = self.now;
        let tellings = self.tellings(pk)?.iter();
        let strict: Vec<&Telling> = tellings.filter(|telling| !telling.row.is_loose).collect();
        Ok(match strict.as_slice() {
            [one] if one.has_base => Some(Traits::of(&one.row, one.media.as_ref())),
            several => {
                let several: Vec<Telling> = several.iter().copied().cloned().collect();
                fold(&several, now).map(|folded| Traits::of(&folded.row, folded.media.as_ref()))
            }
        })
    }

    /// Which message each name stands for: the best fits first, and among equals in their order.
    fn assign(
        &mut self,
        is_direct: bool,
        strict: &[Strict],
        loose: &BTreeMap<String, Loose>,
    ) -> Result<BTreeMap<String, i64>, StoreError> {
        let names = self.names(is_direct)?;
        let mut wanted = BTreeMap::new();
        let mut is_taken = vec![false; strict.len()];
        for level in 0..=fit::WORST {
            for (place, strict) in strict.iter().enumerate() {
                if is_taken[place] {
                    continue;
                }
                let free = loose.iter().find(|(name, loose)| {
                    !wanted.contains_key(*name)
                        && fit::level(&strict.traits, &loose.traits, names) == Some(level)
                });
                if let Some((name, _)) = free {
                    wanted.insert(name.clone(), strict.pk);
                    is_taken[place] = true;
                }
            }
        }
        Ok(wanted)
    }

    /// What is said under a name belongs to another message from now on, or to one of its own.
    fn put_down(
        &mut self,
        conversation: i64,
        name: &str,
        to: Option<i64>,
        tellings: Vec<Telling>,
    ) -> Result<(), StoreError> {
        let (conn, integration) = (self.conn, self.integration);
        self.name_alias(conversation, name, to);
        let message = match (to, tellings.first()) {
            (Some(message), _) => message,
            (None, None) => return Ok(()),
            (None, Some(first)) => {
                let key = (conversation, name.to_owned());
                match self.messages.find(conn, integration, key)? {
                    Some(slot) => slot.pk,
                    None => {
                        let row = Message {
                            conversation_pk: conversation,
                            is_withdrawn: true,
                            origin: ACCOUNT,
                            ..first.row.clone()
                        };
                        self.messages.add(conn, row)?.pk
                    }
                }
            }
        };
        self.tellings_mut(message)?.extend(tellings);
        self.refold(message)?;
        Ok(())
    }

    /// Who goes by which name; nobody's is asked for between two.
    fn names(&mut self, is_direct: bool) -> Result<Option<&Names>, StoreError> {
        if is_direct {
            return Ok(None);
        }
        if self.minutes.names.is_none() {
            let mut names = Names::default();
            let mut select = self.conn.prepare_cached(
                "SELECT external_id, display_name, push_name, first_name, last_name FROM contacts
                 WHERE integration_id = ?1 AND is_withdrawn = 0",
            )?;
            let mut rows = select.query([self.integration])?;
            while let Some(row) = rows.next()? {
                names.know(&Contact {
                    external_id: row.get(0)?,
                    display_name: row.get(1)?,
                    push_name: row.get(2)?,
                    first_name: row.get(3)?,
                    last_name: row.get(4)?,
                    ..Contact::default()
                });
            }
            for slot in self.contacts.slots() {
                names.know(&slot.row);
            }
            self.minutes.names = Some(names);
        }
        Ok(self.minutes.names.as_ref())
    }
}
