//! What a message shows: its `ZMESSAGETYPE`, and where each kind keeps its words.
//!
//! Columns of `ZWAMEDIAITEM` mean something else on each kind: `ZLATITUDE` and `ZLONGITUDE` are a place on a location
//! and pixels on a picture; `ZVCARDSTRING` is a card on a contact and a MIME type on a file; `ZVCARDNAME` is a name on
//! a contact, an address on a location and the hash of a file. So nothing of them is read but for the kind.

use serde_json::{Value, json};
use threadkeep_protocol::{MessageKind, Metadata};

use super::{event, row::Message, select::Column};
use crate::baileys::stub;

/// What a message shows.
pub(super) struct Content {
    pub(super) kind: MessageKind,
    pub(super) text: String,
    pub(super) metadata: Metadata,
    /// Its media item is a file, and not the preview of a link.
    pub(super) has_file: bool,
    pub(super) is_deleted: bool,
    /// What nobody understands in it.
    pub(super) unknown: Option<String>,
}

impl Content {
    fn new(kind: MessageKind, text: String) -> Self {
        Self {
            kind,
            text,
            metadata: Metadata::new(),
            has_file: false,
            is_deleted: false,
            unknown: None,
        }
    }

    fn with(mut self, name: &str, value: Value) -> Self {
        self.metadata.insert(name.to_owned(), value);
        self
    }
}

const CARDS: &str = "_$!<VCard-Separator>!$_";
const NAMES: &str = "_$!<Name-Separator>!$_";

/// Reads what a message shows; `None` where it shows nothing, as a row that the app keeps for itself.
pub(super) fn read(message: Message<'_>) -> Option<Content> {
    use MessageKind as Kind;
    let number = message.number(Column::Kind).unwrap_or_default();
    Some(match number {
        0 => return plain(message),
        1 => file(Kind::Image, message),
        2 => file(Kind::Video, message),
        3 if is_voice(message) => file(Kind::Voice, message),
        3 => file(Kind::Audio, message),
        4 => contacts(message),
        5 => location(message),
        6 | 10 => system(number, message),
        7 => {
            let link = own_text(message).or_else(|| text(message, Column::Link));
            Content::new(Kind::Text, link.unwrap_or_default())
        }
        8 => file(Kind::Document, message),
        11 => file(Kind::Video, message).with("gif", json!(true)),
        14 => Content {
            is_deleted: true,
            ..Content::new(Kind::Text, String::new())
        },
        15 => file(Kind::Sticker, message),
        // Composed by a business, and answers to such.
        19 | 20 | 23 | 24 | 25 | 26 | 27 | 30 | 31 | 32 | 34 | 41 | 42 => composed(message),
        28 => line(130, message),
        38 => file(Kind::Image, message).with("view_once", json!(true)),
        39 => file(Kind::Video, message).with("view_once", json!(true)),
        46 => poll(message),
        53 => file(Kind::Voice, message).with("view_once", json!(true)),
        54 => file(Kind::Video, message).with("round", json!(true)),
        59 => call(message),
        _ => unknown(format!("ZMESSAGETYPE {number}"), message),
    })
}

fn text(message: Message<'_>, column: Column) -> Option<String> {
    message.text(column).map(std::borrow::Cow::into_owned)
}

fn own_text(message: Message<'_>) -> Option<String> {
    text(message, Column::Text)
}

/// A text; without one, a file whose kind only its MIME type tells, as old versions kept some.
fn plain(message: Message<'_>) -> Option<Content> {
    if let Some(text) = own_text(message) {
        return Some(Content::new(MessageKind::Text, text));
    }
    message.text(Column::Path)?;
    let kind = match message.text(Column::Card)?.split('/').next()? {
        "image" => MessageKind::Image,
        "video" => MessageKind::Video,
        "audio" => MessageKind::Audio,
        "application" => MessageKind::Document,
        _ => return None,
    };
    Some(file(kind, message))
}

/// A file and what is said of it. A document's title is its name.
fn file(kind: MessageKind, message: Message<'_>) -> Content {
    let title = text(message, Column::Title).filter(|_| kind != MessageKind::Document);
    let caption = title.or_else(|| own_text(message));
    Content {
        has_file: true,
        ..Content::new(kind, caption.unwrap_or_default())
    }
}

/// Recorded in the app, and not a file that was chosen.
fn is_voice(message: Message<'_>) -> bool {
    message.number(Column::Origin) == Some(1)
        || message
            .text(Column::Path)
            .is_some_and(|path| path.ends_with(".opus"))
}

fn contacts(message: Message<'_>) -> Content {
    let cards = message.text(Column::Card).unwrap_or_default();
    let cards: Vec<&str> = cards.split(CARDS).filter(|card| !card.is_empty()).collect();
    let names = message.text(Column::CardName).unwrap_or_default();
    let mut names: Vec<&str> = names.split(NAMES).collect();
    // Several cards have a name for all of them, before their own.
    let title = (names.len() > cards.len().max(1)).then(|| names.remove(0));
    let words = title.map_or_else(|| names.join(", "), str::to_owned);
    let cards: Vec<Value> = names
        .iter()
        .zip(cards)
        .map(|(name, card)| json!({"display_name": name, "vcard": card}))
        .collect();
    Content::new(MessageKind::Contact, words).with("contacts", Value::Array(cards))
}

fn location(message: Message<'_>) -> Content {
    let (name, address) = (
        text(message, Column::Title),
        text(message, Column::CardName),
    );
    let place = json!({
        "latitude": message.real(Column::Latitude).filter(|degrees| degrees.abs() <= 90.0),
        "longitude": message.real(Column::Longitude).filter(|degrees| degrees.abs() <= 180.0),
        "name": name,
        "address": address,
        "live": false,
    });
    let words = name.or(address).or_else(|| own_text(message));
    Content::new(MessageKind::Location, words.unwrap_or_default()).with("location", place)
}

fn system(number: i64, message: Message<'_>) -> Content {
    let event = message.number(Column::Event).unwrap_or_default();
    let (member, text) = (message.text(Column::Member), message.text(Column::Text));
    let from = message
        .text(Column::From)
        .filter(|from| super::address::is_person(from));
    let member = member.or(from);
    match event::words(number, event, member.as_deref(), text.as_deref()) {
        Some((kind, words)) => Content::new(kind, words).with("raw", raw(message)),
        None => Content {
            kind: MessageKind::System,
            text: format!("System message {event}"),
            ..unknown(format!("ZGROUPEVENTTYPE {event} of {number}"), message)
        },
    }
}

fn line(number: i64, message: Message<'_>) -> Content {
    let (kind, words) = stub::line(number, &[]).unwrap_or_default();
    Content::new(kind, words).with("raw", raw(message))
}

/// Where the words of composed messages lie, in the order in which they are shown.
const COMPOSED: [&[u64]; 12] = [
    &[24, 1, 2],
    &[24, 1, 6],
    &[24, 1, 7],
    &[43, 1, 2],
    &[43, 1, 6],
    &[43, 1, 7],
    &[51, 1, 2],
    &[51, 1, 6],
    &[51, 1, 7],
    &[26, 1, 1, 3],
    &[26, 1, 1, 4],
    &[28, 4],
];

fn composed(message: Message<'_>) -> Content {
    let words = own_text(message).unwrap_or_else(|| {
        let wire = message.wire(Column::Metadata);
        let words: Vec<&str> = COMPOSED.iter().filter_map(|path| wire.text(path)).collect();
        words.join("\n")
    });
    Content::new(MessageKind::Text, words).with("raw", raw(message))
}

fn poll(message: Message<'_>) -> Content {
    let poll = message.wire(Column::Info).at(&[8]).unwrap_or_default();
    let options: Vec<&str> = poll.all(3).filter_map(|option| option.text(&[1])).collect();
    let question = poll.text(&[2]).map(str::to_owned);
    let words = question.or_else(|| own_text(message));
    Content::new(MessageKind::Poll, words.unwrap_or_default()).with(
        "poll",
        json!({"options": options, "selectable": Value::Null}),
    )
}

fn call(message: Message<'_>) -> Content {
    let call = message.wire(Column::Metadata).at(&[87, 1]);
    let words = match call.and_then(|call| call.number(3)) {
        Some(seconds @ 1..) => format!("Voice call, {}:{:02}", seconds / 60, seconds % 60),
        _ if message.is_from_me() => "Voice call".to_owned(),
        _ => "Missed voice call".to_owned(),
    };
    Content::new(MessageKind::Call, words)
}

/// What nobody understands yet, with what can be read of it.
fn unknown(what: String, message: Message<'_>) -> Content {
    Content {
        unknown: Some(what),
        ..Content::new(MessageKind::Unknown, own_text(message).unwrap_or_default())
            .with("raw", raw(message))
    }
}

fn raw(message: Message<'_>) -> Value {
    json!({
        "ZMESSAGETYPE": message.number(Column::Kind),
        "ZGROUPEVENTTYPE": message.number(Column::Event),
        "ZTEXT": message.text(Column::Text),
    })
}
