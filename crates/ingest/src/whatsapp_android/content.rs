//! What is shown of a message: its kind, its words, its file, and what is kept beside them.

use serde_json::{Map, Value, json};
use threadkeep_protocol::{MediaRecord, MessageKind, Metadata};

use super::{
    World,
    beside::{Beside, Call, Media},
    kind::{What, of_mime},
    media,
    row::Row,
    system,
};
use crate::baileys;

/// What is shown of a message.
pub(super) struct Content {
    pub(super) kind: MessageKind,
    pub(super) text: String,
    pub(super) media: Option<MediaRecord>,
    pub(super) metadata: Metadata,
}

impl Content {
    fn new(kind: MessageKind, text: impl Into<String>) -> Self {
        Self {
            kind,
            text: text.into(),
            media: None,
            metadata: Metadata::new(),
        }
    }

    fn with(mut self, name: &str, value: Value) -> Self {
        self.metadata.insert(name.to_owned(), value);
        self
    }
}

/// All that hangs on one message, taken from the tables beside it.
pub(super) struct Hung {
    media: Option<Media>,
    words: Option<(&'static str, String)>,
    options: Vec<(String, i64)>,
    selectable: Option<i64>,
    cards: Vec<String>,
    people: Vec<String>,
    action: Option<i64>,
    call: Option<Call>,
    is_video_missed: Option<bool>,
    thumbnail: Option<String>,
}

pub(super) fn hung(
    row: &mut Row,
    beside: &mut Beside<'_>,
    world: &mut World<'_>,
) -> rusqlite::Result<Hung> {
    let id = row.id;
    let mut words = None;
    for (table, side) in &mut beside.words {
        let found = side.one(id)?.filter(|words| !words.is_empty());
        words = words.or(found.map(|words| (*table, words)));
    }
    let media = match (beside.media.one(id)?, row.media.take()) {
        (Some(media), Some(own)) => Some(media.or(own)),
        (media, own) => media.or(own),
    };
    row.place = beside.place.one(id)?.or(row.place.take());
    let mut people = Vec::new();
    let mut named: Vec<i64> = beside.people.all(id)?.into_iter().flatten().collect();
    named.extend(beside.number.one(id)?.flatten());
    for person in named {
        people.extend(
            world
                .addresses
                .of(person)?
                .map(|address| baileys::name_of(&address)),
        );
    }
    let mut cards: Vec<String> = beside.cards.all(id)?.into_iter().flatten().collect();
    let old_cards = beside.old_cards.all(id)?;
    if cards.is_empty() {
        cards.extend(old_cards.into_iter().flatten());
    }
    Ok(Hung {
        media,
        words,
        options: beside.options.all(id)?,
        selectable: beside.poll.one(id)?.flatten(),
        cards,
        people,
        action: beside.action.one(id)?.flatten().or(row.action),
        call: beside.call.one(id)?,
        is_video_missed: beside.missed.one(id)?,
        thumbnail: beside.thumbnail.one(id)?.flatten(),
    })
}

/// What is shown of a message; `None` where it is nothing for people.
pub(super) fn content(
    what: What,
    row: &mut Row,
    hung: Hung,
    world: &mut World<'_>,
) -> Option<Content> {
    let text = row.text.take().unwrap_or_default();
    Some(match what {
        What::Text => Content::new(MessageKind::Text, text),
        What::File(kind, special) => {
            let mut content = file(kind, text, hung, row.id, world);
            if let Some(special) = special {
                content = content.with(special, json!(true));
            }
            content
        }
        What::Contact => contacts(text, hung),
        What::Place { is_live } => place(is_live, text, row),
        What::Poll => poll(text, &hung),
        What::Call => call(hung.call.as_ref()),
        What::MissedCall => missed(hung.is_video_missed),
        What::Line => line(text, row, hung, world),
        What::Revoked => Content::new(MessageKind::Text, ""),
        What::Undecrypted => {
            world.receiver.unknown("CIPHERTEXT");
            Content::new(MessageKind::Unknown, "").with("raw", json!({"message_type": row.kind}))
        }
        What::Bookkeeping => return None,
        What::Unknown => unknown(text, row, hung, world),
    })
}

fn file(kind: MessageKind, text: String, hung: Hung, place: i64, world: &mut World<'_>) -> Content {
    let mut found = hung.media.unwrap_or_default();
    let caption = found
        .caption
        .take()
        .filter(|_| text.is_empty())
        .unwrap_or(text);
    let mut content = Content::new(kind, caption);
    content.media = Some(media::record(kind, found, hung.thumbnail, place, world));
    content
}

/// A kind that nobody understands yet: its file and its words are still a file and words.
fn unknown(text: String, row: &Row, hung: Hung, world: &mut World<'_>) -> Content {
    let raw = json!({"message_type": row.kind});
    if let (Some((table, words)), true) = (&hung.words, text.is_empty() || hung.media.is_none()) {
        let whole = if text.is_empty() || text == *words {
            words.clone()
        } else {
            format!("{words}\n{text}")
        };
        let raw = json!({"message_type": row.kind, *table: words});
        return Content::new(MessageKind::Text, whole).with("raw", raw);
    }
    world
        .receiver
        .unknown(&format!("message type {}", row.kind));
    let mime = hung.media.as_ref().and_then(|media| media.mime.as_deref());
    if let Some(kind) = mime.map(of_mime) {
        let content = file(kind, text, hung, row.id, world);
        return content.with("raw", raw);
    }
    Content::new(MessageKind::Unknown, text).with("raw", raw)
}

fn contacts(text: String, hung: Hung) -> Content {
    let cards: Vec<(Option<String>, String)> = hung
        .cards
        .into_iter()
        .map(|card| (name_on(&card), card))
        .collect();
    let names: Vec<&str> = cards
        .iter()
        .filter_map(|(name, _)| name.as_deref())
        .collect();
    let told = hung.media.and_then(|media| media.name);
    // Of several cards the row only says how many, in the phone's language.
    let words = match (names.as_slice(), told) {
        ([_, _, ..], _) => names.join(", "),
        (_, Some(told)) => told,
        ([name], None) => (*name).to_owned(),
        ([], None) if text.starts_with("BEGIN:VCARD") => String::new(),
        ([], None) => text.clone(),
    };
    let mut told: Vec<Value> = cards
        .iter()
        .map(|(name, card)| json!({"display_name": name, "vcard": card}))
        .collect();
    // The oldest databases have the card in the place of the text.
    if told.is_empty() && text.starts_with("BEGIN:VCARD") {
        told.push(json!({"display_name": name_on(&text), "vcard": text}));
    }
    let words = if words.is_empty() {
        name_on(&text).unwrap_or_default()
    } else {
        words
    };
    Content::new(MessageKind::Contact, words).with("contacts", Value::Array(told))
}

/// The name on a vCard.
fn name_on(card: &str) -> Option<String> {
    let line = card.lines().find(|line| {
        let name = line.split([':', ';']).next().unwrap_or_default();
        name.eq_ignore_ascii_case("FN")
    })?;
    let (_, name) = line.split_once(':')?;
    let name = name.trim().replace("\\,", ",").replace("\\;", ";");
    (!name.is_empty()).then_some(name)
}

fn place(is_live: bool, text: String, row: &mut Row) -> Content {
    let place = row.place.take().unwrap_or_default();
    let caption = (!text.is_empty()).then_some(text);
    let words = [place.name.clone(), place.address.clone(), caption]
        .into_iter()
        .flatten()
        .next();
    let place = json!({
        "latitude": place.latitude,
        "longitude": place.longitude,
        "name": place.name,
        "address": place.address,
        "live": is_live,
    });
    Content::new(MessageKind::Location, words.unwrap_or_default()).with("location", place)
}

fn poll(text: String, hung: &Hung) -> Content {
    let options: Vec<&str> = hung.options.iter().map(|(name, _)| name.as_str()).collect();
    let votes: Vec<i64> = hung.options.iter().map(|(_, votes)| *votes).collect();
    let poll = json!({"options": options, "selectable": hung.selectable});
    let content = Content::new(MessageKind::Poll, text).with("poll", poll);
    if votes.iter().any(|votes| *votes > 0) {
        content.with("votes", json!(votes))
    } else {
        content
    }
}

fn call(call: Option<&Call>) -> Content {
    let Some(call) = call else {
        return Content::new(MessageKind::Call, "Call").with("call", Value::Object(Map::new()));
    };
    let (words, part) = call_words(call);
    Content::new(MessageKind::Call, words).with("call", part)
}

/// A call in the words that other sources of the platform have for it, and what those words are made from.
pub(super) fn call_words(call: &Call) -> (String, Value) {
    let outcome = match call.result {
        Some(5) => Some("CONNECTED"),
        Some(2) if !call.is_from_me => Some("MISSED"),
        Some(3) => Some("FAILED"),
        Some(4) if !call.is_from_me => Some("REJECTED"),
        _ if call.seconds > 0 => Some("CONNECTED"),
        _ => None,
    };
    let mut part = Map::new();
    part.insert("isVideo".to_owned(), json!(call.is_video));
    if let Some(outcome) = outcome {
        part.insert("callOutcome".to_owned(), json!(outcome));
    }
    if call.seconds > 0 {
        part.insert("durationSecs".to_owned(), json!(call.seconds));
    }
    let part = Value::Object(part);
    let words = baileys::call("callLogMesssage", &part);
    (words.unwrap_or_default(), part)
}

fn missed(is_video: Option<bool>) -> Content {
    let stub = if is_video == Some(true) { 41 } else { 40 };
    let words = baileys::line(stub, &[]).map(|(_, words)| words);
    Content::new(MessageKind::Call, words.unwrap_or_default())
        .with("raw", json!({"messageStubType": stub}))
}

fn line(text: String, row: &Row, hung: Hung, world: &mut World<'_>) -> Content {
    let action = hung.action.unwrap_or_default();
    let mut people = hung.people;
    if people.is_empty() {
        // Who left or joined by themselves is only named as the one who did it.
        people.extend(row.sender.as_deref().map(baileys::name_of));
    }
    let about = system::About {
        people,
        text: (!text.is_empty()).then_some(text),
    };
    let (words, is_known) = system::words(action, about);
    if !is_known {
        world.receiver.unknown(&format!("action type {action}"));
    }
    Content::new(MessageKind::System, words).with("raw", json!({"action_type": hung.action}))
}
