//! Archives as people have them, made up: one chat as WhatsApp exports it, or the database of a phone.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::PathBuf,
};

use clap::{Args, ValueEnum};
use rusqlite::{Connection, params};
use serde::Serialize;
use threadkeep_ingest::sample;
use threadkeep_protocol::{MessageRecord, Record};

/// Who exports.
pub const ME: &str = "Robin Example";

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    Txt,
    Msgstore,
}

/// Write an archive of made-up messages.
#[derive(Args)]
pub struct Archive {
    #[arg(long)]
    to: PathBuf,
    #[arg(long)]
    form: Form,
    #[arg(long)]
    messages: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What was written.
#[derive(Serialize)]
pub struct Written {
    messages: u64,
    bytes: u64,
}

impl Archive {
    pub fn run(self) -> anyhow::Result<Written> {
        let messages = sample::bulk(self.seed, self.messages).filter_map(|record| match record {
            Record::Message(message) => Some(*message),
            _ => None,
        });
        let messages = match self.form {
            Form::Txt => text(&self.to, messages)?,
            Form::Msgstore => database(&self.to, messages)?,
        };
        let bytes = std::fs::metadata(&self.to)?.len();
        Ok(Written { messages, bytes })
    }
}

/// All of them as one chat of two, as an Android phone writes it.
fn text(to: &PathBuf, messages: impl Iterator<Item = MessageRecord>) -> anyhow::Result<u64> {
    let mut file = BufWriter::new(File::create(to)?);
    let mut count = 0;
    for message in messages {
        let at = jiff::Timestamp::from_millisecond(message.timestamp.millis())?;
        let at = at.to_zoned(jiff::tz::TimeZone::UTC);
        let sender = if message.is_from_me { ME } else { "Ana Souza" };
        writeln!(
            file,
            "{} - {sender}: {}",
            at.strftime("%d/%m/%Y, %H:%M"),
            message.content
        )?;
        count += 1;
    }
    file.flush()?;
    Ok(count)
}

/// The tables of a phone of today that hold messages.
fn database(to: &PathBuf, messages: impl Iterator<Item = MessageRecord>) -> anyhow::Result<u64> {
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
        }
    }
    transaction.commit()?;
    Ok(count)
}
