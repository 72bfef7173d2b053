//! The list of chats.

use threadkeep_mirror::{self as mirror, ChatRow, ConversationPk, IntegrationPk};
use threadkeep_protocol::{ConversationKind, MessageKind};

use crate::{
    App, Error,
    history::gaps,
    view::{Chat, ChatFilter, ChatKind, ChatPage, ChatQuery},
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
        Ok(ChatPage {
            chats: rows.iter().map(chat).collect(),
            next,
        })
    }

    /// One chat, by its local id.
    ///
    /// # Errors
    /// When there is none, or the mirror cannot be read.
    pub async fn chat(&self, id: &str) -> Result<Chat, Error> {
        let row = self.mirror.chat(read_chat(id)?).await?;
        Ok(chat(&row.ok_or_else(|| Error::NoChat(id.to_owned()))?))
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
        preview: preview(row),
        unread: u32::try_from(row.unread.max(0)).unwrap_or(u32::MAX),
        messages: i64::try_from(row.messages).unwrap_or(i64::MAX),
        last_message_at: (row.last_message_at != 0).then_some(row.last_message_at),
        pinned: row.pinned,
        muted: row.muted,
        archived: row.archived,
        participants: row.participants,
        history_complete: row.history_complete,
        gaps: gaps(row),
    }
}

/// The last message in a line: who said it where that is not plain, and what it is where it has no
/// words.
fn preview(row: &ChatRow) -> String {
    if row.last_deleted {
        return "This message was deleted".to_owned();
    }
    let what = match row.last_kind {
        Some(MessageKind::Image) => "📷 Photo",
        Some(MessageKind::Video) => "🎬 Video",
        Some(MessageKind::Audio) => "🎵 Audio",
        Some(MessageKind::Voice) => "🎤 Voice message",
        Some(MessageKind::Document) => "📄 Document",
        Some(MessageKind::Sticker) => "Sticker",
        Some(MessageKind::Location) => "📍 Place",
        Some(MessageKind::Contact) => "👤 Contact",
        Some(MessageKind::Poll) => "📊 Poll",
        Some(MessageKind::Call) => "📞 Call",
        Some(MessageKind::Unknown) => "Message of an unknown kind",
        Some(MessageKind::Text | MessageKind::System) | None => "",
    };
    let words = match (what, row.preview.as_str()) {
        ("", words) => words.to_owned(),
        (what, "") => what.to_owned(),
        (what, words) => format!("{what}: {words}"),
    };
    match (row.last_from_me, row.last_sender.as_str()) {
        _ if words.is_empty() || row.last_kind == Some(MessageKind::System) => words,
        (true, _) => format!("You: {words}"),
        (false, "") => words,
        (false, sender) => format!("{sender}: {words}"),
    }
}
