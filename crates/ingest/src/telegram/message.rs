//! One message.

use jiff::{civil::DateTime, tz::TimeZone};
use serde_json::{Value, json};
use threadkeep_protocol::{ME, MessageReaction, MessageRecord, Metadata, SyncSource, Timestamp};

use super::{
    body,
    chat::{Chat, Kind},
};
use crate::json::value::{count, field, list, number, text as word};

/// What the surroundings of a message tell about it.
pub(super) struct Around<'a> {
    /// The person's own address, where it is known.
    pub(super) me: Option<&'a str>,
    /// The person's own name, where they said it.
    pub(super) my_name: Option<&'a str>,
    /// Where times without a zone were written.
    pub(super) zone: &'a TimeZone,
}

/// A message and what is left to do with it.
pub(super) struct Told {
    pub(super) record: MessageRecord,
    /// Where its file lies beside the export.
    pub(super) file: Option<String>,
    /// What nobody understands yet.
    pub(super) unknown: Option<String>,
    /// Its time was read in the zone that the person names.
    pub(super) is_local: bool,
    /// It is the person's own.
    pub(super) mine: Option<Author>,
}

/// Who wrote a message.
#[derive(Clone)]
pub(super) struct Author {
    pub(super) id: String,
    pub(super) name: Option<String>,
}

/// Reads a message of a chat.
pub(super) fn read(
    message: &Value,
    chat: &mut Chat,
    around: &Around<'_>,
) -> Result<Told, &'static str> {
    let number = number(message, "id").ok_or("it has no id")?;
    let is_service = word(message, "type") == Some("service");
    let time = time(message, "date", around.zone);
    let (timestamp, is_local) = time.unwrap_or((chat.last, false));
    chat.last = timestamp;
    let (name, id) = if is_service {
        ("actor", "actor_id")
    } else {
        ("from", "from_id")
    };
    let author = author(message, name, id);
    let mine = author
        .clone()
        .filter(|author| is_mine(author, chat, around));
    let is_from_me = mine.is_some() || (chat.kind == Kind::Saved && author.is_none());
    if word(message, "action") == Some("topic_created") {
        let title = word(message, "title").unwrap_or_default();
        chat.topics.insert(number, title.to_owned());
    }
    let body = body::read(message, is_service);
    let mut metadata = body.metadata;
    let reply_to = reply(message, chat, &mut metadata);
    let is_forwarded = forward(message, &mut metadata);
    for name in ["author", "via_bot", "self_destruct_period_seconds"] {
        if let Some(value) = field(message, name) {
            metadata.insert(name.to_owned(), value.clone());
        }
    }
    let reactions = reactions(message, chat, around, &mut metadata);
    let edited_at = self::time(message, "edited", around.zone).map(|(at, _)| at);
    // A post of a channel is the channel's own.
    let nameless = (chat.kind == Kind::Channel).then(|| chat.id.clone());
    let sender = author
        .as_ref()
        .map(|author| author.id.clone())
        .or(nameless)
        .filter(|_| !is_from_me);
    Ok(Told {
        file: body.file,
        unknown: body.unknown,
        is_local,
        record: MessageRecord {
            external_conversation_id: chat.id.clone(),
            external_message_id: number.to_string(),
            sender_external_id: sender,
            sender_display_name: author
                .and_then(|author| author.name)
                .filter(|_| !is_from_me),
            message_type: body.kind,
            content: body.text,
            timestamp,
            is_from_me,
            is_forwarded: is_forwarded.then_some(true),
            is_starred: None,
            is_deleted: None,
            deleted_at: None,
            edited_at,
            edits: Vec::new(),
            reply_to_external_id: reply_to,
            reply_to_preview: None,
            delivery_status: None,
            reactions,
            receipts: Vec::new(),
            media: body.media,
            sync_source: SyncSource::Import,
            is_loose: false,
            platform_metadata: (!metadata.is_empty()).then_some(metadata),
        },
        mine,
    })
}

/// A time, and whether it was written without a zone.
fn time(message: &Value, name: &str, zone: &TimeZone) -> Option<(Timestamp, bool)> {
    let unix = format!("{name}_unixtime");
    if let Some(seconds) = number(message, &unix).filter(|seconds| *seconds > 0) {
        return Some((Timestamp::from_seconds(seconds), false));
    }
    local(word(message, name)?, zone).map(|time| (time, true))
}

fn local(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let local: DateTime = text.parse().ok()?;
    // Exports of 2018 wrote 1970 for "never".
    let never = local.year() <= 1970;
    let time = zone.to_ambiguous_timestamp(local).compatible().ok()?;
    (!never).then(|| Timestamp::from_millis(time.as_millisecond()))
}

/// Before 2021 an id was a number, and the sender always a person.
fn author(message: &Value, name: &str, id: &str) -> Option<Author> {
    let id = match field(message, id)? {
        Value::String(id) if !id.is_empty() => id.clone(),
        Value::Number(id) => format!("user{id}"),
        _ => return None,
    };
    let name = word(message, name).map(str::to_owned);
    Some(Author { id, name })
}

fn is_mine(author: &Author, chat: &Chat, around: &Around<'_>) -> bool {
    match around.me {
        Some(me) => author.id == me,
        None if chat.kind == Kind::Saved => author.id == chat.id,
        // In a chat of two, who is not the other one is the person.
        None if chat.kind == Kind::Person => author.id != chat.id,
        None => around
            .my_name
            .is_some_and(|me| author.id == me || author.name.as_deref() == Some(me)),
    }
}

/// What a message answers, if that is a message of its chat.
fn reply(message: &Value, chat: &Chat, metadata: &mut Metadata) -> Option<String> {
    let target = number(message, "reply_to_message_id")?;
    if let Some(peer) = word(message, "reply_to_peer_id").filter(|peer| *peer != chat.id) {
        metadata.insert(
            "reply_elsewhere".to_owned(),
            json!({"chat": peer, "message": target}),
        );
        return None;
    }
    if let Some(title) = chat.topics.get(&target) {
        metadata.insert("topic".to_owned(), json!({"id": target, "title": title}));
        return None;
    }
    Some(target.to_string())
}

fn forward(message: &Value, metadata: &mut Metadata) -> bool {
    let mut is_forwarded = false;
    for name in ["forwarded_from", "forwarded_from_id", "saved_from"] {
        if let Some(value) = message.get(name) {
            is_forwarded = true;
            if !value.is_null() {
                metadata.insert(name.to_owned(), value.clone());
            }
        }
    }
    is_forwarded
}

/// The reactions of which it is told whose they are; where that is not all, they are kept raw as well.
fn reactions(
    message: &Value,
    chat: &Chat,
    around: &Around<'_>,
    metadata: &mut Metadata,
) -> Vec<MessageReaction> {
    let told = list(message, "reactions");
    let mut reactions: Vec<MessageReaction> = Vec::new();
    let mut is_all = true;
    for reaction in told {
        let emoji = match word(reaction, "type") {
            Some("paid") => Some("⭐"),
            _ => word(reaction, "emoji"),
        };
        let recent = list(reaction, "recent");
        is_all &= emoji.is_some() && count(reaction, "count") == Some(recent.len() as i64);
        let Some(emoji) = emoji else { continue };
        for one in recent {
            let Some(author) = author(one, "from", "from_id") else {
                is_all = false;
                continue;
            };
            let sender = if is_mine(&author, chat, around) {
                ME.to_owned()
            } else {
                author.id
            };
            if reactions
                .iter()
                .any(|other| other.sender_external_id == sender)
            {
                is_all = false;
                continue;
            }
            reactions.push(MessageReaction {
                sender_external_id: sender,
                emoji: emoji.to_owned(),
                at: time(one, "date", around.zone).map(|(at, _)| at),
            });
        }
    }
    if !is_all {
        metadata.insert("reactions".to_owned(), json!(told));
    }
    reactions
}
