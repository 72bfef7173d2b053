//! Bringing accounts up to date: all at once, each from its own server.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use threadkeep_mirror::{IntegrationPk, IntegrationRow, Mirror};
use threadkeep_sync::{self as engine, Progress, SyncOptions};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{
    App, Error,
    account::problem,
    app::Errand,
    stats::outcome,
    turn::{Turns, Who},
    view::{Outcome, Problem, RunReport, SyncProgress, SyncSettings},
};

impl App {
    /// Brings one account, or all, up to date. A report for each account says how it went; one that
    /// fails costs no other. `progress` is told of every stage, at most some ten times a second.
    ///
    /// # Errors
    /// When there is nothing to sync, or a sync runs already.
    pub async fn sync<P>(&self, account: Option<&str>, progress: P) -> Result<Vec<RunReport>, Error>
    where
        P: Fn(SyncProgress) + Send + Sync + 'static,
    {
        let settings = self.sync_settings().await?;
        self.sync_with(settings, account, progress).await
    }

    /// The same in another way than is chosen for this computer.
    ///
    /// # Errors
    /// When there is nothing to sync, or a sync runs already.
    pub async fn sync_with<P>(
        &self,
        settings: SyncSettings,
        account: Option<&str>,
        progress: P,
    ) -> Result<Vec<RunReport>, Error>
    where
        P: Fn(SyncProgress) + Send + Sync + 'static,
    {
        let options = settings.within_bounds().options();
        let errand = self.begin()?;
        let rows = match account {
            Some(id) => vec![self.account(id).await?],
            None => self.mirror.integrations().await?,
        };
        if rows.is_empty() {
            return Err(Error::NoAccounts);
        }
        Ok(self.sync_within(errand, rows, options, progress).await)
    }

    /// The same within an errand that has begun, and which it ends.
    pub(crate) async fn sync_within<P>(
        &self,
        errand: Errand,
        rows: Vec<IntegrationRow>,
        options: SyncOptions,
        progress: P,
    ) -> Vec<RunReport>
    where
        P: Fn(SyncProgress) + Send + Sync + 'static,
    {
        let told = Arc::new(Told::new(progress, &rows));
        let asked = rows.clone();
        let mut reports = BTreeMap::new();
        let mut running = JoinSet::new();
        for row in rows {
            match self.remote(&row).await {
                Ok(remote) => {
                    let pull = pull(
                        self.mirror.clone(),
                        self.turns.clone(),
                        remote,
                        row,
                        options.clone(),
                        errand.cancel.clone(),
                        Arc::clone(&told),
                    );
                    running.spawn(pull);
                }
                Err(error) => {
                    told.finish(row.pk, false);
                    reports.insert(row.pk, not_begun(row.pk, &error));
                }
            }
        }
        while let Some(done) = running.join_next().await {
            match done {
                Ok((pk, report)) => drop(reports.insert(pk, report)),
                Err(failed) => std::panic::resume_unwind(failed.into_panic()),
            }
        }
        // Those too whose own part was done before the person had enough.
        if errand.cancel.is_cancelled() {
            asked.iter().for_each(|row| self.turns.stop(row.pk));
        }
        drop(errand);
        for row in asked {
            let is_here = |report: &RunReport| report.outcome == Outcome::Completed;
            if reports.get(&row.pk).is_some_and(is_here) {
                self.follow_on(row).await;
            }
        }
        reports.into_values().collect()
    }
}

async fn pull<P: Fn(SyncProgress) + Send + Sync + 'static>(
    mirror: Mirror,
    turns: Turns,
    remote: engine::Remote,
    row: IntegrationRow,
    options: SyncOptions,
    cancel: CancellationToken,
    told: Arc<Told<P>>,
) -> (IntegrationPk, RunReport) {
    let Some(turn) = turns.take(row.pk, Who::Person, &cancel).await else {
        turns.stop(row.pk);
        told.finish(row.pk, false);
        return (row.pk, stopped(row.pk));
    };
    let tell = |progress| told.tell(progress);
    let run = engine::sync(
        &mirror,
        row.pk,
        &remote,
        row.integration_id,
        options,
        turn.cancel.clone(),
        tell,
    )
    .await;
    // Before the turn is given back: whoever comes next is not to go on with what was stopped.
    if cancel.is_cancelled() {
        turns.stop(row.pk);
    }
    told.finish(row.pk, run.outcome == engine::Outcome::Completed);
    (row.pk, report(row.pk, run))
}

/// Adds up what several accounts say at the same time.
struct Told<P> {
    progress: P,
    /// Done and total of each account; no total until the account has told one.
    accounts: Mutex<BTreeMap<IntegrationPk, Standing>>,
}

impl<P: Fn(SyncProgress)> Told<P> {
    fn new(progress: P, rows: &[IntegrationRow]) -> Self {
        let accounts = rows.iter().map(|row| (row.pk, (0, None))).collect();
        Self {
            progress,
            accounts: Mutex::new(accounts),
        }
    }

    /// Changes what is known of an account, and adds up what is known of all.
    fn add(&self, pk: IntegrationPk, change: impl FnOnce(&mut Standing)) -> Standing {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        change(accounts.entry(pk).or_default());
        // Known only once every account has told its own: a total that grows is no promise.
        let total = accounts.values().map(|(_, total)| *total).sum();
        (accounts.values().map(|(done, _)| done).sum(), total)
    }

    /// An account's run is over: what it has not brought will not come. Says so if it brought all.
    fn finish(&self, pk: IntegrationPk, completed: bool) {
        let mut own = 0;
        let (overall_done, overall_total) = self.add(pk, |account| {
            account.1 = Some(account.0);
            own = account.0;
        });
        if completed {
            (self.progress)(SyncProgress {
                account_id: pk.to_string(),
                stage: "done".to_owned(),
                done: own,
                total: Some(own),
                rows_per_second: 0.0,
                overall_done,
                overall_total,
                retry_in: None,
            });
        }
    }

    fn tell(&self, progress: Progress) {
        let own = progress_of(&progress);
        let (overall_done, overall_total) = self.add(progress.integration, |account| {
            *account = (own.overall_done, own.overall_total);
        });
        (self.progress)(SyncProgress {
            overall_done,
            overall_total,
            ..own
        });
    }
}

/// What the engine says of one account.
pub(crate) fn progress_of(progress: &Progress) -> SyncProgress {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    SyncProgress {
        account_id: progress.integration.to_string(),
        stage: progress.stage.name().to_owned(),
        done: number(progress.done),
        total: progress.total.map(number),
        rows_per_second: progress.rows_per_second,
        overall_done: number(progress.overall_done),
        overall_total: progress.overall_total.map(number),
        retry_in: progress.retry_in,
    }
}

/// Done and total of one account, or of all.
type Standing = (i64, Option<i64>);

pub(crate) fn report(pk: IntegrationPk, run: engine::RunReport) -> RunReport {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let errors = run.errors.into_iter();
    RunReport {
        account_id: pk.to_string(),
        outcome: outcome(run.outcome),
        saved: number(run.saved),
        updated: number(run.updated),
        unchanged: number(run.unchanged),
        bytes: number(run.bytes),
        snapshot_rows: number(run.snapshot.map_or(0, |taken| taken.rows)),
        seconds: run.seconds,
        errors: errors
            .map(|error| Problem {
                code: error.code,
                message: error.message,
            })
            .collect(),
        cursors: run
            .cursors
            .iter()
            .map(|(stream, seq)| (stream.name().to_owned(), seq.to_string()))
            .collect(),
    }
}

/// For an account whose server could not even be asked.
fn not_begun(pk: IntegrationPk, error: &Error) -> RunReport {
    RunReport {
        outcome: Outcome::Failed,
        errors: vec![problem(error)],
        ..stopped(pk)
    }
}

/// For an account that was stopped before its turn came.
fn stopped(pk: IntegrationPk) -> RunReport {
    RunReport {
        account_id: pk.to_string(),
        outcome: Outcome::Cancelled,
        saved: 0,
        updated: 0,
        unchanged: 0,
        bytes: 0,
        snapshot_rows: 0,
        seconds: 0.0,
        errors: Vec::new(),
        cursors: BTreeMap::new(),
    }
}
