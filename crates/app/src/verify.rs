//! Looking for damage, and comparing accounts with their servers.

use threadkeep_mirror::IntegrationRow;
use threadkeep_sync::{self as engine, SyncOptions};

use crate::{
    App, Error,
    account::problem,
    app::Errand,
    stats::outcome,
    turn::Who,
    view::{
        Check, Finding, Outcome, Problem, StreamVerdict, VerifyOptions, VerifyProgress,
        VerifyReport,
    },
};

impl App {
    /// Looks for damage in the mirror's file; nothing is changed. A full look takes longer.
    ///
    /// # Errors
    /// When the mirror cannot be read for another reason than damage.
    pub async fn check(&self, full: bool) -> Result<Check, Error> {
        let findings = self.mirror.check(full).await?;
        Ok(Check {
            sound: findings.is_empty(),
            findings: findings
                .into_iter()
                .map(|finding| Finding {
                    kind: finding.kind.name().to_owned(),
                    what: finding.what,
                    count: number(finding.count),
                })
                .collect(),
        })
    }

    /// Compares one account, or all, with their servers, one after the other, and mends what differs. A
    /// report for each account says how it went; one that fails costs no other.
    ///
    /// # Errors
    /// When there is no account, or something runs already.
    pub async fn verify<P>(
        &self,
        account: Option<&str>,
        options: VerifyOptions,
        progress: P,
    ) -> Result<Vec<VerifyReport>, Error>
    where
        P: Fn(VerifyProgress) + Send + Sync,
    {
        let errand = self.begin()?;
        let rows = match account {
            Some(id) => vec![self.account(id).await?],
            None => self.mirror.integrations().await?,
        };
        if rows.is_empty() {
            return Err(Error::NoAccounts);
        }
        let mut reports = Vec::new();
        for row in rows {
            let verified = self.verify_account(&row, options, &errand, &progress).await;
            reports.push(
                verified.unwrap_or_else(|error| {
                    not_begun(&row, Outcome::Failed, vec![problem(&error)])
                }),
            );
        }
        Ok(reports)
    }

    async fn verify_account(
        &self,
        row: &IntegrationRow,
        options: VerifyOptions,
        errand: &Errand,
        progress: &(impl Fn(VerifyProgress) + Send + Sync),
    ) -> Result<VerifyReport, Error> {
        let Some(turn) = self.turns.take(row.pk, Who::Person, &errand.cancel).await else {
            return Ok(not_begun(row, Outcome::Cancelled, Vec::new()));
        };
        let remote = self.remote(row).await?;
        let options = engine::VerifyOptions {
            full: options.full,
            dry_run: options.dry_run,
            sync: SyncOptions {
                mode: "verify".to_owned(),
                ..self.sync_settings().await?.options()
            },
        };
        let tell = |said: engine::VerifyProgress| {
            progress(VerifyProgress {
                account_id: said.integration.to_string(),
                phase: said.phase.name().to_owned(),
                stream: said.stream.name().to_owned(),
                done: number(said.done),
                total: said.total.map(number),
                retry_in: said.retry_in,
            });
        };
        let report = engine::verify(
            &self.mirror,
            row.pk,
            &remote,
            row.integration_id,
            options,
            turn.cancel.clone(),
            tell,
        )
        .await;
        Ok(view(row, report))
    }
}

fn view(row: &IntegrationRow, report: engine::VerifyReport) -> VerifyReport {
    let sound = report.is_sound();
    let sum = |of: fn(&engine::Verdict) -> u64| number(report.streams.iter().map(of).sum());
    VerifyReport {
        account_id: row.pk.to_string(),
        outcome: outcome(report.outcome),
        sound,
        mended: sum(|verdict| verdict.mended),
        removed: sum(|verdict| verdict.removed),
        only_here: sum(|verdict| verdict.only_here),
        counters: number(report.settled.counters),
        streams: report.streams.iter().map(verdict).collect(),
        errors: report
            .errors
            .into_iter()
            .map(|error| Problem {
                code: error.code,
                message: error.message,
            })
            .collect(),
        seconds: report.seconds,
    }
}

fn verdict(verdict: &engine::Verdict) -> StreamVerdict {
    StreamVerdict {
        stream: verdict.stream.name().to_owned(),
        rows: number(verdict.rows),
        differing: number(verdict.differing),
        mended: number(verdict.mended),
        removed: number(verdict.removed),
        only_here: number(verdict.only_here),
        equal: verdict.is_equal,
    }
}

fn not_begun(row: &IntegrationRow, outcome: Outcome, errors: Vec<Problem>) -> VerifyReport {
    VerifyReport {
        account_id: row.pk.to_string(),
        outcome,
        sound: false,
        mended: 0,
        removed: 0,
        only_here: 0,
        counters: 0,
        streams: Vec::new(),
        errors,
        seconds: 0.0,
    }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
