//! What each event about messages comes to.

use rstest::rstest;

use super::*;

fn key(id: &str) -> Value {
    json!({"remoteJid": ANA, "fromMe": false, "id": id})
}

#[test]
fn a_message_is_edited_by_an_update_or_by_a_message_and_both_say_the_same() {
    let by_update = records(
        "messages.update",
        &json!([{"key": key("A1"), "update": {
            "message": {"editedMessage": {"message": {"conversation": "new"}}},
            "messageTimestamp": 1_600_000_100,
        }}]),
    );
    let edit = json!({"protocolMessage": {"key": key("A1"), "type": "MESSAGE_EDIT",
        "editedMessage": {"extendedTextMessage": {"text": "new"}}, "timestampMs": "1600000100999"}});
    let mut carrier = message(&edit);
    carrier["key"]["id"] = json!("A2");
    let by_message = records("messages.upsert", &upsert(&carrier));
    assert_eq!(by_update, by_message);
    insta::assert_json_snapshot!(by_update, @r#"
    [
      {
        "type": "edit",
        "external_conversation_id": "4915550001@s.whatsapp.net",
        "external_message_id": "A1",
        "content": "new",
        "at": "2020-09-13T12:28:20Z"
      }
    ]
    "#);

    let mut wrapped = carrier;
    wrapped["message"] = json!({"editedMessage": {"message": edit}});
    assert_eq!(records("messages.upsert", &upsert(&wrapped)), by_message);
}

#[test]
fn a_history_that_only_knows_the_new_text_tells_the_message_and_the_edit() {
    let edit = json!({"editedMessage": {"message": {"protocolMessage": {"key": key("A1"), "type": 14,
        "editedMessage": {"conversation": "new"}, "timestampMs": 1_600_000_100_000_i64}}}});
    let history = json!({"messages": [message(&edit)], "chats": [], "contacts": [], "syncType": 3});
    let records = records("messaging-history.set", &history);
    let [Record::Message(told), Record::Edit(edit)] = &records[..] else {
        panic!("a message and its edit: {records:?}");
    };
    assert_eq!(
        (told.content.as_str(), told.timestamp.millis()),
        ("new", 1_600_000_000_000)
    );
    assert_eq!(
        (edit.content.as_str(), Some(edit.at)),
        ("new", told.edited_at)
    );
    assert_eq!(edit.at.millis(), 1_600_000_100_000);
}

#[rstest]
#[case::update("messages.update", json!([{"key": key("A1"), "update": {"message": null, "messageStubType": 1, "key": key("A9")}}]))]
#[case::update_by_name("messages.update", json!([{"key": key("A1"), "update": {"messageStubType": "REVOKE"}}]))]
#[case::by_an_admin("messages.update", json!([{"key": key("A1"), "update": {"messageStubType": 132}}]))]
#[case::message("messages.upsert", upsert(&message(&json!({"protocolMessage": {"key": key("A1"), "type": "REVOKE"}}))))]
#[case::message_by_number("messages.upsert", upsert(&message(&json!({"protocolMessage": {"key": key("A1"), "type": 0}}))))]
#[case::message_without_type("messages.upsert", upsert(&message(&json!({"protocolMessage": {"key": key("A1")}}))))]
fn a_message_is_taken_back(#[case] name: &str, #[case] data: Value) {
    let records = records(name, &data);
    let [Record::Revoke(revoke)] = &records[..] else {
        panic!("a revoke: {records:?}");
    };
    assert_eq!(revoke.external_conversation_id, ANA);
    assert_eq!(revoke.external_message_id, "A1");
}

#[test]
fn a_history_tells_of_a_message_that_was_taken_back() {
    let mut taken_back = message(&json!(null));
    taken_back["messageStubType"] = json!("REVOKE");
    taken_back["revokeMessageTimestamp"] = json!("1600000200");
    let told = told(&taken_back);
    assert_eq!((told.is_deleted, told.content.as_str()), (Some(true), ""));
    assert_eq!(told.deleted_at.unwrap().millis(), 1_600_000_200_000);
}

#[test]
fn reactions_come_as_events_as_messages_and_with_their_message() {
    let own = json!({"remoteJid": ANA, "fromMe": true, "id": "R1"});
    let by_event = records(
        "messages.reaction",
        &json!([
            {"key": key("A1"), "reaction": {"key": key("R0"), "text": "❤️", "senderTimestampMs": {"low": 1, "high": 0}}},
            {"key": key("A1"), "reaction": {"key": own, "text": ""}},
        ]),
    );
    insta::assert_json_snapshot!("reactions_by_event", by_event);

    // The target's key is from the sender's point of view: their "remote" is us.
    let target = json!({"remoteJid": "49155599@s.whatsapp.net", "fromMe": true, "id": "A1"});
    let reaction =
        json!({"reactionMessage": {"key": target, "text": "❤️", "senderTimestampMs": 1}});
    assert_eq!(
        records("messages.upsert", &upsert(&message(&reaction)))[..],
        by_event[..1]
    );

    let mut carries = message(&json!({"conversation": "hi"}));
    carries["reactions"] = json!([
        {"key": {"remoteJid": ANA, "fromMe": true}, "text": "👍", "senderTimestampMs": "5"},
        {"key": key("R2"), "text": "🎉"},
        {"key": key("R3"), "text": ""},
    ]);
    let reactions = told(&carries).reactions;
    let senders: Vec<_> = reactions
        .iter()
        .map(|r| r.sender_external_id.as_str())
        .collect();
    assert_eq!(
        senders,
        [ME, ANA],
        "a reaction without emoji was taken back"
    );
}

#[test]
fn statuses_stars_and_receipts_come_as_updates() {
    let own = json!({"remoteJid": GROUP, "fromMe": true, "id": "A1"});
    let mut all = records(
        "messages.update",
        &json!([
            {"key": own, "update": {"status": 4}},
            {"key": own, "update": {"status": "DELIVERY_ACK", "starred": true}},
            {"key": own, "update": {"userReceipt": [{"userJid": ANA, "playedTimestamp": 9}]}},
        ]),
    );
    all.extend(records("message-receipt.update", &json!([
        {"key": own, "receipt": {"userJid": "4915550001:7@s.whatsapp.net", "receiptTimestamp": 7, "readTimestamp": "8"}},
    ])));
    insta::assert_json_snapshot!("statuses_and_receipts", all);
}

#[test]
fn an_update_that_says_nothing_here_is_left_out_and_counted() {
    let update = |update: Value| {
        event(
            "messages.update",
            &json!([{"key": key("A1"), "update": update}]),
        )
    };
    assert_eq!(
        update(json!({"status": 3})).skipped,
        1,
        "a status of somebody else's message"
    );
    let uploaded = json!({"message": {"imageMessage": {"directPath": "/v/2"}}});
    assert_eq!(
        update(uploaded).skipped,
        1,
        "a file that was uploaded again"
    );
    assert_eq!(
        update(json!({"pollUpdates": [{}]})).unknown["pollUpdates"],
        1
    );
}

#[test]
fn a_message_that_could_be_read_only_later_is_told_then() {
    let mut sealed = message(&json!(null));
    sealed["messageStubType"] = json!(2);
    assert_eq!(told(&sealed).message_type, MessageKind::Unknown);
    let later = records(
        "messages.update",
        &json!([{"key": key("A1"), "update": {
            "message": {"conversation": "hi"}, "messageTimestamp": 1_600_000_000,
        }}]),
    );
    let [Record::Message(told)] = &later[..] else {
        panic!("a message: {later:?}");
    };
    assert_eq!(told.content, "hi");
}

#[test]
fn messages_that_were_deleted_on_one_device_are_kept() {
    for data in [
        json!({"keys": [key("A1")]}),
        json!({"jid": ANA, "all": true}),
    ] {
        let translation = event("messages.delete", &data);
        assert_eq!((translation.records.len(), translation.skipped), (0, 1));
    }
}

#[rstest]
#[case("lid-mapping.update", json!({"lid": ANA_LID, "pn": ANA}))]
#[case("messaging-history.set", json!({"lidPnMappings": [{"lid": ANA_LID, "pn": ANA}]}))]
#[case("messaging-history.set", json!({"phoneNumberToLidMappings": [{"lidJid": ANA_LID, "pnJid": ANA}]}))]
fn pairs_of_addresses_come_in_several_places(#[case] name: &str, #[case] data: Value) {
    let all = records(name, &data);
    let [Record::Address(pair)] = &all[..] else {
        panic!("a pair: {all:?}");
    };
    assert_eq!((pair.lid.as_str(), pair.phone.as_str()), (ANA_LID, ANA));
}

#[test]
fn a_pair_is_told_once_an_input_and_again_when_it_changes() {
    let line = |phone: &str| {
        json!({"event": "lid-mapping.update", "data": {"lid": ANA_LID, "pn": phone}}).to_string()
    };
    let text = [
        line(ANA),
        line(ANA),
        line("4915550009@s.whatsapp.net"),
        line(ANA),
    ]
    .join("\n");
    let places: Vec<_> = baileys_events(text.as_bytes())
        .unwrap()
        .records
        .iter()
        .map(|r| r.0)
        .collect();
    assert_eq!(places, [0, 2, 3]);
}

#[test]
fn the_newest_message_that_a_chat_repeats_is_told_once() {
    let inner = message(&json!({"conversation": "hi"}));
    let chats = json!([{"id": ANA, "messages": [{"message": inner}]}]);
    let count = |data: &Value| {
        let all = records("messaging-history.set", data);
        all.iter()
            .filter(|record| matches!(record, Record::Message(_)))
            .count()
    };
    assert_eq!(count(&json!({"chats": chats, "messages": [inner]})), 1);
    assert_eq!(
        count(&json!({"chats": chats, "messages": []})),
        1,
        "it is nowhere else"
    );
}

#[rstest]
#[case::history("messaging-history.set", json!({"syncType": 2}), SyncSource::HistorySync)]
#[case::on_demand("messaging-history.set", json!({"syncType": 6}), SyncSource::Backfill)]
#[case::on_demand_by_name("messaging-history.set", json!({"syncType": "ON_DEMAND"}), SyncSource::Backfill)]
#[case::before_baileys_6("messages.set", json!({"isLatest": true}), SyncSource::HistorySync)]
#[case::live("messages.upsert", json!({"type": "notify"}), SyncSource::Realtime)]
#[case::live_from_another_device("messages.upsert", json!({"type": "append"}), SyncSource::Realtime)]
#[case::page_of_old("messages.upsert", json!({"type": "prepend"}), SyncSource::HistorySync)]
fn the_event_says_how_a_message_came(
    #[case] name: &str,
    #[case] mut data: Value,
    #[case] source: SyncSource,
) {
    data["messages"] = json!([message(&json!({"conversation": "hi"}))]);
    let mut all = records(name, &data);
    // What is on demand says besides whose answer it is.
    all.retain(|record| !matches!(record, Record::HistoryResult(_)));
    let [Record::Message(told)] = &all[..] else {
        panic!("a message: {all:?}");
    };
    assert_eq!(told.sync_source, source);
}

#[test]
fn several_events_of_one_tick_may_share_a_line() {
    let line = json!({"chats.delete": [ANA], "messages.upsert": upsert(&message(&json!({"conversation": "hi"})))});
    let translation = baileys_events(line.to_string().as_bytes()).unwrap();
    assert_eq!(translation.records.len(), 2);
}

#[test]
fn events_that_say_nothing_are_left_out_and_unheard_of_ones_are_counted() {
    for name in [
        "connection.update",
        "creds.update",
        "presence.update",
        "labels.edit",
        "newsletter.view",
        "call",
    ] {
        let translation = event(name, &json!({"anything": 1}));
        assert_eq!(
            (translation.skipped, translation.unknown.len()),
            (1, 0),
            "{name}"
        );
    }
    assert_eq!(
        event("holograms.upsert", &json!([])).unknown["holograms.upsert"],
        1
    );
}

#[rstest]
#[case::the_phone_names_its_answer(json!("3EB0C0FFEE"), 0, false)]
#[case::it_has_nothing_older(Value::Null, 1, true)]
fn history_on_demand_says_whose_answer_it_is(
    #[case] session: Value,
    #[case] end: i64,
    #[case] complete: bool,
) {
    let answer = json!({
        "syncType": 6,
        "peerDataRequestSessionId": session,
        "chats": [{"id": ANA, "endOfHistoryTransferType": end}],
        "contacts": [],
        "messages": [message(&json!({"conversation": "old"}))],
    });
    let records = records("messaging-history.set", &answer);
    let Record::HistoryResult(told) = &records[0] else {
        panic!("whose answer it is comes first: {records:?}");
    };
    assert_eq!(told.session.as_deref(), session.as_str());
    assert_eq!(told.external_conversation_id.as_deref(), Some(ANA));
    assert_eq!((told.complete, told.request), (complete, None));
    let sources = records.iter().filter_map(|record| match record {
        Record::Message(message) => Some(message.sync_source),
        _ => None,
    });
    assert_eq!(sources.collect::<Vec<_>>(), [SyncSource::Backfill]);
}
