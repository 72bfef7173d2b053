//! Text that is almost JSON.

use std::borrow::Cow;

/// Puts U+FFFD in the place of each escaped half of a surrogate pair that stands alone.
pub(super) fn lone_surrogates(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut lone = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
            continue;
        }
        match (escaped_unit(bytes, at), escaped_unit(bytes, at + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => at += 12,
            (Some(0xD800..=0xDFFF), _) => {
                lone.push(at);
                at += 6;
            }
            (Some(_), _) => at += 6,
            // Another escape, such as `\\`: its second byte begins none.
            (None, _) => at += 2,
        }
    }
    if lone.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut mended = text.to_owned();
    for at in lone {
        mended.replace_range(at..at + 6, r"\ufffd");
    }
    Cow::Owned(mended)
}

/// The UTF-16 unit that `\uXXXX` at this place stands for.
fn escaped_unit(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::a_half_alone(r#""a\ud83d""#, r#""a\ufffd""#)]
    #[case::the_other_half_alone(r#""\ude00!""#, r#""\ufffd!""#)]
    #[case::two_first_halves(r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#)]
    #[case::a_pair(r#""\ud83d\ude00""#, r#""\ud83d\ude00""#)]
    #[case::no_escape_at_all(r#""\\ud83d""#, r#""\\ud83d""#)]
    #[case::after_an_escaped_backslash(r#""\\\ud83d""#, r#""\\\ufffd""#)]
    #[case::cut_short(r#""\ud8"#, r#""\ud8"#)]
    fn only_halves_without_their_other_half_are_replaced(#[case] text: &str, #[case] mended: &str) {
        assert_eq!(lone_surrogates(text), mended);
    }
}
