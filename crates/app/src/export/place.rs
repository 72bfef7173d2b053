//! The place of an export: beside its name until it is whole.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use super::files::Files;

/// A file or folder in the making; it goes away unless it is kept. Half an export under any name would be
/// taken for a whole one some day.
pub(super) struct Place {
    beside: PathBuf,
    to: PathBuf,
    is_folder: bool,
    is_kept: bool,
}

impl Place {
    /// A place in the same folder as `to`, so that the rename stays on one disk.
    pub(super) fn take(to: &Path, is_folder: bool) -> io::Result<(Self, Files)> {
        static TAKEN: AtomicU64 = AtomicU64::new(0);
        let number = TAKEN.fetch_add(1, Ordering::Relaxed);
        let name = format!(".threadkeep-export-{}-{number}.part", std::process::id());
        if to.file_name().is_none() || is_taken(to, is_folder)? {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let place = Self {
            beside: to.with_file_name(name),
            to: to.to_owned(),
            is_folder,
            is_kept: false,
        };
        let files = if is_folder {
            fs::create_dir(&place.beside)?;
            Files::folder(&place.beside)
        } else {
            Files::one_file(File::create(&place.beside)?)?
        };
        Ok((place, files))
    }

    /// Gives it its name.
    pub(super) fn keep(mut self) -> io::Result<()> {
        if self.is_folder {
            // An empty folder may stand there; Windows renames onto nothing at all.
            match fs::remove_dir(&self.to) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(_) => return Err(io::ErrorKind::AlreadyExists.into()),
            }
        }
        fs::rename(&self.beside, &self.to)?;
        self.is_kept = true;
        // The new name is on the disk once the folder is; not every system can say so of a folder.
        if let Some(Ok(folder)) = self.to.parent().map(File::open) {
            _ = folder.sync_all();
        }
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        _ = if self.is_folder {
            fs::remove_dir_all(&self.beside)
        } else {
            fs::remove_file(&self.beside)
        };
    }
}

/// A file may be replaced, which the person was asked about; a folder with something in it never is.
fn is_taken(to: &Path, is_folder: bool) -> io::Result<bool> {
    match fs::metadata(to) {
        Ok(there) if is_folder && there.is_dir() => Ok(fs::read_dir(to)?.next().is_some()),
        Ok(there) => Ok(is_folder || there.is_dir()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}
