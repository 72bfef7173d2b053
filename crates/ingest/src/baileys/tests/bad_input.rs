//! What nobody should send and somebody will.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

#[rstest]
#[case::no_json(b"{\"event\": ")]
#[case::no_utf8(b"{\"event\": \"\xff\"}")]
#[case::no_object(b"[1]")]
#[case::no_name(b"{\"data\": []}")]
#[case::name_of_another_type(b"{\"event\": 7, \"data\": []}")]
#[case::no_data(b"{\"event\": \"chats.upsert\"}")]
#[case::no_key(b"{\"event\": \"messages.upsert\", \"data\": {\"messages\": [{\"message\": {\"conversation\": \"SECRET\"}}]}}")]
#[case::no_id(b"{\"event\": \"messages.upsert\", \"data\": {\"messages\": [{\"key\": {\"remoteJid\": \"SECRET@g.us\"}}]}}")]
#[case::no_chat(b"{\"event\": \"chats.upsert\", \"data\": [7]}")]
fn a_bad_line_costs_only_itself_and_its_content_is_not_told(#[case] bad: &[u8]) {
    let good = json!({"event": "chats.delete", "data": [ANA]}).to_string();
    let text = [good.as_bytes(), b"\r\n\n", bad, b"\n", good.as_bytes()].concat();
    let translation = baileys_events(&text).unwrap();
    let places: Vec<_> = translation.records.iter().map(|record| record.0).collect();
    assert_eq!(places, [0, 3]);
    let [error] = &translation.errors[..] else {
        panic!("one error: {:?}", translation.errors);
    };
    assert_eq!(error.index, 2, "blank lines count");
    assert!(!error.reason.contains("SECRET"), "{}", error.reason);
}

#[test]
fn a_bad_message_costs_none_of_the_others_in_its_line() {
    let good = message(&json!({"conversation": "hi"}));
    let data = json!({"messages": [good, {}, 7, null, good], "type": "notify"});
    let translation = event("messages.upsert", &data);
    assert_eq!(
        (translation.records.len(), translation.errors.len()),
        (2, 3)
    );
}

#[test]
fn half_an_emoji_costs_no_history() {
    let line = json!({"event": "messages.upsert", "data": upsert(&message(&json!({"conversation": "HALF"})))});
    let line = line.to_string().replace("HALF", "so \\ud83d");
    let translation = baileys_events(line.as_bytes()).unwrap();
    assert_eq!(
        (translation.records.len(), translation.errors.len()),
        (1, 0)
    );
}

#[test]
fn names_from_the_input_are_cut_before_they_are_counted() {
    let translation = event(&"x".repeat(10_000), &json!([]));
    let longest = translation.unknown.keys().map(String::len).max();
    assert_eq!(longest, Some(80));
}

/// JSON made of the words that the translators look for, so that it gets far.
fn any_json() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "id",
        "key",
        "message",
        "messages",
        "remoteJid",
        "participant",
        "fromMe",
        "update",
        "status",
        "messageTimestamp",
        "messageStubType",
        "messageStubParameters",
        "protocolMessage",
        "type",
        "editedMessage",
        "reactionMessage",
        "conversation",
        "extendedTextMessage",
        "text",
        "imageMessage",
        "jpegThumbnail",
        "fileSha256",
        "contextInfo",
        "quotedMessage",
        "low",
        "high",
        "unsigned",
        "data",
        "unreadCount",
        "muteEndTime",
        "pinned",
        "participants",
        "lid",
        "pn",
        "chats",
        "contacts",
        "reaction",
        "receipt",
        "userJid",
        "readTimestamp",
        "reactions",
        "action",
        "commentMessage",
        "templateMessage",
        "hydratedHsm",
        "highlyStructuredMessage",
        "pastParticipants",
        "blocklist",
        "callLogMesssage",
        "durationSecs",
        "pollCreationMessage",
        "options",
        "array",
        "contactsArrayMessage",
    ]);
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        prop::sample::select(vec![
            ANA,
            ANA_LID,
            GROUP,
            "status@broadcast",
            "1",
            "@",
            "REVOKE",
            "add",
            "{\"id\":1}"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(words.clone(), inner, 0..6)
                .prop_map(|map| map.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()),
        ]
    })
}

const EVENTS: [&str; 19] = [
    "messaging-history.set",
    "messages.set",
    "chats.set",
    "contacts.set",
    "messages.upsert",
    "messages.update",
    "messages.reaction",
    "message-receipt.update",
    "messages.delete",
    "chats.upsert",
    "chats.update",
    "chats.delete",
    "contacts.upsert",
    "contacts.update",
    "groups.upsert",
    "group-participants.update",
    "lid-mapping.update",
    "blocklist.update",
    "something.else",
];

proptest! {
    #[test]
    fn no_data_makes_an_event_panic(data in any_json()) {
        for name in EVENTS {
            let _ = event(name, &data);
            let _ = event(name, &json!([data]));
        }
    }

    #[test]
    fn no_content_makes_a_message_panic(content in any_json(), key in any_json()) {
        let _ = event("messages.upsert", &upsert(&message(&content)));
        let with_content = json!({"key": key, "update": {"message": content}});
        let _ = event("messages.update", &json!([with_content]));
    }

    #[test]
    fn no_json_makes_a_store_panic(chats in any_json(), messages in any_json(), contacts in any_json()) {
        let text = json!({"chats": chats, "messages": messages, "contacts": contacts}).to_string();
        let _ = baileys_store(text.as_bytes());
        let nested = json!({"messages": {ANA: messages}}).to_string();
        let _ = baileys_store(nested.as_bytes());
    }

    #[test]
    fn no_bytes_make_a_translator_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = (baileys_events(&bytes), baileys_store(&bytes), crate::detect(&bytes));
    }

    #[test]
    fn a_store_cut_anywhere_is_refused_and_never_read_in_part(cut in 0..200_usize) {
        let whole = format!(r#"{{"chats": [], "messages": {{"{ANA}": [{}]}}}}"#, message(&json!({"conversation": "hi"})));
        let end = cut.min(whole.len() - 1);
        prop_assert_eq!(baileys_store(&whole.as_bytes()[..end]), Err(crate::TranslateError::Truncated));
    }
}
