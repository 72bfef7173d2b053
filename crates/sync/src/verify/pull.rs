//! What a verification asks the server for: sums, and rows once more from the start.

use std::{collections::HashSet, time::Duration};

use threadkeep_mirror::{Applied, Rows};
use threadkeep_protocol::{BucketDigest, Buckets, Id, Seq, Stream, StreamDigest};

use super::{Phase, Verdict, Verification};
use crate::{
    SyncError,
    error::CursorFault,
    page::{CheckedPage, PageFault, Since, read_page},
    plan::is_other_epoch,
    retry::retry,
    slice::Slice,
};

impl Verification<'_> {
    /// Pulls rows from the start and puts them over what is here: of one bucket, or of all. Says what
    /// came of one bucket.
    pub(super) async fn pull(
        &mut self,
        stream: Stream,
        bucket: Option<u8>,
        verdict: &mut Verdict,
    ) -> Result<(HashSet<Id>, BucketDigest), SyncError> {
        let (mut ids, mut sum, mut done) = (HashSet::new(), BucketDigest::default(), 0);
        let epoch = self.run.mirror.sync_states(self.run.pk).await?.epoch;
        let mut limit = self.options.sync.page_limit.of(stream);
        let mut since = 0;
        let mut next = Some(self.page(stream, bucket, since, &mut limit).await?);
        while let Some(page) = next.take() {
            if is_other_epoch(&epoch, &page.epoch) {
                return Err(SyncError::EpochChanged { epoch: page.epoch });
            }
            let cursor = page.cursor;
            let leads_on = !page.rows.is_empty() || cursor > since;
            let total = page.remaining.map(|remaining| done + remaining);
            done += page.rows.len() as u64;
            if let Some(bucket) = bucket {
                for (id, seq) in page.rows.versions() {
                    if Buckets::of(&id) != bucket {
                        return Err(SyncError::CursorStuck {
                            stream,
                            since: cursor,
                            fault: CursorFault::Unasked,
                        });
                    }
                    ids.insert(id);
                    sum.add(id, seq);
                }
            }
            let put = self.put(page.rows, page.epoch);
            let ask = async {
                Ok(if page.has_more && leads_on {
                    Some(self.page(stream, bucket, cursor, &mut limit).await?)
                } else {
                    None
                })
            };
            // The next page is under way while this one is written.
            let (applied, asked) = tokio::try_join!(put, ask)?;
            next = asked;
            since = cursor;
            self.run.ledger.add(applied, 1);
            verdict.mended += applied.saved + applied.updated;
            self.tell(Phase::Mending, stream, done, total);
        }
        Ok((ids, sum))
    }

    async fn put(&self, rows: Rows, epoch: String) -> Result<Applied, SyncError> {
        let (mirror, pk) = (self.run.mirror, self.run.pk);
        Ok(if self.options.dry_run {
            mirror.rehearse(pk, rows, epoch).await?
        } else {
            mirror.mend(pk, rows, epoch).await?
        })
    }

    pub(super) async fn digest(&self, stream: Stream) -> Result<StreamDigest, SyncError> {
        let run = &self.run;
        let slice = self.scope.ask().of(stream);
        let attempt = || {
            run.tally.request();
            run.remote
                .digest(stream, run.remote_id, slice.view.as_deref())
        };
        let waiting = |_: &SyncError, wait: Duration| {
            self.tell_waiting(Phase::Comparing, stream, wait);
        };
        let result = retry(&run.options.retry, run.cancel, waiting, attempt).await;
        result.map_err(|error| match error {
            // The account is there: it was just pulled.
            error if error.is_absence() => SyncError::NoDigest {
                origin: run.remote.origin().to_owned(),
            },
            error => error,
        })
    }

    /// A page past `since`. One that is too large is asked for with fewer rows.
    async fn page(
        &self,
        stream: Stream,
        bucket: Option<u8>,
        since: Seq,
        limit: &mut u32,
    ) -> Result<CheckedPage, SyncError> {
        loop {
            let rows = *limit;
            let attempt = || self.try_page(stream, bucket, since, rows);
            let waiting = |_: &SyncError, wait: Duration| {
                self.tell_waiting(Phase::Mending, stream, wait);
            };
            let (policy, cancel) = (&self.run.options.retry, self.run.cancel);
            match retry(policy, cancel, waiting, attempt).await {
                Err(SyncError::TooLarge { .. }) if rows > 1 => *limit = (rows / 4).max(1),
                result => return result,
            }
        }
    }

    async fn try_page(
        &self,
        stream: Stream,
        bucket: Option<u8>,
        since: Seq,
        limit: u32,
    ) -> Result<CheckedPage, SyncError> {
        let run = &self.run;
        run.tally.request();
        let slice = Slice {
            bucket,
            ..self.scope.ask().of(stream)
        };
        let asked = run
            .remote
            .page_of(stream, run.remote_id, &slice, since, limit);
        let body = asked.await?;
        run.tally.body(&body);
        let from = Since {
            seq: since,
            passes_over: slice.passes_over(),
        };
        let task = tokio::task::spawn_blocking(move || read_page(stream, from, &body));
        let page = task.await.map_err(SyncError::Decoder)?;
        page.map_err(|fault| match fault {
            PageFault::Unreadable(source) => {
                let what = format!("a page of {stream}");
                run.remote.unreadable(&what, source)
            }
            PageFault::Stuck(fault) => SyncError::CursorStuck {
                stream,
                since,
                fault,
            },
        })
    }
}
