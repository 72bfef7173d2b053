//! What stands before the messages of a chat.

use std::collections::HashMap;

use serde_json::{Value, json};
use threadkeep_protocol::{
    ContactRecord, ConversationKind, ConversationRecord, Metadata, Record, Timestamp,
};

use crate::json::value::{number, text};

/// What a chat is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One's notes to oneself.
    Saved,
    Person,
    Group,
    /// A large group: to Telegram a channel in which all may write.
    Supergroup,
    Channel,
}

impl Kind {
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "saved_messages" => Self::Saved,
            "personal_chat" | "bot_chat" | "replies" | "verify_codes" => Self::Person,
            "private_group" => Self::Group,
            "private_supergroup" | "public_supergroup" => Self::Supergroup,
            "private_channel" | "public_channel" => Self::Channel,
            _ => return None,
        })
    }

    /// Whether nobody writes in it but the chat's own person and whoever exported it.
    pub(super) const fn is_of_one(self) -> bool {
        matches!(self, Self::Saved | Self::Person)
    }

    const fn prefix(self) -> &'static str {
        match self {
            Self::Saved | Self::Person => "user",
            Self::Group => "chat",
            Self::Supergroup | Self::Channel => "channel",
        }
    }

    const fn conversation(self) -> ConversationKind {
        match self {
            Self::Saved | Self::Person => ConversationKind::Direct,
            Self::Group | Self::Supergroup => ConversationKind::Group,
            Self::Channel => ConversationKind::Channel,
        }
    }
}

/// A chat whose messages are being read.
pub(super) struct Chat {
    pub(super) id: String,
    pub(super) kind: Kind,
    name: Option<String>,
    type_name: String,
    has_left: bool,
    /// Titles of a forum's topics by the ids of their first messages.
    pub(super) topics: HashMap<i64, String>,
    /// Of the message before: what has no time of its own gets this one.
    pub(super) last: Timestamp,
}

impl Chat {
    /// From the members that stand before the messages.
    pub(super) fn new(head: &Value, has_left: bool) -> Result<Self, &'static str> {
        let type_name = text(head, "type").ok_or("nothing before its messages says what it is")?;
        let kind = Kind::of(type_name).ok_or("it is of a kind that nobody here knows")?;
        let id = number(head, "id").ok_or("no id stands before its messages")?;
        Ok(Self {
            id: format!("{}{id}", kind.prefix()),
            kind,
            name: text(head, "name").map(str::to_owned),
            type_name: type_name.to_owned(),
            has_left,
            topics: HashMap::new(),
            last: Timestamp::default(),
        })
    }

    /// What is known of the chat, and of its person.
    pub(super) fn records(&self) -> Vec<Record> {
        let mut metadata = Metadata::from_iter([("type".to_owned(), json!(self.type_name))]);
        if self.has_left {
            metadata.insert("left".to_owned(), json!(true));
        }
        let name = match self.kind {
            Kind::Saved => Some("Saved Messages".to_owned()),
            _ => self.name.clone(),
        };
        let mut records = vec![Record::Conversation(ConversationRecord {
            external_conversation_id: self.id.clone(),
            conversation_type: Some(self.kind.conversation()),
            name: name.clone(),
            platform_metadata: Some(metadata),
            ..ConversationRecord::default()
        })];
        if self.kind == Kind::Person && name.is_some() {
            records.push(Record::Contact(ContactRecord {
                external_contact_id: self.id.clone(),
                display_name: name,
                ..ContactRecord::default()
            }));
        }
        records
    }
}

/// A person of the list of contacts; `None` where the entry names nobody.
pub(super) fn contact(entry: &Value) -> Option<ContactRecord> {
    let id = number(entry, "user_id").filter(|id| *id != 0)?;
    let first_name = text(entry, "first_name").map(str::to_owned);
    let last_name = text(entry, "last_name").map(str::to_owned);
    let names: Vec<&str> = [&first_name, &last_name]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    Some(ContactRecord {
        external_contact_id: format!("user{id}"),
        display_name: (!names.is_empty()).then(|| names.join(" ")),
        first_name,
        last_name,
        phone_number: text(entry, "phone_number").map(phone),
        username: text(entry, "username").map(|name| name.trim_start_matches('@').to_owned()),
        ..ContactRecord::default()
    })
}

/// A number without the gaps that are written for people.
pub(super) fn phone(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii_digit() || *c == '+')
        .collect()
}
