//! Whether a mirror holds what its server holds: row by row, and in its own counters.

use std::{collections::BTreeMap, path::Path};

use rusqlite::{Connection, OpenFlags};

/// Rows by stream: (id, seq), and for messages the text.
pub type Digest = BTreeMap<&'static str, Vec<(Vec<u8>, i64, String)>>;

const STREAMS: [&str; 6] = [
    "conversations",
    "messages",
    "contacts",
    "participants",
    "media",
    "receipts",
];

/// What the server holds of an account.
pub fn server_digest(file: &Path, integration: i64) -> Digest {
    digest(file, "integration_id", integration)
}

/// What the mirror holds of an account, after a look at its own bookkeeping: counters equal the rows,
/// and no cursor is ahead of them.
pub fn mirror_digest(file: &Path, integration: i64) -> Digest {
    let rows = digest(file, "integration_pk", integration);
    let conn = open(file);
    for stream in STREAMS {
        let (counted, cursor): (i64, i64) = conn
            .query_row(
                "SELECT row_count, last_seq FROM sync_state WHERE integration_pk = ?1 AND stream = ?2",
                (integration, stream),
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .expect("every stream has a state");
        assert_eq!(
            counted,
            rows[stream].len() as i64,
            "the counter of {stream} says what is there"
        );
        let newest = rows[stream].iter().map(|row| row.1).max().unwrap_or(0);
        assert!(
            newest <= cursor,
            "no row of {stream} came without its cursor: {newest} > {cursor}"
        );
    }
    let wrong: i64 = conn
        .query_row(
            "SELECT count(*) FROM conversations AS c WHERE message_count <>
               (SELECT count(*) FROM messages AS m WHERE m.conversation_pk = c.pk)",
            (),
            |row| row.get(0),
        )
        .expect("the counters can be compared");
    assert_eq!(wrong, 0, "every chat's counter says what is there");
    rows
}

fn digest(file: &Path, owner: &str, integration: i64) -> Digest {
    let conn = open(file);
    let mut digest = Digest::new();
    for stream in STREAMS {
        let text = if stream == "messages" {
            "content"
        } else {
            "''"
        };
        let sql = format!(
            "SELECT id, seq, {text} FROM {stream} WHERE {owner} = ?1 AND seq > 0 ORDER BY id"
        );
        let mut rows = conn.prepare(&sql).expect("the table is there");
        let rows = rows.query_map([integration], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        });
        let rows = rows
            .expect("the table can be read")
            .collect::<Result<_, _>>();
        digest.insert(stream, rows.expect("every row can be read"));
    }
    digest
}

fn open(file: &Path) -> Connection {
    Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the file opens")
}
