//! Plain text in the shape of WhatsApp's own export, so that what reads that reads this.
//!
//! `[2021-05-03, 14:05:09] Ana Souza: text`, in this computer's time zone. Dates are written year first,
//! which nobody takes for another day. A text goes on over as many lines as it has; a line of it that
//! begins as a message does is set in by a space, so that no text can pretend to be two messages.

use std::io::{self, Write};

use jiff::{Timestamp, tz::TimeZone};
use threadkeep_mirror::{ConversationPk, Exported, MediaRow, MessageRow};
use threadkeep_protocol::MessageKind;

use super::{Form, files::Files};

/// WhatsApp puts it before words that nobody wrote.
const MARK: char = '\u{200e}';

pub(super) struct Txt {
    files: Files,
    zone: TimeZone,
    chat: Option<ConversationPk>,
}

impl Txt {
    pub(super) const fn new(files: Files, zone: TimeZone) -> Self {
        Self {
            files,
            zone,
            chat: None,
        }
    }
}

impl Form for Txt {
    fn message(&mut self, exported: &Exported<'_>) -> io::Result<()> {
        let message = exported.message;
        if self.chat != Some(message.conversation) {
            self.chat = Some(message.conversation);
            let name = self.files.name(exported.chat_name, "txt");
            self.files.begin(name)?;
        }
        let text = line(exported, &self.zone);
        let out = self.files.out()?;
        out.write_all(text.as_bytes())?;
        out.write_all(b"\n")
    }

    fn finish(&mut self, _messages: u64) -> io::Result<()> {
        self.files.finish()
    }
}

fn line(exported: &Exported<'_>, zone: &TimeZone) -> String {
    let message = exported.message;
    let time = Timestamp::from_millisecond(message.timestamp).unwrap_or_default();
    let time = time
        .to_zoned(zone.clone())
        .strftime("%Y-%m-%d, %H:%M:%S")
        .to_string();
    let said = words(message);
    if matches!(message.kind, MessageKind::System) {
        return format!("[{time}] {}: {MARK}{said}", one_line(exported.chat_name));
    }
    let who = if message.from_me {
        "You".to_owned()
    } else if message.sender_name.is_empty() {
        one_line(exported.chat_name)
    } else {
        one_line(&message.sender_name)
    };
    format!("[{time}] {who}: {said}")
}

fn words(message: &MessageRow) -> String {
    if message.deleted {
        return format!("{MARK}This message was deleted.");
    }
    let mut words = Vec::new();
    if let Some(media) = message.media.first() {
        words.push(format!("{MARK}<not included: {}>", what(media)));
    } else if let Some(thing) = thing(message) {
        words.push(format!("{MARK}<{thing}>"));
    }
    if !message.content.is_empty() {
        words.push(lines(&message.content));
    }
    if message.edited_at != 0 {
        words.push(format!("{MARK}<This message was edited>"));
    }
    words.join(" ")
}

fn what(media: &MediaRow) -> String {
    if media.file_name.is_empty() {
        media.media_type.clone()
    } else {
        one_line(&media.file_name)
    }
}

/// What stands for a message that has no words, or more than words.
const fn thing(message: &MessageRow) -> Option<&'static str> {
    match message.kind {
        MessageKind::Text | MessageKind::System => None,
        MessageKind::Unknown => Some("a message of an unknown kind"),
        kind => Some(kind.name()),
    }
}

/// With line ends of one sort, and no line that looks like the beginning of a message.
fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut safe = String::with_capacity(text.len());
    for (place, line) in text.split('\n').enumerate() {
        if place > 0 {
            safe.push('\n');
            if line.trim_start_matches(is_mark).starts_with('[') {
                safe.push(' ');
            }
        }
        safe.push_str(line);
    }
    safe
}

/// Readers of such files pass over them at the front of a line.
const fn is_mark(c: char) -> bool {
    matches!(
        c,
        '\u{200e}' | '\u{200f}' | '\u{feff}' | '\u{202a}'..='\u{202e}'
    )
}

/// A name that cannot end its line.
fn one_line(name: &str) -> String {
    let blank = |c: char| {
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
            ' '
        } else {
            c
        }
    };
    name.chars().map(blank).collect()
}
