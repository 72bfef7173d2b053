//! How a failed command is said: one sentence, a stable code, an exit code.

use std::{
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use serde::Serialize;
use threadkeep_home::HomeError;
use threadkeep_ingest::{Format, ReadError, TranslateError};
use threadkeep_server_store::{OpenError, StoreError};
use threadkeep_snapshot::Error as SnapshotError;

/// What only the commands can find wrong.
#[derive(Debug, thiserror::Error)]
pub(super) enum CommandError {
    #[error(
        "this build keeps its data in SQLite; use --database sqlite:PATH (asked for: {0}); \
         nothing was changed"
    )]
    OtherDatabase(String),
    #[error("{address} is in use by another program; choose another address with --listen")]
    AddressInUse { address: String },
    #[error("cannot listen on {address}: {source}")]
    Address {
        address: String,
        #[source]
        source: io::Error,
    },
    #[error("there is no token {0}; `threadkeep-server token list` shows those there are")]
    NoSuchToken(i64),
    #[error("cannot read {}: {source}; nothing was changed", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error(
        "cannot tell the format of {}; say it with --format if it is one of {}; nothing was changed",
        path.display(),
        Format::all().map(Format::name).collect::<Vec<_>>().join(", ")
    )]
    UnknownFormat { path: PathBuf },
    #[error("{} is empty; nothing was changed", path.display())]
    Empty { path: PathBuf },
    #[error(
        "{} is packed; unpack it and take in what lies in it; nothing was changed",
        path.display()
    )]
    Packed { path: PathBuf },
    // Not its `source`: the clause says all of it.
    #[error("{}", unreadable(path, why))]
    Read { path: PathBuf, why: ReadError },
    #[error("cancelled; what was taken in before is kept, and the rest was left alone")]
    Cancelled,
}

/// A failure, ready to be said.
#[derive(Debug, Serialize)]
pub(super) struct Fault {
    pub(super) code: &'static str,
    pub(super) message: String,
    #[serde(skip)]
    pub(super) exit: u8,
}

impl Fault {
    pub(super) fn of(error: &anyhow::Error) -> Self {
        let code = error.chain().find_map(code_of).unwrap_or("failed");
        Self {
            code,
            message: sentence(error),
            exit: if code == "cancelled" { 130 } else { 1 },
        }
    }
}

/// The first error of a chain that has a code of its own decides.
fn code_of(error: &(dyn std::error::Error + 'static)) -> Option<&'static str> {
    error
        .downcast_ref::<CommandError>()
        .map(CommandError::code)
        .or_else(|| error.downcast_ref::<HomeError>().map(HomeError::code))
        .or_else(|| error.downcast_ref::<OpenError>().map(open_code))
        .or_else(|| error.downcast_ref::<StoreError>().map(store_code))
        .or_else(|| error.downcast_ref::<SnapshotError>().map(snapshot_code))
        .or_else(|| error.downcast_ref::<io::Error>().map(io_code))
}

impl CommandError {
    fn code(&self) -> &'static str {
        match self {
            Self::OtherDatabase(_) => "unsupported_database",
            Self::AddressInUse { .. } => "address_in_use",
            Self::Address { .. } => "address_unavailable",
            Self::NoSuchToken(_) => "no_such_token",
            Self::File { source, .. } => io_code(source),
            Self::UnknownFormat { .. } => "unknown_format",
            Self::Empty { .. } => "empty_file",
            Self::Packed { .. } => "packed_file",
            Self::Read { why, .. } => read_code(why),
            Self::Cancelled => "cancelled",
        }
    }
}

fn read_code(error: &ReadError) -> &'static str {
    match error {
        ReadError::Translate(TranslateError::Truncated) => "truncated_file",
        ReadError::Translate(TranslateError::NotJson { .. }) => "not_json",
        ReadError::Translate(TranslateError::WrongShape { .. }) => "wrong_shape",
        ReadError::Input(error) => error.code(),
        ReadError::NeedsKey => "needs_key",
        ReadError::WrongKey => "wrong_key",
        ReadError::Stopped => "cancelled",
        _ => "bad_file",
    }
}

fn open_code(error: &OpenError) -> &'static str {
    match error {
        OpenError::Io { source, .. } => io_code(source),
        OpenError::Newer { .. } => "database_newer",
        OpenError::Foreign { .. } => "not_a_store",
        _ => "database_failed",
    }
}

const fn store_code(error: &StoreError) -> &'static str {
    match error {
        StoreError::UnknownIntegration(_) => "no_such_integration",
        StoreError::Busy(_) => "held",
        StoreError::Full(_) => "disk_full",
        _ => "database_failed",
    }
}

fn snapshot_code(error: &SnapshotError) -> &'static str {
    match error {
        SnapshotError::Held => "held",
        SnapshotError::Stopped => "cancelled",
        SnapshotError::EpochChanged => "epoch_changed",
        SnapshotError::Open(error) => error.code(),
        SnapshotError::Mirror(error) => error.code(),
        SnapshotError::Io(error) => io_code(error),
        SnapshotError::Unsound | SnapshotError::Source(_) | SnapshotError::Panicked(_) => {
            "snapshot_failed"
        }
    }
}

fn io_code(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::NotFound => "file_not_found",
        ErrorKind::PermissionDenied => "denied",
        ErrorKind::ReadOnlyFilesystem => "read_only",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "disk_full",
        ErrorKind::IsADirectory => "not_a_file",
        ErrorKind::BrokenPipe => "broken_pipe",
        _ => "io",
    }
}

/// The error and, where it does not say it itself, what caused it.
fn sentence(error: &anyhow::Error) -> String {
    let mut sentence = error.to_string();
    let mut chain = error.chain();
    while let Some(known) = chain.next() {
        if let Some(StoreError::Full(_) | StoreError::Busy(_)) = known.downcast_ref() {
            sentence.push_str("; what is stored is safe");
            break;
        }
        let Some(cause) = chain.clone().next() else {
            break;
        };
        let cause = cause.to_string();
        if !sentence.contains(&cause) {
            sentence.push_str(": ");
            sentence.push_str(&cause);
        }
    }
    // SQLite and the operating system break lines in the oddest places.
    sentence.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is wrong with an input, with its path said once.
fn unreadable(path: &Path, error: &ReadError) -> String {
    let said = match error {
        ReadError::Translate(error) => as_clause(error),
        error => format!("{error}; nothing was changed"),
    };
    let path = path.display().to_string();
    if said.contains(&path) {
        said
    } else {
        format!("{path}: {said}")
    }
}

/// "The input ends in the middle." → "the input ends in the middle": it goes on behind a file's name.
fn as_clause(error: &TranslateError) -> String {
    let text = error.to_string();
    let mut letters = text.trim_end_matches('.').chars();
    letters
        .next()
        .map(|first| first.to_lowercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outermost_error_with_a_code_decides() {
        let inner = CommandError::File {
            path: "a.json".into(),
            source: ErrorKind::NotFound.into(),
        };
        let fault = Fault::of(&anyhow::Error::new(inner).context("while reading"));
        assert_eq!(fault.code, "file_not_found");
        assert_eq!(fault.exit, 1);
        assert!(
            fault
                .message
                .starts_with("while reading: cannot read a.json"),
            "{fault:?}"
        );
    }

    #[test]
    fn a_cancelled_command_ends_as_a_shell_expects_it() {
        assert_eq!(Fault::of(&CommandError::Cancelled.into()).exit, 130);
    }

    #[test]
    fn a_cause_is_told_once() {
        let error = CommandError::Read {
            path: "store.json".into(),
            why: TranslateError::Truncated.into(),
        };
        let fault = Fault::of(&error.into());
        assert_eq!(fault.code, "truncated_file");
        assert_eq!(
            fault.message.matches("in the middle").count(),
            1,
            "{fault:?}"
        );
        assert!(!fault.message.contains('\n'));
    }
}
