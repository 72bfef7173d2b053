//! Opening the file: permissions, pragmas, migrations.

use std::{
    fs, io,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior, config::DbConfig};

use crate::error::OpenError;

mod embedded {
    refinery::embed_migrations!("../../migrations/server_sqlite");
}

/// How long one waits for the other process that may write to the same file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The same while a file is opened: another process may be bringing its tables up to date just now.
const OPENING_TIMEOUT: Duration = Duration::from_secs(30);

/// Between two looks at a file that is in use.
const PAUSE: Duration = Duration::from_millis(10);

/// More statements than any one path through the ingest uses.
const CACHED_STATEMENTS: usize = 128;

/// Opens the connection that writes, having created and migrated the file.
pub fn open_writer(path: &Path) -> Result<Connection, OpenError> {
    let failed = |source| sqlite_failed(path, source);
    create_private(path).map_err(|source| OpenError::Io {
        path: path.to_owned(),
        source,
    })?;
    let mut conn = Connection::open_with_flags(path, flags()).map_err(failed)?;
    // The wait comes first: everything after it needs locks that another process may hold right now.
    conn.busy_timeout(OPENING_TIMEOUT).map_err(failed)?;
    refuse_newer(&conn).map_err(failed)?.map_or(Ok(()), Err)?;
    write_ahead(&conn).map_err(failed)?;
    conn.execute_batch(
        "PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA mmap_size = 0;
         PRAGMA journal_size_limit = 67108864;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -32768;",
    )
    .map_err(failed)?;
    migrate(&mut conn, path)?;
    conn.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
    plan_once(&conn).map_err(failed)?;
    conn.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    Ok(conn)
}

/// Switches the file to WAL. Two that do so at the same moment both read and both want to write, which
/// SQLite refuses at once, whatever the timeout; whoever is refused looks again.
fn write_ahead(conn: &Connection) -> rusqlite::Result<()> {
    let begun = Instant::now();
    loop {
        match conn.pragma_update(None, "journal_mode", "WAL") {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && begun.elapsed() < OPENING_TIMEOUT =>
            {
                thread::sleep(PAUSE);
            }
            switched => return switched,
        }
    }
}

/// Opens one more connection, which can only read. The journal mode is the file's by now and is not
/// set again: that would ask for a lock.
pub fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let conn = Connection::open_with_flags(path, flags())?;
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.execute_batch(
        "PRAGMA query_only = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA mmap_size = 0;
         PRAGMA cache_size = -8192;",
    )?;
    plan_once(&conn)?;
    conn.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    Ok(conn)
}

/// One plan for all values. Else SQLite looks at what is bound (a partial index that it may allow, a limit, a
/// number that may be rare) and plans anew for each value: 40 µs, ten times what most queries take.
fn plan_once(conn: &Connection) -> rusqlite::Result<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// No `CREATE`: the file was made with its permissions before. No mutex: a connection is never shared.
fn flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

/// Makes the file readable for its owner only; SQLite gives its WAL the same permissions.
fn create_private(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let file = options.open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
        }
    }
    drop(file);
    Ok(())
}

/// The newest schema that this program knows.
fn newest() -> i64 {
    let runner = embedded::migrations::runner();
    runner
        .get_migrations()
        .iter()
        .map(|m| i64::from(m.version()))
        .max()
        .unwrap_or_default()
}

/// The schema version of the file: 0 where it is new.
fn version(conn: &Connection) -> rusqlite::Result<i64> {
    let has_history: bool = conn.query_row(
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'refinery_schema_history')",
        [],
        |row| row.get(0),
    )?;
    if !has_history {
        return Ok(0);
    }
    conn.query_row(
        "SELECT coalesce(max(version), 0) FROM refinery_schema_history",
        [],
        |row| row.get(0),
    )
}

fn refuse_newer(conn: &Connection) -> rusqlite::Result<Option<OpenError>> {
    let version = version(conn)?;
    Ok((version > newest()).then_some(OpenError::Newer { version }))
}

/// Grouped: the tables and the note that they were made commit together, so that a crash between
/// them cannot leave a file which no start can mend. Two processes may open a new file at the same
/// moment. Where there is something to do, each of refinery's steps takes the write lock from its start,
/// so that it waits for the other instead of failing; the one that comes second finds the tables there
/// and looks again.
fn migrate(conn: &mut Connection, path: &Path) -> Result<(), OpenError> {
    let version = version(conn).map_err(|source| sqlite_failed(path, source))?;
    if version < newest() {
        conn.set_transaction_behavior(TransactionBehavior::Immediate);
    }
    let migrated = run_migrations(conn, path);
    conn.set_transaction_behavior(TransactionBehavior::Deferred);
    migrated
}

fn run_migrations(conn: &mut Connection, path: &Path) -> Result<(), OpenError> {
    let runner = embedded::migrations::runner()
        .set_grouped(true)
        .set_abort_divergent(true)
        .set_abort_missing(true);
    let Err(first) = runner.run(conn) else {
        return Ok(());
    };
    match runner.run(conn) {
        Ok(_) => Ok(()),
        Err(_) if version(conn).is_ok_and(|found| found != newest() && found > 0) => {
            Err(OpenError::Foreign {
                path: path.to_owned(),
            })
        }
        Err(_) => Err(OpenError::Migrate(Box::new(first))),
    }
}

fn sqlite_failed(path: &Path, source: rusqlite::Error) -> OpenError {
    let path = path.to_owned();
    match source.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => OpenError::Foreign { path },
        _ => OpenError::Sqlite { path, source },
    }
}
