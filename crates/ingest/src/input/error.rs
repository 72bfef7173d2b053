use std::{io, path::PathBuf};

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
    /// A private copy cannot be written.
    #[error("there is no room for a copy to read from")]
    Copy(#[source] io::Error),
    /// It begins as a zip and is none, or one of a kind that is not read.
    #[error("{} is damaged, or is a kind of zip that is not read", path.display())]
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
    /// An entry unpacks to more than the limit: a bomb, or a mistake.
    #[error("{entry} unpacks to more than {limit} bytes, which no chat needs")]
    TooLarge {
        /// Its path in the input.
        entry: String,
        /// The limit, in bytes.
        limit: u64,
    },
}

impl InputError {
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
