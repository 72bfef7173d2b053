//! Texts in pieces.

use std::borrow::Cow;

use memchr::{memchr, memmem};
use serde_json::{Map, Value, json};

use crate::json::value::text;

/// A text and what its pieces are.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Text {
    pub(super) plain: String,
    /// `{type, offset, length, …}` in UTF-16 units, which is how Telegram counts and the window too.
    pub(super) entities: Vec<Value>,
    /// The addresses of those whom it names.
    pub(super) mentions: Vec<String>,
}

/// What a piece may have beside its type and words.
const EXTRAS: [&str; 5] = ["href", "user_id", "document_id", "language", "collapsed"];

/// Reads a text: plain, or an array of plain texts and pieces.
pub(super) fn read(value: &Value) -> Text {
    let mut read = Text::default();
    let mut offset = 0;
    match value {
        Value::Array(pieces) => {
            for piece in pieces {
                add(piece, &mut offset, &mut read);
            }
        }
        other => add(other, &mut offset, &mut read),
    }
    read
}

fn add(piece: &Value, offset: &mut usize, read: &mut Text) {
    let words = match piece {
        Value::String(words) => words,
        piece => text(piece, "text").unwrap_or_default(),
    };
    let length = words.encode_utf16().count();
    let kind = text(piece, "type").filter(|kind| *kind != "plain");
    if let Some(kind) = kind
        && length > 0
    {
        let mut entity = Map::from_iter([
            ("type".to_owned(), json!(kind)),
            ("offset".to_owned(), json!(offset)),
            ("length".to_owned(), json!(length)),
        ]);
        for name in EXTRAS {
            if let Some(extra) = piece.get(name) {
                entity.insert(name.to_owned(), extra.clone());
            }
        }
        if kind == "mention_name"
            && let Some(user) = piece.get("user_id").and_then(Value::as_i64)
        {
            read.mentions.push(format!("user{user}"));
        }
        read.entities.push(Value::Object(entity));
    }
    *offset += length;
    read.plain.push_str(words);
}

/// The text of a message with `\x1f`, as the exporter writes a control character, as JSON would have it.
pub(super) fn valid(json: &[u8]) -> Cow<'_, [u8]> {
    if memmem::find(json, b"\\x").is_none() {
        return Cow::Borrowed(json);
    }
    let mut valid = Vec::with_capacity(json.len() + 16);
    let mut rest = json;
    while let Some(place) = memchr(b'\\', rest) {
        valid.extend_from_slice(&rest[..place]);
        // Two bytes at once: the second backslash of `\\x` begins nothing.
        let (escape, behind) = rest[place..].split_at(2.min(rest.len() - place));
        valid.extend_from_slice(if escape == b"\\x" { b"\\u00" } else { escape });
        rest = behind;
    }
    valid.extend_from_slice(rest);
    Cow::Owned(valid)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::bold(json!(["Hi ", {"type": "bold", "text": "you"}]), "Hi you", json!([{"type": "bold", "offset": 3, "length": 3}]))]
    #[case::counted_as_telegram_counts(
        json!(["🎉", {"type": "italic", "text": "é"}]), "🎉é", json!([{"type": "italic", "offset": 2, "length": 1}])
    )]
    #[case::link(
        json!([{"type": "text_link", "text": "here", "href": "https://example.org"}]), "here",
        json!([{"type": "text_link", "offset": 0, "length": 4, "href": "https://example.org"}])
    )]
    #[case::plain_pieces(json!([{"type": "plain", "text": "a"}, "b"]), "ab", json!([]))]
    #[case::nothing(json!([]), "", json!([]))]
    #[case::something_else(json!(7), "", json!([]))]
    #[case::empty_piece(json!([{"type": "bold", "text": ""}, {"type": "code"}]), "", json!([]))]
    fn pieces_become_plain_text_and_entities(
        #[case] value: Value,
        #[case] plain: &str,
        #[case] entities: Value,
    ) {
        let read = read(&value);
        assert_eq!(
            (read.plain.as_str(), Value::from(read.entities)),
            (plain, entities)
        );
    }

    #[test]
    fn whom_a_text_names_is_told_by_address() {
        let text = read(&json!([{"type": "mention_name", "text": "Ana", "user_id": 42}]));
        assert_eq!(text.mentions, ["user42"]);
    }

    #[rstest]
    #[case::control_character(r#""a\x1Fb""#, r#""a\u001Fb""#)]
    #[case::backslash_before_an_x(r#""a\\x1F""#, r#""a\\x1F""#)]
    #[case::both(r#""\\\x02""#, r#""\\\u0002""#)]
    #[case::cut_short("\"\\", "\"\\")]
    fn what_the_exporter_writes_wrongly_is_read(#[case] written: &str, #[case] meant: &str) {
        assert_eq!(valid(written.as_bytes()), meant.as_bytes());
    }
}
