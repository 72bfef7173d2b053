//! `baileys_store.json`, as the in-memory store of Baileys 4 to 6 writes it.
//!
//! The file is cut into its parts and each part is parsed by itself: a message that is broken costs
//! only itself, and a file of a gigabyte is held once, as bytes.

use serde::de::IgnoredAny;
use serde_json::Value;
use threadkeep_protocol::SyncSource;

use super::{
    chat::{self, Telling},
    contact,
    message::{self, Around},
};
use crate::{TranslateError, Translation, json, translation::Sink};

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
    let parts = json::members(text)?;
    let mut store = Store::default();
    let mut is_store = false;
    for (name, part) in parts {
        match name.as_str() {
            "chats" => store.chats(part)?,
            "contacts" => store.contacts(part)?,
            "messages" => store.messages(part)?,
            // Labels, presences and group metadata caches: nothing of the history.
            _ => continue,
        }
        is_store = true;
    }
    if !is_store {
        return Err(EXPECTED);
    }
    Ok(store.sink.finish())
}

#[derive(Default)]
struct Store {
    sink: Sink,
    next: usize,
}

impl Store {
    fn chats(&mut self, part: &[u8]) -> Result<(), TranslateError> {
        for (filed, text) in self.entries(part)? {
            self.entry(text, |chat, sink| {
                if let Err(reason) = chat::translate(chat, filed.as_deref(), Telling::Whole, sink) {
                    sink.error(format!("a chat was left out: {reason}"));
                }
            });
        }
        Ok(())
    }

    fn contacts(&mut self, part: &[u8]) -> Result<(), TranslateError> {
        for (filed, text) in self.entries(part)? {
            self.entry(text, |contact, sink| {
                if let Err(reason) = contact::translate(contact, filed.as_deref(), sink) {
                    sink.error(format!("a contact was left out: {reason}"));
                }
            });
        }
        Ok(())
    }

    fn messages(&mut self, part: &[u8]) -> Result<(), TranslateError> {
        for (conversation, messages) in self.entries(part)? {
            for (id, text) in self.entries(messages)? {
                let around = Around {
                    source: SyncSource::Import,
                    conversation: conversation.as_deref(),
                    id: id.as_deref(),
                };
                self.entry(text, |message, sink| {
                    message::translate(message, around, sink)
                });
            }
        }
        Ok(())
    }

    /// The entries of a list, of an object by id, or of a dictionary that keeps its list in `array`.
    #[allow(
        clippy::type_complexity,
        reason = "an id and a text, as the container holds them"
    )]
    fn entries<'a>(
        &mut self,
        part: &'a [u8],
    ) -> Result<Vec<(Option<String>, &'a [u8])>, TranslateError> {
        match part.first() {
            Some(b'[') => {
                let elements = json::elements(part)?.into_iter();
                Ok(elements.map(|element| (None, element)).collect())
            }
            Some(b'{') => {
                let members = json::members(part)?;
                let array = members
                    .iter()
                    .find(|(name, value)| name == "array" && value.first() == Some(&b'['));
                if let Some((_, array)) = array {
                    return self.entries(array);
                }
                let members = members.into_iter();
                Ok(members.map(|(id, value)| (Some(id), value)).collect())
            }
            _ if part == b"null" => Ok(Vec::new()),
            _ => {
                self.sink.at(self.next);
                self.sink
                    .error("a part of the store is neither a list nor an object");
                Ok(Vec::new())
            }
        }
    }

    fn entry(&mut self, text: &[u8], read: impl FnOnce(&Value, &mut Sink)) {
        self.sink.at(self.next);
        self.next += 1;
        match json::parse(text) {
            Ok(value) if value.is_object() => read(&value, &mut self.sink),
            Ok(_) => self.sink.error("it is no object"),
            Err(reason) => self.sink.error(reason),
        }
    }
}
