use base64::{Engine, engine::general_purpose::STANDARD};
use rstest::rstest;
use serde_json::{Value, json};
use threadkeep_protocol::MessageKind;

use super::*;

#[rstest]
#[case::text(0, MessageKind::Text, "Hi", Value::Null)]
#[case::picture(1, MessageKind::Image, "A view", Value::Null)]
#[case::film(2, MessageKind::Video, "A view", Value::Null)]
#[case::sound(3, MessageKind::Audio, "A view", Value::Null)]
#[case::link(7, MessageKind::Text, "Hi", Value::Null)]
#[case::document(8, MessageKind::Document, "Hi", Value::Null)]
#[case::moving_picture(11, MessageKind::Video, "A view", json!({"gif": true}))]
#[case::sticker(15, MessageKind::Sticker, "A view", Value::Null)]
#[case::once(38, MessageKind::Image, "A view", json!({"view_once": true}))]
#[case::film_once(39, MessageKind::Video, "A view", json!({"view_once": true}))]
#[case::voice_once(53, MessageKind::Voice, "A view", json!({"view_once": true}))]
#[case::round_film(54, MessageKind::Video, "A view", json!({"round": true}))]
fn each_kind_has_its_number(
    #[case] number: i64,
    #[case] kind: MessageKind,
    #[case] content: &str,
    #[case] metadata: Value,
) {
    let archive = Archive::new();
    let media = archive.media("ZTITLE", ["A view"]);
    archive.message(&Row {
        kind: number,
        text: Some("Hi"),
        media: Some(media),
        ..Row::default()
    });
    let message = archive.one();
    assert_eq!(
        (message.message_type, message.content.as_str()),
        (kind, content)
    );
    let told = message.platform_metadata.map_or(Value::Null, Value::Object);
    assert_eq!(told, metadata);
    let is_file = kind != MessageKind::Text;
    assert_eq!(
        message.media.is_some(),
        is_file,
        "the item of a text is the preview of a link"
    );
}

#[test]
fn a_document_has_a_name_and_pages_that_are_no_seconds() {
    let archive = Archive::new();
    let hash = STANDARD.encode([0xab; 32]);
    let media = archive.media(
        "ZTITLE, ZFILESIZE, ZMOVIEDURATION, ZVCARDSTRING, ZVCARDNAME, ZLATITUDE",
        params!["Plan.pdf", 1234, 7, "application/pdf", hash, 3.0],
    );
    archive.message(&Row {
        kind: 8,
        media: Some(media),
        ..Row::default()
    });
    let media = archive.one().media.expect("it is a file");
    assert_eq!(media.file_name.as_deref(), Some("Plan.pdf"));
    assert_eq!(media.mime_type.as_deref(), Some("application/pdf"));
    assert_eq!(media.file_size, Some(1234));
    assert_eq!(media.sha256, Some("ab".repeat(32)));
    assert_eq!(
        (media.duration, media.width),
        (None, None),
        "a document has neither"
    );
}

#[test]
fn a_picture_has_its_pixels_where_a_place_has_degrees() {
    let archive = Archive::new();
    let columns = "ZLATITUDE, ZLONGITUDE, ZTITLE, ZVCARDNAME";
    let picture = archive.media(columns, params![3024.0, 4032.0, "", "no hash"]);
    archive.message(&Row {
        kind: 1,
        media: Some(picture),
        stanza: Some("P1"),
        ..Row::default()
    });
    let place = archive.media(columns, params![52.5, 13.4, "Café", "Street 1"]);
    archive.message(&Row {
        kind: 5,
        media: Some(place),
        stanza: Some("P2"),
        ..Row::default()
    });
    let messages = archive.read().messages();
    let picture = messages[0].media.as_ref().expect("it is a file");
    assert_eq!((picture.width, picture.height), (Some(3024), Some(4032)));
    assert_eq!(picture.sha256, None, "what is no hash is none");
    assert_eq!(messages[0].platform_metadata, None, "a picture is no place");
    assert_eq!(messages[1].content, "Café");
    assert_eq!(messages[1].media, None, "a place is no file");
    assert_eq!(
        messages[1]
            .platform_metadata
            .as_ref()
            .map(|metadata| &metadata["location"]),
        Some(
            &json!({"latitude": 52.5, "longitude": 13.4, "name": "Café", "address": "Street 1", "live": false})
        )
    );
}

#[rstest]
#[case::recorded(params![1, "Media/a.m4a"], MessageKind::Voice)]
#[case::recorded_as_opus(params![0, "Media/a.opus"], MessageKind::Voice)]
#[case::chosen(params![0, "Media/a.mp3"], MessageKind::Audio)]
fn a_voice_message_is_one_that_was_recorded(
    #[case] media: &[&dyn rusqlite::ToSql],
    #[case] kind: MessageKind,
) {
    let archive = Archive::new();
    let media = archive.media("ZMEDIAORIGIN, ZMEDIALOCALPATH", media);
    archive.message(&Row {
        kind: 3,
        media: Some(media),
        ..Row::default()
    });
    assert_eq!(archive.one().message_type, kind);
}

#[rstest]
#[case::one("Ben", "BEGIN:VCARD", "Ben", 1)]
#[case::several(
    "2 contacts_$!<Name-Separator>!$_Ben_$!<Name-Separator>!$_Cleo",
    "BEGIN:VCARD 1_$!<VCard-Separator>!$_BEGIN:VCARD 2",
    "2 contacts",
    2
)]
fn cards_are_told_apart(
    #[case] names: &str,
    #[case] cards: &str,
    #[case] content: &str,
    #[case] count: usize,
) {
    let archive = Archive::new();
    let media = archive.media("ZVCARDNAME, ZVCARDSTRING", [names, cards]);
    archive.message(&Row {
        kind: 4,
        media: Some(media),
        ..Row::default()
    });
    let message = archive.one();
    assert_eq!(
        (message.message_type, message.content.as_str()),
        (MessageKind::Contact, content)
    );
    let contacts = &message.platform_metadata.expect("the cards are kept")["contacts"];
    let contacts = contacts.as_array().expect("they are a list");
    assert_eq!(contacts.len(), count);
    assert_eq!(contacts[0]["display_name"], "Ben");
}

#[test]
fn a_link_without_a_text_is_told_by_what_was_found_in_it() {
    let archive = Archive::new();
    let message = archive.message(&Row {
        kind: 7,
        ..Row::default()
    });
    for (index, link) in [(0, "https://example.org/a"), (1, "https://example.org/b")] {
        archive.run(
            "INSERT INTO ZWAMESSAGEDATAITEM (ZINDEX, ZMESSAGE, ZMATCHEDTEXT) VALUES (?1, ?2, ?3)",
            params![index, message, link],
        );
    }
    assert_eq!(
        archive.one().content,
        "https://example.org/a",
        "several links are one message"
    );
}

#[test]
fn a_message_that_was_taken_back_has_no_text() {
    let archive = Archive::new();
    archive.message(&Row {
        kind: 14,
        text: Some(BEN),
        ..Row::default()
    });
    let message = archive.one();
    assert_eq!(
        (message.is_deleted, message.content.as_str()),
        (Some(true), "")
    );
}

#[test]
fn a_poll_has_a_question_and_options() {
    let archive = Archive::new();
    let option = |text: &str| field(3, field(1, text));
    let info = [field(2, "When?"), option("Mon"), option("Tue")].concat();
    let info = archive.info(&field(8, info));
    archive.message(&Row {
        kind: 46,
        info: Some(info),
        ..Row::default()
    });
    let message = archive.one();
    assert_eq!(
        (message.message_type, message.content.as_str()),
        (MessageKind::Poll, "When?")
    );
    assert_eq!(
        message.platform_metadata.expect("the options are kept")["poll"],
        json!({"options": ["Mon", "Tue"], "selectable": null})
    );
}

#[rstest]
#[case::taken(42, true, "Voice call, 0:42")]
#[case::missed(0, false, "Missed voice call")]
#[case::not_taken(0, true, "Voice call")]
fn a_call_has_a_length(#[case] seconds: u64, #[case] is_from_me: bool, #[case] words: &str) {
    let archive = Archive::new();
    let metadata = field(87, field(1, number(3, seconds)));
    let media = archive.media("ZMETADATA", [metadata]);
    archive.message(&Row {
        kind: 59,
        media: Some(media),
        is_from_me,
        ..Row::default()
    });
    let message = archive.one();
    assert_eq!(
        (message.message_type, message.content.as_str()),
        (MessageKind::Call, words)
    );
}

#[test]
fn a_composed_message_is_told_in_its_words() {
    let archive = Archive::new();
    let words = [
        field(2, "Your order"),
        field(6, "is on its way"),
        field(7, "Bye"),
    ]
    .concat();
    let media = archive.media("ZMETADATA", [field(24, field(1, words))]);
    archive.message(&Row {
        kind: 19,
        media: Some(media),
        ..Row::default()
    });
    assert_eq!(archive.one().content, "Your order\nis on its way\nBye");
}

#[test]
fn what_nobody_knows_is_kept_and_counted() {
    let archive = Archive::new();
    archive.message(&Row {
        kind: 99,
        text: Some("?"),
        ..Row::default()
    });
    archive.message(&Row {
        kind: 6,
        event: 999,
        stanza: Some("S2"),
        ..Row::default()
    });
    archive.message(&Row {
        kind: 0,
        stanza: Some("S3"),
        ..Row::default()
    });
    let told = archive.read();
    assert_eq!(
        told.unknown,
        ["ZGROUPEVENTTYPE 999 of 6", "ZMESSAGETYPE 99"]
    );
    assert_eq!(told.skipped, 1, "a text without a text shows nothing");
    let messages = told.messages();
    assert_eq!(messages[0].message_type, MessageKind::Unknown);
    assert_eq!(messages[1].message_type, MessageKind::System);
    assert_eq!(
        messages[0]
            .platform_metadata
            .as_ref()
            .map(|metadata| &metadata["raw"]),
        Some(&json!({"ZMESSAGETYPE": 99, "ZGROUPEVENTTYPE": 0, "ZTEXT": "?"}))
    );
}
