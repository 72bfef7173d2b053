//! Folding the write-ahead log of a mirror, or of its index, into the file, on a connection and a thread of its
//! own: a checkpoint in the writer would stall it for tens of milliseconds now and then.

use std::{
    path::Path,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::{self, JoinHandle},
};

use rusqlite::{Connection, OpenFlags};

use crate::{OpenError, pragma};

/// From so many pages of log on it is folded (4 MiB).
pub(crate) const FOLD_AT: i32 = 1_000;

/// From so many pages on the writer has to wait once, so that the log starts again from its beginning
/// (64 MiB): while a writer never pauses, a log can only grow.
pub(crate) const RESTART_AT: i32 = 16_000;

/// The thread that folds.
pub(crate) struct Checkpointer {
    nudges: SyncSender<Nudge>,
    thread: JoinHandle<()>,
}

/// What the thread is asked for: to fold, and to tell when it is done where somebody waits for that.
type Nudge = Option<SyncSender<()>>;

/// The writer's end of it.
pub(crate) struct Folding(SyncSender<Nudge>);

impl Folding {
    /// The log has so many pages: time to fold it, perhaps.
    pub(crate) fn nudge(&self, pages: i32) {
        if pages >= FOLD_AT {
            // Full means that a nudge waits already.
            _ = self.0.try_send(None);
        }
    }

    /// The same for a writer that is about to begin a long transaction, in which the log cannot start
    /// again: it waits here where the log is long.
    pub(crate) fn nudge_and_wait(&self, pages: i32) {
        if pages < RESTART_AT {
            return self.nudge(pages);
        }
        let (done, is_done) = sync_channel(1);
        if self.0.send(Some(done)).is_ok() {
            // The thread has ended: nothing is folded any more.
            _ = is_done.recv();
        }
    }
}

impl Checkpointer {
    pub(crate) fn start(path: &Path) -> Result<Self, OpenError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(path, flags)?;
        pragma::checkpointer(&conn)?;
        // Room for one: a nudge that finds one waiting has nothing to add.
        let (nudges, receiver) = sync_channel(1);
        let thread = thread::Builder::new()
            .name("mirror-log".into())
            .spawn(move || work(&conn, &receiver))
            .map_err(OpenError::Io)?;
        Ok(Self { nudges, thread })
    }

    pub(crate) fn folding(&self) -> Folding {
        Folding(self.nudges.clone())
    }

    /// Folds all of the log and ends. The writer must have ended before.
    pub(crate) fn finish(self) {
        drop(self.nudges);
        if self.thread.join().is_err() {
            tracing::error!("the thread that folds a log panicked");
        }
    }
}

fn work(conn: &Connection, nudges: &Receiver<Nudge>) {
    while let Ok(nudge) = nudges.recv() {
        match fold(conn, "PRAGMA wal_checkpoint(PASSIVE)") {
            Ok(pages) if pages >= i64::from(RESTART_AT) => {
                // Busy readers make this give up; the next nudge tries again.
                if let Err(error) = fold(conn, "PRAGMA wal_checkpoint(RESTART)") {
                    tracing::warn!(%error, "a log could not be restarted");
                }
            }
            Ok(_) => {}
            // Not the writer's problem: what is committed is safe in the log.
            Err(error) => tracing::warn!(%error, "a log could not be folded"),
        }
        if let Some(done) = nudge {
            // Whoever asked may be gone.
            _ = done.send(());
        }
    }
    if let Err(error) = fold(conn, "PRAGMA wal_checkpoint(TRUNCATE)") {
        tracing::warn!(%error, "a log could not be folded at the end");
    }
}

/// Returns how many pages the log has.
fn fold(conn: &Connection, pragma: &str) -> rusqlite::Result<i64> {
    conn.query_row(pragma, [], |row| row.get(1))
}
