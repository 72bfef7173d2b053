//! The mirror: a local copy of what the sync server has, in one SQLite file made for reading.
//!
//! Invariants:
//! - Rows and the cursor behind them commit in one transaction: a cursor is never ahead of its rows.
//! - A row replaces a stored one only if it is newer: by generation (how many histories of the server
//!   this mirror has followed), then by `seq`. So the order of arrival does not matter.
//! - Nothing that came is dropped for coming early: a message waits under a placeholder of its chat,
//!   a file or receipt beside the id of its message.
//! - Counters are kept by the transaction that changes what they count; nothing counts messages.
//! - One thread writes; readers never wait for it.
//!
//! Rejected: a pool crate (none follows our rusqlite); triggers for counters (they run for each row, the
//! writer adds once per chat and transaction); text UUIDs as keys (twice the file, half the speed).

mod apply;
mod cache;
mod change;
mod chat;
mod check;
mod contact;
mod cursor;
mod digest;
mod error;
mod export;
mod files;
mod history;
mod integration;
mod keys;
mod load;
mod media;
mod mend;
mod message;
mod migration;
mod mirror;
mod open;
mod people;
mod pragma;
mod reader;
mod refresh;
mod row;
mod run;
mod search;
mod selection;
mod setting;
mod snapshot;
mod stats;
#[cfg(test)]
mod testing;
mod wal;
mod writer;
mod writing;

pub use apply::{Applied, Batch, Rows};
pub use change::{Change, ChangeKind, Changes};
pub use chat::{
    ChatChoice, ChatCursor, ChatDetails, ChatFilter, ChatName, ChatQuery, ChatRow, MemberRow,
};
pub use check::{Finding, FindingKind};
pub use contact::{
    AddressRow, ContactCursor, ContactPage, ContactQuery, ContactRow, GroupRow, MergedRow,
    PersonRow,
};
pub use cursor::{SyncState, SyncStates};
pub use digest::HeldDigest;
pub use error::{Error, OpenError};
pub use export::{ExportQuery, ExportSize, Exported, NameOf};
pub use integration::{IntegrationRow, NewIntegration, Removed};
pub use keys::{AddressPk, ContactPk, ConversationPk, IntegrationPk, MediaPk, MessagePk, RunPk};
pub use load::Load;
pub use media::{Beside, LocalState, MediaCounts, MediaFile, Queued};
pub use mend::{ServerBucket, Settled, Tidied};
pub use message::{
    Anchor, BadKey, MediaRow, MessageKey, MessagePage, MessageQuery, MessageRow, Quoted, QuotedRow,
    Reaction, ReceiptRow,
};
pub use mirror::{Format, Mirror, Rush};
pub use run::{NewRun, Outcome, RunEnd, RunError, RunRow};
pub use search::{
    About, ByChat, ChatHits, Excerpt, Found, Hit, Mark, Named, Order, Search, SearchPlace,
    SearchQuery, Toward,
};
pub use selection::{Freeing, Frees, Selected, Selection, SelectionPlan, Wanted, WantedStream};
pub use snapshot::Draft;
pub use stats::{Counts, IntegrationStats, Stats};
