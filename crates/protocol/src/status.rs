//! `GET /sync/status/{integration_id}`: where the server stands.

use serde::{Deserialize, Serialize};

use crate::{Seq, Stream, Timestamp, row::or_default};

/// The latest seq and the number of rows of each stream. All fields default, so that a server which
/// knows fewer streams can be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[allow(
    missing_docs,
    reason = "twelve fields of one pattern: latest_<row>_seq and <row>_count"
)]
pub struct SyncStatus {
    #[serde(deserialize_with = "or_default")]
    pub latest_conversation_seq: Seq,
    #[serde(deserialize_with = "or_default")]
    pub latest_message_seq: Seq,
    #[serde(deserialize_with = "or_default")]
    pub latest_contact_seq: Seq,
    #[serde(deserialize_with = "or_default")]
    pub latest_participant_seq: Seq,
    #[serde(deserialize_with = "or_default")]
    pub latest_media_seq: Seq,
    #[serde(deserialize_with = "or_default")]
    pub latest_receipt_seq: Seq,
    #[serde(deserialize_with = "or_default")]
    pub conversation_count: i64,
    #[serde(deserialize_with = "or_default")]
    pub message_count: i64,
    #[serde(deserialize_with = "or_default")]
    pub contact_count: i64,
    #[serde(deserialize_with = "or_default")]
    pub participant_count: i64,
    #[serde(deserialize_with = "or_default")]
    pub media_count: i64,
    #[serde(deserialize_with = "or_default")]
    pub receipt_count: i64,
    /// The id of the server's history; empty where the server has none to tell.
    #[serde(deserialize_with = "or_default")]
    pub epoch: String,
    pub server_time: Option<Timestamp>,
}

impl SyncStatus {
    /// The seq of the stream's newest row; 0 where it has none.
    #[must_use]
    pub const fn latest_seq(&self, stream: Stream) -> Seq {
        match stream {
            Stream::Conversations => self.latest_conversation_seq,
            Stream::Messages => self.latest_message_seq,
            Stream::Contacts => self.latest_contact_seq,
            Stream::Participants => self.latest_participant_seq,
            Stream::Media => self.latest_media_seq,
            Stream::Receipts => self.latest_receipt_seq,
        }
    }

    /// How many rows the stream has, deleted ones included.
    #[must_use]
    pub const fn count(&self, stream: Stream) -> i64 {
        match stream {
            Stream::Conversations => self.conversation_count,
            Stream::Messages => self.message_count,
            Stream::Contacts => self.contact_count,
            Stream::Participants => self.participant_count,
            Stream::Media => self.media_count,
            Stream::Receipts => self.receipt_count,
        }
    }

    /// Sets both figures of a stream.
    pub const fn set(&mut self, stream: Stream, latest_seq: Seq, count: i64) {
        let (seq_field, count_field) = match stream {
            Stream::Conversations => (
                &mut self.latest_conversation_seq,
                &mut self.conversation_count,
            ),
            Stream::Messages => (&mut self.latest_message_seq, &mut self.message_count),
            Stream::Contacts => (&mut self.latest_contact_seq, &mut self.contact_count),
            Stream::Participants => (
                &mut self.latest_participant_seq,
                &mut self.participant_count,
            ),
            Stream::Media => (&mut self.latest_media_seq, &mut self.media_count),
            Stream::Receipts => (&mut self.latest_receipt_seq, &mut self.receipt_count),
        };
        *seq_field = latest_seq;
        *count_field = count;
    }
}
