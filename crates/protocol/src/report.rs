//! What an ingest answers.

use serde::{Deserialize, Serialize};

/// What an ingest did. Every record is counted once in the first four or named in `errors`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct IngestReport {
    /// Records that made a row.
    pub saved: u64,
    /// Records that changed a row.
    pub updated: u64,
    /// Records that said what was known.
    pub unchanged: u64,
    /// Messages that are here with another text, where neither is an edit: the text that is here stays, or
    /// gives way to that of a better source. They are among the others too.
    pub conflicting: u64,
    /// Records that were left out on purpose (bookkeeping of the platform).
    pub skipped: u64,
    /// What was kept raw because nobody understands it yet.
    pub unknown: Vec<UnknownCount>,
    /// Records that could not be taken; none of them costs another.
    pub errors: Vec<RecordError>,
}

/// How often something came that nobody understands yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnknownCount {
    /// The platform's name for it.
    pub what: String,
    /// How often.
    pub count: u64,
}

/// A record that could not be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordError {
    /// Its place in the request, from 0: the record, or the line of an NDJSON body.
    pub index: usize,
    /// Why, in words; never content.
    pub reason: String,
}
