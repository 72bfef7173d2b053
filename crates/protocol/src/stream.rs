//! The six row kinds, in the order in which a pull takes them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// One of the six row kinds, each with a cursor of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Stream {
    /// Chats, groups, broadcasts and channels.
    Conversations,
    /// What was said.
    Messages,
    /// People, by address.
    Contacts,
    /// Who is in which group.
    Participants,
    /// Files that came with messages.
    Media,
    /// Who got and read which message.
    Receipts,
}

impl Stream {
    /// All six in pull order: the order of the first design's client, then what it did not have.
    pub const ALL: [Self; 6] = [
        Self::Conversations,
        Self::Messages,
        Self::Contacts,
        Self::Participants,
        Self::Media,
        Self::Receipts,
    ];

    /// The three streams that every server knows. The others may answer 404.
    pub const SEED: [Self; 3] = [Self::Conversations, Self::Messages, Self::Contacts];

    /// The name in paths and as the key of a page's rows.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Conversations => "conversations",
            Self::Messages => "messages",
            Self::Contacts => "contacts",
            Self::Participants => "participants",
            Self::Media => "media",
            Self::Receipts => "receipts",
        }
    }

    /// Rows in a page when the client asks for no number.
    #[must_use]
    pub const fn default_limit(self) -> u32 {
        match self {
            Self::Conversations => 100,
            Self::Messages => 1_500,
            _ => 500,
        }
    }

    /// The most rows in a page, whatever the client asks for.
    #[must_use]
    pub const fn max_limit(self) -> u32 {
        match self {
            Self::Conversations => 1_000,
            Self::Messages => 10_000,
            _ => 5_000,
        }
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name is none of the six streams.
#[derive(Debug, thiserror::Error)]
#[error("there is no stream {0:?}")]
pub struct UnknownStream(String);

impl FromStr for Stream {
    type Err = UnknownStream;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|stream| stream.name() == name)
            .ok_or_else(|| UnknownStream(name.to_owned()))
    }
}
