//! The files that messages announce, among the entries of the input.

use std::{
    collections::HashMap,
    io::{self, Read},
};

use sha2::{Digest, Sha256};
use threadkeep_protocol::MessageKind;

use super::words;
use crate::{Input, InputError};

/// The entries of an input by their names.
pub(super) struct Files<'a> {
    input: &'a Input,
    /// By folder and name; in folders of several exports names repeat.
    entries: HashMap<&'a str, usize>,
    hashes: HashMap<usize, String>,
}

impl<'a> Files<'a> {
    pub(super) fn new(input: &'a Input) -> Self {
        let entries = input.entries().iter().enumerate();
        Self {
            input,
            entries: entries
                .map(|(index, entry)| (entry.path.as_str(), index))
                .collect(),
            hashes: HashMap::new(),
        }
    }

    /// The entry of a name beside another one.
    pub(super) fn find(&self, beside: &str, name: &str) -> Option<usize> {
        if self.entries.len() < 2 {
            return None;
        }
        let folder = beside.rfind('/').map_or("", |end| &beside[..=end]);
        let path = format!("{folder}{name}");
        self.entries.get(path.as_str()).copied()
    }

    pub(super) fn bytes(&self, entry: usize) -> u64 {
        self.input.entries()[entry].bytes
    }

    /// SHA-256 in lower-case hex.
    pub(super) fn hash(&mut self, entry: usize) -> Result<String, InputError> {
        if let Some(hash) = self.hashes.get(&entry) {
            return Ok(hash.clone());
        }
        let file = &self.input.entries()[entry];
        let mut bytes = self.input.read(file)?;
        let mut digest = Sha256::new();
        let mut block = vec![0; 64 * 1024];
        loop {
            match bytes.read(&mut block) {
                Ok(0) => break,
                Ok(count) => digest.update(&block[..count]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(InputError::read(&file.path, error)),
            }
        }
        let hash = hex(&digest.finalize());
        self.hashes.insert(entry, hash.clone());
        Ok(hash)
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        _ = write!(text, "{byte:02x}");
    }
    text
}

/// A file that a message announces.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Announced<'a> {
    pub(super) file: &'a str,
    /// What else the message says.
    pub(super) caption: String,
}

/// The file that a message announces, on an iPhone or on Android.
pub(super) fn announced<'a>(
    body: &'a str,
    is_there: impl Fn(&str) -> bool,
) -> Option<Announced<'a>> {
    in_brackets(body, &is_there).or_else(|| on_a_line(body, &is_there))
}

/// `<attached: 00000035-PHOTO-2022-03-27-21-41-55.jpg>`, with a caption before or behind.
fn in_brackets<'a>(body: &'a str, is_there: &impl Fn(&str) -> bool) -> Option<Announced<'a>> {
    let start = memchr::memrchr(b'<', body.as_bytes())?;
    let (inside, behind) = body[start + 1..].split_once('>')?;
    let (word, file) = inside.split_once([':', '：'])?;
    let file = file.trim();
    let is_ours = words::is_attached(word) || is_numbered(file) || is_there(file);
    if file.is_empty() || file.contains(['\n', '/']) || !is_ours {
        return None;
    }
    let before = plain(&body[..start]);
    // A document comes as its name, its pages and itself.
    let before = if before.contains('•') || file.ends_with(&before) {
        String::new()
    } else {
        before
    };
    let behind = plain(behind);
    let gap = if before.is_empty() || behind.is_empty() {
        ""
    } else {
        "\n"
    };
    Some(Announced {
        file,
        caption: format!("{before}{gap}{behind}"),
    })
}

/// `IMG-20220318-WA0001.jpg (file attached)`, with a caption on the lines below.
fn on_a_line<'a>(body: &'a str, is_there: &impl Fn(&str) -> bool) -> Option<Announced<'a>> {
    let (line, caption) = body.split_once('\n').unwrap_or((body, ""));
    // Words that nobody knows yet still are words in round brackets behind a file's name.
    let unknown = || {
        let (file, word) = line.trim_end().strip_suffix(')')?.rsplit_once(" (")?;
        let is_ours = is_dated(without_mark(file)) || is_there(without_mark(file));
        (is_ours && !word.is_empty()).then_some(file)
    };
    if line.len() > 512 || !line.contains('.') {
        return None;
    }
    let file = without_mark(words::attached_after(line).or_else(unknown)?);
    if file.is_empty() || file.contains('/') || !file.contains('.') {
        return None;
    }
    Some(Announced {
        file,
        caption: caption.to_owned(),
    })
}

fn without_mark(text: &str) -> &str {
    text.trim_start_matches(super::cursor::is_mark)
}

fn plain(text: &str) -> String {
    text.trim_matches(|c: char| super::cursor::is_mark(c) || c.is_whitespace())
        .to_owned()
}

/// `00000035-…`, as an iPhone numbers the files of an export.
fn is_numbered(file: &str) -> bool {
    let (number, rest) = file.split_once('-').unwrap_or_default();
    number.len() >= 5 && number.bytes().all(|b| b.is_ascii_digit()) && !rest.is_empty()
}

/// The name that a file had before it was exported: an iPhone numbers all, and gives those a name that have none.
pub(super) fn own_name(file: &str) -> Option<&str> {
    if !is_numbered(file) {
        return Some(file);
    }
    let (_, name) = file.split_once('-')?;
    let is_given = ["PHOTO-", "VIDEO-", "AUDIO-", "STICKER-", "GIF-"];
    (!is_given.iter().any(|kind| name.starts_with(kind))).then_some(name)
}

/// `IMG-20220318-WA0001.jpg`, as Android names what it gets.
fn is_dated(file: &str) -> bool {
    let mut parts = file.split('-');
    let (Some(kind), Some(day), Some(number)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    kind.len() == 3 && day.len() == 8 && number.starts_with("WA") && file.contains('.')
}

/// What a file is, by the names that WhatsApp gives; the type of its content where the end of its name tells.
pub(super) fn kind(file: &str) -> (MessageKind, Option<&'static str>) {
    let lower = file.to_ascii_lowercase();
    let (_, extension) = lower.rsplit_once('.').unwrap_or_default();
    let mime = mime(extension);
    let has = |word: &str| lower.contains(word);
    let kind = match extension {
        "vcf" => MessageKind::Contact,
        "webp" if has("stk-") || has("sticker") || !has("img-") => MessageKind::Sticker,
        "opus" => MessageKind::Voice,
        _ if has("ptt-") => MessageKind::Voice,
        // Documents of any kind are named so, pictures among them.
        _ if lower.starts_with("doc-") => MessageKind::Document,
        _ => match mime.and_then(|mime| mime.split_once('/')) {
            Some(("image", _)) => MessageKind::Image,
            Some(("video", _)) => MessageKind::Video,
            Some(("audio", _)) => MessageKind::Audio,
            _ => MessageKind::Document,
        },
    };
    (kind, mime)
}

fn mime(extension: &str) -> Option<&'static str> {
    Some(match extension {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "heic" => "image/heic",
        "mp4" => "video/mp4",
        "mov" => "video/quicktime",
        "3gp" => "video/3gpp",
        "mkv" => "video/x-matroska",
        "opus" | "ogg" => "audio/ogg",
        "m4a" => "audio/mp4",
        "mp3" => "audio/mpeg",
        "aac" => "audio/aac",
        "amr" => "audio/amr",
        "wav" => "audio/wav",
        "pdf" => "application/pdf",
        "vcf" => "text/vcard",
        "txt" => "text/plain",
        "zip" => "application/zip",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls" => "application/vnd.ms-excel",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ppt" => "application/vnd.ms-powerpoint",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        _ => return None,
    })
}
