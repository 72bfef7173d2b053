//! Lines that Telegram itself writes into a chat.

use serde_json::Value;
use threadkeep_protocol::MessageKind;

use crate::json::value::{count, list, text};

/// Lines that people see, by their action; `{actor}`, `{members}`, `{title}` and `{score}` stand for what they name.
const LINES: &[(&str, &str)] = &[
    ("create_group", "The group “{title}” was created"),
    ("create_channel", "The channel “{title}” was created"),
    (
        "edit_group_title",
        "The group's name was changed to “{title}”",
    ),
    ("edit_group_photo", "The group's picture was changed"),
    ("delete_group_photo", "The group's picture was removed"),
    ("invite_members", "{members} was added"),
    ("remove_members", "{members} was removed"),
    ("join_group_by_link", "{actor} joined by the invite link"),
    ("join_group_by_request", "{actor} was let in"),
    ("migrate_to_supergroup", "The group became a supergroup"),
    ("migrate_from_group", "The group became a supergroup"),
    ("pin_message", "A message was pinned"),
    ("clear_history", "The history was cleared"),
    ("score_in_game", "{actor} scored {score} in a game"),
    ("take_screenshot", "{actor} took a screenshot"),
    ("joined_telegram", "{actor} joined Telegram"),
    (
        "set_messages_ttl",
        "The timer of disappearing messages was changed",
    ),
    ("edit_chat_theme", "The chat's colours were changed"),
    ("set_chat_wallpaper", "The chat's background was changed"),
    (
        "set_same_chat_wallpaper",
        "The chat's background was changed",
    ),
    ("group_call_scheduled", "A group call was planned"),
    (
        "invite_to_group_call",
        "{members} was invited to a group call",
    ),
    ("topic_created", "The topic “{title}” was created"),
    ("topic_edit", "The topic was changed"),
    ("suggest_profile_photo", "A picture was suggested"),
    ("requested_phone_number", "The phone number was asked for"),
    ("send_premium_gift", "{actor} sent a gift"),
    ("boost_apply", "{actor} boosted the group"),
];

/// What a service message says.
pub(super) fn read(message: &Value) -> (MessageKind, String) {
    let Some(action) = text(message, "action") else {
        let words = text(message, "information_text").unwrap_or("System message");
        return (MessageKind::System, words.to_owned());
    };
    match action {
        "phone_call" => (MessageKind::Call, call(message, "call")),
        "group_call" => (MessageKind::Call, call(message, "group call")),
        "conference_call" => (MessageKind::Call, call(message, "group call")),
        _ => (MessageKind::System, line(action, message)),
    }
}

fn line(action: &str, message: &Value) -> String {
    let actor = text(message, "actor").unwrap_or("Somebody");
    let members: Vec<&str> = list(message, "members")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    if action == "remove_members" && members == [actor] {
        return format!("{actor} left");
    }
    let Some((_, words)) = LINES.iter().find(|(name, _)| *name == action) else {
        return in_general(action);
    };
    let members = if members.is_empty() {
        "Somebody".to_owned()
    } else {
        members.join(", ")
    };
    let score = count(message, "score").unwrap_or_default().to_string();
    let words = match text(message, "title") {
        Some(title) => words.replace("{title}", title),
        None => words.replace(" “{title}”", ""),
    };
    words
        .replace("{members}", &members)
        .replace("{score}", &score)
        .replace("{actor}", actor)
}

/// An action that has no words here: its name, made readable.
fn in_general(action: &str) -> String {
    let words = action.replace('_', " ");
    let mut chars = words.chars().take(80);
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

fn call(message: &Value, medium: &str) -> String {
    let seconds = count(message, "duration_seconds").or_else(|| count(message, "duration"));
    match text(message, "discard_reason") {
        Some("missed") => format!("Missed {medium}"),
        Some("busy") => format!("Declined {medium}"),
        _ => {
            let mut words = in_general(medium);
            if let Some(seconds @ 1..) = seconds {
                words.push_str(&format!(", {}:{:02}", seconds / 60, seconds % 60));
            }
            words
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case::made(json!({"action": "create_group", "actor": "Ana", "title": "Boats"}), "The group “Boats” was created")]
    #[case::nameless(json!({"action": "create_group"}), "The group was created")]
    #[case::added(json!({"action": "invite_members", "members": ["Bo", null, "Cy"]}), "Bo, Cy was added")]
    #[case::left(json!({"action": "remove_members", "actor": "Bo", "members": ["Bo"]}), "Bo left")]
    #[case::nobody(json!({"action": "join_group_by_link", "actor": null}), "Somebody joined by the invite link")]
    #[case::missed(json!({"action": "phone_call", "discard_reason": "missed"}), "Missed call")]
    #[case::long(json!({"action": "phone_call", "duration_seconds": 754, "discard_reason": "hangup"}), "Call, 12:34")]
    #[case::new(json!({"action": "paint_wall"}), "Paint wall")]
    #[case::said(json!({"information_text": "Welcome"}), "Welcome")]
    fn lines_are_words(#[case] message: Value, #[case] words: &str) {
        assert_eq!(read(&message).1, words);
    }
}
