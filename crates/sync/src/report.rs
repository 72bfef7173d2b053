//! What a run did.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};

use serde::Serialize;
use threadkeep_mirror::{Applied, Outcome, RunError};
use threadkeep_protocol::{Seq, Stream};

use crate::{SyncError, snapshot::Taken};

/// What a run did; the same is in the mirror's log of runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunReport {
    /// How it ended. `Failed` and `Cancelled` runs may have saved rows too: they are kept.
    pub outcome: Outcome,
    /// New rows.
    pub saved: u64,
    /// Rows that replaced an older version.
    pub updated: u64,
    /// Rows that the mirror had.
    pub unchanged: u64,
    /// What went wrong, in the order in which it did.
    pub errors: Vec<RunError>,
    /// Bytes of the pages, decompressed.
    pub bytes: u64,
    /// How long it took.
    pub seconds: f64,
    /// The history that the cursors belong to.
    pub epoch: String,
    /// Where the cursors stand now.
    pub cursors: BTreeMap<Stream, Seq>,
    /// Pages that were applied.
    pub pages: u64,
    /// Requests that were made, repeated ones included.
    pub requests: u64,
    /// What came at one go, as files; its rows are among those saved.
    pub snapshot: Option<Taken>,
}

/// What both halves of a run count.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    requests: AtomicU64,
    bytes: AtomicU64,
}

impl Tally {
    pub(crate) fn request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn body(&self, body: &[u8]) {
        self.bytes.fetch_add(body.len() as u64, Ordering::Relaxed);
    }

    /// Bytes that are no page's.
    pub(crate) fn came(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

/// What became of the rows and streams so far.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub applied: Applied,
    pub pages: u64,
    pub steps_planned: usize,
    pub steps_finished: usize,
    /// What came at one go.
    pub taken: Option<Taken>,
    errors: Vec<RunError>,
    /// The error that ended the run before its time.
    stopped_by: Option<Stop>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    Cancelled,
    Failed,
}

impl Ledger {
    pub(crate) fn add(&mut self, applied: Applied, pages: u64) {
        self.applied += applied;
        self.pages += pages;
    }

    /// Everything came at one go.
    pub(crate) fn brought(&mut self, taken: Taken) {
        self.applied.saved += taken.rows;
        self.taken = Some(taken);
    }

    /// A stream is lost to this run, and the others go on.
    pub(crate) fn stream_failed(&mut self, stream: Stream, error: &SyncError) {
        tracing::warn!(%stream, code = error.code(), "a stream could not be pulled");
        self.note(error);
    }

    /// The run ends here.
    pub(crate) fn stopped(&mut self, error: &SyncError) {
        if matches!(error, SyncError::Cancelled) {
            self.stopped_by = Some(Stop::Cancelled);
            return;
        }
        tracing::warn!(code = error.code(), "a sync could not go on");
        self.stopped_by = Some(Stop::Failed);
        self.note(error);
    }

    fn note(&mut self, error: &SyncError) {
        self.errors.push(RunError {
            code: error.code().to_owned(),
            message: error.to_string(),
        });
    }

    /// What went wrong is made up for by another look.
    pub(crate) fn forgive(&mut self) {
        self.errors.clear();
    }

    pub(crate) fn errors(&self) -> &[RunError] {
        &self.errors
    }

    fn has_brought_something(&self) -> bool {
        self.pages > 0 || self.steps_finished > 0 || self.taken.is_some()
    }

    pub(crate) fn outcome(&self) -> Outcome {
        match self.stopped_by {
            Some(Stop::Cancelled) => Outcome::Cancelled,
            Some(Stop::Failed) => Outcome::Failed,
            None if self.errors.is_empty() => Outcome::Completed,
            None if self.steps_planned > 0 && !self.has_brought_something() => Outcome::Failed,
            None => Outcome::Partial,
        }
    }
}
