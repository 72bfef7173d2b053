//! Rows in one form, whichever side they are read from, and the law that holds between the two sides:
//! a mirror is the server at the cursor.

use std::{collections::BTreeMap, path::Path};

use rusqlite::{Connection, OpenFlags, types::ValueRef};
use serde::Serialize;
use serde_json::{Map, Value, json};
use threadkeep_protocol::{
    Contact, Conversation, ConversationKind, DeliveryStatus, IntegrationId, Media, Message,
    MessageKind, Participant, Receipt, Role, Row, Stream, SyncSource, Timestamp,
};
use threadkeep_server_store::{Store, StoredRow};

/// Rows by stream and id, without what says nothing: nulls, empty texts, zeros.
pub type Rows = BTreeMap<Stream, BTreeMap<String, Value>>;

/// What a mirror holds of one account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Held {
    /// The rows of the server's present history.
    pub rows: Rows,
    /// Those of earlier ones.
    pub kept: Rows,
    /// Where each stream's pull stands.
    pub cursors: BTreeMap<Stream, i64>,
}

/// Every row that the server has of an account.
pub async fn server_rows(store: &Store, account: IntegrationId) -> Rows {
    BTreeMap::from([
        (
            Stream::Conversations,
            stream::<Conversation>(store, account).await,
        ),
        (Stream::Messages, stream::<Message>(store, account).await),
        (Stream::Contacts, stream::<Contact>(store, account).await),
        (
            Stream::Participants,
            stream::<Participant>(store, account).await,
        ),
        (Stream::Media, stream::<Media>(store, account).await),
        (Stream::Receipts, stream::<Receipt>(store, account).await),
    ])
}

async fn stream<R: StoredRow + Row + Serialize>(
    store: &Store,
    account: IntegrationId,
) -> BTreeMap<String, Value> {
    let page = store.page::<R>(account, 0, 1_000_000).await;
    let page = page.expect("the store can be read");
    assert!(!page.has_more, "a test's rows fit into one page");
    let rows = page.rows.iter().map(|row| {
        let value = serde_json::to_value(row).expect("a row is JSON");
        (row.id().simple().to_string(), plain(value))
    });
    rows.collect()
}

/// What the mirror keeps none of: the server's bookkeeping, and what stands elsewhere in it.
const LEFT_OUT: [&str; 8] = [
    "id",
    "created_at",
    "updated_at",
    "user_integration_id",
    "integration_type",
    "contact_id",
    "sender_display_name",
    "generation",
];

fn plain(row: Value) -> Value {
    let Value::Object(row) = row else {
        panic!("rows are objects");
    };
    let fields = row
        .into_iter()
        .filter(|(name, _)| !LEFT_OUT.contains(&name.as_str()))
        .map(|(name, value)| {
            let value = field(&name, value);
            (name, value)
        })
        .filter(|(_, value)| !says_nothing(value));
    Value::Object(fields.collect())
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number.as_i64() == Some(0),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) => false,
    }
}

/// Kinds by their number, flags as numbers, times as the wire writes them, ids without dashes.
fn field(name: &str, value: Value) -> Value {
    fn place<T: Serialize>(all: &[T], value: &Value) -> Value {
        let place = all.iter().position(|one| json!(one) == *value);
        json!(place.unwrap_or_else(|| panic!("{value} is one of the known ones")))
    }
    let is_text = value.is_string();
    match name {
        "message_type" if is_text => place(&MessageKind::ALL, &value),
        "sync_source" if is_text => place(&SyncSource::ALL, &value),
        "delivery_status" if is_text => {
            json!(place(&DeliveryStatus::ALL, &value).as_i64().unwrap_or(0) + 1)
        }
        "conversation_type" if is_text => {
            use ConversationKind::{Broadcast, Channel, Direct, Group};
            place(&[Direct, Group, Broadcast, Channel], &value)
        }
        "role" if is_text => place(&[Role::Member, Role::Admin, Role::Owner], &value),
        "reactions" | "edits" | "platform_metadata" if is_text => {
            serde_json::from_str(value.as_str().unwrap_or_default()).unwrap_or(Value::Null)
        }
        "conversation_id" | "message_id" | "merged_into" if is_text => {
            json!(value.as_str().unwrap_or_default().replace('-', ""))
        }
        name if name.ends_with("_at")
            || matches!(name, "timestamp" | "mute_until" | "last_seen") =>
        {
            match value.as_i64() {
                Some(0) | None => value,
                Some(millis) => json!(Timestamp::from_millis(millis)),
            }
        }
        _ => match value {
            Value::Bool(flag) => json!(i64::from(flag)),
            value => value,
        },
    }
}

/// The columns of each table in the protocol's names. Those that a caller must know come first: id,
/// generation, seq.
const TABLES: [(Stream, &str); 6] = [
    (
        Stream::Conversations,
        "SELECT lower(hex(c.id)) AS id, c.generation, c.seq, a.jid AS external_conversation_id, \
            c.kind AS conversation_type, c.name, c.description, c.avatar_url, \
            (c.flags & 1) <> 0 AS is_archived, (c.flags & 2) <> 0 AS is_muted, \
            (c.flags & 4) <> 0 AS history_complete, (c.flags & 8) <> 0 AS is_deleted, \
            c.pinned AS is_pinned, c.mute_until, c.unread_count, c.total_message_count, \
            c.last_message_at, c.last_message_preview, c.last_activity_at, c.oldest_message_at, \
            lower(hex(c.merged_into)) AS merged_into, c.deleted_at, c.metadata AS platform_metadata \
         FROM conversations AS c LEFT JOIN addresses AS a ON a.pk = c.address_pk \
         WHERE c.integration_pk = ?1 AND c.seq >= 0",
    ),
    (
        Stream::Messages,
        "SELECT lower(hex(m.id)) AS id, m.generation, m.seq, lower(hex(c.id)) AS conversation_id, \
            m.external_id AS external_message_id, \
            iif(m.external_id LIKE 'txt:%' AND a.jid LIKE 'name:%', NULL, a.jid) AS sender_external_id, \
            m.kind AS message_type, m.content, m.timestamp, m.edited_at, \
            (m.flags & 1) <> 0 AS is_from_me, (m.flags & 2) <> 0 AS is_forwarded, \
            (m.flags & 4) <> 0 AS is_starred, (m.flags & 8) <> 0 AS is_deleted, m.deleted_at, \
            m.reply_to AS reply_to_external_id, m.reply_preview AS reply_to_preview, \
            m.status AS delivery_status, m.reactions, m.edits, m.source AS sync_source, \
            m.metadata AS platform_metadata \
         FROM messages AS m JOIN conversations AS c ON c.pk = m.conversation_pk \
            LEFT JOIN addresses AS a ON a.pk = m.sender_pk WHERE m.integration_pk = ?1",
    ),
    (
        Stream::Contacts,
        "SELECT lower(hex(c.id)) AS id, c.generation, c.seq, a.jid AS external_contact_id, l.jid AS lid, \
            c.display_name, c.first_name, c.last_name, c.push_name, c.phone_number, c.username, \
            c.avatar_url, c.about, (c.flags & 1) <> 0 AS is_blocked, \
            (c.flags & 2) <> 0 AS is_favorite, (c.flags & 4) <> 0 AS is_business, c.last_seen, \
            lower(hex(c.merged_into)) AS merged_into, c.metadata AS platform_metadata \
         FROM contacts AS c JOIN addresses AS a ON a.pk = c.address_pk \
            LEFT JOIN addresses AS l ON l.pk = c.lid_pk WHERE c.integration_pk = ?1",
    ),
    (
        Stream::Participants,
        "SELECT lower(hex(p.id)) AS id, p.generation, p.seq, lower(hex(c.id)) AS conversation_id, \
            a.jid AS external_participant_id, p.role, p.joined_at, p.left_at, \
            p.metadata AS platform_metadata \
         FROM participants AS p JOIN conversations AS c ON c.pk = p.conversation_pk \
            JOIN addresses AS a ON a.pk = p.address_pk WHERE p.integration_pk = ?1",
    ),
    (
        Stream::Media,
        "SELECT lower(hex(x.id)) AS id, x.generation, x.seq, \
            lower(hex(coalesce(m.id, x.message_id))) AS message_id, x.media_type, x.mime_type, \
            x.file_name, x.file_size, x.sha256, x.width, x.height, x.duration, x.has_content, \
            x.thumbnail, x.metadata AS platform_metadata \
         FROM media AS x LEFT JOIN messages AS m ON m.pk = x.message_pk WHERE x.integration_pk = ?1",
    ),
    (
        Stream::Receipts,
        "SELECT lower(hex(r.id)) AS id, r.generation, r.seq, \
            lower(hex(coalesce(m.id, r.message_id))) AS message_id, \
            a.jid AS participant_external_id, r.delivered_at, r.read_at, r.played_at, \
            r.metadata AS platform_metadata \
         FROM receipts AS r LEFT JOIN messages AS m ON m.pk = r.message_pk \
            JOIN addresses AS a ON a.pk = r.address_pk WHERE r.integration_pk = ?1",
    ),
];

/// What a mirror's file holds of an account.
pub fn held_rows(file: &Path, account: i64) -> Held {
    let conn = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .expect("the mirror's file opens");
    let generation: i64 = conn
        .query_row(
            "SELECT generation FROM integrations WHERE pk = ?1",
            [account],
            |row| row.get(0),
        )
        .expect("the account is there");
    let mut held = Held::default();
    for (stream, sql) in TABLES {
        let (mut rows, mut kept) = (BTreeMap::new(), BTreeMap::new());
        let mut select = conn.prepare(sql).expect("the tables are there");
        let names: Vec<String> = select.column_names().map(str::to_owned).collect();
        let mut found = select.query([account]).expect("the rows can be read");
        while let Some(row) = found.next().expect("the rows can be read") {
            let fields: Map<String, Value> = names
                .iter()
                .enumerate()
                .map(|(at, name)| (name.clone(), column(row.get_ref(at).expect("a column"))))
                .collect();
            let id = fields["id"].as_str().expect("an id").to_owned();
            let is_now = fields["generation"].as_i64() == Some(generation);
            let into = if is_now { &mut rows } else { &mut kept };
            let twice = into.insert(id, plain(Value::Object(fields)));
            assert_eq!(twice, None, "a row of {stream} is there once");
        }
        held.rows.insert(stream, rows);
        held.kept.insert(stream, kept);
        let cursor = "SELECT last_seq FROM sync_state WHERE integration_pk = ?1 AND stream = ?2";
        let cursor = conn.query_row(cursor, (account, stream.name()), |row| row.get(0));
        held.cursors
            .insert(stream, cursor.expect("every stream has a state"));
    }
    held
}

fn column(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Integer(number) => json!(number),
        ValueRef::Text(text) => json!(String::from_utf8_lossy(text)),
        _ => Value::Null,
    }
}

fn seq(row: &Value) -> i64 {
    row["seq"].as_i64().expect("a row has a seq")
}

/// Every row of the server up to the cursor is in the mirror as it is there, and every row of the mirror
/// is the server's, or was, and has moved past the cursor since.
pub fn assert_at_cursor(server: &Rows, held: &Held, whose: &str) {
    for (stream, theirs) in server {
        let (cursor, ours) = (held.cursors[stream], &held.rows[stream]);
        for (id, row) in theirs.iter().filter(|(_, row)| seq(row) <= cursor) {
            assert_eq!(
                ours.get(id),
                Some(row),
                "{whose}: {stream} {id} as the server has it, up to {cursor}"
            );
        }
        for (id, row) in ours {
            let known = theirs.get(id).unwrap_or_else(|| {
                panic!("{whose}: {stream} {id} is a row that the server has: {row}")
            });
            assert!(
                seq(row) <= cursor,
                "{whose}: {stream} {id} came with its cursor"
            );
            assert!(
                seq(known) == seq(row) || seq(known) > cursor,
                "{whose}: {stream} {id} is the latest, or a later one is yet to come"
            );
        }
    }
}

/// The mirror has all that the server has, each row as it is there.
pub fn assert_same(server: &Rows, held: &Held, whose: &str) {
    assert_at_cursor(server, held, whose);
    for (stream, theirs) in server {
        let latest = theirs.values().map(seq).max().unwrap_or(0);
        assert!(
            held.cursors[stream] >= latest,
            "{whose} has pulled {stream} to the end"
        );
    }
}
