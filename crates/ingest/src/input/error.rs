use std::{
    io,
    path::{Path, PathBuf},
};

/// Why an input cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// It is not there, or not ours to read.
    #[error("{} cannot be opened", path.display())]
    Open {
        /// What.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// An entry stops or is damaged.
    #[error("{entry} cannot be read to its end")]
    Read {
        /// Its path in the input.
        entry: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is a device, a pipe or something else that has no end.
    #[error("{} is neither a file nor a folder", .0.display())]
    NotAFile(PathBuf),
    /// A private copy cannot be written.
    #[error("{}", copying(.0))]
    Copy(#[source] io::Error),
    /// It begins as a zip and is none, or one of a kind that is not read.
    #[error("{} is cut short or damaged, or is a kind of zip that is not read", path.display())]
    Zip {
        /// What.
        path: PathBuf,
        /// Why.
        #[source]
        source: zip::result::ZipError,
    },
    /// More entries than anybody's chats need.
    #[error("it holds more than {0} files")]
    TooMany(usize),
    /// A zip is protected by a password.
    #[error("{} is protected by a password; unpack it, and give the folder", .0.display())]
    Protected(PathBuf),
    /// A zip is made so that a little of it becomes a lot.
    #[error("{} is made to fill a disk, as no export is", .0.display())]
    Bomb(PathBuf),
    /// An entry is larger than the limit, or than the zip says that it is.
    #[error("{entry} has more than {limit} bytes: more than it announces, or than a chat needs")]
    TooLarge {
        /// Its path in the input.
        entry: String,
        /// The limit, in bytes.
        limit: u64,
    },
}

impl InputError {
    /// What opening a path failed with.
    pub(crate) fn opening(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Open { path, source }
    }

    /// For programs; codes are added, never renamed.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Open { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                "file_not_found"
            }
            Self::Open { .. } => "cannot_open",
            Self::NotAFile(_) => "not_a_file",
            Self::Read { .. } => "truncated_file",
            Self::Copy(source) if is_full(source) => "disk_full",
            Self::Copy(_) => "io",
            Self::Zip { .. } => "bad_zip",
            Self::Protected(_) => "protected",
            Self::TooMany(_) | Self::TooLarge { .. } | Self::Bomb(_) => "too_large",
        }
    }

    /// What reading an entry failed with: the limit, or the disk.
    pub(crate) fn read(entry: &str, source: io::Error) -> Self {
        let limit = source
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<super::limit::Reached>())
            .map(|reached| reached.0);
        match limit {
            Some(limit) => Self::TooLarge {
                entry: entry.to_owned(),
                limit,
            },
            None => Self::Read {
                entry: entry.to_owned(),
                source,
            },
        }
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}

fn copying(error: &io::Error) -> &'static str {
    if is_full(error) {
        "the disk is full: there is no room for a private copy to read from"
    } else {
        "a private copy to read from cannot be written"
    }
}
