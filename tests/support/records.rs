//! Short ways to say what happened, as a bridge would.

use serde_json::{Value, json};
use threadkeep_protocol::{Record, Timestamp};

/// The person whose phone it is.
pub const OWNER: &str = "491510000000@s.whatsapp.net";
/// Somebody to talk to.
pub const ANA: &str = "491511111111@s.whatsapp.net";
/// The same, as groups with hidden numbers know her.
pub const ANA_LID: &str = "100000000000001@lid";
/// Somebody else.
pub const BEN: &str = "491512222222@s.whatsapp.net";
/// A group of all of them.
pub const CLUB: &str = "120363020000000003@g.us";

/// So many seconds after a moment long ago.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_700_000_000 + seconds)
}

fn record(value: Value) -> Record {
    serde_json::from_value(value).expect("a record of the protocol")
}

/// A message with fields beside the usual ones. In a group it is Ben's.
pub fn message(chat: &str, id: &str, seconds: i64, fields: Value) -> Record {
    let sender = if chat.ends_with("@g.us") { BEN } else { chat };
    let mut message = json!({
        "type": "message",
        "external_conversation_id": chat,
        "external_message_id": id,
        "sender_external_id": sender,
        "message_type": "text",
        "content": format!("text of {id}"),
        "timestamp": at(seconds),
        "is_from_me": false,
        "sync_source": "realtime",
    });
    let fields = fields.as_object().expect("fields are an object");
    for (name, value) in fields {
        message[name] = value.clone();
    }
    record(message)
}

/// Somebody said something.
pub fn said(chat: &str, id: &str, seconds: i64) -> Record {
    message(chat, id, seconds, json!({}))
}

/// The owner said something.
pub fn own(chat: &str, id: &str, seconds: i64) -> Record {
    let own = json!({"sender_external_id": null, "is_from_me": true});
    message(chat, id, seconds, own)
}

/// A picture came.
pub fn picture(chat: &str, id: &str, seconds: i64) -> Record {
    let media = json!({"media_type": "image", "file_name": format!("{id}.jpg"), "file_size": 10});
    message(
        chat,
        id,
        seconds,
        json!({"message_type": "image", "media": media}),
    )
}

/// A text was replaced.
pub fn edited(chat: &str, id: &str, text: &str, seconds: i64) -> Record {
    record(json!({
        "type": "edit", "external_conversation_id": chat, "external_message_id": id,
        "content": text, "at": at(seconds),
    }))
}

/// A message was taken back.
pub fn revoked(chat: &str, id: &str, seconds: i64) -> Record {
    record(json!({
        "type": "revoke", "external_conversation_id": chat, "external_message_id": id,
        "at": at(seconds),
    }))
}

/// Somebody reacted.
pub fn reacted(chat: &str, id: &str, who: &str, emoji: &str, seconds: i64) -> Record {
    record(json!({
        "type": "reaction", "external_conversation_id": chat, "external_message_id": id,
        "sender_external_id": who, "emoji": emoji, "at": at(seconds),
    }))
}

/// Somebody got (`delivered_at`), read (`read_at`) or played (`played_at`) a message.
pub fn receipt(chat: &str, id: &str, who: &str, what: &str, seconds: i64) -> Record {
    record(json!({
        "type": "receipt", "external_conversation_id": chat, "external_message_id": id,
        "participant_external_id": who, what: at(seconds),
    }))
}

/// A message got so far.
pub fn status(chat: &str, id: &str, status: &str) -> Record {
    record(json!({
        "type": "status", "external_conversation_id": chat, "external_message_id": id,
        "delivery_status": status,
    }))
}

/// What is known of a chat.
pub fn chat(jid: &str, fields: Value) -> Record {
    let mut chat = json!({"type": "conversation", "external_conversation_id": jid});
    for (name, value) in fields.as_object().expect("fields are an object") {
        chat[name] = value.clone();
    }
    record(chat)
}

/// Somebody is in a group.
pub fn member(group: &str, who: &str) -> Record {
    record(json!({
        "type": "participant", "external_conversation_id": group, "external_participant_id": who,
    }))
}

/// What is known of a person.
pub fn contact(jid: &str, name: &str) -> Record {
    record(json!({"type": "contact", "external_contact_id": jid, "display_name": name}))
}

/// A hidden id and a phone address are one person.
pub fn same_person(lid: &str, phone: &str) -> Record {
    record(json!({"type": "address", "lid": lid, "phone": phone}))
}
