//! Whether a draft is what it has to be, before anything of it is believed.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use rusqlite::{Connection, OpenFlags, config::DbConfig};
use threadkeep_protocol::Stream;

use super::Draft;
use crate::{Error, IntegrationPk, cursor, files};

/// Instructions of SQLite between two looks at whether it goes on.
const LOOK_EVERY: std::ffi::c_int = 100_000;

/// Tables whose rows belong to an account, each with an index that tells of which.
pub(super) const OWNED: [&str; 7] = [
    "addresses",
    "contacts",
    "conversations",
    "media",
    "messages",
    "participants",
    "receipts",
];

/// How a database is built: what all statements rely on, and what a copy page by page does.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Everything in it, by its text.
    schema: Vec<(String, String, String, String)>,
    page_size: i64,
    encoding: String,
    auto_vacuum: i64,
    user_version: i64,
    migrations: Vec<(i64, String, String)>,
}

impl Shape {
    pub(crate) fn of(conn: &Connection) -> Result<Self, Error> {
        let number = |pragma| conn.pragma_query_value(None, pragma, |row| row.get(0));
        Ok(Self {
            // Before anything else is asked: this runs nothing that is in the file.
            schema: schema(conn)?,
            page_size: number("page_size")?,
            encoding: conn.pragma_query_value(None, "encoding", |row| row.get(0))?,
            auto_vacuum: number("auto_vacuum")?,
            user_version: number("user_version")?,
            migrations: Vec::new(),
        })
    }

    /// With the migrations that it went through, once the tables are known to be ours.
    fn with_migrations(self, conn: &Connection) -> Result<Self, Error> {
        let mut select = conn.prepare(
            "SELECT version, name, checksum FROM refinery_schema_history ORDER BY version",
        )?;
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let migrations = rows.collect::<Result<_, _>>()?;
        Ok(Self { migrations, ..self })
    }
}

/// What a database is made of, by its text.
pub(crate) fn schema(conn: &Connection) -> Result<Vec<(String, String, String, String)>, Error> {
    let mut select = conn.prepare(
        "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name",
    )?;
    let rows = select.query_map([], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The shape that a draft must have.
pub(crate) fn own_shape(conn: &Connection) -> Result<Shape, Error> {
    Shape::of(conn)?.with_migrations(conn)
}

/// Opens a file that a stranger made.
pub(crate) fn open<G>(path: &Path, goes_on: G) -> Result<Connection, Error>
where
    G: Fn() -> bool + Send + 'static,
{
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = Connection::open_with_flags(path, flags)?;
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.pragma_update(None, "cell_size_check", true)?;
    conn.pragma_update(None, "mmap_size", 0)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    // Half a file is thrown away; what is kept is synced when it is done.
    conn.pragma_update(None, "synchronous", "OFF")?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.progress_handler(LOOK_EVERY, Some(move || !goes_on()))?;
    Ok(conn)
}

/// Whether all pages of a file fit together.
pub(crate) fn pages(conn: &Connection) -> Result<(), Error> {
    let verdict: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" {
        return Ok(());
    }
    tracing::debug!(verdict, "a snapshot's file is damaged");
    Err(Error::Unfit("its pages do not fit together"))
}

/// Bytes at the end of each page that are not used, which SQLite tells in no other way.
fn reserved(path: &Path) -> io::Result<u8> {
    let mut head = [0; 21];
    fs::File::open(path)?.read_exact(&mut head)?;
    Ok(head[20])
}

/// Looks at a mirror, and gives the connection to it.
pub(super) fn mirror<G>(
    draft: &Draft,
    pk: IntegrationPk,
    shape: &Shape,
    goes_on: G,
) -> Result<Connection, Error>
where
    G: Fn() -> bool + Send + 'static,
{
    files::inspect(&draft.mirror).map_err(|_| Error::Unfit("it is no mirror"))?;
    if reserved(&draft.mirror).map_err(Error::Draft)? != 0 {
        return Err(Error::Unfit("its pages are built in another way"));
    }
    let mut conn = open(&draft.mirror, goes_on)?;
    if Shape::of(&conn)?.schema != shape.schema {
        return Err(Error::Unfit("its tables are others"));
    }
    if own_shape(&conn)? != *shape {
        return Err(Error::Unfit("it is built in another way"));
    }
    pages(&conn)?;
    content(&conn, pk, draft)?;
    conn.progress_handler(0, None::<fn() -> bool>)?;
    Ok(conn)
}

/// Whether it is of the account and of the history that it is said to be, and of nothing else.
fn content(conn: &Connection, pk: IntegrationPk, draft: &Draft) -> Result<(), Error> {
    let is_of_one = conn.query_row(
        "SELECT count(*) = 1 AND max(pk) = ?1 AND max(remote_id) = ?2 AND max(removing) = 0 \
            AND max(generation) = 0 \
         FROM integrations",
        (pk, draft.integration),
        |row| row.get::<_, Option<bool>>(0),
    )?;
    if is_of_one != Some(true) {
        return Err(Error::Unfit("it is another account's"));
    }
    let states = cursor::states(conn, pk)?;
    if states.epoch != draft.epoch {
        return Err(Error::Unfit("it is of another history"));
    }
    let agrees = |stream| {
        let cursor = draft.cursors.get(&stream).copied().unwrap_or_default();
        states.of(stream).last_seq == cursor
    };
    if !Stream::ALL.into_iter().all(agrees) {
        return Err(Error::Unfit("its cursors are others"));
    }
    for table in OWNED {
        let strangers = format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE integration_pk <> ?1)");
        if conn.query_row(&strangers, [pk], |row| row.get(0))? {
            return Err(Error::Unfit("it has rows of another account"));
        }
    }
    Ok(())
}
