//! Lines that Signal itself writes into a chat.

use serde_json::Value;
use threadkeep_protocol::MessageKind;

use super::people::{People, named};
use crate::json::value::{count, field, list, number, text};

/// Changes of a group that people see, by their name; `{who}` is the member, `{name}` the new name.
const GROUP: &[(&str, &str)] = &[
    ("genericGroupUpdate", "The group was changed"),
    ("groupCreationUpdate", "The group was created"),
    (
        "groupNameUpdate",
        "The group's name was changed to “{name}”",
    ),
    ("groupAvatarUpdate", "The group's picture was changed"),
    (
        "groupDescriptionUpdate",
        "The group's description was changed",
    ),
    (
        "groupAdminStatusUpdate",
        "Whether {who} is an admin was changed",
    ),
    ("groupMemberLeftUpdate", "{who} left"),
    ("groupMemberRemovedUpdate", "{who} was removed"),
    ("groupMemberJoinedUpdate", "{who} joined"),
    ("groupMemberAddedUpdate", "{who} was added"),
    (
        "groupMemberJoinedByLinkUpdate",
        "{who} joined by the invite link",
    ),
    (
        "groupInvitationAcceptedUpdate",
        "{who} accepted the invitation",
    ),
    ("groupJoinRequestUpdate", "{who} asked to join"),
    ("groupJoinRequestApprovalUpdate", "{who} was let in"),
    ("selfInvitedOtherUserToGroupUpdate", "{who} was invited"),
    ("selfInvitedToGroupUpdate", "You were invited"),
    (
        "groupExpirationTimerUpdate",
        "The timer of disappearing messages was changed",
    ),
    ("groupTerminateChangeUpdate", "The group was ended"),
];

/// Where a change of a group names whom it is about.
const WHO: [&str; 7] = [
    "memberAci",
    "newMemberAci",
    "removedAci",
    "aci",
    "requestorAci",
    "inviteeAci",
    "inviteeServiceId",
];

const SIMPLE: &[(&str, &str)] = &[
    ("JOINED_SIGNAL", "Joined Signal"),
    ("IDENTITY_UPDATE", "The safety number changed"),
    (
        "IDENTITY_VERIFIED",
        "The safety number was marked as verified",
    ),
    (
        "IDENTITY_DEFAULT",
        "The safety number is no longer marked as verified",
    ),
    ("CHANGE_NUMBER", "The phone number was changed"),
    ("END_SESSION", "The secure session was reset"),
    ("CHAT_SESSION_REFRESH", "The secure session was refreshed"),
    ("BAD_DECRYPT", "A message could not be decrypted"),
    ("REPORTED_SPAM", "Reported as spam"),
    ("BLOCKED", "Blocked"),
    ("UNBLOCKED", "Unblocked"),
    (
        "MESSAGE_REQUEST_ACCEPTED",
        "The request to write was accepted",
    ),
];

/// What an update says.
pub(super) fn read(update: &Value, people: &People) -> (MessageKind, String) {
    if let Some(call) = field(update, "individualCall") {
        return (MessageKind::Call, individual_call(call));
    }
    if let Some(call) = field(update, "groupCall") {
        return (MessageKind::Call, group_call(call));
    }
    (MessageKind::System, line(update, people))
}

fn line(update: &Value, people: &People) -> String {
    if let Some(simple) = field(update, "simpleUpdate") {
        let kind = text(simple, "type").unwrap_or_default();
        let found = SIMPLE.iter().find(|(name, _)| *name == kind);
        return found.map_or_else(|| in_general(kind), |(_, words)| (*words).to_owned());
    }
    if let Some(change) = field(update, "groupChange") {
        let changes = list(change, "updates").iter();
        let lines: Vec<String> = changes.map(|change| of_group(change, people)).collect();
        return lines.join("\n");
    }
    if field(update, "expirationTimerChange").is_some() {
        return "The timer of disappearing messages was changed".to_owned();
    }
    if let Some(names) = field(update, "profileChange") {
        let (before, now) = (text(names, "previousName"), text(names, "newName"));
        return format!(
            "{} is now called {}",
            before.unwrap_or("Somebody"),
            now.unwrap_or("something else")
        );
    }
    if let Some(poll) = field(update, "pollTerminate") {
        let question = text(poll, "question").unwrap_or_default();
        return format!("The poll “{question}” was ended");
    }
    if field(update, "pinMessage").is_some() {
        return "A message was pinned".to_owned();
    }
    let mut kinds = update.as_object().into_iter().flatten();
    in_general(kinds.next().map_or("", |(name, _)| name))
}

fn of_group(change: &Value, people: &People) -> String {
    let mut kinds = change.as_object().into_iter().flatten();
    let Some((kind, change)) = kinds.next() else {
        return "The group was changed".to_owned();
    };
    let Some((_, words)) = GROUP.iter().find(|(name, _)| name == kind) else {
        return in_general(kind);
    };
    let who = named(change, &WHO);
    let who = who.as_deref().and_then(|who| people.name(who));
    let words = match text(change, "newGroupName") {
        Some(name) => words.replace("{name}", name),
        None => words.replace(" to “{name}”", ""),
    };
    words.replace("{who}", who.unwrap_or("Somebody"))
}

/// A kind that has no words here: its name, made readable.
fn in_general(kind: &str) -> String {
    let mut words = String::new();
    let mut before = '_';
    for letter in kind.chars().take(80) {
        let begins = letter.is_uppercase() && (before.is_lowercase() || before.is_numeric());
        if letter == '_' || begins {
            words.push(' ');
        }
        if words.is_empty() {
            words.extend(letter.to_uppercase());
        } else if letter != '_' {
            words.extend(letter.to_lowercase());
        }
        before = letter;
    }
    if words.is_empty() {
        words.push_str("System message");
    }
    words
}

fn individual_call(call: &Value) -> String {
    let medium = match text(call, "type") {
        Some("VIDEO_CALL") => "video call",
        _ => "voice call",
    };
    match text(call, "state") {
        Some("MISSED" | "MISSED_NOTIFICATION_PROFILE") => format!("Missed {medium}"),
        Some("NOT_ACCEPTED") if text(call, "direction") == Some("OUTGOING") => {
            format!("Unanswered {medium}")
        }
        Some("NOT_ACCEPTED") => format!("Declined {medium}"),
        _ => medium.replacen('v', "V", 1),
    }
}

fn group_call(call: &Value) -> String {
    let seconds = || {
        let (from, to) = (
            number(call, "startedCallTimestamp")?,
            count(call, "endedCallTimestamp")?,
        );
        Some(to.saturating_sub(from) / 1_000).filter(|seconds| *seconds > 0)
    };
    match text(call, "state") {
        Some("MISSED" | "MISSED_NOTIFICATION_PROFILE") => "Missed group call".to_owned(),
        Some("DECLINED") => "Declined group call".to_owned(),
        _ => match seconds() {
            Some(seconds) => format!("Group call, {}:{:02}", seconds / 60, seconds % 60),
            None => "Group call".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case::simple(json!({"simpleUpdate": {"type": "IDENTITY_UPDATE"}}), "The safety number changed")]
    #[case::new_simple(json!({"simpleUpdate": {"type": "PAYMENTS_ACTIVATED"}}), "Payments activated")]
    #[case::group(json!({"groupChange": {"updates": [
        {"groupNameUpdate": {"newGroupName": "Boats"}}, {"groupMemberLeftUpdate": {"aci": "AQEBAQEBAQEBAQEBAQEBAQ=="}},
        {"groupV2MigrationUpdate": {}},
    ]}}), "The group's name was changed to “Boats”\nSomebody left\nGroup v2 migration update")]
    #[case::call(json!({"individualCall": {"type": "VIDEO_CALL", "state": "MISSED"}}), "Missed video call")]
    #[case::unanswered(json!({"individualCall": {"type": "AUDIO_CALL", "state": "NOT_ACCEPTED", "direction": "OUTGOING"}}), "Unanswered voice call")]
    #[case::group_call(json!({"groupCall": {"startedCallTimestamp": "1000", "endedCallTimestamp": "62000"}}), "Group call, 1:01")]
    #[case::profile(json!({"profileChange": {"previousName": "A", "newName": "B"}}), "A is now called B")]
    #[case::unknown(json!({"threadMerge": {"previousE164": "1"}}), "Thread merge")]
    #[case::nothing(json!({}), "System message")]
    fn updates_are_words(#[case] update: Value, #[case] words: &str) {
        assert_eq!(read(&update, &People::default()).1, words);
    }
}
