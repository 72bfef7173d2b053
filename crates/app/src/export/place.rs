//! The place of an export: beside its name until it is whole.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use super::{
    files::{Beside, Files},
    name,
};

/// A file or folder in the making; it goes away unless it is kept. Half an export under any name would be
/// taken for a whole one some day.
pub(super) struct Place {
    beside: PathBuf,
    to: PathBuf,
    is_folder: bool,
    is_kept: bool,
    /// For a file: the folder with what belongs to it, while it is made.
    files: Beside,
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
        let files = Beside {
            folder: to.with_file_name(format!("{name}.files")),
            name: name_of_files(to),
        };
        let place = Self {
            beside: to.with_file_name(name),
            to: to.to_owned(),
            is_folder,
            is_kept: false,
            files,
        };
        let files = if is_folder {
            fs::create_dir(&place.beside)?;
            Files::folder(&place.beside)
        } else {
            Files::one_file(File::create(&place.beside)?, place.files.clone())?
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
        // First what the page shows, so that no page is there without it.
        let files = self.to.with_file_name(&self.files.name);
        let has_files = self.files.folder.is_dir();
        if has_files {
            if files.exists() {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            fs::rename(&self.files.folder, &files)?;
        }
        if let Err(error) = fs::rename(&self.beside, &self.to) {
            if has_files {
                _ = fs::rename(&files, &self.files.folder);
            }
            return Err(error);
        }
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
        _ = fs::remove_dir_all(&self.files.folder);
        _ = if self.is_folder {
            fs::remove_dir_all(&self.beside)
        } else {
            fs::remove_file(&self.beside)
        };
    }
}

/// `Ana_files` beside `Ana.html`, or a name with a number that nothing there has: what is in a folder stays.
fn name_of_files(to: &Path) -> String {
    let title = to.file_stem().unwrap_or_default().to_string_lossy();
    let vacant = name::vacant(
        to.parent().unwrap_or(Path::new("")),
        &format!("{title}_files"),
    );
    let name = vacant.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
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
