//! Who and where: message keys and addresses.

use serde_json::Value;
use threadkeep_protocol::{Address, Jid, ME, Record};

use super::value::{any, flag, text};
use crate::translation::Sink;

/// A message key, with addresses made plain.
pub(super) struct Key {
    pub(super) conversation: String,
    pub(super) id: String,
    pub(super) is_from_me: bool,
    /// The other person who wrote it, where the key says so.
    pub(super) sender: Option<String>,
}

impl Key {
    /// Reads a key, and tells the sink what it says about who is who.
    pub(super) fn read(key: &Value, sink: &mut Sink) -> Result<Self, &'static str> {
        Self::read_with(key, &Defaults::default(), sink)
    }

    /// Reads a key of which the surroundings tell a part.
    pub(super) fn read_with(
        key: &Value,
        defaults: &Defaults<'_>,
        sink: &mut Sink,
    ) -> Result<Self, &'static str> {
        let remote = text(key, "remoteJid").or(defaults.conversation);
        let remote = remote.ok_or("its key has no remoteJid")?;
        let id = text(key, "id").or(defaults.id);
        let id = id.ok_or("its key has no id")?.to_owned();
        let is_from_me = flag(key, "fromMe").unwrap_or_default();
        let participant = text(key, "participant").or(defaults.participant);
        let (conversation, sender) = if has_many_senders(remote) {
            let others = [
                "participantAlt",
                "participantPn",
                "participantLid",
                "senderPn",
                "senderLid",
            ];
            let sender = participant.map(|jid| phone_first(jid, key, &others, sink));
            (conversation(remote, is_from_me, sender.as_deref()), sender)
        } else if is_from_me {
            (phone_first(remote, key, &["remoteJidAlt"], sink), None)
        } else {
            let others = ["remoteJidAlt", "senderPn", "senderLid"];
            let person = phone_first(remote, key, &others, sink);
            (person.clone(), Some(person))
        };
        Ok(Self {
            conversation,
            id,
            is_from_me,
            sender: sender.filter(|_| !is_from_me),
        })
    }

    /// Who reacted with this key: the sender, or `ME`.
    pub(super) fn reactor(&self) -> Option<String> {
        if self.is_from_me {
            Some(ME.to_owned())
        } else {
            self.sender.clone()
        }
    }
}

/// What a message's surroundings tell where its key does not.
#[derive(Default)]
pub(super) struct Defaults<'a> {
    pub(super) conversation: Option<&'a str>,
    pub(super) id: Option<&'a str>,
    pub(super) participant: Option<&'a str>,
}

/// A message to a list of recipients is, for them, a message in the chat with its sender.
fn conversation(remote: &str, is_from_me: bool, sender: Option<&str>) -> String {
    let is_list = remote.ends_with("@broadcast") && remote != "status@broadcast";
    match sender {
        Some(sender) if is_list && !is_from_me => sender.to_owned(),
        _ => remote.to_owned(),
    }
}

fn has_many_senders(jid: &str) -> bool {
    matches!(Jid::new(jid).server(), "g.us" | "broadcast")
}

/// The plain address of whoever a JID names. Accounts hosted by others have servers of their own.
pub(crate) fn person(jid: &str) -> String {
    let jid = match jid.rsplit_once('@') {
        Some((user, "hosted")) => format!("{user}@s.whatsapp.net"),
        Some((user, "hosted.lid")) => format!("{user}@lid"),
        _ => jid.to_owned(),
    };
    Jid::new(&jid).bare()
}

/// Whether the address is one person's.
pub(super) fn is_person(address: &str) -> bool {
    matches!(Jid::new(address).server(), "s.whatsapp.net" | "lid")
}

fn is_phone(address: &str) -> bool {
    Jid::new(address).phone_number().is_some()
}

/// The phone address among a JID and the fields that name the same person; else the JID itself.
pub(super) fn phone_first(jid: &str, object: &Value, fields: &[&str], sink: &mut Sink) -> String {
    let address = person(jid);
    let others = fields.iter().filter_map(|field| any(object, &[field]));
    for other in others.filter_map(Value::as_str) {
        let other = phone_or_jid(other);
        pair(&address, &other, sink);
        if is_phone(&other) && !is_phone(&address) {
            return other;
        }
    }
    address
}

/// A field that may hold a bare telephone number instead of an address.
pub(super) fn phone_or_jid(text: &str) -> String {
    let digits = text.strip_prefix('+').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("{digits}@s.whatsapp.net");
    }
    person(text)
}

/// Tells that two addresses are one person's, where one is hidden and the other a phone's.
pub(super) fn pair(one: &str, other: &str, sink: &mut Sink) {
    let (lid, phone) = if Jid::new(one).is_lid() {
        (one, other)
    } else {
        (other, one)
    };
    if Jid::new(lid).is_lid() && is_phone(phone) {
        sink.address(Address {
            lid: lid.to_owned(),
            phone: phone.to_owned(),
        });
    }
}

/// A pair as an object: `{lid, pn}`, `{lidJid, pnJid}`, `{lid, phoneNumber}`.
pub(super) fn pair_of(object: &Value, sink: &mut Sink) {
    let lid = any(object, &["lid", "lidJid"]).and_then(Value::as_str);
    let phone = any(object, &["pn", "pnJid", "phoneNumber"]).and_then(Value::as_str);
    match (lid, phone) {
        (Some(lid), Some(phone)) => pair(&person(lid), &phone_or_jid(phone), sink),
        _ => sink.skip(),
    }
}

impl Sink {
    /// Takes a pair of addresses once; a history names the same pair thousands of times.
    pub(super) fn address(&mut self, address: Address) {
        if self.is_new_pair(&address) {
            self.push(Record::Address(address));
        }
    }
}
