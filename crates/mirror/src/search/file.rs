//! The index's own file. All of it can be made again, and so whatever is wrong with it (another mirror's,
//! another version's, damaged, no database at all) has one answer: a new one.

use std::{
    cell::Cell,
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI32, Ordering},
    },
};

use rusqlite::{Connection, OpenFlags, OptionalExtension, config::DbConfig};

use super::document::Document;
use crate::{
    Error, OpenError, files,
    wal::{Checkpointer, Folding},
};

/// Marks the file as an index.
pub(super) const APPLICATION_ID: u32 = 0x544B_5358;
/// Counts the ways in which texts were folded and rows were numbered; another one's file is made anew.
pub(super) const FORMAT: u32 = 3;

/// Memory for the words of a transaction, in bytes: fewer, longer segments. Not among the options that
/// SQLite promises, so it may be refused.
const HASH_BYTES: i64 = 64 << 20;

/// FTS5 merges all segments at one go where there are so many. While a load is followed that keeps their number
/// down; while single changes come somebody waits for it, and `follow` merges long before.
const CRISIS_OF_A_LOAD: i64 = 64;
const CRISIS: i64 = 1_000;

/// So many messages at once are a load.
const LOAD: usize = 5_000;

/// How much a step of a merge does: what comes meanwhile waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MergeStep {
    /// Where changes come: some milliseconds.
    Small,
    /// Where none have come for a while: some tens of milliseconds at worst.
    Large,
}

impl MergeStep {
    const fn pages(self) -> i64 {
        match self {
            Self::Small => 16,
            Self::Large => 64,
        }
    }
}

/// Who types asks for beginnings: without `prefix` the lists of all words that begin so are merged at each letter.
pub(super) const SCHEMA: &str = "
    CREATE TABLE standing (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        mirror_id TEXT NOT NULL,
        feed INTEGER NOT NULL DEFAULT 0,
        high INTEGER NOT NULL DEFAULT 0,
        highest INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE VIRTUAL TABLE words USING fts5 (
        body, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '3'
    );
    INSERT INTO words (words, rank) VALUES ('automerge', 0);
    INSERT INTO words (words, rank) VALUES ('crisismerge', 64);
    PRAGMA application_id = 0x544B5358;
    PRAGMA user_version = 3;
";

/// How far the index has followed the mirror.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Cursor {
    /// The last entry of the mirror's feed that was followed.
    pub(super) feed: i64,
    /// Messages above this one have not been looked at, whatever the feed says of them.
    pub(super) high: i64,
    /// No message above this one was ever indexed.
    pub(super) highest: i64,
}

/// The connection that writes the index, and one that folds its log: who waits for a change to be found does
/// not wait for that.
pub(super) struct IndexFile {
    conn: Connection,
    log: Log,
    /// How many segments are too many at present.
    crisis: Cell<i64>,
}

struct Log {
    /// Pages of it after the last commit.
    pages: Arc<AtomicI32>,
    /// None once it is closed.
    folding: Option<(Folding, Checkpointer)>,
}

impl IndexFile {
    /// Opens the index of a mirror; makes it anew where what is there is not that.
    pub(super) fn open(path: &Path, mirror_id: &str) -> Result<Self, OpenError> {
        match Self::open_as_it_is(path, mirror_id) {
            Ok(Some(file)) => return Ok(file),
            Ok(None) => {}
            Err(error @ (OpenError::Full | OpenError::ReadOnly | OpenError::Locked)) => {
                return Err(error);
            }
            Err(error) => tracing::warn!(%error, "the search index is made anew"),
        }
        Self::create(path, mirror_id)
    }

    fn open_as_it_is(path: &Path, mirror_id: &str) -> Result<Option<Self>, OpenError> {
        if !path.exists() {
            return Ok(None);
        }
        let conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let number = |pragma| conn.pragma_query_value(None, pragma, |row| row.get::<_, u32>(0));
        if number("application_id")? != APPLICATION_ID || number("user_version")? != FORMAT {
            tracing::info!("the search index is another version's");
            return Ok(None);
        }
        let of: Option<String> = conn
            .query_row("SELECT mirror_id FROM standing", [], |row| row.get(0))
            .optional()?;
        if of.as_deref() != Some(mirror_id) {
            tracing::info!("the search index is another mirror's");
            return Ok(None);
        }
        if conn.is_readonly("main")? {
            return Err(OpenError::ReadOnly);
        }
        files::make_private(path).map_err(OpenError::Io)?;
        Self::set_up(conn, path).map(Some)
    }

    fn create(path: &Path, mirror_id: &str) -> Result<Self, OpenError> {
        files::remove_database(path)?;
        files::create_private(path)?;
        let conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        let transaction = conn.unchecked_transaction()?;
        transaction.execute_batch(SCHEMA)?;
        transaction.execute(
            "INSERT INTO standing (one, mirror_id) VALUES (1, ?1)",
            [mirror_id],
        )?;
        transaction.commit()?;
        Self::set_up(conn, path)
    }

    fn set_up(mut conn: Connection, path: &Path) -> Result<Self, OpenError> {
        conn.set_prepared_statement_cache_capacity(16);
        conn.pragma_update(None, "synchronous", "NORMAL")?;
        let hash = "INSERT INTO words (words, rank) VALUES ('hashsize', ?1)";
        if let Err(error) = conn.execute(hash, [HASH_BYTES]) {
            tracing::debug!(%error, "the index gets along with the usual memory");
        }
        let log = Log::of(&mut conn, path)?;
        Ok(Self {
            conn,
            log,
            crisis: Cell::new(0),
        })
    }

    pub(super) fn cursor(&self) -> Result<Cursor, Error> {
        Ok(cursor(&self.conn)?)
    }

    /// Takes rows out, puts messages in and moves the cursor, in one transaction.
    ///
    /// It is synced where it follows the mirror's feed, which the mirror forgets then. What is new is followed
    /// without: a loss of power takes the index back to an earlier commit, cursor and all, and the mirror still
    /// has all that came after.
    pub(super) fn follow(
        &self,
        gone: Vec<i64>,
        documents: Vec<Document>,
        cursor: Cursor,
    ) -> Result<Cursor, Error> {
        let before = self.cursor()?;
        self.expect(documents.len())?;
        if cursor.feed == before.feed {
            return self.put(gone, documents, cursor, before.highest);
        }
        self.conn.pragma_update(None, "synchronous", "FULL")?;
        let followed = self.put(gone, documents, cursor, before.highest);
        self.conn.pragma_update(None, "synchronous", "NORMAL")?;
        followed
    }

    /// Makes ready for so many messages.
    fn expect(&self, messages: usize) -> Result<(), Error> {
        let crisis = match messages {
            LOAD.. => CRISIS_OF_A_LOAD,
            _ => CRISIS,
        };
        if self.crisis.replace(crisis) != crisis {
            self.conn
                .prepare_cached("INSERT INTO words (words, rank) VALUES ('crisismerge', ?1)")?
                .execute([crisis])?;
        }
        Ok(())
    }

    fn put(
        &self,
        mut gone: Vec<i64>,
        mut documents: Vec<Document>,
        cursor: Cursor,
        highest: i64,
    ) -> Result<Cursor, Error> {
        let transaction = self.conn.unchecked_transaction()?;
        documents.retain(Document::is_indexed);
        // FTS5 puts rows by in memory as long as their numbers rise.
        documents.sort_unstable_by_key(Document::row);
        gone.sort_unstable();
        gone.dedup();
        // What is replaced is taken out by that: a row taken out twice leaves two marks to be read.
        gone.retain(|row| {
            let place = documents.binary_search_by_key(row, Document::row);
            place.map_or(true, |place| documents[place].pk.0 > highest)
        });
        let mut delete = transaction.prepare_cached("DELETE FROM words WHERE rowid = ?1")?;
        for row in gone {
            delete.execute([row])?;
        }
        let mut insert =
            transaction.prepare_cached("INSERT INTO words (rowid, body) VALUES (?1, ?2)")?;
        let mut replace = transaction
            .prepare_cached("INSERT OR REPLACE INTO words (rowid, body) VALUES (?1, ?2)")?;
        let mut words = String::new();
        let mut cursor = Cursor { highest, ..cursor };
        for document in &documents {
            document.write(&mut words);
            if document.pk.0 > highest {
                insert.execute((document.row(), words.as_str()))?;
                cursor.highest = cursor.highest.max(document.pk.0);
            } else {
                replace.execute((document.row(), words.as_str()))?;
            }
        }
        drop((delete, insert, replace));
        transaction
            .prepare_cached("UPDATE standing SET feed = ?1, high = ?2, highest = ?3")?
            .execute((cursor.feed, cursor.high, cursor.highest))?;
        transaction.commit()?;
        self.log.fold();
        Ok(cursor)
    }

    /// Forgets everything, so that it is read again.
    pub(super) fn clear(&self, feed: i64) -> Result<Cursor, Error> {
        let transaction = self.conn.unchecked_transaction()?;
        transaction.execute("INSERT INTO words (words) VALUES ('delete-all')", [])?;
        transaction.execute(
            "UPDATE standing SET feed = ?1, high = 0, highest = 0",
            [feed],
        )?;
        transaction.commit()?;
        self.cursor()
    }

    /// Merges some segments. Returns whether there was anything to do.
    pub(super) fn merge(&self, step: MergeStep) -> Result<bool, Error> {
        let before = self.conn.total_changes();
        self.conn
            .prepare_cached("INSERT INTO words (words, rank) VALUES ('merge', ?1)")?
            .execute([step.pages()])?;
        self.log.fold();
        // As documented: fewer than two changes mean that nothing was merged.
        Ok(self.conn.total_changes() - before > 1)
    }
}

impl Log {
    fn of(conn: &mut Connection, path: &Path) -> Result<Self, OpenError> {
        let pages = Arc::new(AtomicI32::new(0));
        let seen = Arc::clone(&pages);
        // In the place of SQLite's own, which folds in the commit that makes the log long.
        conn.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages| {
            seen.store(pages, Ordering::Relaxed);
            Ok(())
        }))?;
        let checkpointer = Checkpointer::start(path)?;
        Ok(Self {
            pages,
            folding: Some((checkpointer.folding(), checkpointer)),
        })
    }

    /// Folds it where it is long, and waits for that where it is very long.
    fn fold(&self) {
        if let Some((folding, _)) = &self.folding {
            folding.nudge_and_wait(self.pages.load(Ordering::Relaxed));
        }
    }
}

impl Drop for Log {
    /// Folds what is left, and lets go of the file.
    fn drop(&mut self) {
        if let Some((folding, checkpointer)) = self.folding.take() {
            drop(folding);
            checkpointer.finish();
        }
    }
}

/// A connection for queries; none where there is no index of that mirror.
pub(super) fn for_reading(path: &Path, mirror_id: &str) -> Result<Option<Connection>, Error> {
    if fs::metadata(path).map_or(true, |file| file.len() == 0) {
        return Ok(None);
    }
    let conn = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    conn.pragma_update(None, "query_only", true)?;
    conn.set_prepared_statement_cache_capacity(32);
    let format: u32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if format != FORMAT {
        return Ok(None);
    }
    let of: Option<String> = conn
        .query_row("SELECT mirror_id FROM standing", [], |row| row.get(0))
        .optional()?;
    Ok((of.as_deref() == Some(mirror_id)).then_some(conn))
}

pub(super) fn cursor(conn: &Connection) -> rusqlite::Result<Cursor> {
    conn.prepare_cached("SELECT feed, high, highest FROM standing")?
        .query_row([], |row| {
            Ok(Cursor {
                feed: row.get(0)?,
                high: row.get(1)?,
                highest: row.get(2)?,
            })
        })
}

fn connect(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.pragma_update(None, "busy_timeout", 5_000)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.pragma_update(None, "cell_size_check", true)?;
    conn.pragma_update(None, "mmap_size", 0)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "journal_size_limit", 16 << 20)?;
    if cfg!(target_os = "macos") {
        conn.pragma_update(None, "checkpoint_fullfsync", true)?;
    }
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // As for the mirror: one plan for all values.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(conn)
}
