use serde_json::{Value, json};
use threadkeep_protocol::{
    DeliveryStatus, ME, MessageKind, MessageRecord, Record, SyncSource, Timestamp,
};

use super::*;
use crate::{Translation, collected::seed};

mod bad_input;
mod chats_and_people;
mod content;
mod events_of_all_kinds;
mod keys;
mod old_stores;

const ANA: &str = "4915550001@s.whatsapp.net";
const ANA_LID: &str = "100000000000001@lid";
const GROUP: &str = "120363000000000001@g.us";

fn event(name: &str, data: &Value) -> Translation {
    let line = json!({"event": name, "data": data}).to_string();
    seed::keep_bytes("baileys_events", line.as_bytes());
    baileys_events(line.as_bytes()).unwrap()
}

/// The records of an event that holds no errors.
fn records(name: &str, data: &Value) -> Vec<Record> {
    let translation = event(name, data);
    assert_eq!(translation.errors, []);
    translation
        .records
        .into_iter()
        .map(|(_, record)| record)
        .collect()
}

/// A live message of Ana's with a content.
fn message(content: &Value) -> Value {
    json!({
        "key": {"remoteJid": ANA, "fromMe": false, "id": "A1"},
        "message": content,
        "messageTimestamp": 1_600_000_000,
    })
}

fn upsert(message: &Value) -> Value {
    json!({"messages": [message], "type": "notify"})
}

/// The one message record of a message that is told as one.
fn told(message: &Value) -> MessageRecord {
    let mut records = records("messages.upsert", &upsert(message));
    match (records.pop(), records.as_slice()) {
        (Some(Record::Message(record)), []) => *record,
        other => panic!("one message was to come, and not {other:?}"),
    }
}
