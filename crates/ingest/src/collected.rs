//! What a reader hands on, gathered for tests.

pub(crate) mod seed;

use std::{collections::BTreeMap, fs};

use serde_json::Value;
use threadkeep_protocol::{MessageRecord, Record};

use crate::{Decision, Flow, Input, InputError, Limits, Options, ReadError, Receive};

/// How a reader reads.
type Read = fn(&Input, &Options, &mut dyn Receive) -> Result<(), ReadError>;

#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) records: Vec<(u64, Record)>,
    pub(crate) contents: Vec<(String, usize)>,
    pub(crate) skipped: u64,
    pub(crate) unknown: BTreeMap<String, u64>,
    pub(crate) errors: Vec<(u64, String)>,
    pub(crate) decided: Vec<Decision>,
    /// How many records are enough.
    pub(crate) enough: Option<usize>,
}

impl Receive for Collected {
    fn record(&mut self, place: u64, record: Record) -> Flow {
        self.records.push((place, record));
        if Some(self.records.len()) == self.enough {
            return Flow::Break(());
        }
        Flow::Continue(())
    }

    fn content(&mut self, sha256: &str, entry: usize) {
        self.contents.push((sha256.to_owned(), entry));
    }

    fn skip(&mut self) {
        self.skipped += 1;
    }

    fn unknown(&mut self, what: &str) {
        *self.unknown.entry(what.to_owned()).or_default() += 1;
    }

    fn error(&mut self, place: u64, reason: String) {
        self.errors.push((place, reason));
    }

    fn decided(&mut self, decision: Decision) {
        self.decided.push(decision);
    }

    fn advance(&mut self, done: u64, total: u64) -> Flow {
        assert!(done <= total, "more cannot have been read than there is");
        Flow::Continue(())
    }
}

impl Collected {
    /// All that a reader makes of a folder; it must come to its end.
    pub(crate) fn of(files: &[(&str, &[u8])], options: &Options, read: Read) -> Self {
        let mut collected = Self::default();
        let folder = folder(files);
        let input = open(&folder).unwrap();
        read(&input, options, &mut collected).unwrap();
        collected
    }

    /// Its messages.
    pub(crate) fn messages(&self) -> Vec<&MessageRecord> {
        let records = self.records.iter();
        records
            .filter_map(|(_, record)| match record {
                Record::Message(message) => Some(&**message),
                _ => None,
            })
            .collect()
    }

    /// The one message with an id.
    pub(crate) fn message(&self, id: &str) -> &MessageRecord {
        let mut found = self.messages();
        found.retain(|message| message.external_message_id == id);
        match found[..] {
            [message] => message,
            _ => panic!("{id} is told {} times", found.len()),
        }
    }

    /// Its records as JSON, for snapshots.
    pub(crate) fn json(&self) -> Value {
        let records = self.records.iter();
        records
            .map(|(_, record)| serde_json::to_value(record).unwrap())
            .collect()
    }
}

/// Options that do not depend on where a test runs.
pub(crate) fn options() -> Options {
    Options {
        zone: jiff::tz::TimeZone::get("Europe/Berlin").unwrap(),
        ..Options::default()
    }
}

/// A folder with files.
pub(crate) fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// A folder as an input.
pub(crate) fn open(folder: &tempfile::TempDir) -> Result<Input, InputError> {
    let input = Input::open(folder.path(), Limits::default())?;
    seed::keep(&input);
    Ok(input)
}
