//! A file that came with a message.

use serde::{Deserialize, Serialize};

use super::{RawJson, is_false, or_default, row};
use crate::{Id, Seq, Timestamp};

/// A row of the stream `media`. The bytes travel apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[allow(
    missing_docs,
    reason = "the fields are the protocol's, described there"
)]
pub struct Media {
    pub id: Id,
    pub seq: Seq,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    pub message_id: Id,
    #[serde(default, deserialize_with = "or_default")]
    pub media_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// As the sender named it: never a path to write to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// In bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_size: Option<i64>,
    /// Of the plain bytes, in lower-case hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// In pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<i64>,
    /// In pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<i64>,
    /// In seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<i64>,
    /// The server has the bytes.
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "is_false"
    )]
    pub has_content: bool,
    /// A small picture, base64, at most 8 KiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<String>,
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

row!(Media, Media);

/// The bytes of a file that a server has taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StoredMedia {
    /// Of the bytes, in lower-case hex.
    pub sha256: String,
    /// In bytes.
    pub file_size: i64,
}
