use proptest::prelude::*;
use rstest::rstest;

use super::*;

#[test]
fn an_object_is_cut_into_its_members_in_order() {
    let text = br#" { "b" : [1, {"x": "]}"}] , "a\u0062": "q\"}" , "n": -1.5e3 } "#;
    let members = members(text).unwrap();
    let members: Vec<_> = members
        .iter()
        .map(|(key, value)| (key.as_str(), str::from_utf8(value).unwrap()))
        .collect();
    assert_eq!(
        members,
        [
            ("b", r#"[1, {"x": "]}"}]"#),
            ("ab", r#""q\"}""#),
            ("n", "-1.5e3")
        ],
        "brackets in texts are no brackets"
    );
}

#[rstest]
#[case::empty("[]", 0)]
#[case::spaced(" [ \n ] ", 0)]
#[case::three("[1,[2,3],{\"a\":[]}]", 3)]
fn an_array_is_cut_into_its_elements(#[case] text: &str, #[case] count: usize) {
    assert_eq!(elements(text.as_bytes()).unwrap().len(), count);
}

#[rstest]
#[case::nothing("", TranslateError::Truncated)]
#[case::open("[1, 2", TranslateError::Truncated)]
#[case::open_text("[\"a", TranslateError::Truncated)]
#[case::open_escape("[\"a\\", TranslateError::Truncated)]
#[case::open_inside("[{\"a\": [", TranslateError::Truncated)]
#[case::no_comma("[1 2]", TranslateError::NotJson { at: 3 })]
#[case::more_behind("[1] [2]", TranslateError::NotJson { at: 4 })]
#[case::comma_at_the_end("[1,]", TranslateError::NotJson { at: 3 })]
fn a_broken_array_says_how(#[case] text: &str, #[case] error: TranslateError) {
    assert_eq!(elements(text.as_bytes()).unwrap_err(), error);
}

#[test]
fn a_broken_element_is_cut_out_whole_so_that_it_costs_only_itself() {
    let parts = elements(b"[{\"a\": tru}, {\"b\": \"\xff\"}, 3]").unwrap();
    assert_eq!(parts.len(), 3);
    assert!(parse(parts[0]).unwrap_err().starts_with("it is not JSON"));
    assert_eq!(parse(parts[1]).unwrap_err(), "it is not valid UTF-8");
    assert_eq!(parse(parts[2]).unwrap(), 3);
}

#[rstest]
#[case::high_half(r#""a\ud83d b""#, "a\u{fffd} b")]
#[case::low_half(r#""\udc4d""#, "\u{fffd}")]
#[case::both_halves(r#""\ud83d\udc4d""#, "👍")]
#[case::halves_apart(r#""\ud83d\ud83d\udc4d\udc4d""#, "\u{fffd}👍\u{fffd}")]
#[case::an_escaped_backslash(r#""\\ud83d""#, "\\ud83d")]
#[case::at_the_end(r#""\ud83d\n""#, "\u{fffd}\n")]
fn half_an_emoji_becomes_a_replacement_character(#[case] text: &str, #[case] expected: &str) {
    assert_eq!(parse(text.as_bytes()).unwrap(), expected);
}

#[rstest]
#[case(64, true)]
#[case(65, false)]
fn nesting_over_64_is_refused(#[case] depth: usize, #[case] is_read: bool) {
    let text = "[".repeat(depth) + &"]".repeat(depth);
    assert_eq!(parse(text.as_bytes()).is_ok(), is_read);
}

#[test]
fn brackets_in_a_text_are_no_nesting() {
    let text = format!("\"{}\\\"{}\"", "[".repeat(100), "{".repeat(100));
    assert!(parse(text.as_bytes()).is_ok());
}

#[test]
fn a_line_over_the_limit_is_refused_before_it_is_parsed() {
    let text = format!("\"{}\"", "a".repeat(MAX_LINE_BYTES));
    assert!(parse(text.as_bytes()).unwrap_err().contains("longer than"));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = (elements(&bytes), members(&bytes), parse(&bytes), leading_members(&bytes));
    }

    #[test]
    fn brackets_and_quotes_in_any_order_do_not_either(text in "[\\[\\]{}\",:\\\\u0d8 1]{0,60}") {
        let bytes = text.as_bytes();
        let _ = (elements(bytes), members(bytes), parse(bytes), leading_members(bytes));
    }

    #[test]
    fn the_parts_of_an_array_are_what_serde_reads(values in proptest::collection::vec(".*", 0..8)) {
        let text = serde_json::to_string(&values).unwrap();
        let parts = elements(text.as_bytes()).unwrap();
        let read: Vec<_> = parts.iter().map(|part| parse(part).unwrap()).collect();
        prop_assert_eq!(read, values);
    }
}

#[rstest]
#[case::at_the_limit("[".repeat(64), false)]
#[case::past_it("[".repeat(65), true)]
#[case::mixed(r#"{"a":["#.repeat(33), true)]
#[case::side_by_side("[]".repeat(1_000), false)]
#[case::in_a_text(format!(r#""{}""#, "[".repeat(100)), false)]
#[case::in_a_text_behind_a_quote(format!(r#""\"{}""#, "[".repeat(100)), false)]
fn depth_counts_brackets_outside_of_texts(#[case] body: String, #[case] is_too_deep: bool) {
    assert_eq!(is_nested_too_deep(body.as_bytes()), is_too_deep);
}
