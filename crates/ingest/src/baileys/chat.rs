//! Chats: `Conversation` of a history, and what changes it.

use serde_json::{Value, json};
use threadkeep_protocol::{ConversationKind, ConversationRecord, Metadata, Record, Timestamp};

use super::{
    group,
    key::{pair, person, phone_first},
    value::{any, flag, is, list, long, number, seconds, seconds_or_millis, text},
};
use crate::translation::Sink;

/// How a chat is told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Telling {
    /// As it now is.
    Whole,
    /// As it changed: null takes back, and `unreadCount` is what came on top.
    Change,
}

/// Translates a chat; `filed` is the id that it is filed under.
pub(super) fn translate(
    chat: &Value,
    filed: Option<&str>,
    telling: Telling,
    sink: &mut Sink,
) -> Result<(), &'static str> {
    let jid = text(chat, "id").or_else(|| text(chat, "jid")).or(filed);
    let jid = jid.ok_or("it has no id")?;
    let id = phone_first(jid, chat, &["pnJid", "lidJid", "accountLid"], sink);
    if let (Some(lid), Some(phone)) = (text(chat, "lidJid"), text(chat, "pnJid")) {
        pair(&person(lid), &person(phone), sink);
    }
    let last_activity_at = seconds(chat, "conversationTimestamp")
        .or_else(|| seconds(chat, "lastMsgTimestamp"))
        .or_else(|| seconds(chat, "lastMessageRecvTimestamp"));
    let mut record = ConversationRecord {
        conversation_type: Some(ConversationKind::of(&id)),
        name: name(chat),
        description: text(chat, "description").map(str::to_owned),
        is_archived: flag(chat, "archived").or_else(|| flag(chat, "archive")),
        is_pinned: pinned(chat, telling),
        last_activity_at,
        history_complete: is_complete(chat).then_some(true),
        platform_metadata: metadata(chat),
        external_conversation_id: id,
        ..ConversationRecord::default()
    };
    (record.is_muted, record.mute_until) = muted(chat, telling);
    // Below 0 is how "marked as unread" is told; nobody knows how many that is.
    match number(chat, "unreadCount").filter(|count| *count >= 0) {
        Some(count @ 1..) if telling == Telling::Change => record.unread_added = Some(count),
        count => record.unread_count = count,
    }
    let participants = list(chat, "participant");
    for participant in participants {
        group::participant(&record.external_conversation_id, participant, sink);
    }
    sink.push(Record::Conversation(record));
    Ok(())
}

fn name(chat: &Value) -> Option<String> {
    let name = ["name", "displayName", "subject"];
    let name = name.iter().find_map(|field| text(chat, field));
    name.map(str::to_owned)
}

/// `pinned` is the time of pinning, or a yes or no.
fn pinned(chat: &Value, telling: Telling) -> Option<bool> {
    match (chat.get("pinned"), telling) {
        (Some(Value::Null), Telling::Change) => Some(false),
        _ => flag(chat, "pinned"),
    }
}

/// `muteEndTime` is in seconds in a history and in milliseconds in a change; below 0 is for ever.
fn muted(chat: &Value, telling: Telling) -> (Option<bool>, Option<Timestamp>) {
    let names = ["muteEndTime", "mute"];
    let Some(until) = any(chat, &names).and_then(long) else {
        let is_null = names
            .iter()
            .any(|name| chat.get(name) == Some(&Value::Null));
        let unmuted = (is_null && telling == Telling::Change).then_some(false);
        return (unmuted, None);
    };
    match until {
        0 => (Some(false), None),
        i64::MIN..0 | i64::MAX => (Some(true), None),
        until => (Some(true), Some(seconds_or_millis(until))),
    }
}

/// The phone has nothing older of it.
pub(super) fn is_complete(chat: &Value) -> bool {
    let complete = ("COMPLETE_AND_NO_MORE_MESSAGE_REMAIN_ON_PRIMARY", 1);
    is(chat, "endOfHistoryTransferType", complete)
}

/// What has no column and is worth keeping.
fn metadata(chat: &Value) -> Option<Metadata> {
    let mut metadata = Metadata::new();
    for name in ["readOnly", "isParentGroup", "locked"] {
        if flag(chat, name) == Some(true) {
            metadata.insert(name.to_owned(), json!(true));
        }
    }
    for name in ["parentGroupId", "createdBy"] {
        if let Some(jid) = text(chat, name) {
            metadata.insert(name.to_owned(), json!(jid));
        }
    }
    (!metadata.is_empty()).then_some(metadata)
}

/// `chats.delete`: an id.
pub(super) fn deleted(jid: &Value, sink: &mut Sink) -> Result<(), &'static str> {
    let jid = jid.as_str().ok_or("it is no id")?;
    sink.push(Record::Conversation(ConversationRecord {
        external_conversation_id: person(jid),
        conversation_type: Some(ConversationKind::of(jid)),
        is_deleted: Some(true),
        ..ConversationRecord::default()
    }));
    Ok(())
}
