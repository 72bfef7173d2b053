//! The JSON texts of an input, read one after the other.

use std::io::{BufRead, BufReader};

use crate::{
    Entry, Flow, Format, Input, InputError, ReadError, Receive, detect, json::stream::StreamError,
    translation::Sink,
};

/// So much of a text shows what it is.
const HEAD: u64 = 64 * 1024;

/// The entries that hold JSON of a format. In a container only those are looked at whose names are a text's: a folder of
/// pictures is not opened picture by picture.
pub(crate) fn of_format(input: &Input, format: Format) -> Result<Vec<&Entry>, InputError> {
    let mut found = Vec::new();
    for entry in input.entries() {
        if (input.entries().len() == 1 || is_named_as_text(entry.name()))
            && detect(&input.head(entry, HEAD)?) == Some(format)
        {
            found.push(entry);
        }
    }
    Ok(found)
}

fn is_named_as_text(name: &str) -> bool {
    match name.rsplit_once('.') {
        None => true,
        Some((_, ending)) => ["json", "ndjson", "jsonl", "txt"]
            .iter()
            .any(|text| ending.eq_ignore_ascii_case(text)),
    }
}

/// Why a text is not read on.
#[derive(Debug)]
pub(crate) enum End {
    /// It cannot be.
    Broken(StreamError),
    /// Whoever receives what is found has had enough.
    Stopped,
}

impl<E: Into<StreamError>> From<E> for End {
    fn from(error: E) -> Self {
        Self::Broken(error.into())
    }
}

impl End {
    fn of(self, entry: &Entry) -> ReadError {
        match self {
            Self::Broken(error) => error.of(entry),
            Self::Stopped => ReadError::Stopped,
        }
    }
}

/// One text on its way to the receiver.
pub(crate) struct Reading<'a> {
    pub(crate) sink: Sink,
    receiver: &'a mut dyn Receive,
    /// Bytes of the texts before this one, and of all of them.
    before: u64,
    total: u64,
    told: u64,
}

impl Reading<'_> {
    /// Hands on what the sink holds; so many of the text's bytes have been taken.
    pub(crate) fn step(&mut self, taken: u64) -> Result<(), End> {
        const STEP: u64 = 256 * 1024;
        let mut flow = self.sink.hand_on(self.receiver);
        if flow.is_continue() && taken >= self.told + STEP {
            self.told = taken;
            flow = self.receiver.advance(self.before + taken, self.total);
        }
        match flow {
            Flow::Continue(()) => Ok(()),
            Flow::Break(()) => Err(End::Stopped),
        }
    }
}

/// Reads every text of a format with `read`.
pub(crate) fn read_each(
    input: &Input,
    format: Format,
    receiver: &mut dyn Receive,
    read: fn(&mut Reading<'_>, &mut dyn BufRead) -> Result<(), End>,
) -> Result<(), ReadError> {
    let mut entries = of_format(input, format)?;
    if entries.is_empty() && input.entries().len() == 1 {
        // Whoever named the format knows better; what it really is, the reader says.
        entries = input.entries().iter().collect();
    }
    let total = entries.iter().map(|entry| entry.bytes).sum();
    let mut before = 0;
    for entry in entries {
        let mut reading = Reading {
            sink: Sink::default(),
            receiver: &mut *receiver,
            before,
            total,
            told: 0,
        };
        let mut bytes = BufReader::with_capacity(256 * 1024, input.read(entry)?);
        read(&mut reading, &mut bytes).map_err(|end| end.of(entry))?;
        before += entry.bytes;
        if receiver.advance(before, total).is_break() {
            return Err(ReadError::Stopped);
        }
    }
    Ok(())
}
