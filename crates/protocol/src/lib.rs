//! The contract between the mirror and the sync server, and its only implementation in code.
//!
//! Purpose: row types of the six streams, pages, lines, cursors, neutral records (what translators emit) and
//! problem codes. serde only: nothing here touches a file, a socket or a clock.
//!
//! Invariants:
//! - The cursor is the only truth. A row has exactly one current `seq`; every visible change moves it.
//! - `seq` and times stay below 2^53, so that every JSON reader keeps them whole.
//! - Unknown fields are ignored and a missing optional field is null, both ways, so that a server which
//!   knows only the three streams of the first design can be mirrored, and its clients can read ours.
//! - Message ids are unique per conversation only: identity is (integration, conversation, external id).

mod digest;
mod history;
mod import;
mod integration;
mod jid;
mod lines;
mod live;
pub mod loose;
mod neutral;
mod operator;
mod page;
mod problem;
mod recent;
mod report;
mod row;
#[cfg(feature = "schema")]
mod schema;
mod snapshot;
mod status;
mod stream;
mod timestamp;
mod view;

pub use digest::{BUCKETS, BucketDigest, Buckets, DigestSum, NoDigest, StreamDigest};
pub use history::{
    Anchor, BackfillQuery, BackfillStarted, Checkpoint, FeederRequest, FeederRequests,
    HistoryQuery, HistoryStatus, MAX_HISTORY_MESSAGES, MAX_WAIT_SECONDS,
};
pub use import::{
    Import, ImportState, ImportStep, MessageSource, NewImport, SourceKind, UnknownImportState,
};
pub use integration::{
    BackfillResult, Connection, HistoryResult, Integration, ThreadResult, UnknownConnection,
};
pub use jid::{Jid, ME};
pub use lines::{Cursor, CursorLine, MAX_SPAN_ROWS, NDJSON};
pub use live::{ConnectionState, HistoryMove, LIVE_CHANGE, LIVE_CONNECTION, LIVE_HISTORY};
pub use neutral::{
    Address, ContactRecord, ConversationRecord, Edit, HistoryAnswer, HistoryAsked, MediaRecord,
    MessageRecord, ParticipantRecord, ReactionRecord, ReceiptRecord, ReceiptTimes, Record, Revoke,
    StatusRecord,
};
pub use operator::{
    Dashboard, DashboardAccount, Direction, LISTED, MAX_LISTED, MessageOrder, Thread, ThreadList,
    ThreadMessage, ThreadMessages, ThreadOrder,
};
pub use page::Page;
pub use problem::{Code, Problem};
pub use recent::Recent;
pub use report::{IngestReport, RecordError, UnknownCount};
pub use row::{
    Contact, Conversation, ConversationKind, DeliveryStatus, Media, Message, MessageEdit,
    MessageKind, MessageReaction, Participant, RawJson, Receipt, Role, Row, StoredMedia,
    SyncSource,
};
pub use snapshot::{Snapshot, SnapshotFile, SnapshotKind};
pub use status::SyncStatus;
pub use stream::Stream;
pub use timestamp::{Timestamp, TimestampError};
pub use view::{ChatRule, MAX_VIEW_CHATS, Rule, StoredView, View};

/// Names a row for good: our server makes version 7, so that ids ascend; a client accepts any UUID.
pub type Id = uuid::Uuid;

/// Names an integration (one linked account on one platform) on one server.
pub type IntegrationId = i64;

/// A place in an integration's history. Rows with a greater `seq` came later.
pub type Seq = i64;

/// `platform_metadata`: what the platform said that has no column of its own.
pub type Metadata = serde_json::Map<String, serde_json::Value>;

/// The largest request body a server reads, in bytes.
pub const MAX_BODY_BYTES: usize = 32 * 1024 * 1024;

/// The longest line of an NDJSON body, in bytes.
pub const MAX_LINE_BYTES: usize = 4 * 1024 * 1024;

/// The longest `last_message_preview` and `reply_to_preview`, in characters.
pub const PREVIEW_CHARS: usize = 100;

/// The first `PREVIEW_CHARS` characters of a text, on one line.
#[must_use]
pub fn preview(text: &str) -> String {
    text.chars()
        .take(PREVIEW_CHARS)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
