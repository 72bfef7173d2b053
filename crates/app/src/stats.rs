//! What is here, and what ran.

use threadkeep_mirror::RunRow;

use crate::{
    App, Error,
    view::{Bytes, Outcome, Problem, Run, Stats},
};

impl App {
    /// Counts, sizes and places, from figures that every write keeps: nothing is counted now.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn stats(&self) -> Result<Stats, Error> {
        let stats = self.mirror.stats().await?;
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        Ok(Stats {
            conversations: number(stats.counts.conversations),
            messages: number(stats.counts.messages),
            contacts: number(stats.counts.contacts),
            participants: number(stats.counts.participants),
            media: number(stats.counts.media),
            receipts: number(stats.counts.receipts),
            bytes: Bytes {
                mirror: number(stats.mirror_bytes),
                wal: number(stats.wal_bytes),
                search: number(self.search.bytes()),
                media: number(self.media_bytes().await),
            },
            path: self.home.mirror_file().display().to_string(),
            last_sync_at: (stats.last_sync_at != 0).then_some(stats.last_sync_at),
            search_behind: self.search_behind().await?,
        })
    }

    /// The last runs, newest first.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn runs(&self, limit: u32) -> Result<Vec<Run>, Error> {
        Ok(self
            .mirror
            .runs(limit.min(1_000))
            .await?
            .into_iter()
            .map(run)
            .collect())
    }
}

fn run(row: RunRow) -> Run {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    Run {
        id: row.pk.to_string(),
        account_id: row.integration.to_string(),
        mode: row.mode,
        outcome: outcome(row.outcome),
        started_at: row.started_at,
        duration_ms: number(row.duration_ms),
        saved: number(row.saved),
        updated: number(row.updated),
        unchanged: number(row.unchanged),
        bytes: number(row.bytes),
        errors: row
            .errors
            .into_iter()
            .map(|error| Problem {
                code: error.code,
                message: error.message,
            })
            .collect(),
    }
}

pub(crate) const fn outcome(outcome: threadkeep_mirror::Outcome) -> Outcome {
    use threadkeep_mirror::Outcome as Stored;
    match outcome {
        Stored::Running => Outcome::Running,
        Stored::Completed => Outcome::Completed,
        Stored::Partial => Outcome::Partial,
        Stored::Cancelled => Outcome::Cancelled,
        Stored::Failed => Outcome::Failed,
        Stored::Interrupted => Outcome::Interrupted,
    }
}
