//! The same message from this file and from Baileys is told in the same fields.

use base64::{Engine, engine::general_purpose::STANDARD};
use rstest::rstest;
use serde_json::{Value, json};
use threadkeep_protocol::SyncSource;

use super::*;

/// What Baileys says of a message of Ana's, or of Ben's in the group.
fn baileys(content: &Value, in_group: bool) -> MessageRecord {
    let key = if in_group {
        json!({"remoteJid": GROUP, "participant": BEN, "fromMe": false, "id": "3A0001"})
    } else {
        json!({"remoteJid": ANA, "fromMe": false, "id": "3A0001"})
    };
    let mut message = json!({"key": key, "messageTimestamp": 1_600_000_000});
    let fields = message.as_object_mut().unwrap();
    if content.get("messageStubType").is_some() {
        fields.extend(content.as_object().unwrap().clone());
    } else {
        fields.insert("message".to_owned(), content.clone());
    }
    let store = json!({"chats": [], "contacts": {}, "messages": {"chat": [message]}}).to_string();
    let translation = crate::baileys_store(store.as_bytes()).unwrap();
    let mut messages = translation
        .records
        .into_iter()
        .filter_map(|(_, record)| match record {
            Record::Message(message) => Some(*message),
            _ => None,
        });
    let mut message = messages.next_back().expect("it is a message");
    message.sync_source = SyncSource::Import;
    message
}

fn same(archive: &Archive, content: &Value, in_group: bool) {
    assert_eq!(archive.one(), baileys(content, in_group));
}

#[rstest]
#[case::direct(false)]
#[case::group(true)]
fn a_text(#[case] in_group: bool) {
    let archive = Archive::new();
    let (chat, member) = if in_group { (2, Some(2)) } else { (1, None) };
    archive.message(&Row {
        text: Some("Hello\nthere"),
        chat: Some(chat),
        member,
        ..Row::default()
    });
    same(&archive, &json!({"conversation": "Hello\nthere"}), in_group);
}

#[test]
fn a_forwarded_answer() {
    let archive = Archive::new();
    let quoted = field(19, field(6, field(1, "When?")));
    let media = archive.media("ZMETADATA", [[field(5, "3A0000AA"), quoted].concat()]);
    archive.message(&Row {
        text: Some("Now"),
        media: Some(media),
        ..Row::default()
    });
    archive.run("UPDATE ZWAMESSAGE SET ZFLAGS = 16777216 | 384", []);
    let content = json!({"extendedTextMessage": {"text": "Now", "contextInfo": {
        "isForwarded": true,
        "stanzaId": "3A0000AA",
        "quotedMessage": {"extendedTextMessage": {"text": "When?"}},
    }}});
    same(&archive, &content, false);
}

#[rstest]
#[case::picture(1, 0, "imageMessage", json!({"width": 300, "height": 400}))]
#[case::film(2, 0, "videoMessage", json!({"width": 300, "height": 400, "seconds": 5}))]
#[case::moving_picture(11, 0, "videoMessage", json!({"width": 300, "height": 400, "seconds": 5, "gifPlayback": true}))]
#[case::voice(3, 1, "audioMessage", json!({"seconds": 5, "ptt": true}))]
#[case::audio(3, 0, "audioMessage", json!({"seconds": 5}))]
fn a_file(#[case] kind: i64, #[case] origin: i64, #[case] name: &str, #[case] more: Value) {
    let archive = Archive::new();
    let hash = STANDARD.encode([7; 32]);
    let media = archive.media(
        "ZTITLE, ZFILESIZE, ZVCARDSTRING, ZVCARDNAME, ZLATITUDE, ZLONGITUDE, ZMOVIEDURATION, ZMEDIAORIGIN",
        params!["A view", 99, "a/b", hash, 300.0, 400.0, 5, origin],
    );
    archive.message(&Row {
        kind,
        media: Some(media),
        ..Row::default()
    });
    let mut part =
        json!({"caption": "A view", "fileLength": 99, "mimetype": "a/b", "fileSha256": hash});
    part.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    same(&archive, &json!({ name: part }), false);
}

#[test]
fn a_document() {
    let archive = Archive::new();
    let media = archive.media(
        "ZTITLE, ZFILESIZE, ZVCARDSTRING",
        params!["Plan.pdf", 99, "application/pdf"],
    );
    archive.message(&Row {
        kind: 8,
        text: Some("Look"),
        media: Some(media),
        ..Row::default()
    });
    let part = json!({"fileName": "Plan.pdf", "fileLength": 99, "mimetype": "application/pdf", "caption": "Look"});
    same(&archive, &json!({"documentMessage": part}), false);
}

#[test]
fn a_contact() {
    let archive = Archive::new();
    let media = archive.media("ZVCARDNAME, ZVCARDSTRING", ["Ben", "BEGIN:VCARD"]);
    archive.message(&Row {
        kind: 4,
        media: Some(media),
        ..Row::default()
    });
    let part = json!({"displayName": "Ben", "vcard": "BEGIN:VCARD"});
    same(&archive, &json!({"contactMessage": part}), false);
}

#[test]
fn a_place() {
    let archive = Archive::new();
    let media = archive.media(
        "ZLATITUDE, ZLONGITUDE, ZTITLE, ZVCARDNAME",
        params![52.5, 13.4, "Café", "Street 1"],
    );
    archive.message(&Row {
        kind: 5,
        media: Some(media),
        ..Row::default()
    });
    let part = json!({"degreesLatitude": 52.5, "degreesLongitude": 13.4, "name": "Café", "address": "Street 1"});
    same(&archive, &json!({"locationMessage": part}), false);
}

#[test]
fn a_message_that_was_taken_back() {
    let archive = Archive::new();
    archive.message(&Row {
        kind: 14,
        ..Row::default()
    });
    same(&archive, &json!({"messageStubType": 1}), false);
}

#[rstest]
#[case::missed(10, 1, json!({"messageStubType": 40}))]
#[case::encrypted(10, 2, json!({"messageStubType": 39}))]
#[case::left(6, 3, json!({"messageStubType": 32, "messageStubParameters": [BEN]}))]
#[case::added(6, 2, json!({"messageStubType": 27, "messageStubParameters": [BEN]}))]
fn a_line_of_the_platform(#[case] kind: i64, #[case] event: i64, #[case] stub: Value) {
    let archive = Archive::new();
    archive.message(&Row {
        kind,
        event,
        chat: Some(2),
        member: Some(2),
        ..Row::default()
    });
    let (ours, theirs) = (archive.one(), baileys(&stub, true));
    assert_eq!(
        (ours.message_type, ours.content, ours.timestamp),
        (theirs.message_type, theirs.content, theirs.timestamp),
        "the words are the same; the raw form is each one's own"
    );
}
