//! Files and folders for copies, which nobody else may read and which are gone when they are dropped.

use std::{
    fs::DirBuilder,
    path::{Path, PathBuf},
};

use tempfile::{Builder, NamedTempFile, TempDir};

use super::InputError;

const PREFIX: &str = "import-";

/// A file that only its owner may read, as temporary files are.
pub(super) fn file(scratch: Option<&Path>) -> Result<NamedTempFile, InputError> {
    let place = place(scratch)?;
    Builder::new()
        .prefix(PREFIX)
        .tempfile_in(place)
        .map_err(InputError::Copy)
}

pub(super) fn folder(scratch: Option<&Path>) -> Result<TempDir, InputError> {
    let place = place(scratch)?;
    let mut builder = Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder
        .prefix(PREFIX)
        .tempdir_in(place)
        .map_err(InputError::Copy)
}

fn place(scratch: Option<&Path>) -> Result<PathBuf, InputError> {
    let Some(folder) = scratch else {
        return Ok(std::env::temp_dir());
    };
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(InputError::Copy)?;
    Ok(folder.to_owned())
}
