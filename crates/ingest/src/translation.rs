//! What a translator makes of an input.

use std::collections::{BTreeMap, HashMap};

use threadkeep_protocol::{Address, Record, RecordError};

use crate::{Flow, Receive};

/// What a translator made of an input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Translation {
    /// The records, each with the place of the line or record of the input that it came from, from 0.
    pub records: Vec<(usize, Record)>,
    /// What was left out on purpose: bookkeeping of the platform.
    pub skipped: u64,
    /// What nobody understands yet, by the platform's name for it.
    pub unknown: BTreeMap<String, u64>,
    /// What could not be read; none of it costs anything else.
    pub errors: Vec<RecordError>,
}

/// The whole input is unusable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TranslateError {
    /// The text stops inside a value.
    #[error(
        "The input ends in the middle, as a file does that was cut short or is still being written. \
         Nothing was changed."
    )]
    Truncated,
    /// The text is no JSON at all.
    #[error("The input is not JSON (it stops making sense at byte {at}). Nothing was changed.")]
    NotJson {
        /// Where, from 0.
        at: usize,
    },
    /// The text is JSON of some other kind.
    #[error("The input is JSON, but it does not hold {expected}. Nothing was changed.")]
    WrongShape {
        /// What it should hold.
        expected: &'static str,
    },
    /// A text without a line that begins as messages of exported chats do.
    #[error("The input holds no message of an exported chat. Nothing was changed.")]
    NoMessages,
    /// A text that is neither UTF-8 nor UTF-16.
    #[error(
        "The text is in an encoding that no export has, and signs of it would be lost. \
         Export the chat again, or save it as UTF-8. Nothing was changed."
    )]
    Encoding,
}

/// Collects a translation while one place of the input is being read.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    pub(crate) translation: Translation,
    index: usize,
    /// The phone that each hidden id was last said to be.
    phones: HashMap<String, String>,
}

impl Sink {
    /// What follows comes from this place of the input.
    pub(crate) const fn at(&mut self, index: usize) {
        self.index = index;
    }

    pub(crate) fn push(&mut self, record: Record) {
        self.translation.records.push((self.index, record));
    }

    pub(crate) const fn skip(&mut self) {
        self.translation.skipped += 1;
    }

    pub(crate) fn unknown(&mut self, what: &str) {
        // A name comes from the input: it must not become a way to fill memory.
        let name: String = what.chars().take(80).collect();
        *self.translation.unknown.entry(name).or_default() += 1;
    }

    pub(crate) fn error(&mut self, reason: impl Into<String>) {
        self.translation.errors.push(RecordError {
            index: self.index,
            reason: reason.into(),
        });
    }

    /// Whether the pair says something that the input has not just said.
    pub(crate) fn is_new_pair(&mut self, address: &Address) -> bool {
        if self.phones.get(&address.lid) == Some(&address.phone) {
            return false;
        }
        self.phones
            .insert(address.lid.clone(), address.phone.clone());
        true
    }

    pub(crate) fn finish(self) -> Translation {
        self.translation
    }

    /// Hands on what has been gathered and forgets it, except for who is who.
    pub(crate) fn hand_on(&mut self, receiver: &mut dyn Receive) -> Flow {
        let Translation {
            records,
            skipped,
            unknown,
            errors,
        } = &mut self.translation;
        for (place, record) in records.drain(..) {
            receiver.record(place as u64, record)?;
        }
        for _ in 0..std::mem::take(skipped) {
            receiver.skip();
        }
        for (what, count) in std::mem::take(unknown) {
            for _ in 0..count {
                receiver.unknown(&what);
            }
        }
        for error in errors.drain(..) {
            receiver.error(error.index as u64, error.reason);
        }
        Flow::Continue(())
    }
}
