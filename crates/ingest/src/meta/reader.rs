//! From the first chat of a download to the last.

use std::collections::{HashMap, HashSet};

use serde_json::json;
use threadkeep_protocol::{
    ContactRecord, MediaRecord, MessageKind, MessageRecord, Metadata, ParticipantRecord, Record,
    SyncSource,
};

use super::{
    Platform,
    message::{self, Said, address},
    mojibake, person,
    thread::{self, Head, Shape, Thread},
};
use crate::{
    Decision, Entry, Input, InputError, Options, ReadError, Receive,
    files::{Files, beside},
    json::{self, stream::Stream},
    receive::{Progress, go_on},
};

/// Whether an input holds chats of a platform; pages count too, so that a person learns why they are not read.
pub(crate) fn recognise(input: &Input, platform: Platform) -> Result<bool, InputError> {
    Ok(thread::are_pages(input, platform) || !thread::find(input, Some(platform))?.is_empty())
}

/// Reads all chats of a platform.
pub(crate) fn read(
    input: &Input,
    platform: Platform,
    options: &Options,
    receiver: &mut dyn Receive,
) -> Result<(), ReadError> {
    let mut threads = thread::find(input, Some(platform))?;
    if threads.is_empty() && thread::are_pages(input, platform) {
        return Err(ReadError::Pages(platform.title()));
    }
    if threads.is_empty() {
        // The person says of which platform they are, and knows better.
        threads = thread::find(input, None)?;
    }
    let mut heads = Vec::new();
    for thread in &threads {
        heads.extend(thread::head(input, thread)?);
    }
    thread::distinguish(&mut heads);
    let me = match &options.me {
        Some(me) => Some(me.clone()),
        None => person::find(input, &heads)?,
    };
    if let Some(me) = &me {
        receiver.decided(Decision::Me(me.clone()));
    }
    let files = threads.iter().flat_map(|thread| &thread.files);
    let mut reader = Reader {
        input,
        progress: Progress::of(files.map(|entry| entry.bytes).sum()),
        files: Files::new(input, options),
        receiver,
        me,
        place: 0,
        known: HashSet::new(),
    };
    for (thread, head) in threads.iter().zip(&heads) {
        reader.chat(thread, head)?;
    }
    Ok(())
}

/// The longest path of a file that is looked for, and the most parts that are left off it.
const MAX_PATH: usize = 1_024;
const MAX_PARTS: usize = 12;

struct Reader<'a> {
    input: &'a Input,
    files: Files<'a>,
    receiver: &'a mut dyn Receive,
    /// The person's name.
    me: Option<String>,
    place: u64,
    progress: Progress,
    /// Who has been told of.
    known: HashSet<String>,
}

impl Reader<'_> {
    fn chat(&mut self, thread: &Thread, head: &Head) -> Result<(), ReadError> {
        self.hand_on(Record::Conversation(head.record()))?;
        for name in &head.participants {
            self.participant(head, name)?;
        }
        let mut counts = HashMap::new();
        for entry in &thread.files {
            self.file(thread.shape, head, entry, &mut counts)?;
            self.progress.end(entry.bytes, self.receiver)?;
        }
        Ok(())
    }

    fn participant(&mut self, head: &Head, name: &str) -> Result<(), ReadError> {
        if self.me.as_deref() == Some(name) {
            return Ok(());
        }
        if self.known.insert(name.to_owned()) {
            self.hand_on(Record::Contact(ContactRecord {
                external_contact_id: address(name),
                display_name: Some(name.to_owned()),
                ..ContactRecord::default()
            }))?;
        }
        if !head.is_group {
            return Ok(());
        }
        self.hand_on(Record::Participant(ParticipantRecord {
            external_conversation_id: head.id.clone(),
            external_participant_id: address(name),
            ..ParticipantRecord::default()
        }))
    }

    fn file(
        &mut self,
        shape: Shape,
        head: &Head,
        entry: &Entry,
        counts: &mut HashMap<i64, u32>,
    ) -> Result<(), ReadError> {
        let mut stream = Stream::new(self.input.read(entry)?);
        macro_rules! on {
            ($step:expr) => {
                $step.map_err(|error| error.of(entry))?
            };
        }
        on!(stream.enter());
        while let Some(key) = on!(stream.next_key()) {
            if key != "messages" || on!(stream.kind()) != json::stream::Kind::Array {
                on!(stream.skip());
                continue;
            }
            on!(stream.enter());
            while on!(stream.next_element()) {
                let parsed = json::parse(on!(stream.take()));
                let said = parsed.and_then(|mut message| {
                    if shape == Shape::Usual {
                        mojibake::repair(&mut message);
                    }
                    message::read(&message, shape, self.me.as_deref())
                        .map_err(|reason| format!("a message was left out: {reason}"))
                });
                match said {
                    Ok(said) => self.said(said, head, entry, counts)?,
                    Err(reason) => self.receiver.error(self.place, reason),
                }
                self.place += 1;
                self.progress.at(stream.position(), self.receiver)?;
            }
        }
        on!(stream.finish());
        Ok(())
    }

    fn hand_on(&mut self, record: Record) -> Result<(), ReadError> {
        go_on(self.receiver.record(self.place, record))
    }

    /// Hands a message on, and one more for each further file.
    fn said(
        &mut self,
        mut said: Said,
        head: &Head,
        entry: &Entry,
        counts: &mut HashMap<i64, u32>,
    ) -> Result<(), ReadError> {
        if let Some(unknown) = &said.unknown {
            self.receiver.unknown(unknown);
        }
        let count = counts.entry(said.at).or_default();
        let id = match count {
            0 => said.at.to_string(),
            ref count => format!("{}.{count}", said.at),
        };
        *count += 1;
        let files = std::mem::take(&mut said.files);
        let mut record = self.record(said, head, id.clone());
        let mut files = files.iter();
        if let Some(file) = files.next() {
            self.attach(file, entry, &mut record);
        }
        let further = MessageRecord {
            content: String::new(),
            reactions: Vec::new(),
            ..record.clone()
        };
        self.hand_on(Record::Message(Box::new(record)))?;
        for (number, file) in files.enumerate() {
            let mut record = MessageRecord {
                external_message_id: format!("{id}/{}", number + 1),
                message_type: file.kind,
                platform_metadata: None,
                ..further.clone()
            };
            self.attach(file, entry, &mut record);
            self.hand_on(Record::Message(Box::new(record)))?;
        }
        Ok(())
    }

    fn record(&self, said: Said, head: &Head, id: String) -> MessageRecord {
        let timestamp = said.time();
        let is_from_me = said.sender.is_some() && said.sender == self.me;
        let sender = said.sender.filter(|_| !is_from_me);
        MessageRecord {
            external_conversation_id: head.id.clone(),
            external_message_id: id,
            sender_external_id: sender.as_deref().map(address),
            sender_display_name: sender,
            message_type: said.kind,
            content: said.text,
            timestamp,
            is_from_me,
            is_forwarded: None,
            is_starred: None,
            is_deleted: said.is_deleted.then_some(true),
            deleted_at: None,
            edited_at: None,
            edits: Vec::new(),
            reply_to_external_id: None,
            reply_to_preview: None,
            delivery_status: None,
            reactions: said.reactions,
            receipts: Vec::new(),
            media: None,
            sync_source: SyncSource::Import,
            is_loose: false,
            platform_metadata: (!said.metadata.is_empty()).then_some(said.metadata),
        }
    }

    fn attach(&mut self, file: &message::File, entry: &Entry, record: &mut MessageRecord) {
        let name = file.uri.rsplit('/').next().unwrap_or(&file.uri);
        let mut media = MediaRecord {
            media_type: file.kind.name().to_owned(),
            file_name: (file.kind == MessageKind::Document).then(|| name.to_owned()),
            ..MediaRecord::default()
        };
        match self.find(&file.uri, &entry.path) {
            Some(index) => {
                if let Err(error) = self.files.attach(index, &mut media, self.receiver) {
                    let reason = format!("a file was left out: {error}");
                    self.receiver.error(self.place, reason);
                }
            }
            None => {
                media.platform_metadata =
                    Some(Metadata::from_iter([("uri".to_owned(), json!(file.uri))]));
            }
        }
        if file.is_gif {
            let metadata = record.platform_metadata.get_or_insert_default();
            metadata.insert("gif".to_owned(), json!(true));
        }
        record.media = Some(media);
    }

    /// The entry that a path of a message names: it is written from where the whole download begins, which may lie
    /// above or below where the input does.
    fn find(&self, uri: &str, entry: &str) -> Option<usize> {
        let tails = std::iter::successors(Some(uri), |tail| Some(tail.split_once('/')?.1));
        // A file's name alone could be anybody's; and no path is deeper, unless somebody wants to keep us busy.
        let tails = tails.filter(|tail| *tail == uri || tail.contains('/'));
        for tail in tails.take(MAX_PARTS).filter(|tail| tail.len() <= MAX_PATH) {
            let mut below = entry;
            loop {
                if let Some(found) = self.files.find(&beside(below, tail)) {
                    return Some(found);
                }
                match below.rsplit_once('/') {
                    Some((above, _)) => below = above,
                    None => break,
                }
            }
        }
        None
    }
}
