//! Groups and who is in them.

use serde_json::{Value, json};
use threadkeep_protocol::{
    ConversationKind, ConversationRecord, Metadata, ParticipantRecord, Record, Role, Timestamp,
};

use super::{
    key::{pair_of, person, phone_first},
    value::{any, field, flag, is, list, number, seconds, text},
};
use crate::translation::Sink;

/// `groups.upsert` and `groups.update`: `GroupMetadata`, whole or in part.
pub(super) fn translate(group: &Value, sink: &mut Sink) -> Result<(), &'static str> {
    let id = text(group, "id").ok_or("it has no id")?;
    for participant in list(group, "participants") {
        self::participant(id, participant, sink);
    }
    sink.push(Record::Conversation(ConversationRecord {
        external_conversation_id: id.to_owned(),
        conversation_type: Some(ConversationKind::Group),
        name: text(group, "subject").map(str::to_owned),
        description: text(group, "desc").map(str::to_owned),
        platform_metadata: metadata(group),
        ..ConversationRecord::default()
    }));
    Ok(())
}

fn metadata(group: &Value) -> Option<Metadata> {
    let mut metadata = Metadata::new();
    for name in ["owner", "linkedParent"] {
        if let Some(jid) = text(group, name) {
            metadata.insert(name.to_owned(), json!(person(jid)));
        }
    }
    if let Some(created) = number(group, "creation").filter(|seconds| *seconds > 0) {
        let created = Timestamp::from_seconds(created);
        metadata.insert("created_at".to_owned(), json!(created));
    }
    for name in ["announce", "restrict", "isCommunity", "isCommunityAnnounce"] {
        if let Some(flag) = flag(group, name) {
            metadata.insert(name.to_owned(), json!(flag));
        }
    }
    (!metadata.is_empty()).then_some(metadata)
}

/// One participant: of a history (`{userJid, rank}`), of a group (`{id, admin}`), or a bare address.
pub(super) fn participant(group: &str, participant: &Value, sink: &mut Sink) {
    if let Some(address) = address(participant, sink) {
        sink.push(Record::Participant(ParticipantRecord {
            external_conversation_id: group.to_owned(),
            external_participant_id: address,
            role: role(participant),
            ..ParticipantRecord::default()
        }));
    } else {
        sink.error("a participant was left out: it has no address");
    }
}

fn address(participant: &Value, sink: &mut Sink) -> Option<String> {
    if let Some(jid) = participant.as_str() {
        return Some(person(jid));
    }
    let jid = ["id", "userJid", "jid", "phoneNumber", "lid"];
    let jid = jid.iter().find_map(|name| text(participant, name))?;
    Some(phone_first(
        jid,
        participant,
        &["phoneNumber", "jid", "lid"],
        sink,
    ))
}

fn role(participant: &Value) -> Option<Role> {
    let is_rank = |name, number| is(participant, "rank", (name, number));
    let admin = participant.get("admin");
    if is_rank("SUPERADMIN", 2)
        || admin.and_then(Value::as_str) == Some("superadmin")
        || flag(participant, "isSuperAdmin") == Some(true)
    {
        return Some(Role::Owner);
    }
    if is_rank("ADMIN", 1)
        || admin.and_then(Value::as_str) == Some("admin")
        || flag(participant, "isAdmin") == Some(true)
    {
        return Some(Role::Admin);
    }
    // `admin: null` is how Baileys says that somebody is none.
    let says_so = admin.is_some() || any(participant, &["rank", "isAdmin"]).is_some();
    says_so.then_some(Role::Member)
}

/// `group-participants.update`: `{id, participants, action}`.
pub(super) fn changed(change: &Value, sink: &mut Sink) -> Result<(), &'static str> {
    let group = text(change, "id").ok_or("it has no id")?;
    let action = text(change, "action").ok_or("it has no action")?;
    let (has_left, role) = match action {
        "add" => (Some(false), None),
        "remove" => (Some(true), None),
        "promote" => (None, Some(Role::Admin)),
        "demote" => (None, Some(Role::Member)),
        // A changed number: who it was before is not told.
        "modify" => {
            sink.skip();
            return Ok(());
        }
        other => {
            sink.unknown(&format!("group-participants.update {other}"));
            return Ok(());
        }
    };
    for participant in list(change, "participants") {
        match address(participant, sink) {
            Some(address) => sink.push(Record::Participant(ParticipantRecord {
                external_conversation_id: group.to_owned(),
                external_participant_id: address,
                role,
                has_left,
                ..ParticipantRecord::default()
            })),
            None => sink.error("a participant was left out: it has no address"),
        }
    }
    Ok(())
}

/// An element of `pastParticipants` in a history: `{groupJid, pastParticipants}`.
pub(super) fn past(past: &Value, sink: &mut Sink) -> Result<(), &'static str> {
    let group = text(past, "groupJid").ok_or("it has no groupJid")?;
    for participant in list(past, "pastParticipants") {
        let Some(address) = address(participant, sink) else {
            sink.error("a past participant was left out: it has no address");
            continue;
        };
        let left_at = seconds(participant, "leaveTs");
        sink.push(Record::Participant(ParticipantRecord {
            external_conversation_id: group.to_owned(),
            external_participant_id: address,
            left_at,
            has_left: left_at.is_none().then_some(true),
            ..ParticipantRecord::default()
        }));
    }
    Ok(())
}

/// `lid-mapping.update`, and the pairs of a history: one pair or several.
pub(super) fn pairs(pairs: &Value, sink: &mut Sink) {
    match pairs {
        Value::Array(pairs) => pairs.iter().for_each(|pair| pair_of(pair, sink)),
        Value::Object(_) if field(pairs, "lid").is_some() => pair_of(pairs, sink),
        _ => sink.skip(),
    }
}
