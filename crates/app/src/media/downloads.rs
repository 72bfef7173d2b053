//! What is fetched, shared by those who fetch and those who ask.

use std::{
    collections::BTreeMap,
    future::Future,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use threadkeep_content::Hash;
use threadkeep_mirror::MediaPk;
use tokio::{
    sync::{Notify, watch},
    task::JoinHandle,
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use crate::view::MediaProgress;

/// For how long the folder's weight is good enough.
const WEIGHED: Duration = Duration::from_secs(20);

/// The shortest time between two words about progress.
const WORDS: Duration = Duration::from_millis(120);

pub(super) type Running = BTreeMap<MediaPk, Fetching>;

#[derive(Debug)]
pub(super) struct Fetching {
    pub(super) hash: Hash,
    pub(super) cancel: CancellationToken,
}

/// What is fetched, shared by those who fetch and those who ask.
#[derive(Debug, Clone, Default)]
pub(crate) struct Downloads {
    running: Arc<Mutex<Running>>,
    pub(super) progress: watch::Sender<BTreeMap<MediaPk, MediaProgress>>,
    pub(super) nudge: Arc<Notify>,
    /// A person has asked: whoever is left alone is asked again.
    pub(super) is_asked: Arc<AtomicBool>,
    task: Arc<Mutex<Option<JoinHandle<()>>>>,
    /// Where the last file was saved.
    saved: Arc<Mutex<Option<PathBuf>>>,
    /// What the folder weighed, and when.
    weighed: Arc<Mutex<Option<(Instant, u64)>>>,
}

impl Downloads {
    pub(super) fn note_saved(&self, path: &Path) {
        let mut saved = self.saved.lock().unwrap_or_else(PoisonError::into_inner);
        *saved = Some(path.to_owned());
    }

    pub(super) fn last_saved(&self) -> Option<PathBuf> {
        let saved = self.saved.lock();
        saved.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Something is different: another look is worth it.
    pub(crate) fn look_again(&self) {
        self.nudge.notify_one();
    }

    pub(crate) fn try_again(&self) {
        self.is_asked.store(true, Ordering::Relaxed);
        self.look_again();
    }

    /// What the folder weighed, if that is not long ago: counting goes through all of it.
    pub(crate) fn weighed(&self) -> Option<u64> {
        let weighed = *self.weighed.lock().unwrap_or_else(PoisonError::into_inner);
        weighed
            .filter(|(at, _)| at.elapsed() < WEIGHED)
            .map(|(_, bytes)| bytes)
    }

    pub(crate) fn weigh(&self, bytes: u64) {
        let now = Some((Instant::now(), bytes));
        *self.weighed.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    pub(crate) fn stop(&self, pk: MediaPk) {
        if let Some(fetching) = self.running().get(&pk) {
            fetching.cancel.cancel();
        }
    }

    pub(super) fn stop_all(&self) {
        let running = self.running();
        running
            .values()
            .for_each(|fetching| fetching.cancel.cancel());
    }

    pub(crate) fn begin(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut task = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        if task.as_ref().is_none_or(JoinHandle::is_finished) {
            *task = Some(tokio::spawn(work));
        }
    }

    /// Waits for the end of what was begun, which the app's closing brings.
    pub(crate) async fn ended(&self) {
        let task = self
            .task
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(task) = task {
            // One that panicked has ended too.
            _ = task.await;
        }
    }

    pub(crate) fn stream(&self) -> DownloadStream {
        DownloadStream {
            progress: self.progress.subscribe(),
        }
    }

    pub(super) fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is being fetched, as it changes.
#[derive(Debug)]
pub struct DownloadStream {
    progress: watch::Receiver<BTreeMap<MediaPk, MediaProgress>>,
}

impl DownloadStream {
    /// All that is being fetched, when something of it has changed; none once the app is gone.
    pub async fn next(&mut self) -> Option<Vec<MediaProgress>> {
        self.progress.changed().await.ok()?;
        tokio::time::sleep(WORDS).await;
        Some(
            self.progress
                .borrow_and_update()
                .values()
                .cloned()
                .collect(),
        )
    }
}
