//! What a verification is told, tells on the way, and has found in the end.

use serde::Serialize;
use threadkeep_mirror::{IntegrationPk, Outcome, RunError, Settled};
use threadkeep_protocol::Stream;

use crate::SyncOptions;

/// How to verify.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerifyOptions {
    /// Compare every row's content too. It pulls everything.
    pub full: bool,
    /// Say what differs and mend nothing. The account is still pulled to its end.
    pub dry_run: bool,
    /// How the server is asked.
    pub sync: SyncOptions,
}

/// What a verification does just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Bringing the account up to date.
    Pulling,
    /// Summing up both sides.
    Comparing,
    /// Pulling again what differs, or everything.
    Mending,
}

impl Phase {
    /// A stable name for a program.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pulling => "pulling",
            Self::Comparing => "comparing",
            Self::Mending => "mending",
        }
    }
}

/// How far a verification is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct VerifyProgress {
    /// Of which account.
    pub integration: IntegrationPk,
    /// What it does.
    pub phase: Phase,
    /// With which stream.
    pub stream: Stream,
    /// Rows that were looked at in this phase …
    pub done: u64,
    /// … of so many, where that is known.
    pub total: Option<u64>,
    /// The server is asked again in so many seconds.
    pub retry_in: Option<f64>,
}

/// How a stream compares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Which.
    pub stream: Stream,
    /// Rows that both sides hold, or that this one does where they differ.
    pub rows: u64,
    /// Buckets that differed at first, of 256.
    pub differing: u64,
    /// Rows that were put right, or would be: they were missing or other than the server's.
    pub mended: u64,
    /// Rows that were removed: the server never had them.
    pub removed: u64,
    /// Rows that are only here and stay: of a history that the server lost, or missing in its file.
    pub only_here: u64,
    /// Both sides hold the same, rows of an earlier history apart.
    pub is_equal: bool,
}

impl Verdict {
    pub(super) const fn of(stream: Stream) -> Self {
        Self {
            stream,
            rows: 0,
            differing: 0,
            mended: 0,
            removed: 0,
            only_here: 0,
            is_equal: false,
        }
    }
}

/// What a verification found and did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VerifyReport {
    /// How it ended.
    pub outcome: Outcome,
    /// The streams that were compared, in order.
    pub streams: Vec<Verdict>,
    /// What was put right before anything was compared.
    pub settled: Settled,
    /// What went wrong, or stays wrong.
    pub errors: Vec<RunError>,
    /// Bytes of the pages, decompressed.
    pub bytes: u64,
    /// How long it took.
    pub seconds: f64,
}

impl VerifyReport {
    /// Whether all that was asked for is done and nothing stays wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.outcome == Outcome::Completed && self.streams.iter().all(|verdict| verdict.is_equal)
    }
}
