//! Lines that the platform itself writes into a chat: `ZMESSAGETYPE` 6 and 10 with a `ZGROUPEVENTTYPE`.
//!
//! The numbers are Apple's own. Those that a `WebMessageInfo` has a stub for are told in that stub's words, so that the
//! line is the same from either source.

use serde_json::Value;
use threadkeep_protocol::MessageKind;

use crate::baileys::stub;

/// What an event is about, other than the one whom it names.
#[derive(Clone, Copy)]
enum About {
    /// The member.
    Member,
    /// Everybody in the text (`actor;one,two`), else the member.
    Added,
    /// The text: a name or a description.
    Text,
    /// The new name in a JSON text.
    NewSubject,
    Nothing,
}

use About as A;

/// Events of a group: their number, the stub that says the same, and what it is about.
const GROUP: [(i64, i64, About); 26] = [
    (1, 21, A::Text),
    (2, 27, A::Added),
    (3, 32, A::Member),
    (4, 22, A::Nothing),
    (5, 22, A::Nothing),
    (7, 28, A::Added),
    (9, 33, A::Member),
    (10, 29, A::Member),
    (11, 30, A::Member),
    (12, 20, A::Text),
    (15, 31, A::Member),
    (17, 24, A::Text),
    (18, 25, A::Nothing),
    (19, 25, A::Nothing),
    (20, 26, A::Nothing),
    (21, 26, A::Nothing),
    (22, 24, A::Nothing),
    (23, 140, A::Member),
    (26, 72, A::Nothing),
    (30, 141, A::Member),
    (39, 29, A::Member),
    (42, 171, A::Nothing),
    (50, 27, A::Added),
    (56, 21, A::NewSubject),
    (57, 24, A::Nothing),
    (64, 171, A::Nothing),
];

/// Events of any chat.
const CHAT: [(i64, i64); 13] = [
    (1, 40),
    (2, 39),
    (3, 38),
    (4, 41),
    (5, 42),
    (6, 42),
    (21, 45),
    (22, 46),
    (34, 122),
    (35, 122),
    (36, 38),
    (45, 40),
    (46, 41),
];

/// The kind and the words of an event; `None` where nobody knows what its number says.
pub(super) fn words(
    kind: i64,
    event: i64,
    member: Option<&str>,
    text: Option<&str>,
) -> Option<(MessageKind, String)> {
    if kind == 10 {
        return match event {
            // A call of the whole group began; it is none that was missed.
            40 | 41 => Some((MessageKind::Call, "Video call".to_owned())),
            _ => {
                let (_, number) = CHAT.iter().find(|(known, _)| *known == event)?;
                stub::line(*number, &[])
            }
        };
    }
    let (_, number, about) = GROUP.iter().find(|(known, ..)| *known == event)?;
    let member = || member.map(stub::name_of).into_iter().collect();
    let names = match about {
        A::Nothing => Vec::new(),
        A::Member => member(),
        A::Added => match text.and_then(|text| text.split_once(';')) {
            Some((_, added)) => added.split(',').map(str::trim).map(stub::name_of).collect(),
            None => member(),
        },
        A::Text => text
            .filter(|text| is_words(text))
            .map(str::to_owned)
            .into_iter()
            .collect(),
        A::NewSubject => text.and_then(new_subject).into_iter().collect(),
    };
    stub::line(*number, &names)
}

/// Whether a text is one for a person: an event's may be an address or a number too.
fn is_words(text: &str) -> bool {
    !text.contains('@') && !text.bytes().all(|byte| byte.is_ascii_digit())
}

fn new_subject(text: &str) -> Option<String> {
    let change: Value = serde_json::from_str(text).ok()?;
    change.get("new_subject")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const ANA: Option<&str> = Some("4915550001@s.whatsapp.net");

    #[rstest]
    #[case::renamed(6, 1, None, Some("Hiking"), "The group's name was changed to “Hiking”")]
    #[case::renamed_anew(
        6,
        56,
        None,
        Some(r#"{"previous_subject":"Hike","new_subject":"Hiking"}"#),
        "The group's name was changed to “Hiking”"
    )]
    #[case::added(6, 2, ANA, None, "+4915550001 was added")]
    #[case::added_several(
        6,
        50,
        None,
        Some("4915550009@s.whatsapp.net;4915550001@s.whatsapp.net,4915550002@s.whatsapp.net"),
        "+4915550001, +4915550002 was added"
    )]
    #[case::left(6, 3, ANA, None, "+4915550001 left")]
    #[case::removed(
        6,
        7,
        ANA,
        Some("4915550009@s.whatsapp.net"),
        "+4915550001 was removed"
    )]
    #[case::created(
        6,
        12,
        None,
        Some("4915550009@s.whatsapp.net"),
        "The group was created"
    )]
    #[case::missed(10, 1, ANA, None, "Missed voice call")]
    #[case::encrypted(10, 2, ANA, None, "Messages and calls are end-to-end encrypted")]
    #[case::group_call(10, 40, ANA, None, "Video call")]
    fn events_have_the_words_of_stubs(
        #[case] kind: i64,
        #[case] event: i64,
        #[case] member: Option<&str>,
        #[case] text: Option<&str>,
        #[case] expected: &str,
    ) {
        let (_, words) = words(kind, event, member, text).expect("it is known");
        assert_eq!(words, expected);
    }

    #[test]
    fn every_number_has_words() {
        for (event, ..) in GROUP {
            assert!(
                words(6, event, None, None).is_some(),
                "6/{event} has a stub"
            );
        }
        for (event, _) in CHAT {
            assert!(
                words(10, event, None, None).is_some(),
                "10/{event} has a stub"
            );
        }
        assert_eq!(words(6, 999, None, None), None, "nobody knows it");
    }
}
