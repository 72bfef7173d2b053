//! One message, in either of its shapes.

use serde_json::{Value, json};
use threadkeep_protocol::{ME, MessageKind, MessageReaction, Metadata, Timestamp};

use super::thread::Shape;
use crate::json::value::{any, count, field, flag, list, long, seconds, text};

/// What a message says.
pub(super) struct Said {
    /// In milliseconds, as it is written.
    pub(super) at: i64,
    pub(super) sender: Option<String>,
    pub(super) kind: MessageKind,
    pub(super) text: String,
    pub(super) files: Vec<File>,
    pub(super) is_deleted: bool,
    pub(super) reactions: Vec<MessageReaction>,
    pub(super) metadata: Metadata,
    /// What nobody understands yet.
    pub(super) unknown: Option<String>,
}

/// A file of a message.
pub(super) struct File {
    pub(super) kind: MessageKind,
    pub(super) uri: String,
    pub(super) is_gif: bool,
}

/// Where files stand in a message, and what they are.
const FILES: [(&str, MessageKind); 6] = [
    ("photos", MessageKind::Image),
    ("videos", MessageKind::Video),
    ("gifs", MessageKind::Video),
    ("audio_files", MessageKind::Voice),
    ("files", MessageKind::Document),
    ("sticker", MessageKind::Sticker),
];

/// What every message may have, and what therefore does not say what this one is.
const ORDINARY: [&str; 12] = [
    "sender_name",
    "timestamp_ms",
    "type",
    "is_unsent",
    "is_taken_down",
    "is_geoblocked_for_viewer",
    "is_unsent_image_by_messenger_kid_parent",
    "bumped_message_metadata",
    "reactions",
    "ip",
    "content",
    "magic_words",
];

/// Reads a message; `me` is the person's name.
pub(super) fn read(message: &Value, shape: Shape, me: Option<&str>) -> Result<Said, &'static str> {
    if !message.is_object() {
        return Err("it is no object");
    }
    let at = any(message, &["timestamp_ms", "timestamp"]).and_then(long);
    let sender = text(message, "sender_name").or_else(|| text(message, "senderName"));
    let mut said = Said {
        at: at.ok_or("it has no time")?,
        sender: sender.map(str::to_owned),
        kind: MessageKind::Text,
        text: String::new(),
        files: Vec::new(),
        is_deleted: any(message, &["is_unsent", "isUnsent"]).and_then(Value::as_bool) == Some(true),
        reactions: reactions(message, me),
        metadata: Metadata::new(),
        unknown: None,
    };
    if said.is_deleted {
        return Ok(said);
    }
    let words = text(message, "content").or_else(|| text(message, "text"));
    said.text = words.unwrap_or_default().to_owned();
    match shape {
        Shape::Usual => said.usual(message),
        Shape::Encrypted => said.encrypted(message),
    }
    if let Some(first) = said.files.first() {
        said.kind = first.kind;
    }
    Ok(said)
}

impl Said {
    fn usual(&mut self, message: &Value) {
        for (name, kind) in FILES {
            let found = field(message, name);
            let files = match found {
                Some(Value::Array(files)) => files.as_slice(),
                Some(file) => std::slice::from_ref(file),
                None => &[],
            };
            let uris = files.iter().filter_map(|file| text(file, "uri"));
            self.files.extend(uris.map(|uri| File {
                kind,
                uri: uri.to_owned(),
                is_gif: name == "gifs",
            }));
        }
        if let Some(share) = field(message, "share") {
            self.share(share);
        }
        let kind = text(message, "type").unwrap_or_default();
        if kind == "Call" || field(message, "call_duration").is_some() {
            self.kind = MessageKind::Call;
            self.call(message);
        } else if matches!(kind, "Subscribe" | "Unsubscribe" | "Plan" | "Poll") {
            self.kind = MessageKind::System;
            self.keep("type", message);
        }
        for name in ["plan", "users", "is_taken_down"] {
            if field(message, name).is_some_and(|value| *value != json!(false)) {
                self.keep(name, message);
            }
        }
        if self.text.is_empty() && self.files.is_empty() && self.kind == MessageKind::Text {
            let mut fields = message.as_object().into_iter().flatten();
            let telling = fields.find(|(name, _)| !ORDINARY.contains(&name.as_str()));
            self.nothing(message, telling.map(|(name, _)| name.as_str()));
        }
    }

    /// A post, a link, a place: its words and address behind what was said with it.
    fn share(&mut self, share: &Value) {
        for line in ["share_text", "link"].map(|name| text(share, name)) {
            let Some(line) = line.filter(|line| !self.text.contains(line)) else {
                continue;
            };
            if !self.text.is_empty() {
                self.text.push('\n');
            }
            self.text.push_str(line);
        }
        self.metadata.insert("share".to_owned(), share.clone());
    }

    fn call(&mut self, message: &Value) {
        if self.text.is_empty() {
            let is_missed = flag(message, "missed") == Some(true);
            self.text = match count(message, "call_duration") {
                _ if is_missed => "Missed call".to_owned(),
                Some(seconds @ 1..) => format!("Call, {}:{:02}", seconds / 60, seconds % 60),
                _ => "Call".to_owned(),
            };
        }
        self.keep("call_duration", message);
    }

    fn encrypted(&mut self, message: &Value) {
        let files = list(message, "media").iter();
        let uris = files.filter_map(|file| text(file, "uri"));
        self.files = uris
            .map(|uri| File {
                kind: by_ending(uri),
                uri: uri.to_owned(),
                is_gif: false,
            })
            .collect();
        if self.text.is_empty() && self.files.is_empty() {
            self.nothing(message, text(message, "type"));
        }
    }

    /// A message that says nothing which is understood here.
    fn nothing(&mut self, message: &Value, what: Option<&str>) {
        self.kind = MessageKind::Unknown;
        let what = what.unwrap_or("message without content");
        self.unknown = Some(what.to_owned());
        self.metadata
            .insert("raw".to_owned(), json!({ what: message }));
    }

    fn keep(&mut self, name: &str, message: &Value) {
        if let Some(value) = field(message, name) {
            self.metadata.insert(name.to_owned(), value.clone());
        }
    }
}

/// What a file is by the end of its name, which is all that an encrypted chat says of it.
fn by_ending(uri: &str) -> MessageKind {
    let ending = uri.rsplit('.').next().unwrap_or_default().to_lowercase();
    match ending.as_str() {
        "jpg" | "jpeg" | "png" | "webp" | "heic" | "gif" => MessageKind::Image,
        "mp4" | "mov" | "webm" | "3gp" => MessageKind::Video,
        "mp3" | "m4a" | "aac" | "ogg" | "opus" | "wav" => MessageKind::Audio,
        _ => MessageKind::Document,
    }
}

fn reactions(message: &Value, me: Option<&str>) -> Vec<MessageReaction> {
    let reactions = list(message, "reactions").iter();
    let read = |reaction: &Value| {
        let actor = text(reaction, "actor")?;
        let sender = if me == Some(actor) {
            ME.to_owned()
        } else {
            address(actor)
        };
        Some(MessageReaction {
            sender_external_id: sender,
            emoji: text(reaction, "reaction")?.to_owned(),
            at: seconds(reaction, "timestamp"),
        })
    };
    reactions.filter_map(read).collect()
}

/// A person's address: there is nothing but the name.
pub(super) fn address(name: &str) -> String {
    format!("name:{name}")
}

impl Said {
    pub(super) fn time(&self) -> Timestamp {
        Timestamp::from_millis(self.at)
    }
}
