//! News about messages that were told before.

use serde_json::Value;
use threadkeep_protocol::{
    Edit, ReactionRecord, ReceiptRecord, Record, Revoke, StatusRecord, SyncSource,
};

use super::{
    body::{self, Body},
    key::{Defaults, Key},
    message::{self, Around},
    stub::{self, Stub},
    value::{any, field, flag, list, millis, seconds, text},
};
use crate::translation::Sink;

/// `messages.update`: `{key, update}`.
pub(super) fn message(item: &Value, sink: &mut Sink) -> Result<(), &'static str> {
    let key = Key::read(field(item, "key").ok_or("it has no key")?, sink)?;
    let update = field(item, "update").ok_or("it has no update")?;
    let mut said = false;
    if matches!(stub::read(update), Some(Stub::Revoked)) {
        said = true;
        sink.push(Record::Revoke(Revoke {
            external_conversation_id: key.conversation.clone(),
            external_message_id: key.id.clone(),
            at: seconds(update, "messageTimestamp"),
        }));
    } else if let Some(inner) = field(update, "message").filter(|inner| inner.is_object()) {
        said = true;
        content(item, update, inner, &key, sink);
    }
    let status = key.is_from_me.then(|| message::status(update)).flatten();
    let is_starred = flag(update, "starred");
    if status.is_some() || is_starred.is_some() {
        said = true;
        sink.push(Record::Status(StatusRecord {
            external_conversation_id: key.conversation.clone(),
            external_message_id: key.id.clone(),
            delivery_status: status,
            is_starred,
        }));
    }
    for receipt in message::receipts(update) {
        said = true;
        sink.push(Record::Receipt(ReceiptRecord {
            external_conversation_id: key.conversation.clone(),
            external_message_id: key.id.clone(),
            receipt,
        }));
    }
    for part in list(update, "reactions") {
        said = true;
        given(field(part, "key"), &key, part, sink)?;
    }
    for name in ["pollUpdates", "eventResponses"] {
        if field(update, name).is_some() {
            said = true;
            sink.unknown(name);
        }
    }
    if !said {
        sink.skip();
    }
    Ok(())
}

/// A new content: an edit, or the message itself where it could not be told at first.
fn content(item: &Value, update: &Value, inner: &Value, key: &Key, sink: &mut Sink) {
    let at = seconds(update, "messageTimestamp");
    let (content, at) = match body::read(inner) {
        Body::Content(content) if content.is_edited => (content, at),
        Body::Edit(edit) => match body::read(edit.message) {
            Body::Content(content) => (content, edit.at.or(at)),
            _ => return sink.unknown("MESSAGE_EDIT"),
        },
        // Told anew, such as after a retry: a message like any other, if it says when it was sent.
        Body::Content(_) | Body::Unknown(_) if at.is_some() => {
            let mut whole = update.clone();
            if let (Some(whole), Some(key)) = (whole.as_object_mut(), item.get("key")) {
                whole.insert("key".to_owned(), key.clone());
            }
            let around = Around {
                source: SyncSource::Realtime,
                ..Around::default()
            };
            return message::translate(&whole, around, sink);
        }
        // A file that was uploaded again: nothing that a reader sees.
        _ => return sink.skip(),
    };
    sink.push(Record::Edit(Edit {
        external_conversation_id: key.conversation.clone(),
        external_message_id: key.id.clone(),
        content: content.text,
        at: at.unwrap_or_default(),
    }));
}

/// `messages.reaction`: `{key, reaction}`, where `reaction.key` is of the message that brought it.
pub(super) fn reaction(item: &Value, sink: &mut Sink) -> Result<(), &'static str> {
    let target = Key::read(field(item, "key").ok_or("it has no key")?, sink)?;
    let reaction = field(item, "reaction").ok_or("it has no reaction")?;
    given(field(reaction, "key"), &target, reaction, sink)
}

fn given(
    carrier: Option<&Value>,
    target: &Key,
    reaction: &Value,
    sink: &mut Sink,
) -> Result<(), &'static str> {
    let carrier = carrier.ok_or("nothing says whose reaction it is")?;
    let defaults = Defaults {
        conversation: Some(&target.conversation),
        id: Some(""),
        participant: None,
    };
    let carrier = Key::read_with(carrier, &defaults, sink)?;
    let sender = carrier.reactor();
    sink.push(Record::Reaction(ReactionRecord {
        external_conversation_id: carrier.conversation,
        external_message_id: target.id.clone(),
        sender_external_id: sender.ok_or("nothing says whose reaction it is")?,
        emoji: text(reaction, "text").unwrap_or_default().to_owned(),
        at: millis(reaction, "senderTimestampMs"),
    }));
    Ok(())
}

/// `message-receipt.update`: `{key, receipt}`.
pub(super) fn receipt(item: &Value, sink: &mut Sink) -> Result<(), &'static str> {
    let key = Key::read(field(item, "key").ok_or("it has no key")?, sink)?;
    let receipt = any(item, &["receipt", "userReceipt"]).ok_or("it has no receipt")?;
    match message::receipt(receipt) {
        Some(receipt) => sink.push(Record::Receipt(ReceiptRecord {
            external_conversation_id: key.conversation,
            external_message_id: key.id,
            receipt,
        })),
        None => sink.skip(),
    }
    Ok(())
}
