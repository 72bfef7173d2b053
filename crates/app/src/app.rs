//! One open data folder.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use threadkeep_content::Contents;
use threadkeep_home::{Home, HomeError, Lock};
use threadkeep_mirror::{Mirror, OpenError, Search};
use tokio_util::sync::CancellationToken;

use crate::{
    Error, account::problem, embedded::Embedded, export::Exports, follow::Followers,
    history::Followed, import::Imports, media::Downloads, secret::Secrets, turn::Turns,
    view::Problem,
};

/// How long closing waits for what runs to come to its next transaction. What takes longer is cut by the
/// mirror's closing, as by a crash: nothing that was committed is lost.
const CLOSING: Duration = Duration::from_secs(20);

/// One open data folder, and everything that can be done with it.
#[derive(Debug)]
pub struct App {
    pub(crate) home: Home,
    pub(crate) mirror: Mirror,
    pub(crate) search: Search,
    pub(crate) secrets: Secrets,
    pub(crate) embedded: Arc<Embedded>,
    pub(crate) followers: Followers,
    pub(crate) read_only: Option<Problem>,
    pub(crate) turns: Turns,
    pub(crate) followed: Followed,
    pub(crate) exports: Exports,
    pub(crate) imports: Imports,
    /// The bytes of files.
    pub(crate) contents: Contents,
    pub(crate) downloads: Downloads,
    /// What a person has asked for that takes its time.
    errand: Arc<Mutex<Option<CancellationToken>>>,
    /// Cancelled when the app closes; everything that runs hangs on it.
    pub(crate) closing: CancellationToken,
    /// Held for as long as this app may write.
    _lock: Option<Lock>,
}

impl App {
    /// Opens a data folder (`--home`, else the environment's, else the operating system's place) for
    /// reading and writing, and makes what is missing. A mirror that may only be read (a newer
    /// version's, a read-only folder) opens all the same: what is here stays readable.
    ///
    /// # Errors
    /// When another program holds the folder, or the mirror cannot even be read.
    pub async fn open(home: Option<PathBuf>, who: &str) -> Result<Self, Error> {
        let home = Home::resolve(home)?;
        let lock = match home.create().and_then(|()| home.lock(who)) {
            Ok(lock) => lock,
            Err(refused @ (HomeError::ReadOnly { .. } | HomeError::Denied { .. }))
                if home.mirror_file().exists() =>
            {
                return Self::open_read_only(home, refused.into()).await;
            }
            Err(refused) => return Err(refused.into()),
        };
        // Copies of a process that was killed in the middle of an import. What cannot be removed is in nobody's way.
        let scratch = home.scratch_dir();
        blocking(move || drop(std::fs::remove_dir_all(scratch))).await;
        let file = home.mirror_file();
        match blocking(move || Mirror::open(&file)).await {
            Ok(mirror) => Ok(Self::new(home, mirror, Some(lock), None)),
            Err(
                refused @ (OpenError::Newer { .. } | OpenError::ReadOnly | OpenError::Migration(_)),
            ) => Self::open_read_only(home, refused.into()).await,
            Err(refused) => Err(refused.into()),
        }
    }

    /// Opens a data folder for reading, also while another program syncs into it.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn look(home: Option<PathBuf>) -> Result<Self, Error> {
        let resolved = Home::resolve(home.clone())?;
        let file = resolved.mirror_file();
        match blocking(move || Mirror::open_read_only(&file)).await {
            // Nothing there yet, or an older version's file: what opens it for writing sees to it.
            Ok(mirror) if mirror.format().version < Mirror::newest_format() => {
                drop(mirror);
                Self::open(home, "threadkeep").await
            }
            Err(OpenError::Missing) => Self::open(home, "threadkeep").await,
            Ok(mirror) => Ok(Self::new(resolved, mirror, None, None)),
            Err(refused) => Err(refused.into()),
        }
    }

    async fn open_read_only(home: Home, why: Error) -> Result<Self, Error> {
        let file = home.mirror_file();
        let mirror = blocking(move || Mirror::open_read_only(&file)).await?;
        Ok(Self::new(home, mirror, None, Some(problem(&why))))
    }

    fn new(home: Home, mirror: Mirror, lock: Option<Lock>, read_only: Option<Problem>) -> Self {
        let index = home.search_file();
        let search = match &lock {
            None => Search::look(&mirror, &index),
            Some(_) => Search::open(&mirror, &index).unwrap_or_else(|error| {
                tracing::error!(%error, "nothing is indexed");
                Search::look(&mirror, &index)
            }),
        };
        Self {
            search,
            secrets: Secrets::new(&home),
            embedded: Arc::new(Embedded::new(home.clone())),
            followers: Followers::default(),
            contents: Contents::new(home.media_dir()),
            downloads: Downloads::default(),
            home,
            mirror,
            read_only,
            turns: Turns::default(),
            errand: Arc::default(),
            followed: Followed::default(),
            exports: Exports::default(),
            imports: Imports::default(),
            closing: CancellationToken::new(),
            _lock: lock,
        }
    }

    /// The data folder.
    #[must_use]
    pub const fn home(&self) -> &Home {
        &self.home
    }

    /// Why nothing can be written, where that is so.
    #[must_use]
    pub const fn read_only(&self) -> Option<&Problem> {
        self.read_only.as_ref()
    }

    /// Ends what runs, stops the server inside the app, and closes the index and the mirror.
    pub async fn close(&self) {
        self.closing.cancel();
        let ended = async {
            self.followers.stop_all().await;
            self.downloads.ended().await;
            self.turns.all_given_back().await;
            self.exports.ended().await;
        };
        if tokio::time::timeout(CLOSING, ended).await.is_err() {
            tracing::warn!("something still ran when the app closed");
        }
        self.embedded.close().await;
        self.search.close().await;
        self.mirror.close().await;
    }

    /// Begins what takes its time: one at a time, so that one button stops it.
    pub(crate) fn begin(&self) -> Result<Errand, Error> {
        let mut errand = self.errand.lock().unwrap_or_else(PoisonError::into_inner);
        if errand.is_some() {
            return Err(Error::Busy);
        }
        let cancel = self.closing.child_token();
        *errand = Some(cancel.clone());
        Ok(Errand {
            cancel,
            errand: Arc::clone(&self.errand),
        })
    }

    /// Whether a sync runs.
    #[must_use]
    pub fn is_syncing(&self) -> bool {
        self.errand
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_some()
    }

    /// Ends the running sync, if there is one; what is committed stays. What the background pulls of the
    /// same accounts ends with a sync, and goes on when their servers have something new.
    pub fn cancel_sync(&self) {
        if let Some(cancel) = &*self.errand.lock().unwrap_or_else(PoisonError::into_inner) {
            cancel.cancel();
        }
    }
}

/// What a person has asked for; done when dropped.
pub(crate) struct Errand {
    pub(crate) cancel: CancellationToken,
    errand: Arc<Mutex<Option<CancellationToken>>>,
}

impl Drop for Errand {
    fn drop(&mut self) {
        *self.errand.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// What waits for files or migrates them: off the threads that answer the window.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(failed) => std::panic::resume_unwind(failed.into_panic()),
    }
}
