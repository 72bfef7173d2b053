//! `result.json` of Telegram Desktop's export (*Export chat history*, *Export Telegram data*), from 2018 to now.
//!
//! The format: one chat is `{"name", "type", "id", "messages": […]}`. A whole account is `{"about",
//! "personal_information": {"user_id", …}, "contacts": {"list": […]}, "chats": {"list": [chat, …]}, "left_chats":
//! {"list": […]}, …}`. Messages are in the order of their ids. Files lie beside it (`photos/`, `chats/chat_001/files/`);
//! what was not to be exported stands as `(File not included. …)` in their place. Every single chat is exported into a
//! folder `ChatExport_<date>` of its own; an input may hold many.
//!
//! Ids are Telegram's own: a chat is `user<id>`, `chat<id>` (a small group) or `channel<id>` (a large group or a
//! channel), as senders are written in the export itself; a message's id is unique in its chat. Two exports of one
//! chat are therefore one history.
//!
//! What is made of it:
//! - A text comes in pieces (bold, links, mentions, custom emoji, code, spoilers). The content is their plain text, with
//!   no signs put in, so that it is found and compared as it was typed; the pieces are kept in `entities`, each `{type,
//!   offset, length}` in UTF-16 units, with `href`, `user_id`, `document_id` and `language` where they have one.
//! - `date_unixtime` is a message's time; before 2021 there is only `date`, in the local time of the computer that
//!   exported, read in the zone that the person names.
//! - Who the person is stands in `personal_information`. An export of one chat has none: in a chat of two it is the
//!   other one than the chat's, in saved messages the chat itself. In a group it is nobody, unless another export of
//!   the same input or the person says it.
//! - Reactions name people where the export does (`recent`); the counts of all are kept raw. Of several by one person
//!   one is shown, the others are kept raw too.
//! - An answer to the first message of a forum's topic only says in which topic it was written.
//!
//! Limits: members of groups are not exported, only named in service lines. A `type: "unsupported"` message has no
//! time and gets that of the one before it. Exports in HTML are not read. Control characters are written as `\x1f`,
//! which is no JSON; it is read all the same.

mod account;
mod body;
mod chat;
mod media;
mod message;
mod service;
mod text;

use crate::{Entry, Input, InputError, Options, ReadError, Receive, json};

/// How much of a file is looked at to tell whether it is an export.
const HEAD: u64 = 64 * 1024;

/// Whether an input holds an export.
///
/// # Errors
/// When its files cannot be read.
pub fn recognise(input: &Input) -> Result<bool, InputError> {
    Ok(!exports(input)?.is_empty())
}

/// Reads all exports of an input.
///
/// # Errors
/// When the input cannot be read or ends too early, or the receiver has had enough.
pub fn read(input: &Input, options: &Options, receiver: &mut dyn Receive) -> Result<(), ReadError> {
    account::read(input, &exports(input)?, options, receiver)
}

/// The exports of an input. Those that tell who the person is come first.
fn exports(input: &Input) -> Result<Vec<Entry>, InputError> {
    let mut found = Vec::new();
    for entry in input.entries() {
        if !input.is_file() && !may_be_export(entry.name()) {
            continue;
        }
        let head = input.head(entry, HEAD)?;
        if let Some(rank) = rank(&head) {
            found.push((rank, entry.clone()));
        }
    }
    found.sort_by_key(|(rank, _)| *rank);
    Ok(found.into_iter().map(|(_, entry)| entry).collect())
}

/// A browser that saves a second file of a name puts a number behind it.
fn may_be_export(name: &str) -> bool {
    name.starts_with("result") && name.ends_with(".json")
}

/// Whether a file that begins so is an export, and how much it tells about who the person is: less is more.
fn rank(head: &[u8]) -> Option<u8> {
    let text = json::trim(json::without_bom(head));
    if text.first() != Some(&b'{') {
        return None;
    }
    let members = json::leading_members(text);
    let has = |name: &str| members.iter().any(|(key, _)| key == name);
    if has("personal_information") {
        return Some(0);
    }
    let of_account = ["chats", "left_chats", "contacts", "frequent_contacts"];
    if has("about") && of_account.iter().any(|name| has(name)) {
        return Some(1);
    }
    if !(has("type") && has("id") && has("messages")) {
        return None;
    }
    let kind = json::leading_text(text, "type")?;
    let kind = chat::Kind::of(&kind)?;
    Some(if kind.is_of_one() { 2 } else { 3 })
}

#[cfg(test)]
mod tests;
