//! The one connection that writes, on a thread of its own.
//!
//! A job is a closure that runs in a transaction. If it fails or panics, the transaction is rolled back
//! and the caches, which may know rows that are no more, are emptied; the thread goes on.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicI32, Ordering},
        mpsc::{Receiver, Sender, SyncSender, channel},
    },
    thread::{self, JoinHandle},
};

use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use crate::{Error, OpenError, cache::Cache, wal, writing::Writing};

type Job = Box<dyn FnOnce(&mut State) + Send>;

/// The thread that writes.
pub(crate) struct Writer {
    jobs: Sender<Job>,
    thread: JoinHandle<()>,
}

struct State {
    conn: Connection,
    cache: Cache,
    /// Pages of log after the last commit.
    log_pages: Arc<AtomicI32>,
    fold: SyncSender<()>,
    latest_change: watch::Sender<i64>,
}

impl Writer {
    pub(crate) fn start(
        mut conn: Connection,
        fold: SyncSender<()>,
        latest_change: watch::Sender<i64>,
    ) -> Result<Self, OpenError> {
        conn.set_prepared_statement_cache_capacity(128);
        let log_pages = Arc::new(AtomicI32::new(0));
        let seen = Arc::clone(&log_pages);
        conn.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages| {
            seen.store(pages, Ordering::Relaxed);
            Ok(())
        }))?;
        let mut state = State {
            conn,
            cache: Cache::default(),
            log_pages,
            fold,
            latest_change,
        };
        let (jobs, receiver) = channel::<Job>();
        let thread = thread::Builder::new()
            .name("mirror-writer".into())
            .spawn(move || work(&mut state, &receiver))
            .map_err(OpenError::Io)?;
        Ok(Self { jobs, thread })
    }

    /// Queues a job. The answer comes when it is committed, or rolled back.
    pub(crate) fn queue<T, F>(&self, job: F) -> Result<oneshot::Receiver<Result<T, Error>>, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Writing<'_>) -> Result<T, Error> + Send + 'static,
    {
        let (answer, receiver) = oneshot::channel();
        let job: Job = Box::new(move |state| {
            // Whoever asked may be gone; what was asked for is done all the same.
            let _ = answer.send(state.transact(job));
        });
        self.jobs.send(job).map_err(|_| Error::Closed)?;
        Ok(receiver)
    }

    /// Waits for what is queued, and ends.
    pub(crate) fn finish(self) {
        drop(self.jobs);
        if self.thread.join().is_err() {
            tracing::error!("the mirror's writer panicked");
        }
    }
}

fn work(state: &mut State, jobs: &Receiver<Job>) {
    for job in jobs {
        job(state);
    }
}

impl State {
    fn transact<T, F>(&mut self, job: F) -> Result<T, Error>
    where
        F: FnOnce(&mut Writing<'_>) -> Result<T, Error>,
    {
        let outcome = catch_unwind(AssertUnwindSafe(|| self.run(job)))
            .unwrap_or_else(|panic| Err(Error::Panicked(panic_text(&*panic))));
        if outcome.is_err() {
            self.cache.clear();
            // SQLite may have rolled back already, as it does on a full disk.
            if !self.conn.is_autocommit()
                && let Err(error) = self.conn.execute_batch("ROLLBACK")
            {
                tracing::error!(%error, "the mirror could not roll back");
            }
        }
        outcome
    }

    fn run<T, F>(&mut self, job: F) -> Result<T, Error>
    where
        F: FnOnce(&mut Writing<'_>) -> Result<T, Error>,
    {
        self.conn.execute_batch("BEGIN IMMEDIATE")?;
        let mut writing = Writing::new(&self.conn, &mut self.cache);
        let answer = job(&mut writing)?;
        let latest = writing.finish()?;
        self.conn.execute_batch("COMMIT")?;
        if let Some(latest) = latest {
            self.latest_change.send_replace(latest);
        }
        if self.log_pages.load(Ordering::Relaxed) >= wal::FOLD_AT {
            // Full means that a nudge waits already.
            let _ = self.fold.try_send(());
        }
        Ok(answer)
    }
}

/// What a panic said.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}
