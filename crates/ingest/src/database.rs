//! Somebody else's SQLite file, opened so that nothing in it can do more than be read.
//!
//! Invariants:
//! - What is opened is a private copy, with its write-ahead log where there is one: the input is never written to, and
//!   what its owner does to it meanwhile does not matter.
//! - Only plain tables are read. A view or a virtual table of a known name is a program, and counts as absent.
//! - Columns are those that the table has: an older or newer schema costs the fields that it lacks, and nothing else.
//! - A value of an unexpected type is read as far as it makes sense ([`Cells`]).
//! - Work is bounded by the size of the file: pages that refer to each other in circles end as damage, not as a hang.

use std::{
    borrow::Cow,
    fs::File,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use rusqlite::{Connection, OpenFlags, Row, config::DbConfig, limits::Limit, types::ValueRef};

use crate::{Entry, Input, InputError, ReadError};

/// The longest text or blob that is read: a thousand times what a chat has.
const MAX_VALUE_BYTES: i32 = 64 * 1024 * 1024;
/// After so many of SQLite's instructions it is asked whether that is enough.
const BETWEEN_CHECKS: i32 = 100_000;
/// Instructions for a byte of the file, and for any file. Reading a row takes some hundred, and a row some hundred bytes.
const INSTRUCTIONS_A_BYTE: u64 = 64;
const INSTRUCTIONS_AT_LEAST: u64 = 100_000_000;

/// What a copy is called in its folder.
pub(crate) const COPY: &str = "copy.sqlite";

/// A database of an input.
pub(crate) struct Database {
    pub(crate) conn: Connection,
    what: &'static str,
    // Last, so that the file is closed when its folder goes.
    _folder: tempfile::TempDir,
}

impl Database {
    /// Opens a copy of an entry and of its write-ahead log. `what` names it for a person.
    pub(crate) fn open(
        input: &Input,
        entry: &Entry,
        log: Option<(&Input, &Entry)>,
        what: &'static str,
    ) -> Result<Self, ReadError> {
        let folder = input.private_folder()?;
        let mut bytes = copy(input, entry, &folder.path().join(COPY))?;
        if let Some((input, log)) = log {
            bytes += copy(input, log, &folder.path().join(format!("{COPY}-wal")))?;
        }
        Self::of_copy(folder, log.is_some(), bytes, what)
    }

    /// Opens the file [`COPY`] of a folder of ours, which was made to be read and is gone with it.
    pub(crate) fn of_copy(
        folder: tempfile::TempDir,
        has_log: bool,
        bytes: u64,
        what: &'static str,
    ) -> Result<Self, ReadError> {
        let damaged = |source| ReadError::Database { what, source };
        let conn = connect(folder.path().join(COPY), has_log, bytes).map_err(damaged)?;
        Ok(Self {
            conn,
            what,
            _folder: folder,
        })
    }

    /// Says of what SQLite said that this database is damaged.
    pub(crate) fn damaged(&self, source: rusqlite::Error) -> ReadError {
        ReadError::Database {
            what: self.what,
            source,
        }
    }

    /// The columns of a plain table; none where there is no such table.
    pub(crate) fn columns(&self, table: &str) -> Result<Vec<String>, ReadError> {
        let columns = || -> rusqlite::Result<Vec<String>> {
            let kinds = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 AND name = ?1";
            if self
                .conn
                .query_row(kinds, [table], |row| row.get::<_, i64>(0))?
                != 1
            {
                return Ok(Vec::new());
            }
            // Without generated columns, which are programs too.
            let mut names = self
                .conn
                .prepare("SELECT name FROM pragma_table_info(?1)")?;
            let names = names.query_map([table], |row| row.get(0))?;
            names.collect()
        };
        columns().map_err(|source| self.damaged(source))
    }
}

/// Copies an entry to a file of ours, and says how many bytes it has.
fn copy(input: &Input, entry: &Entry, path: &Path) -> Result<u64, ReadError> {
    let mut file = File::create_new(path).map_err(InputError::Copy)?;
    Ok(input.copy_into(entry, &mut file)?)
}

fn connect(path: PathBuf, has_log: bool, bytes: u64) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_PRIVATE_CACHE;
    let mut conn = if has_log {
        // A log is only taken into account by who may write; the copy is ours.
        Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_READ_WRITE)?
    } else {
        let uri = format!(
            "file:{}?mode=ro&immutable=1",
            encoded(&path.to_string_lossy())
        );
        let flags = flags | OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        Connection::open_with_flags(uri, flags)?
    };
    conn.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)?;
    conn.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    conn.set_limit(Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 1)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    let left = AtomicU64::new(budget(bytes));
    conn.progress_handler(
        BETWEEN_CHECKS,
        Some(move || {
            let spent = BETWEEN_CHECKS as u64;
            let before = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                Some(left.saturating_sub(spent))
            });
            before.is_ok_and(|before| before < spent)
        }),
    )?;
    // Alone with the copy, so that no file of shared memory is needed beside it.
    conn.execute_batch(
        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;
         PRAGMA mmap_size = 0; PRAGMA query_only = ON; PRAGMA cache_size = -16384;",
    )?;
    Ok(conn)
}

fn budget(bytes: u64) -> u64 {
    bytes
        .saturating_mul(INSTRUCTIONS_A_BYTE)
        .max(INSTRUCTIONS_AT_LEAST)
}

/// A path as a part of a URI.
fn encoded(path: &str) -> String {
    let path = path
        .replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23");
    if cfg!(windows) {
        format!("/{}", path.replace('\\', "/"))
    } else {
        path
    }
}

/// The values of a row, each read as what it is wanted as, whatever type it has.
#[derive(Clone, Copy)]
pub(crate) struct Cells<'a>(pub(crate) &'a Row<'a>);

impl<'a> Cells<'a> {
    fn value(self, at: usize) -> ValueRef<'a> {
        self.0.get_ref(at).unwrap_or(ValueRef::Null)
    }

    /// A text that is not empty, as readable as it can be made.
    pub(crate) fn text(self, at: usize) -> Option<Cow<'a, str>> {
        let text = match self.value(at) {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes),
            ValueRef::Integer(number) => Cow::Owned(number.to_string()),
            ValueRef::Real(_) | ValueRef::Null => return None,
        };
        let text = if text.contains('\0') {
            Cow::Owned(text.replace('\0', ""))
        } else {
            text
        };
        (!text.is_empty()).then_some(text)
    }

    /// A whole number.
    pub(crate) fn number(self, at: usize) -> Option<i64> {
        match self.value(at) {
            ValueRef::Integer(number) => Some(number),
            // A cast saturates.
            ValueRef::Real(number) => number.is_finite().then_some(number as i64),
            ValueRef::Text(digits) => str::from_utf8(digits).ok()?.trim().parse().ok(),
            ValueRef::Blob(_) | ValueRef::Null => None,
        }
    }

    /// A number with a fraction.
    pub(crate) fn real(self, at: usize) -> Option<f64> {
        let number = match self.value(at) {
            ValueRef::Integer(number) => number as f64,
            ValueRef::Real(number) => number,
            ValueRef::Text(digits) => str::from_utf8(digits).ok()?.trim().parse().ok()?,
            ValueRef::Blob(_) | ValueRef::Null => return None,
        };
        number.is_finite().then_some(number)
    }

    /// Bytes.
    pub(crate) fn bytes(self, at: usize) -> &'a [u8] {
        match self.value(at) {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
            _ => &[],
        }
    }
}
