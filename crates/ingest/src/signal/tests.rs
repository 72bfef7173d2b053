use base64::{Engine, engine::general_purpose::STANDARD};
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::*;
use crate::{
    Input, Limits,
    collected::{Collected, folder, open, options},
};

fn id(byte: u8) -> String {
    STANDARD.encode([byte; 16])
}

/// A pointer to a file, and the name that the file has in the export.
fn pointer(bytes: &[u8], mime: &str) -> (Value, String) {
    let (hash, key) = (Sha256::digest(bytes), [7_u8; 64]);
    let name = Sha256::new()
        .chain_update(hash)
        .chain_update(key)
        .finalize();
    let name = people::hex(&name);
    let pointer = json!({
        "contentType": mime,
        "locatorInfo": {"plaintextHash": STANDARD.encode(hash), "localKey": STANDARD.encode(key), "size": bytes.len()},
    });
    let ending = mime.rsplit('/').next().unwrap();
    (pointer, format!("files/{}/{name}.{ending}", &name[..2]))
}

fn item(chat: u8, author: u8, sent: u64, more: Value) -> Value {
    let mut item = json!({"chatId": chat.to_string(), "authorId": author.to_string(), "dateSent": sent.to_string()});
    item.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    json!({ "chatItem": item })
}

fn standard(more: Value) -> Value {
    json!({"standardMessage": more, "incoming": {"dateReceived": "1709294400500"}})
}

/// One of each kind of frame, and the files beside it.
fn everything() -> (Vec<Value>, Vec<(String, Vec<u8>)>) {
    let (photo, photo_path) = pointer(b"photo", "image/jpeg");
    let (lost, _) = pointer(b"lost", "audio/aac");
    let (long, long_path) = pointer(b"the whole text", "text/x-signal-plain");
    let (sticker, _) = pointer(b"sticker", "image/webp");
    let frames = vec![
        json!({"version": "1", "backupTimeMs": "1715636551000", "mediaRootBackupKey": "q6s="}),
        json!({"account": {"profileKey": "YQ==", "givenName": "Mi"}}),
        json!({"recipient": {"id": "1", "self": {}}}),
        json!({"recipient": {"id": "2", "contact": {"aci": id(1), "e164": "351900000001", "profileGivenName": "Ana", "profileFamilyName": "Prova", "systemGivenName": "Anita", "blocked": true}}}),
        json!({"recipient": {"id": "3", "contact": {"e164": "351900000002", "profileGivenName": "Bo"}}}),
        json!({"recipient": {"id": "4", "group": {"masterKey": STANDARD.encode([9; 32]), "snapshot": {
            "title": {"title": "Boats"}, "description": {"descriptionText": "All about them"},
            "members": [{"userId": id(1), "role": "ADMINISTRATOR"}, {"userId": id(5)}],
        }}}}),
        json!({"recipient": {"id": "5", "distributionList": {"distributionId": "AA=="}}}),
        json!({"chat": {"id": "11", "recipientId": "2", "archived": true, "pinnedOrder": 1}}),
        json!({"chat": {"id": "12", "recipientId": "4", "muteUntilMs": "9223372036854775807"}}),
        json!({"chat": {"id": "13", "recipientId": "1"}}),
        item(
            11,
            2,
            1_709_294_400_000,
            standard(json!({
                "text": {"body": "\u{fffc}: snow", "bodyRanges": [{"length": 1, "mentionAci": id(1)}, {"start": 3, "length": 4, "style": "BOLD"}]},
                "reactions": [{"emoji": "❤", "authorId": "1", "sentTimestamp": "1709294401000"}],
            })),
        ),
        item(
            11,
            1,
            1_709_294_402_000,
            json!({
                "standardMessage": {"text": {"body": "Oh!"}, "quote": {"targetSentTimestamp": "1709294400000", "authorId": "2", "text": {"body": "snow"}}},
                "outgoing": {"sendStatus": [{"recipientId": "2", "timestamp": "1709294403000", "read": {"sealedSender": true}}]},
            }),
        ),
        item(
            11,
            1,
            1_709_294_405_000,
            json!({
                "standardMessage": {"text": {"body": "third"}}, "outgoing": {},
                "revisions": [
                    {"chatId": "11", "authorId": "1", "dateSent": "1709294403000", "standardMessage": {"text": {"body": "first"}}},
                    {"chatId": "11", "authorId": "1", "dateSent": "1709294404000", "standardMessage": {"text": {"body": "second"}}},
                ],
            }),
        ),
        item(
            12,
            2,
            1_709_294_406_000,
            standard(json!({
                "text": {"body": "two"},
                "attachments": [{"pointer": photo, "wasDownloaded": true}, {"pointer": lost, "flag": "VOICE_MESSAGE"}],
            })),
        ),
        item(
            12,
            3,
            1_709_294_407_000,
            standard(json!({"text": {"body": "the who"}, "longText": long})),
        ),
        item(
            12,
            3,
            1_709_294_408_000,
            json!({"stickerMessage": {"sticker": {"emoji": "👋", "data": sticker}}, "incoming": {}}),
        ),
        item(
            12,
            3,
            1_709_294_409_000,
            json!({"contactMessage": {"contact": {"name": {"givenName": "Cy"}, "number": [{"value": "+351 900"}]}}, "incoming": {}}),
        ),
        item(
            12,
            3,
            1_709_294_410_000,
            json!({"remoteDeletedMessage": {}, "incoming": {}}),
        ),
        item(
            12,
            3,
            1_709_294_411_000,
            json!({"poll": {"question": "Tea?", "options": [
            {"option": "Yes", "votes": [{"voterId": "1", "voteCount": 1}]}, {"option": "No"},
        ]}, "incoming": {}}),
        ),
        item(
            12,
            2,
            1_709_294_412_000,
            json!({"updateMessage": {"groupChange": {"updates": [{"groupMemberAddedUpdate": {"newMemberAci": id(1)}}]}}, "directionless": {}}),
        ),
        item(
            11,
            2,
            1_709_294_413_000,
            json!({"updateMessage": {"individualCall": {"type": "AUDIO_CALL", "state": "MISSED"}}, "directionless": {}}),
        ),
        item(
            11,
            2,
            1_709_294_414_000,
            json!({"viewOnceMessage": {}, "incoming": {}}),
        ),
        item(
            13,
            1,
            1_709_294_415_000,
            json!({"standardMessage": {"text": {"body": "milk"}}, "outgoing": {}}),
        ),
        item(
            11,
            2,
            1_709_294_416_000,
            json!({"hologramMessage": {"depth": 3}, "incoming": {}}),
        ),
        json!({"stickerPack": {"packId": "AA=="}}),
        item(
            99,
            2,
            1_709_294_417_000,
            standard(json!({"text": {"body": "nowhere"}})),
        ),
    ];
    let files = vec![
        (photo_path, b"photo".to_vec()),
        (long_path, b"the whole text".to_vec()),
    ];
    (frames, files)
}

fn written(frames: &[Value]) -> Vec<u8> {
    let lines: Vec<String> = frames.iter().map(Value::to_string).collect();
    lines.join("\n").into_bytes()
}

#[test]
fn one_of_each_kind() {
    let (frames, files) = everything();
    let text = written(&frames);
    let mut all: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
        .collect();
    all.push(("main.jsonl", &text));
    let read = Collected::of(&all, &options(), read);
    insta::assert_json_snapshot!(read.json());
    insta::assert_debug_snapshot!((&read.errors, &read.unknown, read.skipped));
    assert_eq!(
        read.contents.len(),
        1,
        "the picture; the text is none of a person's files"
    );
}

#[test]
fn an_export_without_its_files_still_says_what_they_were() {
    let (frames, _) = everything();
    let read = Collected::of(&[("main.jsonl", &written(&frames))], &options(), read);
    let messages = read.messages();
    let photo = messages.iter().find(|m| m.content == "two").unwrap();
    let hash = people::hex(&Sha256::digest(b"photo"));
    assert_eq!(
        photo.media.as_ref().unwrap().sha256,
        Some(hash),
        "so that the file is found when it comes from elsewhere"
    );
    assert!(
        messages.iter().any(|m| m.content == "the who"),
        "and a long text has its beginning"
    );
}

#[rstest]
#[case::export(r#"{"version":"1","backupTimeMs":"1","mediaRootBackupKey":""}"#, true)]
#[case::without_the_first_line(r#"{"account":{"profileKey":"YQ=="}}"#, true)]
#[case::cut_short(
    r#"{"version":"1","backupTimeMs":"1"}
{"acc"#,
    true
)]
#[case::events(r#"{"event":"chats.upsert","data":[]}"#, false)]
#[case::neutral(r#"{"type":"message"}"#, false)]
#[case::other_account(r#"{"account":{"id":1}}"#, false)]
#[case::nothing("", false)]
fn an_export_is_told_by_what_is_in_it(#[case] text: &str, #[case] is_export: bool) {
    let folder = folder(&[("x.txt", text.as_bytes())]);
    let input = Input::open(&folder.path().join("x.txt"), Limits::default()).unwrap();
    assert_eq!(recognise(&input).unwrap(), is_export);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_changed_in_it_nothing_panics(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..16),
    ) {
        let mut text = written(&everything().0);
        for (place, byte) in &changes {
            let place = place.index(text.len());
            text[place] = *byte;
        }
        let folder = folder(&[("main.jsonl", &text)]);
        let input = open(&folder).unwrap();
        let entries: Vec<&Entry> = input.entries().iter().collect();
        let read = reader::read(&input, &entries, &options(), &mut Collected::default());
        prop_assert!(read.is_ok(), "a bad line costs only itself");
    }
}
