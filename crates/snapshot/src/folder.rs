//! The files of one integration's snapshot, by name.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use threadkeep_protocol::{IntegrationId, Snapshot};

use crate::Error;

/// What is not yet what it is to be.
const DRAFT: &str = ".draft";
/// What is packed.
pub(crate) const PACKED: &str = ".zst";

/// A folder of one integration.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub(crate) const fn new(path: PathBuf) -> Self {
        Self { path }
    }

    pub(crate) fn mirror(&self) -> PathBuf {
        self.path.join("mirror.db")
    }

    pub(crate) fn index(&self) -> PathBuf {
        self.path.join("search.db")
    }

    pub(crate) fn packed(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    pub(crate) fn draft(&self, name: &str) -> PathBuf {
        self.path.join(format!("{name}{DRAFT}"))
    }

    fn manifest_file(&self) -> PathBuf {
        self.path.join("manifest.json")
    }

    /// Makes the folder and takes it for oneself, until the answer is dropped or the process is gone.
    pub(crate) fn hold(&self) -> Result<File, Error> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.path)?;
        let lock = private().truncate(false).open(self.path.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(TryLockError::WouldBlock) => Err(Error::Held),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// What is packed; nothing where what says so cannot be understood, or says what is not there.
    pub(crate) fn manifest(&self) -> Result<Option<Snapshot>, Error> {
        let text = match fs::read(self.manifest_file()) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let Ok(manifest) = serde_json::from_slice::<Snapshot>(&text) else {
            tracing::warn!("a snapshot's manifest cannot be read; it is made anew");
            return Ok(None);
        };
        let is_there = |name: &str, bytes| {
            fs::metadata(self.packed(name)).is_ok_and(|file| file.len() == bytes)
        };
        let mut files = manifest.files.iter();
        let is_whole = files.all(|file| is_there(&file.name, file.packed_bytes));
        Ok(is_whole.then_some(manifest))
    }

    /// Puts a manifest in the place of the one before: from here on it is what is served.
    pub(crate) fn publish(&self, manifest: &Snapshot) -> Result<(), Error> {
        let draft = self.draft("manifest.json");
        let mut file = create(&draft)?;
        file.write_all(&serde_json::to_vec_pretty(manifest).map_err(io::Error::from)?)?;
        file.sync_all()?;
        fs::rename(&draft, self.manifest_file())?;
        self.sync();
        Ok(())
    }

    /// Deletes what a kill has left and what an older manifest spoke of.
    pub(crate) fn sweep(&self) -> Result<(), Error> {
        let held = self.manifest()?;
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let is_named = || {
                held.as_ref()
                    .is_some_and(|held| held.named(&name).is_some())
            };
            if name.ends_with(DRAFT) || (name.ends_with(PACKED) && !is_named()) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Deletes the mirror and its index, to begin them anew.
    pub(crate) fn forget(&self) -> Result<(), Error> {
        for file in [self.mirror(), self.index()] {
            for suffix in ["", "-wal", "-shm", "-journal", ".new"] {
                let mut name = file.clone().into_os_string();
                name.push(suffix);
                match fs::remove_file(name) {
                    Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Makes a rename last, where the system lets a folder be opened for that.
    pub(crate) fn sync(&self) {
        if let Ok(folder) = File::open(&self.path)
            && let Err(error) = folder.sync_all()
        {
            tracing::debug!(%error, "the folder could not be synced");
        }
    }
}

/// Deletes the folders of all other integrations.
pub(crate) fn keep_only(folder: &Path, integrations: &[IntegrationId]) -> Result<(), Error> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let id = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        // What no integration could be called is not ours.
        if id.is_some_and(|id: IntegrationId| !integrations.contains(&id)) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// A new file that only its owner can read, in the place of what was there.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    private().truncate(true).open(path)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
