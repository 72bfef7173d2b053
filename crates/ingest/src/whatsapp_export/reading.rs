//! The second reading: messages, one by one, as records.

use std::collections::HashMap;

use jiff::civil::Date;
use serde_json::json;
use sha2::{Digest, Sha256};
use threadkeep_protocol::{
    MediaRecord, MessageKind, MessageRecord, Metadata, Record, SyncSource, loose,
};

use super::{
    attachment::{self, Files, hex},
    body::{self, Body, File},
    clock::Clock,
    date::Order,
    header::{End, Header, Time, Written, header},
    plan::{Naming, Plan},
    sender,
    text::{Line, MAX_BYTES},
};
use crate::{Flow, InputError, Receive};

/// Makes records of lines.
pub(super) struct Reading<'a, 'r> {
    plan: &'a Plan,
    /// The entry of the input that is read.
    path: &'a str,
    files: &'a mut Files<'r>,
    with_content: bool,
    clock: Clock,
    /// The message whose lines still come.
    open: Option<Open>,
    /// The last date, and what it means.
    date: Option<(Written, Date)>,
    minute: (Date, u8, u8, String),
    ordinals: Ordinals,
}

/// A message whose lines still come.
struct Open {
    place: u64,
    end: End,
    date: Date,
    time: Time,
    sender: Option<String>,
    text: String,
    is_cut: bool,
}

impl<'a, 'r> Reading<'a, 'r> {
    pub(super) fn new(
        plan: &'a Plan,
        path: &'a str,
        files: &'a mut Files<'r>,
        clock: Clock,
        with_content: bool,
    ) -> Self {
        Self {
            plan,
            path,
            files,
            with_content,
            clock,
            open: None,
            date: None,
            minute: (Date::ZERO, 0, 0, String::new()),
            ordinals: Ordinals::default(),
        }
    }

    pub(super) fn line(
        &mut self,
        line: &Line<'_>,
        start: u64,
        receiver: &mut dyn Receive,
    ) -> Result<Flow, InputError> {
        let place = start + line.place;
        if line.is_cut {
            receiver.error(place, format!("a line is longer than {MAX_BYTES} bytes, and what came behind them was left out"));
        }
        if line.is_damaged() {
            receiver.error(
                place,
                "it is not UTF-8, and what could not be read was replaced".to_owned(),
            );
        }
        let text = match line.text.strip_suffix('\r') {
            Some(text) if self.plan.has_returns => text,
            _ => &line.text,
        };
        let begun = header(text).and_then(|header| Some((header, self.day(&header)?)));
        if let Some((header, date)) = begun {
            let flow = self.finish(receiver)?;
            self.open = Some(self.begin(place, &header, date));
            return Ok(flow);
        }
        match &mut self.open {
            Some(open) if open.text.len() + text.len() < MAX_BYTES => {
                open.text.push('\n');
                open.text.push_str(text);
            }
            Some(open) if !open.is_cut => {
                open.is_cut = true;
                let place = open.place;
                receiver.error(place, format!("a message is longer than {MAX_BYTES} bytes, and the rest of it was left out"));
            }
            Some(_) => {}
            None if text.trim().is_empty() => {}
            None => receiver.error(place, "it stands before the first message".to_owned()),
        }
        Ok(Flow::Continue(()))
    }

    /// The day of a header, where it begins a message.
    fn day(&mut self, header: &Header<'_>) -> Option<Date> {
        let order: Order = self.plan.order(header)?;
        match self.date {
            Some((written, date)) if written == header.date => Some(date),
            _ => {
                let (date, _) = order.date(&header.date)?;
                self.date = Some((header.date, date));
                Some(date)
            }
        }
    }

    fn begin(&self, place: u64, header: &Header<'_>, date: Date) -> Open {
        let rest = header.rest;
        let (sender, text) = match sender::split(rest) {
            Some((before, behind)) => {
                let name = sender::name(before);
                match self.plan.naming(&name) {
                    _ if name.is_empty() => (None, rest),
                    Some(Naming::None) => (None, rest),
                    Some(Naming::Longer) => {
                        match sender::split_from(rest, rest.len() - behind.len()) {
                            Some((before, behind)) => (Some(sender::name(before)), behind),
                            None => (Some(name), behind),
                        }
                    }
                    None => (Some(name), behind),
                }
            }
            None => match rest.strip_suffix(':').map(sender::name) {
                Some(name) if self.plan.is_person(&name) => (Some(name), ""),
                _ => (None, rest),
            },
        };
        Open {
            place,
            end: header.shape.end,
            date,
            time: header.time,
            sender,
            text: text.to_owned(),
            is_cut: false,
        }
    }

    /// Hands on the message whose lines have come.
    pub(super) fn finish(&mut self, receiver: &mut dyn Receive) -> Result<Flow, InputError> {
        let Some(mut open) = self.open.take() else {
            return Ok(Flow::Continue(()));
        };
        let (files, path) = (&*self.files, self.path);
        let text = std::mem::take(&mut open.text);
        let body = match &open.sender {
            Some(_) => body::read(&text, open.end, |name| files.find(path, name).is_some()),
            None => body::notice(&text),
        };
        if body.is_strange {
            receiver.unknown("a line of WhatsApp's in words that are not known");
        }
        let entry = match body.file {
            File::Named(name) => self.files.find(self.path, name),
            _ => None,
        };
        let mut media = self.media(&body, entry);
        let mut hash = None;
        if let (Some(entry), Some(media), true) = (entry, &mut media, self.with_content) {
            let sha256 = self.files.hash(entry)?;
            media.sha256 = Some(sha256.clone());
            hash = Some((sha256, entry));
        }
        let place = open.place;
        let record = self.record(open, body, media);
        let flow = receiver.record(place, Record::Message(Box::new(record)));
        if let Some((sha256, entry)) = hash {
            receiver.content(&sha256, entry);
        }
        Ok(flow)
    }

    fn media(&self, body: &Body<'_>, entry: Option<usize>) -> Option<MediaRecord> {
        let media_type = match body.kind {
            MessageKind::Contact => MessageKind::Document.name(),
            kind => kind.name(),
        };
        match body.file {
            File::None => None,
            // Which kind of file it was, nobody says.
            File::Omitted if body.kind == MessageKind::Unknown => None,
            File::Omitted => Some(MediaRecord {
                media_type: media_type.to_owned(),
                ..MediaRecord::default()
            }),
            File::Named(name) => Some(MediaRecord {
                media_type: media_type.to_owned(),
                mime_type: attachment::kind(name).1.map(str::to_owned),
                // Other sources know the file by this name, if by any.
                file_name: attachment::own_name(name).map(str::to_owned),
                platform_metadata: attachment::own_name(name)
                    .is_none_or(|own| own != name)
                    .then(|| Metadata::from_iter([("exported_as".to_owned(), json!(name))])),
                file_size: entry.and_then(|entry| i64::try_from(self.files.bytes(entry)).ok()),
                ..MediaRecord::default()
            }),
        }
    }

    fn record(&mut self, open: Open, body: Body<'_>, media: Option<MediaRecord>) -> MessageRecord {
        let is_line = body.kind == MessageKind::System;
        let is_from_me = !is_line && open.sender.is_some() && open.sender == self.plan.me;
        let chat = &self.plan.chat;
        let sender = open.sender.filter(|name| !is_line || *name != chat.name);
        let address =
            sender
                .as_deref()
                .filter(|_| !is_from_me)
                .and_then(|name| match &chat.partner {
                    Some((partner, address)) if partner == name => Some(address.clone()),
                    _ => sender::address(name),
                });
        let who = if is_from_me {
            "me"
        } else {
            sender.as_deref().unwrap_or_default()
        };
        let id = self.id(who, open.date, open.time, &body);
        let mut metadata = body.metadata;
        if body.is_edited {
            metadata.insert("edited".to_owned(), json!(true));
        }
        if body.file == File::Omitted {
            metadata.insert("omitted".to_owned(), json!(true));
        }
        MessageRecord {
            external_conversation_id: chat.id.clone(),
            external_message_id: id,
            sender_external_id: address,
            sender_display_name: sender.filter(|_| !is_from_me),
            message_type: body.kind,
            content: body.text,
            timestamp: self.clock.moment(open.date, open.time),
            is_from_me,
            is_forwarded: None,
            is_starred: None,
            is_deleted: body.is_deleted.then_some(true),
            deleted_at: None,
            edited_at: None,
            edits: Vec::new(),
            reply_to_external_id: None,
            reply_to_preview: None,
            delivery_status: None,
            reactions: Vec::new(),
            receipts: Vec::new(),
            media,
            sync_source: SyncSource::Import,
            is_loose: true,
            platform_metadata: Some(metadata).filter(|metadata: &Metadata| !metadata.is_empty()),
        }
    }

    /// The id of a message: who, when and what, and its place among those that are the same in all of it.
    ///
    /// An export with files and one without differ in what stands for a file, so only that there is one counts.
    fn id(&mut self, who: &str, date: Date, time: Time, body: &Body<'_>) -> String {
        if (self.minute.0, self.minute.1, self.minute.2) != (date, time.hour, time.minute)
            || self.minute.3.is_empty()
        {
            let shown = date.at(time.hour as i8, time.minute as i8, 0, 0);
            self.minute = (date, time.hour, time.minute, loose::local_minute(shown));
        }
        let mut digest = Sha256::new();
        digest.update(loose::name(who));
        digest.update([0]);
        digest.update(&self.minute.3);
        digest.update([0, u8::from(body.file != File::None)]);
        digest.update(loose::text(&body.text));
        let digest = digest.finalize();
        let same: [u8; 16] = digest[..16].try_into().unwrap_or_default();
        let ordinal = self.ordinals.next(same);
        let hash = hex(&same);
        if ordinal == 0 {
            format!("{}{hash}", loose::MESSAGE_PREFIX)
        } else {
            format!("{}{hash}:{ordinal}", loose::MESSAGE_PREFIX)
        }
    }
}

/// How many messages were the same before, among the last ones.
///
/// A text that is not in the order of time comes back to a minute soon, if at all; what says the same in the same minute
/// thousands of messages later was put there twice, and is one message.
#[derive(Default)]
struct Ordinals {
    young: HashMap<[u8; 16], u32>,
    old: HashMap<[u8; 16], u32>,
}

impl Ordinals {
    const MANY: usize = 4_096;

    fn next(&mut self, same: [u8; 16]) -> u32 {
        if self.young.len() >= Self::MANY {
            self.old = std::mem::take(&mut self.young);
        }
        let known = self
            .young
            .get(&same)
            .or_else(|| self.old.get(&same))
            .copied();
        let ordinal = known.map_or(0, |last| last + 1);
        self.young.insert(same, ordinal);
        ordinal
    }
}
