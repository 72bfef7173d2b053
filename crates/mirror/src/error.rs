//! What can go wrong. Every sentence says what happened and what is safe.

use std::io;

use rusqlite::ErrorCode;

/// Why the mirror could not be opened. The file is as it was.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A later version of the program wrote it.
    #[error(
        "this mirror was written by a newer version (its format is {version}, this program knows \
         {supported}); it can be read, not changed"
    )]
    Newer {
        /// The file's format.
        version: u32,
        /// The newest format that this program knows.
        supported: u32,
    },
    /// There is no file.
    #[error("there is no mirror here yet")]
    Missing,
    /// The file has no content: what was in it is lost, or was never written.
    #[error("the mirror's file is empty (0 bytes); move it away to start a new one")]
    Empty,
    /// A folder stands where the file should.
    #[error("there is a folder where the mirror's file should be")]
    IsAFolder,
    /// The file is something else, or its head is damaged.
    #[error("the file is no database; it was left as it is")]
    NotADatabase,
    /// An SQLite file of another program.
    #[error("the file is a database of another program; it was left as it is")]
    NotAMirror,
    /// File or folder may not be written.
    #[error("the mirror's file or folder is read-only; it can be read, not changed")]
    ReadOnly,
    /// No room.
    #[error("the disk is full; the mirror was left as it is")]
    Full,
    /// Another program is in the way.
    #[error("another program holds the mirror's file; close it and try again")]
    Locked,
    /// Pages of the file do not fit together.
    #[error("the mirror's file is damaged ({0}); the server still has what it brought")]
    Damaged(#[source] rusqlite::Error),
    /// The file could not be brought to this version's format; it is as it was.
    #[error("the mirror could not be brought to this version's format; it can still be read")]
    Migration(#[source] Box<refinery::Error>),
    /// The file system said no.
    #[error("the mirror's file cannot be opened ({0})")]
    Io(#[source] io::Error),
    /// Whatever else SQLite says.
    #[error("the mirror cannot be opened ({0})")]
    Sqlite(#[source] rusqlite::Error),
}

/// Why something could not be read or written. A write that fails has changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The mirror is open for reading only.
    #[error("the mirror is open for reading only; nothing was changed")]
    ReadOnly,
    /// No room.
    #[error("the disk is full; what was saved before is safe, and the next run goes on from there")]
    Full,
    /// Another program is in the way.
    #[error("another program holds the mirror's file; nothing was changed")]
    Locked,
    /// Pages of the file do not fit together.
    #[error("the mirror's file is damaged ({0}); the server still has what it brought")]
    Damaged(#[source] rusqlite::Error),
    /// Rows of a load were taken and could not be committed.
    #[error("what came last could not be saved; the next run brings it again")]
    Lost,
    /// The mirror was closed.
    #[error("the mirror is closed")]
    Closed,
    /// A fault in this program; the transaction was rolled back.
    #[error("a fault in the program stopped this ({0}); nothing was changed")]
    Panicked(String),
    /// Nobody knows this integration, or it is being removed.
    #[error("the mirror has no integration {0}")]
    NoIntegration(crate::IntegrationPk),
    /// The rows belong to another history of the server than the mirror's cursors.
    #[error("the server's history has changed; the cursors have to start again")]
    OtherEpoch,
    /// A cursor may not go back within one history.
    #[error("a cursor would go back from {held} to {given}; nothing was changed")]
    CursorBack {
        /// Where the cursor is.
        held: i64,
        /// Where it was to go.
        given: i64,
    },
    /// What was to be exported could not be written.
    #[error("the export could not be written ({0})")]
    Sink(#[source] io::Error),
    /// JSON of this program's own making that does not parse: damage, or another program's hand.
    #[error("a stored document is no JSON ({0})")]
    Json(#[from] serde_json::Error),
    /// A search gave way to a later one.
    #[error("a later search has taken this one's place")]
    Superseded,
    /// The search index cannot be written; nothing is lost by it.
    #[error("the search index cannot be written at present; it is tried again by itself")]
    NotIndexing,
    /// The search index cannot be used; messages can be read all the same.
    #[error("the search index cannot be used: {0}")]
    Index(#[source] OpenError),
    /// A snapshot is not what it has to be.
    #[error("the snapshot is of no use here ({0}); nothing was changed")]
    Unfit(&'static str),
    /// A snapshot's files cannot be moved or deleted.
    #[error("the snapshot's files cannot be handled ({0}); nothing was changed")]
    Draft(#[source] io::Error),
    /// Somebody asked for its end.
    #[error("it was stopped; nothing was changed")]
    Stopped,
    /// Whatever else SQLite says.
    #[error("the mirror failed ({0})")]
    Sqlite(#[source] rusqlite::Error),
}

impl OpenError {
    /// A stable name for a program.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Newer { .. } => "mirror_newer",
            Self::Missing => "mirror_missing",
            Self::Empty => "mirror_empty",
            Self::IsAFolder | Self::NotADatabase => "mirror_not_a_database",
            Self::NotAMirror => "mirror_not_a_mirror",
            Self::ReadOnly => "mirror_read_only",
            Self::Full => "mirror_full",
            Self::Locked => "mirror_locked",
            Self::Damaged(_) => "mirror_damaged",
            Self::Migration(_) => "mirror_migration",
            Self::Io(_) => "mirror_io",
            Self::Sqlite(_) => "mirror_failed",
        }
    }
}

impl Error {
    /// A stable name for a program.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ReadOnly => "mirror_read_only",
            Self::Full => "mirror_full",
            Self::Locked => "mirror_locked",
            Self::Damaged(_) | Self::Json(_) => "mirror_damaged",
            Self::Closed => "mirror_closed",
            Self::Panicked(_) => "internal",
            Self::NoIntegration(_) => "no_integration",
            Self::OtherEpoch => "epoch_changed",
            Self::CursorBack { .. } => "cursor_went_back",
            Self::Sink(_) => "export_io",
            Self::Superseded => "search_superseded",
            Self::NotIndexing | Self::Index(_) => "search_index",
            Self::Unfit(_) | Self::Draft(_) => "snapshot",
            Self::Stopped => "cancelled",
            Self::Sqlite(_) | Self::Lost => "mirror_failed",
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error),
            // Searches alone are ever interrupted.
            Some(ErrorCode::OperationInterrupted) => Self::Superseded,
            _ => Self::Sqlite(error),
        }
    }
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged(error),
            Some(ErrorCode::NotADatabase) => Self::NotADatabase,
            _ => Self::Sqlite(error),
        }
    }
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            io::ErrorKind::IsADirectory => Self::IsAFolder,
            _ => Self::Io(error),
        }
    }
}
