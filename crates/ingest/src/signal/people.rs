//! Recipients and chats, to which the messages of an export refer by number.

use std::collections::HashMap;

use serde_json::Value;
use sha2::{Digest, Sha256};
use threadkeep_protocol::{
    ContactRecord, ConversationKind, ConversationRecord, ME, ParticipantRecord, Role, Timestamp,
};

use crate::json::value::{any, bytes, field, flag, list, number, text};

/// The people and chats of an export so far.
#[derive(Default)]
pub(super) struct People {
    recipients: HashMap<i64, Recipient>,
    /// Conversations by the number of their chat.
    chats: HashMap<i64, String>,
    /// Names by address.
    names: HashMap<String, String>,
    /// Who is in which group, until all people are known.
    members: Vec<ParticipantRecord>,
}

/// Whom or what a number stands for.
#[derive(Clone)]
struct Recipient {
    address: String,
    kind: Kind,
    name: Option<String>,
    description: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Person,
    Me,
    Group,
    Other,
}

impl People {
    /// Reads a recipient; what is known of a person is told.
    pub(super) fn recipient(
        &mut self,
        frame: &Value,
    ) -> Result<Option<ContactRecord>, &'static str> {
        let id = number(frame, "id").ok_or("it has no id")?;
        if let Some(contact) = field(frame, "contact") {
            let record = contact_record(contact).ok_or("nothing names the person")?;
            let name = record.display_name.clone().or(record.push_name.clone());
            if let Some(name) = &name {
                self.names
                    .insert(record.external_contact_id.clone(), name.clone());
            }
            self.add(id, record.external_contact_id.clone(), Kind::Person, name);
            return Ok(Some(record));
        }
        if let Some(group) = field(frame, "group") {
            self.group(id, group)?;
        } else if field(frame, "self").is_some() {
            self.add(id, ME.to_owned(), Kind::Me, Some("Note to Self".to_owned()));
        } else if field(frame, "releaseNotes").is_some() {
            let name = Some("Signal".to_owned());
            self.add(id, "signal".to_owned(), Kind::Person, name);
        } else {
            // Lists of stories and links to calls: nobody writes there.
            self.add(id, format!("recipient:{id}"), Kind::Other, None);
        }
        Ok(None)
    }

    fn add(&mut self, id: i64, address: String, kind: Kind, name: Option<String>) {
        let recipient = Recipient {
            address,
            kind,
            name,
            description: None,
        };
        self.recipients.insert(id, recipient);
    }

    fn group(&mut self, id: i64, group: &Value) -> Result<(), &'static str> {
        let key = field(group, "masterKey").and_then(bytes);
        let address = format!(
            "group:{}",
            hex(&Sha256::digest(key.ok_or("it has no key")?))
        );
        let snapshot = group.get("snapshot").unwrap_or(&Value::Null);
        for member in list(snapshot, "members") {
            let Some(person) = field(member, "userId").and_then(uuid) else {
                continue;
            };
            let is_admin = text(member, "role") == Some("ADMINISTRATOR");
            self.members.push(ParticipantRecord {
                external_conversation_id: address.clone(),
                external_participant_id: person,
                role: Some(if is_admin { Role::Admin } else { Role::Member }),
                ..ParticipantRecord::default()
            });
        }
        let words = |part: &str, name: &str| {
            let part = field(snapshot, part)?;
            text(part, name).map(str::to_owned)
        };
        self.add(id, address, Kind::Group, words("title", "title"));
        if let Some(group) = self.recipients.get_mut(&id) {
            group.description = words("description", "descriptionText");
        }
        Ok(())
    }

    /// Reads a chat.
    pub(super) fn chat(&mut self, frame: &Value) -> Result<ConversationRecord, &'static str> {
        let id = number(frame, "id").ok_or("it has no id")?;
        let recipient = number(frame, "recipientId").and_then(|id| self.recipients.get(&id));
        let recipient = recipient.ok_or("nothing says whose it is")?;
        let address = match recipient.kind {
            Kind::Me => "note-to-self".to_owned(),
            _ => recipient.address.clone(),
        };
        self.chats.insert(id, address.clone());
        let kind = match recipient.kind {
            Kind::Group => ConversationKind::Group,
            Kind::Person | Kind::Me | Kind::Other => ConversationKind::Direct,
        };
        let muted = number(frame, "muteUntilMs").filter(|until| *until > 0);
        Ok(ConversationRecord {
            external_conversation_id: address,
            conversation_type: Some(kind),
            name: recipient.name.clone(),
            description: recipient.description.clone(),
            is_archived: flag(frame, "archived"),
            is_pinned: field(frame, "pinnedOrder").map(|_| true),
            is_muted: muted.map(|_| true),
            mute_until: muted
                .filter(|until| *until < i64::MAX)
                .map(Timestamp::from_millis),
            ..ConversationRecord::default()
        })
    }

    /// The conversation of a chat's number.
    pub(super) fn conversation(&self, chat: i64) -> Option<&str> {
        self.chats.get(&chat).map(String::as_str)
    }

    /// The address of a recipient's number; `ME` for the person.
    pub(super) fn address(&self, recipient: i64) -> Option<&str> {
        let recipient = self.recipients.get(&recipient)?;
        Some(&recipient.address)
    }

    /// What somebody is called.
    pub(super) fn name(&self, address: &str) -> Option<&str> {
        self.names.get(address).map(String::as_str)
    }

    /// Who is in which group, of those who are known.
    pub(super) fn take_members(&mut self) -> Vec<ParticipantRecord> {
        let mut members = std::mem::take(&mut self.members);
        let known: std::collections::HashSet<&str> = self
            .recipients
            .values()
            .map(|recipient| recipient.address.as_str())
            .collect();
        members.retain(|member| known.contains(member.external_participant_id.as_str()));
        members
    }
}

fn contact_record(contact: &Value) -> Option<ContactRecord> {
    let phone = number(contact, "e164").filter(|number| *number > 0);
    let phone = phone.map(|number| format!("+{number}"));
    let pni = || Some(format!("PNI:{}", uuid(field(contact, "pni")?)?));
    let id = field(contact, "aci").and_then(uuid);
    let id = id.or_else(|| phone.clone()).or_else(pni)?;
    let joined = |given: Option<&str>, family: Option<&str>| {
        let names: Vec<&str> = [given, family].into_iter().flatten().collect();
        (!names.is_empty()).then(|| names.join(" "))
    };
    let of = |value: &Value, given, family| joined(text(value, given), text(value, family));
    let nickname = field(contact, "nickname").and_then(|name| of(name, "given", "family"));
    let of_system = of(contact, "systemGivenName", "systemFamilyName");
    Some(ContactRecord {
        external_contact_id: id,
        display_name: nickname.or(of_system),
        push_name: of(contact, "profileGivenName", "profileFamilyName"),
        phone_number: phone,
        username: text(contact, "username").map(str::to_owned),
        about: text(contact, "note").map(str::to_owned),
        is_blocked: flag(contact, "blocked"),
        ..ContactRecord::default()
    })
}

/// The 16 bytes of a UUID as it is written.
pub(super) fn uuid(value: &Value) -> Option<String> {
    let bytes = bytes(value)?;
    let [a, b, c, d, e] = [0..4, 4..6, 6..8, 8..10, 10..16].map(|part| bytes.get(part).map(hex));
    (bytes.len() == 16).then_some(())?;
    Some(format!("{}-{}-{}-{}-{}", a?, b?, c?, d?, e?))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The address of a service id in a group's line, which may be 16 bytes or 17 with a kind before them.
pub(super) fn named(update: &Value, names: &[&str]) -> Option<String> {
    uuid(any(update, names)?)
}
