//! WhatsApp's "Export chat": one text per chat, alone, in a folder or in a zip with the files of its messages.
//!
//! # The format
//! A message begins with a date, a time and a sender, and goes on to the next beginning:
//!
//! ```text
//! 12/31/20, 9:41 PM - Ana: Happy new year                      Android
//! [31.12.20, 21:41:07] Ana: Happy new year                     iPhone
//! 12/31/20, 9:41 PM - Ana added Bob                            a line of WhatsApp's own
//! ‎[31.12.20, 21:41:09] Ana: ‎<attached: 00000003-PHOTO-2020-12-31-21-41-09.jpg>
//! ```
//!
//! Everything else is as the phone's language and region have it: order and signs of the date, digits, calendar, halves of
//! the day, words for files that were left out. No id, no zone, no seconds on Android, nobody called "me", and nothing
//! escapes a line of a message that looks like a beginning.
//!
//! # How it is read
//! Twice, as a stream: the first time counts and decides what the text itself can tell, the second one makes
//! records. Only lines whose beginning has the form that nearly all beginnings of this text have begin a message.
//! - **Order of the date**: the one in which all dates exist, are from WhatsApp's time and go forward; where two are left,
//!   the customary one, told as not proven.
//! - **Sender**: what stands before the first `: `. A name with a colon is known by being always followed by the same
//!   words; a line of WhatsApp's with a colon by a quotation that it opens.
//! - **Me**: who deleted messages that "you" deleted; in a direct chat, whoever is not the one that it is named after.
//!   Else nobody, until a person says who.
//! - **Ids**: of sender, minute, text and place among equals. Only that a message has a file counts, not how the file
//!   is called, so that an export with files and one without have the same ids.
//! - **Times** of one minute (of one second, on an iPhone) get milliseconds in the order of the lines.
//!
//! # Limits
//! - Words that WhatsApp writes are known for some sixty languages and several generations (`words.txt`); on an iPhone a mark
//!   tells them even where the words are new. What is left is kept as a text or as a line of the chat.
//! - A message that quotes the beginning of a message in this export's own form is read as two.
//! - `null`, which some Androids write in place of what they cannot export, is a text.
//! - When a message was edited or deleted, nobody says; who reacted, who read and what was quoted is not exported.
//! - UTF-16 is read, other encodings are refused: an export is UTF-8, and what turned it into another one lost signs.
//!
//! Rejected: one regular expression per language and release, as other readers have. Each new phone breaks them, and
//! all of them take a line of another form for a message.

mod attachment;
mod body;
mod clock;
mod cursor;
mod date;
mod halves;
mod header;
mod plan;
mod reading;
mod sender;
mod survey;
mod text;
mod words;

use std::{collections::HashSet, io};

use jiff::tz::TimeZone;
use threadkeep_protocol::{ContactRecord, ConversationRecord, Record};

use self::{
    attachment::Files, clock::Clock, plan::Plan, reading::Reading, survey::Survey, text::Lines,
};
use crate::{
    Decision, Entry, Input, InputError, Options, ReadError, Receive, TranslateError,
    receive::{Progress, go_on},
};

/// How much of an entry is looked at to tell what it is.
const HEAD: u64 = 16 * 1024;

/// Whether an input holds an exported chat.
///
/// # Errors
/// When the input cannot be read.
pub fn recognise(input: &Input) -> Result<bool, InputError> {
    for (_, entry) in candidates(input) {
        if is_chat(input, entry)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Reads the exported chats of an input, one after the other.
///
/// # Errors
/// When the input cannot be read, holds no exported chat, or is in an encoding that is not read.
pub fn read(input: &Input, options: &Options, receiver: &mut dyn Receive) -> Result<(), ReadError> {
    let mut chats = Vec::new();
    for (_, entry) in candidates(input) {
        if is_chat(input, entry)? {
            chats.push(entry);
        }
    }
    if chats.is_empty() {
        return Err(TranslateError::NoMessages.into());
    }
    receiver.decided(Decision::Zone(zone_name(&options.zone)));
    // Everything is read twice.
    let mut progress = Progress::of(2 * chats.iter().map(|entry| entry.bytes).sum::<u64>());
    let mut files = Files::new(input);
    let mut place = 0;
    for entry in &chats {
        let title = title(input, entry);
        let plan = survey(input, entry, &mut progress, receiver)?;
        let is_only = chats.len() == 1;
        let plan = Plan::new(plan, &title, is_only, options, &mut |decision| {
            receiver.decided(decision)
        });
        let plan = plan.ok_or(TranslateError::NoMessages)?;
        introduce(&plan, place, receiver)?;
        let clock = Clock::new(options.zone.clone());
        let mut reading = Reading::new(&plan, &entry.path, &mut files, clock, options.with_content);
        let failed = |error| InputError::read(&entry.path, error);
        let mut lines = Lines::new(input.read(entry)?).map_err(failed)?;
        let (start, mut count) = (place, 0);
        while let Some(line) = lines.next().map_err(failed)? {
            count = line.place + 1;
            go_on(reading.line(&line, start, receiver)?)?;
            progress.at(lines.done(), receiver)?;
        }
        go_on(reading.finish(receiver)?)?;
        progress.end(lines.done(), receiver)?;
        place += count;
    }
    Ok(())
}

fn survey(
    input: &Input,
    entry: &Entry,
    progress: &mut Progress,
    receiver: &mut dyn Receive,
) -> Result<Survey, ReadError> {
    let failed = |error: io::Error| InputError::read(&entry.path, error);
    let mut lines = Lines::new(input.read(entry)?).map_err(failed)?;
    let mut survey = Survey::default();
    while let Some(line) = lines.next().map_err(failed)? {
        survey.line(&line.text, line.is_damaged());
        progress.at(lines.done(), receiver)?;
    }
    progress.end(lines.done(), receiver)?;
    if let Some(encoding) = lines.encoding() {
        receiver.decided(Decision::Encoding(encoding.name().to_owned()));
    }
    // A sign in another encoding stands in nearly every line of most languages; a damaged file has some.
    if survey.is_foreign() {
        return Err(TranslateError::Encoding.into());
    }
    Ok(survey)
}

/// The chat itself, and by which name its owner knows the one on the other side.
fn introduce(plan: &Plan, place: u64, receiver: &mut dyn Receive) -> Result<(), ReadError> {
    let chat = &plan.chat;
    go_on(receiver.record(
        place,
        Record::Conversation(ConversationRecord {
            external_conversation_id: chat.id.clone(),
            conversation_type: chat.kind,
            name: Some(chat.name.clone()),
            ..ConversationRecord::default()
        }),
    ))?;
    let Some((name, address)) = &chat.partner else {
        return Ok(());
    };
    if sender::address(name).is_some() {
        return Ok(());
    }
    go_on(receiver.record(
        place,
        Record::Contact(ContactRecord {
            external_contact_id: address.clone(),
            display_name: Some(name.clone()),
            ..ContactRecord::default()
        }),
    ))
}

/// The entries that may be a chat: a file of any name by itself, else texts that are no attachments of another.
fn candidates(input: &Input) -> impl Iterator<Item = (usize, &Entry)> {
    let entries = input.entries();
    let folder = |entry: &Entry| entry.path.len() - entry.name().len();
    let is_text = |entry: &Entry| entry.name().to_ascii_lowercase().ends_with(".txt");
    let of_iphones: HashSet<&str> = entries
        .iter()
        .filter(|entry| entry.name() == "_chat.txt")
        .map(|entry| &entry.path[..folder(entry)])
        .collect();
    entries.iter().enumerate().filter(move |(_, entry)| {
        let is_beside = || of_iphones.contains(&entry.path[..folder(entry)]);
        input.is_file() || (is_text(entry) && (entry.name() == "_chat.txt" || !is_beside()))
    })
}

/// Whether the first line that holds something is the beginning of a message.
fn is_chat(input: &Input, entry: &Entry) -> Result<bool, InputError> {
    let head = input.head(entry, HEAD)?;
    let failed = |error| InputError::read(&entry.path, error);
    let mut lines = Lines::new(head.as_slice()).map_err(failed)?;
    while let Some(line) = lines.next().map_err(failed)? {
        if !line.text.trim().is_empty() {
            return Ok(header::header(&line.text).is_some());
        }
    }
    Ok(false)
}

/// What names the chat: the text's own name, else that of its folder or of the zip.
fn title(input: &Input, entry: &Entry) -> String {
    let stem = |name: &str| {
        let is_ending = |end: &str| matches!(end.to_ascii_lowercase().as_str(), "txt" | "zip");
        match name.rsplit_once('.') {
            Some((stem, end)) if is_ending(end) => stem.to_owned(),
            _ => name.to_owned(),
        }
    };
    let own = stem(entry.name());
    if own != "_chat" {
        return own;
    }
    let folder = entry.path.rsplit('/').nth(1).map(str::to_owned);
    let outer = || {
        Some(input.path().file_name()?.to_string_lossy().into_owned()).filter(|_| !input.is_file())
    };
    folder.or_else(outer).map_or(own, |name| stem(&name))
}

fn zone_name(zone: &TimeZone) -> String {
    zone.iana_name()
        .map_or_else(|| "UTC".to_owned(), str::to_owned)
}

#[cfg(test)]
mod tests;
