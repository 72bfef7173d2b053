//! Where the databases lie in an input.
//!
//! A name narrows the choice among many files; what a file holds decides.

use super::{crypt, database::Database};
use crate::{Entry, Input, InputError, Options, ReadError};

/// How much of a file is looked at: the statements of the schema stand near its beginning.
const HEAD: u64 = 2 * 1024 * 1024;
/// How many files of an input are looked into.
const MAX_LOOKED_AT: usize = 200;

const SQLITE: &[u8] = b"SQLite format 3\0";
const ONLY_CHANGES: ReadError = ReadError::Refused(
    "this backup holds only what changed since another one: choose the whole one, msgstore.db.crypt14 or msgstore.db.crypt15",
);

/// A database of the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Messages,
    Contacts,
}

/// An entry that is a database, or will be one when it is decrypted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'i> {
    entry: &'i Entry,
    is_encrypted: bool,
}

impl<'i> Source<'i> {
    /// The best entry that is this database: what lies open before what is encrypted, and the newest by name.
    pub(super) fn find(input: &'i Input, what: What) -> Result<Option<Self>, InputError> {
        let mut candidates: Vec<&Entry> = input
            .entries()
            .iter()
            .filter(|entry| may_be(input, entry))
            .collect();
        candidates.sort_by_key(|entry| order(entry, what));
        let mut encrypted = None;
        for entry in candidates.into_iter().take(MAX_LOOKED_AT) {
            let head = input.head(entry, 16)?;
            if head.starts_with(SQLITE) {
                if is(what, &input.head(entry, HEAD)?) {
                    return Ok(Some(Self {
                        entry,
                        is_encrypted: false,
                    }));
                }
            } else if encrypted.is_none()
                && is_named(entry, what, input)
                && crypt::is_backup(input, entry)?
            {
                encrypted = Some(Self {
                    entry,
                    is_encrypted: true,
                });
            }
        }
        Ok(encrypted)
    }

    /// Opens it, decrypted where it has to be.
    pub(super) fn open(self, input: &Input, options: &Options) -> Result<Database, ReadError> {
        if !self.is_encrypted {
            return Database::copy(input, self.entry);
        }
        if self.entry.name().contains("-increment-") {
            return Err(ONLY_CHANGES);
        }
        let key = options.key.as_ref().ok_or(ReadError::NeedsKey)?;
        let (folder, bytes) = crypt::decrypt(input, self.entry, key)?;
        Database::of_copy(folder, bytes)
    }
}

/// Whether a file of many is worth a look; a file that was given alone always is.
fn may_be(input: &Input, entry: &Entry) -> bool {
    if input.is_file() {
        return true;
    }
    let name = entry.name().to_ascii_lowercase();
    let is_log = name.ends_with("-wal") || name.ends_with("-shm") || name.ends_with("-journal");
    let is_database = name.contains(".db") || name.contains(".sqlite") || name.contains(".crypt");
    !is_log && (is_database || !name.contains('.'))
}

/// Nothing but its name tells which database a backup holds, before it is decrypted.
fn is_named(entry: &Entry, what: What, input: &Input) -> bool {
    let name = entry.name().to_ascii_lowercase();
    match what {
        What::Messages => {
            name.contains("msgstore") || input.is_file() && !name.starts_with("wa.db")
        }
        What::Contacts => name.starts_with("wa.db"),
    }
}

/// `msgstore.db` before `msgstore-2024-02-01.1.db` before `msgstore-2024-01-31.1.db` before all others; what holds only
/// changes comes last.
fn order(entry: &Entry, what: What) -> (bool, bool, usize, std::cmp::Reverse<String>) {
    let name = entry.name().to_ascii_lowercase();
    let (stem, is_named) = match what {
        What::Messages => ("msgstore.db", name.starts_with("msgstore")),
        What::Contacts => ("wa.db", name.starts_with("wa")),
    };
    let is_exact = name.starts_with(stem);
    let depth = entry.path.split('/').count();
    (
        name.contains("-increment-"),
        !is_exact && !is_named,
        if is_exact { depth } else { usize::MAX },
        std::cmp::Reverse(name),
    )
}

/// Whether the beginning of a database names the tables of this one.
fn is(what: What, head: &[u8]) -> bool {
    let has = |text: &str| memchr::memmem::find(head, text.as_bytes()).is_some();
    match what {
        What::Messages => {
            has("key_remote_jid") || has("chat_row_id") && has("key_id") && has("jid_row_id")
        }
        What::Contacts => has("wa_contacts"),
    }
}
