//! What a run is told.

use std::time::Duration;

use threadkeep_protocol::{Stream, SyncStatus};

use crate::RetryPolicy;

/// Rows that are asked for at a time. A larger page saves round trips, a smaller one shows something
/// sooner and is lost sooner on a bad network; when answers come too late or too large, the run halves
/// them by itself. A server may send fewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageLimit {
    /// Of conversations.
    pub conversations: u32,
    /// Of messages.
    pub messages: u32,
    /// Of each other stream.
    pub others: u32,
}

impl Default for PageLimit {
    fn default() -> Self {
        Self {
            conversations: 500,
            messages: 5_000,
            others: 2_000,
        }
    }
}

impl PageLimit {
    /// The same for all streams.
    #[must_use]
    pub const fn all(limit: u32) -> Self {
        Self {
            conversations: limit,
            messages: limit,
            others: limit,
        }
    }

    /// The rows to ask for, at least one and at most what the protocol allows.
    #[must_use]
    pub fn of(&self, stream: Stream) -> u32 {
        let limit = match stream {
            Stream::Conversations => self.conversations,
            Stream::Messages => self.messages,
            _ => self.others,
        };
        limit.clamp(1, stream.max_limit())
    }
}

/// What a run into an empty mirror fetches before anything else: the newest messages of the newest chats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecentFirst {
    /// So many chats.
    pub chats: u32,
    /// So many messages of each.
    pub messages: u32,
}

impl Default for RecentFirst {
    fn default() -> Self {
        Self {
            chats: 50,
            messages: 50,
        }
    }
}

/// When a run into an empty mirror takes everything at once, where the server has it as packed files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SnapshotFirst {
    /// For accounts of at least so many messages; fewer are pulled as fast.
    pub least: u64,
    /// A download that would take longer is left: meanwhile there is nothing to read.
    pub patience: Duration,
}

impl Default for SnapshotFirst {
    fn default() -> Self {
        Self {
            least: 10_000,
            patience: Duration::from_secs(15),
        }
    }
}

/// Which runs are written into the mirror's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Record {
    /// Every one, from its beginning, so that one that was cut is seen too. For what a person started.
    Every,
    /// Those that brought something or failed, at their end, and several of an hour as one. For what
    /// runs by itself, all day long.
    Changes,
}

/// How a run goes about its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncOptions {
    /// How it was started, for the log of runs: `manual`, `timer`, `live`.
    pub mode: String,
    /// Whether a run that found nothing is worth a line in the log.
    pub record: Record,
    /// Where the server stands, where that is known already; it saves a request. What it says must not
    /// be older than the mirror's cursors.
    pub standing: Option<SyncStatus>,
    /// How many rows are asked for at a time; in lines, how many may lie between two cursor lines.
    pub page_limit: PageLimit,
    /// Asks for the rest of a stream in one answer; servers that do not know how send pages.
    pub streaming: bool,
    /// What an empty mirror gets first; nothing: all in the order of the streams.
    pub recent_first: Option<RecentFirst>,
    /// Whether an empty mirror may begin with everything at once.
    pub snapshot: Option<SnapshotFirst>,
    /// How often and how soon a request is made again.
    pub retry: RetryPolicy,
}

impl Default for SyncOptions {
    fn default() -> Self {
        Self {
            mode: "manual".into(),
            record: Record::Every,
            standing: None,
            page_limit: PageLimit::default(),
            streaming: true,
            recent_first: Some(RecentFirst::default()),
            snapshot: Some(SnapshotFirst::default()),
            retry: RetryPolicy::default(),
        }
    }
}
