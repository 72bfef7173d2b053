//! What lies around the messages: chats, people, files, the log of the database.

use serde_json::json;
use sha2::{Digest, Sha256};
use threadkeep_protocol::{
    ContactRecord, ConversationKind, ConversationRecord, ParticipantRecord, Role, Timestamp,
};

use super::{schema::*, *};

#[test]
fn chats_people_and_pairs_are_told() {
    let phone = of_2025(&["
        INSERT INTO group_participant_user (group_jid_row_id, user_jid_row_id, rank, pending) VALUES
          (2, 1, 2, 0), (2, 4, 0, 0), (2, 3, 1, 1);
        INSERT INTO lid_display_name VALUES (4, 'Benny', 'ben.b');
    "]);
    phone.database("names.db", &[NAMES, "
        INSERT INTO wa_contacts (jid, display_name, given_name, family_name, wa_name, status) VALUES
          ('4915550001@s.whatsapp.net', 'Ana Lima', 'Ana', 'Lima', 'ana', 'at the lake'),
          ('100000000000002@lid', NULL, NULL, NULL, 'benben', NULL), ('120363000000000009@g.us', 'Old group', NULL, NULL, NULL, NULL),
          ('status@broadcast', 'x', NULL, NULL, NULL, NULL);
        INSERT INTO wa_vnames (jid, verified_name) VALUES ('4915550001@s.whatsapp.net', 'Lima Ltd');
        INSERT INTO wa_group_descriptions (jid, description) VALUES ('120363000000000001@g.us', 'Saturdays');
        INSERT INTO wa_block_list VALUES ('4915550002@s.whatsapp.net');
    "]);
    let told = phone.read();
    let has = |record: Record| {
        assert!(
            told.records.iter().any(|(_, told)| *told == record),
            "{record:?} is not in {told:#?}"
        );
    };
    has(Record::Address(threadkeep_protocol::Address {
        lid: BEN_LID.to_owned(),
        phone: BEN.to_owned(),
    }));
    has(Record::Conversation(ConversationRecord {
        external_conversation_id: GROUP.to_owned(),
        conversation_type: Some(ConversationKind::Group),
        name: Some("Lake trip".to_owned()),
        is_archived: Some(true),
        unread_count: Some(0),
        last_activity_at: Some(Timestamp::from_seconds(1_600_000_002)),
        ..ConversationRecord::default()
    }));
    has(Record::Participant(ParticipantRecord {
        external_conversation_id: GROUP.to_owned(),
        external_participant_id: ANA.to_owned(),
        role: Some(Role::Owner),
        ..ParticipantRecord::default()
    }));
    has(Record::Participant(ParticipantRecord {
        external_conversation_id: GROUP.to_owned(),
        external_participant_id: BEN.to_owned(),
        role: Some(Role::Member),
        ..ParticipantRecord::default()
    }));
    has(Record::Contact(ContactRecord {
        external_contact_id: ANA.to_owned(),
        display_name: Some("Ana Lima".to_owned()),
        first_name: Some("Ana".to_owned()),
        last_name: Some("Lima".to_owned()),
        push_name: Some("ana".to_owned()),
        phone_number: Some("+4915550001".to_owned()),
        about: Some("at the lake".to_owned()),
        is_business: Some(true),
        platform_metadata: Some(
            std::iter::once(("verified_name".to_owned(), json!("Lima Ltd"))).collect(),
        ),
        ..ContactRecord::default()
    }));
    has(Record::Contact(ContactRecord {
        external_contact_id: BEN.to_owned(),
        lid: Some(BEN_LID.to_owned()),
        push_name: Some("benben".to_owned()),
        phone_number: Some("+4915550002".to_owned()),
        ..ContactRecord::default()
    }));
    has(Record::Contact(ContactRecord {
        external_contact_id: BEN.to_owned(),
        is_blocked: Some(true),
        ..ContactRecord::default()
    }));
    let chats = told.records.iter().filter(|(_, record)| match record {
        Record::Conversation(chat) => chat.external_conversation_id == "status@broadcast",
        _ => false,
    });
    assert_eq!(chats.count(), 0, "a hidden chat is not told");
}

#[test]
fn names_that_cannot_be_read_cost_only_themselves() {
    let phone = of_2025(&["
        INSERT INTO message (_id, chat_row_id, from_me, key_id, timestamp, message_type, text_data)
          VALUES (2, 1, 0, 'A1', 1, 0, 'x');
    "]);
    phone.database("wa.db", &[NAMES]);
    let whole = std::fs::read(phone.path().join("wa.db")).unwrap();
    phone.file("wa.db", &whole[..whole.len() / 2]);
    let told = phone.read();
    assert_eq!(told.message("A1").content, "x");
    assert_eq!(told.errors.len(), 1, "and it is said: {:?}", told.errors);
}

#[test]
fn files_are_found_by_their_path_and_hashed() {
    let phone = of_2025(&["
        INSERT INTO message (_id, chat_row_id, from_me, key_id, timestamp, message_type) VALUES
          (2, 1, 0, 'there', 1, 1), (3, 1, 0, 'gone', 1, 1), (4, 1, 0, 'again', 1, 1);
        INSERT INTO message_media (message_row_id, file_path, mime_type, file_hash, media_key, enc_file_hash,
            media_key_timestamp, message_url) VALUES
          (2, 'Media/WhatsApp Images/IMG-1.jpg', 'image/jpeg', NULL, x'010203', 'ZW5j', 1600000000000, 'https://mmg.example.invalid/1'),
          (3, 'Media/WhatsApp Images/IMG-2.jpg', 'image/jpeg', 'q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=', NULL, NULL, NULL, NULL),
          (4, 'Media/WhatsApp Images/IMG-1.jpg', 'image/jpeg', NULL, NULL, NULL, NULL, NULL);
    "]);
    phone.file("WhatsApp/Media/WhatsApp Images/IMG-1.jpg", b"a lake");
    let told = phone.read();
    let media = told.message("there").media.as_ref().unwrap();
    let sha256 = format!("{:x}", Sha256::digest(b"a lake"));
    assert_eq!(
        (media.sha256.as_deref(), media.file_size),
        (Some(sha256.as_str()), Some(6))
    );
    assert_eq!(
        json!(media.platform_metadata),
        json!({"url": "https://mmg.example.invalid/1", "mediaKey": "AQID", "fileEncSha256": "ZW5j",
            "mediaKeyTimestamp": 1_600_000_000})
    );
    let entry = phone
        .input()
        .entries()
        .iter()
        .position(|entry| entry.name() == "IMG-1.jpg")
        .unwrap();
    assert_eq!(
        told.contents,
        [(sha256, entry)],
        "once, however many messages have it"
    );
    let media = told.message("gone").media.as_ref().unwrap();
    assert_eq!(
        media.sha256.as_deref(),
        Some("ab".repeat(32).as_str()),
        "what the database says of a missing file"
    );

    let preview = Options {
        with_content: false,
        ..Options::default()
    };
    let told = phone.try_read(&preview).unwrap();
    let media = told.message("there").media.as_ref().unwrap();
    assert_eq!(
        (&media.sha256, media.file_size),
        (&None, Some(6)),
        "a preview reads no file"
    );
    assert_eq!(told.contents, []);
}

#[test]
fn a_log_beside_the_database_belongs_to_it() {
    let phone = Phone::with(&[NEW, PEOPLE]);
    let connection = Connection::open(phone.path().join("msgstore.db")).unwrap();
    connection
        .execute_batch(
            "
        PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;
        INSERT INTO message (_id, chat_row_id, from_me, key_id, timestamp, message_type, text_data)
          VALUES (2, 1, 0, 'LAST', 1, 0, 'still in the log');
    ",
        )
        .unwrap();
    assert_eq!(
        phone.read().message("LAST").content,
        "still in the log",
        "the app was not closed"
    );
}

#[test]
fn whoever_has_had_enough_is_handed_nothing_more() {
    let phone = of_2025(&["
        INSERT INTO message (_id, chat_row_id, from_me, key_id, timestamp, message_type, text_data)
          VALUES (2, 1, 0, 'A', 1, 0, 'x'), (3, 1, 0, 'B', 1, 0, 'x'), (4, 1, 0, 'C', 1, 0, 'x');
    "]);
    let whole = phone.read().records.len();
    for enough in 1..=whole {
        let mut told = Collected {
            enough: Some(enough),
            ..Collected::default()
        };
        let end = read(&phone.input(), &Options::default(), &mut told);
        assert!(matches!(end, Err(ReadError::Stopped)), "after {enough}");
        assert_eq!(told.records.len(), enough);
    }
}

#[test]
fn it_is_recognised_by_what_is_in_it() {
    let phone = of_2025(&[]);
    assert!(recognise(&phone.input()).unwrap());
    std::fs::rename(
        phone.path().join("msgstore.db"),
        phone.path().join("backup"),
    )
    .unwrap();
    assert!(recognise(&phone.input()).unwrap(), "whatever it is called");
    let other = Phone::with(&["CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY)"]);
    assert!(
        !recognise(&other.input()).unwrap(),
        "another database by that name is none"
    );
    other.file("msgstore.db", b"not a database");
    assert!(!recognise(&other.input()).unwrap());
}
