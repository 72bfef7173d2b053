//! Texts with ranges.

use serde_json::{Value, json};

use super::people::{People, uuid};
use crate::json::value::{count, field, list, text as word};

/// A text and what its ranges are.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Text {
    pub(super) plain: String,
    /// `{type, offset, length}` in UTF-16 units.
    pub(super) entities: Vec<Value>,
    /// The addresses of those whom it names.
    pub(super) mentions: Vec<String>,
}

/// Reads `{"body", "bodyRanges"}`; `whole` is the text where the body is only its beginning.
pub(super) fn read(text: &Value, whole: Option<&str>, people: &People) -> Text {
    let body = whole.or_else(|| word(text, "body")).unwrap_or_default();
    let mut ranges: Vec<Range> = list(text, "bodyRanges")
        .iter()
        .filter_map(|range| Range::read(range, people))
        .collect();
    if ranges.is_empty() {
        return Text {
            plain: body.to_owned(),
            ..Text::default()
        };
    }
    ranges.sort_by_key(|range| range.start);
    let units: Vec<u16> = body.encode_utf16().collect();
    let mut written = Vec::with_capacity(units.len());
    // Where each unit of the body has come to stand.
    let mut places = Vec::with_capacity(units.len() + 1);
    let names = ranges
        .iter()
        .filter_map(|range| Some((range.start, range.name.as_deref()?)));
    let mut names = names.peekable();
    for (at, unit) in units.iter().enumerate() {
        places.push(written.len());
        while names.next_if(|(start, _)| *start < at).is_some() {}
        match names.next_if(|(start, _)| *start == at) {
            Some((_, name)) => written.extend(format!("@{name}").encode_utf16()),
            None => written.push(*unit),
        }
    }
    places.push(written.len());
    let mut read = Text {
        plain: String::from_utf16_lossy(&written),
        ..Text::default()
    };
    let place = |at: usize| places[at.min(units.len())];
    for range in ranges {
        let (from, to) = (place(range.start), place(range.start + range.length));
        if to <= from {
            continue;
        }
        let mut entity = json!({"type": range.kind, "offset": from, "length": to - from});
        if let Some(person) = range.person {
            entity["user_id"] = json!(person);
            read.mentions.push(person);
        }
        read.entities.push(entity);
    }
    read
}

struct Range {
    start: usize,
    length: usize,
    kind: &'static str,
    person: Option<String>,
    /// What stands in the place of U+FFFC.
    name: Option<String>,
}

impl Range {
    fn read(range: &Value, people: &People) -> Option<Self> {
        let units = |name| usize::try_from(count(range, name).unwrap_or_default()).ok();
        // A range lies in a text, so that no sum of these is near the largest number.
        let (start, length) = (units("start")?, units("length")?.min(u32::MAX as usize));
        let start = Some(start).filter(|start| *start <= u32::MAX as usize)?;
        let person = field(range, "mentionAci").and_then(uuid);
        let kind = match (&person, word(range, "style")) {
            (Some(_), _) => "mention_name",
            (_, Some("BOLD")) => "bold",
            (_, Some("ITALIC")) => "italic",
            (_, Some("SPOILER")) => "spoiler",
            (_, Some("STRIKETHROUGH")) => "strikethrough",
            (_, Some("MONOSPACE")) => "code",
            _ => return None,
        };
        let name = person.as_ref().map(|person| {
            let name = people.name(person).unwrap_or("somebody");
            name.to_owned()
        });
        Some(Self {
            start,
            length,
            kind,
            person,
            name,
        })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// 16 bytes of 1 as base64.
    const ANA: &str = "AQEBAQEBAQEBAQEBAQEBAQ==";
    const ANA_ID: &str = "01010101-0101-0101-0101-010101010101";

    #[rstest]
    #[case::plain(json!({"body": "Hi"}), "Hi", json!([]))]
    #[case::nothing(json!({}), "", json!([]))]
    #[case::bold(
        json!({"body": "🎉 yes", "bodyRanges": [{"start": 3, "length": 3, "style": "BOLD"}]}),
        "🎉 yes", json!([{"type": "bold", "offset": 3, "length": 3}])
    )]
    #[case::name_and_style(
        json!({"body": "\u{fffc} look", "bodyRanges": [
            {"start": 2, "length": 4, "style": "ITALIC"}, {"length": 1, "mentionAci": ANA},
        ]}),
        "@Ana look",
        json!([
            {"type": "mention_name", "offset": 0, "length": 4, "user_id": ANA_ID}, {"type": "italic", "offset": 5, "length": 4},
        ])
    )]
    #[case::outside(
        json!({"body": "a", "bodyRanges": [{"start": 9, "length": 4_294_967_295_u32, "style": "BOLD"}, {"start": 0}]}),
        "a", json!([])
    )]
    fn ranges_become_entities(#[case] text: Value, #[case] plain: &str, #[case] entities: Value) {
        let mut people = People::default();
        let ana = json!({"id": "1", "contact": {"aci": ANA, "profileGivenName": "Ana"}});
        people.recipient(&ana).unwrap();
        let read = read(&text, None, &people);
        assert_eq!(
            (read.plain.as_str(), Value::from(read.entities)),
            (plain, entities)
        );
    }
}
