use serde_json::json;

use super::*;

#[test]
fn a_message_goes_on_to_the_next_beginning() {
    let kept = android(
        "12/31/20, 9:41 PM - Ana: one\n\ntwo: 2\n1. three\n12/31/20, 9:42 PM - Bob: four\n",
    );
    assert_eq!(kept.texts(), ["one\n\ntwo: 2\n1. three", "four"]);
    assert_eq!(kept.senders(), [Some("Ana"), Some("Bob")]);
    assert_eq!(kept.places, [0, 4], "a place is the line of the beginning");
    assert!(
        kept.messages.iter().all(|m| m.is_loose && !m.is_from_me),
        "nobody is me"
    );
    assert_eq!(kept.errors, []);
}

#[test]
fn ends_of_lines_as_on_windows_are_no_text() {
    let kept = android("12/31/20, 9:41 PM - Ana: one\r\ntwo\r\n12/31/20, 9:42 PM - Bob: four\r\n");
    assert_eq!(kept.texts(), ["one\ntwo", "four"]);
    let kept = android("12/31/20, 9:41 PM - Ana: one\r\ntwo\n12/31/20, 9:42 PM - Bob: four\n");
    assert_eq!(
        kept.texts(),
        ["one\r\ntwo", "four"],
        "one of them alone is somebody's"
    );
}

#[rstest]
#[case::other_form("[31.12.20, 21:41:07] Eve: no")]
#[case::copied_from_a_phone("[12/31, 9:41 PM] Eve: no")]
#[case::no_date("99/99/20, 9:41 PM - Eve: no")]
#[case::other_order("31/12/20, 9:41 PM - Eve: no")]
fn what_looks_like_a_beginning_inside_a_message_is_text(#[case] line: &str) {
    let more: String = (1..=20)
        .map(|day| format!("12/{day}/20, 9:43 PM - Bob: {day}\n"))
        .collect();
    let kept = android(&format!(
        "{more}12/31/20, 9:41 PM - Ana: see\n{line}\n12/31/20, 9:42 PM - Bob: ok\n"
    ));
    assert_eq!(kept.messages.len(), 22);
    assert_eq!(kept.texts()[20], format!("see\n{line}"));
}

#[test]
fn two_exports_in_one_text_are_both_read() {
    let one = "12/31/20, 9:41 PM - Ana: a\n".repeat(3);
    let two = "[31.12.20, 21:41:07] Ana: b\n".repeat(3);
    assert_eq!(
        android(&format!("{one}{two}")).texts(),
        ["a", "a", "a", "b", "b", "b"]
    );
}

#[rstest]
#[case::colon_in_a_text("Ana: note: buy", "Ana", "note: buy")]
#[case::dash("Ana - Lena: hi", "Ana - Lena", "hi")]
#[case::right_to_left("\u{202b}דנה\u{202c}: שלום", "דנה", "שלום")]
#[case::stranger("~\u{202f}Ana: hi", "Ana", "hi")]
#[case::link("Ana: https://a.b/c: d", "Ana", "https://a.b/c: d")]
#[case::emoji("👩\u{200d}🚀 Ana: hi", "👩\u{200d}🚀 Ana", "hi")]
#[case::bracket("[x] Ana: hi", "[x] Ana", "hi")]
#[case::empty("Ana: ", "Ana", "")]
fn a_sender_is_what_stands_before_the_first_colon(
    #[case] rest: &str,
    #[case] sender: &str,
    #[case] text: &str,
) {
    let kept = android(&format!("12/31/20, 9:41 PM - {rest}\n"));
    assert_eq!((kept.senders()[0], kept.texts()[0]), (Some(sender), text));
}

#[test]
fn a_colon_in_a_name_is_seen_by_its_return() {
    let text: String = (10..16)
        .map(|minute| format!("12/31/20, 9:{minute} PM - Dr: Who: t{minute}\n"))
        .collect();
    let kept = android(&format!("{text}12/31/20, 9:17 PM - Ana: x: y\n"));
    assert_eq!(kept.senders()[..6], [Some("Dr: Who"); 6]);
    assert_eq!(kept.texts()[0], "t10");
    assert_eq!(kept.senders()[6], Some("Ana"));
}

#[test]
fn what_somebody_says_once_of_a_group_is_theirs() {
    let kept = android("12/31/20, 9:41 PM - Ana: Bob left\n");
    assert_eq!(
        (kept.senders()[0], kept.texts()[0]),
        (Some("Ana"), "Bob left")
    );
}

#[test]
fn a_number_is_an_address() {
    let kept = android("12/31/20, 9:41 PM - \u{202a}+49 151 1111\u{2011}1111\u{202c}: hi\n");
    let message = &kept.messages[0];
    assert_eq!(
        message.sender_external_id.as_deref(),
        Some("4915111111111@s.whatsapp.net")
    );
}

#[rstest]
#[case("Ana created group \"Trip: 2020\"")]
#[case("Ana changed the subject from \"A: b\" to \"c\"")]
#[case("Ana hat den Betreff von „A: b“ zu „c“ geändert")]
#[case("Messages and calls are end-to-end encrypted. No one outside of this chat can read them.")]
#[case("Ana added Bob")]
#[case("+49 151 11111111 left")]
fn a_line_that_names_nobody_is_the_chat_s(#[case] line: &str) {
    let kept = android(&format!(
        "12/31/20, 9:41 PM - {line}\n12/31/20, 9:42 PM - Ana: hi\n"
    ));
    assert_eq!(kept.kinds(), [MessageKind::System, MessageKind::Text]);
    assert_eq!((kept.texts()[0], kept.senders()[0]), (line, None));
}

#[test]
fn an_iphone_s_own_lines_are_marked() {
    let kept = iphone(
        "[31.12.20, 21:41:07] Group: \u{200e}Messages and calls are end-to-end encrypted. No one else.\n\
         [31.12.20, 21:41:08] Group: \u{200e}Ana created this group\n\
         [31.12.20, 21:41:09] Ana: \u{200e}Ana veranderde iets nieuws\n\
         [31.12.20, 21:41:10] \u{200e}Ana changed the subject to “A: b”\n\
         [31.12.20, 21:41:11] Ana: hi\n",
    );
    use MessageKind::{System, Text};
    assert_eq!(kept.kinds(), [System, System, System, System, Text]);
    assert_eq!(kept.senders(), [None, None, Some("Ana"), None, Some("Ana")]);
    assert_eq!(kept.unknown, 1, "new words are counted");
    assert_eq!(
        kept.texts()[1],
        "Ana created this group",
        "the mark is no text"
    );
}

#[rstest]
#[case::media("<Media omitted>", MessageKind::Unknown)]
#[case::media_german("<Medien ausgeschlossen>", MessageKind::Unknown)]
#[case::media_hebrew("<המדיה לא נכללה>", MessageKind::Unknown)]
#[case::image("\u{200e}image omitted", MessageKind::Image)]
#[case::image_arabic("\u{200f}لم يتم إدراج الصورة", MessageKind::Image)]
#[case::image_japanese("\u{200e}画像は含まれていません", MessageKind::Image)]
#[case::video("\u{200e}video omitted", MessageKind::Video)]
#[case::note("\u{200e}video note omitted", MessageKind::Video)]
#[case::gif("\u{200e}GIF omitted", MessageKind::Video)]
#[case::audio("\u{200e}áudio ocultado", MessageKind::Audio)]
#[case::sticker("\u{200e}Sticker weggelassen", MessageKind::Sticker)]
#[case::bracketed("<image omitted>", MessageKind::Image)]
fn what_was_left_out_is_told(#[case] words: &str, #[case] kind: MessageKind) {
    let kept = iphone(&format!("[31.12.20, 21:41:07] Ana: {words}\n"));
    let message = &kept.messages[0];
    assert_eq!(
        (message.message_type, message.content.as_str()),
        (kind, ""),
        "{words}"
    );
    assert_eq!(message.platform_metadata.as_ref().unwrap()["omitted"], true);
    assert_eq!(
        message.media.is_some(),
        kind != MessageKind::Unknown,
        "its kind is known or it is not"
    );
}

#[test]
fn what_a_person_writes_is_not_what_whatsapp_writes() {
    for text in [
        "Media omitted",
        "<3",
        "<b>bold</b>",
        "This message was deleted by accident",
        "see a.jpg (old)",
    ] {
        let kept = android(&format!("12/31/20, 9:41 PM - Ana: {text}\n"));
        let message = &kept.messages[0];
        assert_eq!(
            (message.message_type, message.content.as_str()),
            (MessageKind::Text, text)
        );
        assert_eq!(
            (message.is_deleted, &message.platform_metadata),
            (None, &None)
        );
    }
}

#[rstest]
#[case("This message was deleted")]
#[case("\u{200e}This message was deleted.")]
#[case("\u{200e}Diese Nachricht wurde gelöscht.")]
#[case("Se eliminó este mensaje.")]
#[case("تم حذف هذه الرسالة")]
#[case("このメッセージは削除されました。")]
#[case("\u{200e}You deleted this message.")]
fn a_deleted_message_has_no_text(#[case] words: &str) {
    let kept = iphone(&format!("[31.12.20, 21:41:07] Ana: {words}\n"));
    let message = &kept.messages[0];
    assert_eq!(
        (message.is_deleted, message.content.as_str()),
        (Some(true), ""),
        "{words}"
    );
}

#[rstest]
#[case("better \u{200e}<This message was edited>", "better")]
#[case("better <This message was edited>", "better")]
#[case("besser <Diese Nachricht wurde bearbeitet.>", "besser")]
#[case("nyt \u{200e}<Sanat joita kukaan ei tunne>", "nyt")]
#[case("two\nlines <Se editó este mensaje.>", "two\nlines")]
fn an_edited_message_is_marked_and_its_text_is_clean(#[case] written: &str, #[case] text: &str) {
    let kept = iphone(&format!("[31.12.20, 21:41:07] Ana: {written}\n"));
    let message = &kept.messages[0];
    assert_eq!(message.content, text);
    assert_eq!(message.platform_metadata.as_ref().unwrap()["edited"], true);
    assert_eq!(message.edited_at, None, "nobody says when");
}

#[rstest]
#[case("\u{200e}Missed voice call", true, false)]
#[case("\u{200e}Missed video call, \u{200e}Tap to call back", true, true)]
#[case("\u{200e}Voice call, \u{200e}12 sec", false, false)]
#[case("\u{200e}Video call. \u{200e}No answer", false, true)]
fn calls_are_calls(#[case] words: &str, #[case] missed: bool, #[case] video: bool) {
    let kept = iphone(&format!("[31.12.20, 21:41:07] Ana: {words}\n"));
    let message = &kept.messages[0];
    assert_eq!(message.message_type, MessageKind::Call, "{words}");
    let call = &message.platform_metadata.as_ref().unwrap()["call"];
    assert_eq!(*call, json!({"missed": missed, "video": video}));
}

#[test]
fn places_polls_and_cards_are_read() {
    let kept = iphone(
        "[31.12.20, 21:41:07] Ana: \u{200e}Location: https://maps.google.com/?q=52.52,13.405\n\
         [31.12.20, 21:41:08] Ana: \u{200e}POLL:\n\u{200e}When?\n\u{200e}OPTION: Now \u{200e}(2 votes)\n\u{200e}OPTION: Later (x) \u{200e}(0 votes)\n\
         [31.12.20, 21:41:09] Ana: \u{200e}<attached: 00000004-Bob B.vcf>\n\
         [31.12.20, 21:41:10] Ana: \u{200e}Contact card omitted\n\
         [31.12.20, 21:41:11] Ana: Live location shared\n",
    );
    use MessageKind::{Contact, Location, Poll};
    assert_eq!(kept.kinds(), [Location, Poll, Contact, Contact, Location]);
    let data = |at: usize| kept.messages[at].platform_metadata.clone().unwrap();
    assert_eq!(
        data(0)["location"],
        json!({"latitude": 52.52, "longitude": 13.405, "live": false})
    );
    assert_eq!(kept.texts()[1], "When?");
    assert_eq!(data(1)["poll"]["options"], json!(["Now", "Later (x)"]));
    assert_eq!(data(1)["votes"], json!([2, 0]));
    assert_eq!(kept.texts()[2], "Bob B");
    assert_eq!(data(4)["location"]["live"], true);
}

#[test]
fn equal_messages_of_a_minute_have_ids_of_their_own() {
    let text =
        "12/31/20, 9:41 PM - Ana: ha\n12/31/20, 9:41 PM - Ana: ha\n12/31/20, 9:41 PM - Bob: ha\n";
    let ids: Vec<_> = android(text)
        .messages
        .into_iter()
        .map(|m| m.external_message_id)
        .collect();
    assert!(ids.iter().all(|id| id.starts_with("txt:")), "{ids:?}");
    assert_eq!(
        ids[1],
        format!("{}:1", ids[0]),
        "the place among equals is a part of it"
    );
    assert_ne!(ids[0], ids[2], "so is the sender");
    let again: Vec<_> = android(text)
        .messages
        .into_iter()
        .map(|m| m.external_message_id)
        .collect();
    assert_eq!(ids, again, "the same text has the same ids");
}

#[test]
fn phones_that_write_differently_give_one_id() {
    let one = android(
        "12/31/20, 9:41\u{202f}PM - Ana: Happy  new year\n12/31/20, 9:42 PM - Ana: <Media omitted>\n",
    );
    let two = iphone(
        "[31.12.20, 21:41:59] ~\u{202f}Ana: Happy new year\n\
         \u{200e}[31.12.20, 21:42:03] Ana: \u{200e}<attached: 00000002-PHOTO-2020-12-31-21-42-03.jpg>\n",
    );
    let ids = |kept: &Kept| {
        kept.messages
            .iter()
            .map(|m| m.external_message_id.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&one), ids(&two));
}
