//! Opening a mirror: what stands at the path is looked at before anything is touched.

use std::{fs, path::Path};

use refinery::Migration;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::{OpenError, files, migration, pragma, reader::Access};

/// A connection that may write, and the format of its file.
pub(crate) struct Opened {
    pub(crate) conn: Connection,
    pub(crate) version: u32,
}

/// Opens for writing; makes the file where there is none.
pub(crate) fn for_writing(path: &Path, migrations: &[Migration]) -> Result<Opened, OpenError> {
    match files::inspect(path) {
        Err(OpenError::Missing) => create(path, migrations)?,
        other => other?,
    }
    let supported = migration::newest(migrations);
    let mut conn = connect(path)?;
    let held = migration::version(&conn)?;
    if held > supported {
        return Err(OpenError::Newer {
            version: held,
            supported,
        });
    }
    if conn.is_readonly("main")? {
        return Err(OpenError::ReadOnly);
    }
    files::make_private(path).map_err(OpenError::Io)?;
    pragma::writer(&conn)?;
    if held < supported {
        let copy = migration::back_up(&conn, path, held)?;
        tracing::info!(from = held, to = supported, copy = %copy.display(), "migrating the mirror");
    }
    migration::run(&mut conn, migrations)?;
    // One app at a time holds the folder, so whoever left these open is gone.
    conn.execute(
        "UPDATE sync_runs SET outcome = 'interrupted' WHERE outcome = 'running'",
        [],
    )?;
    Ok(Opened {
        conn,
        version: supported,
    })
}

/// How a file can be read, and its format.
pub(crate) fn for_reading(path: &Path) -> Result<(Access, u32), OpenError> {
    files::inspect(path)?;
    let try_as = |access: Access| -> Result<u32, OpenError> {
        let conn = access.connect(path)?;
        migration::version(&conn)
    };
    match try_as(Access::Shared) {
        Ok(version) => Ok((Access::Shared, version)),
        // A file in WAL mode wants to make files beside itself. Where it cannot, and nothing lies in a
        // log that would be overlooked, the file alone is the whole truth.
        Err(error) if files::size(&files::beside(path, "-wal")) == 0 => try_as(Access::Immutable)
            .map(|version| (Access::Immutable, version))
            .map_err(|_| error),
        Err(error) => Err(error),
    }
}

/// Makes a mirror beside its place and moves it there when it is whole: a program killed in the middle
/// leaves no half-made file under the name.
fn create(path: &Path, migrations: &[Migration]) -> Result<(), OpenError> {
    let unfinished = files::beside(path, ".new");
    files::remove_database(&unfinished)?;
    files::create_private(&unfinished).map_err(|error| match OpenError::from(error) {
        // The folder is what is missing here.
        OpenError::Missing => OpenError::Io(std::io::ErrorKind::NotFound.into()),
        other => other,
    })?;
    let mut conn = connect(&unfinished)?;
    migration::run(&mut conn, migrations)?;
    pragma::writer(&conn)?;
    conn.close().map_err(|(_, error)| error)?;
    fs::File::open(&unfinished)?.sync_all()?;
    fs::rename(&unfinished, path)?;
    files::sync_folder(path);
    Ok(())
}

fn connect(path: &Path) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || {
        let conn = Connection::open_with_flags(path, flags)?;
        conn.pragma_update(None, "busy_timeout", 5_000)?;
        // The first look at the file: here a folder that may not be written shows.
        conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(conn)
    };
    open().map_err(|error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen) => OpenError::ReadOnly,
        _ => error.into(),
    })
}

#[cfg(test)]
mod tests;
