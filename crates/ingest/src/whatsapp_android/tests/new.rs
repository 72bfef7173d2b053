//! The new generation: one of each kind, and what hangs on a message.

use serde_json::json;
use threadkeep_protocol::{DeliveryStatus, ME, SyncSource, Timestamp};

use super::*;

#[test]
fn a_message_is_told_with_all_that_hangs_on_it() {
    let told = of_2025(&["
        INSERT INTO message (_id, chat_row_id, from_me, key_id, sender_jid_row_id, status, timestamp, message_type,
            text_data, starred, origination_flags)
          VALUES (2, 2, 0, 'A1', 4, 0, 1600000000789, 0, 'who comes @100000000000002?', 1, 1),
                 (3, 2, 1, 'A2', 0, 13, 1600000005999, 0, 'me', 0, 0);
        INSERT INTO message_quoted (message_row_id, chat_row_id, from_me, key_id, text_data) VALUES (3, 2, 0, 'A1', 'who comes');
        INSERT INTO message_mentions (message_row_id, jid_row_id) VALUES (2, 4), (2, 6);
        INSERT INTO message_add_on (_id, from_me, key_id, sender_jid_row_id, parent_message_row_id) VALUES
          (1, 0, 'R1', 1, 2), (2, 1, 'R2', 0, 2), (3, 0, 'R3', 4, 2), (4, 0, 'R4', 1, 99);
        INSERT INTO message_add_on_reaction VALUES (1, '👍', 1600000001234), (2, '❤️', 1600000002000), (3, '', 1),
          (4, '👍', 1);
        INSERT INTO receipt_user (message_row_id, receipt_user_jid_row_id, receipt_timestamp, read_timestamp,
            played_timestamp) VALUES (3, 1, 1600000006500, 1600000007000, 0), (3, 4, 1600000008000, -1, NULL), (2, 1, 1, 1, 1);
    "])
    .read();
    assert_eq!(told.errors, [], "all of it can be read");
    assert_eq!(told.unknown, BTreeMap::new(), "and is known");

    let message = told.message("A1");
    assert_eq!(message.external_conversation_id, GROUP);
    assert_eq!(
        message.sender_external_id.as_deref(),
        Some(BEN),
        "the hidden id is known as a phone"
    );
    assert_eq!(message.content, "who comes @100000000000002?");
    assert_eq!(
        message.timestamp,
        Timestamp::from_seconds(1_600_000_000),
        "in whole seconds"
    );
    assert_eq!(
        (message.is_starred, message.is_forwarded),
        (Some(true), Some(true))
    );
    assert_eq!(message.sync_source, SyncSource::Import);
    assert_eq!(message.receipts, [], "receipts are for one's own messages");
    let metadata = message.platform_metadata.as_ref().unwrap();
    assert_eq!(
        metadata["mentions"],
        json!([BEN_LID, ANA]),
        "as the text names them, without a device"
    );
    let reactions: Vec<_> = message
        .reactions
        .iter()
        .map(|reaction| {
            (
                reaction.sender_external_id.as_str(),
                reaction.emoji.as_str(),
                reaction.at,
            )
        })
        .collect();
    assert_eq!(
        reactions,
        [
            (ANA, "👍", Some(Timestamp::from_millis(1_600_000_001_234))),
            (ME, "❤️", Some(Timestamp::from_millis(1_600_000_002_000))),
        ],
        "one that was taken back is none"
    );

    let message = told.message("A2");
    assert!(message.is_from_me);
    assert_eq!(
        message.sender_external_id, None,
        "one's own messages have no sender"
    );
    assert_eq!(message.delivery_status, Some(DeliveryStatus::Read));
    assert_eq!(message.reply_to_external_id.as_deref(), Some("A1"));
    assert_eq!(message.reply_to_preview.as_deref(), Some("who comes"));
    let receipts: Vec<_> = message
        .receipts
        .iter()
        .map(|receipt| {
            (
                receipt.participant_external_id.as_str(),
                receipt.delivered_at,
                receipt.read_at,
            )
        })
        .collect();
    let at = |seconds| Some(Timestamp::from_seconds(seconds));
    assert_eq!(
        receipts,
        [
            (ANA, at(1_600_000_006), at(1_600_000_007)),
            (BEN, at(1_600_000_008), None)
        ],
        "each person's own times"
    );
}

#[test]
fn an_edit_and_a_taking_back_belong_to_the_message_as_it_was_sent() {
    let told = of_2025(&["
        INSERT INTO message (_id, chat_row_id, from_me, key_id, timestamp, message_type, text_data) VALUES
          (2, 1, 0, 'EDIT', 1600000000000, 0, 'at nine'), (3, 1, 0, 'NEWS', 1600000001000, 15, NULL),
          (4, 2, 0, 'A4', 1600000001000, 64, NULL);
        INSERT INTO message_edit_info VALUES (2, 'A2', 1600000100000, 1600000099500);
        INSERT INTO message_revoked VALUES (3, 'A3', NULL, 1600000200000);
    "])
    .read();
    let message = told.message("A2");
    let at = Timestamp::from_seconds(1_600_000_099);
    assert_eq!(
        (message.edited_at, message.content.as_str()),
        (Some(at), "at nine")
    );
    let edits: Vec<_> = told
        .records
        .iter()
        .filter_map(|(_, record)| match record {
            Record::Edit(edit) => Some((
                edit.external_message_id.as_str(),
                edit.content.as_str(),
                edit.at,
            )),
            _ => None,
        })
        .collect();
    assert_eq!(
        edits,
        [("A2", "at nine", at)],
        "so that who knows the first text learns the second"
    );

    let message = told.message("A3");
    assert_eq!(
        (message.is_deleted, message.content.as_str()),
        (Some(true), "")
    );
    assert_eq!(
        message.deleted_at,
        Some(Timestamp::from_seconds(1_600_000_200))
    );
    assert_eq!(
        told.message("A4").is_deleted,
        Some(true),
        "an admin's doing, with nothing beside it"
    );
}

#[test]
fn one_of_each_kind() {
    let phone = of_2025(&["
        INSERT INTO message (_id, chat_row_id, from_me, key_id, timestamp, message_type, origin, text_data) VALUES
          (10, 1, 0, 'text', 1600000000000, 0, 0, 'hello'),
          (11, 1, 0, 'image', 1600000000000, 1, 0, 'the lake'),
          (12, 1, 0, 'voice', 1600000000000, 2, 1, NULL),
          (13, 1, 0, 'music', 1600000000000, 2, 0, NULL),
          (14, 1, 0, 'video', 1600000000000, 3, 0, NULL),
          (15, 1, 0, 'card', 1600000000000, 4, 0, NULL),
          (16, 1, 0, 'place', 1600000000000, 5, 0, NULL),
          (17, 1, 0, 'document', 1600000000000, 9, 0, NULL),
          (18, 1, 0, 'gif', 1600000000000, 13, 0, NULL),
          (19, 1, 0, 'cards', 1600000000000, 14, 0, '2 Kontakte'),
          (20, 1, 0, 'live', 1600000000000, 16, 0, 'on my way'),
          (21, 1, 0, 'sticker', 1600000000000, 20, 0, NULL),
          (22, 1, 0, 'once', 1600000000000, 42, 0, NULL),
          (23, 1, 0, 'poll', 1600000000000, 66, 0, 'Lunch?'),
          (24, 1, 0, 'round', 1600000000000, 81, 0, NULL),
          (25, 1, 0, 'call', 1600000000000, 90, 0, NULL),
          (26, 1, 0, 'missed', 1600000000000, 10, 0, NULL),
          (27, 2, 0, 'line', 1600000000000, 7, 0, 'Lake trip'),
          (28, 2, 0, 'joined', 1600000000000, 7, 0, NULL),
          (29, 1, 0, 'sealed', 1600000000000, 11, 0, NULL),
          (30, 1, 0, 'album', 1600000000000, 99, 0, NULL),
          (31, 1, 0, 'new', 1600000000000, 777, 0, 'words of a new kind'),
          (32, 1, 0, 'new file', 1600000000000, 778, 0, NULL),
          (33, 1, 0, 'invite', 1600000000000, 24, 0, NULL),
          (34, 2, 0, 'new line', 1600000000000, 7, 0, NULL);
        INSERT INTO message_media (message_row_id, mime_type, file_length, width, height, media_duration, media_name) VALUES
          (11, 'image/jpeg', 2048, 1280, 960, 0, 'IMG.jpg'), (12, 'audio/ogg; codecs=opus', 99, 0, 0, 7, NULL),
          (13, 'audio/mpeg', 99, 0, 0, 200, NULL), (14, 'video/mp4', 99, 0, 0, 12, NULL),
          (17, 'application/pdf', 99, 0, 0, 0, '../lease.pdf'), (18, 'video/mp4', 99, 0, 0, 2, NULL),
          (21, 'image/webp', 99, 512, 512, 0, NULL), (22, 'image/jpeg', 99, 0, 0, 0, NULL),
          (24, 'video/mp4', 99, 0, 0, 3, NULL), (32, 'video/webm', 99, 0, 0, 3, NULL);
        INSERT INTO message_vcard (message_row_id, vcard) VALUES (15, 'BEGIN:VCARD\nFN:Bob\nEND:VCARD'),
          (19, 'BEGIN:VCARD\nFN;CHARSET=UTF-8:Bob\nEND:VCARD'), (19, 'BEGIN:VCARD\nN:x\nEND:VCARD'),
          (19, 'BEGIN:VCARD\nFN:Eve\\, A.\nEND:VCARD');
        INSERT INTO message_location (message_row_id, latitude, longitude, place_name, place_address) VALUES
          (16, 52.5, 13.4, 'Berlin', 'Alexanderplatz'), (20, 1, -2.5, NULL, NULL);
        INSERT INTO message_poll (message_row_id, selectable_options_count) VALUES (23, 1);
        INSERT INTO message_poll_option (message_row_id, option_name, vote_total) VALUES (23, 'Pizza', 3), (23, '寿司', 0);
        INSERT INTO call_log (_id, jid_row_id, from_me, call_id, timestamp, video_call, duration, call_result) VALUES
          (1, 1, 0, 'call:1', 1600000000000, 1, 65, 5), (2, 1, 1, 'call:2', 1600000300000, 0, 0, 2),
          (3, 1, 0, 'call:3', 1600000400000, 0, 0, 2);
        INSERT INTO message_call_log VALUES (25, 1);
        INSERT INTO missed_call_logs (message_row_id, video_call) VALUES (26, 1);
        INSERT INTO message_system VALUES (27, 11), (28, 12), (34, 4711);
        INSERT INTO message_system_chat_participant VALUES (28, 1), (28, 4);
        INSERT INTO message_group_invite (message_row_id, group_jid_row_id, admin_jid_row_id, group_name) VALUES (33, 2, 1, 'Lake trip');
    "]);
    let told = phone.read();
    assert_eq!(told.errors, []);
    let unknown: Vec<_> = told.unknown.keys().map(String::as_str).collect();
    assert_eq!(
        unknown,
        [
            "CIPHERTEXT",
            "action type 4711",
            "message type 777",
            "message type 778"
        ],
        "each is counted under its own name"
    );
    let short: BTreeMap<&str, serde_json::Value> = told
        .messages()
        .into_iter()
        .map(|message| {
            let kind = message.message_type.name();
            let media = message.media.as_ref().map(|media| {
                json!([
                    media.file_name,
                    media.file_size,
                    media.width,
                    media.duration
                ])
            });
            let short = json!([kind, message.content, media, message.platform_metadata]);
            (message.external_message_id.as_str(), short)
        })
        .collect();
    insta::assert_json_snapshot!(short);
}

#[test]
fn statuses_and_lists_are_told_as_elsewhere() {
    let told = of_2025(&["
        INSERT INTO jid (_id, user, server, raw_string) VALUES (9, '1600', 'broadcast', '1600@broadcast');
        INSERT INTO chat (_id, jid_row_id) VALUES (9, 9);
        INSERT INTO message (_id, chat_row_id, from_me, key_id, sender_jid_row_id, timestamp, message_type, text_data)
          VALUES (2, 3, 0, 'S1', 4, 1, 0, 'on a boat'), (3, 3, 1, 'S2', 0, 1, 0, 'mine'),
                 (4, 9, 0, 'L1', 1, 1, 0, 'to all'), (5, 9, 1, 'L2', 0, 1, 0, 'to my list');
    "])
    .read();
    let of = |id| {
        let message = told.message(id);
        (
            message.external_conversation_id.as_str(),
            message.sender_external_id.as_deref(),
        )
    };
    assert_eq!(of("S1"), ("status@broadcast", Some(BEN)));
    assert_eq!(of("S2"), ("status@broadcast", None));
    assert_eq!(
        of("L1"),
        (ANA, Some(ANA)),
        "who gets it sees it in the chat with its sender"
    );
    assert_eq!(of("L2"), ("1600@broadcast", None));
}
