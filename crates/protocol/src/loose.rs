//! Texts, names and minutes as sources without ids are compared by.
//!
//! An exported text marks directions with invisible signs, writes narrow spaces, and rounds times to the
//! minute; an address book pads and doubles blanks. What is the same to a reader is the same here.

use jiff::civil::DateTime;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::Timestamp;

/// What the ids of loose messages begin with.
pub const MESSAGE_PREFIX: &str = "txt:";

/// What the id of a chat begins with of which only the name is known, and that of a person.
pub const CHAT_PREFIX: &str = "name:";

const MINUTE: i64 = 60_000;

/// A text without what cannot be seen: NFC, no marks of direction, one blank between words.
#[must_use]
pub fn text(text: &str) -> String {
    // What lies before the first combining character is composed as it is.
    let may_compose = |c: char| c >= '\u{300}';
    if text.is_ascii() || !text.chars().any(may_compose) || is_nfc(text) {
        collapsed(text)
    } else {
        collapsed(&text.nfc().collect::<String>())
    }
}

/// A name, in small letters; without the tilde before what somebody calls themselves.
#[must_use]
pub fn name(name: &str) -> String {
    text(name).trim_start_matches(['~', ' ']).to_lowercase()
}

/// The digits of a name that is a phone number; `None` for any other.
#[must_use]
pub fn phone(name: &str) -> Option<String> {
    let name = text(name);
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    let is_number = name.chars().all(|c| {
        c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '\u{2011}' | '(' | ')' | '.' | '~')
    });
    // Shorter ones are names too: "112", "007".
    (is_number && digits.len() >= 7).then_some(digits)
}

/// The id of a chat of which only the name is known.
#[must_use]
pub fn chat_id(chat: &str) -> String {
    format!("{CHAT_PREFIX}{}", name(chat))
}

/// The id of a person of whom only the name is known. Servers send none; a mirror needs one to tell people apart by.
#[must_use]
pub fn person_id(called: &str) -> String {
    format!("{CHAT_PREFIX}{}", name(called))
}

/// The minute of a time, counted from 1970. Zones differ from UTC by whole minutes.
#[must_use]
pub const fn minute(at: Timestamp) -> i64 {
    at.millis().div_euclid(MINUTE)
}

/// The first moment of a minute.
#[must_use]
pub fn minute_start(minute: i64) -> Timestamp {
    Timestamp::from_millis(minute.saturating_mul(MINUTE))
}

/// The minute on a person's clock, as the ids of loose messages are made with: another zone chosen for
/// the same file makes no other ids.
#[must_use]
pub fn local_minute(at: DateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M").to_string()
}

/// Embeddings, overrides, isolates and marks of direction, and the mark at the beginning of a file.
const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn collapsed(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let end = result.len();
        if end > 0 {
            result.push(' ');
        }
        let start = result.len();
        if word.contains(is_unseen) {
            result.extend(word.chars().filter(|c| !is_unseen(*c)));
        } else {
            result.push_str(word);
        }
        // Nothing of it can be seen.
        if result.len() == start {
            result.truncate(end);
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case::marks("\u{200e}photo.jpg\u{200f}", "photo.jpg")]
    #[case::isolates("\u{2068}Ana\u{2069} \u{202a}+49\u{202c}", "Ana +49")]
    #[case::spaces("9:41\u{202f}PM\u{a0}now", "9:41 PM now")]
    #[case::lines(" one \r\n\n\ttwo ", "one two")]
    #[case::composed("Jose\u{301}", "José")]
    #[case::joiners("👩\u{200d}🚀", "👩\u{200d}🚀")]
    #[case::empty(" \u{200e} ", "")]
    #[case::nothing_between("a \u{200e} b\u{200e}c", "a bc")]
    #[case::decomposed_among_marks("\u{200e}e\u{301} a\u{30a}", "é å")]
    fn what_reads_the_same_is_the_same(#[case] written: &str, #[case] read: &str) {
        assert_eq!(text(written), read);
    }

    #[rstest::rstest]
    #[case("~\u{202f}Ana  S.", "ana s.")]
    #[case("ÉVA", "éva")]
    fn a_name_is_told_apart_by_its_letters(#[case] written: &str, #[case] key: &str) {
        assert_eq!(name(written), key);
    }

    #[rstest::rstest]
    #[case("\u{202a}+49 151 1111\u{2011}1111\u{202c}", Some("4915111111111"))]
    #[case("\u{202a}+49 151 1111-1111\u{202c}", Some("4915111111111"))]
    #[case("+1 (555) 010-9999", Some("15550109999"))]
    #[case("Agent 007", None)]
    #[case("112", None)]
    fn a_number_in_place_of_a_name_is_found(#[case] name: &str, #[case] digits: Option<&str>) {
        assert_eq!(phone(name).as_deref(), digits);
    }

    #[test]
    fn a_minute_holds_its_seconds_before_1970_too() {
        let minute_of = |seconds| minute(Timestamp::from_seconds(seconds));
        assert_eq!((minute_of(119), minute_of(120)), (1, 2));
        assert_eq!(minute_of(-1), -1, "floors, and does not turn round at 0");
        assert_eq!(minute(minute_start(-3)), -3);
    }

    #[test]
    fn a_local_minute_drops_the_seconds() {
        let at = jiff::civil::date(2024, 2, 3).at(4, 5, 59, 0);
        assert_eq!(local_minute(at), "2024-02-03T04:05");
    }
}
