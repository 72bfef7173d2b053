//! Watching an account: whoever watches learns that something was committed, in this process or in
//! another on the same file (`threadkeep-server ingest` beside `serve`).
//!
//! A thread with a connection of its own looks at the file: as soon as this process has committed, and
//! else ten times a second, since SQLite tells nobody of another process's commits. `PRAGMA
//! data_version` says for a microsecond's work whether there is anything to read. The thread lives only
//! while somebody watches.
//!
//! Every watcher of an account shares one place that holds the latest standing and nothing older, so
//! that one who is slow costs one value and never a queue.
//!
//! Rejected: a channel of events (a slow watcher makes it grow, or loses some and must look anyway), and
//! a hook on the writer's commits (it is blind to other processes).

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use rusqlite::{Connection, OptionalExtension};
use threadkeep_protocol::{Connection as Link, HistoryMove, IntegrationId, Stream, SyncStatus};
use tokio::sync::watch;

use crate::{
    connection::open_reader,
    error::StoreError,
    history::latest_moves,
    integration::link,
    status::standing as of_stream,
    store::{Store, read_epoch},
};

/// How late a change by another process is noticed, at most.
const POLL: Duration = Duration::from_millis(100);

/// Between two looks, so that a thousand small commits a second are not a thousand looks.
const PAUSE: Duration = Duration::from_millis(5);

/// Where an account stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its streams; without the server's time.
    pub status: SyncStatus,
    /// The state of whoever feeds it.
    pub connection: Link,
    /// The requests for older messages that moved last, newest first.
    pub history: Vec<HistoryMove>,
}

/// Somebody's watch over an account.
#[derive(Debug)]
pub struct Watch {
    standing: watch::Receiver<Arc<Standing>>,
    /// Dropped after the receiver: the lookout then sees that one watcher is gone.
    _leave: Leave,
}

impl Watch {
    /// Where the account stands: the first time at once, then whenever it has changed since. Changes in
    /// between are seen as one. None once the account is gone. Nothing is lost when the wait is dropped.
    pub async fn next(&mut self) -> Option<Arc<Standing>> {
        self.standing.changed().await.ok()?;
        Some(Arc::clone(&self.standing.borrow_and_update()))
    }
}

impl Store {
    /// Watches an account.
    ///
    /// # Errors
    /// When the integration is unknown or the file cannot be read.
    pub async fn watch(&self, integration: IntegrationId) -> Result<Watch, StoreError> {
        let now = self.read(move |tx| read_standing(tx, integration)).await?;
        let now = now.ok_or(StoreError::UnknownIntegration(integration))?;
        self.lookout().join(integration, now)
    }
}

/// What looks at the file while somebody watches.
#[derive(Debug)]
pub(crate) struct Lookout {
    path: PathBuf,
    state: Mutex<State>,
    alarm: Condvar,
}

#[derive(Debug, Default)]
struct State {
    watched: BTreeMap<IntegrationId, watch::Sender<Arc<Standing>>>,
    /// The thread is there.
    runs: bool,
    /// There is something to look at now.
    is_due: bool,
}

impl Lookout {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self {
            path,
            state: Mutex::default(),
            alarm: Condvar::new(),
        }
    }

    /// This process has committed something, or a watcher left.
    pub(crate) fn wake(&self) {
        self.state().is_due = true;
        self.alarm.notify_one();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn join(
        self: &Arc<Self>,
        integration: IntegrationId,
        now: Standing,
    ) -> Result<Watch, StoreError> {
        let mut state = self.state();
        if !state.runs {
            let lookout = Arc::clone(self);
            thread::Builder::new()
                .name("store-lookout".to_owned())
                .spawn(move || lookout.run())
                .map_err(StoreError::Thread)?;
            state.runs = true;
        }
        let sender = state
            .watched
            .entry(integration)
            .or_insert_with(|| watch::Sender::new(Arc::new(now)));
        let mut standing = sender.subscribe();
        standing.mark_changed();
        // What was committed after `now` was read may be older than the thread's first look.
        state.is_due = true;
        self.alarm.notify_one();
        Ok(Watch {
            standing,
            _leave: Leave(Arc::clone(self)),
        })
    }

    /// Until nobody watches.
    fn run(&self) {
        let mut eye = None;
        while let Some((watched, is_due)) = self.wait() {
            let eye = eye.get_or_insert_with(Eye::default);
            match eye.look(&self.path, &watched, is_due) {
                Ok(seen) => self.tell(seen),
                // Busy, or out of file handles: the next look may go better.
                Err(error) => {
                    tracing::debug!(%error, "the lookout could not read the file");
                    *eye = Eye::default();
                }
            }
            thread::sleep(PAUSE);
        }
    }

    /// The accounts to look at, and whether something is known to have changed.
    fn wait(&self) -> Option<(Vec<IntegrationId>, bool)> {
        let (mut state, _) = self
            .alarm
            .wait_timeout_while(self.state(), POLL, |state| !state.is_due)
            .unwrap_or_else(PoisonError::into_inner);
        let is_due = std::mem::take(&mut state.is_due);
        state.watched.retain(|_, sender| !sender.is_closed());
        if state.watched.is_empty() {
            state.runs = false;
            return None;
        }
        Some((state.watched.keys().copied().collect(), is_due))
    }

    fn tell(&self, seen: Vec<(IntegrationId, Option<Standing>)>) {
        let mut state = self.state();
        for (integration, now) in seen {
            let Some(now) = now else {
                // Its watchers see that there will be nothing more.
                state.watched.remove(&integration);
                continue;
            };
            if let Some(sender) = state.watched.get(&integration) {
                sender.send_if_modified(|known| {
                    let is_other = **known != now;
                    if is_other {
                        *known = Arc::new(now);
                    }
                    is_other
                });
            }
        }
    }
}

/// Tells the lookout that one watcher is gone: the thread and its connection need not outlive the last.
#[derive(Debug)]
struct Leave(Arc<Lookout>);

impl Drop for Leave {
    fn drop(&mut self) {
        self.0.wake();
    }
}

/// A connection, and how far it has seen.
#[derive(Default)]
struct Eye {
    conn: Option<Connection>,
    version: Option<i64>,
}

impl Eye {
    fn look(
        &mut self,
        path: &std::path::Path,
        watched: &[IntegrationId],
        is_due: bool,
    ) -> Result<Vec<(IntegrationId, Option<Standing>)>, StoreError> {
        if self.conn.is_none() {
            self.conn = Some(open_reader(path)?);
        }
        let Some(conn) = &mut self.conn else {
            return Ok(Vec::new());
        };
        // Before the rows: what is committed in between shows at the next look.
        let version = Some(conn.query_row("PRAGMA data_version", [], |row| row.get(0))?);
        if version == self.version && !is_due {
            return Ok(Vec::new());
        }
        let tx = conn.transaction()?;
        let seen = watched
            .iter()
            .map(|&integration| Ok((integration, read_standing(&tx, integration)?)))
            .collect::<Result<_, StoreError>>()?;
        self.version = version;
        Ok(seen)
    }
}

/// Where the account stands; none where there is no such account.
fn read_standing(
    conn: &Connection,
    integration: IntegrationId,
) -> Result<Option<Standing>, StoreError> {
    let connection = conn
        .prepare_cached("SELECT connection FROM integrations WHERE id = ?1")?
        .query_row([integration], |row| Ok(link(row.get_ref(0)?.as_str()?)))
        .optional()?;
    let Some(connection) = connection else {
        return Ok(None);
    };
    let mut status = SyncStatus {
        epoch: read_epoch(conn)?,
        ..SyncStatus::default()
    };
    for stream in Stream::ALL {
        let (latest_seq, count) = of_stream(conn, integration, stream)?;
        status.set(stream, latest_seq, count);
    }
    Ok(Some(Standing {
        status,
        connection,
        history: latest_moves(conn, integration)?,
    }))
}
