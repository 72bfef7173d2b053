//! What whoever runs a server reads beside the streams: threads, their messages, the dashboard.
//!
//! The fields are those of the operators' runbook, in the case of the rest of the protocol
//! (`lastBackfillAt` there is `last_backfill_at` here). They are for people and scripts that look; a
//! client that mirrors pulls the streams.

use serde::{Deserialize, Serialize};

use crate::{
    BackfillResult, Connection, DeliveryStatus, HistoryResult, Id, IntegrationId, MessageKind,
    SyncSource, Timestamp,
};

/// The longest list of threads or of messages in one answer.
pub const MAX_LISTED: u32 = 1_000;

/// How many are listed when the caller asks for no number.
pub const LISTED: u32 = 50;

/// By what threads are ordered, the newest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ThreadOrder {
    /// When something was last said.
    #[default]
    LastMessageAt,
    /// When the server first had them.
    CreatedAt,
}

/// By what the messages of a thread are ordered, the newest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MessageOrder {
    /// When they were said.
    #[default]
    Timestamp,
    /// When the server first had them.
    CreatedAt,
}

/// A conversation, as an operator sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Thread {
    /// The conversation's id.
    pub id: Id,
    /// The integration that it belongs to.
    pub account_id: IntegrationId,
    /// The platform's address of it.
    pub client_jid: String,
    /// Its name; of a direct chat, that of the other one.
    pub display_name: Option<String>,
    /// When something was last said.
    pub last_message_at: Option<Timestamp>,
    /// The beginning of what was last said.
    pub last_message_preview: Option<String>,
    /// When a request for older messages was last made or brought some; dry runs do not count.
    pub last_backfill_at: Option<Timestamp>,
    /// Messages that the server has of it.
    pub message_count: i64,
}

/// Which way a message went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From somebody else.
    Inbound,
    /// One's own.
    Outbound,
}

/// A message, as an operator sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ThreadMessage {
    /// The message's id.
    pub id: Id,
    /// The integration that it belongs to.
    pub account_id: IntegrationId,
    /// The platform's address of its conversation.
    pub client_jid: String,
    /// Which way it went.
    pub direction: Direction,
    /// The text.
    pub body: String,
    /// The platform's id of it.
    pub wa_message_id: String,
    /// How far one's own message got.
    pub status: Option<DeliveryStatus>,
    /// What kind of thing it is.
    pub message_type: MessageKind,
    /// When it was said.
    pub ts_client: Timestamp,
    /// When the server last changed it.
    pub ts_server: Timestamp,
    /// When the server first had it.
    pub created_at: Timestamp,
    /// The same, where it came with history rather than as it was said.
    pub synced_at: Option<Timestamp>,
    /// How it first came.
    pub sync_source: SyncSource,
    /// When the first of the others got it.
    pub delivered_at: Option<Timestamp>,
    /// When the first of the others read it.
    pub read_at: Option<Timestamp>,
    /// What kind of file came with it.
    pub media_type: Option<String>,
    /// The file's type.
    pub media_mimetype: Option<String>,
    /// The file's name, as the sender gave it.
    pub media_filename: Option<String>,
}

/// The answer of `GET /threads/{integration_id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ThreadList {
    /// Always true: what fails is a problem. The runbook's scripts look at it.
    pub success: bool,
    /// The newest first.
    pub threads: Vec<Thread>,
    /// How many are listed.
    pub count: usize,
}

/// The answer of `GET /threads/{integration_id}/{conversation_id}/messages`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ThreadMessages {
    /// Always true: what fails is a problem. The runbook's scripts look at it.
    pub success: bool,
    /// The thread.
    pub thread: Thread,
    /// The newest first.
    pub messages: Vec<ThreadMessage>,
    /// How many are listed.
    pub count: usize,
}

/// The answer of `GET /status/dashboard`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Dashboard {
    /// The accounts that the token may read.
    pub accounts: Vec<DashboardAccount>,
}

/// An account on the dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DashboardAccount {
    /// The integration.
    pub account_id: IntegrationId,
    /// The platform.
    pub integration_type: String,
    /// What a person calls it.
    pub display_name: String,
    /// Whether whoever feeds it is online.
    pub connection: Connection,
    /// Conversations that the server has of it.
    pub thread_count: i64,
    /// Messages that the server has of it.
    pub message_count: i64,
    /// When the platform last sent history.
    pub last_history_sync_at: Option<Timestamp>,
    /// How many messages history syncs have brought.
    pub history_sync_count: i64,
    /// What the last history sync did.
    pub last_history_sync_result: Option<HistoryResult>,
    /// When a backfill last ran.
    pub last_backfill_at: Option<Timestamp>,
    /// What the last backfill did.
    pub last_backfill_result: Option<BackfillResult>,
}
