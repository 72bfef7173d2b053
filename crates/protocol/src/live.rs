//! `GET /live/{integration_id}`: server-sent events that make a client pull sooner. A client that misses
//! some, or all of them, loses nothing: the cursor is the only truth.

use serde::{Deserialize, Serialize};

use crate::{Checkpoint, Connection, Id};

/// Rows have changed; the data is a `SyncStatus`. One comes at once upon connecting.
pub const LIVE_CHANGE: &str = "change";

/// The state of whoever feeds the account; the data is a `ConnectionState`. One comes upon connecting.
pub const LIVE_CONNECTION: &str = "connection";

/// A request for older messages has moved; the data is a `HistoryMove`. Those that run come upon
/// connecting.
pub const LIVE_HISTORY: &str = "history";

/// Where the request of a conversation stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HistoryMove {
    /// The conversation.
    pub conversation_id: Id,
    /// Its request.
    pub checkpoint: Checkpoint,
}

/// Whether whoever feeds an account is online: told by `PUT /integrations/{integration_id}/connection`,
/// heard as a live event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConnectionState {
    /// The state.
    pub connection: Connection,
}
