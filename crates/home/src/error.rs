//! Why the home cannot be used, in sentences for people.

use std::{
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

/// Why the home cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// Neither asked for nor known to the operating system.
    #[error("this computer names no folder for data; name one with --home or THREADKEEP_HOME")]
    Nowhere,
    /// A file stands where a folder has to be.
    #[error("{} is a file where a folder is needed; nothing was changed", path.display())]
    NotAFolder {
        /// Where.
        path: PathBuf,
    },
    /// The operating system does not let us.
    #[error("no permission to use {}; nothing was changed", path.display())]
    Denied {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The disk can only be read.
    #[error("{} is on a disk that can only be read; nothing was changed", path.display())]
    ReadOnly {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// No space, or no quota, is left.
    #[error("the disk of {} is full; what is stored is safe", path.display())]
    Full {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Another program has it open.
    #[error("Threadkeep is already running ({by})")]
    Held {
        /// Who, as far as it said so.
        by: String,
    },
    /// Anything else.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl HomeError {
    /// For programs; codes are added, never renamed.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Nowhere => "no_home",
            Self::NotAFolder { .. } => "not_a_folder",
            Self::Denied { .. } => "denied",
            Self::ReadOnly { .. } => "read_only",
            Self::Full { .. } => "disk_full",
            Self::Held { .. } => "held",
            Self::Io { .. } => "io",
        }
    }

    pub(crate) fn at(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            ErrorKind::PermissionDenied => Self::Denied { path, source },
            ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path, source },
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full { path, source },
            ErrorKind::NotADirectory | ErrorKind::AlreadyExists => Self::NotAFolder { path },
            _ => Self::Io { path, source },
        }
    }
}
