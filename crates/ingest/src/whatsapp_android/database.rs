//! The app's databases, asked for the columns that are there.
//!
//! The schema differs between hundreds of releases of the app, so which tables and columns there are is looked up, and
//! a statement only names what is there.

use std::collections::HashMap;

use rusqlite::{Row, Statement};
use tempfile::TempDir;

use crate::{
    Entry, Input, ReadError,
    database::{self, Cells},
};

const WHAT: &str = "msgstore.db";

pub(super) struct Database {
    inner: database::Database,
    /// The columns of each table, in lower case.
    tables: HashMap<String, Vec<String>>,
}

/// What to read: the columns that are there, and NULL in the place of the others.
#[derive(Clone, Copy)]
pub(super) struct Query<'a> {
    /// Alias and table.
    pub(super) from: (&'a str, &'a str),
    /// Alias, table, its column, and the `alias.column` that this equals. A table that is missing is left out.
    pub(super) joins: &'a [(&'a str, &'a str, &'a str, &'a str)],
    /// `alias.column`.
    pub(super) columns: &'a [&'a str],
    /// What nothing can be read without.
    pub(super) needs: &'a [&'a str],
    /// Conditions and order, of columns that are needed.
    pub(super) rest: &'a str,
}

impl Database {
    /// Copies an entry, with the log that lies beside it, and opens the copy.
    pub(super) fn copy(input: &Input, entry: &Entry) -> Result<Self, ReadError> {
        let log = format!("{}-wal", entry.path);
        let log = input.entries().iter().find(|entry| entry.path == log);
        let log = log.map(|log| (input, log));
        Self::look(database::Database::open(input, entry, log, WHAT)?)
    }

    /// Opens what was written into a folder of ours.
    pub(super) fn of_copy(folder: TempDir, bytes: u64) -> Result<Self, ReadError> {
        Self::look(database::Database::of_copy(folder, false, bytes, WHAT)?)
    }

    /// Notes the tables and their columns.
    fn look(inner: database::Database) -> Result<Self, ReadError> {
        let names = || -> rusqlite::Result<Vec<String>> {
            let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' LIMIT 5000";
            let mut statement = inner.conn.prepare(sql)?;
            let mut rows = statement.query([])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.extend(text(row, 0));
            }
            Ok(found)
        };
        let mut tables = HashMap::new();
        for name in names().map_err(damaged)? {
            let mut columns = inner.columns(&name)?;
            for column in &mut columns {
                column.make_ascii_lowercase();
            }
            tables.insert(name.to_ascii_lowercase(), columns);
        }
        Ok(Self { inner, tables })
    }

    pub(super) fn has(&self, table: &str, column: &str) -> bool {
        let columns = self.tables.get(table);
        columns.is_some_and(|columns| columns.iter().any(|known| known == column))
    }

    /// The statement for a query; `None` where the database holds nothing of it.
    pub(super) fn prepare(&self, query: &Query<'_>) -> rusqlite::Result<Option<Statement<'_>>> {
        match self.sql(query) {
            Some(sql) => self.inner.conn.prepare(&sql).map(Some),
            None => Ok(None),
        }
    }

    fn sql(&self, query: &Query<'_>) -> Option<String> {
        let (alias, table) = query.from;
        let mut aliases = vec![(alias, table)];
        let mut joins = String::new();
        for (alias, table, own, other) in query.joins {
            if self.has(table, own) && self.knows(&aliases, other) {
                aliases.push((alias, table));
                joins += &format!(" LEFT JOIN {table} AS {alias} ON {alias}.{own} = {other}");
            }
        }
        let needs = query.needs.iter();
        if !needs.into_iter().all(|need| self.knows(&aliases, need)) {
            return None;
        }
        let columns: Vec<&str> = query
            .columns
            .iter()
            .map(|column| {
                if self.knows(&aliases, column) {
                    column
                } else {
                    "NULL"
                }
            })
            .collect();
        let columns = columns.join(", ");
        Some(format!(
            "SELECT {columns} FROM {table} AS {alias}{joins} {}",
            query.rest
        ))
    }

    fn knows(&self, aliases: &[(&str, &str)], column: &str) -> bool {
        let Some((alias, column)) = column.split_once('.') else {
            return false;
        };
        let table = aliases.iter().find(|(known, _)| *known == alias);
        table.is_some_and(|(_, table)| self.has(table, column))
    }

    /// How many rows a table has; 0 where there is none.
    pub(super) fn count(&self, table: &str) -> rusqlite::Result<u64> {
        if !self.tables.contains_key(table) {
            return Ok(0);
        }
        let sql = format!("SELECT COUNT(*) FROM {table}");
        let count: i64 = self.inner.conn.query_row(&sql, [], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }
}

/// A database that cannot be read on.
pub(super) const fn damaged(source: rusqlite::Error) -> ReadError {
    ReadError::Database { what: WHAT, source }
}

/// A number, in whatever form it was written.
pub(super) fn int(row: &Row<'_>, at: usize) -> Option<i64> {
    Cells(row).number(at)
}

/// A number above 0: the app writes 0 and -1 where it knows none.
pub(super) fn positive(row: &Row<'_>, at: usize) -> Option<i64> {
    int(row, at).filter(|number| *number > 0)
}

pub(super) fn real(row: &Row<'_>, at: usize) -> Option<f64> {
    Cells(row).real(at)
}

/// A text that is not empty.
pub(super) fn text(row: &Row<'_>, at: usize) -> Option<String> {
    Cells(row).text(at).map(std::borrow::Cow::into_owned)
}

/// Bytes, if there are any.
pub(super) fn blob(row: &Row<'_>, at: usize) -> Option<Vec<u8>> {
    let bytes = Cells(row).bytes(at);
    (!bytes.is_empty()).then(|| bytes.to_vec())
}
