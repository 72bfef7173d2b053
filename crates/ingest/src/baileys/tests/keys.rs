//! Who and where: keys of all releases.

use rstest::rstest;
use threadkeep_protocol::Address;

use super::*;

fn with_key(key: &Value) -> Value {
    json!({"key": key, "message": {"conversation": "hi"}, "messageTimestamp": 1, "pushName": "Ana"})
}

/// What a key says: pairs of addresses, then conversation, sender and name.
fn read(key: &Value) -> (Vec<Address>, String, Option<String>, Option<String>) {
    let mut pairs = Vec::new();
    let mut message = None;
    for record in records("messages.upsert", &upsert(&with_key(key))) {
        match record {
            Record::Address(pair) => pairs.push(pair),
            Record::Message(record) => message = Some(*record),
            other => panic!("a key says no {other:?}"),
        }
    }
    let message = message.unwrap();
    (
        pairs,
        message.external_conversation_id,
        message.sender_external_id,
        message.sender_display_name,
    )
}

#[rstest]
#[case::direct(json!({"remoteJid": ANA}), ANA, Some(ANA), 0)]
#[case::direct_with_device(json!({"remoteJid": "4915550001:12@s.whatsapp.net"}), ANA, Some(ANA), 0)]
#[case::direct_of_old(json!({"remoteJid": "4915550001@c.us"}), ANA, Some(ANA), 0)]
#[case::direct_lid(json!({"remoteJid": ANA_LID}), ANA_LID, Some(ANA_LID), 0)]
#[case::direct_lid_with_phone(json!({"remoteJid": ANA_LID, "remoteJidAlt": ANA}), ANA, Some(ANA), 1)]
#[case::direct_lid_with_phone_in_6(json!({"remoteJid": ANA_LID, "senderPn": ANA}), ANA, Some(ANA), 1)]
#[case::direct_with_lid(json!({"remoteJid": ANA, "senderLid": ANA_LID}), ANA, Some(ANA), 1)]
#[case::own_direct(json!({"remoteJid": ANA, "fromMe": true}), ANA, None, 0)]
#[case::own_direct_lid(json!({"remoteJid": ANA_LID, "remoteJidAlt": ANA, "fromMe": true}), ANA, None, 1)]
#[case::own_direct_names_us_as_sender(
    json!({"remoteJid": ANA_LID, "senderPn": "49155599@s.whatsapp.net", "fromMe": true}), ANA_LID, None, 0)]
#[case::hosted(json!({"remoteJid": "4915550001:99@hosted"}), ANA, Some(ANA), 0)]
#[case::hosted_lid(json!({"remoteJid": "100000000000001:99@hosted.lid"}), ANA_LID, Some(ANA_LID), 0)]
#[case::group(json!({"remoteJid": GROUP, "participant": "4915550001:3@s.whatsapp.net"}), GROUP, Some(ANA), 0)]
#[case::group_lid(json!({"remoteJid": GROUP, "participant": ANA_LID, "participantAlt": ANA}), GROUP, Some(ANA), 1)]
#[case::group_lid_in_6(json!({"remoteJid": GROUP, "participant": ANA_LID, "participantPn": ANA}), GROUP, Some(ANA), 1)]
#[case::group_with_lid(json!({"remoteJid": GROUP, "participant": ANA, "participantAlt": ANA_LID}), GROUP, Some(ANA), 1)]
#[case::group_nobody(json!({"remoteJid": GROUP}), GROUP, None, 0)]
#[case::own_group(json!({"remoteJid": GROUP, "participant": ANA, "fromMe": true}), GROUP, None, 0)]
#[case::status(json!({"remoteJid": "status@broadcast", "participant": ANA}), "status@broadcast", Some(ANA), 0)]
#[case::list_of_somebody(json!({"remoteJid": "15@broadcast", "participant": ANA}), ANA, Some(ANA), 0)]
#[case::own_list(json!({"remoteJid": "15@broadcast", "fromMe": true}), "15@broadcast", None, 0)]
#[case::channel(json!({"remoteJid": "12@newsletter"}), "12@newsletter", Some("12@newsletter"), 0)]
fn a_key_says_where_and_who(
    #[case] mut key: Value,
    #[case] conversation: &str,
    #[case] sender: Option<&str>,
    #[case] pairs: usize,
) {
    key["id"] = json!("A1");
    let (told, actual, from, name) = read(&key);
    assert_eq!(actual, conversation);
    assert_eq!(from.as_deref(), sender);
    assert_eq!(
        name.is_some(),
        key["fromMe"] != true,
        "one's own name says nothing"
    );
    assert_eq!(told.len(), pairs);
    for pair in told {
        assert_eq!((pair.lid.as_str(), pair.phone.as_str()), (ANA_LID, ANA));
    }
}

#[test]
fn the_sender_of_an_old_history_stands_beside_the_key() {
    let mut message = with_key(&json!({"remoteJid": GROUP, "id": "A1"}));
    message["participant"] = json!(ANA);
    assert_eq!(told(&message).sender_external_id.as_deref(), Some(ANA));
}

#[rstest]
#[case::name("READ", Some(DeliveryStatus::Read))]
#[case::number(3, Some(DeliveryStatus::Delivered))]
#[case::digits("2", Some(DeliveryStatus::Sent))]
#[case::error("ERROR", Some(DeliveryStatus::Failed))]
#[case::error_number(0, Some(DeliveryStatus::Failed))]
#[case::pending(1, Some(DeliveryStatus::Pending))]
#[case::played("PLAYED", Some(DeliveryStatus::Played))]
#[case::of_a_newer_release("TELEPATHY", None)]
fn a_status_is_a_name_or_a_number_and_only_ones_own_messages_have_one(
    #[case] status: impl Into<Value>,
    #[case] expected: Option<DeliveryStatus>,
) {
    let status: Value = status.into();
    for is_from_me in [true, false] {
        let mut message = with_key(&json!({"remoteJid": ANA, "id": "A1", "fromMe": is_from_me}));
        message["status"] = status.clone();
        assert_eq!(
            told(&message).delivery_status,
            expected.filter(|_| is_from_me)
        );
    }
}

#[rstest]
#[case::seconds(json!(1_600_000_000), "2020-09-13T12:26:40Z")]
#[case::digits(json!("1600000000"), "2020-09-13T12:26:40Z")]
#[case::halves(json!({"low": 1_600_000_000, "high": 0, "unsigned": true}), "2020-09-13T12:26:40Z")]
#[case::absent(json!(null), "1970-01-01T00:00:00Z")]
fn a_message_keeps_its_place_whatever_its_time_is(#[case] time: Value, #[case] expected: &str) {
    let mut message = with_key(&json!({"remoteJid": ANA, "id": "A1"}));
    message["messageTimestamp"] = time;
    assert_eq!(told(&message).timestamp.to_string(), expected);
}

#[rstest]
#[case(json!(i64::MAX))]
#[case(json!("18446744073709551615"))]
#[case(json!(1e300))]
fn a_time_after_the_last_year_is_clamped(#[case] time: Value) {
    let mut message = with_key(&json!({"remoteJid": ANA, "id": "A1"}));
    message["messageTimestamp"] = time;
    assert_eq!(told(&message).timestamp, Timestamp::from_seconds(i64::MAX));
}
