//! Bytes of an answer in lines become spans: rows, and the cursor line behind them.
//!
//! Invariant: what is held is at most one span and what has come behind it; a span beyond the cap, be it
//! of one endless line, is refused. There is no cap for a line alone: one message with its earlier texts
//! may be long, and what matters is what is held.

use memchr::memchr_iter;
use threadkeep_protocol::{Cursor, CursorLine};

/// The rows between two cursor lines, unparsed, and where the stream stands behind them.
#[derive(Debug)]
pub(crate) struct Span {
    /// Rows, one a line.
    pub text: Vec<u8>,
    pub cursor: Cursor,
}

/// Why bytes do not lead to a span.
#[derive(Debug)]
pub(crate) enum LinesFault {
    TooLarge,
    /// A cursor line that is none.
    Unreadable(serde_json::Error),
}

/// Takes bytes as they come and gives spans.
#[derive(Debug)]
pub(crate) struct Splitter {
    bytes: Vec<u8>,
    /// Where the last line begins.
    line: usize,
    /// Up to here no line ends behind that.
    scanned: usize,
    /// The largest span, in bytes.
    cap: usize,
}

impl Splitter {
    pub(crate) const fn new(cap: usize) -> Self {
        Self {
            bytes: Vec::new(),
            line: 0,
            scanned: 0,
            cap,
        }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next span, where its cursor line has come.
    pub(crate) fn next(&mut self) -> Result<Option<Span>, LinesFault> {
        let ends = memchr_iter(b'\n', &self.bytes[self.scanned..]);
        for end in ends.map(|end| end + self.scanned) {
            let line = &self.bytes[self.line..end];
            if CursorLine::is_meant(line) {
                let cursor = serde_json::from_slice::<CursorLine>(line)
                    .map_err(LinesFault::Unreadable)?
                    .cursor;
                let rest = self.bytes.split_off(end + 1);
                let mut text = std::mem::replace(&mut self.bytes, rest);
                text.truncate(self.line);
                (self.line, self.scanned) = (0, 0);
                return Ok(Some(Span { text, cursor }));
            }
            self.line = end + 1;
        }
        self.scanned = self.bytes.len();
        if self.bytes.len() > self.cap {
            return Err(LinesFault::TooLarge);
        }
        Ok(None)
    }

    /// Nothing more comes: the last line may do without its end.
    pub(crate) fn end(&mut self) -> Result<Option<Span>, LinesFault> {
        if !self.is_empty() {
            self.push(b"\n");
        }
        self.next()
    }

    /// Whether nothing lies behind the last span.
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.trim_ascii().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cursor_line(latest_seq: i64) -> String {
        format!(r#"{{"cursor": {{"latest_seq": {latest_seq}, "has_more": true}}}}"#)
    }

    proptest! {
        #[test]
        fn spans_are_the_same_however_the_bytes_come(
            spans in prop::collection::vec(prop::collection::vec("[a-z{}\"]{0,20}", 0..5), 0..5),
            sizes in prop::collection::vec(1_usize..40, 1..20),
            ended in any::<bool>(),
        ) {
            let mut whole = String::new();
            for (place, rows) in spans.iter().enumerate() {
                for row in rows {
                    whole.push_str(row);
                    whole.push('\n');
                }
                whole.push_str(&cursor_line(place as i64));
                whole.push('\n');
            }
            if !ended {
                whole.truncate(whole.trim_end().len());
            }
            let mut splitter = Splitter::new(1 << 20);
            let (mut found, mut sizes) = (Vec::new(), sizes.iter().cycle());
            let mut rest = whole.as_bytes();
            while !rest.is_empty() {
                let (piece, behind) = rest.split_at(rest.len().min(*sizes.next().unwrap()));
                splitter.push(piece);
                rest = behind;
                while let Some(span) = splitter.next().unwrap() {
                    found.push(span);
                }
            }
            found.extend(splitter.end().unwrap());
            prop_assert!(splitter.is_empty());
            prop_assert_eq!(found.len(), spans.len());
            for (place, (span, rows)) in found.iter().zip(&spans).enumerate() {
                let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
                prop_assert_eq!(&span.text, lines.as_bytes());
                prop_assert_eq!(span.cursor.latest_seq, place as i64);
            }
        }
    }

    #[test]
    fn a_line_without_an_end_is_refused_at_the_cap() {
        let mut splitter = Splitter::new(1_000);
        splitter.push(&[b'x'; 1_000]);
        assert!(splitter.next().unwrap().is_none());
        splitter.push(b"x");
        assert!(matches!(splitter.next(), Err(LinesFault::TooLarge)));
    }

    #[test]
    fn what_only_begins_like_a_cursor_line_is_no_row() {
        let mut splitter = Splitter::new(1_000);
        splitter.push(b"{\"cursor\": 7}\n");
        assert!(matches!(splitter.next(), Err(LinesFault::Unreadable(_))));
    }
}
