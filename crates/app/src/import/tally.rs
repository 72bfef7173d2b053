//! What files hold, counted while they are read: what `Summary` says of one input, over several.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use threadkeep_ingest::{ChatSummary, Decision, Receive, Record, Summary};
use threadkeep_protocol::{ContactRecord, Jid, MessageRecord, loose};

use crate::view::{ImportCount, ImportDateOrder, ImportFault};

/// So many faults are named; the others are counted.
const NAMED_FAULTS: usize = 200;

/// So many things of a kind are listed.
const LISTED: usize = 50;

/// What files hold, counted while they are read.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) summary: Summary,
    /// Whether messages that come again are told apart, which takes room for each.
    seen: Option<HashSet<u64>>,
    file: String,
    pub(super) attachments: u64,
    /// What people are called, by their address: a direct chat is called so.
    names: HashMap<String, String>,
    /// Hidden ids, and whose they are.
    phones: HashMap<String, String>,
    /// Those who wrote messages that are known by their names alone.
    senders: HashMap<String, u64>,
    pub(super) faults: Vec<ImportFault>,
    pub(super) faults_total: u64,
}

impl Tally {
    /// Tells messages apart that come again.
    pub(super) fn with_seen() -> Self {
        Self {
            seen: Some(HashSet::new()),
            ..Self::default()
        }
    }

    pub(super) fn begin(&mut self, file: &str) {
        file.clone_into(&mut self.file);
    }

    /// Counts a record. Whether it is the first of its kind, as far as that is told.
    pub(super) fn record(&mut self, record: &Record) -> bool {
        match record {
            Record::Message(message) if !self.message(message) => return false,
            Record::Contact(person) => self.person(person),
            Record::Address(pair) => self.pair(&pair.lid, &pair.phone),
            _ => {}
        }
        self.summary.note(record);
        true
    }

    fn pair(&mut self, lid: &str, phone: &str) {
        let (lid, phone) = (Jid::new(lid).bare(), Jid::new(phone).bare());
        if Jid::new(&lid).is_lid() && !Jid::new(&phone).is_lid() {
            self.phones.insert(lid, phone);
        }
    }

    /// The address under which a chat is kept in the end.
    fn resolved<'a>(&'a self, address: &'a str) -> &'a str {
        self.phones.get(address).map_or(address, String::as_str)
    }

    /// The chats, each once, whatever the files call it.
    pub(super) fn chats(&self) -> BTreeMap<&str, ChatSummary> {
        let mut chats: BTreeMap<&str, ChatSummary> = BTreeMap::new();
        for (address, chat) in &self.summary.chats {
            let known = chats.entry(self.resolved(address)).or_default();
            known.messages += chat.messages;
            known.name = known.name.take().or_else(|| chat.name.clone());
            known.kind = known.kind.or(chat.kind);
            known.period = match (known.period, chat.period) {
                (Some((first, last)), Some((from, to))) => Some((first.min(from), last.max(to))),
                (one, other) => one.or(other),
            };
        }
        chats
    }

    fn person(&mut self, person: &ContactRecord) {
        if let Some(lid) = &person.lid {
            self.pair(lid, &person.external_contact_id);
        }
        let names = [
            &person.display_name,
            &person.push_name,
            &person.phone_number,
        ];
        if let Some(name) = names.into_iter().flatten().find(|name| !name.is_empty()) {
            self.names
                .insert(person.external_contact_id.clone(), name.clone());
        }
    }

    /// Whether it has not come before.
    fn message(&mut self, message: &MessageRecord) -> bool {
        let mut hasher = DefaultHasher::new();
        self.resolved(&message.external_conversation_id)
            .hash(&mut hasher);
        message.external_message_id.hash(&mut hasher);
        if let Some(seen) = &mut self.seen
            && !seen.insert(hasher.finish())
        {
            return false;
        }
        self.attachments += u64::from(message.media.is_some());
        if message.is_loose
            && !message.is_from_me
            && let Some(name) = &message.sender_display_name
        {
            if let Some(count) = self.senders.get_mut(name) {
                *count += 1;
            } else {
                self.senders.insert(name.clone(), 1);
            }
        }
        true
    }

    pub(super) fn fault(&mut self, place: u64, reason: String) {
        self.faults_total += 1;
        if self.faults.len() < NAMED_FAULTS {
            self.faults.push(ImportFault {
                file: self.file.clone(),
                place: number(place.saturating_add(1)),
                reason,
            });
        }
    }

    pub(super) fn decided(&mut self, decision: Decision) {
        self.summary.decided(decision);
    }

    /// What a chat is called: as it says itself, else as the person.
    pub(super) fn name<'a>(&'a self, address: &str, own: Option<&'a str>) -> &'a str {
        own.filter(|name| !name.is_empty())
            .or_else(|| self.names.get(address).map(String::as_str))
            .unwrap_or_default()
    }

    /// How dates are written; of several files that are written in several ways, what a person should look at.
    pub(super) fn date_order(&self) -> Option<ImportDateOrder> {
        let orders = self
            .summary
            .decisions
            .iter()
            .filter_map(|decision| match decision {
                Decision::DateOrder { order, is_proven } => Some(ImportDateOrder {
                    order: order.clone(),
                    is_proven: *is_proven,
                }),
                _ => None,
            });
        orders.min_by_key(|order| order.is_proven)
    }

    pub(super) fn zone(&self) -> Option<String> {
        self.summary
            .decisions
            .iter()
            .find_map(|decision| match decision {
                Decision::Zone(zone) => Some(zone.clone()),
                _ => None,
            })
    }

    pub(super) fn me(&self) -> Option<String> {
        self.summary
            .decisions
            .iter()
            .find_map(|decision| match decision {
                Decision::Me(me) => Some(me.clone()),
                _ => None,
            })
    }

    /// Who wrote, most first, where there are only names; without who the person is, once that is known.
    pub(super) fn senders(&self) -> Vec<ImportCount> {
        counts(&self.senders)
    }

    /// How many people there are, by their addresses, or where there are none by their names.
    pub(super) fn people(&self) -> u64 {
        let named = self.senders.len() + usize::from(self.me().is_some());
        self.summary.people().max(named as u64)
    }

    pub(super) fn unknown(&self) -> Vec<ImportCount> {
        counts(&self.summary.unknown)
    }
}

/// The most frequent first.
fn counts<'a>(of: impl IntoIterator<Item = (&'a String, &'a u64)>) -> Vec<ImportCount> {
    let mut counts: Vec<ImportCount> = of
        .into_iter()
        .map(|(what, count)| ImportCount {
            what: what.clone(),
            count: number(*count),
        })
        .collect();
    counts.sort_by(|one, other| {
        let by_count = other.count.cmp(&one.count);
        by_count.then_with(|| one.what.cmp(&other.what))
    });
    counts.truncate(LISTED);
    counts
}

/// An address for people; what stands for one where there is only a name is none.
pub(super) fn shown_address(id: &str) -> &str {
    if id.starts_with(loose::CHAT_PREFIX) {
        ""
    } else {
        id
    }
}

pub(super) fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
