//! Verifying: whether the mirror holds what the server holds, and mending it where it does not.
//!
//! The account is pulled to its end, then each stream's sums are compared, bucket by bucket. Where a
//! bucket differs its rows are pulled from the start and put over what is here; then it is compared
//! again. Sums are of ids and seqs, so a text that was altered under its seq is found only by a full
//! verification, which pulls every row.
//!
//! A server that is written to meanwhile is followed: a bucket is compared only where nothing in it has
//! changed since the server summed it up, the others in the next round. So it ends unless every bucket
//! changes all the while, and then it is given up within a bound.
//!
//! Invariants:
//! - Absence is not deletion. A row that the server does not have is removed only where its bucket is at
//!   rest, the server's own books agree with its rows, and the bucket adds up without it. Rows of an
//!   earlier history of the server stay whatever it says.
//! - Every loop is bounded, and every wait can be cancelled.
//! - What a person has chosen not to keep is not compared: the server sums up what is wanted. One that
//!   cannot is asked only for the streams that are kept whole.
//!
//! Rejected: comparing at one seq for the whole account (a busy server never rests); a tree of sums
//! (256 buckets already bring a million rows down to four thousand a difference).

mod pull;
mod report;

use std::{collections::BTreeSet, time::Duration};

use threadkeep_mirror::{IntegrationPk, Mirror, ServerBucket, Settled};
use threadkeep_protocol::{IntegrationId, Stream, StreamDigest};
use tokio_util::sync::CancellationToken;

use crate::{
    Progress, Remote, Stage, SyncError,
    engine::{MAX_RESTARTS, Run},
    error::CursorFault,
    plan::is_other_epoch,
    progress::Meter,
    scope::Scope,
    slice::is_sliced,
};

pub use report::{Phase, Verdict, VerifyOptions, VerifyProgress, VerifyReport};

/// How often a stream is compared before it is given up.
const MAX_ROUNDS: usize = 20;

/// How often a bucket is pulled before what differs is said to stay so.
const MAX_ATTEMPTS: usize = 2;

/// More buckets than these are pulled as the whole stream: the server reads it once for each of them.
const MANY: usize = 16;

/// Verifies one account, mends it where it differs, and writes that down in the mirror's log of runs,
/// however it ends. Nobody else may write to the account meanwhile.
///
/// `progress` is called at most about ten times a second, and at the beginning of each phase.
pub async fn verify(
    mirror: &Mirror,
    pk: IntegrationPk,
    remote: &Remote,
    remote_id: IntegrationId,
    options: VerifyOptions,
    cancel: CancellationToken,
    progress: impl Fn(VerifyProgress) + Send + Sync,
) -> VerifyReport {
    let pulling = |pulled: Progress| {
        let Stage::Stream(stream) = pulled.stage else {
            return;
        };
        progress(VerifyProgress {
            integration: pk,
            phase: Phase::Pulling,
            stream,
            done: pulled.done,
            total: pulled.total,
            retry_in: pulled.retry_in,
        });
    };
    let meter = Meter::new(pk, &pulling);
    let mut verification = Verification {
        run: Run::new(
            mirror,
            pk,
            remote,
            remote_id,
            &options.sync,
            &cancel,
            &meter,
        ),
        options: &options,
        progress: &progress,
        verdicts: Vec::new(),
        settled: Settled::default(),
        scope: Scope::default(),
    };
    let log = verification.run.begin().await;
    if log.is_some()
        && let Err(error) = verification.passes().await
    {
        verification.run.ledger.stopped(&error);
    }
    let Verification {
        mut run,
        verdicts,
        settled,
        ..
    } = verification;
    run.finish(log).await;
    let report = run.report().await;
    VerifyReport {
        outcome: report.outcome,
        streams: verdicts,
        settled,
        errors: report.errors,
        bytes: report.bytes,
        seconds: report.seconds,
    }
}

struct Verification<'a> {
    run: Run<'a>,
    options: &'a VerifyOptions,
    progress: &'a (dyn Fn(VerifyProgress) + Send + Sync),
    verdicts: Vec<Verdict>,
    settled: Settled,
    /// What is compared: what is wanted here.
    scope: Scope,
}

impl Verification<'_> {
    /// One pass does it, unless the server's history is replaced under it.
    async fn passes(&mut self) -> Result<(), SyncError> {
        let mut restarts = 0;
        loop {
            match self.pass().await {
                Err(SyncError::EpochChanged { epoch }) if restarts < MAX_RESTARTS => {
                    let (mirror, pk) = (self.run.mirror, self.run.pk);
                    mirror.restart_cursors(pk, epoch).await?;
                    restarts += 1;
                }
                Err(SyncError::UnknownView { .. }) if restarts < MAX_RESTARTS => restarts += 1,
                result => return result,
            }
        }
    }

    async fn pass(&mut self) -> Result<(), SyncError> {
        self.verdicts.clear();
        self.settle().await?;
        self.run.passes().await?;
        let view = self.run.mirror.want(self.run.pk).await?.view;
        self.scope = self.run.scope(view).await?;
        let mut has_mended = false;
        for stream in Stream::ALL {
            // Its sums are of all rows, and not all are to be here.
            if is_sliced(stream) && self.scope.is_unknown_there() {
                continue;
            }
            match self.stream(stream).await {
                Ok(verdict) => {
                    has_mended |= verdict.mended + verdict.removed > 0;
                    self.verdicts.push(verdict);
                }
                // Streams that came after the first design.
                Err(error) if error.is_absence() && !Stream::SEED.contains(&stream) => {}
                Err(error) if error.is_of_one_stream() => {
                    self.run.ledger.stream_failed(stream, &error);
                }
                Err(error) => return Err(error),
            }
        }
        // Mending may have emptied a chat that only stood in for another.
        if has_mended {
            self.settle().await?;
        }
        Ok(())
    }

    async fn settle(&mut self) -> Result<(), SyncError> {
        if !self.options.dry_run {
            let settled = self.run.mirror.settle(self.run.pk).await?;
            self.settled.orphans += settled.orphans;
            self.settled.counters += settled.counters;
        }
        Ok(())
    }

    async fn stream(&mut self, stream: Stream) -> Result<Verdict, SyncError> {
        let (mirror, pk) = (self.run.mirror, self.run.pk);
        let mut verdict = Verdict::of(stream);
        if self.options.full {
            self.pull(stream, None, &mut verdict).await?;
        }
        // Not yet seen to be equal, each with how often it was pulled.
        let mut open: Vec<(u8, usize)> = (0..=u8::MAX).map(|bucket| (bucket, 0)).collect();
        let mut ever_differed = BTreeSet::new();
        for _ in 0..MAX_ROUNDS {
            self.tell(Phase::Comparing, stream, 0, None);
            let digest = self.digest(stream).await?;
            self.reach(stream, &digest).await?;
            let held = tokio::select! {
                biased;
                () = self.run.cancel.cancelled() => return Err(SyncError::Cancelled),
                held = mirror.digest(pk, stream, digest.latest_seq) => held?,
            };
            verdict.rows = held.buckets.count();
            verdict.only_here = held.kept;
            let is_other = |bucket| held.buckets.bucket(bucket) != digest.buckets.bucket(bucket);
            let (differing, moved): (Vec<_>, Vec<_>) = open
                .into_iter()
                .filter(|&(bucket, _)| held.moved.contains(&bucket) || is_other(bucket))
                .partition(|(bucket, _)| !held.moved.contains(bucket));
            open = moved;
            ever_differed.extend(differing.iter().map(|&(bucket, _)| bucket));
            verdict.differing = ever_differed.len() as u64;
            if self.options.dry_run {
                if open.is_empty() {
                    verdict.is_equal = ever_differed.is_empty() && verdict.mended == 0;
                    return Ok(verdict);
                }
                continue;
            }
            if differing.is_empty() && open.is_empty() {
                verdict.is_equal = true;
                return Ok(verdict);
            }
            let exhausted = |&(_, attempts): &(u8, usize)| attempts >= MAX_ATTEMPTS;
            if open.is_empty() && differing.iter().all(exhausted) {
                return Ok(self.stays_wrong(verdict, &digest));
            }
            if differing.len() > MANY && differing.iter().all(|&(_, attempts)| attempts == 0) {
                self.pull(stream, None, &mut verdict).await?;
            } else {
                self.mend(stream, &differing, &digest, &mut verdict).await?;
            }
            open.extend(differing.into_iter().map(|(bucket, n)| (bucket, n + 1)));
        }
        Err(SyncError::Restless { stream })
    }

    /// Pulls the buckets that differ, and lets go of what only the mirror has in them.
    async fn mend(
        &mut self,
        stream: Stream,
        differing: &[(u8, usize)],
        digest: &StreamDigest,
        verdict: &mut Verdict,
    ) -> Result<(), SyncError> {
        for &(number, _) in differing {
            let (ids, sum) = self.pull(stream, Some(number), verdict).await?;
            // What does not add up to the sum has moved since, and is looked at again.
            if sum == digest.buckets.bucket(number) {
                let theirs = ServerBucket {
                    number,
                    ids,
                    digest: sum,
                    is_doubtful: !digest.is_sound(),
                };
                let (mirror, pk) = (self.run.mirror, self.run.pk);
                let tidied = mirror.tidy(pk, stream, theirs).await?;
                verdict.removed += tidied.removed;
            }
        }
        Ok(())
    }

    /// Some buckets differ and will: says why, and that nothing was thrown away for it.
    fn stays_wrong(&mut self, mut verdict: Verdict, digest: &StreamDigest) -> Verdict {
        let (stream, missing) = (
            verdict.stream,
            digest.count.saturating_sub(digest.buckets.count()),
        );
        let error = if missing > 0 {
            SyncError::ServerLost {
                stream,
                rows: missing,
            }
        } else {
            SyncError::Unmended { stream }
        };
        verdict.only_here += verdict.rows.saturating_sub(digest.buckets.count());
        self.run.ledger.stream_failed(stream, &error);
        verdict
    }

    /// Pulls the account on until it holds what the digest is of.
    async fn reach(&mut self, stream: Stream, digest: &StreamDigest) -> Result<(), SyncError> {
        let (mirror, pk) = (self.run.mirror, self.run.pk);
        let mut states = mirror.sync_states(pk).await?;
        if is_other_epoch(&states.epoch, &digest.epoch) {
            return Err(SyncError::EpochChanged {
                epoch: digest.epoch.clone(),
            });
        }
        let stuck = |since, fault| {
            Err(SyncError::CursorStuck {
                stream,
                since,
                fault,
            })
        };
        let held = states.of(stream).last_seq;
        if held > digest.latest_seq {
            return stuck(held, CursorFault::Regressed);
        }
        if held < digest.latest_seq {
            self.run.passes().await?;
            states = mirror.sync_states(pk).await?;
            let held = states.of(stream).last_seq;
            if held < digest.latest_seq {
                return stuck(held, CursorFault::NoProgress);
            }
        }
        Ok(())
    }

    fn tell(&self, phase: Phase, stream: Stream, done: u64, total: Option<u64>) {
        (self.progress)(VerifyProgress {
            integration: self.run.pk,
            phase,
            stream,
            done,
            total,
            retry_in: None,
        });
    }

    fn tell_waiting(&self, phase: Phase, stream: Stream, wait: Duration) {
        (self.progress)(VerifyProgress {
            integration: self.run.pk,
            phase,
            stream,
            done: 0,
            total: None,
            retry_in: Some(wait.as_secs_f64()),
        });
    }
}
