//! Messages: `ZWAMESSAGE` with what hangs on each.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
};

use sha2::{Digest, Sha256};
use threadkeep_protocol::{
    ME, MediaRecord, MessageKind, MessageRecord, Record, SyncSource, preview,
};

use super::{
    Reader,
    address::{Place, has_many_senders, is_person},
    attached,
    content::{self, Content},
    media,
    row::Message,
    select::{self, Column},
};
use crate::{
    ReadError,
    database::{Cells, Database},
};

/// Progress is told after so many rows.
const BETWEEN_TOLD: u64 = 1_000;

/// The chat whose rows are being read.
struct Chat {
    pk: Option<i64>,
    jid: Option<String>,
    place: Option<Place>,
    /// Who sent each of its messages, by a hash of the id: the app keeps some messages twice, once as they came and once
    /// as a sync of history brought them. Of one chat only, so that memory does not grow with the archive.
    seen: HashMap<u64, u64>,
}

pub(super) fn read(database: &Database, reader: &mut Reader<'_>) -> Result<(), ReadError> {
    let sql = select::messages(database)?;
    let damaged = |source| database.damaged(source);
    let total = database
        .conn
        .query_row("SELECT count(*) FROM ZWAMESSAGE", [], |row| row.get(0))
        .map(i64::unsigned_abs)
        .map_err(damaged)?;
    let mut statement = database.conn.prepare(&sql).map_err(damaged)?;
    let mut rows = statement.query([]).map_err(damaged)?;
    let hasher = RandomState::new();
    let mut chat = None;
    let mut done = 0;
    while let Some(row) = rows.next().map_err(damaged)? {
        let message = Message(Cells(row));
        enter(&mut chat, message, reader);
        if let Some(chat) = &mut chat {
            one(message, chat, &hasher, reader)?;
        }
        done += 1;
        if done % BETWEEN_TOLD == 0 {
            reader.advance(done, total)?;
        }
    }
    reader.advance(done, total.max(done))
}

/// Goes on to the chat of a message, where that is another one.
fn enter(chat: &mut Option<Chat>, message: Message<'_>, reader: &Reader<'_>) {
    let pk = message.number(Column::Chat);
    let jid = message.text(Column::ChatJid);
    // A message without a chat names its other end.
    let jid = jid.or_else(|| {
        let other = if message.is_from_me() {
            Column::To
        } else {
            Column::From
        };
        message.text(other)
    });
    let is_same = |chat: &Chat| chat.pk == pk && chat.jid.as_deref() == jid.as_deref();
    if chat.as_ref().is_some_and(is_same) {
        return;
    }
    let place = jid.as_deref().filter(|jid| jid.contains('@'));
    *chat = Some(Chat {
        pk,
        place: place.map(|jid| Place::of(jid, &reader.phones)),
        jid: jid.map(std::borrow::Cow::into_owned),
        seen: HashMap::new(),
    });
}

fn one(
    message: Message<'_>,
    chat: &mut Chat,
    hasher: &RandomState,
    reader: &mut Reader<'_>,
) -> Result<(), ReadError> {
    let place = message.place();
    let Some(within) = &chat.place else {
        reader.error(place, "a message was left out: it belongs to no chat");
        return Ok(());
    };
    let Some(content) = content::read(message) else {
        reader.receiver.skip();
        return Ok(());
    };
    let sender = sender(message, within, &content, reader);
    let id = id(message, sender.as_deref(), &content);
    let whose = hasher.hash_one((message.is_from_me(), sender.as_deref()));
    match chat.seen.insert(hasher.hash_one(&id), whose) {
        None => {}
        Some(before) if before == whose => {
            reader.receiver.skip();
            return Ok(());
        }
        Some(_) => {
            reader.error(
                place,
                "a message was left out: another one of its chat has its id",
            );
            return Ok(());
        }
    }
    if let Some(what) = &content.unknown {
        reader.receiver.unknown(what);
    }
    let record = record(message, &within.conversation, id, sender, content, reader);
    reader.say(place, Record::Message(Box::new(record)))
}

/// The other person who wrote it, where one did and the file says who.
fn sender(
    message: Message<'_>,
    place: &Place,
    content: &Content,
    reader: &Reader<'_>,
) -> Option<String> {
    // The member of an event is whom it is about.
    if message.is_from_me() || (content.kind == MessageKind::System && place.partner.is_none()) {
        return None;
    }
    let person = |column| {
        let jid = message.text(column).filter(|jid| is_person(jid));
        jid.map(|jid| reader.phones.plain(&jid))
    };
    if has_many_senders(&place.conversation) {
        let member = person(Column::Member).or_else(|| person(Column::From));
        return member.or_else(|| place.partner.clone());
    }
    place.partner.clone()
}

/// The platform's id. A row without one is named by what it says, so that every copy of the file names it so.
fn id(message: Message<'_>, sender: Option<&str>, content: &Content) -> String {
    if let Some(id) = message.text(Column::Stanza) {
        return id.into_owned();
    }
    let mut hash = Sha256::new();
    for part in [
        sender.unwrap_or(if message.is_from_me() { ME } else { "" }),
        content.kind.name(),
        &content.text,
    ] {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.update(message.real(Column::Date).unwrap_or_default().to_le_bytes());
    let digits: String = hash.finalize()[..8]
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    format!("ios:{digits}")
}

fn record(
    message: Message<'_>,
    conversation: &str,
    id: String,
    sender: Option<String>,
    content: Content,
    reader: &mut Reader<'_>,
) -> MessageRecord {
    let media = content
        .has_file
        .then(|| file(message, content.kind, reader));
    let metadata = content.metadata;
    MessageRecord {
        external_conversation_id: conversation.to_owned(),
        external_message_id: id,
        sender_external_id: sender,
        sender_display_name: None,
        message_type: content.kind,
        content: content.text,
        timestamp: message.time(),
        is_from_me: message.is_from_me(),
        is_forwarded: message.is_forwarded().then_some(true),
        is_starred: message.is_starred().then_some(true),
        is_deleted: content.is_deleted.then_some(true),
        deleted_at: None,
        edited_at: None,
        edits: Vec::new(),
        reply_to_external_id: attached::answered(message),
        reply_to_preview: attached::quoted(message).map(|text| preview(&text)),
        delivery_status: message.status(),
        reactions: attached::reactions(message, reader),
        receipts: Vec::new(),
        media,
        sync_source: SyncSource::Import,
        is_loose: false,
        platform_metadata: (!metadata.is_empty()).then_some(metadata),
    }
}

/// What is known of its file, and what the file itself says where the input has it.
fn file(message: Message<'_>, kind: MessageKind, reader: &mut Reader<'_>) -> MediaRecord {
    let mut record = media::record(kind, message);
    let path = message.text(Column::Path);
    if let Some(entry) = path.and_then(|path| reader.files.media(&path))
        && reader
            .media
            .attach(entry, &mut record, reader.receiver)
            .is_err()
    {
        reader.error(
            message.place(),
            "a file was left out: it cannot be read to its end",
        );
    }
    record
}
