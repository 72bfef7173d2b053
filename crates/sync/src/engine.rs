//! A run: look where both sides stand, plan, pull and write at the same time, write down what was done.

use std::sync::Arc;

use threadkeep_mirror::{ChatQuery, IntegrationPk, Mirror, NewRun, RunEnd, RunPk, Wanted};
use threadkeep_protocol::{Id, IntegrationId, Stream, SyncStatus};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{
    Held, Progress, RecentFirst, Record, Remote, RunReport, SyncError, SyncOptions,
    clock::{self, Stopwatch},
    error::CursorFault,
    plan::{EpochAction, Step, plan},
    progress::Meter,
    pull::{self, Pull},
    recent::Recents,
    report::{Ledger, Tally},
    retry::retry,
    slice::{Ask, is_sliced},
    write::Writer,
};

/// How often a run starts again because the server's history was replaced under it.
pub(crate) const MAX_RESTARTS: usize = 3;

/// Pages that wait for the writer at most, beside their bound in bytes.
const PAGES_AHEAD: usize = 4;

/// Chats that are looked through for those that are wanted.
const LOOKED_AT: u32 = 1_000;

/// Brings what the mirror holds of one account up to date with the server, and writes the run down in
/// the mirror's log, however it ends. What was committed stays, whatever happens after it; the next run
/// goes on from there.
///
/// `progress` is called at most about ten times a second, and at the beginning and end of each stage;
/// it should return soon. Cancelling ends the run before the next request or transaction.
pub async fn sync(
    mirror: &Mirror,
    pk: IntegrationPk,
    remote: &Remote,
    remote_id: IntegrationId,
    options: SyncOptions,
    cancel: CancellationToken,
    progress: impl Fn(Progress) + Send + Sync,
) -> RunReport {
    let meter = Meter::new(pk, &progress);
    let mut run = Run::new(mirror, pk, remote, remote_id, &options, &cancel, &meter);
    match options.record {
        Record::Every => run.recorded().await,
        Record::Changes => run.noted().await,
    }
    run.report().await
}

/// A run: what it works on and what it has done. A verification is one too.
pub(crate) struct Run<'a> {
    pub(crate) mirror: &'a Mirror,
    pub(crate) pk: IntegrationPk,
    pub(crate) remote: &'a Remote,
    pub(crate) remote_id: IntegrationId,
    pub(crate) options: &'a SyncOptions,
    pub(crate) cancel: &'a CancellationToken,
    pub(crate) meter: &'a Meter<'a>,
    pub(crate) tally: Arc<Tally>,
    pub(crate) ledger: Ledger,
    time: Stopwatch,
    /// What is known of the server before the first request.
    standing: Option<SyncStatus>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        mirror: &'a Mirror,
        pk: IntegrationPk,
        remote: &'a Remote,
        remote_id: IntegrationId,
        options: &'a SyncOptions,
        cancel: &'a CancellationToken,
        meter: &'a Meter<'a>,
    ) -> Self {
        Self {
            mirror,
            pk,
            remote,
            remote_id,
            options,
            cancel,
            meter,
            tally: Arc::default(),
            ledger: Ledger::default(),
            time: Stopwatch::start(),
            standing: options.standing.clone(),
        }
    }

    /// Written down at its beginning and at its end.
    async fn recorded(&mut self) {
        let log = self.begin().await;
        if log.is_some()
            && let Err(error) = self.passes().await
        {
            self.ledger.stopped(&error);
        }
        self.finish(log).await;
    }

    /// Writes down that it runs; nothing where the mirror cannot take even that.
    pub(crate) async fn begin(&mut self) -> Option<RunPk> {
        // A mirror that cannot take this line cannot take a row either.
        let log = self.mirror.start_run(self.beginning()).await;
        log.map_err(|error| self.ledger.stopped(&error.into())).ok()
    }

    /// Writes down how it ended.
    pub(crate) async fn finish(&mut self, log: Option<RunPk>) {
        if let Some(run) = log
            && let Err(error) = self.mirror.finish_run(run, self.end()).await
        {
            self.ledger.stopped(&error.into());
        }
    }

    /// Written down at its end, if there is anything to tell.
    async fn noted(&mut self) {
        let new = self.beginning();
        if let Err(error) = self.passes().await {
            self.ledger.stopped(&error);
        }
        let applied = self.ledger.applied;
        let has_news = applied.saved + applied.updated > 0 || !self.ledger.errors().is_empty();
        if !has_news {
            return;
        }
        if let Err(error) = self.mirror.add_run(new, self.end()).await {
            self.ledger.stopped(&error.into());
        }
    }

    fn beginning(&self) -> NewRun {
        NewRun {
            integration: self.pk,
            mode: self.options.mode.clone(),
            at: clock::now().millis(),
        }
    }

    /// Pulls to the end. One pass does it, unless the server's history is replaced under it.
    pub(crate) async fn passes(&mut self) -> Result<(), SyncError> {
        let mut restarts = 0;
        loop {
            // On the heap: it stands below whatever a face of the app does around a run.
            match Box::pin(self.pass()).await {
                Err(SyncError::EpochChanged { epoch }) if restarts < MAX_RESTARTS => {
                    tracing::info!("the server's history was replaced; the cursors start again");
                    self.mirror.restart_cursors(self.pk, epoch).await?;
                    restarts += 1;
                }
                // What is wanted is put again.
                Err(SyncError::UnknownView { .. }) if restarts < MAX_RESTARTS => restarts += 1,
                result => {
                    let has_all = result.is_ok() && self.ledger.errors().is_empty();
                    if has_all && self.options.snapshot.is_some() {
                        self.forget_drafts().await;
                    }
                    return result;
                }
            }
        }
    }

    async fn pass(&mut self) -> Result<(), SyncError> {
        let status = match self.standing.take() {
            Some(standing) => Some(standing),
            None => self.status().await?,
        };
        let states = self.mirror.sync_states(self.pk).await?;
        let plan = plan(&Held::from(&states), status.as_ref());
        if self.short_cut(&plan, status.as_ref()).await? {
            // From where that leads; the server may have gone on meanwhile.
            return Box::pin(self.pass()).await;
        }
        if let EpochAction::Restart(epoch) = &plan.epoch {
            self.mirror.restart_cursors(self.pk, epoch.clone()).await?;
        }
        for regression in &plan.regressed {
            let error = SyncError::CursorStuck {
                stream: regression.stream,
                since: regression.held,
                fault: CursorFault::Regressed,
            };
            self.ledger.stream_failed(regression.stream, &error);
        }
        let (mut steps, epoch) = (plan.steps, plan.epoch.epoch());
        let held = states.of(Stream::Messages).rows;
        let recent = self.options.recent_first;
        let recent = recent.filter(|recent| recent.is_worth_it(&steps, held));
        let wanted = self.mirror.want(self.pk).await?;
        if wanted.view.is_some() {
            // How many of them are wanted, the pages tell.
            let sliced = steps.iter_mut().filter(|step| is_sliced(step.stream));
            sliced.for_each(|step| step.total = None);
        }
        self.meter.plan(&steps);
        if self.ledger.taken.is_some() && matches!(plan.epoch, EpochAction::Keep(_)) {
            self.meter.brought(&states);
        }
        self.ledger.steps_planned += steps.len();
        if recent.is_none() && wanted.is_plain() {
            return self.carry_out(&steps, epoch, &Ask::default()).await;
        }
        // What is wanted of the chats is known only with them.
        let is_chats = |step: &Step| step.stream == Stream::Conversations;
        let (chats, rest) = steps.split_at(steps.partition_point(is_chats));
        self.carry_out(chats, epoch, &Ask::default()).await?;
        let wanted = self.mirror.want(self.pk).await?;
        match recent {
            Some(recent) => self.with_recent_first(recent, &wanted, rest, epoch).await,
            None => self.within_selection(&wanted, rest, epoch).await,
        }
    }

    /// Pulls what follows the conversations, with the newest messages of the newest chats beside it.
    async fn with_recent_first(
        &mut self,
        recent: RecentFirst,
        wanted: &Wanted,
        steps: &[Step],
        epoch: &str,
    ) -> Result<(), SyncError> {
        let view = wanted.view.as_ref();
        let list = ChatQuery {
            integration: Some(self.pk),
            limit: view.map_or(recent.chats, |_| LOOKED_AT),
            ..ChatQuery::default()
        };
        let is_wanted = |id: &Id| view.is_none_or(|view| view.rule(*id).included);
        // In the order in which a person sees them: what is on top can be read first.
        let newest: Vec<Id> = self
            .mirror
            .chats(list)
            .await?
            .iter()
            .map(|chat| chat.id)
            .filter(is_wanted)
            .take(recent.chats as usize)
            .collect();
        let tally = Arc::clone(&self.tally);
        let stop = self.cancel.child_token();
        let recents = Recents {
            mirror: self.mirror,
            pk: self.pk,
            remote: self.remote,
            integration: self.remote_id,
            options: self.options,
            epoch,
            stop: &stop,
            tally: &tally,
            messages: recent.messages,
            view,
        };
        let long = async {
            let result = Box::pin(self.within_selection(wanted, steps, epoch)).await;
            stop.cancel();
            result
        };
        let (result, applied) = tokio::join!(long, recents.fetch(&newest));
        self.ledger.add(applied, 0);
        result
    }

    /// Where the server stands; nothing where it has no such report, as some of the first design.
    async fn status(&self) -> Result<Option<SyncStatus>, SyncError> {
        let waiting = |_: &SyncError, wait| self.meter.waiting(wait);
        let attempt = || {
            self.tally.request();
            self.remote.status(self.remote_id)
        };
        match retry(&self.options.retry, self.cancel, waiting, attempt).await {
            Ok(status) => Ok(Some(status)),
            // Whether the account or only the report is missing, the first stream will tell.
            Err(error) if error.is_absence() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Pulls and writes at the same time. When one half fails, the other ends with it.
    pub(crate) async fn carry_out(
        &mut self,
        steps: &[Step],
        epoch: &str,
        ask: &Ask,
    ) -> Result<(), SyncError> {
        let stop = self.cancel.child_token();
        let (sender, receiver) = mpsc::channel(PAGES_AHEAD);
        let pull = Pull {
            remote: self.remote,
            integration: self.remote_id,
            options: self.options,
            ask,
            epoch,
            stop: &stop,
            tally: &self.tally,
            meter: self.meter,
            events: sender,
            room: pull::room(),
        };
        let writer = Writer {
            mirror: self.mirror,
            integration: self.pk,
            epoch,
            widens: ask.widens_to.is_some(),
            cancel: self.cancel,
            meter: self.meter,
            ledger: &mut self.ledger,
        };
        let write = async {
            let result = writer.run(receiver).await;
            if result.is_err() {
                stop.cancel();
            }
            result
        };
        let (pulled, written) = tokio::join!(Box::pin(pull.run(steps)), Box::pin(write));
        // A failed writer is why a pull was stopped.
        written.and(pulled)
    }

    fn end(&self) -> RunEnd {
        let applied = self.ledger.applied;
        RunEnd {
            outcome: self.ledger.outcome(),
            saved: applied.saved,
            updated: applied.updated,
            unchanged: applied.unchanged,
            skipped: 0,
            errors: self.ledger.errors().to_vec(),
            bytes: self.tally.bytes(),
            duration_ms: u64::try_from(self.time.elapsed().as_millis()).unwrap_or(u64::MAX),
            at: clock::now().millis(),
        }
    }

    pub(crate) async fn report(&self) -> RunReport {
        // Cursors that cannot be read are not worth losing the report for.
        let states = self.mirror.sync_states(self.pk).await.unwrap_or_default();
        let applied = self.ledger.applied;
        RunReport {
            outcome: self.ledger.outcome(),
            saved: applied.saved,
            updated: applied.updated,
            unchanged: applied.unchanged,
            errors: self.ledger.errors().to_vec(),
            bytes: self.tally.bytes(),
            seconds: self.time.elapsed().as_secs_f64(),
            epoch: states.epoch.clone(),
            cursors: Held::from(&states).cursors,
            pages: self.ledger.pages,
            requests: self.tally.requests(),
            snapshot: self.ledger.taken,
        }
    }
}
