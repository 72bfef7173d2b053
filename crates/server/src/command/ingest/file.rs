//! One input on its way into the store.
//!
//! It is read twice: once to its end without keeping anything, so that what is cut short or damaged changes nothing, and
//! once into the store, part by part, so that its size does not matter.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use threadkeep_ingest::{
    Decision, Flow, Format, Input, Limits, Options, ReadError, Receive, Summary, read, recognise,
};
use threadkeep_protocol::{IngestReport, IntegrationId, Record, RecordError};
use threadkeep_server::merge;
use threadkeep_server_store::{IngestOptions, Store};
use tokio::sync::mpsc;

use super::progress::Progress;
use crate::command::{fault::CommandError, output::Output};

/// Records in a transaction: few enough that a running server's writers do not wait for long, and
/// enough that the disk is not asked to be sure all the time.
const RECORDS_AT_ONCE: usize = 10_000;

/// An input that has been read to its end and understood.
pub(super) struct Readable {
    input: Input,
    formats: Vec<Format>,
    options: Options,
    records: u64,
    decisions: Vec<Decision>,
    /// A pipe has no second reading; its copy goes with this.
    _copy: Option<tempfile::TempPath>,
}

type Part = (Vec<(usize, Record)>, IngestReport);

impl Readable {
    /// Reads a file, a folder or a zip of the format chosen, else of those that it shows.
    pub(super) async fn look(
        path: &Path,
        chosen: Option<Format>,
        options: Options,
        output: Output,
    ) -> anyhow::Result<Self> {
        let progress = Progress::reading(path, output);
        let path = path.to_owned();
        // Off the runtime, so that Ctrl-C is heard meanwhile.
        let readable = tokio::task::spawn_blocking(move || look(path, chosen, options)).await?;
        drop(progress);
        let readable = readable?;
        for decision in &readable.decisions {
            output.note(decision);
        }
        Ok(readable)
    }

    /// Stores it, a transaction for each part. When one fails, those before it are kept and the ones
    /// behind it are left alone.
    pub(super) async fn store(
        self,
        store: &Store,
        integration: IntegrationId,
        dry_run: bool,
        output: Output,
    ) -> (IngestReport, Option<anyhow::Error>) {
        let progress = Progress::storing(self.records, output);
        // A dry run keeps nothing, so a later part would miss what an earlier one made.
        let at_once = if dry_run { usize::MAX } else { RECORDS_AT_ONCE };
        let (to, mut parts) = mpsc::channel::<Part>(1);
        let readable = Arc::new(self);
        let reader = {
            let readable = Arc::clone(&readable);
            tokio::task::spawn_blocking(move || readable.read(to, at_once))
        };
        let mut report = IngestReport::default();
        while let Some((records, said)) = parts.recv().await {
            report = merge(report, said);
            let count = records.len();
            let options = IngestOptions {
                dry_run,
                ..IngestOptions::default()
            };
            match store.ingest(integration, records, options).await {
                Ok(stored) => report = merge(report, stored),
                Err(error) => return (report, Some(error.into())),
            }
            progress.advance(count);
        }
        match reader.await {
            Ok(Ok(())) => (report, None),
            Ok(Err(error)) => (report, Some(error.into())),
            Err(error) => (report, Some(error.into())),
        }
    }

    fn read(&self, to: mpsc::Sender<Part>, at_once: usize) -> Result<(), CommandError> {
        let mut parts = Parts {
            records: Vec::new(),
            said: IngestReport::default(),
            at_once,
            to,
        };
        for format in &self.formats {
            read(*format, &self.input, &self.options, &mut parts)
                .map_err(|why| self.failed(why))?;
        }
        // Whoever took the others and not this one has said why.
        _ = parts.hand_on();
        Ok(())
    }

    fn failed(&self, why: ReadError) -> CommandError {
        let path = self.input.path().to_owned();
        CommandError::Read { path, why }
    }
}

fn look(path: PathBuf, chosen: Option<Format>, options: Options) -> Result<Readable, CommandError> {
    let copy = copy_of_pipe(&path).map_err(|source| CommandError::File {
        path: path.clone(),
        source,
    })?;
    let place = copy.as_deref().unwrap_or(&path);
    let said = |why: ReadError| CommandError::Read {
        path: path.clone(),
        why,
    };
    let input = Input::open(place, Limits::default()).map_err(|why| said(why.into()))?;
    let formats = match chosen {
        Some(format) => vec![format],
        None => recognise(&input).map_err(|why| said(why.into()))?,
    };
    if formats.is_empty() {
        return Err(unknown(&input, path));
    }
    let mut readable = Readable {
        input,
        formats,
        options,
        records: 0,
        decisions: Vec::new(),
        _copy: copy,
    };
    let mut summary = Summary::default();
    for format in &readable.formats {
        read(*format, &readable.input, &readable.options, &mut summary).map_err(said)?;
    }
    readable.records = summary.records;
    readable.decisions = summary.decisions;
    Ok(readable)
}

/// What comes through a pipe comes once.
fn copy_of_pipe(path: &Path) -> io::Result<Option<tempfile::TempPath>> {
    let meta = std::fs::metadata(path)?;
    if meta.is_file() || meta.is_dir() {
        return Ok(None);
    }
    let mut copy = tempfile::NamedTempFile::new()?;
    io::copy(&mut std::fs::File::open(path)?, &mut copy)?;
    Ok(Some(copy.into_temp_path()))
}

/// Why nobody knows what it is.
fn unknown(input: &Input, path: PathBuf) -> CommandError {
    let head = match input.entries() {
        [entry] if input.is_file() => input.head(entry, 64 * 1024).unwrap_or_default(),
        _ => return CommandError::UnknownFormat { path },
    };
    if is_packed(&head) {
        CommandError::Packed { path }
    } else if head.trim_ascii().is_empty() {
        CommandError::Empty { path }
    } else {
        CommandError::UnknownFormat { path }
    }
}

/// Whether a file begins as gzip, Zstandard, xz and bzip2 files do; no text does.
fn is_packed(bytes: &[u8]) -> bool {
    const BEGINNINGS: [&[u8]; 4] = [b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\0", b"BZh"];
    BEGINNINGS.iter().any(|begin| bytes.starts_with(begin))
}

/// Gathers a part and hands it on.
struct Parts {
    records: Vec<(usize, Record)>,
    said: IngestReport,
    at_once: usize,
    to: mpsc::Sender<Part>,
}

impl Parts {
    fn hand_on(&mut self) -> Flow {
        let part = (
            std::mem::take(&mut self.records),
            std::mem::take(&mut self.said),
        );
        match self.to.blocking_send(part) {
            Ok(()) => Flow::Continue(()),
            // A part before this one could not be stored.
            Err(_) => Flow::Break(()),
        }
    }
}

impl Receive for Parts {
    fn record(&mut self, place: u64, record: Record) -> Flow {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        self.records.push((place, record));
        if self.records.len() >= self.at_once {
            return self.hand_on();
        }
        Flow::Continue(())
    }

    fn content(&mut self, _sha256: &str, _entry: usize) {}

    fn skip(&mut self) {
        self.said.skipped += 1;
    }

    fn unknown(&mut self, what: &str) {
        let unknown = &mut self.said.unknown;
        match unknown.iter_mut().find(|known| known.what == what) {
            Some(known) => known.count += 1,
            None => unknown.push(threadkeep_protocol::UnknownCount {
                what: what.to_owned(),
                count: 1,
            }),
        }
    }

    fn error(&mut self, place: u64, reason: String) {
        let index = usize::try_from(place).unwrap_or(usize::MAX);
        self.said.errors.push(RecordError { index, reason });
    }

    /// Said when it was looked at.
    fn decided(&mut self, _decision: Decision) {}

    fn advance(&mut self, _done: u64, _total: u64) -> Flow {
        Flow::Continue(())
    }
}
