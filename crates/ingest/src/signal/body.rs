//! What a message says.

use serde_json::{Value, json};
use threadkeep_protocol::{MessageKind, Metadata};

use super::{
    file::{self, File},
    people::People,
    text::{self, Text},
    update,
};
use crate::json::value::{field, flag, list, number, text as word};

/// What a message says.
pub(super) struct Body {
    pub(super) kind: MessageKind,
    pub(super) text: String,
    pub(super) files: Vec<File>,
    pub(super) is_deleted: bool,
    /// What nobody understands yet.
    pub(super) unknown: Option<String>,
    pub(super) metadata: Metadata,
}

/// What an item may say.
const PARTS: [&str; 11] = [
    "standardMessage",
    "contactMessage",
    "stickerMessage",
    "remoteDeletedMessage",
    "adminDeletedMessage",
    "updateMessage",
    "viewOnceMessage",
    "directStoryReplyMessage",
    "poll",
    "paymentNotification",
    "giftBadge",
];

/// What an item may have beside what it says.
const AROUND: [&str; 11] = [
    "chatId",
    "authorId",
    "dateSent",
    "expireStartDate",
    "expiresInMs",
    "revisions",
    "sms",
    "incoming",
    "outgoing",
    "directionless",
    "pinDetails",
];

/// What the item says, and under which name.
pub(super) fn part(item: &Value) -> Option<(&str, &Value)> {
    let known = PARTS
        .iter()
        .find_map(|name| Some((*name, field(item, name)?)));
    known.or_else(|| {
        let mut members = item.as_object().into_iter().flatten();
        let found = members.find(|(name, _)| !AROUND.contains(&name.as_str()))?;
        Some((found.0.as_str(), found.1))
    })
}

/// The file that holds the whole of a long text.
pub(super) fn long_text(item: &Value) -> Option<File> {
    let (_, part) = part(item)?;
    let pointer = field(part, "longText").or_else(|| field(field(part, "textReply")?, "longText"));
    pointer.map(|pointer| file::pointer(MessageKind::Document, pointer))
}

/// Reads what an item says; `whole` is its text where the item has only the beginning.
pub(super) fn read(item: &Value, whole: Option<&str>, people: &People) -> Body {
    let mut body = Body {
        kind: MessageKind::Text,
        text: String::new(),
        files: Vec::new(),
        is_deleted: false,
        unknown: None,
        metadata: Metadata::new(),
    };
    let Some((name, part)) = part(item) else {
        body.not_understood("item without content", item);
        return body;
    };
    match name {
        "standardMessage" => body.standard(part, whole, people),
        "contactMessage" => body.contact(part),
        "stickerMessage" => body.sticker(part),
        "remoteDeletedMessage" | "adminDeletedMessage" => body.is_deleted = true,
        "updateMessage" => {
            (body.kind, body.text) = update::read(part, people);
            body.keep("raw", json!({"updateMessage": part}));
        }
        "viewOnceMessage" => {
            let attachment = file::attachment(part.get("attachment").unwrap_or(&Value::Null));
            body.kind = match attachment.kind {
                MessageKind::Document => MessageKind::Image,
                kind => kind,
            };
            body.keep("view_once", json!(true));
        }
        "directStoryReplyMessage" => {
            let reply = field(part, "textReply").and_then(|reply| field(reply, "text"));
            match (reply, word(part, "emoji")) {
                (Some(reply), _) => body.words(reply, whole, people),
                (None, emoji) => emoji.unwrap_or_default().clone_into(&mut body.text),
            }
            body.keep("story_reply", json!(true));
        }
        "poll" => body.poll(part),
        "paymentNotification" => {
            body.kind = MessageKind::System;
            let (amount, note) = (word(part, "amountMob"), word(part, "note"));
            let amount = amount.map_or_else(
                || "Payment".to_owned(),
                |mob| format!("Payment of {mob} MOB"),
            );
            body.text = note.map_or_else(|| amount.clone(), |note| format!("{amount}: {note}"));
        }
        "giftBadge" => {
            body.kind = MessageKind::System;
            "A badge was given".clone_into(&mut body.text);
        }
        name => body.not_understood(name, item),
    }
    body
}

impl Body {
    fn keep(&mut self, name: &str, value: Value) {
        self.metadata.insert(name.to_owned(), value);
    }

    fn not_understood(&mut self, name: &str, item: &Value) {
        self.kind = MessageKind::Unknown;
        self.unknown = Some(name.to_owned());
        self.keep("raw", json!({ name: item }));
    }

    fn words(&mut self, text: &Value, whole: Option<&str>, people: &People) {
        let Text {
            plain,
            entities,
            mentions,
        } = text::read(text, whole, people);
        self.text = plain;
        if !entities.is_empty() {
            self.keep("entities", Value::Array(entities));
        }
        if !mentions.is_empty() {
            self.keep("mentions", json!(mentions));
        }
    }

    fn standard(&mut self, part: &Value, whole: Option<&str>, people: &People) {
        if let Some(text) = field(part, "text") {
            self.words(text, whole, people);
        }
        self.files = list(part, "attachments")
            .iter()
            .map(file::attachment)
            .collect();
        if let Some(first) = self.files.first() {
            self.kind = first.kind;
        }
        let links: Vec<Value> = list(part, "linkPreview")
            .iter()
            .map(|link| json!({"url": word(link, "url"), "title": word(link, "title"), "description": word(link, "description")}))
            .collect();
        if !links.is_empty() {
            self.keep("links", Value::Array(links));
        }
    }

    fn contact(&mut self, part: &Value) {
        self.kind = MessageKind::Contact;
        let contact = part.get("contact").unwrap_or(&Value::Null);
        let of_name = |name| word(contact.get("name")?, name);
        let names: Vec<&str> = ["givenName", "middleName", "familyName"]
            .into_iter()
            .filter_map(of_name)
            .collect();
        let name = match names.is_empty() {
            true => word(contact, "organization").unwrap_or_default().to_owned(),
            false => names.join(" "),
        };
        let line = |text: &str| text.replace(['\r', '\n'], " ");
        let numbers = list(contact, "number").iter();
        let numbers = numbers.filter_map(|number| word(number, "value"));
        let numbers: String = numbers
            .map(|number| format!("TEL:{}\n", line(number)))
            .collect();
        let vcard = format!(
            "BEGIN:VCARD\nVERSION:3.0\nFN:{}\n{numbers}END:VCARD",
            line(&name)
        );
        self.keep("contacts", json!([{"display_name": name, "vcard": vcard}]));
        self.text = name;
    }

    fn sticker(&mut self, part: &Value) {
        self.kind = MessageKind::Sticker;
        let sticker = part.get("sticker").unwrap_or(&Value::Null);
        if let Some(data) = field(sticker, "data") {
            self.files = vec![file::pointer(MessageKind::Sticker, data)];
        }
        if let Some(emoji) = word(sticker, "emoji") {
            self.keep("sticker_emoji", json!(emoji));
        }
    }

    fn poll(&mut self, poll: &Value) {
        self.kind = MessageKind::Poll;
        word(poll, "question")
            .unwrap_or_default()
            .clone_into(&mut self.text);
        let options = list(poll, "options");
        let names: Vec<&str> = options
            .iter()
            .map(|option| word(option, "option").unwrap_or_default())
            .collect();
        let votes: Vec<usize> = options
            .iter()
            .map(|option| {
                let votes = list(option, "votes").iter();
                // Who took a vote back stays, with none.
                votes
                    .filter(|vote| number(vote, "voteCount") != Some(0))
                    .count()
            })
            .collect();
        let selectable = match flag(poll, "allowMultiple") {
            Some(true) => None,
            _ => Some(1),
        };
        self.keep(
            "poll",
            json!({"options": names, "selectable": selectable, "closed": flag(poll, "hasEnded")}),
        );
        self.keep("votes", json!(votes));
    }
}
