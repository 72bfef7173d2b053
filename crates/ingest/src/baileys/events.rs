//! The events of a socket, one `{"event", "data"}` a line.

use std::collections::HashSet;

use serde_json::Value;
use threadkeep_protocol::{HistoryAnswer, Record, SyncSource};

use super::{
    chat::{self, Telling},
    contact, group,
    key::person,
    message::{self, Around},
    update,
    value::{any, field, is, list, text},
};
use crate::{
    Format, Input, InputError, Options, ReadError, Receive, TranslateError, Translation, json,
    lines::{Lines, lines},
    texts,
    translation::Sink,
};

/// Reads the events of a Baileys socket, one `{"event", "data"}` a line.
///
/// # Errors
/// Never: each line stands for itself. The signature is the same for all translators.
pub fn baileys_events(bytes: &[u8]) -> Result<Translation, TranslateError> {
    let mut sink = Sink::default();
    for line in lines(bytes) {
        take(&mut sink, line);
    }
    Ok(sink.finish())
}

/// Whether the input holds events of a socket.
pub(crate) fn recognise(input: &Input) -> Result<bool, InputError> {
    Ok(!texts::of_format(input, Format::BaileysEvents)?.is_empty())
}

/// Reads the events of an input, a line at a time.
pub(crate) fn read(
    input: &Input,
    _options: &Options,
    receiver: &mut dyn Receive,
) -> Result<(), ReadError> {
    texts::read_each(input, Format::BaileysEvents, receiver, |reading, bytes| {
        let mut lines = Lines::new(bytes);
        while let Some(line) = lines.next()? {
            take(&mut reading.sink, line);
            reading.step(lines.at())?;
        }
        Ok(())
    })
}

fn take(sink: &mut Sink, (index, text): (usize, &[u8])) {
    sink.at(index);
    match json::parse(text) {
        Ok(line) => read_line(&line, sink),
        Err(reason) => sink.error(reason),
    }
}

fn read_line(line: &Value, sink: &mut Sink) {
    let Some(object) = line.as_object() else {
        return sink.error("it is no event: not an object");
    };
    match object.get("event") {
        Some(Value::String(name)) => read_event(name, line.get("data"), sink),
        Some(_) => sink.error("it is no event: its name is no text"),
        // `ev.process` hands out several events at once, by name.
        None if !object.is_empty() && object.keys().all(|name| name.contains('.')) => {
            for (name, data) in object {
                read_event(name, Some(data), sink);
            }
        }
        None => sink.error("it is no event: it has no field \"event\""),
    }
}

fn read_event(name: &str, data: Option<&Value>, sink: &mut Sink) {
    if is_bookkeeping(name) {
        return sink.skip();
    }
    let Some(data) = data.filter(|data| data.is_object() || data.is_array()) else {
        return sink.error("the event holds no data");
    };
    match name {
        "messaging-history.set" => history(data, sink),
        "messages.set" | "chats.set" | "contacts.set" => history(&in_fields(name, data), sink),
        "messages.upsert" => {
            let around = source(upsert_source(data));
            items(data, "messages", sink, |item, sink| {
                message::translate(item, around, sink);
                Ok(())
            });
        }
        "messages.update" => items(data, "messages", sink, update::message),
        "messages.reaction" => items(data, "reactions", sink, update::reaction),
        "message-receipt.update" => items(data, "receipts", sink, update::receipt),
        "chats.upsert" => items(data, "chats", sink, whole_chat),
        "chats.update" => items(data, "chats", sink, |item, sink| {
            chat::translate(item, None, Telling::Change, sink)
        }),
        "chats.delete" => items(data, "chats", sink, chat::deleted),
        "contacts.upsert" | "contacts.update" => items(data, "contacts", sink, one_contact),
        "groups.upsert" | "groups.update" => items(data, "groups", sink, group::translate),
        "group-participants.update" => one(data, sink, group::changed),
        "lid-mapping.update" => group::pairs(data, sink),
        "blocklist.set" | "blocklist.update" => {
            let is_blocked = text(data, "type") != Some("remove");
            items(data, "blocklist", sink, |item, sink| {
                contact::blocked(item, is_blocked, sink)
            });
        }
        other => sink.unknown(other),
    }
}

/// Events that say nothing about the history.
fn is_bookkeeping(name: &str) -> bool {
    const NAMES: [&str; 14] = [
        "call",
        "chats.lock",
        "connection.update",
        "creds.update",
        "group.join-request",
        "group.member-tag.update",
        "labels.association",
        "labels.edit",
        "message-capping.update",
        "messages.delete",
        "messages.media-update",
        "messaging-history.status",
        "presence.update",
        "settings.update",
    ];
    NAMES.contains(&name) || name.starts_with("newsletter")
}

/// The events before `messaging-history.set` held one list each, some of them bare.
fn in_fields(name: &str, data: &Value) -> Value {
    let field = name.trim_end_matches(".set");
    match data {
        Value::Array(_) => serde_json::json!({ field: data }),
        _ => data.clone(),
    }
}

fn history(data: &Value, sink: &mut Sink) {
    let is_answer = is(data, "syncType", ("ON_DEMAND", 6));
    if is_answer {
        answer(data, sink);
    }
    let source = source(if is_answer {
        SyncSource::Backfill
    } else {
        SyncSource::HistorySync
    });
    // Who is who comes first, so that the rest already finds it.
    for name in ["lidPnMappings", "phoneNumberToLidMappings"] {
        if let Some(pairs) = field(data, name) {
            group::pairs(pairs, sink);
        }
    }
    each(list(data, "contacts"), "a contact", sink, one_contact);
    each(list(data, "chats"), "a chat", sink, whole_chat);
    for item in list(data, "messages") {
        message::translate(item, source, sink);
    }
    chat_messages(data, source, sink);
    each(
        list(data, "pastParticipants"),
        "a group's past",
        sink,
        group::past,
    );
}

/// History on demand answers a question, which the phone names by the session that `fetchMessageHistory`
/// returned; without one the chat tells whose answer it is.
fn answer(data: &Value, sink: &mut Sink) {
    let chats = list(data, "chats");
    let of_chat = || text(chats.first()?, "id");
    let of_message = || text(field(list(data, "messages").first()?, "key")?, "remoteJid");
    let session = text(data, "peerDataRequestSessionId");
    let conversation = of_chat().or_else(of_message);
    if session.is_none() && conversation.is_none() {
        return;
    }
    sink.push(Record::HistoryResult(HistoryAnswer {
        session: session.map(str::to_owned),
        external_conversation_id: conversation.map(person),
        complete: chats.iter().any(chat::is_complete),
        ..HistoryAnswer::default()
    }));
}

/// Each chat of a history repeats its newest message; one that is not repeated is taken from there.
fn chat_messages(data: &Value, around: Around<'_>, sink: &mut Sink) {
    let key = |message: &Value| {
        let key = field(message, "key")?;
        Some((
            text(key, "remoteJid")?.to_owned(),
            text(key, "id")?.to_owned(),
        ))
    };
    let told: HashSet<_> = list(data, "messages").iter().filter_map(key).collect();
    for chat in list(data, "chats") {
        for wrapped in list(chat, "messages") {
            let inner = any(wrapped, &["message"]).filter(|inner| field(inner, "key").is_some());
            if let Some(inner) = inner
                && key(inner).is_none_or(|key| !told.contains(&key))
            {
                message::translate(inner, around, sink);
            }
        }
    }
}

fn source(source: SyncSource) -> Around<'static> {
    Around {
        source,
        ..Around::default()
    }
}

/// `notify` and `append` are live (`append`: from another device of one's own, or while offline); the
/// types of old versions are pages of a history.
fn upsert_source(data: &Value) -> SyncSource {
    match text(data, "type") {
        Some("prepend" | "last") => SyncSource::HistorySync,
        _ => SyncSource::Realtime,
    }
}

fn whole_chat(item: &Value, sink: &mut Sink) -> Result<(), &'static str> {
    chat::translate(item, None, Telling::Whole, sink)
}

fn one_contact(item: &Value, sink: &mut Sink) -> Result<(), &'static str> {
    contact::translate(item, None, sink)
}

/// What an event holds: a list, a list in a field, or one thing.
fn items(
    data: &Value,
    field_name: &str,
    sink: &mut Sink,
    read: impl FnMut(&Value, &mut Sink) -> Result<(), &'static str>,
) {
    let what = "a part of the event";
    match data {
        Value::Array(list) => each(list, what, sink, read),
        _ => match field(data, field_name).and_then(Value::as_array) {
            Some(list) => each(list, what, sink, read),
            None => each(std::slice::from_ref(data), what, sink, read),
        },
    }
}

fn one(
    data: &Value,
    sink: &mut Sink,
    read: impl FnMut(&Value, &mut Sink) -> Result<(), &'static str>,
) {
    match data {
        Value::Array(list) => each(list, "a part of the event", sink, read),
        _ => each(std::slice::from_ref(data), "the event", sink, read),
    }
}

fn each(
    list: &[Value],
    what: &str,
    sink: &mut Sink,
    mut read: impl FnMut(&Value, &mut Sink) -> Result<(), &'static str>,
) {
    for item in list {
        if let Err(reason) = read(item, sink) {
            sink.error(format!("{what} was left out: {reason}"));
        }
    }
}
