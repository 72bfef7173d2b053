//! What Baileys writes: the events of a socket, and the file of its in-memory store.
//!
//! Purpose: a reader of Baileys 6 and 7 (and of the older shapes that are still on people's disks),
//! written against the library's types and not against one file. Both inputs hold the same things —
//! chats, contacts, groups and `WebMessageInfo` — so there is one reader for each thing, and two small
//! files that know where the things lie.
//!
//! Choices that a reader of the code would ask about:
//! - `messages.delete` is left out (and counted): it says that the person tidied up one device, not that
//!   the message was taken back. Taking back comes as a stub or a `protocolMessage`, and is final.
//! - `chats.update` gives `unreadCount` as an increment; everywhere else it is the count.
//! - A message without a time keeps its place at 1970: it must not be lost for that.
//! - An address that comes with its phone number is given as the phone number, and the pair is told.
//! - Edits carry whole seconds, because Baileys repeats one edit as a message (with milliseconds) and
//!   as an update (without), and they must be one edit.

mod body;
mod chat;
mod contact;
pub(crate) mod events;
mod group;
mod key;
mod media;
mod message;
pub(crate) mod store;
pub(crate) mod stub;
mod update;
mod words;

use crate::json::value;

pub use events::baileys_events;
pub use store::baileys_store;

// What the other sources of WhatsApp say in the same words.
pub(crate) use key::person;
pub(crate) use stub::{line, name_of};
pub(crate) use words::call;

#[cfg(test)]
mod tests;
