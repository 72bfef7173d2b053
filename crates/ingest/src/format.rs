//! The formats that can be translated, and telling them apart.

use std::{fmt, str::FromStr};

use crate::json;

/// A format that can be translated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// What a Baileys socket emits, one `{"event", "data"}` a line.
    BaileysEvents,
    /// `baileys_store.json`, as Baileys' in-memory store writes it.
    BaileysStore,
    /// Neutral records, as JSON or NDJSON.
    Neutral,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::BaileysEvents, Self::BaileysStore, Self::Neutral];

    /// The name in commands and addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BaileysEvents => "baileys-events",
            Self::BaileysStore => "baileys-store",
            Self::Neutral => "neutral",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name is none of the formats.
#[derive(Debug, thiserror::Error)]
#[error("there is no format {0:?}; there are baileys-events, baileys-store and neutral")]
pub struct UnknownFormat(String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|format| format.name() == name)
            .ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// Tells the format from the first value of the input; `None` where it is none of them.
#[must_use]
pub fn detect(text: &[u8]) -> Option<Format> {
    let text = json::trim(json::without_bom(text));
    match text.first()? {
        // An array of something: only neutral records come so.
        b'[' => Some(Format::Neutral),
        b'{' => {
            let members = json::leading_members(text);
            let has = |name: &str| members.iter().any(|(key, _)| key == name);
            if has("event") && has("data") {
                Some(Format::BaileysEvents)
            } else if has("type") || has("records") {
                Some(Format::Neutral)
            } else if has("messages") || has("chats") || has("contacts") {
                Some(Format::BaileysStore)
            } else {
                None
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::events(r#"{"event":"chats.update","data":[]}"#, Some(Format::BaileysEvents))]
    #[case::events_cut_short(r#"{"event":"chats.upsert","data":[{"i"#, Some(Format::BaileysEvents))]
    #[case::record(r#"{"type":"contact"}"#, Some(Format::Neutral))]
    #[case::envelope("\u{feff} {\"records\": []}", Some(Format::Neutral))]
    #[case::array(" [1]", Some(Format::Neutral))]
    #[case::store(
        r#"{"chats":[],"contacts":{},"messages":{}}"#,
        Some(Format::BaileysStore)
    )]
    #[case::store_cut_short(r#"{"chats":[],"messages":{"a":["#, Some(Format::BaileysStore))]
    #[case::something_else(r#"{"name":"x"}"#, None)]
    #[case::no_json("hello", None)]
    #[case::nothing("", None)]
    fn the_first_value_tells_the_format(#[case] text: &str, #[case] format: Option<Format>) {
        assert_eq!(detect(text.as_bytes()), format);
    }

    #[test]
    fn names_are_read_back() {
        for format in Format::ALL {
            assert_eq!(format.to_string().parse::<Format>().unwrap(), format);
        }
        assert!(
            "baileys".parse::<Format>().is_err(),
            "a part of a name is none"
        );
    }
}
