//! Databases that were damaged, or made to do harm.

use std::sync::LazyLock;

use proptest::prelude::*;
use rstest::rstest;

use super::{schema::*, *};

static WHOLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let phone = Phone::with(&[OLD, NEW, PEOPLE, "
        INSERT INTO message (_id, chat_row_id, from_me, key_id, timestamp, message_type, text_data)
          WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
          SELECT i, 1 + i % 2, i % 2, 'K' || i, 1600000000000 + i, i % 20, 'text ' || i FROM n;
        INSERT INTO message_media (message_row_id, mime_type, file_path) SELECT _id, 'image/jpeg', 'Media/' || _id FROM message;
        INSERT INTO receipt_user (message_row_id, receipt_user_jid_row_id, read_timestamp) SELECT _id, 1, 1 FROM message;
    "]);
    std::fs::read(phone.path().join("msgstore.db")).unwrap()
});

/// Reads bytes as a database that was given alone; a panic or an endless loop fails the test.
fn read_bytes(bytes: &[u8]) -> Result<Collected, ReadError> {
    let phone = Phone {
        folder: TempDir::new().unwrap(),
    };
    phone.file("msgstore.db", bytes);
    phone.try_read(&Options::default())
}

#[test]
fn the_whole_one_is_read() {
    assert_eq!(
        read_bytes(&WHOLE).unwrap().messages().len(),
        399,
        "what follows is about damage"
    );
}

#[rstest]
#[case(100)]
#[case(4096)]
#[case(40_000)]
fn a_database_that_was_cut_off_is_refused(#[case] length: usize) {
    let error = read_bytes(&WHOLE[..length.min(WHOLE.len() - 1)]).unwrap_err();
    let is_told = matches!(error, ReadError::Database { .. } | ReadError::Refused(_));
    assert!(is_told, "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn changed_bytes_are_refused_or_read(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..60)) {
        let mut bytes = WHOLE.clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(told) = read_bytes(&bytes) {
            prop_assert!(told.records.len() < 10_000, "damage makes no messages");
        }
    }
}

#[test]
fn views_and_triggers_are_not_used() {
    let told = Phone::with(&[NEW, PEOPLE, "
        INSERT INTO message (_id, chat_row_id, from_me, key_id, timestamp, message_type, text_data) VALUES (2, 1, 0, 'A', 1, 0, 'x');
        DROP TABLE message_media; DROP TABLE message_system; DROP TABLE chat;
        CREATE VIEW message_media AS WITH RECURSIVE n (message_row_id) AS (SELECT 1 UNION ALL SELECT message_row_id + 1 FROM n)
          SELECT message_row_id FROM n;
        CREATE VIRTUAL TABLE message_system USING fts4 (message_row_id, action_type);
        CREATE VIEW chat AS SELECT 1 AS _id, 1 AS jid_row_id;
    "]).read();
    assert_eq!(told.messages().len(), 0, "a view is no table of chats");
    assert_eq!(
        told.errors,
        [(
            2,
            "a message was left out: its chat is not there".to_owned()
        )]
    );
}

#[test]
fn values_of_any_type_are_taken_for_what_they_can_be() {
    let told = Phone::with(&["
        CREATE TABLE jid (_id, raw_string); CREATE TABLE chat (_id, jid_row_id);
        CREATE TABLE message (_id, chat_row_id, from_me, key_id, timestamp, message_type, text_data);
        CREATE TABLE message_media (message_row_id, mime_type, width); CREATE TABLE message_add_on (parent_message_row_id, _id);
        INSERT INTO jid VALUES (1, '4915550001@s.whatsapp.net'); INSERT INTO chat VALUES (1, 1);
        INSERT INTO message VALUES
          ('2', 1.0, 'yes', 42, '1600000000000', '1', x'ff41'), (3, 1, 0, 'B', 9.9e99, x'00', 1.5), (4, 'x', 0, 'C', 1, 0, 'y'),
          (NULL, 1, 0, 'D', 1, 0, 'z'), (5, 1, 0, NULL, 1, 0, 'no id'), (6, 1, 0, 'E', -9223372036854775808, 0, 'early'),
          (7, 1, 0, 'F', 9223372036854775807, 99999999999999999999, 'late');
        INSERT INTO message_media VALUES ('zz', 1, 2), (2, 'image/jpeg', -5), (NULL, NULL, NULL);
    "]).read();
    let ids: Vec<_> = told
        .messages()
        .iter()
        .map(|message| message.external_message_id.as_str())
        .collect();
    assert_eq!(ids, ["B", "E", "F", "42"], "in the database's own order");
    assert_eq!(
        told.errors.len(),
        3,
        "each bad row costs itself: {:?}",
        told.errors
    );
    assert_eq!(told.message("42").content, "\u{fffd}A");
}

#[test]
fn a_huge_table_beside_costs_no_query_for_each_message() {
    // Without any index: were the table searched for each message, this would be ten thousand million rows.
    let told = Phone::with(&[NEW, PEOPLE, "
        INSERT INTO message (_id, chat_row_id, from_me, key_id, timestamp, message_type, text_data)
          WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
          SELECT i, 1, 0, 'K' || i, i, 0, 'x' FROM n;
        INSERT INTO message_mentions (message_row_id, jid_row_id) SELECT 100001 - _id, 1 FROM message;
    "]).read();
    let named = told
        .messages()
        .iter()
        .filter(|message| message.platform_metadata.is_some())
        .count();
    assert_eq!((told.messages().len(), named), (99_999, 99_999));
}
