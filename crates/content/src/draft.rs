//! Bytes on their way to becoming a file.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::PathBuf,
    process,
    sync::atomic::{AtomicU64, Ordering},
};

use sha2::{Digest, Sha256};

use crate::{
    Contents, Hash,
    hash::read_into,
    private::{make_folder, options, sync_folder},
};

/// Bytes on their way to becoming a file. One that is dropped stays, to be resumed or swept.
pub struct Draft {
    contents: Contents,
    path: PathBuf,
    file: File,
    hasher: Sha256,
    length: u64,
}

/// What became of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finished {
    /// It is the file.
    Kept,
    /// It has another hash than it should, and is no more.
    Wrong,
}

impl Draft {
    pub(crate) fn new(contents: &Contents) -> io::Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let folder = contents.drafts();
        make_folder(&folder)?;
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!("{}-{number}.new", process::id()));
            match options().create_new(true).open(&path) {
                Ok(file) => return Ok(Self::begin(contents, path, file)),
                // Of a process that had the same number once.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    pub(crate) fn resume(contents: &Contents, hash: &Hash) -> io::Result<Self> {
        let folder = contents.drafts();
        make_folder(&folder)?;
        let path = folder.join(format!("{hash}.part"));
        let file = options().create(true).truncate(false).open(&path)?;
        let mut draft = Self::begin(contents, path, file);
        // Read to its end, where writing goes on.
        draft.length = read_into(&mut draft.file, &mut draft.hasher)?;
        Ok(draft)
    }

    fn begin(contents: &Contents, path: PathBuf, file: File) -> Self {
        Self {
            contents: contents.clone(),
            path,
            file,
            hasher: Sha256::new(),
            length: 0,
        }
    }

    /// How much has come.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Adds bytes at its end.
    ///
    /// # Errors
    /// When they cannot be written; the draft is of no use after that but to be dropped.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.hasher.update(bytes);
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Begins anew.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn restart(&mut self) -> io::Result<()> {
        use io::Seek;

        self.file.set_len(0)?;
        self.file.rewind()?;
        self.hasher = Sha256::new();
        self.length = 0;
        Ok(())
    }

    /// Gives it the name of its hash, if that is the one it should have; else it is thrown away.
    ///
    /// # Errors
    /// When it cannot be written to the end.
    pub fn finish(self, expected: &Hash) -> io::Result<Finished> {
        if Hash::finish(self.hasher) != *expected {
            drop(self.file);
            fs::remove_file(&self.path)?;
            return Ok(Finished::Wrong);
        }
        self.file.sync_all()?;
        drop(self.file);
        let to = self.contents.path(expected);
        let folder = to.parent().unwrap_or(&self.contents.folder);
        make_folder(folder)?;
        fs::rename(&self.path, &to)?;
        sync_folder(folder);
        sync_folder(&self.contents.folder);
        Ok(Finished::Kept)
    }

    /// Throws it away.
    pub fn discard(self) {
        drop(self.file);
        // What cannot be removed now is swept later.
        _ = fs::remove_file(&self.path);
    }
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Draft")
            .field("path", &self.path)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}
