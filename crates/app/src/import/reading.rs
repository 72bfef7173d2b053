//! Files are read on a thread of their own, which hands their records on in chunks and waits while nobody takes them:
//! an import of any size holds two chunks.

use std::{collections::HashMap, fs, ops::ControlFlow, path::PathBuf, sync::Arc};

use jiff::tz::TimeZone;
use threadkeep_ingest::{self as ingest, Decision, Flow, Format, Key, ReadError, Receive, Record};
use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{opened::Opened, tally::Tally};
use crate::{
    Error,
    app::blocking,
    view::{ImportOptions, Problem},
};

/// How much is handed on at a time. A chunk is one transaction on the server.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    records: usize,
    /// Bytes of texts.
    text: usize,
}

impl Bounds {
    /// Nothing: what is read is only looked at.
    pub(super) const NOTHING: Self = Self {
        records: 0,
        text: 0,
    };

    /// A request is held in memory on both sides, and a server takes 32 MiB; JSON makes texts longer.
    pub(super) const REQUEST: Self = Self {
        records: 2_000,
        text: 4 * 1024 * 1024,
    };

    /// To the server inside the app. Each transaction writes most pages of the indices that its messages lie
    /// all over, and each chat that it touches: the more in one, the less for each. It holds the others up for
    /// less than a second. Tests need not make as many to have several.
    pub(super) const WITHIN: Self = Self {
        records: if cfg!(test) { 2_000 } else { 20_000 },
        text: 8 * 1024 * 1024,
    };
}

/// Records that were only looked at, between two words of how far it is.
const LOOKED_AT: usize = 2_000;

/// A key file is some 160 bytes.
const LONGEST_KEY: u64 = 64 * 1024;

/// What a person has given to be imported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportGiven {
    /// Files, folders and archives.
    pub paths: Vec<PathBuf>,
    /// The key file of encrypted ones.
    pub key_file: Option<PathBuf>,
}

/// Records that belong together only because they are sent together.
#[derive(Debug)]
pub(super) struct Chunk {
    pub(super) records: Vec<Record>,
    /// Messages so far.
    pub(super) messages: u64,
    /// Bytes of what was given, so far and altogether.
    pub(super) done: u64,
    pub(super) total: u64,
}

/// Where the bytes of files lie that messages announce: by hash, the input and the entry of it.
pub(super) type Contents = HashMap<String, (usize, usize)>;

/// What reading has found beside records.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) tally: Tally,
    pub(super) contents: Contents,
    /// Why a file could not be read to its end, by its place among what was given.
    pub(super) problems: Vec<(usize, Problem)>,
}

/// What a reader wants to know.
pub(super) async fn options(
    given: &ImportGiven,
    options: &ImportOptions,
    chat: Option<String>,
    with_content: bool,
) -> Result<ingest::Options, Error> {
    let zone = match &options.zone {
        Some(name) => TimeZone::get(name).map_err(|_| Error::NoZone(name.clone()))?,
        None => TimeZone::system(),
    };
    let typed = options.key.as_ref().map(|key| key.0.trim());
    let key = match (&given.key_file, typed.filter(|key| !key.is_empty())) {
        (_, Some(digits)) => Some(digits.as_bytes().to_vec()),
        (Some(path), None) => Some(key_of(path.clone()).await?),
        (None, None) => None,
    };
    Ok(ingest::Options {
        zone,
        day_first: options.day_first,
        me: options.me.clone(),
        chat,
        key: key.map(Key::new),
        with_content,
    })
}

async fn key_of(path: PathBuf) -> Result<Vec<u8>, Error> {
    let name = path.display().to_string();
    let read = blocking(move || match fs::metadata(&path)?.len() {
        0..=LONGEST_KEY => fs::read(&path),
        _ => Err(std::io::ErrorKind::InvalidData.into()),
    });
    read.await.map_err(|_| Error::KeyFile(name))
}

/// Reads what is readable, one after the other, until the end or until nobody takes the records any more.
pub(super) fn read(
    opened: Arc<Vec<Opened>>,
    platform: Option<&'static str>,
    options: ingest::Options,
    bounds: Bounds,
    tally: Tally,
    cancel: CancellationToken,
) -> (mpsc::Receiver<Chunk>, JoinHandle<Found>) {
    let (to, chunks) = mpsc::channel(1);
    let end = tokio::task::spawn_blocking(move || {
        let total = opened.iter().map(|each| bytes(each).max(1)).sum();
        let mut reader = Reader {
            found: Found {
                tally,
                ..Found::default()
            },
            at: 0,
            before: 0,
            own: 0,
            total,
            done: 0,
            bounds,
            records: Vec::new(),
            passed: 0,
            text: 0,
            to,
            cancel,
        };
        for (at, each) in opened.iter().enumerate() {
            reader.begin(at, each);
            if reader.input(each, platform, &options).is_break() {
                break;
            }
        }
        reader.found
    });
    (chunks, end)
}

fn bytes(opened: &Opened) -> u64 {
    u64::try_from(opened.file.bytes).unwrap_or_default()
}

/// Takes what a reader finds, and hands it on by the chunk.
struct Reader {
    found: Found,
    /// The input that is being read …
    at: usize,
    /// … the bytes of those before it, and its own.
    before: u64,
    own: u64,
    total: u64,
    done: u64,
    bounds: Bounds,
    records: Vec<Record>,
    /// Records since the last chunk, those that were only looked at among them.
    passed: usize,
    text: usize,
    to: mpsc::Sender<Chunk>,
    cancel: CancellationToken,
}

impl Reader {
    fn begin(&mut self, at: usize, opened: &Opened) {
        self.at = at;
        self.before += self.own;
        self.own = bytes(opened).max(1);
        self.done = self.before;
        self.found.tally.begin(&opened.file.name);
    }

    /// All that an input holds of a platform.
    fn input(
        &mut self,
        opened: &Opened,
        platform: Option<&str>,
        options: &ingest::Options,
    ) -> Flow {
        let Some((input, formats)) = &opened.readable else {
            return ControlFlow::Continue(());
        };
        for format in formats.iter().filter(|format| is_of(**format, platform)) {
            match ingest::read(*format, input, options, self) {
                Ok(()) => {}
                Err(ReadError::Stopped) => return ControlFlow::Break(()),
                Err(error) => self.found.problems.push((self.at, problem(&error))),
            }
            // What came before a fault is whole records.
            self.send()?;
        }
        ControlFlow::Continue(())
    }

    fn send(&mut self) -> Flow {
        let chunk = Chunk {
            records: std::mem::take(&mut self.records),
            messages: self.found.tally.summary.messages,
            done: self.done,
            total: self.total,
        };
        (self.passed, self.text) = (0, 0);
        // Nobody takes it: the import was stopped, or has failed.
        if self.cancel.is_cancelled() || self.to.blocking_send(chunk).is_err() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}

impl Receive for Reader {
    fn record(&mut self, _place: u64, record: Record) -> Flow {
        self.passed += 1;
        let is_first = self.found.tally.record(&record);
        let is_full = if self.bounds.records == 0 {
            self.passed >= LOOKED_AT
        } else if is_first {
            self.text += length(&record);
            self.records.push(record);
            self.records.len() >= self.bounds.records || self.text >= self.bounds.text
        } else {
            false
        };
        if is_full {
            return self.send();
        }
        ControlFlow::Continue(())
    }

    fn content(&mut self, sha256: &str, entry: usize) {
        let place = (self.at, entry);
        self.found
            .contents
            .entry(sha256.to_owned())
            .or_insert(place);
    }

    fn file(&mut self, entry: usize) {
        self.found.tally.summary.file(entry);
    }

    fn skip(&mut self) {
        self.found.tally.summary.skip();
    }

    fn unknown(&mut self, what: &str) {
        self.found.tally.summary.unknown(what);
    }

    fn error(&mut self, place: u64, reason: String) {
        self.found.tally.fault(place, reason);
    }

    fn decided(&mut self, decision: Decision) {
        self.found.tally.decided(decision);
    }

    fn advance(&mut self, done: u64, total: u64) -> Flow {
        // Some count rows: of each input's bytes, the part that its reader has gone.
        let part = u128::from(self.own) * u128::from(done.min(total)) / u128::from(total.max(1));
        self.done = self.before + u64::try_from(part).unwrap_or(self.own);
        if self.cancel.is_cancelled() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}

/// Whether a format is read for a platform: its own, or that of anybody.
pub(super) fn is_of(format: Format, platform: Option<&str>) -> bool {
    format.platform().is_none_or(|own| Some(own) == platform)
}

/// How long the longest parts of a record are.
fn length(record: &Record) -> usize {
    match record {
        Record::Message(message) => {
            let media = message.media.as_ref();
            let thumbnail = media.and_then(|media| media.thumbnail.as_ref());
            message.content.len() + thumbnail.map_or(0, String::len)
        }
        _ => 0,
    }
}

/// Why a file cannot be read, for a person.
pub(super) fn problem(error: &ReadError) -> Problem {
    let code = match error {
        ReadError::NeedsKey => "needs_key",
        ReadError::WrongKey => "wrong_key",
        ReadError::EncryptedBackup => "encrypted_backup",
        ReadError::Pages(_) => "html_download",
        ReadError::Input(error) => error.code(),
        _ => "unreadable_file",
    };
    Problem {
        code: code.to_owned(),
        message: format!("{error}; nothing of it was brought in that is not shown"),
    }
}
