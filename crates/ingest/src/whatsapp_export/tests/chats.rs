use std::io::Write;

use super::*;

const TWO: &str = "31/12/20, 21:41 - Ana: hi\n31/12/20, 21:42 - Bob: ho\n";

#[rstest]
#[case("WhatsApp Chat with Ana.txt", "Ana")]
#[case("WhatsApp Chat mit Ana.txt", "Ana")]
#[case("Chat de WhatsApp con Ana.txt", "Ana")]
#[case("WhatsApp'i vestlus kontaktiga Ana.txt", "Ana")]
#[case("Ana ile WhatsApp Sohbeti.txt", "Ana")]
#[case("دردشة واتساب مع Ana.txt", "Ana")]
#[case("holiday.txt", "holiday")]
fn a_file_s_name_names_the_chat(#[case] name: &str, #[case] chat: &str) {
    let kept = read_place(&file(name, TWO), &utc());
    assert_eq!(kept.chats[0].name.as_deref(), Some(chat));
    assert_eq!(
        kept.chats[0].external_conversation_id,
        format!("name:{}", chat.to_lowercase())
    );
}

#[test]
fn a_direct_chat_tells_who_is_me() {
    let kept = read_place(&file("WhatsApp Chat with Ana.txt", TWO), &utc());
    assert_eq!(
        kept.chats[0].conversation_type,
        Some(ConversationKind::Direct)
    );
    assert!(kept.decisions.contains(&Decision::Me("Bob".to_owned())));
    let mine: Vec<_> = kept
        .messages
        .iter()
        .map(|message| message.is_from_me)
        .collect();
    assert_eq!(mine, [false, true]);
    assert_eq!(kept.senders(), [Some("Ana"), None]);
}

#[test]
fn who_deleted_what_you_deleted_is_me() {
    let text = format!(
        "{TWO}31/12/20, 21:43 - Bob: You deleted this message\n31/12/20, 21:44 - Eve: oh\n"
    );
    let kept = android(&text);
    assert!(kept.decisions.contains(&Decision::Me("Bob".to_owned())));
    assert_eq!(
        kept.chats[0].conversation_type,
        Some(ConversationKind::Group),
        "three write"
    );
}

#[test]
fn in_a_group_nobody_is_me_until_a_person_says_so() {
    let text = format!("31/12/20, 21:40 - Ana created group \"Trip\"\n{TWO}");
    let kept = android(&text);
    assert_eq!(
        kept.chats[0].conversation_type,
        Some(ConversationKind::Group)
    );
    assert!(kept.messages.iter().all(|message| !message.is_from_me));
    let options = Options {
        me: Some("bob".to_owned()),
        ..utc()
    };
    let kept = read_place(&file("x.txt", &text), &options);
    assert_eq!(
        kept.messages
            .iter()
            .filter(|message| message.is_from_me)
            .count(),
        1
    );
}

#[test]
fn a_chosen_chat_is_where_the_messages_go_and_its_partner_has_its_address() {
    let chat = "4915111111111@s.whatsapp.net";
    let options = Options {
        chat: Some(chat.to_owned()),
        ..utc()
    };
    let kept = read_place(&file("WhatsApp Chat with Ana.txt", TWO), &options);
    assert!(
        kept.messages
            .iter()
            .all(|message| message.external_conversation_id == chat)
    );
    assert_eq!(kept.messages[0].sender_external_id.as_deref(), Some(chat));
    assert_eq!(
        kept.messages[1].sender_external_id, None,
        "my own messages have no sender"
    );
    assert_eq!(kept.contacts[0].display_name.as_deref(), Some("Ana"));
}

#[test]
fn a_chat_with_a_number_is_known_by_its_address() {
    let kept = read_place(
        &file(
            "WhatsApp Chat with +49 151 11111111.txt",
            "31/12/20, 21:41 - +49 151 11111111: hi\n31/12/20, 21:42 - Bob: ho\n",
        ),
        &utc(),
    );
    assert_eq!(
        kept.chats[0].external_conversation_id,
        "4915111111111@s.whatsapp.net"
    );
    assert!(kept.decisions.contains(&Decision::Me("Bob".to_owned())));
}

#[test]
fn files_are_found_beside_the_text_and_hashed() {
    let text = "[31.12.20, 21:41:07] Ana: \u{200e}<attached: 00000001-PHOTO-2020-12-31-21-41-07.jpg>\n\
                [31.12.20, 21:41:08] Ana: look \u{200e}<attached: 00000002-VIDEO-2020-12-31-21-41-08.mp4>\n\
                [31.12.20, 21:41:09] Ana: \u{200e}<Gegevens: 00000003-AUDIO-2020-12-31-21-41-09.opus>\n\
                [31.12.20, 21:41:10] Ana: \u{200e}plan.pdf • \u{200e}2 pages \u{200e}<attached: 00000004-plan.pdf>\n";
    let place = folder(&[
        ("a/00000001-PHOTO-2020-12-31-21-41-07.jpg", b"other"),
        ("b/00000001-PHOTO-2020-12-31-21-41-07.jpg", b"jpg"),
        ("b/00000004-plan.pdf", b"pdf"),
        ("b/_chat.txt", text.as_bytes()),
    ]);
    let kept = read_place(&place, &utc());
    use MessageKind::{Document, Image, Video, Voice};
    assert_eq!(kept.kinds(), [Image, Video, Voice, Document]);
    assert_eq!(kept.texts(), ["", "look", "", ""]);
    let media: Vec<_> = kept
        .messages
        .iter()
        .map(|message| message.media.clone().unwrap())
        .collect();
    let sum = "b284981bf30ea13a3f704c4be2e52cc8d9a5a4fbfa84ed8a7cbb4fec46a4fe30";
    assert_eq!(media[0].file_size, Some(3));
    assert_eq!(media[0].mime_type.as_deref(), Some("image/jpeg"));
    assert_eq!(media[1].sha256, None, "it is not there");
    assert_eq!(media[1].file_name, None, "an iPhone made the name up");
    let exported = media[1].platform_metadata.as_ref().unwrap();
    assert_eq!(
        exported["exported_as"],
        "00000002-VIDEO-2020-12-31-21-41-08.mp4"
    );
    assert_eq!(
        media[3].file_name.as_deref(),
        Some("plan.pdf"),
        "without its number"
    );
    assert_eq!(kept.contents.len(), 2);
    assert_eq!(kept.contents[0].0.len(), sum.len());
    assert_eq!(
        media[0].sha256.as_deref(),
        Some(kept.contents[0].0.as_str())
    );
    assert_eq!(kept.contents[0].1, 1, "the one beside the text");
    let preview = Options {
        with_content: false,
        ..utc()
    };
    let kept = read_place(&place, &preview);
    assert_eq!(kept.contents, []);
    assert_eq!(
        kept.messages[0].media.as_ref().unwrap().file_size,
        Some(3),
        "a preview says how large it is"
    );
}

#[test]
fn android_s_files_have_their_words_in_round_brackets() {
    let text = "31/12/20, 21:41 - Ana: \u{200e}IMG-20201231-WA0001.jpg (file attached)\nlook\nhere\n\
                31/12/20, 21:42 - Ana: PTT-20201231-WA0002.opus (Datei angehängt)\n\
                31/12/20, 21:43 - Ana: STK-20201231-WA0003.webp (sanat joita kukaan ei tunne)\n\
                31/12/20, 21:44 - Ana: My plan (1).pdf (archivo adjunto)\n\
                31/12/20, 21:45 - Ana: Bob.vcf (file attached)\n";
    let place = folder(&[
        ("WhatsApp Chat with Ana.txt", text.as_bytes()),
        ("My plan (1).pdf", b"pdf"),
    ]);
    let kept = read_place(&place, &utc());
    use MessageKind::{Contact, Document, Image, Sticker, Voice};
    assert_eq!(kept.kinds(), [Image, Voice, Sticker, Document, Contact]);
    assert_eq!(kept.texts(), ["look\nhere", "", "", "", "Bob"]);
    let names: Vec<_> = kept
        .messages
        .iter()
        .map(|m| m.media.as_ref().unwrap().file_name.clone().unwrap())
        .collect();
    assert_eq!(names[3], "My plan (1).pdf");
    assert_eq!(
        names[0], "IMG-20201231-WA0001.jpg",
        "the mark is no part of the name"
    );
    assert_eq!(kept.contents.len(), 1);
}

#[test]
fn a_zip_is_a_chat_with_its_files() {
    let place = folder(&[]);
    let path = place.1.join("WhatsApp Chat - Ana.zip");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    for (name, bytes) in [
        (
            "_chat.txt",
            "[31.12.20, 21:41:07] Ana: \u{200e}<attached: 1-x.jpg>\n[31.12.20, 21:41:08] Bob: ho\n"
                .as_bytes(),
        ),
        ("1-x.jpg", b"jpg"),
        (
            "notes.txt",
            b"1.1.20, 10:00 - Eve: an attachment is no chat\n",
        ),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
    let kept = read_place(&Place(place.0, path), &utc());
    assert_eq!(kept.chats.len(), 1);
    assert_eq!(kept.chats[0].name.as_deref(), Some("Ana"));
    assert_eq!(kept.contents.len(), 1);
    assert!(kept.decisions.contains(&Decision::Me("Bob".to_owned())));
}

#[test]
fn several_texts_are_several_chats() {
    let place = folder(&[
        ("WhatsApp Chat with Ana.txt", TWO.as_bytes()),
        (
            "WhatsApp Chat with Eve.txt",
            "1/31/20, 9:41 PM - Eve: hi\n".as_bytes(),
        ),
        ("readme.txt", b"nothing"),
        ("photo.jpg", b"jpg"),
    ]);
    let options = Options {
        chat: Some("x@g.us".to_owned()),
        ..utc()
    };
    let kept = read_place(&place, &options);
    let names: Vec<_> = kept
        .chats
        .iter()
        .map(|chat| chat.external_conversation_id.as_str())
        .collect();
    assert_eq!(
        names,
        ["name:ana", "name:eve"],
        "a chosen chat is for one text only"
    );
    let (done, total) = *kept.advances.last().unwrap();
    assert_eq!(done, total, "progress ends at its end");
    assert!(kept.advances.is_sorted(), "and never goes back");
}

#[rstest]
#[case::text("hello\nworld\n")]
#[case::json("[{\"type\": \"contact\"}]")]
#[case::date_later("hello\n31/12/20, 21:41 - Ana: hi\n")]
#[case::nothing("")]
fn what_is_no_export_is_refused_in_words(#[case] content: &str) {
    let place = file("WhatsApp Chat with Ana.txt", content);
    let input = Input::open(&place.1, Limits::default()).unwrap();
    assert!(!recognise(&input).unwrap(), "not by its name");
    let (result, kept) = try_read(&place, &utc());
    assert!(
        result
            .unwrap_err()
            .to_string()
            .contains("no message of an exported chat")
    );
    assert_eq!(kept.messages.len(), 0);
}

#[test]
fn another_encoding_is_refused_and_a_damaged_line_is_not() {
    let line = b"31/12/20, 21:41 - Jos\xe9: caf\xe9\n";
    let (result, kept) = try_read(&file("x.txt", line.repeat(50)), &utc());
    assert!(result.unwrap_err().to_string().contains("UTF-8"));
    assert_eq!(kept.messages.len(), 0, "nothing is half read");
    let mut text = TWO.repeat(100).into_bytes();
    text.extend(line);
    let kept = read_place(&file("x.txt", text), &utc());
    assert_eq!(kept.messages.len(), 201);
    assert_eq!(kept.errors.len(), 1);
    assert!(
        !kept.errors[0].1.contains("caf"),
        "a reason holds no content"
    );
}

#[test]
fn utf_16_is_read_and_said() {
    let text: Vec<u8> = format!("\u{feff}{TWO}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let kept = read_place(&file("x.txt", text), &utc());
    assert_eq!(kept.texts(), ["hi", "ho"]);
    assert!(
        kept.decisions
            .contains(&Decision::Encoding("UTF-16LE".to_owned()))
    );
}

#[test]
fn whoever_has_enough_stops_the_reading() {
    let place = file("x.txt", TWO.repeat(10));
    let input = Input::open(&place.1, Limits::default()).unwrap();
    let mut kept = Kept {
        enough: Some(3),
        ..Kept::default()
    };
    let result = read(&input, &utc(), &mut kept);
    assert!(matches!(result, Err(ReadError::Stopped)));
    assert_eq!(kept.messages.len(), 3);
}

#[test]
fn a_message_of_no_end_is_cut_with_an_error() {
    let long = format!("{}\n", "x".repeat(999)).repeat(text::MAX_BYTES / 1_000 + 10);
    let kept = android(&format!("31/12/20, 21:41 - Ana: {long}{TWO}"));
    assert_eq!(kept.messages.len(), 3);
    assert!(kept.messages[0].content.len() <= text::MAX_BYTES);
    assert_eq!(kept.errors.len(), 1, "it is said once");
}
