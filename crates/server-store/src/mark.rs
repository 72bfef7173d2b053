//! The mark beside the database (`server.db.epoch`): which history it holds, and how many seqs that
//! history had handed out.
//!
//! A file that was restored from an older copy cannot know it: everything in it is as it was. But what
//! clients have pulled since the copy was made is not in it, and the seqs behind it will be given out
//! a second time, to other rows. So the count lies in a second file that a restore of the database
//! leaves alone, and at opening a database that is behind its mark begins a new epoch.
//!
//! Invariants:
//! - The mark is written after the commit that it counts, so it is never ahead of a sound database; a
//!   crash between the two leaves it a little behind, which costs nothing: the next write, or the next
//!   opening, brings it up.
//! - In doubt an epoch begins: a new one costs each client a pull of what it has, a missed one costs
//!   rows for good. A database that has handed out seqs and has no mark is in doubt, and so is one
//!   whose mark cannot be read back or speaks of another epoch.
//!
//! Rejected: the seqs of each account (a removed account would have to be told from a lost one; one
//! count that never falls sees both); a mark inside the database (it is restored with it); syncing the
//! mark to the disk with each commit (twice the cost of a commit, against a power cut within seconds
//! of a copy being made).

use std::{
    fs,
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use rusqlite::{Connection, TransactionBehavior};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{OpenError, StoreError};

/// Which history a file holds and how far it has come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Epoch {
    /// The id of the history.
    #[serde(rename = "epoch")]
    pub id: String,
    /// Seqs that were given to changes of any account, removed ones included. It never falls.
    pub handed_out: i64,
}

impl Epoch {
    /// Where the database stands.
    pub(crate) fn read(conn: &Connection) -> rusqlite::Result<Self> {
        conn.prepare_cached(
            "SELECT coalesce((SELECT value FROM meta WHERE key = 'epoch'), ''),
                    coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'handed_out'), 0)",
        )?
        .query_row([], |row| {
            Ok(Self {
                id: row.get(0)?,
                handed_out: row.get(1)?,
            })
        })
    }

    /// Whether a database that stands here holds all that the mark has seen.
    fn is_as_far_as(&self, mark: &Found) -> bool {
        match mark {
            Found::Mark(mark) => self.id == mark.id && self.handed_out >= mark.handed_out,
            Found::Nothing => self.handed_out == 0,
            Found::Unreadable => false,
        }
    }
}

/// Counts seqs as handed out, in the transaction that gives them to rows.
pub fn hand_out(conn: &Connection, count: i64) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO meta (key, value) VALUES ('handed_out', ?1)
         ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + ?1",
    )?
    .execute([count])?;
    Ok(())
}

/// Gives the database another epoch; the caller commits.
pub fn begin_epoch(conn: &Connection) -> rusqlite::Result<String> {
    let epoch = Uuid::now_v7().to_string();
    conn.execute(
        "INSERT INTO meta (key, value) VALUES ('epoch', ?1)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [&epoch],
    )?;
    Ok(epoch)
}

/// The file beside a database.
#[derive(Debug)]
pub struct Mark {
    path: PathBuf,
    /// What was last written, so that a commit which hands out nothing writes nothing.
    written: Epoch,
}

/// Tells the writes of one process apart.
static TURN: AtomicU64 = AtomicU64::new(0);

enum Found {
    Mark(Epoch),
    Nothing,
    Unreadable,
}

impl Mark {
    /// Compares a database that was just opened with its mark, begins a new epoch where it is behind or
    /// has none, and brings the mark up to it.
    pub fn open(database: &Path, conn: &mut Connection) -> Result<Self, OpenError> {
        let mut name = database.as_os_str().to_owned();
        name.push(".epoch");
        let mut mark = Self {
            path: name.into(),
            written: Epoch::default(),
        };
        let sqlite = |source| OpenError::Sqlite {
            path: database.to_owned(),
            source,
        };
        // The mark first: beside us another process may commit, and then mark what it has committed.
        let found = mark.read()?;
        let epoch = Epoch::read(conn).map_err(sqlite)?;
        if epoch.id.is_empty() || !epoch.is_as_far_as(&found) {
            mark.settle(conn, sqlite)?;
        }
        mark.write(Epoch::read(conn).map_err(sqlite)?)
            .map_err(|source| mark.io(source))?;
        Ok(mark)
    }

    /// Looks again under the write lock, where nobody else is between a commit and its mark, and begins
    /// an epoch.
    fn settle(
        &self,
        conn: &mut Connection,
        sqlite: impl Fn(rusqlite::Error) -> OpenError + Copy,
    ) -> Result<(), OpenError> {
        let tx = conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(sqlite)?;
        let epoch = Epoch::read(&tx).map_err(sqlite)?;
        if epoch.id.is_empty() {
            begin_epoch(&tx).map_err(sqlite)?;
        } else if !epoch.is_as_far_as(&self.read()?) {
            begin_epoch(&tx).map_err(sqlite)?;
            tracing::warn!(
                "the database is older than what it has handed out, or was moved here without its \
                 mark: a new epoch begins, and every client pulls again from the start"
            );
        }
        tx.commit().map_err(sqlite)
    }

    /// Brings the mark up to what was just committed. One that cannot be written stays behind.
    pub fn keep(&mut self, conn: &Connection) {
        let kept = Epoch::read(conn)
            .map_err(StoreError::from)
            .map(|epoch| self.write(epoch));
        match kept {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the mark of the epoch cannot be written"),
            Err(error) => tracing::warn!(%error, "the mark of the epoch cannot be brought up"),
        }
    }

    fn read(&self) -> Result<Found, OpenError> {
        match fs::read(&self.path) {
            Ok(text) => Ok(serde_json::from_slice(&text).map_or(Found::Unreadable, Found::Mark)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Found::Nothing),
            // Not in doubt but in the way: an epoch with every start would be worse than no start.
            Err(error) => Err(self.io(error)),
        }
    }

    /// Beside its place and then there: whoever reads it meanwhile reads a whole one.
    fn write(&mut self, epoch: Epoch) -> io::Result<()> {
        if epoch == self.written {
            return Ok(());
        }
        let mut name = self.path.as_os_str().to_owned();
        // Another store may be opening the same file, in this process too.
        let turn = TURN.fetch_add(1, Ordering::Relaxed);
        name.push(format!(".{}.{turn}", std::process::id()));
        let beside = PathBuf::from(name);
        create_private(&beside)?.write_all(&serde_json::to_vec(&epoch)?)?;
        fs::rename(&beside, &self.path)?;
        self.written = epoch;
        Ok(())
    }

    fn io(&self, source: io::Error) -> OpenError {
        OpenError::Io {
            path: self.path.clone(),
            source,
        }
    }
}

fn create_private(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}
