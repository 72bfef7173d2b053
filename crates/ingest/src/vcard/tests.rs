use proptest::prelude::*;
use rstest::rstest;
use threadkeep_protocol::{ContactRecord, Record};

use super::*;
use crate::collected::{Collected, folder, open, options};

fn read_card(bytes: &[u8]) -> Collected {
    Collected::of(&[("contacts.vcf", bytes)], &options(), read)
}

fn contacts(collected: &Collected) -> Vec<&ContactRecord> {
    let contacts = collected.records.iter().map(|(_, record)| match record {
        Record::Contact(contact) => contact,
        other => panic!("only contacts are told, and not {other:?}"),
    });
    contacts.collect()
}

fn card(lines: &str) -> Vec<u8> {
    format!("BEGIN:VCARD\r\n{lines}\r\nEND:VCARD\r\n").into_bytes()
}

/// Names and numbers.
fn told(bytes: &[u8]) -> Vec<(String, String)> {
    let collected = read_card(bytes);
    assert_eq!(collected.errors, [], "every card can be read");
    let contacts = contacts(&collected).into_iter().map(|contact| {
        (
            contact.display_name.clone().unwrap_or_default(),
            contact.phone_number.clone().unwrap_or_default(),
        )
    });
    contacts.collect()
}

#[rstest]
#[case::v3("VERSION:3.0\r\nN:Müller;Jörg;;;\r\nFN:Jörg Müller\r\nTEL;type=CELL:+49 155 50001")]
#[case::v4("VERSION:4.0\r\nFN:Jörg Müller\r\nTEL;VALUE=uri;TYPE=\"voice,cell\":tel:+49-155-50001")]
#[case::v2_quoted(
    "VERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg\r\nTEL;CELL;PREF:+49155 50001"
)]
#[case::v2_bare(
    "VERSION:2.1\r\nN;CHARSET=UTF-8;QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg\r\nTEL;CELL:+4915550001"
)]
#[case::v2_in_latin(
    "VERSION:2.1\r\nFN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:J=F6rg M=FCller\r\nTEL:+4915550001"
)]
#[case::v2_over_lines(
    "VERSION:2.1\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=B6rg=\r\n M=C3=BCller\r\nTEL:+4915550001"
)]
#[case::folded("VERSION:3.0\r\nFN:Jörg M\r\n üller\r\nTEL:+4915\r\n 550001")]
#[case::grouped(
    "VERSION:3.0\r\nFN:Jörg Müller\r\nitem1.TEL;waid=4915550001:0155 50001\r\nitem1.X-ABLabel:Mobil"
)]
#[case::of_small_letters("version:3.0\r\nfn:Jörg Müller\r\ntel;type=cell:+49 155 50001")]
#[case::only_an_end_of_line("VERSION:3.0\nFN:Jörg Müller\nTEL:+4915550001")]
fn every_version_says_the_same(#[case] lines: &str) {
    assert_eq!(
        told(&card(lines)),
        [("Jörg Müller".to_owned(), "+4915550001".to_owned())]
    );
}

#[rstest]
#[case::raw_latin(b"FN:J\xf6rg\r\nTEL:+4915550001".as_slice(), "Jörg")]
#[case::raw_cyrillic(b"FN;CHARSET=windows-1251:\xc8\xe2\xe0\xed\r\nTEL:+4915550001".as_slice(), "Иван")]
#[case::raw_japanese(b"FN;CHARSET=SHIFT_JIS:\x93\xfa\x96\x7b\r\nTEL:+4915550001".as_slice(), "日本")]
#[case::quoted_japanese(
    b"FN;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:=93=FA=96=7B\r\nTEL:+4915550001".as_slice(),
    "日本"
)]
fn old_phones_wrote_in_any_encoding(#[case] lines: &[u8], #[case] name: &str) {
    let bytes = [
        b"BEGIN:VCARD\r\nVERSION:2.1\r\n",
        lines,
        b"\r\nEND:VCARD\r\n",
    ]
    .concat();
    assert_eq!(told(&bytes), [(name.to_owned(), "+4915550001".to_owned())]);
}

#[rstest]
#[case::little([0xff, 0xfe], u16::to_le_bytes)]
#[case::big([0xfe, 0xff], u16::to_be_bytes)]
fn a_file_of_two_bytes_a_letter_is_read(#[case] mark: [u8; 2], #[case] bytes: fn(u16) -> [u8; 2]) {
    let text = String::from_utf8(card("VERSION:3.0\r\nFN:Jörg\r\nTEL:+4915550001")).unwrap();
    let wide: Vec<u8> = mark
        .into_iter()
        .chain(text.encode_utf16().flat_map(bytes))
        .collect();
    assert!(cut::begins_as_card(&wide[..60]), "it begins as one");
    assert_eq!(told(&wide), [("Jörg".to_owned(), "+4915550001".to_owned())]);
}

#[test]
fn several_cards_and_numbers_are_several_contacts() {
    let cards = [
        card(
            "VERSION:3.0\r\nN:Arden;Ana;;;\r\nFN:Ana Arden\r\nTEL:+4915550001\r\nTEL:+49 155 50001\r\nTEL:+4915550002",
        ),
        b"\r\n".to_vec(),
        card(
            "VERSION:3.0\r\nORG:Bikes\\, Ltd.;Sales\r\nTEL:+4915550003\r\nTEL:0155 50004\r\nTEL:112",
        ),
        card("VERSION:3.0\r\nFN:Nobody\r\nEMAIL:nobody@example.org"),
        card("VERSION:3.0\r\nFN:+49 155 50005\r\nTEL:+4915550005"),
    ];
    let collected = read_card(&cards.concat());
    insta::assert_json_snapshot!(collected.json());
    assert_eq!(collected.unknown["telephone number without a country"], 1);
    assert_eq!(
        collected.skipped, 2,
        "an emergency number, and somebody without any"
    );
}

#[test]
fn what_is_not_read_is_passed_over() {
    let photo = "A".repeat(72);
    let lines = [
        "VERSION:2.1",
        "PHOTO;JPEG;ENCODING=BASE64:",
        &format!(" {photo}"),
        &photo,
        "",
        "NOTE;ENCODING=QUOTED-PRINTABLE:Call=",
        "TEL:+4915550009=",
        "FN:Somebody else",
        "AGENT:",
        "BEGIN:VCARD",
        "VERSION:2.1",
        "FN:Assistant",
        "TEL:+4915550008",
        "END:VCARD",
        "FN:Ana",
        "TEL:+4915550001",
    ];
    assert_eq!(
        told(&card(&lines.join("\r\n"))),
        [("Ana".to_owned(), "+4915550001".to_owned())]
    );
}

#[test]
fn a_photo_takes_no_memory_and_costs_nothing() {
    let photo: String = (0..20_000)
        .map(|_| format!(" {}\r\n", "A".repeat(74)))
        .collect();
    let lines = format!("VERSION:3.0\r\nFN:Ana\r\nPHOTO;ENCODING=b:\r\n{photo}TEL:+4915550001");
    assert_eq!(told(&card(&lines)).len(), 1);
}

#[test]
fn a_broken_card_costs_only_itself() {
    let cards = [
        b"BEGIN:VCARD\r\nFN:No end\r\nTEL:+4915550009\r\n".to_vec(),
        card("VERSION:3.0\r\nFN:Ana\r\nTEL:+4915550001"),
        card(&format!(
            "VERSION:3.0\r\n{}",
            "TEL:+4915550001\r\n".repeat(20_000)
        )),
        card(&format!(
            "VERSION:3.0\r\nFN:{}\r\nTEL:+4915550002",
            "long ".repeat(100_000)
        )),
        b"BEGIN:VCARD\r\nFN:Cut off".to_vec(),
    ];
    let collected = read_card(&cards.concat());
    let names: Vec<_> = contacts(&collected)
        .into_iter()
        .map(|contact| contact.phone_number.clone())
        .collect();
    assert_eq!(
        names,
        [
            Some("+4915550001".to_owned()),
            Some("+4915550002".to_owned())
        ]
    );
    insta::assert_json_snapshot!(collected.errors);
}

#[test]
fn it_is_told_from_its_first_words() {
    let is_one = |name: &str, bytes: &[u8]| {
        let folder = folder(&[(name, bytes)]);
        recognise(&open(&folder).unwrap()).unwrap()
    };
    let ana = card("VERSION:3.0\r\nFN:Ana");
    assert!(is_one("a.vcf", &ana));
    assert!(is_one(
        "A.VCF",
        &[b"\xef\xbb\xbf\r\n".as_slice(), &ana].concat()
    ));
    assert!(!is_one("a.vcf", b"something else"), "a name is no content");
    assert!(
        !is_one("a.txt", &ana),
        "a folder of other files is no address book"
    );
    let beside = |name: &str| {
        let folder = folder(&[("Ana.vcf", &ana), (name, b"something")]);
        recognise(&open(&folder).unwrap()).unwrap()
    };
    assert!(
        beside("ChatStorage.sqlite"),
        "an address book may lie beside a database"
    );
    assert!(
        !beside("_chat.txt"),
        "but in an export it is a contact that somebody sent"
    );
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &ana).unwrap();
    let input = Input::open(file.path(), crate::Limits::default()).unwrap();
    assert!(
        recognise(&input).unwrap(),
        "a file that was given needs no name"
    );
}

#[test]
fn reading_stops_when_the_receiver_has_had_enough() {
    let folder = folder(&[(
        "a.vcf",
        &card("VERSION:3.0\r\nFN:A\r\nTEL:+4915550001\r\nTEL:+4915550002"),
    )]);
    let mut collected = Collected {
        enough: Some(1),
        ..Collected::default()
    };
    let result = read(&open(&folder).unwrap(), &options(), &mut collected);
    assert!(matches!(result, Err(ReadError::Stopped)), "{result:?}");
    assert_eq!(collected.records.len(), 1);
}

const ODDITIES: &[&str] = &[
    "BEGIN:VCARD\r\n",
    "END:VCARD\r\n",
    "VERSION:2.1\r\n",
    "VERSION:4.0\r\n",
    "FN:",
    "N:",
    "TEL",
    "TEL;waid=",
    ";",
    ":",
    "=\r\n",
    "=C3",
    "ENCODING=QUOTED-PRINTABLE",
    ";CHARSET=",
    "UTF-8",
    "\r\n ",
    "\r\n",
    "\\",
    ",",
    "\"",
    "+4915550001",
    "ü",
    "AGENT:\r\n",
    "ORG:",
    "NICKNAME;",
    "item1.",
    "^n",
    "VALUE=date-time:",
    "BASE64:",
    "\u{0}",
    "\u{feff}",
    "PREF=1",
    "TYPE=",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn no_card_panics_or_hangs(parts in proptest::collection::vec(proptest::sample::select(ODDITIES), 0..60)) {
        read_card(parts.concat().as_bytes());
        read_card(&card(&parts.concat()));
    }

    #[test]
    fn no_bytes_panic_or_hang(bytes: Vec<u8>) {
        read_card(&bytes);
        let mut inner = b"BEGIN:VCARD\r\nTEL;".to_vec();
        inner.extend(bytes);
        inner.extend(b"\r\nEND:VCARD");
        read_card(&inner);
    }
}
