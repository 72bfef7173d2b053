//! Older history on demand: what a client asks for, where a request stands, and what a feeder is asked.

use serde::{Deserialize, Serialize};

use crate::{Seq, Timestamp, row::or_default};

/// The most messages that one request may ask for.
pub const MAX_HISTORY_MESSAGES: u32 = 10_000;

/// The longest a feeder may wait for something to do, in seconds.
pub const MAX_WAIT_SECONDS: u64 = 30;

/// `POST /history/{integration_id}/{conversation_id}`: what a client asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HistoryQuery {
    /// At most this many messages, those included that a resumed request has brought before.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 10_000)))]
    pub max_messages: u32,
    /// Go on with a request that was interrupted or cancelled, rather than begin a new one.
    #[serde(default, deserialize_with = "or_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<bool>"))]
    pub resume: bool,
}

/// The state of a request for older messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum HistoryStatus {
    /// Nobody has asked yet.
    #[default]
    NotStarted,
    /// The feeder is being asked.
    InProgress,
    /// Stopped in the middle (a restart, a phone that does not answer); it can go on.
    Interrupted,
    /// Stopped by the person; it can go on.
    Cancelled,
    /// It brought what was asked for, or all there is.
    Completed,
    /// The feeder said that it cannot.
    Failed,
}

impl HistoryStatus {
    /// All, in the order of the first design.
    pub const ALL: [Self; 6] = [
        Self::NotStarted,
        Self::InProgress,
        Self::Interrupted,
        Self::Cancelled,
        Self::Completed,
        Self::Failed,
    ];

    /// The name on the wire and in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::InProgress => "in_progress",
            Self::Interrupted => "interrupted",
            Self::Cancelled => "cancelled",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }

    /// The status of that name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// Whether a request can go on from here.
    #[must_use]
    pub const fn can_resume(self) -> bool {
        matches!(self, Self::Interrupted | Self::Cancelled)
    }
}

/// Where a request for older messages of one conversation stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Checkpoint {
    /// Which request of this server it is; 0 where nobody has asked yet.
    pub request: i64,
    /// Where it stands.
    pub status: HistoryStatus,
    /// How many messages it may bring.
    pub max_messages: u32,
    /// How many it has brought that were not here before.
    pub messages_synced: u32,
    /// The platform's id of the oldest message that it has brought.
    pub last_message_id: Option<String>,
    /// The time of that message.
    pub last_timestamp: Option<Timestamp>,
    /// How far it is, 0 to 100.
    pub progress_percent: u8,
    /// Why it stopped, in a sentence.
    pub error_message: Option<String>,
    /// When it was first asked.
    pub created_at: Option<Timestamp>,
    /// When it last made a step.
    pub updated_at: Option<Timestamp>,
    /// When it ended well.
    pub completed_at: Option<Timestamp>,
    /// Nothing older exists on the platform.
    pub history_complete: bool,
    /// All rows that it speaks of have a seq up to this one: a client keeps the checkpoint only once its
    /// cursors have come so far.
    pub seq: Seq,
}

/// `GET /ingest/{integration_id}/requests`: what a feeder is asked to do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct FeederRequests {
    /// Whether the feeder is to bring all history when it links the account.
    pub sync_full_history: bool,
    /// What is asked, oldest first. Each is this feeder's for `lease_seconds`.
    pub requests: Vec<FeederRequest>,
}

/// A feeder is asked for messages of one conversation that are older than one it knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FeederRequest {
    /// Named in the answer.
    pub id: i64,
    /// The conversation.
    pub external_conversation_id: String,
    /// The message before which to look; absent where the server has none of the conversation.
    #[serde(default)]
    pub before: Option<Anchor>,
    /// How many messages are wanted.
    pub count: u32,
    /// Which time it is asked, from 1.
    pub attempt: u32,
    /// How long the server waits for the answer before it asks again.
    pub lease_seconds: u64,
}

/// A message before which older ones are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Anchor {
    /// The platform's id of the message.
    pub external_message_id: String,
    /// Its time.
    pub timestamp: Timestamp,
    /// Whether the account sent it.
    pub is_from_me: bool,
    /// Who sent it; absent for one's own.
    #[serde(default)]
    pub sender_external_id: Option<String>,
}

/// `POST /backfill/{integration_id}`: which chats, and how much of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct BackfillQuery {
    /// How many chats, the most recent first; the server's default where absent.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1_000)))]
    pub threads: Option<u32>,
    /// How many messages of each at most; the server's default where absent.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 10_000)))]
    pub count: Option<u32>,
    /// Count what would come and write nothing; the server's default where absent.
    pub dry_run: Option<bool>,
}

/// What a backfill that was started will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BackfillStarted {
    /// How many chats at most.
    pub threads: u32,
    /// How many messages of each at most.
    pub count: u32,
    /// Nothing is written.
    pub dry_run: bool,
    /// One was running already; this is that one.
    pub already_running: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_on_the_wire() {
        for status in HistoryStatus::ALL {
            let wire = serde_json::to_value(status).unwrap();
            assert_eq!(wire, status.name());
            assert_eq!(HistoryStatus::of(status.name()), Some(status));
        }
    }

    #[test]
    fn a_checkpoint_of_the_first_design_is_read() {
        let seed = r#"{"status": "in_progress", "messages_synced": 3, "last_message_id": "A",
            "last_timestamp": "2024-01-01T00:00:00Z", "progress_percent": 30}"#;
        let checkpoint: Checkpoint = serde_json::from_str(seed).unwrap();
        assert_eq!(checkpoint.status, HistoryStatus::InProgress);
        assert_eq!((checkpoint.seq, checkpoint.error_message), (0, None));
    }
}
