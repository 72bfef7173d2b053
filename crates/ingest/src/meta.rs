//! What Facebook, Messenger and Instagram give out of a person's chats (*Download your information*, as JSON), and what
//! Messenger gives out of its end-to-end encrypted chats (*Download secure storage data*).
//!
//! The format: a folder for each chat, `messages/inbox/anasilva_1234567890/message_1.json`, of which `message_1.json`
//! holds the newest ten thousand messages, newest first, `message_2.json` those before. Above lies
//! `your_activity_across_facebook/`, `your_facebook_activity/`, `your_instagram_activity/` or nothing, by year; beside
//! `inbox` are `archived_threads`, `message_requests`, `filtered_threads` and `e2ee_cutover`. A file is
//! `{"participants": [{"name"}], "messages": [{"sender_name", "timestamp_ms", "content", "photos": [{"uri"}], …}],
//! "title", "thread_path", …}`. The encrypted chats come as `Ana Silva_3.json` beside `media/`, with `threadName`,
//! names as `participants` and `{senderName, timestamp, text, media, reactions, isUnsent, type}` as messages.
//!
//! Texts of the first kind are UTF-8 that was taken for Latin-1 (see `mojibake`); those of the second are right.
//!
//! Neither has ids. What stands for them:
//! - a chat: what stands behind the last `_` of its folder's name, which stays when it is renamed; an encrypted chat has
//!   only its name. Messages that a chat had before it was encrypted and those after come as two chats.
//! - a message: its time in milliseconds, and, where a chat has several of one time, which of them it is, counted from the
//!   newest. Who sent it is no part of that: people change their names, and Meta writes the one of today.
//! - a person: the name. Two people of one name are one.
//!
//! Who the person is: whose name stands in the download's profile, else the only name that is in all chats, else the
//! last of a chat's participants, which is where Meta puts it. It is told as a decision; the person may say otherwise.
//!
//! A message with several files becomes several messages of one time, the first with the words. Answers and edits are not
//! in the download. Lines of the platform are words in the language of the person and cannot be told from what people
//! wrote, except where they have a `type`. A chat's times are counted in memory while it is read: about 40 bytes a
//! message of the longest chat, the only thing that grows with an input.

mod message;
mod mojibake;
mod person;
mod reader;
mod thread;

pub(crate) use reader::{read, recognise};

/// Where a chat was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Platform {
    Messenger,
    Instagram,
}

impl Platform {
    /// For people.
    const fn title(self) -> &'static str {
        match self {
            Self::Messenger => "Facebook",
            Self::Instagram => "Instagram",
        }
    }
}

#[cfg(test)]
mod tests;
