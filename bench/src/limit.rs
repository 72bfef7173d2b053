//! What SQLite can do at most with the same rows: no network, no parsing, no lookups; one prepared
//! insert in one transaction, then the reading index, then the checkpoint.

use std::path::PathBuf;

use anyhow::ensure;
use clap::Args;
use rusqlite::{Connection, OpenFlags, params_from_iter, types::Value};
use serde::Serialize;

use crate::meter::{Meter, Used};

/// Insert the message rows of a finished mirror into an empty file of the same shape.
#[derive(Args)]
pub struct Limit {
    #[arg(long)]
    from: PathBuf,
    #[arg(long)]
    to: PathBuf,
}

/// What the insert took.
#[derive(Debug, Serialize)]
pub struct Inserted {
    #[serde(flatten)]
    used: Used,
    rows: usize,
}

impl Limit {
    pub fn run(self) -> anyhow::Result<Inserted> {
        ensure!(!self.to.exists(), "{} is there already", self.to.display());
        let source = Connection::open_with_flags(&self.from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let Shape { table, indices } = Shape::of(&source)?;
        let rows = rows(&source)?;
        let columns = rows.first().map_or(0, Vec::len);

        let meter = Meter::start();
        let mut conn = Connection::open(&self.to)?;
        conn.pragma_update(None, "journal_mode", "WAL")?;
        conn.pragma_update(None, "synchronous", "FULL")?;
        conn.pragma_update(None, "foreign_keys", "OFF")?;
        let tx = conn.transaction()?;
        tx.execute_batch(&table)?;
        let places = vec!["?"; columns].join(", ");
        let mut insert = tx.prepare(&format!("INSERT INTO messages VALUES ({places})"))?;
        for row in &rows {
            insert.execute(params_from_iter(row))?;
        }
        drop(insert);
        for index in indices {
            tx.execute_batch(&index)?;
        }
        tx.commit()?;
        conn.pragma_update(None, "wal_checkpoint", "TRUNCATE")?;
        conn.close().map_err(|(_, error)| error)?;
        Ok(Inserted {
            used: meter.read(),
            rows: rows.len(),
        })
    }
}

/// Index the texts of a finished mirror with FTS5 alone, set up for speed.
#[derive(Args)]
pub struct LimitIndex {
    #[arg(long)]
    from: PathBuf,
    #[arg(long)]
    to: PathBuf,
}

impl LimitIndex {
    pub fn run(self) -> anyhow::Result<Inserted> {
        ensure!(!self.to.exists(), "{} is there already", self.to.display());
        let source = Connection::open_with_flags(&self.from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let texts: Vec<(i64, String)> = source
            .prepare("SELECT pk, content FROM messages ORDER BY pk")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;

        let meter = Meter::start();
        let mut conn = Connection::open(&self.to)?;
        conn.pragma_update(None, "journal_mode", "WAL")?;
        conn.pragma_update(None, "synchronous", "FULL")?;
        let tx = conn.transaction()?;
        tx.execute_batch(
            "CREATE VIRTUAL TABLE words USING fts5 (
                body, content = '', contentless_delete = 1,
                tokenize = 'unicode61 remove_diacritics 2'
             );
             INSERT INTO words (words, rank) VALUES ('automerge', 0);
             INSERT INTO words (words, rank) VALUES ('crisismerge', 64);
             INSERT INTO words (words, rank) VALUES ('hashsize', 67108864);",
        )?;
        let mut insert = tx.prepare("INSERT INTO words (rowid, body) VALUES (?1, ?2)")?;
        for (pk, text) in &texts {
            insert.execute((pk, text))?;
        }
        drop(insert);
        tx.commit()?;
        conn.pragma_update(None, "wal_checkpoint", "TRUNCATE")?;
        conn.close().map_err(|(_, error)| error)?;
        Ok(Inserted {
            used: meter.read(),
            rows: texts.len(),
        })
    }
}

/// How the table of messages is made.
struct Shape {
    table: String,
    indices: Vec<String>,
}

impl Shape {
    fn of(conn: &Connection) -> rusqlite::Result<Self> {
        let of = "SELECT sql FROM sqlite_schema WHERE tbl_name = 'messages' AND sql IS NOT NULL";
        Ok(Self {
            table: conn.query_row(&format!("{of} AND type = 'table'"), [], |row| row.get(0))?,
            indices: conn
                .prepare(&format!("{of} AND type = 'index'"))?
                .query_map([], |row| row.get(0))?
                .collect::<Result<_, _>>()?,
        })
    }
}

/// Every row with every column, whatever they are: this must follow the mirror's shape by itself.
fn rows(conn: &Connection) -> rusqlite::Result<Vec<Vec<Value>>> {
    let mut all = conn.prepare("SELECT * FROM messages ORDER BY rowid")?;
    let columns = all.column_count();
    all.query_map([], |row| {
        (0..columns).map(|column| row.get(column)).collect()
    })?
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_has_the_same_rows_and_indices() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("a.db"), folder.path().join("b.db"));
        let source = Connection::open(&from).unwrap();
        source
            .execute_batch(
                "CREATE TABLE messages (pk INTEGER PRIMARY KEY, id BLOB, content TEXT) STRICT;
                 CREATE INDEX by_content ON messages (content);
                 INSERT INTO messages (pk, id, content) VALUES (3, x'01', 'a'), (7, NULL, 'b');",
            )
            .unwrap();
        let limit = Limit {
            from,
            to: to.clone(),
        };
        assert_eq!(limit.run().unwrap().rows, 2);
        let copy = Connection::open(to).unwrap();
        assert_eq!(rows(&copy).unwrap(), rows(&source).unwrap());
        assert_eq!(Shape::of(&copy).unwrap().indices.len(), 1);
    }
}
