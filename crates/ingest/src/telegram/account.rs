//! From the beginning of an export to its end.

use std::io::Read;

use serde_json::{Map, Value};
use threadkeep_protocol::{Edit, Record};

use super::{
    chat::{self, Chat},
    message::{self, Around, Told},
    text,
};
use crate::{
    Decision, Entry, Input, Options, ReadError, Receive,
    files::{Files, beside},
    json::{
        self,
        stream::{Kind, Stream, StreamError},
        value::number,
    },
    receive::{Progress, go_on},
};

/// Reads exports, one behind the other.
pub(super) fn read(
    input: &Input,
    exports: &[Entry],
    options: &Options,
    receiver: &mut dyn Receive,
) -> Result<(), ReadError> {
    let mut reader = Reader {
        files: Files::new(input, options),
        options,
        receiver,
        me: None,
        place: 0,
        progress: Progress::of(exports.iter().map(|entry| entry.bytes).sum()),
        has_told_zone: false,
    };
    for entry in exports {
        let stream = Stream::new(input.read(entry)?);
        Export {
            reader: &mut reader,
            entry,
            stream,
        }
        .whole()?;
        reader.progress.end(entry.bytes, reader.receiver)?;
    }
    Ok(())
}

struct Reader<'a> {
    files: Files<'a>,
    options: &'a Options,
    receiver: &'a mut dyn Receive,
    /// The person's own address.
    me: Option<String>,
    place: u64,
    progress: Progress,
    has_told_zone: bool,
}

impl Reader<'_> {
    fn hand_on(&mut self, record: Record) -> Result<(), ReadError> {
        go_on(self.receiver.record(self.place, record))
    }

    fn hand_on_message(&mut self, told: Told, entry: &Entry) -> Result<(), ReadError> {
        if told.is_local && !self.has_told_zone {
            self.has_told_zone = true;
            let zone = self.options.zone.iana_name().unwrap_or("UTC");
            self.receiver.decided(Decision::Zone(zone.to_owned()));
        }
        if let (Some(mine), None) = (told.mine, &self.me) {
            self.me = Some(mine.id);
            if let Some(name) = mine.name {
                self.receiver.decided(Decision::Me(name));
            }
        }
        if let Some(unknown) = told.unknown {
            self.receiver.unknown(&unknown);
        }
        let mut record = told.record;
        if let (Some(path), Some(media)) = (told.file, &mut record.media)
            && let Some(file) = self.files.find(&beside(&entry.path, &path))
            && let Err(error) = self.files.attach(file, media, self.receiver)
        {
            let reason = format!("a file was left out: {error}");
            self.receiver.error(self.place, reason);
        }
        let edit = record.edited_at.map(|at| Edit {
            external_conversation_id: record.external_conversation_id.clone(),
            external_message_id: record.external_message_id.clone(),
            content: record.content.clone(),
            at,
        });
        self.hand_on(Record::Message(Box::new(record)))?;
        edit.map_or(Ok(()), |edit| self.hand_on(Record::Edit(edit)))
    }
}

/// One `result.json`.
struct Export<'a, 'b, R> {
    reader: &'a mut Reader<'b>,
    entry: &'a Entry,
    stream: Stream<R>,
}

impl<R: Read> Export<'_, '_, R> {
    fn whole(mut self) -> Result<(), ReadError> {
        self.on(Stream::enter)?;
        let mut head = Map::new();
        while let Some(key) = self.on(Stream::next_key)? {
            match key.as_str() {
                "messages" => self.messages(&mut head, false)?,
                "personal_information" => {
                    if let Some(person) = self.value()? {
                        self.person(&person)?;
                    }
                }
                "contacts" => self.list(Self::contact)?,
                "chats" => self.list(|export| export.chat(false))?,
                "left_chats" => self.list(|export| export.chat(true))?,
                _ => self.head(key, &mut head)?,
            }
        }
        self.on(Stream::finish)
    }

    /// Does a step of the stream.
    fn on<T>(
        &mut self,
        step: impl FnOnce(&mut Stream<R>) -> Result<T, StreamError>,
    ) -> Result<T, ReadError> {
        step(&mut self.stream).map_err(|error| error.of(self.entry))
    }

    /// The next value; `None` where it cannot be read, which has been told.
    fn value(&mut self) -> Result<Option<Value>, ReadError> {
        let part = self.stream.take().map_err(|error| error.of(self.entry))?;
        match json::parse(&text::valid(part)) {
            Ok(value) => Ok(Some(value)),
            Err(reason) => {
                self.reader.receiver.error(self.reader.place, reason);
                Ok(None)
            }
        }
    }

    /// A member that may be one of the few which say what a chat is; anything larger is bookkeeping.
    fn head(&mut self, key: String, head: &mut Map<String, Value>) -> Result<(), ReadError> {
        if self.on(Stream::kind)? != Kind::Other {
            self.reader.receiver.skip();
            return self.on(Stream::skip);
        }
        if let Some(value) = self.value()? {
            head.insert(key, value);
        }
        Ok(())
    }

    fn person(&mut self, person: &Value) -> Result<(), ReadError> {
        let Some(id) = number(person, "user_id") else {
            return Ok(());
        };
        self.reader.me = Some(format!("user{id}"));
        match chat::contact(person) {
            Some(contact) => self.reader.hand_on(Record::Contact(contact)),
            None => Ok(()),
        }
    }

    /// `{"about": …, "list": […]}`; earlier versions wrote the list alone.
    fn list(
        &mut self,
        mut each: impl FnMut(&mut Self) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        match self.on(Stream::kind)? {
            Kind::Object => {
                self.on(Stream::enter)?;
                while let Some(key) = self.on(Stream::next_key)? {
                    if key == "list" && self.on(Stream::kind)? == Kind::Array {
                        self.elements(&mut each)?;
                    } else {
                        self.on(Stream::skip)?;
                    }
                }
                Ok(())
            }
            Kind::Array => self.elements(&mut each),
            Kind::Other => self.on(Stream::skip),
        }
    }

    /// Every element of an array; each is a place of its own.
    fn elements(
        &mut self,
        each: &mut impl FnMut(&mut Self) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        self.on(Stream::enter)?;
        while self.on(Stream::next_element)? {
            each(self)?;
            self.reader.place += 1;
            let bytes = self.stream.position();
            self.reader.progress.at(bytes, self.reader.receiver)?;
        }
        Ok(())
    }

    fn contact(&mut self) -> Result<(), ReadError> {
        let Some(entry) = self.value()? else {
            return Ok(());
        };
        match chat::contact(&entry) {
            Some(contact) => self.reader.hand_on(Record::Contact(contact)),
            None => {
                self.reader.receiver.skip();
                Ok(())
            }
        }
    }

    fn chat(&mut self, has_left: bool) -> Result<(), ReadError> {
        if self.on(Stream::kind)? != Kind::Object {
            let reason = "a chat was left out: it is no object".to_owned();
            self.reader.receiver.error(self.reader.place, reason);
            return self.on(Stream::skip);
        }
        self.on(Stream::enter)?;
        let mut head = Map::new();
        while let Some(key) = self.on(Stream::next_key)? {
            match key.as_str() {
                "messages" => self.messages(&mut head, has_left)?,
                _ => self.head(key, &mut head)?,
            }
        }
        Ok(())
    }

    fn messages(&mut self, head: &mut Map<String, Value>, has_left: bool) -> Result<(), ReadError> {
        let chat = Chat::new(&Value::Object(std::mem::take(head)), has_left);
        let mut chat = match chat {
            Ok(chat) if self.on(Stream::kind)? == Kind::Array => chat,
            unread => {
                let reason = unread.err().unwrap_or("its messages are no list");
                let reason = format!("a chat was left out: {reason}");
                self.reader.receiver.error(self.reader.place, reason);
                return self.on(Stream::skip);
            }
        };
        if chat.kind == chat::Kind::Saved && self.reader.me.is_none() {
            self.reader.me = Some(chat.id.clone());
        }
        for record in chat.records() {
            self.reader.hand_on(record)?;
        }
        self.elements(&mut |export| export.message(&mut chat))
    }

    fn message(&mut self, chat: &mut Chat) -> Result<(), ReadError> {
        let Some(message) = self.value()? else {
            return Ok(());
        };
        let around = Around {
            me: self.reader.me.as_deref(),
            my_name: self.reader.options.me.as_deref(),
            zone: &self.reader.options.zone,
        };
        match message::read(&message, chat, &around) {
            Ok(told) => self.reader.hand_on_message(told, self.entry),
            Err(reason) => {
                let reason = format!("a message was left out: {reason}");
                self.reader.receiver.error(self.reader.place, reason);
                Ok(())
            }
        }
    }
}
