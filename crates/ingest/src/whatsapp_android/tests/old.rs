//! The old generation, and a phone that is moving from it.

use serde_json::json;
use threadkeep_protocol::{MessageKind, Timestamp};

use super::{schema::*, *};

const MESSAGES: &str = "
INSERT INTO messages (_id, key_remote_jid, key_from_me, key_id, status, data, timestamp, media_wa_type, remote_resource,
    starred, quoted_row_id, mentioned_jids, forwarded, edit_version) VALUES
  (2, '4915550001@s.whatsapp.net', 0, 'A2', 0, 'hello', 1500000000123, '0', NULL, 1, 0, NULL, 0, 0),
  (3, '120363000000000001@g.us', 0, 'A3', 0, 'hi @4915550001', 1500000001000, '0', '4915550002@s.whatsapp.net', 0, 1,
    '4915550001@s.whatsapp.net,4915550002@s.whatsapp.net', 1, 0),
  (4, '120363000000000001@g.us', 1, 'A4', 5, 'all come', 1500000002000, '0', NULL, 0, 0, NULL, 0, 0),
  (5, '4915550001@s.whatsapp.net', 0, 'A5', 0, NULL, 1500000003000, '15', NULL, 0, 0, NULL, 0, 7);
INSERT INTO messages_quotes (_id, key_remote_jid, key_id, data) VALUES (1, '120363000000000001@g.us', 'A1', 'who comes');
INSERT INTO messages (_id, key_remote_jid, key_from_me, key_id, status, data, timestamp, media_wa_type, media_size,
    remote_resource) VALUES
  (6, '120363000000000001@g.us', 1, 'L1', 6, 'Lake trip', 1500000004000, '0', 11, NULL),
  (7, '120363000000000001@g.us', 0, 'L2', 6, NULL, 1500000005000, '0', 5, '4915550002@s.whatsapp.net');
INSERT INTO messages (_id, key_remote_jid, key_from_me, key_id, timestamp, media_wa_type, media_mime_type, media_size,
    media_name, media_caption, media_hash, media_duration, origin, latitude, longitude) VALUES
  (8, '4915550001@s.whatsapp.net', 0, 'I1', 1500000006000, '1', 'image/jpeg', 2048, 'x', 'the lake',
    'q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=', 0, 0, 0.0, 0.0),
  (9, '4915550001@s.whatsapp.net', 0, 'V1', 1500000007000, '2', 'audio/ogg', 99, NULL, NULL, NULL, 7, 1, 0.0, 0.0),
  (10, '4915550001@s.whatsapp.net', 0, 'P1', 1500000008000, '5', NULL, 0, 'Berlin\nAlexanderplatz 1', NULL, NULL, 0, 0, 52.5, 13.4);
INSERT INTO messages (_id, key_remote_jid, key_from_me, key_id, timestamp, media_wa_type, media_name, data) VALUES
  (11, '4915550001@s.whatsapp.net', 0, 'C1', 1500000009000, '4', 'Bob', 'BEGIN:VCARD\nFN:Bob B\nEND:VCARD');
INSERT INTO chat_list (key_remote_jid, subject, archived, sort_timestamp, unseen_message_count) VALUES
  ('4915550001@s.whatsapp.net', NULL, NULL, 1500000008000, 3), ('120363000000000001@g.us', 'Lake trip', 1, NULL, 0);
INSERT INTO group_participants (gjid, jid, admin) VALUES ('120363000000000001@g.us', '4915550002@s.whatsapp.net', 1),
  ('120363000000000001@g.us', '', 2);
INSERT INTO receipts (key_remote_jid, key_id, remote_resource, receipt_device_timestamp, read_device_timestamp) VALUES
  ('120363000000000001@g.us', 'A4', '4915550002@s.whatsapp.net', 1500000002500, 1500000003500);
";

#[test]
fn everything_in_one_table_is_read() {
    let told = Phone::with(&[OLD, MESSAGES]).read();
    assert_eq!(
        (told.errors.as_slice(), &told.unknown),
        (&[][..], &BTreeMap::new())
    );
    let message = told.message("A2");
    assert_eq!(message.external_conversation_id, ANA);
    assert_eq!(message.sender_external_id.as_deref(), Some(ANA));
    assert_eq!(message.timestamp, Timestamp::from_seconds(1_500_000_000));
    assert_eq!(message.is_starred, Some(true));
    let message = told.message("A3");
    assert_eq!(message.sender_external_id.as_deref(), Some(BEN));
    assert_eq!(message.reply_to_external_id.as_deref(), Some("A1"));
    assert_eq!(message.reply_to_preview.as_deref(), Some("who comes"));
    assert_eq!(message.is_forwarded, Some(true));
    assert_eq!(
        json!(message.platform_metadata),
        json!({"mentions": [ANA, BEN]})
    );
    assert_eq!(told.message("A5").is_deleted, Some(true));
    assert_eq!(
        told.message("L1").content,
        "The group “Lake trip” was created"
    );
    assert_eq!(told.message("L2").content, "+4915550002 left");
    let image = told.message("I1");
    assert_eq!(
        (image.message_type, image.content.as_str()),
        (MessageKind::Image, "the lake")
    );
    let media = image.media.as_ref().unwrap();
    assert_eq!(
        (media.file_size, media.sha256.as_deref()),
        (Some(2048), Some("ab".repeat(32).as_str()))
    );
    assert_eq!(told.message("V1").message_type, MessageKind::Voice);
    let place = told.message("P1");
    assert_eq!(place.content, "Berlin");
    assert_eq!(
        json!(place.platform_metadata),
        json!({"location": {"latitude": 52.5, "longitude": 13.4, "name": "Berlin", "address": "Alexanderplatz 1",
            "live": false}})
    );
    let card = told.message("C1");
    assert_eq!(card.content, "Bob");
    assert_eq!(
        json!(card.platform_metadata),
        json!({"contacts": [{"display_name": "Bob B", "vcard": "BEGIN:VCARD\nFN:Bob B\nEND:VCARD"}]})
    );
    let kinds: Vec<_> = told
        .records
        .iter()
        .map(|(_, record)| match record {
            Record::Conversation(chat) => ("chat", chat.external_conversation_id.as_str()),
            Record::Participant(person) => ("participant", person.external_participant_id.as_str()),
            Record::Receipt(receipt) => ("receipt", receipt.external_message_id.as_str()),
            _ => ("message", ""),
        })
        .filter(|(kind, _)| *kind != "message")
        .collect();
    assert_eq!(
        kinds,
        [
            ("chat", ANA),
            ("chat", GROUP),
            ("participant", BEN),
            ("receipt", "A4")
        ],
        "the person's own row in the group has no address"
    );
}

#[test]
fn a_phone_that_is_moving_has_each_message_once() {
    let moved = "
        INSERT INTO message (_id, chat_row_id, from_me, key_id, timestamp, message_type, text_data) VALUES
          (2, 1, 0, 'A2', 1500000000123, 0, 'hello'), (90, 1, 0, 'B1', 1600000000000, 0, 'after the move');
        INSERT INTO message_media (message_row_id, mime_type, file_length, width, height) VALUES (8, 'image/jpeg', 2048, 640, 480);
        INSERT INTO message_edit_info VALUES (4, 'A4', 1, 1);
    ";
    let old = Phone::with(&[OLD, MESSAGES]).read();
    let both = Phone::with(&[OLD, MESSAGES, NEW, PEOPLE, moved]).read();
    assert_eq!(both.errors, []);
    let ids = |told: &Collected| -> Vec<String> {
        let mut ids: Vec<_> = told
            .messages()
            .iter()
            .map(|message| message.external_message_id.clone())
            .collect();
        ids.sort();
        ids
    };
    let mut expected = ids(&old);
    expected.push("B1".to_owned());
    expected.sort();
    assert_eq!(ids(&both), expected, "none is lost and none is told twice");
    let media = both.message("I1").media.as_ref().unwrap();
    assert_eq!(
        (media.width, media.file_size),
        (Some(640), Some(2048)),
        "the tables beside are for both"
    );
}

#[test]
fn releases_that_lack_columns_are_read() {
    let told = Phone::with(&["
        CREATE TABLE messages (_id INTEGER PRIMARY KEY, key_remote_jid TEXT, key_from_me INTEGER, key_id TEXT, data TEXT,
          timestamp INTEGER);
        INSERT INTO messages VALUES (1, '4915550001@s.whatsapp.net', 1, 'A1', 'long ago', 1300000000000);
        CREATE TABLE chat_list (_id INTEGER PRIMARY KEY, key_remote_jid TEXT UNIQUE);
        INSERT INTO chat_list VALUES (1, '4915550001@s.whatsapp.net');
    "]).read();
    assert_eq!(told.errors, []);
    let message = told.message("A1");
    assert_eq!(
        (message.content.as_str(), message.is_from_me),
        ("long ago", true)
    );
}
