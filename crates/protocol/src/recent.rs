//! One answer of `GET /sync/messages/{integration_id}/{conversation_id}`: reading beside the cursor.

use serde::{Deserialize, Serialize};

use crate::{Message, row::or_default};

/// Messages of one conversation, newest first. They are rows of the stream with their seqs, so a client
/// may keep them and moves no cursor by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Recent {
    /// The rows.
    pub messages: Vec<Message>,
    /// Opaque: the `before` of the question for what is older; absent where nothing is.
    #[serde(default)]
    pub next_before: Option<String>,
    /// The id of the server's history; empty where the server has none to tell.
    #[serde(default, deserialize_with = "or_default")]
    pub epoch: String,
}

impl Recent {
    /// Messages in an answer when the client asks for no number.
    pub const DEFAULT_LIMIT: u32 = 50;
    /// The most messages in an answer.
    pub const MAX_LIMIT: u32 = 1_000;
}
