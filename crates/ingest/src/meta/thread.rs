//! The chats of a download, before their messages.

use std::{
    cell::LazyCell,
    collections::{BTreeMap, HashMap},
};

use serde_json::{Map, Value, json};
use threadkeep_protocol::{ConversationKind, ConversationRecord, Metadata};

use super::{Platform, mojibake};
use crate::{
    Entry, Input, InputError, ReadError, json,
    json::{
        stream::Stream,
        value::{flag, list, text},
    },
};

/// How much of a file is looked at to tell what it is.
const HEAD: u64 = 16 * 1024;

/// How the files of a chat are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `sender_name`, `timestamp_ms`: texts are to be repaired.
    Usual,
    /// `senderName`, `timestamp`: of an end-to-end encrypted chat.
    Encrypted,
}

/// A chat and its files, the newest messages first.
#[derive(Debug, Clone)]
pub(super) struct Thread {
    pub(super) shape: Shape,
    pub(super) files: Vec<Entry>,
}

/// The chats among the entries of an input, of a platform or of any.
pub(super) fn find(input: &Input, wanted: Option<Platform>) -> Result<Vec<Thread>, InputError> {
    // Told once for all chats: there may be thousands of them, and of other files a hundred times as many.
    let followers = LazyCell::new(|| has_followers(input));
    let is_wanted = |entry: &Entry, head: &[u8]| {
        wanted.is_none_or(|platform| place(input, entry, head, &followers) == platform)
    };
    let mut folders: BTreeMap<&str, Vec<(u32, &Entry)>> = BTreeMap::new();
    let mut found = Vec::new();
    for entry in input.entries() {
        let (folder, name) = entry.path.rsplit_once('/').unwrap_or(("", &entry.path));
        match number(name) {
            Some(number) => folders.entry(folder).or_default().push((number, entry)),
            None if input.is_file() || may_be_encrypted(folder, name) => {
                let head = input.head(entry, HEAD)?;
                if let Some(shape) = shape(&head)
                    && is_wanted(entry, &head)
                {
                    let files = vec![entry.clone()];
                    found.push(Thread { shape, files });
                }
            }
            None => {}
        }
    }
    for mut files in folders.into_values() {
        files.sort_by_key(|(number, _)| *number);
        let Some((_, newest)) = files.first() else {
            continue;
        };
        let head = input.head(newest, HEAD)?;
        let Some(shape) = shape(&head) else { continue };
        if is_wanted(newest, &head) {
            let files = files.into_iter().map(|(_, entry)| entry.clone()).collect();
            found.push(Thread { shape, files });
        }
    }
    Ok(found)
}

/// Whether the chats were downloaded as pages.
pub(super) fn are_pages(input: &Input, platform: Platform) -> bool {
    let page =
        |entry: &&Entry| entry.name() == "message_1.html" && entry.path.contains("messages/");
    let pages = input.entries().iter().find(page);
    let followers = LazyCell::new(|| has_followers(input));
    pages.is_some_and(|entry| place(input, entry, b"", &followers) == platform)
}

/// The number of `message_7.json`.
fn number(name: &str) -> Option<u32> {
    let number = name.strip_prefix("message_")?.strip_suffix(".json")?;
    number.parse().ok()
}

/// Encrypted chats lie at the top, or in one folder there.
fn may_be_encrypted(folder: &str, name: &str) -> bool {
    !folder.contains('/') && name.ends_with(".json")
}

fn shape(head: &[u8]) -> Option<Shape> {
    let members = json::leading_members(json::trim(json::without_bom(head)));
    let value = |name: &str| {
        let found = members.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| *value)
    };
    if !value("participants")?.starts_with(b"[") {
        return None;
    }
    if value("threadName").is_some() {
        return Some(Shape::Encrypted);
    }
    let usual = ["messages", "title", "thread_path"];
    usual
        .iter()
        .any(|name| value(name).is_some())
        .then_some(Shape::Usual)
}

/// Which platform a chat is of, by where it lies, by the paths that it names, or by its id.
fn place(
    input: &Input,
    entry: &Entry,
    head: &[u8],
    has_followers: &LazyCell<bool, impl FnOnce() -> bool>,
) -> Platform {
    let says = |text: &str| {
        if text.contains("instagram") {
            Some(Platform::Instagram)
        } else if text.contains("facebook") {
            Some(Platform::Messenger)
        } else {
            None
        }
    };
    let path = entry.path.to_lowercase();
    if let Some(platform) = says(&path) {
        return platform;
    }
    let names = |path: &str| memchr::memmem::find(head, path.as_bytes()).is_some();
    if names("\"your_instagram_activity/") {
        return Platform::Instagram;
    }
    if names("\"your_activity_across_facebook/") || names("\"your_facebook_activity/") {
        return Platform::Messenger;
    }
    let id = chat_id(&entry.path).unwrap_or_default();
    let is_instagram = |id: &str| id.len() == 17 && (id.starts_with("17") || id.starts_with("18"));
    if is_instagram(&id) && id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Platform::Instagram;
    }
    if **has_followers {
        return Platform::Instagram;
    }
    says(&input.path().to_string_lossy().to_lowercase()).unwrap_or(Platform::Messenger)
}

/// Whether the download has what only Instagram's has.
fn has_followers(input: &Input) -> bool {
    let followers = |entry: &Entry| entry.path.contains("followers_and_following/");
    input.entries().iter().any(followers)
}

/// What stays of a chat's folder when the chat is renamed.
fn chat_id(path: &str) -> Option<String> {
    let (folder, _) = path.rsplit_once('/')?;
    let folder = folder.rsplit('/').next()?;
    let id = folder.rsplit('_').next().unwrap_or(folder);
    let is_id = id.len() >= 8 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let id = if is_id && id != folder { id } else { folder };
    Some(id.to_owned())
}

/// What a chat is, from its newest file.
pub(super) struct Head {
    pub(super) id: String,
    pub(super) title: Option<String>,
    pub(super) participants: Vec<String>,
    pub(super) is_group: bool,
    metadata: Metadata,
}

/// Reads what stands around the messages of a chat.
pub(super) fn head(input: &Input, thread: &Thread) -> Result<Option<Head>, ReadError> {
    let Some(entry) = thread.files.first() else {
        return Ok(None);
    };
    let mut stream = Stream::new(input.read(entry)?);
    let mut members = Map::new();
    let read = (|| {
        stream.enter()?;
        while let Some(key) = stream.next_key()? {
            if key == "messages" {
                stream.skip()?;
            } else if let Ok(value) = json::parse(stream.take()?) {
                members.insert(key, value);
            }
        }
        Ok(())
    })();
    read.map_err(|error: json::stream::StreamError| error.of(entry))?;
    let mut head = Value::Object(members);
    if thread.shape == Shape::Usual {
        mojibake::repair(&mut head);
    }
    Ok(Some(Head::new(&head, thread, &entry.path)))
}

impl Head {
    fn new(head: &Value, thread: &Thread, path: &str) -> Self {
        let participants = list(head, "participants").iter();
        let name = |participant: &Value| match participant {
            Value::String(name) => Some(name.clone()),
            participant => text(participant, "name").map(str::to_owned),
        };
        let participants: Vec<String> = participants.filter_map(name).collect();
        let title = text(head, "title")
            .or_else(|| text(head, "threadName").map(without_number))
            .map(str::to_owned);
        let id = match thread.shape {
            Shape::Usual => text(head, "thread_path")
                .and_then(|path| chat_id(&format!("{path}/")))
                .or_else(|| chat_id(path)),
            Shape::Encrypted => None,
        };
        let nameless = || format!("name:{}", title.as_deref().unwrap_or_default());
        let is_group = participants.len() > 2
            || text(head, "thread_type") == Some("RegularGroup")
            || head.get("joinable_mode").is_some();
        let mut metadata = Metadata::new();
        if flag(head, "is_still_participant") == Some(false) && is_group {
            metadata.insert("left".to_owned(), json!(true));
        }
        if thread.shape == Shape::Encrypted {
            metadata.insert("encrypted".to_owned(), json!(true));
        }
        Self {
            id: id.unwrap_or_else(nameless),
            title,
            participants,
            is_group,
            metadata,
        }
    }

    pub(super) fn record(&self) -> ConversationRecord {
        let kind = if self.is_group {
            ConversationKind::Group
        } else {
            ConversationKind::Direct
        };
        ConversationRecord {
            external_conversation_id: self.id.clone(),
            conversation_type: Some(kind),
            name: self.title.clone(),
            platform_metadata: (!self.metadata.is_empty()).then(|| self.metadata.clone()),
            ..ConversationRecord::default()
        }
    }
}

/// A chat's name without the running number that the download gives it.
fn without_number(name: &str) -> &str {
    match name.rsplit_once('_') {
        Some((name, number)) if number.parse::<u64>().is_ok() && !name.is_empty() => name,
        _ => name,
    }
}

/// Tells encrypted chats of one name apart: by the order of the download, which is all that there is.
pub(super) fn distinguish(heads: &mut [Head]) {
    let mut seen: HashMap<String, u32> = HashMap::new();
    for head in heads.iter_mut().filter(|head| head.id.starts_with("name:")) {
        let count = seen.entry(head.id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            head.id = format!("{} ({count})", head.id);
        }
    }
}
