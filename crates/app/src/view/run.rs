//! Syncing: what runs, what ran, and what went wrong.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Something that went wrong, for a person: the code picks the words and the button that helps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Problem {
    /// Stable, snake_case.
    pub code: String,
    /// One sentence: what happened and what is safe.
    pub message: String,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It goes on.
    Running,
    /// All that was planned is here.
    Completed,
    /// Some streams failed, the others are here.
    Partial,
    /// A person stopped it.
    Cancelled,
    /// Nothing came of it.
    Failed,
    /// The process ended before the run did.
    Interrupted,
}

/// A run as the log shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Run {
    /// Its local id.
    pub id: String,
    /// The account's local id.
    pub account_id: String,
    /// How it was started: `manual`, `live`, `history` or `verify`.
    pub mode: String,
    /// How it ended.
    pub outcome: Outcome,
    /// When, in milliseconds since 1970.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub started_at: i64,
    /// How long it took; 0 while it goes on.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub duration_ms: i64,
    /// New rows.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub saved: i64,
    /// Rows that replaced an older version.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub updated: i64,
    /// Rows that were there.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub unchanged: i64,
    /// Bytes that came over the network.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub bytes: i64,
    /// What went wrong.
    pub errors: Vec<Problem>,
}

/// A run that just ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RunReport {
    /// The account's local id.
    pub account_id: String,
    /// How it ended.
    pub outcome: Outcome,
    /// New rows.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub saved: i64,
    /// Rows that replaced an older version.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub updated: i64,
    /// Rows that were there.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub unchanged: i64,
    /// Bytes that came over the network.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub bytes: i64,
    /// New rows that came at one go, as a snapshot; 0 where all were pulled.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub snapshot_rows: i64,
    /// How long it took.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub seconds: f64,
    /// What went wrong.
    pub errors: Vec<Problem>,
    /// The cursor of each stream after the run, as strings.
    pub cursors: BTreeMap<String, String>,
}

/// Where a running sync stands. The figures are the server's counts and the rows that are committed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SyncProgress {
    /// The account being pulled.
    pub account_id: String,
    /// The stage: the name of a stream, `snapshot` while everything comes at one go, or `done` as the last word of a run that brought everything.
    pub stage: String,
    /// Rows of this stage that are here; bytes of a snapshot.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub done: i64,
    /// Rows that this stage will bring, or bytes of a snapshot, where the server tells.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub total: Option<i64>,
    /// Since the stage began.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub rows_per_second: f64,
    /// The same over all stages of all accounts.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub overall_done: i64,
    /// The same over all stages of all accounts.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub overall_total: Option<i64>,
    /// The server did not answer; it is asked again in so many seconds.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub retry_in: Option<f64>,
}
