//! What a person has chosen for this computer.

use serde::{Deserialize, Serialize};
use threadkeep_sync::{RecentFirst, SyncOptions};

/// How a sync goes about its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SyncSettings {
    /// Ask for everything in one answer where the server knows how; else page by page.
    pub streaming: bool,
    /// Into an empty archive, bring the newest messages of the newest chats first.
    pub recent_first: bool,
    /// Of so many chats.
    pub recent_chats: u32,
    /// So many messages of each.
    pub recent_messages: u32,
}

/// Beyond these, fetching ahead is a pull of its own.
const MOST_CHATS: u32 = 500;
const MOST_MESSAGES: u32 = 1_000;

impl Default for SyncSettings {
    fn default() -> Self {
        let RecentFirst { chats, messages } = RecentFirst::default();
        Self {
            streaming: true,
            recent_first: true,
            recent_chats: chats,
            recent_messages: messages,
        }
    }
}

impl SyncSettings {
    /// The same within what makes sense.
    #[must_use]
    pub fn within_bounds(self) -> Self {
        Self {
            recent_chats: self.recent_chats.clamp(1, MOST_CHATS),
            recent_messages: self.recent_messages.clamp(1, MOST_MESSAGES),
            ..self
        }
    }

    /// What the engine is told.
    pub(crate) fn options(self) -> SyncOptions {
        let recent = RecentFirst {
            chats: self.recent_chats,
            messages: self.recent_messages,
        };
        SyncOptions {
            streaming: self.streaming,
            recent_first: self.recent_first.then_some(recent),
            ..SyncOptions::default()
        }
    }
}
