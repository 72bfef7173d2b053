//! What an input holds, for a person to look at before it is imported.

use std::collections::{BTreeMap, HashMap, HashSet};

use threadkeep_protocol::{ConversationKind, MessageKind, Record, Timestamp};

use crate::{Decision, Flow, Input, Receive};

/// So many errors are kept with their reasons; the others are counted.
const ERRORS: usize = 100;

/// So many names of what nobody understands are kept; they come from the input.
const NAMES: usize = 1_000;
const NAME_CHARS: usize = 80;

/// What an input holds. It takes the records like any receiver, and keeps what fits into memory however many there are:
/// a line for each chat, and who wrote.
#[derive(Debug, Default)]
pub struct Summary {
    /// By their external ids.
    pub chats: BTreeMap<String, ChatSummary>,
    /// Of what kind the messages are.
    pub kinds: HashMap<MessageKind, u64>,
    /// Everything that is said, messages and all else.
    pub records: u64,
    /// Messages in all chats.
    pub messages: u64,
    /// The times of the first and the last message.
    pub period: Option<(Timestamp, Timestamp)>,
    /// Bookkeeping of the platform, left out on purpose.
    pub skipped: u64,
    /// What nobody understands yet, by the platform's name for it.
    pub unknown: BTreeMap<String, u64>,
    /// What could not be read: the first ones, with their places.
    pub errors: Vec<(u64, String)>,
    /// How many could not be read.
    pub error_count: u64,
    /// What was decided for the whole input.
    pub decisions: Vec<Decision>,
    people: HashSet<String>,
    /// Entries of the input that are messages' files.
    here: HashSet<usize>,
    /// Messages that have a file, and those whose file is here.
    with_file: u64,
    with_file_here: u64,
}

/// What an input holds of a chat.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChatSummary {
    /// Its name, where the input says one.
    pub name: Option<String>,
    /// What it is, where the input says so.
    pub kind: Option<ConversationKind>,
    /// Its messages.
    pub messages: u64,
    /// The times of its first and its last message.
    pub period: Option<(Timestamp, Timestamp)>,
}

impl Summary {
    /// How many people it knows of.
    #[must_use]
    pub fn people(&self) -> u64 {
        self.people.len() as u64
    }

    /// How many files of messages are in the input, and their bytes.
    #[must_use]
    pub fn files(&self, input: &Input) -> (u64, u64) {
        let entries = self
            .here
            .iter()
            .filter_map(|entry| input.entries().get(*entry));
        (
            self.here.len() as u64,
            entries.map(|entry| entry.bytes).sum(),
        )
    }

    /// How many messages had a file that is not in the input.
    #[must_use]
    pub const fn missing_files(&self) -> u64 {
        self.with_file.saturating_sub(self.with_file_here)
    }

    /// Takes note of a record without taking it.
    pub fn note(&mut self, record: &Record) {
        self.records += 1;
        match record {
            Record::Conversation(record) => {
                let chat = self.chat(&record.external_conversation_id);
                if record.name.is_some() {
                    chat.name.clone_from(&record.name);
                }
                chat.kind = record.conversation_type.or(chat.kind);
            }
            Record::Contact(record) => self.person(&record.external_contact_id),
            Record::Participant(record) => self.person(&record.external_participant_id),
            Record::Message(record) => {
                self.messages += 1;
                *self.kinds.entry(record.message_type).or_default() += 1;
                widen(&mut self.period, record.timestamp);
                let chat = self.chat(&record.external_conversation_id);
                chat.messages += 1;
                widen(&mut chat.period, record.timestamp);
                if let Some(sender) = &record.sender_external_id {
                    self.person(sender);
                }
                self.with_file += u64::from(record.media.is_some());
            }
            Record::Edit(_)
            | Record::Revoke(_)
            | Record::Reaction(_)
            | Record::Receipt(_)
            | Record::Status(_)
            | Record::Address(_)
            | Record::HistoryAsked(_)
            | Record::HistoryResult(_) => {}
        }
    }

    fn chat(&mut self, id: &str) -> &mut ChatSummary {
        // Looked up first: a chat is named by each of its messages.
        if !self.chats.contains_key(id) {
            self.chats.insert(id.to_owned(), ChatSummary::default());
        }
        self.chats.entry(id.to_owned()).or_default()
    }

    fn person(&mut self, id: &str) {
        if !self.people.contains(id) {
            self.people.insert(id.to_owned());
        }
    }
}

/// Widens a period to hold a time. 1970 is how a source says that it knows none.
fn widen(period: &mut Option<(Timestamp, Timestamp)>, at: Timestamp) {
    if at == Timestamp::default() {
        return;
    }
    *period = Some(period.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
}

impl Receive for Summary {
    fn record(&mut self, _place: u64, record: Record) -> Flow {
        self.note(&record);
        Flow::Continue(())
    }

    fn content(&mut self, _sha256: &str, entry: usize) {
        self.here.insert(entry);
    }

    fn file(&mut self, entry: usize) {
        self.here.insert(entry);
        self.with_file_here += 1;
    }

    fn skip(&mut self) {
        self.skipped += 1;
    }

    fn unknown(&mut self, what: &str) {
        if let Some(count) = self.unknown.get_mut(what) {
            *count += 1;
        } else if self.unknown.len() < NAMES {
            self.unknown
                .insert(what.chars().take(NAME_CHARS).collect(), 1);
        }
    }

    fn error(&mut self, place: u64, reason: String) {
        self.error_count += 1;
        if self.errors.len() < ERRORS {
            self.errors.push((place, reason));
        }
    }

    fn decided(&mut self, decision: Decision) {
        if !self.decisions.contains(&decision) {
            self.decisions.push(decision);
        }
    }

    fn advance(&mut self, _done: u64, _total: u64) -> Flow {
        Flow::Continue(())
    }
}
