//! What a message object is about: content to show, or news about another message.

use serde_json::{Value, json};
use threadkeep_protocol::{MediaRecord, MessageKind, Metadata, Timestamp};

use super::{
    media, value,
    value::{field, list, text},
    words,
};

/// What a message object is about.
pub(super) enum Body<'a> {
    /// Something to show.
    Content(Box<Content<'a>>),
    /// Another message has a new text.
    Edit(Edited<'a>),
    /// Another message was taken back.
    Revoke { id: &'a str },
    /// A `reactionMessage`.
    Reaction(&'a Value),
    /// News about another message under a key that only the phone has: named, not kept as a message.
    Sealed(&'a str),
    /// Nothing for a person: keys, settings, history notices.
    Bookkeeping,
    /// Content of a kind that nobody understands yet.
    Unknown(&'a str),
}

/// Content to show.
pub(super) struct Content<'a> {
    pub(super) kind: MessageKind,
    pub(super) text: String,
    pub(super) media: Option<MediaRecord>,
    /// What it answers, and whether it was forwarded.
    pub(super) context: Option<&'a Value>,
    pub(super) metadata: Metadata,
    /// It lay in an `editedMessage`: the text is not the first one.
    pub(super) is_edited: bool,
}

/// A new text for another message.
pub(super) struct Edited<'a> {
    /// The message that was edited; where it is absent, the one that carries this.
    pub(super) id: Option<&'a str>,
    /// The new content.
    pub(super) message: &'a Value,
    pub(super) at: Option<Timestamp>,
}

impl<'a> Content<'a> {
    pub(super) fn new(kind: MessageKind, text: impl Into<String>) -> Self {
        Self {
            kind,
            text: text.into(),
            media: None,
            context: None,
            metadata: Metadata::new(),
            is_edited: false,
        }
    }

    /// Keeps something that has no column of its own.
    pub(super) fn with(mut self, name: &str, value: Value) -> Self {
        self.metadata.insert(name.to_owned(), value);
        self
    }

    fn with_media(mut self, media: MediaRecord) -> Self {
        self.media = Some(media);
        self
    }
}

/// Parts of a message object that are never what it is about.
const AROUND_CONTENT: [&str; 7] = [
    "messageContextInfo",
    "senderKeyDistributionMessage",
    "fastRatchetKeySenderKeyDistributionMessage",
    "stickerSyncRmrMessage",
    "messageHistoryBundle",
    "messageHistoryNotice",
    "keepInChatMessage",
];

/// How many wrappers are taken off: more than any client puts on.
const MAX_WRAPPERS: usize = 12;

/// Reads a message object.
pub(super) fn read(message: &Value) -> Body<'_> {
    let (mut inner, mut wrapper) = (message, None);
    let (mut is_edited, mut is_view_once) = (false, false);
    for _ in 0..MAX_WRAPPERS {
        let Some((name, next)) = wrapped(inner) else {
            break;
        };
        is_edited |= name == "editedMessage";
        is_view_once |= name.starts_with("viewOnce");
        (inner, wrapper) = (next, Some(name));
    }
    let mut unknown = None;
    for (name, part) in parts(inner) {
        match leaf(name, part) {
            Some(Body::Content(mut content)) => {
                content.is_edited = is_edited;
                content.context = content.context.or_else(|| field(part, "contextInfo"));
                if is_view_once || value::flag(part, "viewOnce") == Some(true) {
                    *content = content.with("view_once", json!(true));
                }
                return Body::Content(content);
            }
            Some(body) => return body,
            None => unknown = unknown.or(Some(name)),
        }
    }
    unknown.or(wrapper).map_or(Body::Bookkeeping, Body::Unknown)
}

/// The text that stands for a message object, such as one that is quoted.
pub(super) fn text_of(message: &Value) -> String {
    match read(message) {
        Body::Content(content) => content.text,
        _ => String::new(),
    }
}

fn parts(message: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let parts = message.as_object().into_iter().flatten();
    parts
        .map(|(name, part)| (name.as_str(), part))
        .filter(|(name, part)| !part.is_null() && !AROUND_CONTENT.contains(name))
}

/// What lies in a wrapper. Any part that holds a `message` is one: WhatsApp adds a new kind of wrapper
/// several times a year, and what lies in them is always a message object.
fn wrapped(message: &Value) -> Option<(&str, &Value)> {
    parts(message)
        .filter(|(name, _)| *name != "commentMessage")
        .find_map(|(name, part)| Some((name, part.get("message").filter(|m| m.is_object())?)))
}

fn leaf<'a>(name: &'a str, part: &'a Value) -> Option<Body<'a>> {
    use MessageKind as Kind;
    let content = match name {
        "conversation" => Content::new(Kind::Text, part.as_str()?),
        // What is no object can hold nothing: malformed, so kept raw.
        _ if !part.is_object() => return None,
        "extendedTextMessage" => Content::new(Kind::Text, text(part, "text").unwrap_or_default()),
        "imageMessage" => file(Kind::Image, part),
        "videoMessage" | "ptvMessage" => video(name, part),
        "audioMessage" if value::flag(part, "ptt") == Some(true) => file(Kind::Voice, part),
        "audioMessage" => file(Kind::Audio, part),
        "documentMessage" => file(Kind::Document, part),
        "stickerMessage" => file(Kind::Sticker, part),
        "stickerPackMessage" => Content::new(Kind::Sticker, text(part, "name").unwrap_or_default())
            .with("raw", part.clone()),
        "locationMessage" | "liveLocationMessage" => location(name, part),
        "contactMessage" | "contactsArrayMessage" => contacts(part),
        "eventMessage" => Content::new(Kind::Text, text(part, "name").unwrap_or_default())
            .with("event", part.clone()),
        "pinInChatMessage" => Content::new(Kind::System, words::pinned(part))
            .with("raw", json!({"pinInChatMessage": part})),
        "commentMessage" => comment(part)?,
        "protocolMessage" => return Some(protocol(part)),
        "reactionMessage" => return Some(Body::Reaction(part)),
        "pollUpdateMessage"
        | "encReactionMessage"
        | "encEventResponseMessage"
        | "secretEncryptedMessage" => return Some(Body::Sealed(name)),
        // The pictures of an album come as messages of their own.
        "albumMessage" => return Some(Body::Bookkeeping),
        name if name.starts_with("pollCreationMessage") || name.starts_with("pollResult") => {
            poll(part)
        }
        name => match words::call(name, part) {
            Some(words) => Content::new(Kind::Call, words).with("call", part.clone()),
            None => form(name, part)?,
        },
    };
    Some(Body::Content(Box::new(content)))
}

/// A message that a business composed, or an answer to one: its words, and a picture in its head.
fn form<'a>(name: &str, part: &'a Value) -> Option<Content<'a>> {
    let form = words::form(name, part)?;
    let mut content = match form.head.map(read) {
        Some(Body::Content(head)) if head.media.is_some() => *head,
        _ => Content::new(MessageKind::Text, ""),
    };
    if !form.words.is_empty() {
        content.text = form.words;
    }
    content.context = field(part, "contextInfo");
    Some(content.with("raw", json!({ name: part })))
}

fn file(kind: MessageKind, part: &Value) -> Content<'_> {
    Content::new(kind, text(part, "caption").unwrap_or_default())
        .with_media(media::record(kind, part))
}

fn video<'a>(name: &str, part: &'a Value) -> Content<'a> {
    let content = file(MessageKind::Video, part);
    if name == "ptvMessage" {
        content.with("round", json!(true))
    } else if value::flag(part, "gifPlayback") == Some(true) {
        content.with("gif", json!(true))
    } else {
        content
    }
}

fn location<'a>(name: &str, part: &'a Value) -> Content<'a> {
    let place = ["name", "address", "caption", "comment"];
    let words = place.iter().find_map(|name| text(part, name));
    let is_live = name == "liveLocationMessage" || value::flag(part, "isLive") == Some(true);
    let place = json!({
        "latitude": part.get("degreesLatitude"),
        "longitude": part.get("degreesLongitude"),
        "name": text(part, "name"),
        "address": text(part, "address"),
        "live": is_live,
    });
    Content::new(MessageKind::Location, words.unwrap_or_default()).with("location", place)
}

fn contacts(part: &Value) -> Content<'_> {
    let several = list(part, "contacts");
    let cards = if several.is_empty() {
        std::slice::from_ref(part)
    } else {
        several
    };
    let names: Vec<&str> = cards
        .iter()
        .filter_map(|c| text(c, "displayName"))
        .collect();
    let words = text(part, "displayName").map_or_else(|| names.join(", "), str::to_owned);
    let cards: Vec<Value> = cards
        .iter()
        .map(
            |card| json!({"display_name": text(card, "displayName"), "vcard": text(card, "vcard")}),
        )
        .collect();
    Content::new(MessageKind::Contact, words).with("contacts", Value::Array(cards))
}

fn poll(part: &Value) -> Content<'_> {
    let options: Vec<&str> = list(part, "options")
        .iter()
        .chain(list(part, "pollVotes"))
        .filter_map(|option| text(option, "optionName"))
        .collect();
    let poll = json!({
        "options": options,
        "selectable": value::count(part, "selectableOptionsCount"),
    });
    let content = Content::new(MessageKind::Poll, text(part, "name").unwrap_or_default());
    let votes: Vec<Option<i64>> = list(part, "pollVotes")
        .iter()
        .map(|vote| value::count(vote, "optionVoteCount"))
        .collect();
    let content = content.with("poll", poll);
    if votes.is_empty() {
        content
    } else {
        content.with("votes", json!(votes))
    }
}

/// A comment under another message: a message with a target of its own.
fn comment(part: &Value) -> Option<Content<'_>> {
    match read(field(part, "message")?) {
        Body::Content(content) => {
            let target = part.get("targetMessageKey").cloned();
            Some(content.with("comment_on", target.unwrap_or_default()))
        }
        _ => None,
    }
}

fn protocol(part: &Value) -> Body<'_> {
    let id = field(part, "key").and_then(|key| text(key, "id"));
    if let Some(message) = field(part, "editedMessage")
        && (value::is(part, "type", ("MESSAGE_EDIT", 14)) || field(part, "type").is_none())
    {
        // Whole seconds: see the module's notes on edits.
        let at = value::number(part, "timestampMs").filter(|millis| *millis > 0);
        let at = at.map(|millis| Timestamp::from_seconds(millis / 1_000));
        return Body::Edit(Edited { id, message, at });
    }
    // REVOKE is 0, which some writers leave out.
    let is_bare = part.as_object().is_some_and(|object| object.len() == 1);
    let is_revoke = value::is(part, "type", ("REVOKE", 0)) || is_bare;
    match id {
        Some(id) if is_revoke => Body::Revoke { id },
        _ => Body::Bookkeeping,
    }
}
