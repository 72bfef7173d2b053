//! The connections that read: a stack, so that the one with the warmest cache is used first.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use crate::{Error, files, pragma};

/// How many reads run at once.
pub(crate) const READERS: usize = 4;

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Beside a writer, here or elsewhere.
    Shared,
    /// As a file that nobody can change.
    Immutable,
}

impl Access {
    /// A connection that cannot write.
    pub(crate) fn connect(self, path: &Path) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = match self {
            Self::Shared => Connection::open_with_flags(path, flags)?,
            Self::Immutable => Connection::open_with_flags(
                files::immutable_uri(path),
                flags | OpenFlags::SQLITE_OPEN_URI,
            )?,
        };
        pragma::reader(&conn)?;
        conn.set_prepared_statement_cache_capacity(64);
        Ok(conn)
    }
}

/// The readers of one file.
pub(crate) struct Readers {
    path: PathBuf,
    access: Access,
    idle: Mutex<Vec<Connection>>,
    permits: Semaphore,
}

impl Readers {
    pub(crate) fn new(path: PathBuf, access: Access) -> Self {
        Self {
            path,
            access,
            idle: Mutex::new(Vec::new()),
            permits: Semaphore::new(READERS),
        }
    }

    /// Runs a read in a transaction, so that all its statements see one moment. A read that panics
    /// costs its connection, nothing else.
    pub(crate) async fn read<T, F>(self: &Arc<Self>, read: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    {
        let readers = Arc::clone(self);
        let _permit = self.permits.acquire().await.map_err(|_| Error::Closed)?;
        let task = tokio::task::spawn_blocking(move || {
            let conn = readers.take()?;
            let transaction = conn.unchecked_transaction()?;
            let answer = read(&transaction);
            drop(transaction);
            readers.idle().push(conn);
            answer
        });
        task.await.map_err(|error| match error.try_into_panic() {
            Ok(panic) => Error::Panicked(crate::writer::panic_text(&*panic)),
            Err(_) => Error::Closed,
        })?
    }

    /// Lets go of the connections that nobody uses.
    pub(crate) fn release(&self) {
        self.idle().clear();
    }

    fn take(&self) -> Result<Connection, Error> {
        let idle = self.idle().pop();
        Ok(match idle {
            Some(conn) => conn,
            None => self.access.connect(&self.path)?,
        })
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
