//! What the three numbers of a date mean: which is the day, and in which calendar the year is.
//!
//! WhatsApp began in 2009, which tells years of other calendars from years of this one: a Persian 1399, a Hijri 1442
//! and a Buddhist 2563 are all 2020, and none of them is a year of ours that a chat can be from.

use icu_calendar::{Date as Dated, cal::Hijri};
use jiff::{ToSpan, civil::Date};

use super::header::{Shape, Written, Year};

/// The order of the three numbers, by what comes first; the day is last behind a year, and the year else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Order {
    Day,
    Month,
    Year,
}

impl Order {
    pub(super) const ALL: [Self; 3] = [Self::Day, Self::Month, Self::Year];

    /// The date, and whether a chat can be from then.
    pub(super) fn date(self, written: &Written) -> Option<(Date, bool)> {
        let [first, second, third] = written.numbers;
        let (year, month, day) = match self {
            Self::Day => (third, second, first),
            Self::Month => (third, first, second),
            Self::Year => (first, second, third),
        };
        if month.width > 2 || day.width > 2 {
            return None;
        }
        let (month, day) = (
            u8::try_from(month.value).ok()?,
            u8::try_from(day.value).ok()?,
        );
        let (calendar, year) = calendar(year.value, year.width, written.era);
        let date = calendar.date(year, month, day)?;
        Some((date, CHATS.contains(&date.year())))
    }

    /// As dates are written that have these numbers: `DD/MM/YY`.
    pub(super) fn letters(self, shape: Shape, written: &Written, is_padded: bool) -> String {
        let [first, _, last] = written.numbers;
        let (day, month) = if is_padded { ("DD", "MM") } else { ("D", "M") };
        let year = match self {
            Self::Year => first.width,
            _ => last.width,
        };
        let year = if year > 2 { "YYYY" } else { "YY" };
        let parts = match self {
            Self::Day => [day, month, year],
            Self::Month => [month, day, year],
            Self::Year => [year, month, day],
        };
        parts.join(shape.separator.encode_utf8(&mut [0; 4]))
    }

    /// Whether the length of the numbers allows it.
    pub(super) const fn fits(self, shape: Shape) -> bool {
        match shape.year {
            Year::First => matches!(self, Self::Year),
            Year::Last => !matches!(self, Self::Year),
            Year::Short => true,
        }
    }

    /// What most people mean who write so, where the text itself does not tell.
    pub(super) const fn customary(shape: Shape, is_padded: bool, is_of_twelve: bool) -> Self {
        match (shape.year, shape.separator) {
            (Year::First, _) => Self::Year,
            // Only the United States write the month first: unpadded, with slashes, two digits of the year and PM.
            (Year::Short, '/') if !is_padded && is_of_twelve => Self::Month,
            (Year::Short, ' ' | '年') => Self::Year,
            _ => Self::Day,
        }
    }
}

/// The years that a chat can be from, generously.
const CHATS: std::ops::RangeInclusive<i16> = 2009..=2045;

#[derive(Clone, Copy)]
enum Calendar {
    Gregorian,
    Persian,
    Hijri,
}

impl Calendar {
    fn date(self, year: i16, month: u8, day: u8) -> Option<Date> {
        let days = match self {
            Self::Gregorian => {
                let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
                return Date::new(year, month, day).ok();
            }
            Self::Persian => Dated::try_new_persian(year.into(), month, day)
                .ok()?
                .to_rata_die(),
            Self::Hijri => Dated::try_new_hijri_with_calendar(
                year.into(),
                month,
                day,
                Hijri::new_umm_al_qura(),
            )
            .ok()?
            .to_rata_die(),
        };
        FIRST.checked_add((days.to_i64_date() - 1).days()).ok()
    }
}

/// The day from which the other calendars' days are counted.
const FIRST: Date = Date::constant(1, 1, 1);

/// The calendar of a year, and the year as that calendar counts it; a Buddhist one is ours with another number.
fn calendar(year: u16, width: u8, era: u16) -> (Calendar, i16) {
    let written = i16::try_from(year).unwrap_or_default();
    if era != 0 {
        return (Calendar::Gregorian, written + era as i16);
    }
    let full = if width <= 2 { 2000 + written } else { written };
    match full {
        1388..=1424 => (Calendar::Persian, full),
        1430..=1468 => (Calendar::Hijri, full),
        2552..=2588 => (Calendar::Gregorian, full - 543),
        // The republic's, as Taiwan counts.
        98..=134 if width == 3 => (Calendar::Gregorian, full + 1911),
        // Two digits of a Buddhist or a Persian year, which are in ours still to come.
        2052..=2087 => (Calendar::Gregorian, full - 43),
        2088..=2099 => (Calendar::Persian, full - 700),
        _ => (Calendar::Gregorian, full),
    }
}

#[cfg(test)]
mod tests;
