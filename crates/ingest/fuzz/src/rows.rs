//! Databases whose tables are whole and whose values are anything.
//!
//! Bytes of a database file that were changed mostly end inside SQLite, as damage. The readers see strange values only
//! where the file itself is sound, so here the bytes say which values stand in which row.

use std::{fs, sync::OnceLock};

use rusqlite::{Connection, types::Value};
use tempfile::TempDir;

/// More rows than this say nothing new.
const MAX_ROWS: usize = 64;

/// The tables of an app.
pub(super) struct Schema {
    statements: &'static [&'static str],
    made: OnceLock<Made>,
}

/// An empty database, and its tables with how many columns each has.
struct Made {
    folder: TempDir,
    bytes: Vec<u8>,
    inserts: Vec<(String, usize)>,
}

pub(super) static ANDROID: Schema = Schema::of(&[
    include_str!("../../src/whatsapp_android/tests/schema/old.sql"),
    include_str!("../../src/whatsapp_android/tests/schema/new.sql"),
    include_str!("../../src/whatsapp_android/tests/schema/people.sql"),
    include_str!("../../src/whatsapp_android/tests/schema/names.sql"),
]);

pub(super) static IOS: Schema =
    Schema::of(&[include_str!("../../src/whatsapp_ios/tests/schema.sql")]);

/// What stands in such databases, and what tells rows of one table from another's.
const WORDS: [&str; 16] = [
    "",
    "4915550001@s.whatsapp.net",
    "4915550002@s.whatsapp.net",
    "120363000000000001@g.us",
    "100000000000002@lid",
    "status@broadcast",
    "4915550001.0:7@s.whatsapp.net",
    "Media/WhatsApp Images/IMG-20200101-WA0001.jpg",
    "image/jpeg",
    "BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nTEL;waid=4915550001:+49 1555 0001\nEND:VCARD",
    "3A0001",
    "Hello @4915550001, look: https://example.org/",
    "\u{1f44d}",
    "n0tbase64/==",
    "s.whatsapp.net",
    "g.us",
];

impl Schema {
    const fn of(statements: &'static [&'static str]) -> Self {
        Self {
            statements,
            made: OnceLock::new(),
        }
    }

    /// A database without a message.
    pub(super) fn empty(&self) -> Vec<u8> {
        self.made().bytes.clone()
    }

    /// A database with rows that the bytes say.
    pub(super) fn with(&self, bytes: &[u8]) -> Vec<u8> {
        let made = self.made();
        let path = made.folder.path().join("filled.db");
        fs::write(&path, &made.bytes).expect("a file can be written");
        let connection = Connection::open(&path).expect("a database can be opened");
        connection
            .execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;")
            .expect("a transaction begins");
        let mut bytes = bytes.iter().copied();
        for _ in 0..MAX_ROWS {
            let Some(table) = bytes.next() else { break };
            let (insert, columns) = &made.inserts[usize::from(table) % made.inserts.len()];
            let values: Vec<Value> = (0..*columns).map(|_| value(&mut bytes)).collect();
            let mut statement = connection
                .prepare_cached(insert)
                .expect("the table is there");
            // What breaks a rule of the table is left out; a phone could not have written it either.
            let _ = statement.execute(rusqlite::params_from_iter(values));
        }
        connection
            .execute_batch("COMMIT")
            .expect("a transaction ends");
        drop(connection);
        fs::read(&path).expect("a file can be read")
    }

    fn made(&self) -> &Made {
        self.made.get_or_init(|| {
            let folder = TempDir::new().expect("a folder can be made");
            let path = folder.path().join("empty.db");
            let connection = Connection::open(&path).expect("a database can be made");
            connection
                .execute_batch("PRAGMA page_size = 512; PRAGMA journal_mode = OFF;")
                .expect("small pages are possible");
            for statements in self.statements {
                connection
                    .execute_batch(statements)
                    .expect("the schema is right");
            }
            let inserts = inserts(&connection).expect("a schema can be read");
            drop(connection);
            let bytes = fs::read(&path).expect("a file can be read");
            Made {
                folder,
                bytes,
                inserts,
            }
        })
    }
}

fn inserts(connection: &Connection) -> rusqlite::Result<Vec<(String, usize)>> {
    let mut tables = connection.prepare(
        "SELECT one.name, (SELECT count(*) FROM pragma_table_info(one.name)) FROM sqlite_schema AS one
         WHERE one.type = 'table' AND one.name NOT LIKE 'sqlite%' ORDER BY one.name",
    )?;
    let tables = tables.query_map([], |row| {
        let (name, columns) = (row.get::<_, String>(0)?, row.get::<_, u32>(1)? as usize);
        let places = vec!["?"; columns].join(", ");
        Ok((
            format!("INSERT OR REPLACE INTO {name} VALUES ({places})"),
            columns,
        ))
    })?;
    tables.collect()
}

/// A value of any type. Small numbers are the most frequent: they are rows, kinds and flags.
fn value(bytes: &mut impl Iterator<Item = u8>) -> Value {
    let Some(kind) = bytes.next() else {
        return Value::Null;
    };
    let mut number = || -> [u8; 8] { std::array::from_fn(|_| bytes.next().unwrap_or_default()) };
    match kind {
        0..=31 => Value::Null,
        32..=159 => Value::Integer(i64::from(kind) - 33),
        160..=191 => Value::Text(WORDS[usize::from(kind) % WORDS.len()].to_owned()),
        192..=199 => Value::Integer(i64::from_le_bytes(number())),
        200..=207 => Value::Real(f64::from_le_bytes(number())),
        208..=215 => Value::Integer(1_600_000_000_000 + i64::from(kind) * 1_000),
        216..=223 => Value::Real(6.0e8 + f64::from(kind) / 8.0),
        224..=239 => Value::Blob(bytes.by_ref().take(usize::from(kind) - 220).collect()),
        240..=247 => {
            let text: Vec<u8> = bytes.by_ref().take(usize::from(kind) - 235).collect();
            Value::Text(String::from_utf8_lossy(&text).into_owned())
        }
        // What takes the whole of a field: a metadata of protobuf, a text.
        248..=255 => {
            let length = usize::from(bytes.next().unwrap_or_default());
            Value::Blob(bytes.by_ref().take(length).collect())
        }
    }
}
