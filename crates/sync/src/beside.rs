//! A run beside somebody who makes rows on the server: it looks again whenever there are more, so that what
//! is made is pulled meanwhile and not only afterwards.
//!
//! Invariants: it ends with a look that began after the last row was made; and with it alone stands what has
//! gone wrong, for what was missed before is made up for by it.

use threadkeep_mirror::{IntegrationPk, Mirror};
use threadkeep_protocol::IntegrationId;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{Progress, Remote, RunReport, SyncError, SyncOptions, engine::Run, progress::Meter};

/// What a run is told while somebody makes rows beside it.
#[derive(Debug)]
pub struct Beside {
    /// Changes when there are more; nobody can change it any more once there is no more to come.
    pub news: watch::Receiver<u64>,
    /// Ends the run.
    pub cancel: CancellationToken,
}

/// Brings what the mirror holds of one account up to date with the server as `sync` does, again and again:
/// whenever `news` has changed since it began to look, and at last when nobody can change it any more.
pub async fn sync_beside(
    mirror: &Mirror,
    pk: IntegrationPk,
    remote: &Remote,
    remote_id: IntegrationId,
    options: SyncOptions,
    beside: Beside,
    progress: impl Fn(Progress) + Send + Sync,
) -> RunReport {
    let Beside { news, cancel } = beside;
    let meter = Meter::new(pk, &progress);
    let mut run = Run::new(mirror, pk, remote, remote_id, &options, &cancel, &meter);
    let log = run.begin().await;
    if log.is_some()
        && let Err(error) = run.until_told_all(news).await
    {
        run.ledger.stopped(&error);
    }
    run.finish(log).await;
    run.report().await
}

impl Run<'_> {
    async fn until_told_all(&mut self, mut news: watch::Receiver<u64>) -> Result<(), SyncError> {
        let mut is_well = true;
        loop {
            let changed = tokio::select! {
                biased;
                () = self.cancel.cancelled() => return Err(SyncError::Cancelled),
                changed = news.changed() => changed,
            };
            let is_last = changed.is_err();
            // A server that does not answer now is not asked again before the end.
            if !is_last && !is_well {
                continue;
            }
            self.ledger.forgive();
            let looked = self.passes().await;
            if is_last || matches!(looked, Err(SyncError::Cancelled)) {
                return looked;
            }
            is_well = looked.is_ok() && self.ledger.errors().is_empty();
        }
    }
}
