//! `GET /snapshots/{integration_id}`: an integration as files, for a client that has nothing of it yet.
//!
//! The hash is of the packed bytes: it is checked before anything is unpacked, and it names the file, so that
//! a download goes on with the very bytes that it began with or not at all.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Seq, Stream};

/// What a snapshot is and which files it is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Snapshot {
    /// The id of the history that it was made of. In another one it is worth nothing.
    pub epoch: String,
    /// The greatest of the cursors.
    pub seq: Seq,
    /// Where each stream's cursor stands behind it: what came later is pulled from there.
    pub cursors: BTreeMap<Stream, Seq>,
    /// How many rows it has, of all streams.
    pub rows: u64,
    /// The format of the mirror. A client that writes another one has no use for it.
    pub mirror_format: u32,
    /// The format of the search index.
    pub index_format: u32,
    /// The files, one of each kind.
    pub files: Vec<SnapshotFile>,
}

/// A file of a snapshot, packed with zstd.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SnapshotFile {
    /// What it is when unpacked.
    pub kind: SnapshotKind,
    /// Its name in `GET /snapshots/{integration_id}/{file}`; another pack's files have other names.
    pub name: String,
    /// How many bytes come over the wire.
    pub packed_bytes: u64,
    /// How many there are when unpacked, exactly.
    pub bytes: u64,
    /// SHA-256 of the packed bytes, in hex.
    pub sha256: String,
}

/// What a file of a snapshot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SnapshotKind {
    /// A mirror that holds this integration and nothing else.
    Mirror,
    /// The search index of that mirror.
    Index,
    /// What a newer server adds.
    #[serde(other)]
    Unknown,
}

impl Snapshot {
    /// Its file of a kind.
    #[must_use]
    pub fn file(&self, kind: SnapshotKind) -> Option<&SnapshotFile> {
        self.files.iter().find(|file| file.kind == kind)
    }

    /// Its file of a name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&SnapshotFile> {
        self.files.iter().find(|file| file.name == name)
    }
}
