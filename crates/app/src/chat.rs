//! The list of chats.

use std::{
    collections::HashMap,
    time::{SystemTime, UNIX_EPOCH},
};

use threadkeep_mirror::{self as mirror, ChatRow, ConversationPk, IntegrationPk};
use threadkeep_protocol::ConversationKind;

use crate::{
    App, Error,
    history::gaps,
    mention,
    view::{Chat, ChatChoice, ChatFilter, ChatKind, ChatPage, ChatQuery, LastMessage},
};

/// As many as a list shows at once, and the most it may ask for.
const DEFAULT_LIMIT: u32 = 100;
const MAX_LIMIT: u32 = 1_000;

impl App {
    /// Some chats: pinned first, then by last message.
    ///
    /// # Errors
    /// When the query names no place in the list, or the mirror cannot be read.
    pub async fn chats(&self, query: ChatQuery) -> Result<ChatPage, Error> {
        let limit = if query.limit == 0 {
            DEFAULT_LIMIT
        } else {
            query.limit.min(MAX_LIMIT)
        };
        let after = query.after.as_deref().map(read_cursor).transpose()?;
        let integration = query.account_id.as_deref().map(read_account).transpose()?;
        let rows = self
            .mirror
            .chats(mirror::ChatQuery {
                filter: filter(query.filter),
                text: query.text.filter(|text| !text.trim().is_empty()),
                integration,
                after,
                limit,
            })
            .await?;
        // A full page may be the last one: the next is then empty, which costs less than looking ahead.
        let next = rows
            .last()
            .filter(|_| rows.len() == limit as usize)
            .map(write_cursor);
        let mut chats = Vec::with_capacity(rows.len());
        for row in &rows {
            chats.push(self.with_names(row).await?);
        }
        Ok(ChatPage {
            chats,
            archived: self.mirror.archived_chats(integration).await?,
            next,
        })
    }

    /// One chat, by its local id.
    ///
    /// # Errors
    /// When there is none, or the mirror cannot be read.
    pub async fn chat(&self, id: &str) -> Result<Chat, Error> {
        let row = self.mirror.chat(read_chat(id)?).await?;
        self.with_names(&row.ok_or_else(|| Error::NoChat(id.to_owned()))?)
            .await
    }

    /// A chat, with names in its last line in place of the numbers by which a text mentions people.
    async fn with_names(&self, row: &ChatRow) -> Result<Chat, Error> {
        let mut chat = chat(row);
        let Some(last) = &mut chat.last else {
            return Ok(chat);
        };
        let jids = mention::addresses(&last.text);
        let names = self.mirror.names_in(row.pk, jids.clone()).await?;
        let names: HashMap<String, String> = jids.into_iter().zip(names).collect();
        let mentions = mention::in_text(&last.text, |jid| {
            names.get(jid).cloned().unwrap_or_default()
        });
        last.text = mention::named(&last.text, &mentions).into_owned();
        Ok(chat)
    }

    /// Chooses something for a chat on this computer alone; the platform hears nothing of it.
    ///
    /// # Errors
    /// When there is no such chat, or the mirror cannot be written.
    pub async fn choose_for_chat(&self, id: &str, choice: ChatChoice) -> Result<Chat, Error> {
        let choice = match choice {
            ChatChoice::Pin => mirror::ChatChoice::Pinned(true),
            ChatChoice::Unpin => mirror::ChatChoice::Pinned(false),
            ChatChoice::Archive => mirror::ChatChoice::Archived(true),
            ChatChoice::Unarchive => mirror::ChatChoice::Archived(false),
            ChatChoice::Mute => mirror::ChatChoice::Muted(true),
            ChatChoice::Unmute => mirror::ChatChoice::Muted(false),
            ChatChoice::Read => mirror::ChatChoice::Read,
        };
        self.mirror.choose_for_chat(read_chat(id)?, choice).await?;
        self.chat(id).await
    }

    /// The chat that a person names in a terminal: by local id, address or name.
    ///
    /// # Errors
    /// When there is none, or the mirror cannot be read.
    pub async fn find_chat(&self, text: &str) -> Result<Chat, Error> {
        let found = self.mirror.find_chat(text).await?;
        Ok(chat(
            found
                .first()
                .ok_or_else(|| Error::NoChat(text.to_owned()))?,
        ))
    }
}

pub(crate) fn read_chat(id: &str) -> Result<ConversationPk, Error> {
    id.parse()
        .map(ConversationPk)
        .map_err(|_| Error::NoChat(id.to_owned()))
}

pub(crate) fn read_account(id: &str) -> Result<IntegrationPk, Error> {
    id.parse()
        .map(IntegrationPk)
        .map_err(|_| Error::NoAccount(id.to_owned()))
}

/// The window gets a place in the list as a text that it cannot mistake for anything.
fn write_cursor(row: &ChatRow) -> String {
    serde_json::to_string(&row.cursor()).unwrap_or_default()
}

fn read_cursor(text: &str) -> Result<mirror::ChatCursor, Error> {
    serde_json::from_str(text).map_err(|_| Error::Cursor(text.chars().take(40).collect()))
}

const fn filter(filter: Option<ChatFilter>) -> mirror::ChatFilter {
    match filter {
        None => mirror::ChatFilter::Inbox,
        Some(ChatFilter::All) => mirror::ChatFilter::All,
        Some(ChatFilter::Unread) => mirror::ChatFilter::Unread,
        Some(ChatFilter::Groups) => mirror::ChatFilter::Groups,
        Some(ChatFilter::Archived) => mirror::ChatFilter::Archived,
    }
}

pub(crate) fn chat(row: &ChatRow) -> Chat {
    Chat {
        id: row.pk.to_string(),
        jid: row.jid.clone(),
        name: row.name.clone(),
        kind: match row.kind {
            ConversationKind::Direct => ChatKind::Direct,
            ConversationKind::Group => ChatKind::Group,
            ConversationKind::Broadcast => ChatKind::Broadcast,
            ConversationKind::Channel => ChatKind::Channel,
        },
        account_id: row.integration.to_string(),
        last: last(row),
        unread: if row.kept {
            u32::try_from(row.unread.max(0)).unwrap_or(u32::MAX)
        } else {
            0
        },
        messages: i64::try_from(row.messages).unwrap_or(i64::MAX),
        last_message_at: (row.last_message_at != 0).then_some(row.last_message_at),
        pinned: row.pinned,
        muted: is_muted(row, now()),
        archived: row.archived,
        participants: row.participants,
        history_complete: row.history_complete,
        gaps: gaps(row),
    }
}

/// The last message of a chat, as far as a line shows it.
fn last(row: &ChatRow) -> Option<LastMessage> {
    let is_there = row.last_kind.is_some() || row.last_deleted || !row.preview.is_empty();
    is_there.then(|| LastMessage {
        kind: row.last_kind.map(|kind| kind.name().to_owned()),
        text: row.preview.clone(),
        sender: (!row.last_from_me && !row.last_sender.is_empty()).then(|| row.last_sender.clone()),
        from_me: row.last_from_me,
        deleted: row.last_deleted,
    })
}

/// Muted until a time that is past is muted no more, though the platform has not said so.
fn is_muted(row: &ChatRow, now: i64) -> bool {
    row.muted && (row.mute_until <= 0 || row.mute_until > now)
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}
