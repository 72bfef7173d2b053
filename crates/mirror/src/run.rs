//! The log of sync runs that a person reads when something looks wrong.

use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use crate::{ChangeKind, Error, IntegrationPk, Mirror, RunPk, row};

/// Runs that began within so many milliseconds of the first of them are written down as one.
const MERGED_MS: i64 = 60 * 60 * 1_000;

/// A run that begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// Of which account.
    pub integration: IntegrationPk,
    /// How it was started, such as `manual`, `timer`, `live`.
    pub mode: String,
    /// When, in milliseconds.
    pub at: i64,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It goes on.
    Running,
    /// Everything is there.
    Completed,
    /// Some rows or streams failed; the errors say which.
    Partial,
    /// A person stopped it.
    Cancelled,
    /// It could not go on; the errors say why.
    Failed,
    /// The program ended in the middle of it.
    Interrupted,
}

impl Outcome {
    const ALL: [Self; 6] = [
        Self::Running,
        Self::Completed,
        Self::Partial,
        Self::Cancelled,
        Self::Failed,
        Self::Interrupted,
    ];

    /// The name in the file and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Partial => "partial",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }
}

/// Something that went wrong in a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunError {
    /// For a program.
    pub code: String,
    /// For a person; never content, never a token.
    pub message: String,
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunEnd {
    /// How it ended.
    pub outcome: Outcome,
    /// New rows.
    pub saved: u64,
    /// Rows that replaced an older version.
    pub updated: u64,
    /// Rows that were there.
    pub unchanged: u64,
    /// Rows that could not be read.
    pub skipped: u64,
    /// What went wrong.
    pub errors: Vec<RunError>,
    /// Bytes that came over the network.
    pub bytes: u64,
    /// How long it took.
    pub duration_ms: u64,
    /// When it ended, in milliseconds.
    pub at: i64,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunRow {
    /// Its name in this file.
    pub pk: RunPk,
    /// Of which account.
    pub integration: IntegrationPk,
    /// How it was started, as in `NewRun`.
    pub mode: String,
    /// How it ended.
    pub outcome: Outcome,
    /// When it began, in milliseconds.
    pub started_at: i64,
    /// 0 while it goes on, and where nobody was left to write it down.
    pub ended_at: i64,
    /// New rows.
    pub saved: u64,
    /// Rows that replaced an older version.
    pub updated: u64,
    /// Rows that were there.
    pub unchanged: u64,
    /// Rows that could not be read.
    pub skipped: u64,
    /// What went wrong.
    pub errors: Vec<RunError>,
    /// Bytes that came over the network.
    pub bytes: u64,
    /// How long it took.
    pub duration_ms: u64,
}

impl Mirror {
    /// Writes down that a run begins. One that is still open when the mirror is next opened was
    /// interrupted, and is shown so.
    ///
    /// # Errors
    /// When there is no such integration or the mirror cannot be written.
    pub async fn start_run(&self, new: NewRun) -> Result<RunPk, Error> {
        self.write(move |writing| {
            writing.account(new.integration)?;
            writing
                .conn
                .prepare_cached(
                    "INSERT INTO sync_runs (integration_pk, mode, started_at) VALUES (?1, ?2, ?3)",
                )?
                .execute((new.integration, &new.mode, new.at))?;
            let run = RunPk(writing.conn.last_insert_rowid());
            writing.change(ChangeKind::Run, run.0);
            Ok(run)
        })
        .await
    }

    /// Writes down how a run ended.
    ///
    /// # Errors
    /// When the mirror cannot be written.
    pub async fn finish_run(&self, run: RunPk, end: RunEnd) -> Result<(), Error> {
        self.write(move |writing| {
            writing
                .conn
                .prepare_cached(
                    "UPDATE sync_runs SET outcome = ?2, ended_at = ?3, saved = ?4, updated = ?5, \
                        unchanged = ?6, skipped = ?7, errors = ?8, bytes = ?9, duration_ms = ?10 \
                     WHERE pk = ?1",
                )?
                .execute(params![
                    run,
                    end.outcome.name(),
                    end.at,
                    row::signed(end.saved),
                    row::signed(end.updated),
                    row::signed(end.unchanged),
                    row::signed(end.skipped),
                    serde_json::to_string(&end.errors)?,
                    row::signed(end.bytes),
                    row::signed(end.duration_ms),
                ])?;
            writing.change(ChangeKind::Run, run.0);
            Ok(())
        })
        .await
    }

    /// Writes down a run that is over. One that went like the account's last run, of the same mode and
    /// not long ago, is added to it: a busy account is pulled thousands of times a day, and a person
    /// who reads the log wants to see how the hours went.
    ///
    /// # Errors
    /// When there is no such integration or the mirror cannot be written.
    pub async fn add_run(&self, new: NewRun, end: RunEnd) -> Result<RunPk, Error> {
        self.write(move |writing| {
            writing.account(new.integration)?;
            let errors = serde_json::to_string(&end.errors)?;
            let figures = params![
                new.integration,
                new.mode,
                end.outcome.name(),
                errors,
                new.at,
                end.at,
                row::signed(end.saved),
                row::signed(end.updated),
                row::signed(end.unchanged),
                row::signed(end.skipped),
                row::signed(end.bytes),
                row::signed(end.duration_ms),
                MERGED_MS,
            ];
            let merged = writing
                .conn
                .prepare_cached(
                    "UPDATE sync_runs SET ended_at = ?6, saved = saved + ?7, \
                        updated = updated + ?8, unchanged = unchanged + ?9, \
                        skipped = skipped + ?10, bytes = bytes + ?11, \
                        duration_ms = duration_ms + ?12 \
                     WHERE pk = (SELECT max(pk) FROM sync_runs WHERE integration_pk = ?1) \
                        AND mode = ?2 AND outcome = ?3 AND errors = ?4 \
                        AND started_at BETWEEN ?5 - ?13 AND ?5 RETURNING pk",
                )?
                .query_row(figures, |row| row.get(0))
                .optional()?;
            let run = match merged {
                Some(run) => run,
                None => {
                    writing
                        .conn
                        .prepare_cached(
                            "INSERT INTO sync_runs (integration_pk, mode, outcome, errors, \
                                started_at, ended_at, saved, updated, unchanged, skipped, bytes, \
                                duration_ms) \
                             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                        )?
                        .execute(&figures[..12])?;
                    RunPk(writing.conn.last_insert_rowid())
                }
            };
            writing.change(ChangeKind::Run, run.0);
            Ok(run)
        })
        .await
    }

    /// The latest runs, newest first.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn runs(&self, limit: u32) -> Result<Vec<RunRow>, Error> {
        self.read(move |conn| {
            let mut select = conn.prepare_cached(
                "SELECT r.pk, r.integration_pk, r.mode, r.outcome, r.started_at, r.ended_at, \
                    r.saved, r.updated, r.unchanged, r.skipped, r.errors, r.bytes, r.duration_ms \
                 FROM sync_runs AS r JOIN integrations AS i ON i.pk = r.integration_pk \
                 WHERE i.removing = 0 ORDER BY r.pk DESC LIMIT ?1",
            )?;
            let mut rows = select.query([limit])?;
            let mut runs = Vec::new();
            while let Some(row) = rows.next()? {
                runs.push(run(row)?);
            }
            Ok(runs)
        })
        .await
    }
}

fn run(row: &rusqlite::Row<'_>) -> Result<RunRow, Error> {
    let outcome: String = row.get(3)?;
    let errors: String = row.get(10)?;
    Ok(RunRow {
        pk: row.get(0)?,
        integration: row.get(1)?,
        mode: row.get(2)?,
        outcome: Outcome::ALL
            .into_iter()
            .find(|known| known.name() == outcome)
            .unwrap_or(Outcome::Interrupted),
        started_at: row.get(4)?,
        ended_at: row.get(5)?,
        saved: row::unsigned(row.get(6)?),
        updated: row::unsigned(row.get(7)?),
        unchanged: row::unsigned(row.get(8)?),
        skipped: row::unsigned(row.get(9)?),
        errors: serde_json::from_str(&errors)?,
        bytes: row::unsigned(row.get(11)?),
        duration_ms: row::unsigned(row.get(12)?),
    })
}

#[cfg(test)]
mod tests;
