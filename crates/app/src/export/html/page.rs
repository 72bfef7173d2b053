//! What stands around the messages of every page.

use std::io::{self, Write};

use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};

use super::text::{Address, Escaped};
use crate::words::{Words, fill};

/// Nothing is run and nothing is fetched, whatever a message holds: only the styles and the pictures of
/// the page itself, and files beside it. A page that is opened from a disk has no `'self'` in some browsers.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self' file:; \
     media-src 'self' file:; base-uri 'none'; form-action 'none'";

const STYLE: &str = include_str!("style.css");
const SHAPES: &str = include_str!("shapes.svg");

/// The place and the moment of the export, and the words in which both are said.
pub(super) struct Clock {
    pub(super) zone: TimeZone,
    pub(super) now: Timestamp,
    pub(super) words: &'static Words,
}

impl Clock {
    fn at(&self, millis: i64) -> Zoned {
        Timestamp::from_millisecond(millis)
            .unwrap_or_default()
            .to_zoned(self.zone.clone())
    }

    pub(super) fn date(&self, millis: i64) -> Date {
        self.at(millis).date()
    }

    /// `Monday, 3 May 2021`.
    pub(super) fn weekday(&self, millis: i64) -> String {
        let weekday = self.at(millis).weekday().to_monday_one_offset();
        let weekday = self.words.weekday(weekday);
        fill(self.words.weekday_and_date, [weekday, &self.day(millis)])
    }

    /// `3 May 2021`.
    pub(super) fn day(&self, millis: i64) -> String {
        let at = self.at(millis);
        let month = self.words.month(at.month());
        let (day, year) = (at.day().to_string(), at.year().to_string());
        fill(self.words.date, [&day, month, &year])
    }

    /// `14:05`.
    pub(super) fn hour(&self, millis: i64) -> String {
        self.at(millis).strftime("%H:%M").to_string()
    }

    /// `3 May 2021 14:05:09`.
    pub(super) fn moment(&self, millis: i64) -> String {
        let clock = self.at(millis).strftime("%H:%M:%S").to_string();
        format!("{} {clock}", self.day(millis))
    }

    /// `2021-05-03T14:05:09+02:00`.
    pub(super) fn machine(&self, millis: i64) -> String {
        self.at(millis).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// `3 May 2021 – 5 June 2023`, or the one day.
    pub(super) fn period(&self, first: i64, last: i64) -> String {
        let (first, last) = (self.day(first), self.day(last));
        if first == last {
            first
        } else {
            format!("{first} – {last}")
        }
    }

    /// When and where this was written.
    pub(super) fn colophon(&self) -> String {
        let now = self.now.as_millisecond();
        let zone = match self.zone.iana_name() {
            Some(name) => name.to_owned(),
            None => format!("UTC{}", self.at(now).strftime("%:z")),
        };
        fill(self.words.colophon, [&self.day(now), &zone])
    }

    /// `Messages: 12,345`.
    pub(super) fn messages(&self, number: u64) -> String {
        fill(self.words.count_of_messages, [&self.words.count(number)])
    }
}

/// From the first byte to where the page's own words begin.
pub(super) fn begin(out: &mut impl Write, title: &str, words: &Words) -> io::Result<()> {
    let language = words.language.tag();
    let direction = if words.language.is_rtl() {
        "rtl"
    } else {
        "ltr"
    };
    write!(
        out,
        "<!doctype html>\n<html lang=\"{language}\" dir=\"{direction}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{SHAPES}",
        Escaped(title)
    )
}

pub(super) fn end(out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"</body>\n</html>\n")
}

/// The ways from one page of a long chat to the others.
pub(super) fn ways(
    out: &mut impl Write,
    earlier: Option<&str>,
    later: Option<&str>,
    words: &Words,
) -> io::Result<()> {
    out.write_all(b"<nav class=\"ways\">")?;
    if let Some(file) = earlier {
        write!(
            out,
            "<a href=\"{}\" rel=\"prev\">{}</a>",
            Address(file),
            words.earlier
        )?;
    }
    write!(out, "<a href=\"../index.html\">{}</a>", words.all_chats)?;
    if let Some(file) = later {
        write!(
            out,
            "<a href=\"{}\" rel=\"next\">{}</a>",
            Address(file),
            words.later
        )?;
    }
    out.write_all(b"</nav>\n")
}
