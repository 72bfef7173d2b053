//! Who got and read which of one's own messages.

use serde::{Deserialize, Serialize};

use super::{RawJson, is_false, or_default, row};
use crate::{Id, Seq, Timestamp};

/// A row of the stream `receipts`. Each time is set once and stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[allow(
    missing_docs,
    reason = "the fields are the protocol's, described there"
)]
pub struct Receipt {
    pub id: Id,
    pub seq: Seq,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    pub message_id: Id,
    pub participant_external_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub played_at: Option<Timestamp>,
    /// What told of it was taken back. Whoever has the row drops it, and digests leave it out.
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "is_false"
    )]
    pub is_withdrawn: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_metadata: Option<RawJson>,
}

row!(Receipt, Receipts);
