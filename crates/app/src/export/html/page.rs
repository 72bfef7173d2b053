//! What stands around the messages of every page.

use std::io::{self, Write};

use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};

use super::text::{Address, Escaped};

/// Nothing is run and nothing is fetched, whatever a message holds: only the styles and the pictures of
/// the page itself, and files beside it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self'; media-src 'self'; \
     base-uri 'none'; form-action 'none'";

const STYLE: &str = include_str!("style.css");
const SHAPES: &str = include_str!("shapes.svg");

/// The place and the moment of the export.
pub(super) struct Clock {
    pub(super) zone: TimeZone,
    pub(super) now: Timestamp,
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
        self.at(millis).strftime("%A, %-d %B %Y").to_string()
    }

    /// `3 May 2021`.
    pub(super) fn day(&self, millis: i64) -> String {
        self.at(millis).strftime("%-d %B %Y").to_string()
    }

    /// `14:05`.
    pub(super) fn hour(&self, millis: i64) -> String {
        self.at(millis).strftime("%H:%M").to_string()
    }

    /// `3 May 2021 14:05:09`.
    pub(super) fn moment(&self, millis: i64) -> String {
        self.at(millis).strftime("%-d %B %Y %H:%M:%S").to_string()
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
            Some(name) => format!("Times are those of {name}."),
            None => format!("Times are {} UTC.", self.at(now).strftime("%:z")),
        };
        format!("Exported by Threadkeep on {}. {zone}", self.day(now))
    }
}

/// From the first byte to where the page's own words begin.
pub(super) fn begin(out: &mut impl Write, title: &str) -> io::Result<()> {
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
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
) -> io::Result<()> {
    out.write_all(b"<nav class=\"ways\">")?;
    if let Some(file) = earlier {
        write!(
            out,
            "<a href=\"{}\" rel=\"prev\">Earlier</a>",
            Address(file)
        )?;
    }
    out.write_all(b"<a href=\"../index.html\">All chats</a>")?;
    if let Some(file) = later {
        write!(out, "<a href=\"{}\" rel=\"next\">Later</a>", Address(file))?;
    }
    out.write_all(b"</nav>\n")
}

/// A number as people read it: `12,345`.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 message`, `12,345 messages`.
pub(super) fn messages(number: u64) -> String {
    let what = if number == 1 { "message" } else { "messages" };
    format!("{} {what}", count(number))
}
