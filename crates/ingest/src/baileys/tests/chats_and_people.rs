//! What each event about chats, groups and contacts comes to.

use rstest::rstest;
use threadkeep_protocol::{ContactRecord, ConversationRecord, ParticipantRecord, Role};

use super::*;

fn chat(name: &str, chat: &Value) -> ConversationRecord {
    let mut records = records(name, &json!([chat]));
    match records.pop() {
        Some(Record::Conversation(record)) => record,
        other => panic!("a chat was to come, and not {other:?}"),
    }
}

#[rstest]
#[case::increment("chats.update", json!(2), None, Some(2))]
#[case::read("chats.update", json!(0), Some(0), None)]
#[case::marked_unread("chats.update", json!(-1), None, None)]
#[case::null("chats.update", json!(null), None, None)]
#[case::count("chats.upsert", json!(2), Some(2), None)]
#[case::count_of_none("chats.upsert", json!(0), Some(0), None)]
#[case::marked_unread_whole("chats.upsert", json!(-1), None, None)]
fn unread_counts_are_increments_in_updates_only(
    #[case] name: &str,
    #[case] unread: Value,
    #[case] count: Option<i64>,
    #[case] added: Option<i64>,
) {
    let told = chat(
        name,
        &json!({"id": ANA, "unreadCount": unread, "conversationTimestamp": 5}),
    );
    assert_eq!((told.unread_count, told.unread_added), (count, added));
    assert_eq!(told.last_activity_at, Some(Timestamp::from_seconds(5)));
}

#[rstest]
#[case::in_a_history(json!(1_700_000_000), Some(true), Some(1_700_000_000_000))]
#[case::in_a_change(json!(1_700_000_000_123_i64), Some(true), Some(1_700_000_000_123))]
#[case::for_ever(json!(-1), Some(true), None)]
#[case::for_ever_unsigned(json!("18446744073709551615"), Some(true), None)]
#[case::over(json!(0), Some(false), None)]
#[case::taken_back(json!(null), Some(false), None)]
fn a_chat_is_muted_until_a_time_in_seconds_or_milliseconds(
    #[case] until: Value,
    #[case] is_muted: Option<bool>,
    #[case] millis: Option<i64>,
) {
    let told = chat("chats.update", &json!({"id": ANA, "muteEndTime": until}));
    assert_eq!(told.is_muted, is_muted);
    assert_eq!(told.mute_until.map(Timestamp::millis), millis);
}

#[rstest]
#[case::time("chats.upsert", json!(1_600_000_000), Some(true))]
#[case::yes("chats.upsert", json!(true), Some(true))]
#[case::zero("chats.upsert", json!(0), Some(false))]
#[case::null_in_a_change("chats.update", json!(null), Some(false))]
#[case::null_in_a_whole("chats.upsert", json!(null), None)]
fn a_chat_is_pinned_at_a_time_or_by_a_yes(
    #[case] name: &str,
    #[case] pinned: Value,
    #[case] expected: Option<bool>,
) {
    assert_eq!(
        chat(name, &json!({"id": ANA, "pinned": pinned})).is_pinned,
        expected
    );
}

#[rstest]
#[case(json!(1), Some(true))]
#[case(json!("COMPLETE_AND_NO_MORE_MESSAGE_REMAIN_ON_PRIMARY"), Some(true))]
#[case(json!(0), None)]
#[case(json!("COMPLETE_BUT_MORE_MESSAGES_REMAIN_ON_PRIMARY"), None)]
fn a_history_is_complete_only_where_it_says_so(#[case] end: Value, #[case] expected: Option<bool>) {
    let told = chat(
        "chats.upsert",
        &json!({"id": ANA, "endOfHistoryTransferType": end}),
    );
    assert_eq!(told.history_complete, expected);
}

#[test]
fn a_deleted_chat_is_told_as_deleted() {
    let records = records("chats.delete", &json!([ANA]));
    let [Record::Conversation(told)] = &records[..] else {
        panic!("a chat: {records:?}");
    };
    assert_eq!(
        (told.external_conversation_id.as_str(), told.is_deleted),
        (ANA, Some(true))
    );
}

#[test]
fn contacts_of_all_releases() {
    let all = records(
        "contacts.upsert",
        &json!([
            {"id": ANA, "name": "Ana", "notify": "ana ☀", "imgUrl": "https://pps.example.invalid/1", "status": "busy"},
            {"id": ANA_LID, "phoneNumber": ANA, "username": "ana"},
            {"id": ANA_LID, "lid": ANA_LID, "phoneNumber": null, "imgUrl": "changed"},
            {"id": "4915550002@s.whatsapp.net", "verifiedName": "Shop GmbH", "imgUrl": null},
            {"id": GROUP, "name": "a group is no contact"},
        ]),
    );
    insta::assert_json_snapshot!("contacts", all);
}

#[test]
fn the_blocklist_is_told_by_contact() {
    let all = records(
        "blocklist.update",
        &json!({"blocklist": [ANA], "type": "remove"}),
    );
    let expected = ContactRecord {
        external_contact_id: ANA.to_owned(),
        is_blocked: Some(false),
        ..ContactRecord::default()
    };
    assert_eq!(all, [Record::Contact(expected)]);
}

#[test]
fn groups_tell_their_members_and_their_hidden_ids() {
    let all = records(
        "groups.upsert",
        &json!([{
            "id": GROUP, "subject": "Hikers", "desc": "Sundays", "owner": ANA, "creation": 1_500_000_000,
            "participants": [
                {"id": ANA_LID, "phoneNumber": ANA, "admin": "superadmin"},
                {"id": "4915550002@s.whatsapp.net", "lid": "100000000000002@lid", "admin": "admin"},
                {"id": "4915550003@s.whatsapp.net", "admin": null},
            ],
        }]),
    );
    insta::assert_json_snapshot!("groups", all);
}

#[rstest]
#[case("add", Some(false), None)]
#[case("remove", Some(true), None)]
#[case("promote", None, Some(Role::Admin))]
#[case("demote", None, Some(Role::Member))]
fn members_come_go_and_change(
    #[case] action: &str,
    #[case] has_left: Option<bool>,
    #[case] role: Option<Role>,
) {
    let expected = ParticipantRecord {
        external_conversation_id: GROUP.to_owned(),
        external_participant_id: ANA.to_owned(),
        has_left,
        role,
        ..ParticipantRecord::default()
    };
    // Baileys 6 gives addresses, Baileys 7 gives objects.
    for participant in [json!(ANA), json!({"id": ANA, "admin": null})] {
        let change =
            json!({"id": GROUP, "author": ANA, "participants": [participant], "action": action});
        let all = records("group-participants.update", &change);
        assert_eq!(all, [Record::Participant(expected.clone())]);
    }
}
