//! Imports: what a person brought from elsewhere, as one thing that can be taken back.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Metadata, SyncSource, Timestamp};

/// What an import begins with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct NewImport {
    /// What it is read as, such as `whatsapp_export`.
    pub format: String,
    /// The names of what is read, without their folders.
    pub inputs: Vec<String>,
    /// What the person chose, such as the time zone.
    pub options: Metadata,
}

/// An import: its records are sent under its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Import {
    /// Its id, above 0.
    pub id: i64,
    /// What it was read as.
    #[serde(default)]
    pub format: String,
    /// The names of what was read.
    #[serde(default)]
    pub inputs: Vec<String>,
    /// What the person chose.
    #[serde(default)]
    pub options: Metadata,
    /// Where it stands.
    pub state: ImportState,
    /// Records that made a row.
    #[serde(default)]
    pub saved: u64,
    /// Records that changed a row.
    #[serde(default)]
    pub updated: u64,
    /// Records that said what was known.
    #[serde(default)]
    pub unchanged: u64,
    /// Messages that were here with another text.
    #[serde(default)]
    pub conflicting: u64,
    /// Records that could not be taken.
    #[serde(default)]
    pub failed: u64,
    /// When it began.
    pub created_at: Timestamp,
    /// When it last moved.
    pub updated_at: Timestamp,
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Records may come.
    Running,
    /// All have come.
    Complete,
    /// It was stopped; what had come stays until it is undone.
    Cancelled,
    /// What only it brought is being taken back.
    Undoing,
    /// Nothing of it is left.
    Undone,
}

impl ImportState {
    /// All.
    pub const ALL: [Self; 5] = [
        Self::Running,
        Self::Complete,
        Self::Cancelled,
        Self::Undoing,
        Self::Undone,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Complete => "complete",
            Self::Cancelled => "cancelled",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
        }
    }
}

impl fmt::Display for ImportState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name is none of a state.
#[derive(Debug, thiserror::Error)]
#[error("there is no state {0:?} of an import")]
pub struct UnknownImportState(String);

impl FromStr for ImportState {
    type Err = UnknownImportState;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|state| state.name() == name)
            .ok_or_else(|| UnknownImportState(name.to_owned()))
    }
}

/// How an import goes on: it is complete, or it was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportStep {
    /// `complete` or `cancelled`.
    pub state: ImportState,
}

/// One of those by whom a message is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MessageSource {
    /// What kind of source.
    pub kind: SourceKind,
    /// How the account itself first told of it; `None` for an import.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sync_source: Option<SyncSource>,
    /// The import; `None` for the account itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<Import>,
    /// Known by what was said when, without an id of the platform.
    #[serde(default, skip_serializing_if = "crate::row::is_false")]
    pub is_loose: bool,
}

/// What kind of source knows a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// The linked account, live or from its history.
    Account,
    /// An import.
    Import,
}
