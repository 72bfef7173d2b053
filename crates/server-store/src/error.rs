//! What can go wrong, for a caller to act on.

use std::{io, path::PathBuf};

use threadkeep_protocol::{ImportState, IntegrationId};

/// The file could not be opened. Nothing in it was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file cannot be created or read.
    #[error("cannot open {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file was written by a newer version of this program.
    #[error(
        "the server's file was written by a newer version (schema {version}); it was left as it is"
    )]
    Newer {
        /// The schema version of the file.
        version: i64,
    },
    /// The file is no database, or belongs to something else.
    #[error("{} is not a server's file; it was left as it is", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// SQLite refuses the file.
    #[error("cannot open the database {}", path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: rusqlite::Error,
    },
    /// The tables could not be brought up to date.
    #[error("cannot bring the server's tables up to date")]
    Migrate(#[source] Box<refinery::Error>),
}

/// A request to the store failed as a whole; nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such integration.
    #[error("there is no integration {0}")]
    UnknownIntegration(IntegrationId),
    /// The integration has no such conversation.
    #[error("there is no such conversation")]
    UnknownConversation,
    /// The integration has no such file, or not any more.
    #[error("there is no such file")]
    UnknownMedia,
    /// The integration has no such message, or not any more.
    #[error("there is no such message")]
    UnknownMessage,
    /// The integration has no such import.
    #[error("there is no such import")]
    UnknownImport,
    /// The import takes nothing in any more.
    #[error("the import is {0}")]
    ImportEnded(ImportState),
    /// The view is not kept here, or not any more; put it and ask again.
    #[error("there is no such view")]
    UnknownView,
    /// Another process holds the file; ask again later.
    #[error("the server's file is held by another process")]
    Busy(#[source] rusqlite::Error),
    /// The disk is full.
    #[error("the disk that holds the server's file is full")]
    Full(#[source] rusqlite::Error),
    /// SQLite failed.
    #[error("the server's file cannot be read or written")]
    Sqlite(#[source] rusqlite::Error),
    /// What the file holds cannot be read back.
    #[error("the server's file holds text that cannot be read back")]
    Decode(#[from] serde_json::Error),
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    Random(#[source] getrandom::Error),
    /// The operating system gave no thread.
    #[error("the operating system gave no thread to watch the server's file with")]
    Thread(#[source] std::io::Error),
    /// The store's thread has ended, or the request made it fail.
    #[error("the store stopped before it could answer")]
    Stopped,
}

impl StoreError {
    /// Whether the same request may succeed a little later.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Busy(_))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked, DiskFull};
        match error.sqlite_error_code() {
            Some(DatabaseBusy | DatabaseLocked) => Self::Busy(error),
            Some(DiskFull) => Self::Full(error),
            _ => Self::Sqlite(error),
        }
    }
}
