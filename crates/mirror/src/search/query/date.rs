//! Dates: `before:`, `after:`, `on:` a day, a month or a year, in the person's calendar.

use std::ops::Range;

use jiff::{
    ToSpan,
    civil::{self, Date},
    tz::TimeZone,
};

/// What days are here and now.
#[derive(Debug, Clone)]
pub(in crate::search) struct Calendar {
    pub(in crate::search) zone: TimeZone,
    pub(in crate::search) today: Date,
}

/// The time that a filter names, in milliseconds; none where it is no filter of dates.
pub(super) fn range(name: &str, value: &str, calendar: &Calendar) -> Option<Range<i64>> {
    let name = name.to_ascii_lowercase();
    if !matches!(name.as_str(), "before" | "after" | "on") {
        return None;
    }
    let days = days(value, calendar.today)?;
    let start = calendar.start_of(days.start)?;
    let end = calendar.start_of(days.end)?;
    Some(match name.as_str() {
        "before" => i64::MIN..start,
        "after" => end..i64::MAX,
        _ => start..end,
    })
}

impl Calendar {
    fn start_of(&self, day: Date) -> Option<i64> {
        let start = day.to_zoned(self.zone.clone()).ok()?;
        Some(start.timestamp().as_millisecond())
    }
}

/// The days meant, the last one not among them.
fn days(value: &str, today: Date) -> Option<Range<Date>> {
    let value = value.trim().to_ascii_lowercase();
    let one = |day: Date| Some(day..day.tomorrow().ok()?);
    match value.as_str() {
        "today" => return one(today),
        "yesterday" => return one(today.yesterday().ok()?),
        _ => {}
    }
    let mut numbers = value.split(['-', '/', '.']);
    let year = numbers.next().filter(|year| year.len() == 4)?;
    let year: i16 = number(year)?;
    let (month, day) = (numbers.next(), numbers.next());
    if numbers.next().is_some() {
        return None;
    }
    match (month, day) {
        (Some(month), Some(day)) => one(Date::new(year, number(month)?, number(day)?).ok()?),
        (Some(month), None) => {
            let first = Date::new(year, number(month)?, 1).ok()?;
            Some(first..first.checked_add(1.month()).ok()?)
        }
        _ => {
            let first = Date::new(year, 1, 1).ok()?;
            Some(first..civil::date(year.checked_add(1)?.min(9_999), 1, 1))
        }
    }
}

/// Digits alone: no sign, no space.
fn number<N: std::str::FromStr>(text: &str) -> Option<N> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
}
