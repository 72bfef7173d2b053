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
#[allow(missing_docs, reason = "the names say it")]
pub enum Outcome {
    Running,
    Completed,
    Partial,
    Cancelled,
    Failed,
    /// The process ended before the run did.
    Interrupted,
}

/// A run as the log shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[allow(missing_docs, reason = "counts and times, named as in the protocol")]
pub struct Run {
    pub id: String,
    pub account_id: String,
    pub mode: String,
    pub outcome: Outcome,
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub started_at: i64,
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub duration_ms: i64,
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub saved: i64,
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub updated: i64,
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub unchanged: i64,
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub bytes: i64,
    pub errors: Vec<Problem>,
}

/// A run that just ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[allow(missing_docs, reason = "counts, named as in the protocol")]
pub struct RunReport {
    pub account_id: String,
    pub outcome: Outcome,
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub saved: i64,
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub updated: i64,
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub unchanged: i64,
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub bytes: i64,
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub seconds: f64,
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
    /// The stage: the name of a stream, or `done` as the last word of a run that brought everything.
    pub stage: String,
    /// Rows of this stage that are here.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub done: i64,
    /// Rows that this stage will bring, where the server tells.
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
