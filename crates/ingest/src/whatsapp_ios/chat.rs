//! Chats (`ZWACHATSESSION`, `ZWAGROUPINFO`) and who is in them (`ZWAGROUPMEMBER`).
//!
//! Left out is what was so on one phone on one day and is no part of the history: unread, archived, muted, removed. An
//! old backup would undo with it what has changed since.

use std::collections::HashSet;

use serde_json::json;
use threadkeep_protocol::{
    ContactRecord, ConversationKind, ConversationRecord, Jid, Metadata, ParticipantRecord, Record,
    Role,
};

use super::{
    Reader,
    address::{Place, is_person, name},
    people::{Names, each},
    row::time,
};
use crate::{
    ReadError,
    database::{Cells, Database},
};

/// A chat is pinned by moving its last date by thousands of years, so that it sorts before others.
const PINNED_FROM: f64 = 1_000.0 * 365.0 * 86_400.0;

const CHAT: [&str; 7] = [
    "ZCONTACTJID",
    "ZPARTNERNAME",
    "ZLASTMESSAGEDATE",
    "info.ZCREATIONDATE",
    "info.ZOWNERJID",
    "info.ZCREATORJID",
    "chat.Z_PK",
];

pub(super) fn read(database: &Database, reader: &mut Reader<'_>) -> Result<(), ReadError> {
    let chat = database.columns("ZWACHATSESSION")?;
    let info = database.columns("ZWAGROUPINFO")?;
    let has = |columns: &[String], name: &str| columns.iter().any(|column| column == name);
    if !has(&chat, "ZCONTACTJID") {
        return Ok(());
    }
    let joined = has(&chat, "ZGROUPINFO") && has(&info, "Z_PK");
    let columns: Vec<String> = CHAT
        .iter()
        .map(|column| match column.split_once('.') {
            Some(("info", column)) if joined && has(&info, column) => format!("info.{column}"),
            Some(("chat", column)) if has(&chat, column) => format!("chat.{column}"),
            None if has(&chat, column) => format!("chat.{column}"),
            _ => "NULL".to_owned(),
        })
        .collect();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let rest = if joined {
        "ZWACHATSESSION AS chat LEFT JOIN ZWAGROUPINFO AS info ON info.Z_PK = chat.ZGROUPINFO"
    } else {
        "ZWACHATSESSION AS chat"
    };
    each(database, rest, &columns, reader, one)
}

fn one(cells: Cells<'_>, reader: &mut Reader<'_>) -> Result<(), ReadError> {
    let place = cells.number(6).unwrap_or_default().unsigned_abs();
    let Some(jid) = cells.text(0).filter(|jid| jid.contains('@')) else {
        reader.error(place, "a chat was left out: it has no address");
        return Ok(());
    };
    let within = Place::of(&jid, &reader.phones);
    if within.partner.is_some() && within.conversation == "status@broadcast" {
        // What a contact says to everybody is one chat with what others say, and has none of their names.
        return Ok(());
    }
    let last = cells.real(2).filter(|seconds| *seconds > 0.0);
    let owner = cells
        .text(4)
        .or_else(|| cells.text(5))
        .filter(|jid| is_person(jid));
    let mut metadata = Metadata::new();
    if let Some(owner) = owner {
        metadata.insert("owner".to_owned(), json!(reader.phones.plain(&owner)));
    }
    if let Some(created) = cells.real(3).filter(|seconds| *seconds > 0.0) {
        metadata.insert("created_at".to_owned(), json!(time(created)));
    }
    let record = ConversationRecord {
        conversation_type: Some(ConversationKind::of(&within.conversation)),
        name: cells.text(1).and_then(|text| name(&text)),
        last_activity_at: last.filter(|seconds| *seconds < PINNED_FROM).map(time),
        platform_metadata: (!metadata.is_empty()).then_some(metadata),
        external_conversation_id: within.conversation,
        ..ConversationRecord::default()
    };
    reader.say(place, Record::Conversation(record))
}

const MEMBER: [&str; 8] = [
    "member.ZMEMBERJID",
    "member.ZISADMIN",
    "member.ZISACTIVE",
    "member.ZCONTACTNAME",
    "chat.ZCONTACTJID",
    "info.ZOWNERJID",
    "info.ZCREATORJID",
    "member.Z_PK",
];

/// Members of groups. One person may have two rows, by a phone's and by a hidden address, of which one is out of use.
pub(super) fn members(database: &Database, reader: &mut Reader<'_>) -> Result<(), ReadError> {
    let tables = [
        ("member", database.columns("ZWAGROUPMEMBER")?),
        ("chat", database.columns("ZWACHATSESSION")?),
        ("info", database.columns("ZWAGROUPINFO")?),
    ];
    let has = |column: &str| {
        let (table, column) = column.split_once('.').unwrap_or_default();
        let columns = tables.iter().filter(|(name, _)| *name == table);
        columns
            .flat_map(|(_, columns)| columns)
            .any(|known| known == column)
    };
    let needed = [
        "member.ZMEMBERJID",
        "member.ZCHATSESSION",
        "chat.Z_PK",
        "chat.ZCONTACTJID",
    ];
    if !needed.iter().all(|column| has(column)) {
        return Ok(());
    }
    let joined = has("chat.ZGROUPINFO") && has("info.Z_PK");
    let columns = MEMBER.map(|column| {
        let is_there = has(column) && (joined || !column.starts_with("info."));
        if is_there { column } else { "NULL" }
    });
    let info = if joined {
        " LEFT JOIN ZWAGROUPINFO AS info ON info.Z_PK = chat.ZGROUPINFO"
    } else {
        ""
    };
    let active = if has("member.ZISACTIVE") {
        ", member.ZISACTIVE"
    } else {
        ""
    };
    let rest = format!(
        "ZWAGROUPMEMBER AS member JOIN ZWACHATSESSION AS chat ON chat.Z_PK = member.ZCHATSESSION{info}
         ORDER BY member.ZCHATSESSION{active}"
    );
    let mut names = Names::default();
    let (mut group, mut left) = (String::new(), HashSet::new());
    each(database, &rest, &columns, reader, |cells, reader| {
        let place = cells.number(7).unwrap_or_default().unsigned_abs();
        let (Some(chat), Some(jid)) = (cells.text(4), cells.text(0)) else {
            return Ok(());
        };
        if !is_person(&jid) {
            reader.receiver.skip();
            return Ok(());
        }
        let id = reader.phones.plain(&jid);
        told(&cells, &id, place, &mut names, reader)?;
        // The members of a list, or of a chat of two, are those whom it is for.
        if !Jid::new(&chat).is_group() {
            return Ok(());
        }
        if *chat != group {
            group = chat.into_owned();
            left.clear();
        }
        let has_left = match cells.number(2) {
            Some(0) => {
                left.insert(id.clone());
                Some(true)
            }
            _ => left.remove(&id).then_some(false),
        };
        let record = ParticipantRecord {
            external_conversation_id: group.clone(),
            role: cells.number(1).map(|rank| role(rank, &id, &cells, reader)),
            external_participant_id: id,
            has_left,
            ..ParticipantRecord::default()
        };
        reader.say(place, Record::Participant(record))
    })
}

fn role(rank: i64, id: &str, cells: &Cells<'_>, reader: &Reader<'_>) -> Role {
    let owner = cells.text(5).or_else(|| cells.text(6));
    match rank {
        0 => Role::Member,
        _ if owner.is_some_and(|owner| reader.phones.plain(&owner) == id) => Role::Owner,
        _ => Role::Admin,
    }
}

/// Tells the name that somebody has in the address book.
fn told(
    cells: &Cells<'_>,
    id: &str,
    place: u64,
    names: &mut Names,
    reader: &mut Reader<'_>,
) -> Result<(), ReadError> {
    let Some(name) = cells.text(3).and_then(|text| name(&text)) else {
        return Ok(());
    };
    if !names.is_new(id, &name) {
        return Ok(());
    }
    let record = ContactRecord {
        external_contact_id: id.to_owned(),
        display_name: Some(name),
        phone_number: Jid::new(id).phone_number(),
        ..ContactRecord::default()
    };
    reader.say(place, Record::Contact(record))
}
