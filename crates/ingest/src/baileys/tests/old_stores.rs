//! Store files of all releases.

use rstest::rstest;

use super::*;
use crate::TranslateError;

fn store(text: &str) -> Translation {
    seed::keep_bytes("baileys_store", text.as_bytes());
    baileys_store(text.as_bytes()).unwrap()
}

#[test]
fn chats_and_messages_may_be_objects_by_id() {
    let translation = store(
        r#"{
      "chats": {"4915550001@s.whatsapp.net": {"id": "4915550001@s.whatsapp.net",
        "name": "Ana", "unreadCount": 0, "conversationTimestamp": 1770354226}},
      "messages": {"4915550001@s.whatsapp.net": {
        "3EB01": {"key": {"remoteJid": "4915550001@s.whatsapp.net", "fromMe": true, "id": "3EB01"},
          "message": {"conversation": "olá"}, "messageTimestamp": 1770354226},
        "3EB02": {"key": {"fromMe": false}, "message": {"conversation": "filed under its id"},
          "messageTimestamp": {"low": 1770354227, "high": 0, "unsigned": true}}}},
      "contacts": {"4915550001@s.whatsapp.net": {"id": "4915550001@s.whatsapp.net", "name": "Ana"},
        "4915550002@s.whatsapp.net": {"name": "filed under its id"}}
    }"#,
    );
    insta::assert_json_snapshot!(translation.records);
    assert_eq!(translation.errors, []);
}

#[rstest]
#[case::list(r#"{"messages": {"4915550001@s.whatsapp.net": [M, M]}}"#)]
#[case::dictionary(r#"{"messages": {"4915550001@s.whatsapp.net": {"array": [M, M], "dict": {}}}}"#)]
#[case::by_id(r#"{"messages": {"4915550001@s.whatsapp.net": {"A1": M, "A2": M}}}"#)]
#[case::with_all_else(
    r#"{"labels": [{"id": 1}], "labelAssociations": [], "presences": {}, "chats": null,
    "messages": {"4915550001@s.whatsapp.net": [M, M]}}"#
)]
fn messages_are_found_however_they_are_kept(#[case] text: &str) {
    let one = message(&json!({"conversation": "hi"})).to_string();
    let translation = store(&text.replace('M', &one));
    assert_eq!(translation.records.len(), 2);
    assert_eq!(translation.errors, []);
    let Record::Message(told) = &translation.records[0].1 else {
        panic!("a message");
    };
    assert_eq!(told.sync_source, SyncSource::Import);
}

#[test]
fn places_are_running_numbers_and_a_broken_message_costs_only_itself() {
    let one = message(&json!({"conversation": "hi"})).to_string();
    let text = format!(
        r#"{{"chats": [{{"id": "a@g.us"}}, 7], "messages": {{"{ANA}": [{one}, {{"key": tru}}, {one}]}}}}"#
    );
    let translation = store(&text);
    let places: Vec<_> = translation.records.iter().map(|record| record.0).collect();
    let errors: Vec<_> = translation.errors.iter().map(|error| error.index).collect();
    assert_eq!((places, errors), (vec![0, 2, 4], vec![1, 3]));
}

#[test]
fn a_message_that_was_taken_back_keeps_the_id_that_it_is_filed_under() {
    // `Object.assign(message, update)` puts the key of the news over the message's own.
    let text = format!(
        r#"{{"messages": {{"{ANA}": {{"A1": {{"key": {{"remoteJid": "{ANA}", "id": "NEWS"}},
            "message": null, "messageStubType": "REVOKE", "messageTimestamp": 5}}}}}}}}"#
    );
    let translation = store(&text);
    let [(_, Record::Message(told))] = &translation.records[..] else {
        panic!("a message: {:?}", translation.records);
    };
    assert_eq!(
        (told.external_message_id.as_str(), told.is_deleted),
        ("A1", Some(true))
    );
}

#[rstest]
#[case::cut(r#"{"chats": [], "messages": {"a": ["#, TranslateError::Truncated)]
#[case::cut_in_a_text(r#"{"chats": [{"id": "49"#, TranslateError::Truncated)]
#[case::nothing("", TranslateError::Truncated)]
#[case::no_json("PK\u{3}\u{4}", TranslateError::NotJson { at: 0 })]
fn a_file_that_is_unusable_is_refused_as_a_whole(
    #[case] text: &str,
    #[case] error: TranslateError,
) {
    assert_eq!(baileys_store(text.as_bytes()), Err(error));
}

#[rstest]
#[case::list("[1, 2]")]
#[case::text("\"chats\"")]
#[case::other_object(r#"{"name": "package"}"#)]
#[case::empty("{}")]
fn other_json_is_no_store(#[case] text: &str) {
    let error = baileys_store(text.as_bytes()).unwrap_err();
    assert!(
        matches!(error, TranslateError::WrongShape { .. }),
        "{error}"
    );
}
