//! Folders and files that only their owner may read.
//!
//! Permissions are the unix ones; on Windows the profile's folder already belongs to its user alone.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    path::Path,
};

use crate::HomeError;

/// Makes a folder and what is missing above it, for the owner alone. One that is there stays as it is.
pub(crate) fn make(path: &Path) -> Result<(), HomeError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(path)
        .map_err(|source| HomeError::at(path, source))
}

/// Takes a folder from other users. A link is left alone: what it leads to may be shared on purpose.
/// So is a disk without permissions (a memory stick), where the owner has decided already.
pub(crate) fn tighten(path: &Path) {
    if fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir()) {
        // Best effort: the folder works without it, and what is made inside is private by itself.
        _ = set_mode(path, 0o700);
    }
}

/// Whether a folder is there and holds nothing, or is not there at all.
pub(crate) fn is_empty(path: &Path) -> bool {
    fs::read_dir(path).map_or_else(
        |error| error.kind() == std::io::ErrorKind::NotFound,
        |mut entries| entries.next().is_none(),
    )
}

/// Whether the folder belongs to whoever made the one inside it, and is not shared by all, as the one
/// for temporary files is: an administrator who points the home there must not lock everybody out.
#[cfg(unix)]
pub(crate) fn have_one_owner(folder: &Path, inner: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    const SHARED_BY_ALL: u32 = 0o1000;
    match (fs::metadata(folder), fs::metadata(inner)) {
        (Ok(folder), Ok(inner)) => {
            folder.uid() == inner.uid() && folder.mode() & SHARED_BY_ALL == 0
        }
        _ => false,
    }
}

#[cfg(not(unix))]
pub(crate) fn have_one_owner(_folder: &Path, _inner: &Path) -> bool {
    true
}

/// Opens a file for reading and writing, and makes it for the owner alone where it is missing.
///
/// # Errors
/// When it cannot be opened for writing.
pub fn create_private(path: &Path) -> Result<File, HomeError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .map_err(|source| HomeError::at(path, source))
}

/// Takes a file from other users (0600); does nothing where there are no such permissions.
///
/// # Errors
/// When the file is not there or not ours.
pub fn make_private(path: &Path) -> Result<(), HomeError> {
    set_mode(path, 0o600).map_err(|source| HomeError::at(path, source))
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    // Asked first, so that a file that is private already needs no right to change it.
    if fs::metadata(path)?.permissions().mode() & 0o777 == mode {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(path: &Path, _mode: u32) -> std::io::Result<()> {
    fs::metadata(path).map(drop)
}
