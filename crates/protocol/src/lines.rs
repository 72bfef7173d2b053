//! A stream as lines: rows past a cursor, one a line, with cursor lines between them.

use serde::{Deserialize, Serialize};

use crate::{Seq, row::or_default};

/// The media type of an answer in lines. A client that names it in `Accept` gets the rest of a stream in
/// one answer; all others get a page.
pub const NDJSON: &str = "application/x-ndjson";

/// The most rows between two cursor lines, whatever the client asks for with `limit`.
pub const MAX_SPAN_ROWS: u32 = 5_000;

/// Where a stream stands after the rows of a span, that is since the cursor line before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The last row's seq; where the span has no row, that of the span before.
    pub latest_seq: Seq,
    /// Whether rows lie past it. An answer may end here all the same: the client asks again from here.
    pub has_more: bool,
    /// How many rows lay past the span's beginning, its own included; 0 where nobody counted.
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "is_zero"
    )]
    pub total_count: i64,
    /// The id of the server's history; empty where the server has none to tell.
    #[serde(default, deserialize_with = "or_default")]
    pub epoch: String,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
const fn is_zero(count: &i64) -> bool {
    *count == 0
}

/// The line that ends a span: what came before it may be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CursorLine {
    /// Where the stream stands.
    pub cursor: Cursor,
}

impl CursorLine {
    /// Whether a line is meant to be one: no row begins so.
    #[must_use]
    pub fn is_meant(line: &[u8]) -> bool {
        let key = line.trim_ascii_start().strip_prefix(b"{");
        key.is_some_and(|key| key.trim_ascii_start().starts_with(b"\"cursor\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_line_is_told_from_a_row() {
        let line = CursorLine {
            cursor: Cursor {
                latest_seq: 7,
                has_more: true,
                total_count: 9,
                epoch: "e".into(),
            },
        };
        let text = serde_json::to_string(&line).unwrap();
        assert_eq!(
            text,
            r#"{"cursor":{"latest_seq":7,"has_more":true,"total_count":9,"epoch":"e"}}"#
        );
        assert!(CursorLine::is_meant(text.as_bytes()));
        assert!(CursorLine::is_meant(b" { \"cursor\" : 1}"));
        assert!(!CursorLine::is_meant(br#"{"id":"cursor"}"#));
        assert!(!CursorLine::is_meant(b"\"cursor\""));
        assert_eq!(serde_json::from_str::<CursorLine>(&text).unwrap(), line);
    }

    #[test]
    fn what_is_not_counted_may_be_left_out() {
        let text = r#"{"cursor": {"latest_seq": 7, "has_more": false, "epoch": null}}"#;
        let line: CursorLine = serde_json::from_str(text).unwrap();
        assert_eq!(
            (line.cursor.total_count, line.cursor.epoch.as_str()),
            (0, "")
        );
    }
}
