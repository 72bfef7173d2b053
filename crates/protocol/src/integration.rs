//! `GET /integrations`: the accounts that a token may read.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{IntegrationId, Timestamp, row::or_default};

/// One linked account on one platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Integration {
    /// Its id on this server.
    pub id: IntegrationId,
    /// The platform, such as `whatsapp`.
    pub integration_type: String,
    /// The account's own address, where known.
    #[serde(default)]
    pub external_id: Option<String>,
    /// What a person calls it.
    #[serde(default, deserialize_with = "or_default")]
    pub display_name: String,
    /// Whether whoever feeds it is online.
    #[serde(default, deserialize_with = "or_default")]
    pub connection: Connection,
    /// When the platform last sent history.
    #[serde(default)]
    pub last_history_sync_at: Option<Timestamp>,
    /// How many messages history syncs have brought.
    #[serde(default, deserialize_with = "or_default")]
    pub history_sync_count: i64,
    /// What the last history sync did.
    #[serde(default)]
    pub last_history_sync_result: Option<HistoryResult>,
    /// When a backfill last ran.
    #[serde(default)]
    pub last_backfill_at: Option<Timestamp>,
    /// What the last backfill did.
    #[serde(default)]
    pub last_backfill_result: Option<BackfillResult>,
}

/// The state of whoever feeds an integration.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Connection {
    /// Online.
    Connected,
    /// On its way.
    Connecting,
    /// Waiting for the person to link the device.
    Pairing,
    /// The person unlinked the device.
    LoggedOut,
    /// Offline, or never connected; also what a newer server says and we do not know.
    #[default]
    #[serde(other)]
    Disconnected,
}

impl Connection {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Connected,
        Self::Connecting,
        Self::Pairing,
        Self::LoggedOut,
        Self::Disconnected,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Connecting => "connecting",
            Self::Pairing => "pairing",
            Self::LoggedOut => "logged_out",
            Self::Disconnected => "disconnected",
        }
    }
}

/// The name is none of the states.
#[derive(Debug, thiserror::Error)]
#[error(
    "{0:?} is no state of a connection: it is one of connected, connecting, pairing, logged_out, \
     disconnected"
)]
pub struct UnknownConnection(String);

impl FromStr for Connection {
    type Err = UnknownConnection;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|connection| connection.name() == name)
            .ok_or_else(|| UnknownConnection(name.to_owned()))
    }
}

/// What a history sync did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct HistoryResult {
    /// Records that made or changed a row.
    pub saved: i64,
    /// Records that said what was known.
    pub skipped: i64,
    /// Records that could not be read.
    pub errors: i64,
    /// All of them.
    pub total: i64,
    /// Nothing was written.
    pub dry_run: bool,
}

/// What a backfill did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct BackfillResult {
    /// Conversations asked for.
    pub threads: i64,
    /// Messages that came.
    pub messages: i64,
    /// Conversations that failed.
    pub errors: i64,
    /// Nothing was written.
    pub dry_run: bool,
    /// Each conversation by itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub thread_results: Vec<ThreadResult>,
}

/// What a backfill did to one conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ThreadResult {
    /// The platform's address of the conversation.
    pub external_conversation_id: String,
    /// Messages that came.
    pub messages: i64,
    /// Why no more came, where something went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}
