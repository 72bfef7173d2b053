//! What a translator put into `platform_metadata` for the kinds that have more than words.

use serde::Deserialize;
use serde_json::Value;
use threadkeep_mirror::MessageRow;
use threadkeep_protocol::MessageKind;

use crate::view::{Card, Place, Poll, Span};

/// What is read of it; another shape is passed over.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Extra {
    location: Option<PlaceRecord>,
    poll: Option<PollRecord>,
    votes: Vec<Option<u32>>,
    contacts: Vec<CardRecord>,
    /// The addresses of those whom the text names.
    pub(super) mentions: Vec<String>,
    entities: Vec<EntityRecord>,
}

/// More stretches than that stand out in no text that anybody wrote by hand.
const MAX_SPANS: usize = 500;

#[derive(Default, Deserialize)]
#[serde(default)]
struct EntityRecord {
    #[serde(rename = "type")]
    kind: String,
    offset: u32,
    length: u32,
    href: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PlaceRecord {
    latitude: Option<f64>,
    longitude: Option<f64>,
    name: Option<String>,
    address: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PollRecord {
    options: Vec<String>,
    selectable: Option<u32>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CardRecord {
    display_name: Option<String>,
    vcard: Option<String>,
}

impl Extra {
    pub(super) fn of(row: &MessageRow) -> Self {
        Self::read(&row.metadata)
    }

    fn read(metadata: &str) -> Self {
        serde_json::from_str(metadata).unwrap_or_default()
    }

    pub(super) fn poll(&self) -> Option<Poll> {
        let poll = self.poll.as_ref()?;
        // Votes are told for all answers or for none.
        let votes: Option<Vec<u32>> = self.votes.iter().copied().collect();
        Some(Poll {
            votes: votes
                .filter(|votes| votes.len() == poll.options.len())
                .unwrap_or_default(),
            several: poll.selectable != Some(1),
            options: poll.options.clone(),
        })
    }

    /// What stands out in a text; nothing where it is said of another text, such as the one before an edit.
    pub(super) fn spans(&self, text: &str) -> Vec<Span> {
        if self.entities.is_empty() {
            return Vec::new();
        }
        let length = text.encode_utf16().count();
        let spans = self.entities.iter().take(MAX_SPANS);
        let spans: Vec<Span> = spans.filter_map(EntityRecord::span).collect();
        if spans.iter().any(|span| span.to as usize > length) {
            return Vec::new();
        }
        spans
    }

    pub(super) fn cards(self) -> Vec<Card> {
        self.contacts.into_iter().map(CardRecord::shown).collect()
    }

    pub(super) fn place(&self) -> Option<Place> {
        let found = self.location.as_ref()?;
        Some(Place {
            latitude: found.latitude?,
            longitude: found.longitude?,
            name: found.name.clone().unwrap_or_default(),
            address: found.address.clone().unwrap_or_default(),
        })
    }
}

impl EntityRecord {
    /// What is drawn; links that stand in the text are found there.
    fn span(&self) -> Option<Span> {
        let is_of_the_web = self.href.starts_with("https://") || self.href.starts_with("http://");
        let (style, url) = match self.kind.as_str() {
            "bold" => ("bold", ""),
            "italic" => ("italic", ""),
            "strikethrough" => ("struck", ""),
            "code" | "pre" => ("code", ""),
            "text_link" if is_of_the_web => ("link", self.href.as_str()),
            _ => return None,
        };
        Some(Span {
            style: style.to_owned(),
            from: self.offset,
            to: self.offset.checked_add(self.length)?,
            url: url.to_owned(),
        })
    }
}

impl CardRecord {
    fn shown(self) -> Card {
        let vcard = self.vcard.unwrap_or_default();
        let phone = vcard
            .lines()
            .find(|line| line.to_ascii_uppercase().starts_with("TEL"));
        let phone = phone
            .and_then(|line| line.split_once(':'))
            .map_or("", |(_, number)| number.trim());
        Card {
            name: self.display_name.unwrap_or_default(),
            phone: phone.to_owned(),
        }
    }
}

/// What the platform calls a kind that nobody here understands.
pub(super) fn unknown_kind(row: &MessageRow) -> Option<String> {
    if row.kind != MessageKind::Unknown {
        return None;
    }
    let metadata: Value = serde_json::from_str(&row.metadata).ok()?;
    let raw = metadata.get("raw")?.as_object()?;
    // What it was is not known to anybody: the phone could not decrypt it.
    if raw.contains_key("messageStubType") {
        return Some("CIPHERTEXT".to_owned());
    }
    let content = raw.keys().find(|name| name.ends_with("Message"));
    content.or_else(|| raw.keys().next()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_shows_its_first_number() {
        let card = CardRecord {
            display_name: Some("Ana".into()),
            vcard: Some("BEGIN:VCARD\nFN:Ana\nTEL;type=CELL:+351 912\nTEL:+49 1\nEND:VCARD".into()),
        };
        assert_eq!(
            card.shown(),
            Card {
                name: "Ana".into(),
                phone: "+351 912".into()
            }
        );
    }

    #[test]
    fn metadata_of_another_shape_is_passed_over() {
        assert!(Extra::read(r#"{"location": 5}"#).place().is_none());
        assert!(
            Extra::read(r#"{"location": {"latitude": 1.5}}"#)
                .place()
                .is_none(),
            "half a place is none"
        );
    }

    #[test]
    fn what_stands_out_is_told_for_the_text_that_it_was_said_of() {
        let extra = Extra::read(
            r#"{"entities": [
                {"type": "bold", "offset": 0, "length": 2},
                {"type": "text_link", "offset": 3, "length": 2, "href": "https://example.org"},
                {"type": "text_link", "offset": 3, "length": 2, "href": "javascript:alert(1)"},
                {"type": "spoiler", "offset": 0, "length": 5}
            ]}"#,
        );
        let spans = extra.spans("🎉 ab");
        let told: Vec<_> = spans
            .iter()
            .map(|span| (span.style.as_str(), span.from, span.to, span.url.as_str()))
            .collect();
        assert_eq!(
            told,
            [("bold", 0, 2, ""), ("link", 3, 5, "https://example.org")],
            "what cannot be drawn, or leads elsewhere than to the web, is left out"
        );
        assert_eq!(extra.spans("abc"), [], "another text has other places");
    }

    #[test]
    fn votes_are_shown_when_all_are_known() {
        let poll = |metadata| Extra::read(metadata).poll().unwrap();
        let known = poll(r#"{"poll": {"options": ["a", "b"], "selectable": 1}, "votes": [3, 0]}"#);
        assert_eq!((known.votes, known.several), (vec![3, 0], false));
        let some = poll(r#"{"poll": {"options": ["a", "b"]}, "votes": [3, null]}"#);
        assert_eq!((some.votes, some.several), (vec![], true));
    }
}
