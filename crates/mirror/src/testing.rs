//! What the tests share: a mirror in a folder of its own, rows to fill it, a dump to compare.

use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;
use threadkeep_protocol::{Id, Integration, Row, Seq};

use crate::{Applied, Batch, IntegrationPk, Mirror, NewIntegration, Rows};

/// A mirror with one account, in a folder that goes with it.
pub(crate) struct Scene {
    pub(crate) mirror: Mirror,
    pub(crate) account: IntegrationPk,
    pub(crate) folder: TempDir,
}

impl Scene {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mirror = Mirror::open(&folder.path().join("mirror.db")).unwrap();
        let account = mirror
            .put_integration(account("embedded", 1))
            .await
            .unwrap();
        Self {
            mirror,
            account,
            folder,
        }
    }

    /// Applies rows beside the cursor.
    pub(crate) async fn put(&self, rows: Rows) -> Applied {
        self.put_at(rows, None, "e1").await
    }

    pub(crate) async fn put_at(&self, rows: Rows, cursor: Option<Seq>, epoch: &str) -> Applied {
        self.mirror
            .apply(self.account, batch(rows, cursor, epoch))
            .await
            .unwrap()
    }

    /// One number that a query gives.
    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        self.mirror
            .read(move |conn| Ok(conn.query_row(sql, [], |row| row.get(0))?))
            .await
            .unwrap()
    }

    pub(crate) async fn check_counters(&self) {
        let check = self.mirror.read(|conn| {
            check_counters(conn);
            Ok(())
        });
        check.await.unwrap();
    }

    pub(crate) async fn dump(&self) -> Value {
        self.mirror.read(|conn| Ok(dump(conn))).await.unwrap()
    }
}

pub(crate) fn account(server: &str, id: i64) -> NewIntegration {
    let integration: Integration = serde_json::from_value(json!({
        "id": id, "integration_type": "whatsapp", "display_name": "Mine", "connection": "connected",
    }))
    .unwrap();
    NewIntegration {
        server: server.to_owned(),
        integration,
    }
}

pub(crate) fn batch(rows: Rows, cursor: Option<Seq>, epoch: &str) -> Batch {
    Batch {
        rows,
        cursor,
        epoch: epoch.to_owned(),
        at: 1_700_000_000_000,
    }
}

/// An id that ascends with its number.
pub(crate) fn id(number: u64) -> Id {
    Id::from_u128(0x0192_d1e0_0000_7000_8000_0000_0000_0000 + u128::from(number))
}

/// A row as the wire brings it: `base` with `changes` over it.
pub(crate) fn row<R: Row>(base: Value, changes: Value) -> R {
    let (Value::Object(mut base), Value::Object(changes)) = (base, changes) else {
        panic!("rows are objects");
    };
    base.extend(changes);
    serde_json::from_value(Value::Object(base)).unwrap()
}

pub(crate) fn conversation(
    number: u64,
    seq: Seq,
    changes: Value,
) -> threadkeep_protocol::Conversation {
    let base = json!({
        "id": id(number), "seq": seq,
        "external_conversation_id": format!("49{number}@s.whatsapp.net"),
    });
    row(base, changes)
}

pub(crate) fn message(
    number: u64,
    chat: u64,
    seq: Seq,
    changes: Value,
) -> threadkeep_protocol::Message {
    let base = json!({
        "id": id(number), "seq": seq, "conversation_id": id(chat),
        "external_message_id": format!("EXT{number}"), "message_type": "text",
        "content": format!("text {number}"),
        "timestamp": threadkeep_protocol::Timestamp::from_seconds(1_600_000_000 + i64::try_from(number).unwrap()),
    });
    row(base, changes)
}

pub(crate) fn contact(
    number: u64,
    seq: Seq,
    jid: &str,
    changes: Value,
) -> threadkeep_protocol::Contact {
    let base = json!({ "id": id(number), "seq": seq, "external_contact_id": jid });
    row(base, changes)
}

/// All that a mirror holds, in names of the server and in an order that does not depend on arrival.
/// Cursors and the times of pulls are left out.
pub(crate) fn dump(conn: &Connection) -> Value {
    let tables = [
        (
            "conversations",
            "SELECT hex(c.id), c.generation, c.seq, a.jid, c.kind, c.name, c.description, c.flags, \
                c.pinned, c.unread_count, c.total_message_count, c.last_message_at, \
                c.last_message_preview, hex(c.merged_into), c.metadata, c.message_count, c.last_at, \
                c.hidden, c.unread_shown \
             FROM conversations AS c LEFT JOIN addresses AS a ON a.pk = c.address_pk ORDER BY 1",
        ),
        (
            "messages",
            "SELECT hex(m.id), m.generation, m.seq, hex(c.id), m.timestamp, a.jid, m.kind, m.flags, \
                m.status, m.source, m.edited_at, m.deleted_at, m.external_id, m.content, m.reply_to, \
                m.reply_preview, m.reactions, m.edits, m.metadata \
             FROM messages AS m JOIN conversations AS c ON c.pk = m.conversation_pk \
                LEFT JOIN addresses AS a ON a.pk = m.sender_pk ORDER BY 1",
        ),
        (
            "contacts",
            "SELECT hex(c.id), c.generation, c.seq, a.jid, l.jid, c.display_name, c.push_name, \
                c.phone_number, c.flags, hex(c.merged_into) \
             FROM contacts AS c JOIN addresses AS a ON a.pk = c.address_pk \
                LEFT JOIN addresses AS l ON l.pk = c.lid_pk ORDER BY 1",
        ),
        (
            "addresses",
            "SELECT a.jid, hex(k.id), a.name FROM addresses AS a \
             LEFT JOIN contacts AS k ON k.pk = a.contact_pk ORDER BY 1",
        ),
        (
            "participants",
            "SELECT hex(p.id), p.generation, p.seq, hex(c.id), a.jid, p.role, p.joined_at, p.left_at \
             FROM participants AS p JOIN conversations AS c ON c.pk = p.conversation_pk \
                JOIN addresses AS a ON a.pk = p.address_pk ORDER BY 1",
        ),
        (
            "media",
            "SELECT hex(x.id), x.generation, x.seq, hex(m.id), hex(x.message_id), x.file_name, \
                x.file_size, x.sha256 \
             FROM media AS x LEFT JOIN messages AS m ON m.pk = x.message_pk ORDER BY 1",
        ),
        (
            "receipts",
            "SELECT hex(r.id), r.generation, r.seq, hex(m.id), hex(r.message_id), a.jid, \
                r.delivered_at, r.read_at, r.played_at \
             FROM receipts AS r LEFT JOIN messages AS m ON m.pk = r.message_pk \
                JOIN addresses AS a ON a.pk = r.address_pk ORDER BY 1",
        ),
        (
            "counters",
            "SELECT s.stream, s.row_count, i.unread FROM sync_state AS s \
             JOIN integrations AS i ON i.pk = s.integration_pk ORDER BY i.pk, 1",
        ),
    ];
    let mut all = serde_json::Map::new();
    for (name, sql) in tables {
        let mut select = conn.prepare(sql).unwrap();
        let columns = select.column_count();
        let rows = select
            .query_map([], |row| {
                (0..columns)
                    .map(|column| {
                        Ok(match row.get_ref(column)? {
                            rusqlite::types::ValueRef::Integer(number) => json!(number),
                            rusqlite::types::ValueRef::Text(text) => {
                                json!(String::from_utf8_lossy(text))
                            }
                            _ => Value::Null,
                        })
                    })
                    .collect::<rusqlite::Result<Vec<_>>>()
            })
            .unwrap()
            .collect::<rusqlite::Result<Vec<_>>>()
            .unwrap();
        all.insert(name.to_owned(), json!(rows));
    }
    Value::Object(all)
}

/// Compares every kept counter with what is counted.
pub(crate) fn check_counters(conn: &Connection) {
    let wrong: i64 = conn
        .query_row(
            "SELECT count(*) FROM conversations AS c WHERE c.message_count <> \
                (SELECT count(*) FROM messages AS m WHERE m.conversation_pk = c.pk)",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(wrong, 0, "a chat's counter is the number of its messages");
    for stream in threadkeep_protocol::Stream::ALL {
        let kept = "SELECT coalesce(sum(row_count), 0) FROM sync_state WHERE stream = ?1";
        let kept: i64 = conn
            .query_row(kept, [stream.name()], |row| row.get(0))
            .unwrap();
        let placeholders = if stream.name() == "conversations" {
            "WHERE seq >= 0"
        } else {
            ""
        };
        let counted = format!("SELECT count(*) FROM {} {placeholders}", stream.name());
        let counted: i64 = conn.query_row(&counted, [], |row| row.get(0)).unwrap();
        assert_eq!(
            kept, counted,
            "the counter of {stream} is the number of its rows"
        );
    }
    let (kept, counted): (i64, i64) = conn
        .query_row(
            "SELECT (SELECT coalesce(sum(unread), 0) FROM integrations), \
                (SELECT coalesce(sum(max(unread_count, 0)), 0) FROM conversations WHERE hidden = 0)",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!(
        kept, counted,
        "unread totals are the sum over the chats that are shown"
    );
}
