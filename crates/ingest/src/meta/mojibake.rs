//! UTF-8 that was taken for Latin-1.
//!
//! Meta writes each byte of a text as a character of its own: `é` is `\u00c3\u00a9`. Repaired is only what can be
//! nothing else: a text of characters below U+0100 whose bytes are valid UTF-8. Right text in Latin letters is not that
//! (`é` alone is no valid UTF-8), and what is right already stays.

use std::borrow::Cow;

use serde_json::Value;

/// A text as it was meant.
pub(super) fn repaired(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(c).ok()).collect();
    match bytes.map(String::from_utf8) {
        Some(Ok(meant)) => Cow::Owned(meant),
        _ => Cow::Borrowed(text),
    }
}

/// Repairs every text of a value. It was parsed, so it is not nested deeper than is read.
pub(super) fn repair(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(meant) = repaired(text) {
                *text = meant;
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(repair),
        Value::Object(members) => members.values_mut().for_each(repair),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn broken(text: &str) -> String {
        text.bytes().map(char::from).collect()
    }

    #[rstest]
    #[case::accent("\u{c3}\u{a9}t\u{c3}\u{a9}", "été")]
    #[case::emoji("\u{f0}\u{9f}\u{98}\u{80}", "😀")]
    #[case::right_accents("été à Zürich", "été à Zürich")]
    #[case::right_emoji("ok 😀", "ok 😀")]
    #[case::both("😀 \u{c3}\u{a9}", "😀 \u{c3}\u{a9}")]
    #[case::plain("hello", "hello")]
    #[case::cut_in_a_letter("caf\u{c3}", "caf\u{c3}")]
    fn only_what_can_be_nothing_else_is_repaired(#[case] written: &str, #[case] meant: &str) {
        assert_eq!(repaired(written), meant);
    }

    proptest! {
        #[test]
        fn what_was_broken_is_whole_again(text in "\\PC{0,40}") {
            let written = broken(&text);
            prop_assert_eq!(repaired(&written), text.as_str());
        }

        #[test]
        fn right_text_beyond_latin_is_never_touched(text in "\\PC{0,20}[\u{100}-\u{ffff}]\\PC{0,20}") {
            prop_assert_eq!(repaired(&text), text.as_str());
        }

        #[test]
        fn words_of_latin_letters_are_never_touched(text in "[a-zA-ZäöüßéèñçåøÄÖÜÉÑ ]{0,40}") {
            prop_assert_eq!(repaired(&text), text.as_str(), "no two of these letters are one in UTF-8");
        }
    }
}
