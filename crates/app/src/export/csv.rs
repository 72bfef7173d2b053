//! A table: RFC 4180, UTF-8, a message a row.
//!
//! Spreadsheets take a cell that begins with `=`, `+`, `-`, `@`, a tab or a line's end for a formula,
//! and a message may begin with anything. Such a cell gets an apostrophe in front, and so does one that
//! begins with an apostrophe: whoever takes one apostrophe away from the front of every cell has the
//! texts as they were.

use std::io::{self, Write};

use threadkeep_mirror::{Exported, Reaction};
use threadkeep_protocol::{DeliveryStatus, ME, Timestamp};

use super::{Form, files::Files};

/// Stable: columns are added at the end, never renamed.
const COLUMNS: [&str; 21] = [
    "account",
    "chat",
    "chat_name",
    "id",
    "at",
    "sender",
    "sender_name",
    "type",
    "text",
    "status",
    "edited",
    "deleted",
    "forwarded",
    "starred",
    "reply_to",
    "reactions",
    "file_name",
    "mime_type",
    "bytes",
    "sha256",
    "source",
];

pub(super) struct Csv {
    files: Files,
    byte_order_mark: bool,
    has_begun: bool,
}

impl Csv {
    pub(super) const fn new(files: Files, byte_order_mark: bool) -> Self {
        Self {
            files,
            byte_order_mark,
            has_begun: false,
        }
    }

    fn begin(&mut self) -> io::Result<()> {
        if !self.has_begun {
            self.has_begun = true;
            let out = self.files.out()?;
            if self.byte_order_mark {
                out.write_all("\u{feff}".as_bytes())?;
            }
            row(out, COLUMNS)?;
        }
        Ok(())
    }
}

impl Form for Csv {
    fn message(&mut self, exported: &Exported<'_>) -> io::Result<()> {
        self.begin()?;
        let message = exported.message;
        let media = message.media.first();
        let said = |flag: bool| if flag { "true" } else { "false" };
        let bytes = media.map_or(0, |media| media.file_size);
        row(
            self.files.out()?,
            [
                &exported.integration.to_string(),
                exported.chat,
                exported.chat_name,
                &message.external_id,
                &Timestamp::from_millis(message.timestamp).to_string(),
                if message.from_me { ME } else { &message.sender },
                &message.sender_name,
                message.kind.name(),
                &message.content,
                message.status.map_or("", DeliveryStatus::name),
                said(message.edited_at != 0),
                said(message.deleted),
                said(message.forwarded),
                said(message.starred),
                &message.reply_to,
                &reactions(&message.reactions),
                media.map_or("", |media| &media.file_name),
                media.map_or("", |media| &media.mime_type),
                &if bytes > 0 {
                    bytes.to_string()
                } else {
                    String::new()
                },
                media.map_or("", |media| &media.sha256),
                message.source.name(),
            ],
        )
    }

    fn finish(&mut self, _messages: u64) -> io::Result<()> {
        self.begin()?;
        self.files.finish()
    }
}

/// `👍 Ana Souza; ❤ me`.
fn reactions(reactions: &[Reaction]) -> String {
    let who = |each: &Reaction| {
        let name = if each.sender_name.is_empty() {
            &each.sender
        } else {
            &each.sender_name
        };
        format!("{} {name}", each.emoji)
    };
    reactions.iter().map(who).collect::<Vec<_>>().join("; ")
}

fn row<const N: usize>(out: &mut impl Write, cells: [&str; N]) -> io::Result<()> {
    for (place, text) in cells.into_iter().enumerate() {
        if place > 0 {
            out.write_all(b",")?;
        }
        cell(out, text)?;
    }
    out.write_all(b"\r\n")
}

fn cell(out: &mut impl Write, text: &str) -> io::Result<()> {
    // The full-width forms too: some spreadsheets read them as the narrow ones.
    let is_formula = text.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '\'', '＝', '＋', '－', '＠',
    ]);
    let mark = if is_formula { "'" } else { "" };
    if text.contains([',', '"', '\r', '\n', ';', '\t']) || is_formula {
        write!(out, "\"{mark}{}\"", text.replace('"', "\"\""))
    } else {
        out.write_all(text.as_bytes())
    }
}
