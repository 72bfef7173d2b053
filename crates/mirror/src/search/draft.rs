//! An index that came with a snapshot. It waits beside the mirror, under a name of its own, until the mirror is
//! the snapshot's.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags};

use super::file;
use crate::{
    Error, files,
    snapshot::check::{self, schema},
};

/// Where an index waits for its mirror.
pub(crate) fn waiting(mirror: &Path) -> PathBuf {
    files::beside(mirror, ".index")
}

/// Looks whether a file is an index that this program could have made.
///
/// # Errors
/// When it is not, cannot be read, or it was stopped.
pub(crate) fn check_draft<G>(path: &Path, goes_on: G) -> Result<(), Error>
where
    G: Fn() -> bool + Send + 'static,
{
    let conn = check::open(path, goes_on)?;
    let pattern = Connection::open_in_memory()?;
    pattern.execute_batch(file::SCHEMA)?;
    if schema(&conn)? != schema(&pattern)? {
        return Err(Error::Unfit("its index is built in another way"));
    }
    let number = |pragma| conn.pragma_query_value(None, pragma, |row| row.get::<_, u32>(0));
    if number("application_id")? != file::APPLICATION_ID || number("user_version")? != file::FORMAT
    {
        return Err(Error::Unfit("its index is of another format"));
    }
    check::pages(&conn)
}

/// Gives an index to the mirror that will have this id, and puts it where that looks for it.
///
/// # Errors
/// When the disk says no.
pub(crate) fn put_draft(path: &Path, mirror: &Path, mirror_id: &str) -> Result<(), Error> {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    conn.execute("UPDATE standing SET mirror_id = ?1", [mirror_id])?;
    // Moved without its log.
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    conn.close().map_err(|(_, error)| error)?;
    let place = waiting(mirror);
    let put = || -> io::Result<()> {
        fs::OpenOptions::new().write(true).open(path)?.sync_all()?;
        files::remove_database(&place)?;
        fs::rename(path, &place)?;
        files::sync_folder(&place);
        Ok(())
    };
    put().map_err(Error::Draft)
}

/// Puts the index that waits for this mirror into its place.
pub(super) fn take_draft(mirror: &Path, mirror_id: &str, place: &Path) -> io::Result<bool> {
    let waiting = waiting(mirror);
    if !is_of(&waiting, mirror_id) {
        return Ok(false);
    }
    files::remove_database(place)?;
    fs::rename(&waiting, place)?;
    files::sync_folder(place);
    Ok(true)
}

/// Deletes an index that waits for another mirror than this one.
pub(crate) fn forget_draft(mirror: &Path, mirror_id: &str) -> io::Result<()> {
    let waiting = waiting(mirror);
    if is_of(&waiting, mirror_id) {
        return Ok(());
    }
    files::remove_database(&waiting)
}

fn is_of(waiting: &Path, mirror_id: &str) -> bool {
    // Nobody writes it while it waits, and no log is to be left beside it.
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let look = || {
        let conn = Connection::open_with_flags(files::immutable_uri(waiting), flags)?;
        conn.query_row("SELECT mirror_id = ?1 FROM standing", [mirror_id], |row| {
            row.get(0)
        })
    };
    // One that cannot be read is nobody's.
    waiting.exists() && look().unwrap_or(false)
}
