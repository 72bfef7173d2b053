//! The list of chats, and finding one.

pub(crate) mod choice;
mod details;
mod find;
mod list;
mod warm;

pub use choice::ChatChoice;
pub use details::{ChatDetails, MemberRow};
pub(crate) use list::{chat as one_chat, named};

use serde::{Deserialize, Serialize};
use threadkeep_protocol::{ConversationKind, Id, MessageKind};

use crate::{ConversationPk, Error, IntegrationPk, Mirror, people::People};

/// Which chats.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatFilter {
    /// All that are shown, archived ones too.
    #[default]
    All,
    /// All but the archived ones.
    Inbox,
    /// With unread messages, of chats that are kept here; archived ones are not among them.
    Unread,
    /// Groups but the archived ones.
    Groups,
    /// Archived.
    Archived,
}

/// A place in the list of chats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatCursor {
    pub(crate) pinned: bool,
    pub(crate) last_at: i64,
    pub(crate) pk: ConversationPk,
}

/// What to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChatQuery {
    /// Which chats.
    pub filter: ChatFilter,
    /// Only those whose name, number or address holds this, whatever the case.
    pub text: Option<String>,
    /// Only one account's.
    pub integration: Option<IntegrationPk>,
    /// Those that come after this one.
    pub after: Option<ChatCursor>,
    /// At most so many; 0 for 50.
    pub limit: u32,
}

/// A chat as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChatRow {
    /// Its name in this file.
    pub pk: ConversationPk,
    /// Its name on the server.
    pub id: Id,
    /// The account.
    pub integration: IntegrationPk,
    /// Its address on the platform; empty while its row has not come.
    pub jid: String,
    /// What to call it: its own name, else the contact's, else the number, else the address.
    pub name: String,
    /// Direct, group, broadcast or channel.
    pub kind: ConversationKind,
    /// What a group says of itself.
    pub description: String,
    /// How many messages the mirror has of it.
    pub messages: u64,
    /// How many the server says there are; 0 where it does not say.
    pub total_messages: i64,
    /// Messages that were read neither on the phone nor here; −1 is *marked as unread*.
    pub unread: i64,
    /// When the last message was sent, in milliseconds; 0 where there is none.
    pub last_message_at: i64,
    /// How it begins, on one line; empty for what has no words.
    pub preview: String,
    /// What kind of thing it is, where the mirror has it.
    pub last_kind: Option<MessageKind>,
    /// Who sent it, in a group; empty for one's own and where unknown.
    pub last_sender: String,
    /// Whether it is one's own.
    pub last_from_me: bool,
    /// Whether it was deleted.
    pub last_deleted: bool,
    /// Kept at the top.
    pub pinned: bool,
    /// Makes no sound.
    pub muted: bool,
    /// When it will again, in milliseconds; 0 for never.
    pub mute_until: i64,
    /// Put away.
    pub archived: bool,
    /// Deleted on the platform; what the mirror has of it stays.
    pub deleted: bool,
    /// Nothing older exists on the platform.
    pub history_complete: bool,
    /// When the oldest message that the server has was sent, in milliseconds; 0 where there is none.
    pub oldest_message_at: i64,
    /// Where messages may be missing: after the first time and before the second, in milliseconds.
    pub gaps: Vec<(i64, i64)>,
    /// How many people are in it now, as far as the platform tells.
    pub participants: u32,
    /// The selection has it on this computer.
    pub kept: bool,
}

/// What a chat is called, for who shows it beside something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChatName {
    /// Its name in this file.
    pub pk: ConversationPk,
    /// The account.
    pub integration: IntegrationPk,
    /// Its address on the platform; empty while its row has not come.
    pub jid: String,
    /// What to call it, as in `ChatRow`.
    pub name: String,
}

impl ChatRow {
    /// The place in the list behind this chat.
    #[must_use]
    pub const fn cursor(&self) -> ChatCursor {
        ChatCursor {
            pinned: self.pinned,
            last_at: self.last_message_at,
            pk: self.pk,
        }
    }
}

impl Mirror {
    /// Chats: pinned ones first, then by their last message, newest first. Chats that turned out to be
    /// another one are not listed.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn chats(&self, query: ChatQuery) -> Result<Vec<ChatRow>, Error> {
        warm::up(self).await;
        self.read(move |conn| list::chats(conn, &query)).await
    }

    /// How many chats are put away, of one account or of all.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn archived_chats(&self, integration: Option<IntegrationPk>) -> Result<u32, Error> {
        self.read(move |conn| list::archived(conn, integration))
            .await
    }

    /// One chat.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn chat(&self, pk: ConversationPk) -> Result<Option<ChatRow>, Error> {
        self.read(move |conn| list::chat(conn, &mut People::new(conn), pk))
            .await
    }

    /// The chats that a person may mean: by number, UUID or address, else by exact name, else by name
    /// whatever the case. More than one only where several accounts or chats share it.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn find_chat(&self, text: &str) -> Result<Vec<ChatRow>, Error> {
        let text = text.trim().to_owned();
        self.read(move |conn| find::chats(conn, &text)).await
    }
}

#[cfg(test)]
mod tests;
