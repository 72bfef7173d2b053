//! The sample archive: six years of a person who does not exist, made up from a seed.
//!
//! Purpose: something to look at before the first account is linked, and data for tests and benchmarks.
//! It takes the same way in as everything else: neutral records.
//!
//! Invariants: the same seed gives the same records, on every machine and in every year (no clock, no
//! hash order, no floating point). All people are invented; their numbers come from ranges that
//! regulators keep free for fiction. Each chat's messages ascend in time.
//!
//! How it reads like talk: `texts/` holds short scripts, a few lines of dialogue each, with alternatives
//! for a line and slots that keep their filling for the length of a talk. A chat is a sequence of talks
//! laid over the days by its rhythm.

mod bulk;
mod calendar;
mod cast;
mod chat;
mod files;
mod media;
mod people;
mod random;
mod script;
mod talk;
mod things;

pub use bulk::bulk;

use threadkeep_protocol::Record;

use random::Random;

/// The sample archive of a seed: people, chats and members, then all messages, oldest first, each with
/// what happened to it later (edits, revokes, reactions) right behind it.
#[must_use]
pub fn sample(seed: u64) -> Vec<Record> {
    with_files(seed).0
}

/// The same, and the bytes of the newest files of each chat: some pictures, voice messages and documents,
/// each announced by its hash.
#[must_use]
pub fn with_files(seed: u64) -> (Vec<Record>, Vec<Vec<u8>>) {
    let mut random = Random::new(seed);
    let mut records = people::contacts();
    let mut messages = Vec::new();
    for plan in cast::CHATS {
        // A chat has numbers of its own, so that a change to one leaves the others as they were.
        let mut random = Random::new(random.next());
        let lines = chat::written(plan, &mut random);
        records.extend(chat::opening(plan, &lines));
        messages.extend(lines);
    }
    messages.sort_by(|one, other| one.order().cmp(&other.order()));
    records.extend(messages.into_iter().flat_map(chat::Line::into_records));
    let files = files::make(&mut records);
    (records, files)
}

#[cfg(test)]
mod tests;
