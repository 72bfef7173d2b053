//! Telephone numbers as people write them.

/// What a written number is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Number {
    /// With its country: the digits behind the plus.
    International(String),
    /// Without one.
    National,
    /// Too short, too long, or none at all: a service, an extension, a word.
    Other,
}

/// The shortest and the longest number that a country gives out, with the country's own.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Reads a number.
pub(super) fn read(written: &str) -> Number {
    let written = written.trim();
    let has_scheme = written
        .get(..4)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("tel:"));
    let written = if has_scheme { &written[4..] } else { written };
    // Behind these come extensions and what is to be dialled later.
    let end = written.find([',', ';', 'p', 'P', 'w', 'W', 'e', 'E', 'x', 'X', '#', '*']);
    let written = &written[..end.unwrap_or(written.len())];
    // The zero that is dialled at home, and is no part of the number.
    let written = written.replace("(0)", "");
    let mut digits = String::new();
    let mut has_plus = false;
    for c in written.chars() {
        match c.to_digit(10).or_else(|| other_digit(c)) {
            Some(digit) => digits.extend(char::from_digit(digit, 10)),
            None if matches!(c, '+' | '\u{ff0b}') && digits.is_empty() => has_plus = true,
            None if c.is_alphabetic() => return Number::Other,
            None => {}
        }
    }
    let international = match digits.strip_prefix("00") {
        _ if has_plus => Some(digits.as_str()),
        behind => behind,
    };
    match international {
        Some(digits) if DIGITS.contains(&digits.len()) && !digits.starts_with('0') => {
            Number::International(digits.to_owned())
        }
        None if DIGITS.contains(&digits.len()) => Number::National,
        _ => Number::Other,
    }
}

/// Digits of other scripts that telephones write: Arabic, Persian, Devanagari, full width.
fn other_digit(c: char) -> Option<u32> {
    ['\u{660}', '\u{6f0}', '\u{966}', '\u{ff10}']
        .into_iter()
        .find_map(|zero| {
            u32::from(c)
                .checked_sub(u32::from(zero))
                .filter(|digit| *digit < 10)
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("+4915550001", "4915550001")]
    #[case::as_people_write("+49 (0)155 / 500-01", "4915550001")]
    #[case::dialled_from_abroad("0049 155 50001", "4915550001")]
    #[case::uri("tel:+1-555-010-0199;ext=3", "15550100199")]
    #[case::with_extension("+1 555 010 0199 x 3", "15550100199")]
    #[case::with_written_extension("+1 555 010 0199 ext. 3", "15550100199")]
    #[case::with_pauses("+15550100199,,12#", "15550100199")]
    #[case::arabic("+٤٩١٥٥٥٠٠٠١", "4915550001")]
    #[case::full_width("＋４９１５５５０００１", "4915550001")]
    #[case::marked("\u{202a}+49\u{a0}155\u{2011}50001\u{202c}", "4915550001")]
    fn a_number_with_its_country_is_somebodys(#[case] written: &str, #[case] digits: &str) {
        assert_eq!(read(written), Number::International(digits.to_owned()));
    }

    #[rstest]
    #[case::national("0151 5550001", Number::National)]
    #[case::american("(555) 010-0199", Number::National)]
    #[case::emergency("112", Number::Other)]
    #[case::service("*100#", Number::Other)]
    #[case::word("unknown", Number::Other)]
    #[case::too_long("+4915550001491555000149", Number::Other)]
    #[case::no_country("+0155550001", Number::Other)]
    #[case::nothing("", Number::Other)]
    fn other_numbers_are_nobodys(#[case] written: &str, #[case] number: Number) {
        assert_eq!(read(written), number);
    }

    proptest! {
        #[test]
        fn any_text_is_some_number_or_none(written: String) {
            if let Number::International(digits) = read(&written) {
                prop_assert!(digits.bytes().all(|byte| byte.is_ascii_digit()));
            }
        }
    }
}
