//! From the text of an answer to rows that may be applied. A span of lines is read as the page that it
//! could have been.
//!
//! Invariants: what passes `checked` ascends strictly, lies past the cursor that was asked with and ends
//! at the page's cursor, so applying it can neither lose a row nor turn back; a page that fails is
//! refused whole and changes nothing.
//!
//! Decisions:
//! - The same row twice in one place (same id, same seq) is tolerated and taken once. Two rows in one
//!   place are refused: a page that ended between them would lose the second for good.
//! - The cursor of an empty page is not looked at. Some servers say 0 there. It leads on only where a
//!   part of a stream was asked for, which a server of the first design does not know.
//! - Text that is no UTF-8, and halves of surrogate pairs (JavaScript servers that cut a preview in the
//!   middle of an emoji write them), become U+FFFD. Refusing them would hold up a whole history for one
//!   character.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Deserializer;
use threadkeep_mirror::Rows;
use threadkeep_protocol::{Page, Row, Seq, Stream};

use crate::{error::CursorFault, lines::Span};

mod mend;

/// A page whose rows may be applied.
#[derive(Debug)]
pub(crate) struct CheckedPage {
    pub rows: Rows,
    /// Where the stream's cursor stands after these rows.
    pub cursor: Seq,
    pub has_more: bool,
    /// How many rows lay past the cursor that was asked with; none where the server does not tell.
    pub remaining: Option<u64>,
    /// Empty where the server tells none.
    pub epoch: String,
}

/// Why a text is no page that may be applied.
#[derive(Debug)]
pub(crate) enum PageFault {
    Unreadable(serde_json::Error),
    Stuck(CursorFault),
}

/// Where the cursor of an answer may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Since {
    /// What was asked with.
    pub seq: Seq,
    /// Rows that were not asked for are passed over: the cursor may lie past the last row, also where
    /// there is none.
    pub passes_over: bool,
}

/// Reads and checks the answer to a request for the rows of `stream` past a cursor.
pub(crate) fn read_page(
    stream: Stream,
    since: Since,
    body: &[u8],
) -> Result<CheckedPage, PageFault> {
    let text = decoded(body);
    match stream {
        Stream::Conversations => read(since, &text, Rows::Conversations),
        Stream::Messages => read(since, &text, Rows::Messages),
        Stream::Contacts => read(since, &text, Rows::Contacts),
        Stream::Participants => read(since, &text, Rows::Participants),
        Stream::Media => read(since, &text, Rows::Media),
        Stream::Receipts => read(since, &text, Rows::Receipts),
    }
}

/// Reads and checks the rows of `stream` past a cursor that stand before a cursor line.
pub(crate) fn read_span(
    stream: Stream,
    since: Since,
    span: &Span,
) -> Result<CheckedPage, PageFault> {
    match stream {
        Stream::Conversations => read_lines(since, span, Rows::Conversations),
        Stream::Messages => read_lines(since, span, Rows::Messages),
        Stream::Contacts => read_lines(since, span, Rows::Contacts),
        Stream::Participants => read_lines(since, span, Rows::Participants),
        Stream::Media => read_lines(since, span, Rows::Media),
        Stream::Receipts => read_lines(since, span, Rows::Receipts),
    }
}

/// Nearly all is UTF-8, which is seen eight times as fast where nothing need be put in the place of what is not.
fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

fn read<R: Row>(
    since: Since,
    text: &str,
    wrap: fn(Vec<R>) -> Rows,
) -> Result<CheckedPage, PageFault> {
    let page = mended(text, |text| serde_json::from_str(text)).map_err(PageFault::Unreadable)?;
    accept(since, page, wrap)
}

fn read_lines<R: Row>(
    since: Since,
    span: &Span,
    wrap: fn(Vec<R>) -> Rows,
) -> Result<CheckedPage, PageFault> {
    let text = decoded(&span.text);
    let rows = |text: &str| Deserializer::from_str(text).into_iter().collect();
    let cursor = span.cursor.clone();
    let page = Page {
        rows: mended(&text, rows).map_err(PageFault::Unreadable)?,
        latest_seq: cursor.latest_seq,
        has_more: cursor.has_more,
        total_count: cursor.total_count,
        epoch: cursor.epoch,
    };
    accept(since, page, wrap)
}

fn accept<R: Row>(
    since: Since,
    page: Page<R>,
    wrap: fn(Vec<R>) -> Rows,
) -> Result<CheckedPage, PageFault> {
    let page = checked(page, since).map_err(PageFault::Stuck)?;
    let told = u64::try_from(page.total_count).unwrap_or_default();
    Ok(CheckedPage {
        cursor: if since.passes_over {
            page.latest_seq.max(since.seq)
        } else {
            page.rows.last().map_or(since.seq, Row::seq)
        },
        has_more: page.has_more,
        // Fewer than came is no count: a server that does not count says 0.
        remaining: (told >= page.rows.len() as u64).then_some(told),
        epoch: page.epoch,
        rows: wrap(page.rows),
    })
}

/// Parses a text, and where that fails once more without what is almost JSON in it.
fn mended<T>(
    text: &str,
    parse: impl Fn(&str) -> Result<T, serde_json::Error>,
) -> Result<T, serde_json::Error> {
    parse(text).or_else(|error| match mend::lone_surrogates(text) {
        Cow::Owned(mended) => parse(&mended),
        Cow::Borrowed(_) => Err(error),
    })
}

fn checked<R: Row>(mut page: Page<R>, since: Since) -> Result<Page<R>, CursorFault> {
    page.rows.dedup_by_key(|row| (row.seq(), row.id()));
    if page.rows.iter().any(|row| row.seq() <= since.seq) {
        return Err(CursorFault::Backwards);
    }
    if !page.rows.is_sorted_by(|a, b| a.seq() < b.seq()) {
        return Err(CursorFault::Unordered);
    }
    match page.rows.last() {
        Some(last) if last.seq() > page.latest_seq => Err(CursorFault::Astray),
        Some(last) if last.seq() < page.latest_seq && !since.passes_over => {
            Err(CursorFault::Astray)
        }
        _ => Ok(page),
    }
}

/// What follows a page's rows.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Tail {
    pub latest_seq: Seq,
    pub has_more: bool,
}

impl Tail {
    /// Reads the end of a page without its rows, so that the next page can be asked for while this one
    /// is parsed. Nothing is believed for it: the parsed page has to say the same, else what was asked
    /// for ahead is thrown away. `None` where the fields do not follow the rows; the page is then
    /// parsed first.
    pub(crate) fn peek(body: &[u8]) -> Option<Self> {
        const LONGEST: usize = 1_024;
        let end = &body[body.len().saturating_sub(LONGEST)..];
        let after_rows = end.iter().rposition(|&byte| byte == b']')? + 1;
        let fields = end[after_rows..].trim_ascii_start().strip_prefix(b",")?;
        serde_json::from_slice(&[b"{", fields].concat()).ok()
    }
}

#[cfg(test)]
mod tests;
