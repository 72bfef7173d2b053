//! A first pull at one go: the account as packed files, where the server has them.
//!
//! A mirror and its search index are fetched, checked, unpacked and put in the place of the empty mirror
//! (`Mirror::take_snapshot`); the run then goes on by cursor as if it had pulled the rows itself.
//!
//! Invariants:
//! - It is a short cut: whatever goes wrong with it, the run pulls, and the mirror is as empty as it was. Only being
//!   stopped ends the run.
//! - The files are a stranger's until they are checked: size and hash as they stream, no more unpacked than was
//!   announced, no name of theirs on this disk.
//! - What has come of a file is kept while that file may still be had, and gone on with by the next run;
//!   whatever is of no more use is deleted by the run that sees it.
//!
//! It comes before the newest messages of the newest chats (`recent`), since those would have numbers that
//! the snapshot gives to other rows while a person reads them. So it must not take long: where the download will not be over within
//! `patience`, going by what has come, it is left, and the pull has something to read within a second.
//!
//! Rejected: both at once, with the rows renamed afterwards (a window that is open on a chat would have to be told that
//! it is another one); asking how fast the network is (what it was a minute ago is no promise).

mod fetch;
mod unpack;

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use threadkeep_mirror::{Draft, Mirror, Search};
use threadkeep_protocol::{Snapshot, SnapshotFile, SnapshotKind, Stream, SyncStatus};

use crate::{
    SyncError, clock, engine::Run, error::SnapshotFault, options::SnapshotFirst, plan::Plan,
    retry::retry,
};

use fetch::Pace;

/// No file grows so much by unpacking; what says so wants to fill the disk.
const MOST_UNPACKED: u64 = 200;

/// What came at one go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Taken {
    /// Rows of all streams.
    pub rows: u64,
    /// Bytes that came over the network.
    pub bytes: u64,
}

impl SnapshotFirst {
    /// Whether it gains anything: nothing has come yet, and much is to come.
    pub(crate) fn is_worth_it(self, plan: &Plan, status: &SyncStatus) -> bool {
        let messages = u64::try_from(status.count(Stream::Messages)).unwrap_or_default();
        messages >= self.least
            && !status.epoch.is_empty()
            && plan.regressed.is_empty()
            && plan.steps.iter().all(|step| step.from == 0)
    }
}

impl Run<'_> {
    /// Takes a snapshot if that is possible and gains something. Says whether the cursors have moved.
    pub(crate) async fn short_cut(
        &mut self,
        plan: &Plan,
        status: Option<&SyncStatus>,
    ) -> Result<bool, SyncError> {
        let (Some(options), Some(status)) = (self.options.snapshot, status) else {
            return Ok(false);
        };
        let is_worth_it = options.is_worth_it(plan, status)
            && self.mirror.takes_snapshot(self.pk).await?
            && self.mirror.want(self.pk).await?.is_plain();
        if !is_worth_it {
            self.forget_drafts().await;
            return Ok(false);
        }
        self.meter.plan(&plan.steps);
        let taken = self.take(options, status).await;
        if let Ok(taken) = taken {
            self.ledger.brought(taken);
        }
        if self.cancel.is_cancelled() {
            return Err(SyncError::Cancelled);
        }
        if let Err(error) = taken {
            tracing::info!(%error, "no snapshot is taken");
            if error.is_transient() {
                // What has come is gone on with, should the pull bring nothing either.
                return Ok(false);
            }
        }
        self.forget_drafts().await;
        Ok(self.ledger.taken.is_some())
    }

    /// Deletes what has come of files that will not be gone on with.
    pub(crate) async fn forget_drafts(&self) {
        if let Err(error) = self.mirror.forget_drafts().await {
            tracing::warn!(%error, "what is left of a snapshot cannot be deleted");
        }
    }

    async fn take(&self, options: SnapshotFirst, status: &SyncStatus) -> Result<Taken, SyncError> {
        let ask = || {
            self.tally.request();
            self.remote.snapshot(self.remote_id)
        };
        let waiting = |_: &SyncError, wait| self.meter.waiting(wait);
        let offered = retry(&self.options.retry, self.cancel, waiting, ask).await?;
        let (mirror, index) = usable(&offered, &status.epoch)?;
        let drafts = self.mirror.drafts();
        let total = mirror.packed_bytes + index.map_or(0, |index| index.packed_bytes);
        let pace = Pace::start(options.patience, total, self.meter);
        let fetched = async {
            let index = async {
                match index {
                    Some(file) => self
                        .unpacked(file, &drafts, "search", &pace)
                        .await
                        .map(Some),
                    None => Ok(None),
                }
            };
            tokio::try_join!(self.unpacked(mirror, &drafts, "mirror", &pace), index)
        };
        let fetched = tokio::select! {
            biased;
            () = self.cancel.cancelled() => return Err(SyncError::Cancelled),
            fetched = fetched => fetched,
        };
        let (mirror, index) = fetched?;
        let draft = Draft {
            mirror,
            index,
            integration: self.remote_id,
            epoch: offered.epoch.clone(),
            cursors: offered.cursors.clone(),
        };
        let (at, cancel) = (clock::now().millis(), self.cancel.clone());
        let goes_on = move || !cancel.is_cancelled();
        let rows = self
            .mirror
            .take_snapshot(self.pk, draft, at, goes_on)
            .await?;
        self.tally.came(total);
        Ok(Taken { rows, bytes: total })
    }

    /// A file as it was before it was packed.
    async fn unpacked(
        &self,
        file: &SnapshotFile,
        drafts: &Path,
        stem: &str,
        pace: &Pace<'_, '_>,
    ) -> Result<PathBuf, SyncError> {
        let packed = drafts.join(format!("{stem}-{}.zst", file.sha256));
        let place = drafts.join(format!("{stem}.db"));
        self.fetch(file, &packed, pace).await?;
        let (cancel, bytes, unpacked) = (self.cancel.clone(), file.bytes, place.clone());
        let goes_on = move || !cancel.is_cancelled();
        let unpack = move || unpack::unpack(&packed, &unpacked, bytes, goes_on);
        tokio::task::spawn_blocking(unpack)
            .await
            .map_err(SyncError::Decoder)??;
        Ok(place)
    }
}

/// The files of what is offered, if this program can use them.
fn usable<'s>(
    offered: &'s Snapshot,
    epoch: &str,
) -> Result<(&'s SnapshotFile, Option<&'s SnapshotFile>), SnapshotFault> {
    if offered.epoch != epoch {
        return Err(SnapshotFault::OtherHistory);
    }
    if offered.mirror_format != Mirror::newest_format() {
        return Err(SnapshotFault::OtherFormat);
    }
    let mirror = offered
        .file(SnapshotKind::Mirror)
        .ok_or(SnapshotFault::OtherFormat)?;
    let index = offered.file(SnapshotKind::Index);
    // Without one it is made here.
    let index = index.filter(|_| offered.index_format == Search::format());
    let files = [Some(mirror), index];
    if files.into_iter().flatten().all(is_sound) {
        Ok((mirror, index))
    } else {
        Err(SnapshotFault::Announced)
    }
}

/// Whether a file could be what it is said to be. Its hash becomes a name here, its name a part of an address.
fn is_sound(file: &SnapshotFile) -> bool {
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    file.sha256.len() == 64
        && file.sha256.bytes().all(is_hex)
        && !file.name.starts_with('.')
        && file.name.bytes().all(is_plain)
        && file.bytes / MOST_UNPACKED <= file.packed_bytes
}

/// Makes the folder that holds what is on its way; for nobody else to read.
fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A file that only its owner can read, with what is in it already or empty.
fn private(path: &Path, is_kept: bool) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options
        .read(true)
        .write(true)
        .create(true)
        .truncate(!is_kept);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The longest that a download may stall beyond its patience.
const fn bound(patience: Duration) -> Duration {
    patience.saturating_mul(2)
}
