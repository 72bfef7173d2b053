//! What the sync server keeps, and where a change gets its seq.
//!
//! One SQLite file holds the rows of the six streams, the integrations, and the tokens (hashed).
//! Everything comes in as neutral records through [`Store::ingest`] and leaves as pages by cursor.
//!
//! Invariants:
//! - Every visible change of a row gives it a new seq, taken from the integration's counter in the
//!   transaction that makes the change, under the write lock: a reader that has seen 11 never later
//!   finds a new 10. A change that nobody can see moves nothing.
//! - One ingest is one transaction. In it a row moves once, however many records touched it.
//! - What a record says about a message does not depend on when it comes: edits, reactions, receipts
//!   and statuses carry an order of their own, and what comes before its message waits for it.
//! - No reader counts rows: counts, latest seqs and rows per stretch of seqs are kept by the writer.
//! - A row is never deleted, since a client would not learn of it: what turned out to be another is
//!   marked (`merged_into`, `is_deleted`, `left_at`), and so is what was taken back (`is_withdrawn`), which no
//!   count and no digest holds.
//! - A message that several sources know keeps what each of them says, and its row follows from all: the
//!   outcome does not depend on who came first, and an import can be taken back as though it had never
//!   come. Chats, people and members keep no more than who knows them and what imports changed.
//!
//! What is said without a time (a name, a star, an archived chat) holds in the order of arrival.
//!
//! There is no trait over the store: a second implementation will bring it.

mod bucket;
mod clock;
mod connection;
mod content;
mod coverage;
mod dashboard;
mod digest;
mod error;
mod grant;
mod history;
mod import;
mod ingest;
mod integration;
mod kept;
mod mark;
mod page;
mod reaction;
mod recent;
mod removal;
mod row;
mod sliced;
mod status;
mod store;
mod thread;
mod token;
mod version;
mod view;
mod watch;

pub use content::Announced;
pub use error::{OpenError, StoreError};
pub use grant::{Grant, Scope, UnknownScope};
pub use history::{Asker, NewHistory, StepLimits, Thread};
pub use ingest::IngestOptions;
pub use integration::NewIntegration;
pub use mark::Epoch;
pub use recent::Before;
pub use row::StoredRow;
pub use store::Store;
pub use token::{CreatedToken, NewToken, TokenInfo};
pub use view::Slice;
pub use watch::{Standing, Watch};
