//! `WebMessageInfo`: one message with everything that hangs on it.

use serde_json::{Value, json};
use threadkeep_protocol::{
    DeliveryStatus, Edit, MessageKind, MessageReaction, MessageRecord, ReactionRecord,
    ReceiptTimes, Record, Revoke, SyncSource, Timestamp, preview,
};

use super::{
    body::{self, Body, Content, Edited},
    key::{Defaults, Key, person},
    stub::{self, Stub},
    value::{field, flag, is, list, millis, number, seconds, text},
};
use crate::translation::Sink;

/// What the surroundings of a message tell about it.
#[derive(Clone, Copy, Default)]
pub(super) struct Around<'a> {
    pub(super) source: SyncSource,
    /// The chat that the message is filed under.
    pub(super) conversation: Option<&'a str>,
    /// The id that the message is filed under.
    pub(super) id: Option<&'a str>,
}

/// Translates a message; what is wrong with it is told to the sink.
pub(super) fn translate(message: &Value, around: Around<'_>, sink: &mut Sink) {
    if let Err(reason) = try_translate(message, around, sink) {
        sink.error(format!("a message was left out: {reason}"));
    }
}

fn try_translate(message: &Value, around: Around<'_>, sink: &mut Sink) -> Result<(), &'static str> {
    let stub = stub::read(message);
    let mut key = field(message, "key").ok_or("it has no key")?.clone();
    // The store overwrites the key of a message that was taken back with the key of the news about it;
    // the id that it is filed under is still its own.
    if matches!(stub, Some(Stub::Revoked))
        && let (Some(key), Some(id)) = (key.as_object_mut(), around.id)
    {
        key.insert("id".to_owned(), json!(id));
    }
    let defaults = Defaults {
        conversation: around.conversation,
        id: around.id,
        participant: text(message, "participant"),
    };
    let key = Key::read_with(&key, &defaults, sink)?;
    let Some(inner) = field(message, "message").filter(|inner| inner.is_object()) else {
        stub_only(stub, message, key, around.source, sink);
        return Ok(());
    };
    match body::read(inner) {
        Body::Content(content) => {
            let edited = content.is_edited.then(|| time(message));
            let record = record(message, key, *content, around.source, sink);
            push_edited(record, edited, sink);
        }
        Body::Unknown(what) => {
            sink.unknown(what);
            let content = unknown(inner);
            let record = record(message, key, content, around.source, sink);
            sink.push(Record::Message(Box::new(record)));
        }
        Body::Edit(edit) => edited(message, &edit, key, around.source, sink),
        Body::Revoke { id } => sink.push(Record::Revoke(Revoke {
            external_conversation_id: key.conversation,
            external_message_id: id.to_owned(),
            at: seconds(message, "messageTimestamp"),
        })),
        Body::Reaction(part) => {
            let at =
                millis(part, "senderTimestampMs").or_else(|| seconds(message, "messageTimestamp"));
            reaction(part, &key, at, sink)?;
        }
        Body::Sealed(what) => sink.unknown(what),
        Body::Bookkeeping => sink.skip(),
    }
    Ok(())
}

/// A message without content: a line of the platform, or what is left of a message.
fn stub_only(stub: Option<Stub>, message: &Value, key: Key, source: SyncSource, sink: &mut Sink) {
    let mut is_deleted = None;
    let content = match stub {
        Some(Stub::Line(line)) => *line,
        Some(Stub::Revoked) => {
            is_deleted = Some(true);
            Content::new(MessageKind::Text, "")
        }
        Some(Stub::Undecrypted) => {
            sink.unknown("CIPHERTEXT");
            Content::new(MessageKind::Unknown, "").with(
                "raw",
                json!({"messageStubType": message.get("messageStubType")}),
            )
        }
        // No content, no stub: nothing was said here.
        None => return sink.skip(),
    };
    let mut record = record(message, key, content, source, sink);
    record.is_deleted = is_deleted;
    record.deleted_at = is_deleted.and_then(|_| seconds(message, "revokeMessageTimestamp"));
    sink.push(Record::Message(Box::new(record)));
}

/// A history tells an edited message once, with the new text in it and nothing else: the message and
/// the edit are both told, so that a reader who knows the first text learns the second.
fn edited(message: &Value, edit: &Edited<'_>, key: Key, source: SyncSource, sink: &mut Sink) {
    let Body::Content(content) = body::read(edit.message) else {
        sink.unknown("MESSAGE_EDIT");
        return;
    };
    let at = edit.at.unwrap_or_else(|| time(message));
    let mut key = key;
    if let Some(id) = edit.id {
        key.id = id.to_owned();
    }
    if source == SyncSource::Realtime {
        sink.push(Record::Edit(Edit {
            external_conversation_id: key.conversation,
            external_message_id: key.id,
            content: content.text,
            at,
        }));
    } else {
        let record = record(message, key, *content, source, sink);
        push_edited(record, Some(at), sink);
    }
}

fn push_edited(mut record: MessageRecord, edited: Option<Timestamp>, sink: &mut Sink) {
    let edit = edited.map(|at| Edit {
        external_conversation_id: record.external_conversation_id.clone(),
        external_message_id: record.external_message_id.clone(),
        content: record.content.clone(),
        at,
    });
    record.edited_at = edited;
    sink.push(Record::Message(Box::new(record)));
    if let Some(edit) = edit {
        sink.push(Record::Edit(edit));
    }
}

/// A message of a kind that nobody understands yet.
pub(super) fn unknown(raw: &Value) -> Content<'static> {
    Content::new(MessageKind::Unknown, "").with("raw", raw.clone())
}

/// When a message was sent; 1970 where nothing says so.
fn time(message: &Value) -> Timestamp {
    seconds(message, "messageTimestamp").unwrap_or_default()
}

/// The record of a message with its content.
pub(super) fn record(
    message: &Value,
    key: Key,
    content: Content<'_>,
    source: SyncSource,
    sink: &mut Sink,
) -> MessageRecord {
    let context = content.context;
    let is_forwarded = context.is_some_and(|context| {
        flag(context, "isForwarded") == Some(true)
            || number(context, "forwardingScore").is_some_and(|score| score > 0)
    });
    let mut metadata = content.metadata;
    let mentions: Vec<String> = context
        .map_or(&[][..], |context| list(context, "mentionedJid"))
        .iter()
        .filter_map(|jid| jid.as_str().map(person))
        .collect();
    if !mentions.is_empty() {
        metadata.insert("mentions".to_owned(), json!(mentions));
    }
    MessageRecord {
        is_starred: flag(message, "starred").filter(|is_starred| *is_starred),
        is_forwarded: is_forwarded.then_some(true),
        sender_display_name: (!key.is_from_me)
            .then(|| text(message, "pushName").map(str::to_owned))
            .flatten(),
        message_type: content.kind,
        content: content.text,
        timestamp: time(message),
        reply_to_external_id: context
            .and_then(|context| text(context, "stanzaId"))
            .map(str::to_owned),
        reply_to_preview: context.and_then(quoted),
        delivery_status: key.is_from_me.then(|| status(message)).flatten(),
        reactions: reactions(message, sink),
        receipts: receipts(message),
        media: content.media,
        sync_source: source,
        is_loose: false,
        platform_metadata: (!metadata.is_empty()).then_some(metadata),
        external_conversation_id: key.conversation,
        external_message_id: key.id,
        sender_external_id: key.sender,
        is_from_me: key.is_from_me,
        is_deleted: None,
        deleted_at: None,
        edited_at: None,
        edits: Vec::new(),
    }
}

fn quoted(context: &Value) -> Option<String> {
    let text = body::text_of(field(context, "quotedMessage")?);
    (!text.is_empty()).then(|| preview(&text))
}

/// How far a message got, where the field is there and known.
pub(super) fn status(message: &Value) -> Option<DeliveryStatus> {
    const STATUSES: [((&str, i64), DeliveryStatus); 6] = [
        (("ERROR", 0), DeliveryStatus::Failed),
        (("PENDING", 1), DeliveryStatus::Pending),
        (("SERVER_ACK", 2), DeliveryStatus::Sent),
        (("DELIVERY_ACK", 3), DeliveryStatus::Delivered),
        (("READ", 4), DeliveryStatus::Read),
        (("PLAYED", 5), DeliveryStatus::Played),
    ];
    STATUSES
        .into_iter()
        .find(|(variant, _)| is(message, "status", *variant))
        .map(|(_, status)| status)
}

/// The reactions that a message carries with it.
fn reactions(message: &Value, sink: &mut Sink) -> Vec<MessageReaction> {
    let mut reactions = Vec::new();
    for reaction in list(message, "reactions") {
        let key = field(reaction, "key").and_then(|key| {
            // The conversation is only for the reading: the reaction hangs on its message.
            let defaults = Defaults {
                conversation: field(message, "key").and_then(|key| text(key, "remoteJid")),
                id: Some(""),
                participant: None,
            };
            Key::read_with(key, &defaults, sink).ok()
        });
        let Some(emoji) = text(reaction, "text") else {
            continue;
        };
        match key.and_then(|key| key.reactor()) {
            Some(sender_external_id) => reactions.push(MessageReaction {
                sender_external_id,
                emoji: emoji.to_owned(),
                at: millis(reaction, "senderTimestampMs"),
            }),
            None => sink.error("a reaction was left out: nothing says whose it is"),
        }
    }
    reactions
}

/// One person's times, from a `UserReceipt`; `None` where it names nobody or no time.
pub(super) fn receipt(receipt: &Value) -> Option<ReceiptTimes> {
    let times = ReceiptTimes {
        participant_external_id: person(text(receipt, "userJid")?),
        delivered_at: seconds(receipt, "receiptTimestamp"),
        read_at: seconds(receipt, "readTimestamp"),
        played_at: seconds(receipt, "playedTimestamp"),
    };
    let has_a_time = times.delivered_at.or(times.read_at).or(times.played_at);
    has_a_time.map(|_| times)
}

/// The receipts that a message carries with it.
pub(super) fn receipts(message: &Value) -> Vec<ReceiptTimes> {
    let receipts = list(message, "userReceipt").iter();
    receipts.filter_map(receipt).collect()
}

/// A reaction to another message, with the key of the message that brought it.
pub(super) fn reaction(
    part: &Value,
    carrier: &Key,
    at: Option<Timestamp>,
    sink: &mut Sink,
) -> Result<(), &'static str> {
    let target = field(part, "key").and_then(|key| text(key, "id"));
    sink.push(Record::Reaction(ReactionRecord {
        // The target's own key is from the sender's point of view: their "remote" is us.
        external_conversation_id: carrier.conversation.clone(),
        external_message_id: target.ok_or("its reaction names no message")?.to_owned(),
        sender_external_id: carrier
            .reactor()
            .ok_or("nothing says whose reaction it is")?,
        emoji: text(part, "text").unwrap_or_default().to_owned(),
        at,
    }));
    Ok(())
}
