//! Signal's own plaintext export: *Export chat history* of Signal Desktop and Android (since 2025).
//!
//! The format: `main.jsonl` beside `metadata.json` and `files/`. Its lines are the frames of Signal's backup
//! (`backup.proto` of libsignal) as protobuf's JSON: long numbers are texts, bytes are base64, what has its default is
//! left out. The first line says of which version it is (`{"version", "backupTimeMs", …}`); then come `{"account"}`,
//! `{"recipient": {"id", "contact" | "group" | "self" | …}}`, `{"chat": {"id", "recipientId", …}}` and
//! `{"chatItem": {"chatId", "authorId", "dateSent", …}}`, each behind the ones it refers to. Ids of recipients and chats
//! are numbers of this one file.
//!
//! What is made of it:
//! - A person is the account's UUID (`aci`), else the telephone number, else the `pni`. A chat of two is its person, a group
//!   the SHA-256 of its master key, which itself opens the group and is not kept.
//! - A message is the time it was sent and who sent it (`1709294400000:…`, `…:me`), which is how Signal itself names it.
//!   Of one that was edited it is those of its first version; the texts before are its edits.
//! - Signal puts U+FFFC where somebody is named; it becomes `@` and the name. Styles and names are kept in `entities`,
//!   `{type, offset, length}` in UTF-16 units, as those of Telegram.
//! - A message with several attachments becomes several of one time, the first with the words.
//! - An attachment's SHA-256 is told by the export, whether its file is there or not. A file is named after the
//!   SHA-256 of that and its key, in hex, in a folder of its first two digits. A text over 2 KB is such a file too.
//!
//! Limits: disappearing messages and the files of view-once ones are not exported, stories neither. Which member of a
//! group is the person is not told: members that are no recipients are left out. The plaintext backup of Signal for
//! Android before 2018 (XML) is not read.

mod body;
mod file;
mod item;
mod people;
mod reader;
mod text;
mod update;

use crate::{Entry, Input, InputError, Options, ReadError, Receive, json};

/// How much of a file is looked at to tell whether it is an export.
const HEAD: u64 = 16 * 1024;

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
/// When the input cannot be read, or the receiver has had enough.
pub fn read(input: &Input, options: &Options, receiver: &mut dyn Receive) -> Result<(), ReadError> {
    reader::read(input, &exports(input)?, options, receiver)
}

fn exports(input: &Input) -> Result<Vec<&Entry>, InputError> {
    let mut found = Vec::new();
    for entry in input.entries() {
        if (input.is_file() || entry.name().ends_with(".jsonl"))
            && is_export(&input.head(entry, HEAD)?)
        {
            found.push(entry);
        }
    }
    Ok(found)
}

/// Whether a file begins with the line about the backup, or with the account.
fn is_export(head: &[u8]) -> bool {
    let members = json::leading_members(json::trim(json::without_bom(head)));
    let has = |name: &str| members.iter().any(|(key, _)| key == name);
    let [(first, value), ..] = &members[..] else {
        return false;
    };
    let of_account = || {
        let account = json::leading_members(value);
        let has = |name: &str| account.iter().any(|(key, _)| key == name);
        has("profileKey") || has("accountSettings") || has("givenName")
    };
    (has("version") && has("backupTimeMs")) || (first == "account" && of_account())
}

#[cfg(test)]
mod tests;
