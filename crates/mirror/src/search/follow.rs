//! The thread that makes the index follow the mirror.
//!
//! It reads some messages, lets go of the mirror, folds and writes them, and commits them with the cursor:
//! killed anywhere it goes on from its last commit. On a computer of one or two cores it rests as long as
//! it worked while a pull writes, and altogether while an import goes on; it holds no lock that anybody waits for.
//!
//! Segments are merged when nothing has come for a while: the segments of a first pull are merged for seconds or
//! minutes, and a change that comes meanwhile waits for the step at hand. Where changes come all the time it is done
//! in small steps between them, but only once there are many segments.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Weak},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use rusqlite::Connection;
use tokio::{runtime::Runtime, sync::watch};

use super::{
    draft,
    feed::{self, Next},
    file::{Cursor, IndexFile, MergeStep},
};
use crate::{Error, Mirror, files, mirror, reader::Access};

/// Nothing has come for so long: there is time for what need not be done at once. It must be less than the time
/// between two live changes.
const QUIET: Duration = Duration::from_millis(20);
/// Nothing has come for so long: nothing more is expected. Also the time that the start of the app has the
/// disk for itself.
const CALM: Duration = Duration::from_secs(2);
/// So many commits without a merge, each a segment, and it is done in the short times between changes: a search
/// looks into each of them.
const MANY: u32 = 128;
/// So many entries of the mirror's feed and it is told at once to forget them.
const MOST_KEPT: i64 = 10_000;
/// The longest rest while others write.
const REST: Duration = Duration::from_millis(500);
/// After an error, until the next try.
const PATIENCE: Duration = Duration::from_secs(5);

const FOREVER: Duration = Duration::from_secs(86_400);

/// How the index stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// Messages not looked at, about; none before the first look.
    pub(super) behind: Option<u64>,
    /// How far the index has followed the mirror.
    pub(super) cursor: Cursor,
    /// How many times it was begun from nothing at a person's wish.
    pub(super) rebuilt: u64,
    /// How many files have had the name.
    pub(super) made: u64,
    /// It cannot be read or written at present.
    pub(super) failed: bool,
}

/// What the thread is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Orders {
    stop: bool,
    /// How many times a person, or a query that met damage, has wished for a new index.
    rebuilds: u64,
}

/// The running thread.
pub(super) struct Follower {
    orders: watch::Sender<Orders>,
    standing: watch::Receiver<Standing>,
    thread: Option<JoinHandle<()>>,
}

impl Follower {
    pub(super) fn start(mirror: &Mirror, path: &Path) -> std::io::Result<Self> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self::start_on(cores, mirror, path)
    }

    pub(super) fn start_on(cores: usize, mirror: &Mirror, path: &Path) -> std::io::Result<Self> {
        let (orders, told) = watch::channel(Orders::default());
        let (tell, standing) = watch::channel(Standing::default());
        let mut work = Work {
            mirror_path: mirror.path().to_owned(),
            path: path.to_owned(),
            mirror: Arc::downgrade(&mirror.inner),
            changes: mirror.subscribe(),
            rushes: mirror.rushes(),
            orders: told,
            standing: tell,
            // What others have left is not known.
            unmerged: Some(0),
            followed: 0,
            forgotten: 0,
            begun: Instant::now(),
            shares_cores: cores <= 2,
        };
        let thread = thread::Builder::new()
            .name("search-index".into())
            .spawn(move || work.run())?;
        Ok(Self {
            orders,
            standing,
            thread: Some(thread),
        })
    }

    pub(super) fn standing(&self) -> watch::Receiver<Standing> {
        self.standing.clone()
    }

    /// Begins from nothing. Returns which rebuild that is.
    pub(super) fn rebuild(&self) -> u64 {
        self.orders.send_modify(|orders| orders.rebuilds += 1);
        self.orders.borrow().rebuilds
    }

    /// Waits for the batch at hand, and ends.
    pub(super) fn finish(&mut self) {
        self.orders.send_modify(|orders| orders.stop = true);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread of the search index panicked");
        }
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.finish();
    }
}

struct Work {
    mirror_path: PathBuf,
    path: PathBuf,
    /// For pruning the feed only: the index keeps no mirror open.
    mirror: Weak<mirror::Inner>,
    changes: watch::Receiver<i64>,
    rushes: watch::Receiver<usize>,
    orders: watch::Receiver<Orders>,
    standing: watch::Sender<Standing>,
    /// Commits since all was merged; none where that is done.
    unmerged: Option<u32>,
    /// How far the mirror's feed was followed, and up to where the mirror was told to forget it.
    followed: i64,
    forgotten: i64,
    begun: Instant,
    /// With the pull, and with whoever reads.
    shares_cores: bool,
}

/// Whose fault an error is.
enum Trouble {
    Mirror(Error),
    Index(Error),
}

/// The two files.
struct Files {
    mirror: Connection,
    mirror_id: String,
    index: IndexFile,
}

/// Why the index is not followed any more.
enum Ended {
    /// It was told to stop, or the mirror is gone.
    Stopped,
    /// The mirror has become another one.
    Other,
}

impl Work {
    fn run(&mut self) {
        let runtime = match tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
        {
            Ok(runtime) => runtime,
            Err(error) => {
                tracing::error!(%error, "the search index cannot be followed");
                return self.give_up();
            }
        };
        while !self.orders.borrow().stop {
            match self.round(&runtime) {
                Ok(Ended::Stopped) => return,
                Ok(Ended::Other) => self.tell(|standing| standing.behind = None),
                Err(Trouble::Index(error @ Error::Damaged(_))) => {
                    tracing::warn!(%error, "the search index is damaged and is made anew");
                    if let Err(error) = files::remove_database(&self.path) {
                        tracing::error!(%error, "the damaged search index cannot be removed");
                        return self.give_up();
                    }
                    self.tell(|standing| standing.behind = None);
                }
                Err(Trouble::Mirror(error) | Trouble::Index(error)) => {
                    tracing::warn!(%error, "the search index rests");
                    self.tell(|standing| standing.failed = true);
                    self.rest(&runtime, PATIENCE);
                }
            }
        }
    }

    fn round(&mut self, runtime: &Runtime) -> Result<Ended, Trouble> {
        let mirror = Access::Shared
            .connect(&self.mirror_path)
            .map_err(|error| Trouble::Mirror(error.into()))?;
        let mirror_id = feed::mirror_id(&mirror).map_err(Trouble::Mirror)?;
        match draft::take_draft(&self.mirror_path, &mirror_id, &self.path) {
            Ok(true) => tracing::info!("the search index came with a snapshot"),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "a snapshot's index cannot be taken"),
        }
        let index = IndexFile::open(&self.path, &mirror_id)
            .map_err(|error| Trouble::Index(Error::Index(error)))?;
        self.tell(|standing| {
            standing.failed = false;
            standing.made += 1;
        });
        let files = Files {
            mirror,
            mirror_id,
            index,
        };
        let ended = self.follow(runtime, &files)?;
        if self.followed > self.forgotten {
            self.forget(&files.mirror_id);
        }
        Ok(ended)
    }

    fn follow(&mut self, runtime: &Runtime, files: &Files) -> Result<Ended, Trouble> {
        let Files {
            mirror,
            mirror_id,
            index,
        } = files;
        let mut cursor = index.cursor().map_err(Trouble::Index)?;
        (self.followed, self.forgotten) = (cursor.feed, cursor.feed);
        loop {
            let orders = *self.orders.borrow_and_update();
            if orders.stop {
                return Ok(Ended::Stopped);
            }
            if self.shares_cores && self.wait_for_others(runtime) {
                continue;
            }
            self.changes.borrow_and_update();
            let rebuilt = self.standing.borrow().rebuilt;
            let begun = Instant::now();
            let next = feed::next(mirror, mirror_id, cursor).map_err(Trouble::Mirror)?;
            let batch = match next {
                Next::Batch(batch) if orders.rebuilds == rebuilt => batch,
                Next::Other => return Ok(Ended::Other),
                Next::Batch(_) | Next::Lost => {
                    tracing::info!("the search index begins again");
                    let feed = feed::latest(mirror).map_err(Trouble::Mirror)?;
                    cursor = index.clear(feed).map_err(Trouble::Index)?;
                    self.followed = feed;
                    self.tell(|standing| {
                        standing.rebuilt = orders.rebuilds;
                        standing.behind = None;
                    });
                    continue;
                }
            };
            let is_caught_up = batch.cursor == cursor;
            if !is_caught_up {
                cursor = index
                    .follow(batch.gone, batch.documents, batch.cursor)
                    .map_err(Trouble::Index)?;
                self.unmerged = Some(self.unmerged.map_or(1, |commits| commits + 1));
                self.followed = cursor.feed;
                if self.followed - self.forgotten > MOST_KEPT {
                    self.forget(mirror_id);
                }
            }
            self.tell(|standing| {
                standing.behind = Some(batch.left);
                standing.cursor = cursor;
            });
            if is_caught_up {
                if !self.wait(runtime, files)? {
                    return Ok(Ended::Stopped);
                }
            } else if self.shares_cores && self.changes.has_changed().unwrap_or(false) {
                self.rest(runtime, begun.elapsed().min(REST));
            }
        }
    }

    /// Waits until something changes, and does meanwhile what there was no time for. Returns false when the
    /// mirror is gone.
    fn wait(&mut self, runtime: &Runtime, files: &Files) -> Result<bool, Trouble> {
        let waiting = Instant::now();
        loop {
            let pause = match self.unmerged {
                _ if self.followed > self.forgotten => QUIET,
                None => FOREVER,
                Some(MANY..) => QUIET.max(CALM.saturating_sub(self.begun.elapsed())),
                Some(_) => CALM.saturating_sub(waiting.elapsed()),
            };
            let (changes, orders) = (&mut self.changes, &mut self.orders);
            let next = async {
                tokio::select! {
                    changed = orders.changed() => Some(changed.is_ok()),
                    changed = changes.changed() => Some(changed.is_ok()),
                    () = tokio::time::sleep(pause) => None,
                }
            };
            if let Some(goes_on) = runtime.block_on(next) {
                return Ok(goes_on);
            }
            if self.followed > self.forgotten {
                self.forget(&files.mirror_id);
                continue;
            }
            let step = || match waiting.elapsed() {
                calm if calm >= CALM => MergeStep::Large,
                _ => MergeStep::Small,
            };
            while files.index.merge(step()).map_err(Trouble::Index)? {
                if changes.has_changed().unwrap_or(true) || orders.has_changed().unwrap_or(true) {
                    return Ok(true);
                }
            }
            self.unmerged = None;
        }
    }

    /// Waits while much is brought in, or until told something; says whether it had to.
    fn wait_for_others(&mut self, runtime: &Runtime) -> bool {
        // Behind the mirror's end nobody is in a rush.
        if *self.rushes.borrow_and_update() == 0 || self.rushes.has_changed().is_err() {
            return false;
        }
        let (rushes, orders) = (&mut self.rushes, &mut self.orders);
        runtime.block_on(async {
            tokio::select! {
                _ = orders.changed() => {}
                _ = rushes.changed() => {}
            }
        });
        // Whoever looks next sees it again.
        self.orders.mark_changed();
        true
    }

    /// The mirror need not keep what the index has followed: told now and then, since it is a commit of the
    /// mirror.
    fn forget(&mut self, mirror_id: &str) {
        let feed = self.followed;
        self.forgotten = feed;
        let Some(inner) = self.mirror.upgrade() else {
            return;
        };
        let mirror_id = mirror_id.to_owned();
        let queued = Mirror { inner }.queue(move |writing| {
            writing
                .conn
                .prepare_cached(
                    "DELETE FROM search_feed WHERE seq <= ?1 \
                        AND (SELECT value FROM meta WHERE key = 'mirror_id') = ?2",
                )?
                .execute((feed, mirror_id))?;
            Ok(())
        });
        // Closed, perhaps: the next time more is forgotten.
        drop(queued);
    }

    /// Rests, but not when told something.
    fn rest(&mut self, runtime: &Runtime, time: Duration) {
        let orders = &mut self.orders;
        runtime.block_on(async {
            // Out of time is what is meant to happen, mostly.
            _ = tokio::time::timeout(time, orders.changed()).await;
        });
        // Whoever looks next sees it again.
        self.orders.mark_changed();
    }

    fn give_up(&self) {
        self.tell(|standing| standing.failed = true);
    }

    fn tell(&self, change: impl FnOnce(&mut Standing)) {
        self.standing.send_modify(change);
    }
}
