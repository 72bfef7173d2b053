//! Bringing a file to this version's format.

use std::{
    fs,
    path::{Path, PathBuf},
};

use refinery::{Migration, Runner};
use rusqlite::{Connection, OptionalExtension, backup::Progress};

use crate::{OpenError, files};

mod embedded {
    refinery::embed_migrations!("../../migrations/mirror");
}

/// Marks the file as a mirror; the first migration writes it.
pub(crate) const APPLICATION_ID: u32 = 0x544B_4D52;

/// The migrations of this version of the program.
pub(crate) fn known() -> Vec<Migration> {
    embedded::migrations::runner().get_migrations().clone()
}

/// The number of the newest of them.
pub(crate) fn newest(migrations: &[Migration]) -> u32 {
    migrations
        .iter()
        .map(|migration| u32::try_from(migration.version()).unwrap_or(0))
        .max()
        .unwrap_or(0)
}

/// The number of the file's last migration.
pub(crate) fn version(conn: &Connection) -> Result<u32, OpenError> {
    let has_history = conn
        .query_row(
            "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'refinery_schema_history'",
            [],
            |_| Ok(()),
        )
        .optional()?
        .is_some();
    if !has_history {
        return Err(OpenError::NotAMirror);
    }
    Ok(conn.query_row(
        "SELECT coalesce(max(version), 0) FROM refinery_schema_history",
        [],
        |row| row.get(0),
    )?)
}

/// Runs what is missing, all of it in one transaction: refinery's own default commits a migration and
/// the note of it apart, and a program killed between the two can never open the file again.
pub(crate) fn run(conn: &mut Connection, migrations: &[Migration]) -> Result<(), OpenError> {
    Runner::new(migrations)
        .set_grouped(true)
        .set_abort_divergent(true)
        .set_abort_missing(true)
        .run(conn)
        .map(drop)
        .map_err(|error| OpenError::Migration(Box::new(error)))
}

/// Copies the file aside before it is changed. A copy that was cut short never stands under the name.
pub(crate) fn back_up(conn: &Connection, path: &Path, version: u32) -> Result<PathBuf, OpenError> {
    let target = files::beside(path, &format!(".v{version}.backup"));
    let unfinished = files::beside(path, &format!(".v{version}.backup.new"));
    files::remove_database(&unfinished)?;
    files::create_private(&unfinished)?;
    conn.backup("main", &unfinished, None::<fn(Progress)>)?;
    fs::File::open(&unfinished)?.sync_all()?;
    fs::rename(&unfinished, &target)?;
    files::sync_folder(&target);
    Ok(target)
}
