//! The database of a phone.

use std::path::Path;

use rusqlite::{Connection, params};
use threadkeep_protocol::MessageRecord;

/// The tables of a phone of today that hold messages.
pub(super) fn phone(
    to: &Path,
    messages: &mut dyn Iterator<Item = MessageRecord>,
    most: u64,
) -> anyhow::Result<u64> {
    let mut connection = Connection::open(to)?;
    connection.execute_batch(
        "CREATE TABLE jid (_id INTEGER PRIMARY KEY, user TEXT NOT NULL, server TEXT NOT NULL, agent INTEGER,
           device INTEGER, type INTEGER, raw_string TEXT UNIQUE);
         CREATE TABLE chat (_id INTEGER PRIMARY KEY, jid_row_id INTEGER UNIQUE, hidden INTEGER, subject TEXT,
           created_timestamp INTEGER, archived INTEGER, sort_timestamp INTEGER);
         CREATE TABLE message (_id INTEGER PRIMARY KEY AUTOINCREMENT, chat_row_id INTEGER NOT NULL,
           from_me INTEGER NOT NULL, key_id TEXT NOT NULL, sender_jid_row_id INTEGER, status INTEGER,
           timestamp INTEGER, received_timestamp INTEGER, message_type INTEGER, text_data TEXT, starred INTEGER,
           sort_id INTEGER NOT NULL DEFAULT 0);",
    )?;
    let transaction = connection.transaction()?;
    let mut count = 0;
    {
        let mut person = transaction.prepare(
            "INSERT OR IGNORE INTO jid (user, server, agent, device, type, raw_string)
             VALUES (?1, 's.whatsapp.net', 0, 0, 0, ?2)",
        )?;
        let mut chat = transaction.prepare(
            "INSERT OR IGNORE INTO chat (_id, jid_row_id, hidden, archived)
             SELECT _id, _id, 0, 0 FROM jid WHERE raw_string = ?1",
        )?;
        let mut said = transaction.prepare(
            "INSERT INTO message (chat_row_id, from_me, key_id, sender_jid_row_id, status, timestamp,
               received_timestamp, message_type, text_data, starred)
             SELECT _id, ?2, ?3, 0, ?4, ?5, ?5, 0, ?6, 0 FROM jid WHERE raw_string = ?1",
        )?;
        for message in messages {
            let address = &message.external_conversation_id;
            let user = address.split('@').next().unwrap_or_default();
            person.execute(params![user, address])?;
            chat.execute([address])?;
            let is_from_me = i64::from(message.is_from_me);
            said.execute(params![
                address,
                is_from_me,
                message.external_message_id,
                if message.is_from_me { 13 } else { 0 },
                message.timestamp.millis(),
                message.content,
            ])?;
            count += 1;
            // Looked at now and then: it takes a statement.
            if count % 10_000 == 0 && size(&transaction)? >= most {
                break;
            }
        }
    }
    transaction.commit()?;
    Ok(count)
}

fn size(connection: &Connection) -> anyhow::Result<u64> {
    let pages: u32 = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
    let bytes: u32 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
    Ok(u64::from(pages) * u64::from(bytes))
}
