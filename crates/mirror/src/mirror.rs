//! The mirror itself: a handle on one file's connections.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, atomic::AtomicBool},
};

use refinery::Migration;
use rusqlite::Connection;
use tokio::sync::watch;

use crate::{
    Error, OpenError, change, integration, migration, open,
    reader::{Access, Readers},
    wal::Checkpointer,
    writer::{Answer, Then, Writer},
    writing::Writing,
};

/// An open mirror. Clones share it; the last one to go closes it.
#[derive(Clone)]
pub struct Mirror {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) path: PathBuf,
    format: Format,
    readers: Arc<Readers>,
    /// None where it was opened for reading, and once it is closed.
    writing: Mutex<Option<(Writer, Checkpointer)>>,
    latest_change: watch::Sender<i64>,
    /// Its chats were listed, or are about to be.
    pub(crate) is_warm: AtomicBool,
    /// How many bring in so much that everything else can wait.
    rushes: watch::Sender<usize>,
}

/// Much is being brought in; until this is dropped the search index waits, where it would share the cores with
/// it. What is read first is searched later then, and both are here sooner.
#[must_use = "the rush is over when it is dropped"]
pub struct Rush(Arc<Inner>);

impl Drop for Rush {
    fn drop(&mut self) {
        self.0.rushes.send_modify(|rushes| *rushes -= 1);
    }
}

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    /// The number of its last migration.
    pub version: u32,
    /// It was opened for reading only.
    pub read_only: bool,
}

impl Mirror {
    /// Opens a mirror for reading and writing; makes one where there is none (the folder must exist).
    ///
    /// # Errors
    /// See `OpenError`; a file that is refused is left as it is.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        Self::open_with(path, &migration::known())
    }

    pub(crate) fn open_with(path: &Path, migrations: &[Migration]) -> Result<Self, OpenError> {
        let open::Opened { conn, version } = open::for_writing(path, migrations)?;
        let latest_change = watch::Sender::new(change::latest(&conn)?);
        let checkpointer = Checkpointer::start(path)?;
        let writer = Writer::start(conn, checkpointer.folding(), latest_change.clone())?;
        let mirror = Self {
            inner: Arc::new(Inner {
                path: path.to_owned(),
                format: Format {
                    version,
                    read_only: false,
                },
                readers: Arc::new(Readers::new(path.to_owned(), Access::Shared)),
                writing: Mutex::new(Some((writer, checkpointer))),
                latest_change,
                is_warm: AtomicBool::new(false),
                rushes: watch::Sender::new(0),
            }),
        };
        // Nobody waits for it: what is being removed is shown nowhere.
        drop(mirror.queue(integration::finish_removals));
        Ok(mirror)
    }

    /// Opens a mirror for reading: also one of a newer version, or in a folder that may not be written.
    ///
    /// # Errors
    /// See `OpenError`.
    pub fn open_read_only(path: &Path) -> Result<Self, OpenError> {
        let (access, version) = open::for_reading(path)?;
        Ok(Self {
            inner: Arc::new(Inner {
                path: path.to_owned(),
                format: Format {
                    version,
                    read_only: true,
                },
                readers: Arc::new(Readers::new(path.to_owned(), access)),
                writing: Mutex::new(None),
                latest_change: watch::Sender::new(0),
                is_warm: AtomicBool::new(false),
                rushes: watch::Sender::new(0),
            }),
        })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// The newest format that this program knows.
    #[must_use]
    pub fn newest_format() -> u32 {
        migration::newest(&migration::known())
    }

    /// The format of the file, and whether this program may write it.
    #[must_use]
    pub fn format(&self) -> Format {
        self.inner.format
    }

    /// The id of the latest change; it moves with every commit that changed something.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<i64> {
        self.inner.latest_change.subscribe()
    }

    /// Says that much is about to be brought in.
    pub fn rush(&self) -> Rush {
        self.inner.rushes.send_modify(|rushes| *rushes += 1);
        Rush(Arc::clone(&self.inner))
    }

    /// How many bring in much just now.
    pub(crate) fn rushes(&self) -> watch::Receiver<usize> {
        self.inner.rushes.subscribe()
    }

    /// Ends the writing side: what is queued is written, then the log is folded into the file. Writes
    /// fail with `Error::Closed` afterwards. Dropping the last clone does the same.
    pub async fn close(&self) {
        let inner = Arc::clone(&self.inner);
        if let Err(error) = tokio::task::spawn_blocking(move || inner.finish()).await {
            tracing::error!(%error, "closing the mirror was cut short");
        }
    }

    /// Runs a read on a connection that nothing else uses meanwhile, in a transaction.
    pub(crate) async fn read<T, F>(&self, read: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    {
        self.inner.readers.read(read).await
    }

    /// Runs a write in a transaction, after those that were asked for before.
    pub(crate) async fn write<T, F>(&self, write: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Writing<'_>) -> Result<T, Error> + Send + 'static,
    {
        self.queue(write)?.await.map_err(|_| Error::Closed)?
    }

    /// Puts another content in the place of the file's, after the writes that were asked for before.
    pub(crate) async fn replace<T, F>(&self, replace: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<(T, i64), Error> + Send + 'static,
    {
        let queued = self.with_writer(|writer| writer.queue_replacing(replace))?;
        queued.await.map_err(|_| Error::Closed)?
    }

    /// Asks for a write in a transaction; dropping the answer does not take it back.
    pub(crate) fn queue<T, F>(&self, write: F) -> Result<Answer<T>, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Writing<'_>) -> Result<T, Error> + Send + 'static,
    {
        self.with_writer(|writer| writer.queue(write))
    }

    /// Asks for a write of a load.
    pub(crate) fn queue_load<T, F>(&self, then: Then, write: F) -> Result<Answer<T>, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Writing<'_>) -> Result<T, Error> + Send + 'static,
    {
        self.with_writer(|writer| writer.queue_load(then, write))
    }

    fn with_writer<T>(&self, ask: impl FnOnce(&Writer) -> Result<T, Error>) -> Result<T, Error> {
        let writing = self
            .inner
            .writing
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match &*writing {
            Some((writer, _)) => ask(writer),
            None if self.inner.format.read_only => Err(Error::ReadOnly),
            None => Err(Error::Closed),
        }
    }
}

impl std::fmt::Debug for Mirror {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mirror")
            .field("path", &self.inner.path)
            .field("format", &self.inner.format)
            .finish_non_exhaustive()
    }
}

impl Inner {
    fn finish(&self) {
        let writing = self
            .writing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some((writer, checkpointer)) = writing {
            writer.finish();
            self.readers.release();
            checkpointer.finish();
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.finish();
    }
}

#[cfg(test)]
mod tests;
