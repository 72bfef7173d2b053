//! The one connection that writes, on a thread of its own.
//!
//! A job is a closure that runs in a transaction. If it fails or panics, the transaction is rolled back
//! and the caches, which may know rows that are no more, are emptied; the thread goes on.
//!
//! A job of a load may leave its transaction open for the load's next one. Any other job commits it first.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicI32, Ordering},
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use crate::{
    Error, OpenError,
    cache::Cache,
    load::Fate,
    wal::Folding,
    writing::{Notes, Writing},
};

/// A load's transaction is committed when nothing has come for so long: the network is what it waits for.
const PATIENCE: Duration = Duration::from_millis(50);

type Job = Box<dyn FnOnce(&mut State) + Send>;

/// What follows a job of a load.
pub(crate) enum Then {
    /// The transaction waits for more, unless it has enough.
    Wait {
        fate: Arc<Fate>,
        rows: u64,
    },
    Commit(Arc<Fate>),
}

/// A transaction that waits for more rows of a load.
struct Open {
    notes: Notes,
    fate: Arc<Fate>,
    rows: u64,
}

/// What a job says, when it has been done.
pub(crate) type Answer<T> = oneshot::Receiver<Result<T, Error>>;

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
    folding: Folding,
    latest_change: watch::Sender<i64>,
    open: Option<Open>,
}

impl Writer {
    pub(crate) fn start(
        mut conn: Connection,
        folding: Folding,
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
            folding,
            latest_change,
            open: None,
        };
        let (jobs, receiver) = channel::<Job>();
        let thread = thread::Builder::new()
            .name("mirror-writer".into())
            .spawn(move || work(&mut state, &receiver))
            .map_err(OpenError::Io)?;
        Ok(Self { jobs, thread })
    }

    /// Queues a job. The answer comes when it is committed, or rolled back.
    pub(crate) fn queue<T, F>(&self, job: F) -> Result<Answer<T>, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Writing<'_>) -> Result<T, Error> + Send + 'static,
    {
        self.send(|state| {
            state.commit_open();
            let outcome = state.guard(|state| state.run(Notes::default(), job));
            state.folding.nudge(state.log_pages());
            outcome
        })
    }

    /// Queues a job of a load. The answer comes when it is done, and committed if that is what follows.
    pub(crate) fn queue_load<T, F>(&self, then: Then, job: F) -> Result<Answer<T>, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Writing<'_>) -> Result<T, Error> + Send + 'static,
    {
        self.send(|state| state.load(then, job))
    }

    /// Queues a job that has the file to itself, in no transaction, and puts another content in its place. It gives the
    /// id of the latest change of that.
    pub(crate) fn queue_replacing<T, F>(&self, job: F) -> Result<Answer<T>, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<(T, i64), Error> + Send + 'static,
    {
        self.send(|state| {
            state.commit_open();
            let outcome = state.guard(|state| {
                let (answer, latest) = job(&mut state.conn)?;
                state.cache.clear();
                state.latest_change.send_replace(latest);
                Ok(answer)
            });
            // All of it lies in the log, of which no hook was told.
            state.folding.nudge(i32::MAX);
            outcome
        })
    }

    fn send<T, F>(&self, job: F) -> Result<Answer<T>, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut State) -> Result<T, Error> + Send + 'static,
    {
        let (answer, receiver) = oneshot::channel();
        let job: Job = Box::new(move |state| {
            // Whoever asked may be gone; what was asked for is done all the same.
            let _ = answer.send(job(state));
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
    loop {
        let job = if state.open.is_some() {
            jobs.recv_timeout(PATIENCE)
        } else {
            jobs.recv().map_err(RecvTimeoutError::from)
        };
        match job {
            Ok(job) => job(state),
            Err(RecvTimeoutError::Timeout) => state.commit_open(),
            Err(RecvTimeoutError::Disconnected) => return state.commit_open(),
        }
    }
}

impl State {
    /// Does what rolls back if it fails or panics.
    fn guard<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        let outcome = catch_unwind(AssertUnwindSafe(|| work(self)))
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

    fn log_pages(&self) -> i32 {
        self.log_pages.load(Ordering::Relaxed)
    }

    /// Runs a job and commits.
    fn run<T>(
        &mut self,
        notes: Notes,
        job: impl FnOnce(&mut Writing<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.conn.is_autocommit() {
            self.conn.execute_batch("BEGIN IMMEDIATE")?;
        }
        let mut writing = Writing::new(&self.conn, &mut self.cache, notes);
        let answer = job(&mut writing)?;
        let latest = writing.finish()?;
        self.conn.execute_batch("COMMIT")?;
        if let Some(latest) = latest {
            self.latest_change.send_replace(latest);
        }
        Ok(answer)
    }

    /// Commits what a load has left open. Its next job hears of it if that fails.
    fn commit_open(&mut self) {
        if let Some(open) = self.open.take()
            && let Err(error) = self.guard(|state| state.run(open.notes, |_| Ok(())))
        {
            tracing::warn!(%error, "what was loaded last could not be committed");
            open.fate.lose(error);
        }
        self.folding.nudge(self.log_pages());
    }

    fn load<T>(
        &mut self,
        then: Then,
        job: impl FnOnce(&mut Writing<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let (fate, rows, enough) = match then {
            Then::Wait { fate, rows } => {
                let enough = fate.take(rows);
                (fate, rows, enough)
            }
            Then::Commit(fate) => (fate, 0, 0),
        };
        if let Some(open) = &self.open
            && !Arc::ptr_eq(&open.fate, &fate)
        {
            self.commit_open();
        }
        fate.check()?;
        let (notes, before) = self
            .open
            .take()
            .map_or_else(Default::default, |open| (open.notes, open.rows));
        let rows = rows + before;
        let outcome = self.guard(|state| {
            if rows >= enough {
                return state.run(notes, job);
            }
            if state.conn.is_autocommit() {
                state.conn.execute_batch("BEGIN IMMEDIATE")?;
            }
            let mut writing = Writing::new(&state.conn, &mut state.cache, notes);
            let answer = job(&mut writing)?;
            let notes = writing.pause();
            let fate = Arc::clone(&fate);
            state.open = Some(Open { notes, fate, rows });
            Ok(answer)
        });
        if outcome.is_err() {
            fate.lose_openly();
        }
        if self.open.is_none() {
            self.folding.nudge_and_wait(self.log_pages());
        }
        outcome
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
