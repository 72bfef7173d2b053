use proptest::prelude::*;
use rstest::rstest;
use threadkeep_protocol::MAX_LINE_BYTES;

use super::*;

const ONE: &str = r#"{"type":"message","external_conversation_id":"a@s.whatsapp.net","external_message_id":"1","content":"hi","timestamp":"2020-01-01T00:00:00Z"}"#;
const TWO: &str = r#"{"type":"contact","external_contact_id":"a@s.whatsapp.net"}"#;

fn places(translation: &Translation) -> Vec<usize> {
    translation
        .records
        .iter()
        .map(|(place, _)| *place)
        .collect()
}

#[rstest]
#[case::lines(format!("{ONE}\n{TWO}\n"))]
#[case::crlf(format!("{ONE}\r\n{TWO}\r\n"))]
#[case::byte_order_mark(format!("\u{feff}{ONE}\n{TWO}"))]
#[case::array(format!("[{ONE},\n{TWO}]"))]
#[case::envelope(format!("{{\"records\": [{ONE}, {TWO}]}}"))]
#[case::envelope_with_more(format!("{{\"version\": 1, \"records\": [{ONE}, {TWO}]}}"))]
fn every_way_of_writing_two_records_is_read(#[case] text: String) {
    crate::collected::seed::keep_bytes("neutral", text.as_bytes());
    let translation = neutral(text.as_bytes()).unwrap();
    assert_eq!(translation.errors, []);
    assert_eq!(places(&translation), [0, 1]);
}

#[test]
fn one_record_by_itself_may_stand_on_several_lines() {
    let text = ONE.replace(',', ",\n  ");
    assert_eq!(places(&neutral(text.as_bytes()).unwrap()), [0]);
}

#[test]
fn blank_lines_hold_nothing_and_count() {
    let text = format!("\n{ONE}\n\n  \n{TWO}");
    assert_eq!(places(&neutral(text.as_bytes()).unwrap()), [1, 4]);
}

#[test]
fn an_empty_input_holds_no_records_and_is_no_error() {
    assert_eq!(neutral(b" \n").unwrap(), Translation::default());
}

#[rstest]
#[case::no_json(b"not json", "it is not JSON")]
#[case::no_utf8(b"{\"type\": \"\xff\xfe\"}", "it is not valid UTF-8")]
#[case::no_type(b"{}", "missing field `type`")]
#[case::no_known_type(b"{\"type\": \"SECRET\"}", "a field has the wrong type")]
#[case::no_object(b"\"SECRET\"", "a field has the wrong type")]
#[case::bad_field(
    br#"{"type":"contact","external_contact_id":"a","is_business":"SECRET, expected SECRET"}"#,
    "a field has the wrong type: expected a boolean"
)]
#[case::bad_time(
    br#"{"type":"revoke","external_conversation_id":"a","external_message_id":"1","at":"SECRET"}"#,
    "a field has a value that cannot be read"
)]
fn a_bad_line_costs_only_itself_and_its_content_is_not_told(
    #[case] line: &[u8],
    #[case] reason: &str,
) {
    let text = [ONE.as_bytes(), b"\n", line, b"\n", TWO.as_bytes()].concat();
    let translation = neutral(&text).unwrap();
    assert_eq!(places(&translation), [0, 2]);
    let [error] = &translation.errors[..] else {
        panic!("one line is bad: {:?}", translation.errors);
    };
    assert_eq!(error.index, 1);
    assert!(error.reason.starts_with(reason), "{}", error.reason);
    assert!(!error.reason.contains("SECRET"), "{}", error.reason);
}

#[test]
fn a_bad_element_of_an_array_costs_only_itself() {
    let text = format!("[{ONE}, 7, {{\"type\": tru}}, {TWO}]");
    let translation = neutral(text.as_bytes()).unwrap();
    assert_eq!(places(&translation), [0, 3]);
    assert_eq!(translation.errors.len(), 2);
}

#[test]
fn a_line_over_the_limit_costs_only_itself() {
    let long = ONE.replace("hi", &"x".repeat(MAX_LINE_BYTES));
    let translation = neutral(format!("{long}\n{TWO}").as_bytes()).unwrap();
    assert_eq!(places(&translation), [1]);
    assert!(translation.errors[0].reason.contains("longer than"));
}

#[rstest]
#[case::array("[1, 2")]
#[case::envelope_of_something_else("{\"records\": 7}")]
fn a_document_that_is_unusable_as_a_whole_says_that_nothing_was_changed(#[case] text: &str) {
    let error = neutral(text.as_bytes()).unwrap_err().to_string();
    assert!(error.ends_with("Nothing was changed."), "{error}");
}

#[test]
fn what_is_written_is_read_back() {
    let first = neutral(format!("{ONE}\n{TWO}").as_bytes()).unwrap();
    let lines: Vec<String> = first
        .records
        .iter()
        .map(|(_, record)| serde_json::to_string(record).unwrap())
        .collect();
    assert_eq!(neutral(lines.join("\n").as_bytes()).unwrap(), first);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = neutral(&bytes);
    }
}
