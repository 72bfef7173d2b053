//! What a message says.

use serde_json::{Value, json};
use threadkeep_protocol::{MediaRecord, MessageKind, Metadata};

use super::{
    chat::phone,
    media, service,
    text::{self, Text},
};
use crate::json::value::{any, count, field, list, text as word};

/// What a message says.
pub(super) struct Body {
    pub(super) kind: MessageKind,
    pub(super) text: String,
    pub(super) media: Option<MediaRecord>,
    pub(super) file: Option<String>,
    pub(super) unknown: Option<String>,
    pub(super) metadata: Metadata,
}

/// Reads what a message says.
pub(super) fn read(message: &Value, is_service: bool) -> Body {
    let pieces = any(message, &["text_entities", "text"])
        .filter(|pieces| pieces.as_array().is_none_or(|pieces| !pieces.is_empty()))
        .or_else(|| field(message, "text"));
    let Text {
        plain,
        entities,
        mentions,
    } = pieces.map(text::read).unwrap_or_default();
    let mut body = Body {
        kind: MessageKind::Text,
        text: plain,
        media: None,
        file: None,
        unknown: None,
        metadata: Metadata::new(),
    };
    if !entities.is_empty() {
        body.keep("entities", Value::Array(entities));
    }
    if !mentions.is_empty() {
        body.keep("mentions", json!(mentions));
    }
    if is_service {
        (body.kind, body.text) = service::read(message);
        body.keep("raw", message.clone());
    } else if let Some(file) = media::read(message) {
        body.kind = file.kind;
        body.media = Some(file.media);
        body.file = file.path;
        body.metadata.extend(file.metadata);
    } else {
        body.special(message);
    }
    if let Some(buttons) = field(message, "inline_bot_buttons") {
        body.keep("inline_bot_buttons", buttons.clone());
    }
    body
}

impl Body {
    fn keep(&mut self, name: &str, value: Value) {
        self.metadata.insert(name.to_owned(), value);
    }

    /// Words that stand for the message where it has none of its own.
    fn say(&mut self, words: &str) {
        if self.text.is_empty() {
            words.clone_into(&mut self.text);
        }
    }

    /// What is neither text alone nor a file.
    fn special(&mut self, message: &Value) {
        if let Some(place) = field(message, "location_information") {
            self.kind = MessageKind::Location;
            let name = word(message, "place_name");
            self.say(
                name.or_else(|| word(message, "address"))
                    .unwrap_or_default(),
            );
            self.keep(
                "location",
                json!({
                    "latitude": place.get("latitude"),
                    "longitude": place.get("longitude"),
                    "name": name,
                    "address": word(message, "address"),
                    "live": message.get("live_location_period_seconds").is_some(),
                }),
            );
        } else if let Some(card) = field(message, "contact_information") {
            self.kind = MessageKind::Contact;
            let card = contact(card);
            self.say(card["display_name"].as_str().unwrap_or_default());
            self.keep("contacts", json!([card]));
        } else if let Some(poll) = field(message, "poll") {
            self.kind = MessageKind::Poll;
            self.poll(poll);
        } else if let Some(invoice) = field(message, "invoice_information") {
            self.say(word(invoice, "title").unwrap_or_default());
            self.keep("invoice", invoice.clone());
        } else if let Some(title) = word(message, "game_title") {
            self.say(title);
            self.keep(
                "game",
                json!({
                    "title": title,
                    "description": message.get("game_description"),
                    "link": message.get("game_link"),
                }),
            );
        } else if self.text.is_empty() {
            self.kind = MessageKind::Unknown;
            let what = unknown(message);
            self.keep("raw", json!({ what.as_str(): message }));
            self.unknown = Some(what);
        }
    }

    fn poll(&mut self, poll: &Value) {
        let answers = list(poll, "answers").iter();
        let options: Vec<String> = answers
            .clone()
            .filter_map(|answer| Some(text::read(field(answer, "text")?).plain))
            .collect();
        let votes: Vec<Option<i64>> = answers.map(|answer| count(answer, "voters")).collect();
        let question = field(poll, "question").map(text::read).unwrap_or_default();
        self.say(&question.plain);
        self.keep(
            "poll",
            json!({"options": options, "closed": poll.get("closed"), "voters": poll.get("total_voters")}),
        );
        self.keep("votes", json!(votes));
    }
}

/// A card as the project keeps it; its number in a vCard.
fn contact(card: &Value) -> Value {
    let names: Vec<&str> = ["first_name", "last_name"]
        .iter()
        .filter_map(|name| word(card, name))
        .collect();
    let name = names.join(" ");
    let line = name.replace(['\r', '\n'], " ");
    let number = phone(word(card, "phone_number").unwrap_or_default());
    json!({
        "display_name": name,
        "vcard": format!("BEGIN:VCARD\nVERSION:3.0\nFN:{line}\nTEL:{number}\nEND:VCARD"),
    })
}

/// What every message may have, and what therefore does not say what this one is.
const ORDINARY: [&str; 16] = [
    "id",
    "type",
    "date",
    "date_unixtime",
    "edited",
    "edited_unixtime",
    "from",
    "from_id",
    "author",
    "forwarded_from",
    "forwarded_from_id",
    "saved_from",
    "reply_to_message_id",
    "text",
    "text_entities",
    "reactions",
];

/// What a message without words must be, by the name of its first field that is not in every message.
fn unknown(message: &Value) -> String {
    if let Some(kind) = word(message, "type").filter(|kind| *kind != "message") {
        return kind.to_owned();
    }
    let mut fields = message.as_object().into_iter().flatten();
    let telling = fields.find(|(name, _)| !ORDINARY.contains(&name.as_str()));
    telling
        .map_or("message without content", |(name, _)| name)
        .to_owned()
}
