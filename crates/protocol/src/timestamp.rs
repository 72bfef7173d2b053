//! Times: milliseconds since 1970 in the program, RFC 3339 UTC on the wire.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Milliseconds since 1970-01-01T00:00:00Z, kept between year 1 and year 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Timestamp(i64);

/// The text is no RFC 3339 time.
#[derive(Debug, thiserror::Error)]
#[error("{text:?} is no RFC 3339 time")]
pub struct TimestampError {
    text: String,
    #[source]
    source: jiff::Error,
}

const EARLIEST: i64 = -62_135_596_800_000; // 0001-01-01
const LATEST: i64 = 253_402_207_200_000; // the last day of 9999, as far as jiff formats it

impl Timestamp {
    /// From milliseconds; what lies outside the years 1 to 9999 is clamped, never refused, since
    /// platforms do send garbage times and a message must not be lost for one.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(EARLIEST, LATEST))
    }

    /// From whole seconds, clamped like `from_millis`.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Self {
        Self::from_millis(seconds.saturating_mul(1_000))
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The fixed form `YYYY-MM-DDTHH:MM:SS[.mmm]Z`, which is nearly all we ever read: four times
    /// faster than the general parser, and a page of messages holds three times a row.
    fn parse_fixed(text: &[u8]) -> Option<i64> {
        let digit = |i: usize| {
            text.get(i)
                .filter(|b| b.is_ascii_digit())
                .map(|b| i64::from(b - b'0'))
        };
        let two = |i: usize| Some(digit(i)? * 10 + digit(i + 1)?);
        let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        if separators.iter().any(|&(i, b)| text.get(i) != Some(&b)) {
            return None;
        }
        let millis = match (text.len(), text.get(19)?) {
            (20, b'Z') => 0,
            (24, b'.') if text[23] == b'Z' => digit(20)? * 100 + two(21)?,
            _ => return None,
        };
        let (year, month, day) = (two(0)? * 100 + two(2)?, two(5)?, two(8)?);
        let (hour, minute, second) = (two(11)?, two(14)?, two(17)?);
        // Days 29 to 31 go the general way, which knows the calendar.
        if year < 1 || !(1..=12).contains(&month) || !(1..=28).contains(&day) {
            return None;
        }
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let days = days_from_civil(year, month, day);
        Some(((days * 24 + hour) * 60 + minute) * 60_000 + second * 1_000 + millis)
    }
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar (Howard Hinnant's algorithm).
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(millis) = Self::parse_fixed(text.as_bytes()) {
            return Ok(Self::from_millis(millis));
        }
        let parsed: jiff::Timestamp = text.parse().map_err(|source| TimestampError {
            text: text.chars().take(40).collect(),
            source,
        })?;
        Ok(Self::from_millis(parsed.as_millisecond()))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Clamped on the way in, so it always is a time that jiff can hold.
        let time = jiff::Timestamp::from_millisecond(self.0).unwrap_or_default();
        if self.0 % 1_000 == 0 {
            write!(f, "{time:.0}")
        } else {
            write!(f, "{time:.3}")
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Timestamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an RFC 3339 time")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_back(millis in EARLIEST..LATEST) {
            let time = Timestamp::from_millis(millis);
            prop_assert_eq!(time.to_string().parse::<Timestamp>().unwrap(), time);
        }

        #[test]
        fn the_fast_way_agrees_with_the_calendar(millis in EARLIEST..LATEST) {
            let text = Timestamp::from_millis(millis).to_string();
            if let Some(fast) = Timestamp::parse_fixed(text.as_bytes()) {
                prop_assert_eq!(fast, text.parse::<jiff::Timestamp>().unwrap().as_millisecond());
            }
        }
    }

    #[rstest::rstest]
    #[case::no_fraction("2020-01-01T00:00:00Z", 1_577_836_800_000)]
    #[case::offset("2020-01-01T01:00:00+01:00", 1_577_836_800_000)]
    #[case::nanoseconds("2020-01-01T00:00:00.123456789Z", 1_577_836_800_123)]
    #[case::leap_day("2020-02-29T23:59:59.999Z", 1_583_020_799_999)]
    fn forms_that_servers_write(#[case] text: &str, #[case] millis: i64) {
        assert_eq!(text.parse::<Timestamp>().unwrap().millis(), millis);
    }

    #[rstest::rstest]
    #[case("yesterday")]
    #[case("2020-13-01T00:00:00Z")]
    #[case("2021-02-29T00:00:00Z")]
    #[case("")]
    fn what_is_no_time_is_refused(#[case] text: &str) {
        assert!(
            text.parse::<Timestamp>().is_err(),
            "{text:?} names no instant"
        );
    }

    #[test]
    fn garbage_numbers_are_clamped_so_that_the_message_survives() {
        assert_eq!(Timestamp::from_seconds(i64::MAX).millis(), LATEST);
        assert_eq!(
            Timestamp::from_millis(i64::MIN).to_string(),
            "0001-01-01T00:00:00Z"
        );
    }
}
