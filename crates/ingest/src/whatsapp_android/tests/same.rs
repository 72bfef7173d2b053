//! The same message from the phone and from a linked device is one.

use serde_json::json;
use threadkeep_protocol::MessageRecord;

use super::{schema::*, *};
use crate::{Format, translate};

/// What Baileys tells of the messages, as a history does.
fn from_a_linked_device(messages: &serde_json::Value) -> Vec<MessageRecord> {
    let event = json!({"event": "messaging-history.set",
        "data": {"chats": [], "contacts": [], "messages": messages, "isLatest": true}});
    let translation = translate(Format::BaileysEvents, event.to_string().as_bytes()).unwrap();
    assert_eq!(translation.errors, []);
    let records = translation.records.into_iter();
    records
        .filter_map(|(_, record)| match record {
            Record::Message(message) => Some(*message),
            _ => None,
        })
        .collect()
}

#[test]
fn each_field_is_the_same_from_both() {
    let phone = Phone::with(&[NEW, PEOPLE, "
        INSERT INTO message (_id, chat_row_id, from_me, key_id, sender_jid_row_id, status, timestamp, message_type, origin,
            text_data, starred) VALUES
          (2, 1, 0, 'T1', 0, 0, 1600000000000, 0, 0, 'hello', 1),
          (3, 1, 1, 'T2', 0, 5, 1600000001987, 0, 0, 'and you?', 0),
          (4, 2, 0, 'T3', 4, 0, 1600000002000, 1, 0, 'the lake', 0),
          (5, 2, 0, 'T4', 1, 0, 1600000003000, 2, 1, NULL, 0),
          (6, 1, 0, 'T5', 0, 0, 1600000004000, 5, 0, NULL, 0),
          (7, 1, 0, 'T6', 0, 0, 1600000005000, 66, 0, 'Lunch?', 0),
          (8, 1, 0, 'T7', 0, 0, 1600000006000, 4, 0, NULL, 0),
          (9, 1, 0, 'T8', 0, 0, 1600000007000, 9, 0, 'see page 2', 0),
          (10, 1, 0, 'T9', 0, 0, 1600000008000, 90, 0, NULL, 0),
          (11, 1, 0, 'TA', 0, 0, 1600000009000, 42, 0, NULL, 0);
        INSERT INTO message_quoted (message_row_id, chat_row_id, from_me, key_id, text_data) VALUES (3, 1, 0, 'T1', 'hello');
        INSERT INTO message_forwarded VALUES (4, 2);
        INSERT INTO message_mentions (message_row_id, jid_row_id) VALUES (4, 1);
        INSERT INTO message_media (message_row_id, mime_type, file_length, width, height, media_duration, media_name, file_hash,
            enc_file_hash, media_key, media_key_timestamp, direct_path, message_url) VALUES
          (4, 'image/jpeg', 2048, 1280, 960, 0, NULL, 'q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=', 'AQID', x'040506',
            1600000000, '/v/1', 'https://mmg.example.invalid/1'),
          (5, 'audio/ogg; codecs=opus', 99, 0, 0, 7, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
          (9, 'application/pdf', 99, 0, 0, 0, 'lease.pdf', NULL, NULL, NULL, NULL, NULL, NULL),
          (11, 'image/jpeg', 99, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
        INSERT INTO message_thumbnail VALUES (4, x'ffd8');
        INSERT INTO message_add_on (_id, from_me, key_id, sender_jid_row_id, parent_message_row_id) VALUES (1, 0, 'R1', 1, 4);
        INSERT INTO message_add_on_reaction VALUES (1, '👍', 1600000002345);
        INSERT INTO message_location (message_row_id, latitude, longitude, place_name, place_address) VALUES (6, 52.5, 13.4, 'Berlin', 'Mitte');
        INSERT INTO message_poll (message_row_id, selectable_options_count) VALUES (7, 1);
        INSERT INTO message_poll_option (message_row_id, option_name, vote_total) VALUES (7, 'Pizza', 0), (7, '寿司', 0);
        INSERT INTO message_vcard (message_row_id, vcard) VALUES (8, 'BEGIN:VCARD\nFN:Bob\nEND:VCARD');
        INSERT INTO call_log (_id, jid_row_id, from_me, call_id, timestamp, video_call, duration, call_result) VALUES
          (1, 1, 0, 'call:1', 1600000008000, 1, 65, 5);
        INSERT INTO message_call_log VALUES (10, 1);
    "]);
    let key = |id: &str, from_me: bool| json!({"remoteJid": ANA, "fromMe": from_me, "id": id});
    let in_group = |id: &str, sender: &str| json!({"remoteJid": GROUP, "fromMe": false, "id": id, "participant": sender});
    let linked = from_a_linked_device(&json!([
        {"key": key("T1", false), "messageTimestamp": 1_600_000_000, "starred": true, "message": {"conversation": "hello"}},
        {"key": key("T2", true), "messageTimestamp": 1_600_000_001, "status": "DELIVERY_ACK",
            "message": {"extendedTextMessage": {"text": "and you?",
                "contextInfo": {"stanzaId": "T1", "participant": ANA, "quotedMessage": {"conversation": "hello"}}}}},
        {"key": in_group("T3", BEN), "messageTimestamp": 1_600_000_002,
            "reactions": [{"key": {"remoteJid": GROUP, "fromMe": false, "id": "R1", "participant": ANA}, "text": "👍",
                "senderTimestampMs": 1_600_000_002_345_i64}],
            "message": {"imageMessage": {"caption": "the lake", "mimetype": "image/jpeg", "fileLength": 2048, "width": 1280,
                "height": 960, "fileSha256": vec![171; 32], "fileEncSha256": [1, 2, 3], "mediaKey": [4, 5, 6],
                "mediaKeyTimestamp": 1_600_000_000, "directPath": "/v/1", "url": "https://mmg.example.invalid/1",
                "jpegThumbnail": [255, 216],
                "contextInfo": {"isForwarded": true, "mentionedJid": [ANA]}}}},
        {"key": in_group("T4", ANA), "messageTimestamp": 1_600_000_003,
            "message": {"audioMessage": {"ptt": true, "seconds": 7, "mimetype": "audio/ogg; codecs=opus", "fileLength": 99}}},
        {"key": key("T5", false), "messageTimestamp": 1_600_000_004,
            "message": {"locationMessage": {"degreesLatitude": 52.5, "degreesLongitude": 13.4, "name": "Berlin", "address": "Mitte"}}},
        {"key": key("T6", false), "messageTimestamp": 1_600_000_005,
            "message": {"pollCreationMessageV3": {"name": "Lunch?", "selectableOptionsCount": 1,
                "options": [{"optionName": "Pizza"}, {"optionName": "寿司"}]}}},
        {"key": key("T7", false), "messageTimestamp": 1_600_000_006,
            "message": {"contactMessage": {"displayName": "Bob", "vcard": "BEGIN:VCARD\nFN:Bob\nEND:VCARD"}}},
        {"key": key("T8", false), "messageTimestamp": 1_600_000_007,
            "message": {"documentMessage": {"fileName": "lease.pdf", "caption": "see page 2", "mimetype": "application/pdf", "fileLength": 99}}},
        {"key": key("T9", false), "messageTimestamp": 1_600_000_008,
            "message": {"callLogMesssage": {"isVideo": true, "callOutcome": "CONNECTED", "durationSecs": 65}}},
        {"key": key("TA", false), "messageTimestamp": 1_600_000_009,
            "message": {"viewOnceMessageV2": {"message": {"imageMessage": {"mimetype": "image/jpeg", "fileLength": 99}}}}},
    ]));
    let told = phone.read();
    assert_eq!(linked.len(), 10);
    for mut linked in linked {
        let own = told.message(&linked.external_message_id);
        linked.sync_source = own.sync_source;
        assert_eq!(json!(own), json!(linked), "{}", linked.external_message_id);
    }
}
