//! A message with all that hangs on it, as a record.

use serde_json::json;
use threadkeep_protocol::{
    Edit, ME, MessageReaction, MessageRecord, ReceiptTimes, Record, SyncSource, Timestamp, preview,
};

use super::{
    World, address,
    beside::Beside,
    content,
    database::damaged,
    kind::{self, What},
    row::Row,
};
use crate::ReadError;

/// Tells a message to the receiver.
pub(super) fn tell(
    mut row: Row,
    beside: &mut Beside<'_>,
    world: &mut World<'_>,
) -> Result<(), ReadError> {
    let hung = content::hung(&mut row, beside, world).map_err(damaged)?;
    let edit = beside.edit.one(row.id).map_err(damaged)?;
    let revoked = beside.revoked.one(row.id).map_err(damaged)?;
    let quoted = beside
        .quoted
        .one(row.id)
        .map_err(damaged)?
        .or(row.quoted.take());
    let is_forwarded = beside
        .forwarded
        .one(row.id)
        .map_err(damaged)?
        .flatten()
        .is_some()
        || row.is_forwarded;
    let mut mentions = std::mem::take(&mut row.mentions);
    for mention in beside
        .mentions
        .all(row.id)
        .map_err(damaged)?
        .into_iter()
        .flatten()
    {
        mentions.extend(
            world
                .addresses
                .stored(mention)
                .map_err(damaged)?
                .map(|jid| jid.to_string()),
        );
    }
    let reactions = reactions(&row, beside, world).map_err(damaged)?;
    let receipts = receipts(&row, beside, world).map_err(damaged)?;

    let what = kind::what(row.kind, row.origin);
    let is_revoked = what == What::Revoked;
    let Some(content) = content::content(what, &mut row, hung, world) else {
        world.receiver.skip();
        return Ok(());
    };
    let mut metadata = content.metadata;
    if !mentions.is_empty() {
        metadata.insert("mentions".to_owned(), json!(mentions));
    }
    // News about a message gives its row an id of its own; the message keeps the one that it was sent with.
    let first = match (&edit, &revoked) {
        (_, Some(revoked)) if is_revoked => revoked.key_id.clone(),
        (Some(edit), _) => edit.key_id.clone(),
        _ => None,
    };
    let record = MessageRecord {
        external_conversation_id: row.chat,
        external_message_id: first.unwrap_or(row.key_id),
        sender_external_id: row.sender,
        sender_display_name: None,
        message_type: content.kind,
        content: content.text,
        timestamp: row.at.map(seconds).unwrap_or_default(),
        is_from_me: row.is_from_me,
        is_forwarded: is_forwarded.then_some(true),
        is_starred: row.is_starred.then_some(true),
        is_deleted: is_revoked.then_some(true),
        deleted_at: revoked
            .filter(|_| is_revoked)
            .and_then(|revoked| revoked.at)
            .map(seconds),
        edited_at: None,
        edits: Vec::new(),
        reply_to_external_id: quoted.as_ref().and_then(|quoted| quoted.key_id.clone()),
        reply_to_preview: quoted
            .and_then(|quoted| quoted.text)
            .map(|text| preview(&text)),
        delivery_status: row.status.filter(|_| row.is_from_me).and_then(kind::status),
        reactions,
        receipts,
        media: content.media,
        sync_source: SyncSource::Import,
        is_loose: false,
        platform_metadata: (!metadata.is_empty()).then_some(metadata),
    };
    let edited = edit
        .filter(|_| !is_revoked)
        .and_then(|edit| edit.at)
        .map(seconds);
    hand_on(record, edited, row.id, world)
}

fn hand_on(
    mut record: MessageRecord,
    edited: Option<Timestamp>,
    place: i64,
    world: &mut World<'_>,
) -> Result<(), ReadError> {
    let edit = edited.map(|at| Edit {
        external_conversation_id: record.external_conversation_id.clone(),
        external_message_id: record.external_message_id.clone(),
        content: record.content.clone(),
        at,
    });
    record.edited_at = edited;
    world.tell(place, Record::Message(Box::new(record)))?;
    if let Some(edit) = edit {
        world.tell(place, Record::Edit(edit))?;
    }
    Ok(())
}

/// Whole seconds, as the platform has them: the phone's clock adds milliseconds to what it sends itself, which no other
/// source knows.
pub(super) fn seconds(millis: i64) -> Timestamp {
    Timestamp::from_seconds(millis.div_euclid(1_000))
}

fn reactions(
    row: &Row,
    beside: &mut Beside<'_>,
    world: &mut World<'_>,
) -> rusqlite::Result<Vec<MessageReaction>> {
    let mut told = Vec::new();
    for reaction in beside.reactions.all(row.id)? {
        let sender = match reaction.person {
            _ if reaction.is_from_me => Some(ME.to_owned()),
            Some(person) => world.addresses.of(person)?,
            None => None,
        };
        // In a chat of two it can only be the other one.
        let other = || (!address::has_many_senders(&row.chat)).then(|| row.chat.clone());
        match sender.or_else(other) {
            Some(sender_external_id) => told.push(MessageReaction {
                sender_external_id,
                emoji: reaction.emoji,
                at: reaction.at.map(Timestamp::from_millis),
            }),
            None => world.error(row.id, "a reaction was left out: nothing says whose it is"),
        }
    }
    Ok(told)
}

fn receipts(
    row: &Row,
    beside: &mut Beside<'_>,
    world: &mut World<'_>,
) -> rusqlite::Result<Vec<ReceiptTimes>> {
    let mut told = Vec::new();
    for receipt in beside.receipts.all(row.id)? {
        let times = [receipt.delivered, receipt.read, receipt.played].map(|at| at.map(seconds));
        let (Some(person), true) = (
            receipt.person,
            row.is_from_me && times.iter().any(Option::is_some),
        ) else {
            continue;
        };
        if let Some(participant_external_id) = world.addresses.of(person)? {
            let [delivered_at, read_at, played_at] = times;
            told.push(ReceiptTimes {
                participant_external_id,
                delivered_at,
                read_at,
                played_at,
            });
        }
    }
    Ok(told)
}
