use rstest::rstest;

use super::*;

fn all(bytes: &[u8]) -> Vec<(String, bool, bool)> {
    let mut lines = Lines::new(bytes).unwrap();
    let mut found = Vec::new();
    while let Some(line) = lines.next().unwrap() {
        let flags = (line.is_cut, line.is_damaged());
        found.push((line.text.into_owned(), flags.0, flags.1));
    }
    assert_eq!(lines.done(), bytes.len() as u64, "every byte is counted");
    found
}

fn texts(bytes: &[u8]) -> Vec<String> {
    all(bytes).into_iter().map(|(text, ..)| text).collect()
}

fn utf_16(text: &str, unit: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

#[rstest]
#[case::none("", &[])]
#[case::no_end("a\nb", &["a", "b"])]
#[case::end("a\nb\n", &["a", "b"])]
#[case::blank("a\n\nb", &["a", "", "b"])]
#[case::mark("\u{feff}a", &["a"])]
#[case::returns("a\r\nb\r", &["a\r", "b\r"])]
fn a_text_is_its_lines(#[case] text: &str, #[case] lines: &[&str]) {
    assert_eq!(texts(text.as_bytes()), lines);
}

#[rstest]
#[case::little(|unit: u16| unit.to_le_bytes())]
#[case::big(|unit: u16| unit.to_be_bytes())]
fn utf_16_is_read_with_a_mark_and_without(#[case] unit: fn(u16) -> [u8; 2]) {
    let text = "12/31/20, 9:41 PM - Ana: ñ 🦇\nzwei\n";
    for marked in ["", "\u{feff}"] {
        let bytes = utf_16(&format!("{marked}{text}"), unit);
        assert_eq!(texts(&bytes), ["12/31/20, 9:41 PM - Ana: ñ 🦇", "zwei"]);
        let encoding = Lines::new(bytes.as_slice())
            .unwrap()
            .encoding()
            .map(Encoding::name);
        assert!(encoding.is_some_and(|name| name.starts_with("UTF-16")));
    }
}

#[test]
fn a_long_utf_16_text_crosses_blocks() {
    let text = "ß🦇".repeat(100_000);
    assert_eq!(
        texts(&utf_16(&format!("\u{feff}{text}\nx"), u16::to_le_bytes)),
        [text.as_str(), "x"]
    );
}

#[test]
fn a_line_of_no_end_is_cut_and_the_next_one_is_whole() {
    let text = format!("{}\nnext", "ü".repeat(MAX_BYTES));
    let lines = all(text.as_bytes());
    assert_eq!(lines.len(), 2);
    assert!(lines[0].1, "it says so");
    assert_eq!(lines[0].0.len(), MAX_BYTES);
    assert_eq!(lines[1], ("next".to_owned(), false, false));
    let odd = all(format!("x{text}").as_bytes());
    assert!(
        !odd[0].2,
        "a character that the cut goes through is not a damage"
    );
}

#[test]
fn bytes_of_another_encoding_are_seen() {
    let lines = all(b"caf\xe9\nok\n");
    assert_eq!(lines[0], ("caf\u{fffd}".to_owned(), false, true));
    assert!(!lines[1].2);
}

/// Found by fuzzing: the decoder was asked once more after its last word.
#[test]
fn half_a_character_at_the_end_is_a_damage() {
    let lines = all(b"\xff\xfea\0\n\0b\0c");
    let texts: Vec<&str> = lines.iter().map(|(text, _, _)| text.as_str()).collect();
    assert_eq!(texts, ["a", "b\u{fffd}"]);
}
