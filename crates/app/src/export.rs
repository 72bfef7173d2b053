//! Everything as JSON lines: a form that outlives this program.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use serde::Serialize;
use threadkeep_mirror::{self as mirror, Exported, MediaRow, MessageRow};
use threadkeep_protocol::{ME, MessageEdit, Timestamp};

use crate::{App, Error, chat::read_chat};

/// What to export.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExportQuery {
    /// Only the chat of this local id.
    pub chat_id: Option<String>,
    /// Only messages from then on, in milliseconds UTC.
    pub since: Option<i64>,
}

impl App {
    /// Writes every message as a line of JSON, ordered by chat, time and id, and a last line that says
    /// that all is there. The file appears whole under its name, or not at all. Returns how many
    /// messages were written.
    ///
    /// # Errors
    /// When the file cannot be written or the mirror cannot be read.
    pub async fn export_jsonl(&self, query: ExportQuery, to: &Path) -> Result<u64, Error> {
        let failed = |source| Error::Export {
            path: to.display().to_string(),
            source,
        };
        let beside = beside(to);
        let file = File::create(&beside).map_err(failed)?;
        let written = async {
            let written = self.write_jsonl(query, BufWriter::new(file)).await;
            let (count, file) = written.map_err(|error| match error {
                Error::Mirror(mirror::Error::Sink(source)) => failed(source),
                other => other,
            })?;
            let file = file
                .into_inner()
                .map_err(|error| failed(error.into_error()))?;
            file.sync_all()
                .and_then(|()| fs::rename(&beside, to))
                .map_err(failed)?;
            Ok(count)
        }
        .await;
        if written.is_err() {
            // Half an export under any name would be taken for a whole one some day.
            _ = fs::remove_file(&beside);
        }
        written
    }

    /// The same into anything that can be written to; gives it back.
    ///
    /// # Errors
    /// When it cannot be written, or the mirror cannot be read.
    pub async fn write_jsonl<W>(&self, query: ExportQuery, to: W) -> Result<(u64, W), Error>
    where
        W: Write + Send + 'static,
    {
        let query = mirror::ExportQuery {
            chat: query.chat_id.as_deref().map(read_chat).transpose()?,
            since: query.since,
            ..mirror::ExportQuery::default()
        };
        let out = Arc::new(Mutex::new(Some(to)));
        let sink = Arc::clone(&out);
        let messages = self
            .mirror
            .export(query, move |exported| {
                match &mut *sink.lock().unwrap_or_else(PoisonError::into_inner) {
                    Some(out) => write_line(out, &Line::new(exported)),
                    None => Err(io::ErrorKind::BrokenPipe.into()),
                }
            })
            .await?;
        let taken = out.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut out = taken.ok_or_else(|| mirror::Error::Sink(io::ErrorKind::BrokenPipe.into()))?;
        write_line(
            &mut out,
            &Trailer {
                complete: true,
                messages,
            },
        )
        .and_then(|()| out.flush())
        .map_err(mirror::Error::Sink)?;
        Ok((messages, out))
    }
}

/// A name in the same folder, so that the rename stays on one disk.
fn beside(to: &Path) -> PathBuf {
    let mut name = to.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    to.with_file_name(name)
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
    fn new(exported: Exported<'a>) -> Self {
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
