//! An integration as files: what a client takes instead of pulling the first million rows one by one.
//!
//! For each integration there is a folder with a mirror and its search index, which follow the server's own
//! streams by cursor just as a client would, and the pack made of them: both files in zstd and
//! `manifest.json`, which says what they are.
//!
//! Invariants:
//! - A pack is what the manifest says it is. Packed files are named by their hash and the manifest is
//!   renamed into its place last: a kill at any moment leaves the old pack or the new one.
//! - Files are packed when nobody has them open, one builder a folder at a time (`lock`, which falls with
//!   its process), so that no copy of them is needed.
//! - Nothing but the rows of the one integration is in them: no server's address, no name of an account.
//! - Everything here can be made again. What is damaged, of another format or of another history is thrown
//!   away and made anew.
//! - Packing at every fifth more of rows keeps all packing in proportion to what there is. Rejected: every
//!   100,000 rows. An archive of ten million would be packed a hundred times while it grows.
//!
//! Rejected: `VACUUM INTO` before packing. Mirrors that only follow have few holes, and zstd leaves nothing
//! of those; a hash of the unpacked bytes, which could be checked only after trusting the unpacking.
//!
//! How one is fetched and put into the place of an empty mirror stands in `sync::snapshot` and
//! `mirror::snapshot`.
//!
//! 200,000 messages on a machine that did other things: 7 s from nothing at full pace, with 98 MB of memory; 1.2 s
//! to carry it on by 5,000. Of 112 MiB level 3 of zstd leaves 47 MiB in 1.1 s, level 1 left 54 in 0.6.

mod build;
mod error;
mod folder;
mod pack;
mod source;

use std::path::PathBuf;

pub use build::{Built, Pace};
pub use error::Error;
pub use source::{Pulled, Source};
pub use threadkeep_mirror::Rows;
use threadkeep_mirror::{Mirror, Search};
use threadkeep_protocol::{IntegrationId, Snapshot, Stream, SyncStatus};
use tokio_util::sync::CancellationToken;

use crate::folder::Folder;

/// The snapshots of a server, in a folder of theirs.
#[derive(Debug, Clone)]
pub struct Snapshots {
    folder: PathBuf,
}

impl Snapshots {
    /// Those in this folder, which is made when it is needed.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// What there is of an integration.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn manifest(&self, integration: IntegrationId) -> Result<Option<Snapshot>, Error> {
        self.of(integration).manifest()
    }

    /// Where the packed file of that name is.
    #[must_use]
    pub fn packed(&self, integration: IntegrationId, name: &str) -> PathBuf {
        self.of(integration).packed(name)
    }

    /// Follows the source to its end and packs what is there then. Nothing is packed where the pack is as
    /// new as its source.
    ///
    /// # Errors
    /// When somebody else builds it, it was stopped, or the source or the disk fails. What was there before
    /// is as it was, and the next call goes on from where this one came to.
    pub async fn build<S: Source>(
        &self,
        integration: IntegrationId,
        source: &S,
        pace: Pace,
        stop: &CancellationToken,
    ) -> Result<Built, Error> {
        build::build(&self.of(integration), integration, source, pace, stop).await
    }

    /// Deletes what there is of integrations that are no more.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub fn keep_only(&self, integrations: &[IntegrationId]) -> Result<(), Error> {
        folder::keep_only(&self.folder, integrations)
    }

    fn of(&self, integration: IntegrationId) -> Folder {
        Folder::new(self.folder.join(integration.to_string()))
    }
}

/// Fewer messages than these are pulled as fast.
pub const WORTH_IT: i64 = 50_000;

/// Whether a new pack is worth its making, for an integration of at least so many messages.
#[must_use]
pub fn is_due(held: Option<&Snapshot>, status: &SyncStatus, worth_it: i64) -> bool {
    if status.message_count < worth_it {
        return false;
    }
    let Some(held) = held.filter(|held| is_current(held, &status.epoch)) else {
        return true;
    };
    let rows: i64 = Stream::ALL.iter().map(|&stream| status.count(stream)).sum();
    let latest = Stream::ALL.iter().map(|&stream| status.latest_seq(stream));
    // Each change of a row takes a seq, so the distance is how many rows there are to pull at the most.
    let beyond = latest.max().unwrap_or_default() - held.seq;
    beyond > rows / 5
}

/// Whether a client of this version could use it with a server of this history.
#[must_use]
pub fn is_current(held: &Snapshot, epoch: &str) -> bool {
    held.epoch == epoch
        && held.mirror_format == Mirror::newest_format()
        && held.index_format == Search::format()
}

#[cfg(test)]
mod tests;
