//! Messages that are only a stub: lines that the platform itself writes into a chat.

use serde_json::{Value, json};
use threadkeep_protocol::{Jid, MessageKind};

use super::{
    body::Content,
    key::phone_or_jid,
    value::{any, field, list, long, text},
};

/// What a stub says.
pub(super) enum Stub {
    /// The message was taken back.
    Revoked,
    /// The message could not be decrypted (yet).
    Undecrypted,
    /// A line of its own.
    Line(Box<Content<'static>>),
}

/// Lines that people see, by the stub's number and name; `{}` stands for the stub's parameters.
const LINES: &[(i64, &str, &str)] = &[
    (20, "GROUP_CREATE", "The group “{}” was created"),
    (
        21,
        "GROUP_CHANGE_SUBJECT",
        "The group's name was changed to “{}”",
    ),
    (22, "GROUP_CHANGE_ICON", "The group's picture was changed"),
    (
        23,
        "GROUP_CHANGE_INVITE_LINK",
        "The invite link was changed",
    ),
    (
        24,
        "GROUP_CHANGE_DESCRIPTION",
        "The group's description was changed to “{}”",
    ),
    (
        25,
        "GROUP_CHANGE_RESTRICT",
        "Who may change the group was changed",
    ),
    (
        26,
        "GROUP_CHANGE_ANNOUNCE",
        "Who may write in the group was changed",
    ),
    (27, "GROUP_PARTICIPANT_ADD", "{} was added"),
    (28, "GROUP_PARTICIPANT_REMOVE", "{} was removed"),
    (29, "GROUP_PARTICIPANT_PROMOTE", "{} is now an admin"),
    (30, "GROUP_PARTICIPANT_DEMOTE", "{} is no longer an admin"),
    (
        31,
        "GROUP_PARTICIPANT_INVITE",
        "{} joined by the invite link",
    ),
    (32, "GROUP_PARTICIPANT_LEAVE", "{} left"),
    (
        33,
        "GROUP_PARTICIPANT_CHANGE_NUMBER",
        "A phone number was changed to {}",
    ),
    (34, "BROADCAST_CREATE", "The broadcast list was created"),
    (35, "BROADCAST_ADD", "{} was added to the broadcast list"),
    (
        36,
        "BROADCAST_REMOVE",
        "{} was removed from the broadcast list",
    ),
    (38, "E2E_IDENTITY_CHANGED", "The security code changed"),
    (
        39,
        "E2E_ENCRYPTED",
        "Messages and calls are end-to-end encrypted",
    ),
    (
        42,
        "INDIVIDUAL_CHANGE_NUMBER",
        "The phone number was changed to {}",
    ),
    (43, "GROUP_DELETE", "The group was ended"),
    (70, "GROUP_V4_ADD_INVITE_SENT", "{} was invited"),
    (71, "GROUP_PARTICIPANT_ADD_REQUEST_JOIN", "{} was let in"),
    (
        72,
        "CHANGE_EPHEMERAL_SETTING",
        "The timer of disappearing messages was changed",
    ),
    (
        122,
        "BLOCK_CONTACT",
        "This contact was blocked or unblocked",
    ),
    (
        130,
        "DISAPPEARING_MODE",
        "The timer of disappearing messages was changed",
    ),
    (
        140,
        "GROUP_PARTICIPANT_ACCEPT",
        "{} accepted the invitation",
    ),
    (
        141,
        "GROUP_PARTICIPANT_LINKED_GROUP_JOIN",
        "{} joined from the community",
    ),
    (142, "COMMUNITY_CREATE", "The community “{}” was created"),
    (
        144,
        "GROUP_MEMBERSHIP_JOIN_APPROVAL_REQUEST",
        "{} asked to join",
    ),
    (
        145,
        "GROUP_MEMBERSHIP_JOIN_APPROVAL_MODE",
        "Who may join was changed",
    ),
    (
        171,
        "GROUP_MEMBER_ADD_MODE",
        "Who may add people was changed",
    ),
    (
        172,
        "GROUP_MEMBERSHIP_JOIN_APPROVAL_REQUEST_NON_ADMIN_ADD",
        "{} asked to join",
    ),
    (177, "PINNED_MESSAGE_IN_CHAT", "A message was pinned"),
    (205, "EVENT_UPDATED", "An event was changed"),
    (206, "EVENT_CANCELED", "An event was cancelled"),
];

const CALLS: &[(i64, &str, &str)] = &[
    (40, "CALL_MISSED_VOICE", "Missed voice call"),
    (41, "CALL_MISSED_VIDEO", "Missed video call"),
    (45, "CALL_MISSED_GROUP_VOICE", "Missed group voice call"),
    (46, "CALL_MISSED_GROUP_VIDEO", "Missed group video call"),
    (169, "SILENCED_UNKNOWN_CALLER_AUDIO", "Silenced voice call"),
    (170, "SILENCED_UNKNOWN_CALLER_VIDEO", "Silenced video call"),
];

const REVOKED: &[(i64, &str, &str)] = &[(1, "REVOKE", ""), (132, "ADMIN_REVOKE", "")];
const UNDECRYPTED: &[(i64, &str, &str)] = &[(2, "CIPHERTEXT", "")];

/// Reads the stub of a `WebMessageInfo`, or of an update to one.
pub(super) fn read(message: &Value) -> Option<Stub> {
    let stub = field(message, "messageStubType")?;
    if long(stub) == Some(0) || stub.as_str() == Some("UNKNOWN") {
        return None;
    }
    let find = |table: &[(i64, &str, &'static str)]| {
        let is_it = |number, name| stub.as_str() == Some(name) || long(stub) == Some(number);
        let found = table.iter().find(|(number, name, _)| is_it(*number, name));
        found.map(|(_, _, words)| *words)
    };
    if find(REVOKED).is_some() {
        return Some(Stub::Revoked);
    }
    if find(UNDECRYPTED).is_some() {
        return Some(Stub::Undecrypted);
    }
    let (kind, words) = match (find(CALLS), find(LINES)) {
        (Some(words), _) => (MessageKind::Call, words.to_owned()),
        (_, Some(words)) => (MessageKind::System, filled(words, message)),
        _ => (MessageKind::System, in_general(stub)),
    };
    let raw = json!({
        "messageStubType": stub,
        "messageStubParameters": list(message, "messageStubParameters"),
    });
    Some(Stub::Line(Box::new(
        Content::new(kind, words).with("raw", raw),
    )))
}

/// The words of a stub, with names or texts for its parameters: other files of this platform count the same lines in
/// ways of their own, and are told in the same words.
pub(crate) fn line(number: i64, names: &[String]) -> Option<(MessageKind, String)> {
    let find = |table: &[(i64, &str, &'static str)]| {
        let found = table.iter().find(|(known, ..)| *known == number);
        found.map(|(_, _, words)| *words)
    };
    if let Some(words) = find(CALLS) {
        return Some((MessageKind::Call, words.to_owned()));
    }
    Some((MessageKind::System, with_names(find(LINES)?, names)))
}

/// A stub that has no words here: its name, made readable.
fn in_general(stub: &Value) -> String {
    match stub.as_str() {
        Some(name) => {
            let words = name.to_lowercase().replace('_', " ");
            let mut chars = words.chars();
            let first = chars.next().into_iter().flat_map(char::to_uppercase);
            first.chain(chars).collect()
        }
        None => format!("System message {}", long(stub).unwrap_or_default()),
    }
}

fn filled(words: &str, message: &Value) -> String {
    let parameters = list(message, "messageStubParameters");
    let mut names: Vec<String> = parameters.iter().filter_map(parameter).collect();
    if names.is_empty() {
        // Who left or joined by themselves is only named as the one who did it.
        let of_key = || field(message, "key").and_then(|key| text(key, "participant"));
        let actor = text(message, "participant").or_else(of_key);
        names.extend(actor.map(name_of));
    }
    with_names(words, &names)
}

fn with_names(words: &str, names: &[String]) -> String {
    if names.is_empty() {
        words.replace(" “{}”", "").replace("{}", "Somebody")
    } else {
        words.replace("{}", &names.join(", "))
    }
}

/// A parameter as words: a text, an address, or (from Baileys 7) a participant as JSON in a text.
fn parameter(parameter: &Value) -> Option<String> {
    let parsed = match parameter {
        Value::String(text) if text.starts_with('{') => serde_json::from_str(text).ok(),
        _ => None,
    };
    let participant: &Value = parsed.as_ref().unwrap_or(parameter);
    match participant {
        Value::String(text) => Some(name_of(text)),
        Value::Object(_) => any(participant, &["phoneNumber", "pn", "id", "lid"])
            .and_then(Value::as_str)
            .map(name_of),
        _ => None,
    }
}

/// The phone number in an address; any other text as it is.
pub(crate) fn name_of(text: &str) -> String {
    if !text.contains('@') {
        return text.to_owned();
    }
    let address = phone_or_jid(text);
    let number = Jid::new(&address).phone_number();
    number.unwrap_or_else(|| text.to_owned())
}
