//! The engine that brings a mirror up to date with a server.
//!
//! A run looks where both sides stand (`remote`, the mirror's cursors), plans what there is to pull
//! (`plan`, pure), then pulls and writes at the same time (`pull`, `write`): one request is under way
//! while the page before it is parsed and the pages before that are written. A server that knows how
//! answers with the rest of a stream in lines, and each span between two cursor lines goes the way of a
//! page (`lines`). Rows and the cursor behind them commit in one transaction of the mirror.
//!
//! Invariants:
//! - The cursor is the only truth. A run that is cut anywhere has committed whole pages, and the next
//!   one goes on behind them. What an empty mirror gets first (`recent`) moves no cursor.
//! - A page that fails a check changes nothing (`page`).
//! - A server that does not lead on is given up within a bound; what may pass is tried again within a
//!   budget (`retry`); every wait can be cancelled.
//! - One failed stream does not cost the others, except where the next request would fail the same way:
//!   a server that is gone, a token that is refused, a mirror that cannot be written.
//! - Every error is one sentence that a person can act on, with a stable code, and without secrets.
//!
//! An empty mirror may begin with all rows at once, where the server has them as files (`snapshot`).
//!
//! What a person has chosen not to keep is not asked for (`scope`).
//!
//! What was pulled can be compared with the server and mended (`verify`).
//!
//! Rejected: a trait over the HTTP client (one implementation; tests serve real sockets); pulling the
//! streams side by side (messages would come before their conversations, and one writer takes them all
//! anyway); counting on `has_more` alone.
//!
//! The bytes of files are fetched one by one (`media`), beside the rows and after them.
//!
//! `follow` stays current: it listens to the server's live events and has somebody run a pull when
//! something has changed.

mod beside;
mod clock;
mod engine;
mod error;
mod follow;
mod history;
mod lines;
mod media;
mod options;
mod page;
mod plan;
mod progress;
mod pull;
mod recent;
mod remote;
mod report;
mod retry;
mod scope;
mod slice;
mod snapshot;
mod verify;
mod write;

pub use beside::{Beside, sync_beside};
pub use engine::sync;
pub use error::{CursorFault, Sign, SnapshotFault, SyncError, TlsFault};
pub use follow::{FollowOptions, Followed, follow};
pub use history::{Look, Thread};
pub use media::{MediaError, WantedFile, fetch as fetch_media};
pub use options::{PageLimit, RecentFirst, Record, SnapshotFirst, SyncOptions};
pub use plan::{EpochAction, Held, Plan, Regression, Step, plan};
pub use progress::{Progress, Stage};
pub use remote::{Health, Live, LiveEvent, Remote, RemoteOptions};
pub use report::RunReport;
pub use retry::RetryPolicy;
pub use snapshot::Taken;
pub use threadkeep_mirror::{Outcome, RunError};
pub use verify::{Phase, Verdict, VerifyOptions, VerifyProgress, VerifyReport, verify};
