use std::path::PathBuf;

use rstest::rstest;
use threadkeep_protocol::{
    ContactRecord, ConversationKind, ConversationRecord, MessageKind, MessageRecord,
};

use super::*;
use crate::{Flow, Limits, collected::seed};

mod chats;
mod dates;
mod messages;

/// Keeps all that is handed on.
#[derive(Default, Debug)]
struct Kept {
    chats: Vec<ConversationRecord>,
    contacts: Vec<ContactRecord>,
    messages: Vec<MessageRecord>,
    places: Vec<u64>,
    contents: Vec<(String, usize)>,
    unknown: u64,
    errors: Vec<(u64, String)>,
    decisions: Vec<Decision>,
    advances: Vec<(u64, u64)>,
    enough: Option<usize>,
}

impl Receive for Kept {
    fn record(&mut self, place: u64, record: Record) -> Flow {
        match record {
            Record::Conversation(chat) => self.chats.push(chat),
            Record::Contact(contact) => self.contacts.push(contact),
            Record::Message(message) => {
                self.places.push(place);
                self.messages.push(*message);
            }
            other => panic!("an export has no {other:?}"),
        }
        if self.enough == Some(self.messages.len()) {
            return Flow::Break(());
        }
        Flow::Continue(())
    }

    fn content(&mut self, sha256: &str, entry: usize) {
        self.contents.push((sha256.to_owned(), entry));
    }

    fn skip(&mut self) {}

    fn unknown(&mut self, _: &str) {
        self.unknown += 1;
    }

    fn error(&mut self, place: u64, reason: String) {
        self.errors.push((place, reason));
    }

    fn decided(&mut self, decision: Decision) {
        self.decisions.push(decision);
    }

    fn advance(&mut self, done: u64, total: u64) -> Flow {
        self.advances.push((done, total));
        Flow::Continue(())
    }
}

impl Kept {
    fn texts(&self) -> Vec<&str> {
        self.messages
            .iter()
            .map(|message| message.content.as_str())
            .collect()
    }

    fn kinds(&self) -> Vec<MessageKind> {
        self.messages
            .iter()
            .map(|message| message.message_type)
            .collect()
    }

    fn senders(&self) -> Vec<Option<&str>> {
        self.messages
            .iter()
            .map(|message| message.sender_display_name.as_deref())
            .collect()
    }

    fn order(&self) -> (&str, bool) {
        let order = self.decisions.iter().find_map(|decision| match decision {
            Decision::DateOrder { order, is_proven } => Some((order.as_str(), *is_proven)),
            _ => None,
        });
        order.unwrap()
    }
}

fn utc() -> Options {
    Options {
        zone: TimeZone::UTC,
        ..Options::default()
    }
}

/// A file or a folder of a test, gone with it.
struct Place(tempfile::TempDir, PathBuf);

/// A file of this name.
fn file(name: &str, content: impl AsRef<[u8]>) -> Place {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    Place(folder, path)
}

/// A folder with these files.
fn folder(files: &[(&str, &[u8])]) -> Place {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    let path = folder.path().to_owned();
    Place(folder, path)
}

fn try_read(place: &Place, options: &Options) -> (Result<(), ReadError>, Kept) {
    let input = Input::open(&place.1, Limits::default()).unwrap();
    seed::keep(&input);
    let mut kept = Kept::default();
    (read(&input, options, &mut kept), kept)
}

fn read_place(place: &Place, options: &Options) -> Kept {
    let (result, kept) = try_read(place, options);
    result.unwrap();
    kept
}

/// Reads a text of an Android in a group of any name.
fn android(text: &str) -> Kept {
    read_place(&file("WhatsApp Chat with Group.txt", text), &utc())
}

/// Reads a text of an iPhone.
fn iphone(text: &str) -> Kept {
    read_place(
        &folder(&[("WhatsApp Chat - Group/_chat.txt", text.as_bytes())]),
        &utc(),
    )
}
