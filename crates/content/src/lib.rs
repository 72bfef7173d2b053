//! Files that came with messages, kept by their hash: the server's and this computer's.
//!
//! Purpose: one way to keep bytes for those who take them in (`PUT /media`) and those who fetch them, so
//! that both are whole or not there.
//!
//! Invariants:
//! - A file's path is made of its hash and of nothing else: no name that a sender chose touches the disk.
//! - What stands under a hash has that hash. Bytes are written beside it, hashed on the way, synced, and
//!   only then given their name; whatever is killed in between leaves a draft and nothing half.
//! - Folders are the owner's alone (0700), and so are files (0600).
//!
//! Rejected: bytes in the database (a million pictures make every backup, check and compaction of it a
//! matter of hours); names of the sender (two people send `IMG_0001.jpg`, one sends `../../.bashrc`).

mod draft;
mod hash;
mod private;
mod sweep;

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

pub use draft::{Draft, Finished};
pub use hash::{Hash, NoHash};
pub use sweep::Swept;

/// Where drafts lie. No hash begins so.
const DRAFTS: &str = "drafts";

/// A folder of files by their hash. It is made when it is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    folder: PathBuf,
}

impl Contents {
    /// Those in this folder.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where a file is, or would be.
    #[must_use]
    pub fn path(&self, hash: &Hash) -> PathBuf {
        let name = hash.to_string();
        let (first, rest) = name.split_at(2);
        self.folder.join(first).join(rest)
    }

    /// How long a file is; nothing where it is not here.
    #[must_use]
    pub fn length(&self, hash: &Hash) -> Option<u64> {
        let about = fs::symlink_metadata(self.path(hash)).ok()?;
        about.is_file().then_some(about.len())
    }

    /// A file, for reading.
    ///
    /// # Errors
    /// When it is not here or cannot be read.
    pub fn open(&self, hash: &Hash) -> io::Result<File> {
        File::open(self.path(hash))
    }

    /// A draft that nobody else writes to.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn draft(&self) -> io::Result<Draft> {
        Draft::new(self)
    }

    /// The draft of what has this hash, with what had come of it before. Only one at a time may write
    /// to it.
    ///
    /// # Errors
    /// When the folder cannot be written, or what had come cannot be read.
    pub fn resume(&self, hash: &Hash) -> io::Result<Draft> {
        Draft::resume(self, hash)
    }

    /// Takes in a file of another folder of the same disk without copying it, where the disk can do that
    /// and what is there has the hash. Says whether it did.
    ///
    /// # Errors
    /// When what is there cannot be read, or the folder cannot be written.
    pub fn link_from(&self, other: &Self, hash: &Hash) -> io::Result<bool> {
        if self.length(hash).is_some() {
            return Ok(true);
        }
        let from = other.path(hash);
        if other.length(hash).is_none() || Hash::of_file(&from)? != *hash {
            return Ok(false);
        }
        let to = self.path(hash);
        private::make_folder(to.parent().unwrap_or(&self.folder))?;
        Ok(fs::hard_link(from, to).is_ok())
    }

    fn drafts(&self) -> PathBuf {
        self.folder.join(DRAFTS)
    }
}

#[cfg(test)]
mod tests;
