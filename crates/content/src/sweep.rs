//! Taking away what nobody names any more.

use std::{
    fs, io,
    path::Path,
    time::{Duration, SystemTime},
};

use crate::{Contents, Hash};

/// What was swept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Files that were kept.
    pub kept: u64,
    /// Their bytes.
    pub kept_bytes: u64,
    /// Files that were taken away, drafts among them.
    pub gone: u64,
}

impl Contents {
    /// All files that are here, in no order; what stands in the folder and is none of them is passed over.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn hashes(&self) -> io::Result<Vec<Hash>> {
        let mut found = Vec::new();
        for folder in entries(&self.folder)? {
            let name = folder.file_name();
            let Some(first) = name.to_str().filter(|name| name.len() == 2) else {
                continue;
            };
            for file in entries(&folder.path())? {
                let name = file.file_name();
                let hash = name.to_str().map(|rest| format!("{first}{rest}"));
                found.extend(hash.and_then(|hash| hash.parse::<Hash>().ok()));
            }
        }
        Ok(found)
    }

    /// Takes away the files that `is_named` says nobody names, and all drafts, where they were not written
    /// to for `age`: what is just being taken in has no name yet.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub fn sweep(
        &self,
        age: Duration,
        mut is_named: impl FnMut(&Hash) -> bool,
    ) -> io::Result<Swept> {
        let now = SystemTime::now();
        let mut swept = Swept::default();
        for hash in self.hashes()? {
            let path = self.path(&hash);
            if is_named(&hash) || !is_old(&path, now, age) {
                swept.kept += 1;
                swept.kept_bytes += self.length(&hash).unwrap_or(0);
            } else {
                fs::remove_file(path)?;
                swept.gone += 1;
            }
        }
        for draft in entries(&self.drafts())? {
            if is_old(&draft.path(), now, age) {
                fs::remove_file(draft.path())?;
                swept.gone += 1;
            }
        }
        Ok(swept)
    }
}

/// What a folder holds; nothing where it is not there.
fn entries(folder: &Path) -> io::Result<Vec<fs::DirEntry>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.collect(),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(Vec::new())
        }
        Err(error) => Err(error),
    }
}

/// A clock that was set back makes nothing old.
fn is_old(path: &Path, now: SystemTime, age: Duration) -> bool {
    let written = fs::symlink_metadata(path).and_then(|about| about.modified());
    written.is_ok_and(|written| now.duration_since(written).is_ok_and(|since| since >= age))
}
