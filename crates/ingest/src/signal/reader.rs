//! From the first line of an export to its last.

use std::{
    collections::HashMap,
    io::{BufReader, Read},
};

use serde_json::Value;
use threadkeep_protocol::{Edit, MessageRecord, Record};

use super::{
    body,
    file::File,
    item::{self, Told},
    people::People,
};
use crate::{
    Entry, Input, InputError, Options, ReadError, Receive,
    files::Files,
    json,
    lines::Lines,
    receive::{Progress, go_on},
};

/// The longest text that is read from a file of its own: Signal sends none over 64 KiB.
const MAX_TEXT: u64 = 256 * 1024;

/// Reads exports, one behind the other.
pub(super) fn read(
    input: &Input,
    exports: &[&Entry],
    options: &Options,
    receiver: &mut dyn Receive,
) -> Result<(), ReadError> {
    let mut progress = Progress::of(exports.iter().map(|entry| entry.bytes).sum());
    for entry in exports {
        let mut export = Export {
            input,
            files: Files::new(input, options),
            by_name: by_name(input),
            people: People::default(),
            receiver: &mut *receiver,
            place: 0,
        };
        let mut lines = Lines::new(BufReader::with_capacity(256 * 1024, input.read(entry)?));
        let failed = |source| InputError::read(&entry.path, source);
        while let Some((place, line)) = lines.next().map_err(failed)? {
            export.place = place as u64;
            match json::parse(line) {
                Ok(frame) => export.frame(&frame)?,
                Err(reason) => export.error(reason),
            }
            progress.at(lines.at(), export.receiver)?;
        }
        for member in export.people.take_members() {
            export.hand_on(Record::Participant(member))?;
        }
        progress.end(entry.bytes, export.receiver)?;
    }
    Ok(())
}

/// The attachments by their names without endings, which are told nowhere.
fn by_name(input: &Input) -> HashMap<&str, usize> {
    let entries = input.entries().iter().enumerate();
    let named = entries.filter_map(|(index, entry)| {
        let name = entry.name().split('.').next()?;
        let is_digest = name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_digest.then_some((name, index))
    });
    named.collect()
}

struct Export<'a> {
    input: &'a Input,
    files: Files<'a>,
    by_name: HashMap<&'a str, usize>,
    people: People,
    receiver: &'a mut dyn Receive,
    place: u64,
}

impl Export<'_> {
    fn hand_on(&mut self, record: Record) -> Result<(), ReadError> {
        go_on(self.receiver.record(self.place, record))
    }

    fn error(&mut self, reason: impl Into<String>) {
        self.receiver.error(self.place, reason.into());
    }

    fn frame(&mut self, frame: &Value) -> Result<(), ReadError> {
        let mut members = frame.as_object().into_iter().flatten();
        let Some((name, part)) = members.next() else {
            self.receiver.skip();
            return Ok(());
        };
        match name.as_str() {
            "recipient" => match self.people.recipient(part) {
                Ok(Some(contact)) => return self.hand_on(Record::Contact(contact)),
                Ok(None) => {}
                Err(reason) => self.error(format!("a recipient was left out: {reason}")),
            },
            "chat" => match self.people.chat(part) {
                Ok(chat) => return self.hand_on(Record::Conversation(chat)),
                Err(reason) => self.error(format!("a chat was left out: {reason}")),
            },
            "chatItem" => return self.item(part),
            // Settings, stickers, calls by link: nothing of the history.
            _ => self.receiver.skip(),
        }
        Ok(())
    }

    fn item(&mut self, item: &Value) -> Result<(), ReadError> {
        let whole = body::long_text(item).and_then(|file| self.long_text(&file));
        match item::read(item, whole.as_deref(), &self.people) {
            Ok(told) => self.told(told),
            Err(reason) => {
                self.error(format!("a message was left out: {reason}"));
                Ok(())
            }
        }
    }

    /// The text that a file holds; the beginning of it, which the message has, must do where it is not there.
    fn long_text(&self, file: &File) -> Option<String> {
        let index = *self.by_name.get(file.name.as_deref()?)?;
        let entry = &self.input.entries()[index];
        let mut text = String::new();
        let bytes = self.input.read(entry).ok()?;
        bytes.take(MAX_TEXT).read_to_string(&mut text).ok()?;
        Some(text)
    }

    /// Hands a message on, and one more for each further file.
    fn told(&mut self, told: Told) -> Result<(), ReadError> {
        if let Some(unknown) = told.unknown {
            self.receiver.unknown(&unknown);
        }
        let (mut record, mut files) = (told.record, told.files.into_iter());
        let edit = record.edited_at.map(|at| Edit {
            external_conversation_id: record.external_conversation_id.clone(),
            external_message_id: record.external_message_id.clone(),
            content: record.content.clone(),
            at,
        });
        let further = (files.len() > 1).then(|| MessageRecord {
            content: String::new(),
            edited_at: None,
            edits: Vec::new(),
            reactions: Vec::new(),
            reply_to_external_id: None,
            reply_to_preview: None,
            platform_metadata: None,
            ..record.clone()
        });
        if let Some(file) = files.next() {
            self.attach(file, &mut record);
        }
        self.hand_on(Record::Message(Box::new(record)))?;
        if let Some(edit) = edit {
            self.hand_on(Record::Edit(edit))?;
        }
        let Some(further) = further else {
            return Ok(());
        };
        for (number, file) in files.enumerate() {
            let mut record = MessageRecord {
                external_message_id: format!("{}/{}", further.external_message_id, number + 1),
                message_type: file.kind,
                ..further.clone()
            };
            self.attach(file, &mut record);
            self.hand_on(Record::Message(Box::new(record)))?;
        }
        Ok(())
    }

    fn attach(&mut self, file: File, record: &mut MessageRecord) {
        let mut media = file.media;
        let index = file.name.as_deref().and_then(|name| self.by_name.get(name));
        if let Some(index) = index
            && let Err(error) = self.files.attach(*index, &mut media, self.receiver)
        {
            self.error(format!("a file was left out: {error}"));
        }
        if file.is_gif {
            let metadata = record.platform_metadata.get_or_insert_default();
            metadata.insert("gif".to_owned(), Value::Bool(true));
        }
        record.media = Some(media);
    }
}
