//! What a reader hands on, as it finds it: nothing is gathered, so that an input of any size is read in flat memory.

use std::ops::ControlFlow;

use threadkeep_protocol::Record;

use crate::ReadError;

/// Whoever takes this may say that it has had enough: then the reader stops where it is.
pub type Flow = ControlFlow<()>;

/// Takes what a reader finds, in the order of the input.
pub trait Receive {
    /// A record, and the line, row or element of the input that it came from, from 0.
    fn record(&mut self, place: u64, record: Record) -> Flow;

    /// The bytes of a file that a message announces by this SHA-256 (lower-case hex) are an entry of the input.
    fn content(&mut self, sha256: &str, entry: usize);

    /// The file of the message that comes next is this entry of the input. Said for each message, and in a preview too,
    /// where nothing is hashed.
    fn file(&mut self, _entry: usize) {}

    /// Bookkeeping of the platform, left out on purpose.
    fn skip(&mut self);

    /// What nobody understands yet, by the platform's name for it, which comes from the input.
    fn unknown(&mut self, what: &str);

    /// What could not be read. A reason never holds content.
    fn error(&mut self, place: u64, reason: String);

    /// What was decided for the whole input and a person should know.
    fn decided(&mut self, decision: Decision);

    /// So many of the input's bytes have been read; of a database, so many of its rows.
    fn advance(&mut self, done: u64, total: u64) -> Flow;
}

/// What was decided for the whole input and a person should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// How dates are written, by the platform's letters (`DD/MM/YY`), and whether the input itself proves it: where
    /// no day is over 12, it was chosen by custom.
    DateOrder {
        /// `DD/MM/YY`, `M/D/YYYY`, …
        order: String,
        /// Whether a date of the input can only be read so.
        is_proven: bool,
    },
    /// Times were written without a zone and taken to be of this one, by its IANA name.
    Zone(String),
    /// The text is in this encoding, and not in UTF-8.
    Encoding(String),
    /// Who of the senders is the person whose archive this is, by the name in the input.
    Me(String),
}

impl std::fmt::Display for Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::DateOrder { order, is_proven } if *is_proven => {
                write!(f, "dates are written {order}")
            }
            Self::DateOrder { order, .. } => {
                write!(
                    f,
                    "dates were taken to be written {order}; nothing proves it"
                )
            }
            Self::Zone(zone) => write!(f, "times were taken to be of {zone}"),
            Self::Encoding(name) => write!(f, "the text is {name}"),
            Self::Me(name) => write!(f, "{name} was taken for the owner"),
        }
    }
}

/// Goes on, or ends reading where whoever receives has had enough.
pub(crate) fn go_on(flow: Flow) -> Result<(), ReadError> {
    match flow {
        Flow::Continue(()) => Ok(()),
        Flow::Break(()) => Err(ReadError::Stopped),
    }
}

/// How far reading has come, told at every quarter of a megabyte.
pub(crate) struct Progress {
    before: u64,
    total: u64,
    told: u64,
}

impl Progress {
    /// Of so many bytes in all.
    pub(crate) const fn of(total: u64) -> Self {
        Self {
            before: 0,
            total,
            told: 0,
        }
    }

    /// So many bytes of this file have been read.
    pub(crate) fn at(&mut self, bytes: u64, receiver: &mut dyn Receive) -> Result<(), ReadError> {
        const STEP: u64 = 256 * 1024;
        let done = self.before + bytes;
        if done < self.told + STEP {
            return Ok(());
        }
        self.told = done;
        go_on(receiver.advance(done, self.total))
    }

    /// This file, of so many bytes, is at its end.
    pub(crate) fn end(&mut self, bytes: u64, receiver: &mut dyn Receive) -> Result<(), ReadError> {
        self.before += bytes;
        self.told = self.before;
        go_on(receiver.advance(self.before, self.total))
    }
}
