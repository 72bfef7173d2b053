//! `baileys_store.json`, as the in-memory store of Baileys 4 to 6 writes it.
//!
//! The file is cut into its parts and each part is parsed by itself: a message that is broken costs
//! only itself, and a file of a gigabyte is held message by message.

use std::io::Read;

use serde::de::IgnoredAny;
use serde_json::Value;
use threadkeep_protocol::SyncSource;

use super::{
    chat::{self, Telling},
    contact,
    message::{self, Around},
};
use crate::{
    Format, Input, InputError, Options, ReadError, Receive, TranslateError, Translation,
    json::{
        self,
        stream::{Kind, Stream, StreamError},
    },
    texts::{self, End, Reading},
    translation::Sink,
};

const EXPECTED: TranslateError = TranslateError::WrongShape {
    expected: "a Baileys store (an object with chats, contacts or messages)",
};

/// Reads `baileys_store.json`.
///
/// A place in the translation is the running number of the chat, contact or message in the file.
///
/// # Errors
/// When the file is cut short, no JSON, or no store.
pub fn baileys_store(bytes: &[u8]) -> Result<Translation, TranslateError> {
    let text = json::trim(json::without_bom(bytes));
    match text.first() {
        None => return Err(TranslateError::Truncated),
        Some(b'{') => {}
        Some(_) if serde_json::from_slice::<IgnoredAny>(text).is_ok() => return Err(EXPECTED),
        Some(_) => return Err(TranslateError::NotJson { at: 0 }),
    }
    let mut gathered = Gathered::default();
    let ended = Store::new(Stream::new(text), &mut gathered).read();
    match ended {
        Ok(()) => Ok(gathered.0.finish()),
        Err(End::Broken(StreamError::Json(error))) => Err(error),
        // Bytes in memory always come, and nobody stops.
        Err(_) => Err(TranslateError::Truncated),
    }
}

/// Whether the input holds a store.
pub(crate) fn recognise(input: &Input) -> Result<bool, InputError> {
    Ok(!texts::of_format(input, Format::BaileysStore)?.is_empty())
}

/// Reads the stores of an input, an element at a time.
pub(crate) fn read(
    input: &Input,
    _options: &Options,
    receiver: &mut dyn Receive,
) -> Result<(), ReadError> {
    texts::read_each(input, Format::BaileysStore, receiver, |reading, bytes| {
        Store::new(Stream::new(bytes), reading).read()
    })
}

/// Where the things of a store go.
trait Taking {
    fn sink(&mut self) -> &mut Sink;

    /// An element has been read; so many bytes have been taken.
    fn step(&mut self, taken: u64) -> Result<(), End>;
}

/// All of it at once.
#[derive(Default)]
struct Gathered(Sink);

impl Taking for Gathered {
    fn sink(&mut self) -> &mut Sink {
        &mut self.0
    }

    fn step(&mut self, _taken: u64) -> Result<(), End> {
        Ok(())
    }
}

impl Taking for Reading<'_> {
    fn sink(&mut self) -> &mut Sink {
        &mut self.sink
    }

    fn step(&mut self, taken: u64) -> Result<(), End> {
        Self::step(self, taken)
    }
}

/// Reads an entry of a container, which is filed under an id where the container is an object.
type EachEntry<'a, S> = dyn FnMut(&mut S, Option<&str>) -> Result<(), End> + 'a;

struct Store<'a, R, T> {
    text: Stream<R>,
    taking: &'a mut T,
    next: usize,
}

impl<'a, R: Read, T: Taking> Store<'a, R, T> {
    const fn new(text: Stream<R>, taking: &'a mut T) -> Self {
        Self {
            text,
            taking,
            next: 0,
        }
    }

    fn read(mut self) -> Result<(), End> {
        if self.text.kind()? != Kind::Object {
            return Err(EXPECTED.into());
        }
        let mut is_store = false;
        self.text.enter()?;
        while let Some(key) = self.text.next_key()? {
            match key.as_str() {
                "chats" => self.chats()?,
                "contacts" => self.contacts()?,
                "messages" => self.messages()?,
                // Labels, presences and group metadata caches: nothing of the history.
                _ => {
                    self.text.skip()?;
                    continue;
                }
            }
            is_store = true;
        }
        self.text.finish()?;
        if is_store {
            Ok(())
        } else {
            Err(EXPECTED.into())
        }
    }

    fn chats(&mut self) -> Result<(), End> {
        self.entries(&mut |store, filed| {
            store.entry(|chat, sink| {
                if let Err(reason) = chat::translate(chat, filed, Telling::Whole, sink) {
                    sink.error(format!("a chat was left out: {reason}"));
                }
            })
        })
    }

    fn contacts(&mut self) -> Result<(), End> {
        self.entries(&mut |store, filed| {
            store.entry(|contact, sink| {
                if let Err(reason) = contact::translate(contact, filed, sink) {
                    sink.error(format!("a contact was left out: {reason}"));
                }
            })
        })
    }

    fn messages(&mut self) -> Result<(), End> {
        self.entries(&mut |store, conversation| {
            store.entries(&mut |store, id| {
                let around = Around {
                    source: SyncSource::Import,
                    conversation,
                    id,
                };
                store.entry(|message, sink| message::translate(message, around, sink))
            })
        })
    }

    /// The entries of a list, of an object by id, or of a dictionary that keeps its list in `array` and an index of it in
    /// `dict`. Each is read by `each`, which is told what it is filed under.
    fn entries(&mut self, each: &mut EachEntry<'_, Self>) -> Result<(), End> {
        match self.text.kind()? {
            Kind::Array => {
                self.text.enter()?;
                while self.text.next_element()? {
                    each(self, None)?;
                }
            }
            Kind::Object => {
                self.text.enter()?;
                while let Some(id) = self.text.next_key()? {
                    match (id.as_str(), self.text.kind()?) {
                        ("array", Kind::Array) => self.entries(each)?,
                        ("dict", Kind::Object) => self.text.skip()?,
                        _ => each(self, Some(&id))?,
                    }
                }
            }
            Kind::Other if self.text.take()? == b"null" => {}
            Kind::Other => {
                let sink = self.taking.sink();
                sink.at(self.next);
                sink.error("a part of the store is neither a list nor an object");
            }
        }
        Ok(())
    }

    fn entry(&mut self, read: impl FnOnce(&Value, &mut Sink)) -> Result<(), End> {
        let text = self.text.take()?;
        let sink = self.taking.sink();
        sink.at(self.next);
        self.next += 1;
        match json::parse(text) {
            Ok(value) if value.is_object() => read(&value, sink),
            Ok(_) => sink.error("it is no object"),
            Err(reason) => sink.error(reason),
        }
        self.taking.step(self.text.position())
    }
}
