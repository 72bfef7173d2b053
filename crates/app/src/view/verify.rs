//! Looking for damage, and comparing with a server.

use serde::{Deserialize, Serialize};

use super::{Outcome, Problem};

/// What a look at the file has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Check {
    /// Nothing was found.
    pub sound: bool,
    /// What was.
    pub findings: Vec<Finding>,
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Finding {
    /// `damage`, `orphans` or `counter`.
    pub kind: String,
    /// What, in a few words.
    pub what: String,
    /// How many.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub count: i64,
}

/// How to compare with a server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct VerifyOptions {
    /// Compare every row's content too, which pulls everything.
    pub full: bool,
    /// Say what differs and mend nothing.
    pub dry_run: bool,
}

/// Where a comparison stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct VerifyProgress {
    /// The account.
    pub account_id: String,
    /// `pulling`, `comparing` or `mending`.
    pub phase: String,
    /// The name of the stream.
    pub stream: String,
    /// Rows looked at in this phase.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub done: i64,
    /// Of so many, where that is known.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub total: Option<i64>,
    /// The server did not answer; it is asked again in so many seconds.
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub retry_in: Option<f64>,
}

/// How a stream compares with the server's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct StreamVerdict {
    /// The name of the stream.
    pub stream: String,
    /// Rows that were compared.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub rows: i64,
    /// Parts of 256 that differed at first.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub differing: i64,
    /// Rows that were put right, or would be.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub mended: i64,
    /// Rows that were removed, since the server never had them.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub removed: i64,
    /// Rows that the server lost; they stay.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub only_here: i64,
    /// Both sides hold the same.
    pub equal: bool,
}

/// What comparing an account with its server has found and done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct VerifyReport {
    /// The account.
    pub account_id: String,
    /// How it ended.
    pub outcome: Outcome,
    /// All was compared, and nothing stays wrong.
    pub sound: bool,
    /// Rows of all streams that were put right, or would be, with what hung on nothing.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub mended: i64,
    /// Rows of all streams that were removed.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub removed: i64,
    /// Rows of all streams that are only here.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub only_here: i64,
    /// Counters that were set right.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub counters: i64,
    /// By stream, in the order in which they are pulled.
    pub streams: Vec<StreamVerdict>,
    /// What went wrong, or stays wrong.
    pub errors: Vec<Problem>,
    /// How long it took.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub seconds: f64,
}
