//! Where the data lives, who may read it, and who has it open.
//!
//! Purpose: the window, the terminal, the server and the tests ask here, so that all of them mean the
//! same folder and none opens a person's history to other users of the computer.
//!
//! Invariants:
//! - Folders are made 0700 and files 0600 from their first moment, not tightened afterwards, so that
//!   there is no instant at which another user could have opened them.
//! - One lock, held by the kernel for as long as its holder lives. A pid file was rejected: after
//!   `kill -9` it lies, and deleting a stale one is a race.
//! - A folder that existed before and holds somebody's other files keeps its permissions.

mod error;
mod folder;
mod lock;

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

pub use error::HomeError;
pub use folder::{create_private, make_private};
pub use lock::Lock;

/// Names the folder in the environment.
pub const HOME_VARIABLE: &str = "THREADKEEP_HOME";

/// The folder that holds everything: absolute, not necessarily there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home(PathBuf);

impl Home {
    /// The folder asked for (`--home`), else the environment's (`THREADKEEP_HOME`), else the operating
    /// system's place for data that stays on this computer (never the roaming one: a database must
    /// not be synchronised by a file copier).
    ///
    /// # Errors
    /// When none of the three names a folder.
    pub fn resolve(explicit: Option<PathBuf>) -> Result<Self, HomeError> {
        Self::choose(explicit, env::var_os(HOME_VARIABLE), || {
            directories::ProjectDirs::from("org", "threadkeep", "Threadkeep")
                .map(|dirs| dirs.data_local_dir().to_owned())
        })
    }

    fn choose(
        explicit: Option<PathBuf>,
        variable: Option<OsString>,
        default: impl FnOnce() -> Option<PathBuf>,
    ) -> Result<Self, HomeError> {
        // An empty value is what a script's unset variable leaves behind: it names nothing.
        let path = explicit
            .filter(|path| !path.as_os_str().is_empty())
            .or_else(|| variable.filter(|v| !v.is_empty()).map(PathBuf::from))
            .or_else(default)
            .ok_or(HomeError::Nowhere)?;
        let path = std::path::absolute(&path).map_err(|source| HomeError::at(&path, source))?;
        Ok(Self(path))
    }

    /// Makes the folders that are missing, for the owner alone.
    ///
    /// # Errors
    /// When a folder cannot be made, or a file stands in its place.
    pub fn create(&self) -> Result<(), HomeError> {
        let ours = self.db_dir().is_dir() || folder::is_empty(&self.0);
        folder::make(&self.0)?;
        for inner in [
            self.db_dir(),
            self.server_dir(),
            self.logs_dir(),
            self.media_dir(),
        ] {
            folder::make(&inner)?;
            folder::tighten(&inner);
        }
        if ours && folder::have_one_owner(&self.0, &self.db_dir()) {
            folder::tighten(&self.0);
        }
        Ok(())
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Holds the mirror's files.
    #[must_use]
    pub fn db_dir(&self) -> PathBuf {
        self.0.join("db")
    }

    /// The mirror.
    #[must_use]
    pub fn mirror_file(&self) -> PathBuf {
        self.db_dir().join("mirror.db")
    }

    /// The search index; losing it costs a rebuild.
    #[must_use]
    pub fn search_file(&self) -> PathBuf {
        self.db_dir().join("search.db")
    }

    /// Holds what the sync server on this computer keeps.
    #[must_use]
    pub fn server_dir(&self) -> PathBuf {
        self.0.join("server")
    }

    /// The sync server's database.
    #[must_use]
    pub fn server_file(&self) -> PathBuf {
        self.server_dir().join("server.db")
    }

    /// Files that came with messages, by sha256.
    #[must_use]
    pub fn media_dir(&self) -> PathBuf {
        self.0.join("media")
    }

    /// Private copies of what is being imported; whoever has the lock may empty it.
    #[must_use]
    pub fn scratch_dir(&self) -> PathBuf {
        self.0.join("scratch")
    }

    /// Logs; never content, never tokens.
    #[must_use]
    pub fn logs_dir(&self) -> PathBuf {
        self.0.join("logs")
    }

    /// Tokens, where the operating system has no keychain.
    #[must_use]
    pub fn secrets_file(&self) -> PathBuf {
        self.0.join("secrets.json")
    }

    /// The file whose lock admits one app.
    #[must_use]
    pub fn lock_file(&self) -> PathBuf {
        self.0.join("lock")
    }

    /// Takes the home for one program, until the lock is dropped or the process ends, however it ends.
    /// `who` tells a second one who holds it ("the app", "threadkeep sync").
    ///
    /// # Errors
    /// `Held` when another has it; else when the file cannot be opened for writing.
    pub fn lock(&self, who: &str) -> Result<Lock, HomeError> {
        Lock::take(&self.lock_file(), who)
    }
}

#[cfg(test)]
mod tests;
