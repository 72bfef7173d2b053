//! The handle that everybody holds: one thread that writes, a few connections that read.
//!
//! SQLite blocks, so none of it runs on a thread of the async runtime. There is one writer because
//! SQLite has one; a channel in front of it makes waiting fair, where competing connections would
//! poll for the lock. A pool crate was rejected: what is needed of one is a stack of connections.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::{self, JoinHandle},
};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::{Semaphore, oneshot, watch};

use crate::{
    connection::{open_reader, open_writer},
    digest::SharedDigests,
    error::{OpenError, StoreError},
    mark::{Epoch, Mark, begin_epoch},
    watch::Lookout,
};

/// More readers than this only wait for the same cores.
const READERS: usize = 8;

type Job = Box<dyn FnOnce(&mut Writer) + Send>;

/// What the writing thread holds.
struct Writer {
    conn: Connection,
    mark: Mark,
}

/// What the sync server keeps, in one SQLite file. Clones share it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    /// There until the end.
    writer: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    readers: Mutex<Vec<Connection>>,
    permits: Semaphore,
    lookout: Arc<Lookout>,
    digests: SharedDigests,
    /// Counts how often a request for older messages has moved.
    history: watch::Sender<u64>,
}

impl Store {
    /// Opens the file, makes it where it is missing (its folder must be there), and brings its tables
    /// up to date. A file that is older than what it has handed out begins a new epoch.
    ///
    /// # Errors
    /// When the file is not ours to write, is newer than this program, or cannot be opened. It is
    /// left as it is then.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let mut conn = open_writer(path)?;
        let mark = Mark::open(path, &mut conn)?;
        let keeper = Writer { conn, mark };
        let (writer, jobs) = mpsc::channel::<Job>();
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || run_jobs(keeper, &jobs))
            .map_err(|source| OpenError::Io {
                path: path.to_owned(),
                source,
            })?;
        Ok(Self {
            inner: Arc::new(Inner {
                path: path.to_owned(),
                writer: Some(writer),
                thread: Some(thread),
                readers: Mutex::default(),
                permits: Semaphore::new(READERS),
                lookout: Arc::new(Lookout::new(path.to_owned())),
                digests: SharedDigests::default(),
                history: watch::Sender::new(0),
            }),
        })
    }

    /// The id of this server's history. A client that sees another one starts its cursors over.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn epoch(&self) -> Result<String, StoreError> {
        self.read(|tx| Ok(read_epoch(tx)?)).await
    }

    /// The epoch, and how many seqs were handed out.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn epoch_now(&self) -> Result<Epoch, StoreError> {
        self.read(|tx| Ok(Epoch::read(tx)?)).await
    }

    /// Begins a new epoch, after which every client pulls again from the start: for an operator who
    /// knows that the data was replaced in a way that nobody else could notice.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn begin_epoch(&self) -> Result<String, StoreError> {
        self.write(|tx| {
            let epoch = begin_epoch(&tx)?;
            tx.commit()?;
            Ok(epoch)
        })
        .await
    }

    /// The database.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    pub(crate) fn digests(&self) -> &SharedDigests {
        &self.inner.digests
    }

    /// Changes whenever a request for older messages has moved in this process: a new one, an answer, an
    /// end. It says no more than that it is worth looking.
    #[must_use]
    pub fn history_moves(&self) -> watch::Receiver<u64> {
        self.inner.history.subscribe()
    }

    pub(crate) fn history_moved(&self) {
        self.inner.history.send_modify(|moves| *moves += 1);
    }

    /// Runs a job on the writer's thread, with the write lock held from the start, so that what the
    /// job reads cannot change before it writes. The job commits.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let lookout = Arc::clone(&self.inner.lookout);
        let job: Job = Box::new(move |writer| {
            let result = writer
                .conn
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(StoreError::from)
                .and_then(job);
            writer.mark.keep(&writer.conn);
            lookout.wake();
            // Nobody listens when the caller has gone; what was committed stays.
            let _ = answer.send(result);
        });
        let writer = self.inner.writer.as_ref().ok_or(StoreError::Stopped)?;
        writer.send(job).map_err(|_| StoreError::Stopped)?;
        answered.await.map_err(|_| StoreError::Stopped)?
    }

    pub(crate) fn lookout(&self) -> &Arc<Lookout> {
        &self.inner.lookout
    }

    /// Runs a job on a reading connection, in one snapshot.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let _permit = self
            .inner
            .permits
            .acquire()
            .await
            .map_err(|_| StoreError::Stopped)?;
        let inner = Arc::clone(&self.inner);
        let job = move || {
            let mut conn = match inner.idle().pop() {
                Some(conn) => conn,
                None => open_reader(&inner.path)?,
            };
            let result = {
                let tx = conn.transaction()?;
                job(&tx)
            };
            inner.idle().push(conn);
            result
        };
        tokio::task::spawn_blocking(job)
            .await
            .map_err(|_| StoreError::Stopped)?
    }
}

impl Inner {
    /// A stack: the connection used last has the warmest cache.
    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// With the last handle the file is let go of, whole: what was asked for is written, and nothing of
/// this process touches the file after that. Whoever waited for it may move the file away.
impl Drop for Inner {
    fn drop(&mut self) {
        self.idle().clear();
        drop(self.writer.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the store's writer panicked");
        }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("path", &self.inner.path)
            .finish_non_exhaustive()
    }
}

/// Ends when the last handle is gone.
fn run_jobs(mut writer: Writer, jobs: &mpsc::Receiver<Job>) {
    while let Ok(job) = jobs.recv() {
        // A fault in one request must not take the writer from all others; unwinding has dropped
        // the transaction and so rolled it back.
        if catch_unwind(AssertUnwindSafe(|| job(&mut writer))).is_err() {
            tracing::error!("a write to the store panicked and was rolled back");
        }
    }
    if let Err(error) = writer.conn.execute_batch("PRAGMA optimize") {
        tracing::debug!(%error, "the store closed without optimizing");
    }
}

pub(crate) fn read_epoch(conn: &Connection) -> rusqlite::Result<String> {
    conn.prepare_cached("SELECT value FROM meta WHERE key = 'epoch'")?
        .query_row([], |row| row.get(0))
}
