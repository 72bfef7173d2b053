//! One of each kind of content, and what they come wrapped in.

use std::collections::BTreeMap;

use rstest::rstest;

use super::*;

fn file(mime: &str) -> Value {
    json!({
        "url": "https://mmg.example.invalid/1", "directPath": "/v/1", "mimetype": mime,
        "mediaKey": {"type": "Buffer", "data": "AQID"}, "fileSha256": vec![171; 32],
        "fileLength": {"low": 2048, "high": 0, "unsigned": true}, "mediaKeyTimestamp": "1600000000",
    })
}

fn with(mut part: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        part[name] = value.clone();
    }
    part
}

fn one_of_each() -> Vec<(&'static str, Value)> {
    let buttons =
        json!({"contentText": "Pick one", "buttons": [{"buttonText": {"displayText": "Yes"}}]});
    let header = json!({"title": "Sale", "imageMessage": file("image/jpeg")});
    vec![
        ("conversation", json!({"conversation": "hello"})),
        (
            "extendedTextMessage",
            json!({"extendedTextMessage": {"text": "see https://example.org"}}),
        ),
        (
            "imageMessage",
            json!({"imageMessage": with(file("image/jpeg"),
            &json!({"caption": "the lake", "width": 1280, "height": 960, "jpegThumbnail": [255, 216]}))}),
        ),
        (
            "videoMessage",
            json!({"videoMessage": with(file("video/mp4"), &json!({"seconds": 12}))}),
        ),
        (
            "gif",
            json!({"videoMessage": with(file("video/mp4"), &json!({"gifPlayback": true}))}),
        ),
        ("ptvMessage", json!({"ptvMessage": file("video/mp4")})),
        (
            "audioMessage",
            json!({"audioMessage": with(file("audio/mpeg"), &json!({"seconds": 200}))}),
        ),
        (
            "voice",
            json!({"audioMessage": with(file("audio/ogg"), &json!({"seconds": 7, "ptt": true}))}),
        ),
        (
            "documentMessage",
            json!({"documentMessage": with(file("application/pdf"),
            &json!({"fileName": "../a.pdf", "title": "a"}))}),
        ),
        (
            "documentWithCaptionMessage",
            json!({"documentWithCaptionMessage": {"message":
            {"documentMessage": {"title": "b.pdf", "caption": "the lease"}}}}),
        ),
        (
            "stickerMessage",
            json!({"stickerMessage": with(file("image/webp"), &json!({"pngThumbnail": "AQID"}))}),
        ),
        (
            "lottieStickerMessage",
            json!({"lottieStickerMessage": {"message": {"stickerMessage": {"isLottie": true}}}}),
        ),
        (
            "locationMessage",
            json!({"locationMessage": {"degreesLatitude": 52.5, "degreesLongitude": 13.4,
            "name": "Berlin", "address": "Alexanderplatz"}}),
        ),
        (
            "liveLocationMessage",
            json!({"liveLocationMessage": {"degreesLatitude": 1, "degreesLongitude": -2.5,
            "caption": "on my way"}}),
        ),
        (
            "contactMessage",
            json!({"contactMessage": {"displayName": "Bob", "vcard": "BEGIN:VCARD"}}),
        ),
        (
            "contactsArrayMessage",
            json!({"contactsArrayMessage": {"contacts":
            [{"displayName": "Bob", "vcard": "1"}, {"displayName": "Eve", "vcard": "2"}]}}),
        ),
        (
            "pollCreationMessageV3",
            json!({"pollCreationMessageV3": {"name": "Lunch?", "selectableOptionsCount": 1,
            "options": [{"optionName": "Pizza"}, {"optionName": "寿司"}]}}),
        ),
        (
            "pollCreationMessageV4",
            json!({"pollCreationMessageV4": {"message": {"pollCreationMessage":
            {"name": "When?", "options": [{"optionName": "Now"}]}}}}),
        ),
        (
            "pollResultSnapshotMessage",
            json!({"pollResultSnapshotMessage": {"name": "Lunch?",
            "pollVotes": [{"optionName": "Pizza", "optionVoteCount": "3"}]}}),
        ),
        (
            "callLogMesssage",
            json!({"callLogMesssage": {"isVideo": true, "callOutcome": "CONNECTED", "durationSecs": "65"}}),
        ),
        (
            "missed call",
            json!({"callLogMesssage": {"callOutcome": 1}}),
        ),
        (
            "scheduledCallCreationMessage",
            json!({"scheduledCallCreationMessage": {"title": "Review"}}),
        ),
        (
            "eventMessage",
            json!({"eventMessage": {"name": "Picnic", "startTime": "1600003600"}}),
        ),
        (
            "groupInviteMessage",
            json!({"groupInviteMessage": {"groupName": "Hikers", "groupJid": GROUP}}),
        ),
        (
            "productMessage",
            json!({"productMessage": {"product": {"title": "Lamp", "description": "A lamp"}}}),
        ),
        (
            "orderMessage",
            json!({"orderMessage": {"orderTitle": "Order", "message": "Two lamps"}}),
        ),
        ("buttonsMessage", json!({"buttonsMessage": buttons})),
        (
            "buttonsResponseMessage",
            json!({"buttonsResponseMessage": {"selectedDisplayText": "Yes"}}),
        ),
        (
            "listMessage",
            json!({"listMessage": {"title": "Menu", "description": "Choose"}}),
        ),
        (
            "listResponseMessage",
            json!({"listResponseMessage": {"title": "Soup"}}),
        ),
        (
            "templateMessage",
            json!({"templateMessage": {"hydratedTemplate":
            {"hydratedTitleText": "Bill", "hydratedContentText": "Due on Monday"}}}),
        ),
        (
            "interactiveMessage",
            json!({"interactiveMessage": {"header": header, "body": {"text": "Half price"}}}),
        ),
        (
            "pinInChatMessage",
            json!({"pinInChatMessage": {"type": "PIN_FOR_ALL"}}),
        ),
        (
            "commentMessage",
            json!({"commentMessage": {"message": {"conversation": "nice"},
            "targetMessageKey": {"id": "A0"}}}),
        ),
        (
            "requestPaymentMessage",
            json!({"requestPaymentMessage": {"amount1000": "5000",
            "noteMessage": {"extendedTextMessage": {"text": "for lunch"}}}}),
        ),
        ("futureMessage", json!({"futureMessage": {"holograms": 3}})),
    ]
}

#[test]
fn one_of_each_kind() {
    let mut all = BTreeMap::new();
    for (name, content) in one_of_each() {
        let record = told(&message(&content));
        all.insert(
            name,
            json!({
                "type": record.message_type,
                "content": record.content,
                "media": record.media,
                "platform_metadata": record.platform_metadata,
            }),
        );
    }
    insta::assert_json_snapshot!(all);
}

#[rstest]
#[case::ephemeral("ephemeralMessage")]
#[case::view_once("viewOnceMessage")]
#[case::view_once_2("viewOnceMessageV2")]
#[case::view_once_2_extension("viewOnceMessageV2Extension")]
#[case::device_sent("deviceSentMessage")]
#[case::group_mentioned("groupMentionedMessage")]
#[case::of_next_year("wrapperOfNextYearMessage")]
fn wrappers_are_taken_off(#[case] wrapper: &str) {
    let inner = json!({"conversation": "hello", "messageContextInfo": {"messageSecret": "AQID"}});
    let twice = json!({wrapper: {"message": {"ephemeralMessage": {"message": inner}}}});
    let record = told(&message(&twice));
    assert_eq!(
        (record.message_type, record.content.as_str()),
        (MessageKind::Text, "hello")
    );
    let is_view_once = record
        .platform_metadata
        .is_some_and(|m| m.contains_key("view_once"));
    assert_eq!(is_view_once, wrapper.starts_with("viewOnce"));
}

#[test]
fn endless_wrappers_end() {
    let mut content = json!({"conversation": "deep"});
    for _ in 0..25 {
        content = json!({"ephemeralMessage": {"message": content}});
    }
    let record = told(&message(&content));
    assert_eq!(
        record.message_type,
        MessageKind::Unknown,
        "kept raw, not followed for ever"
    );
}

#[rstest]
#[case::sender_key(json!({"senderKeyDistributionMessage": {"groupId": GROUP}}))]
#[case::context_only(json!({"messageContextInfo": {}}))]
#[case::history_notice(json!({"protocolMessage": {"type": "HISTORY_SYNC_NOTIFICATION", "historySyncNotification": {}}}))]
#[case::key_share(json!({"protocolMessage": {"type": 6}}))]
#[case::timer(json!({"protocolMessage": {"type": "EPHEMERAL_SETTING", "ephemeralExpiration": 86400, "key": {"id": "A0"}}}))]
#[case::album(json!({"albumMessage": {"expectedImageCount": 3}}))]
#[case::empty(json!({}))]
#[case::nothing(json!(null))]
fn bookkeeping_is_left_out_and_counted(#[case] content: Value) {
    let translation = event("messages.upsert", &upsert(&message(&content)));
    assert_eq!((translation.records.len(), translation.skipped), (0, 1));
    assert_eq!(translation.errors, []);
}

#[rstest]
#[case("pollUpdateMessage")]
#[case("encReactionMessage")]
#[case("secretEncryptedMessage")]
fn sealed_news_about_other_messages_is_counted_and_no_message(#[case] name: &str) {
    let content = json!({name: {"encPayload": "AQID"}});
    let translation = event("messages.upsert", &upsert(&message(&content)));
    assert_eq!(translation.records, []);
    assert_eq!(translation.unknown[name], 1);
}

#[test]
fn what_nobody_understands_is_kept_raw_and_counted_under_its_name() {
    let content = json!({"futureMessage": {"holograms": 3}});
    let translation = event("messages.upsert", &upsert(&message(&content)));
    assert_eq!(translation.unknown["futureMessage"], 1);
    let [(0, Record::Message(record))] = &translation.records[..] else {
        panic!("it is a message: {:?}", translation.records);
    };
    assert_eq!(record.message_type, MessageKind::Unknown);
    assert_eq!(record.platform_metadata.as_ref().unwrap()["raw"], content);
}

#[rstest]
#[case::small(6_000, true)]
#[case::over_8_kib(6_145, false)]
fn thumbnails_over_8_kib_of_base64_are_left_out(#[case] bytes: usize, #[case] is_kept: bool) {
    let content = json!({"imageMessage": {"jpegThumbnail": vec![7; bytes]}});
    let media = told(&message(&content)).media.unwrap();
    assert_eq!(media.thumbnail.is_some(), is_kept);
}

#[test]
fn answers_forwards_and_mentions_are_told_for_any_kind() {
    let context = json!({
        "stanzaId": "A0", "participant": ANA, "isForwarded": true, "forwardingScore": 2,
        "quotedMessage": {"ephemeralMessage": {"message": {"imageMessage": {"caption": "x\ny".repeat(60)}}}},
        "mentionedJid": ["4915550002:3@s.whatsapp.net"],
    });
    for kind in [
        "extendedTextMessage",
        "imageMessage",
        "stickerMessage",
        "locationMessage",
        "contactMessage",
    ] {
        let record = told(&message(&json!({kind: {"contextInfo": context}})));
        assert_eq!(record.reply_to_external_id.as_deref(), Some("A0"), "{kind}");
        let preview = record.reply_to_preview.unwrap();
        assert_eq!(preview.chars().count(), 100, "{kind}: it is cut");
        assert!(!preview.contains('\n'), "{kind}: it is one line");
        assert_eq!(record.is_forwarded, Some(true), "{kind}");
        let metadata = record.platform_metadata.unwrap();
        assert_eq!(
            metadata["mentions"],
            json!(["4915550002@s.whatsapp.net"]),
            "{kind}"
        );
    }
}

#[test]
fn a_message_without_quote_says_nothing_of_one() {
    let record = told(&message(
        &json!({"extendedTextMessage": {"text": "ok", "contextInfo": {}}}),
    ));
    assert_eq!(
        (record.reply_to_external_id, record.is_forwarded),
        (None, None)
    );
}

#[rstest]
#[case::subject(21, json!(["New name"]), "The group's name was changed to “New name”")]
#[case::subject_by_name("GROUP_CHANGE_SUBJECT", json!(["{odd}"]), "The group's name was changed to “{odd}”")]
#[case::added(27, json!(["4915550002@s.whatsapp.net", "100@lid"]), "+4915550002, 100@lid was added")]
#[case::added_by_baileys_7(27, json!([r#"{"id":"100@lid","phoneNumber":"4915550002@s.whatsapp.net"}"#]), "+4915550002 was added")]
#[case::left_without_names(32, json!([]), "Somebody left")]
#[case::created_without_name(20, json!([]), "The group was created")]
#[case::encrypted("E2E_ENCRYPTED", json!([]), "Messages and calls are end-to-end encrypted")]
#[case::no_words_by_name("COMMUNITY_OWNER_UPDATED", json!([]), "Community owner updated")]
#[case::no_words_by_number(9_999, json!([]), "System message 9999")]
fn stubs_become_lines_in_plain_words(
    #[case] stub: impl Into<Value>,
    #[case] parameters: Value,
    #[case] words: &str,
) {
    let stub: Value = stub.into();
    let record = told(&json!({
        "key": {"remoteJid": GROUP, "fromMe": false, "id": "S1"},
        "messageTimestamp": 1_600_000_000,
        "messageStubType": stub, "messageStubParameters": parameters,
    }));
    assert_eq!(
        (record.message_type, record.content.as_str()),
        (MessageKind::System, words)
    );
    assert_eq!(
        record.platform_metadata.unwrap()["raw"]["messageStubType"],
        stub
    );
}

#[test]
fn who_left_by_themselves_is_named_by_the_key() {
    let record = told(&json!({
        "key": {"remoteJid": GROUP, "fromMe": false, "id": "S1", "participant": ANA},
        "messageTimestamp": 1, "messageStubType": 32,
    }));
    assert_eq!(record.content, "+4915550001 left");
}

#[rstest]
#[case("CALL_MISSED_VOICE", MessageKind::Call, "Missed voice call")]
#[case(46, MessageKind::Call, "Missed group video call")]
fn missed_calls_are_calls(
    #[case] stub: impl Into<Value>,
    #[case] kind: MessageKind,
    #[case] words: &str,
) {
    let stub: Value = stub.into();
    let mut missed = message(&json!(null));
    missed["messageStubType"] = stub;
    let record = told(&missed);
    assert_eq!(
        (record.message_type, record.content.as_str()),
        (kind, words)
    );
}
