//! A message a line, with everything that is known of it, and a last line that says that all is there.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde::Serialize;
use threadkeep_mirror::{Exported, MediaRow, MessageRow};
use threadkeep_protocol::{ME, MessageEdit, Timestamp};

use super::{Form, files::Files};

pub(super) struct Jsonl(Files);

impl Jsonl {
    pub(super) const fn new(files: Files) -> Self {
        Self(files)
    }
}

impl Form for Jsonl {
    fn message(&mut self, exported: &Exported<'_>) -> io::Result<()> {
        write_line(self.0.out()?, &Line::new(exported))
    }

    fn finish(&mut self, messages: u64) -> io::Result<()> {
        let trailer = Trailer {
            complete: true,
            messages,
        };
        write_line(self.0.out()?, &trailer)?;
        self.0.finish()
    }
}

fn write_line(out: &mut impl Write, line: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Trailer {
    complete: bool,
    messages: u64,
}

/// A line of the export. Stable: fields are added, never renamed.
#[derive(Serialize)]
struct Line<'a> {
    account: i64,
    chat: &'a str,
    chat_name: &'a str,
    id: &'a str,
    sender: &'a str,
    sender_name: &'a str,
    at: Timestamp,
    r#type: &'static str,
    text: &'a str,
    status: Option<&'static str>,
    edited: bool,
    edits: &'a [MessageEdit],
    deleted: bool,
    reply_to: Option<&'a str>,
    reactions: BTreeMap<&'a str, &'a str>,
    starred: bool,
    media: Option<MediaLine<'a>>,
    source: &'static str,
}

#[derive(Serialize)]
struct MediaLine<'a> {
    file_name: &'a str,
    mime_type: &'a str,
    bytes: Option<i64>,
    sha256: &'a str,
    /// Where the bytes are on this computer.
    path: Option<String>,
}

impl<'a> Line<'a> {
    fn new(exported: &Exported<'a>) -> Self {
        let message: &'a MessageRow = exported.message;
        Self {
            account: exported.integration.0,
            chat: exported.chat,
            chat_name: exported.chat_name,
            id: &message.external_id,
            sender: if message.from_me { ME } else { &message.sender },
            sender_name: &message.sender_name,
            at: Timestamp::from_millis(message.timestamp),
            r#type: message.kind.name(),
            text: &message.content,
            status: message
                .status
                .map(threadkeep_protocol::DeliveryStatus::name),
            edited: message.edited_at != 0,
            edits: &message.edits,
            deleted: message.deleted,
            reply_to: (!message.reply_to.is_empty()).then_some(message.reply_to.as_str()),
            reactions: message
                .reactions
                .iter()
                .map(|reaction| (reaction.sender.as_str(), reaction.emoji.as_str()))
                .collect(),
            starred: message.starred,
            media: message.media.first().map(MediaLine::new),
            source: message.source.name(),
        }
    }
}

impl<'a> MediaLine<'a> {
    fn new(media: &'a MediaRow) -> Self {
        Self {
            file_name: &media.file_name,
            mime_type: &media.mime_type,
            bytes: (media.file_size > 0).then_some(media.file_size),
            sha256: &media.sha256,
            // The bytes are not fetched yet: a later version fills the media folder by sha256.
            path: None,
        }
    }
}
