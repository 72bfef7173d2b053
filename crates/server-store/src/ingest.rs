//! Neutral records in: one transaction a call, and a report of what became of each record.
//!
//! A call learns the addresses of all its records first, then changes rows in memory, and writes what
//! differs at the end. Records are checked before they change anything, so that a refused one costs
//! only itself, with no savepoint for each. Should SQLite itself refuse a row, nobody can tell which
//! record was at fault: then the call is rolled back and done again with every record written on its
//! own, in a savepoint of its own.

mod address;
pub(crate) mod call;
mod change;
mod contact;
mod conversation;
mod flush;
mod history;
mod loose;
mod merge;
mod message;
mod named;
mod outcome;
mod participant;
mod pending;
mod several;
mod shown;
mod telling;
pub(crate) mod undo;
mod vouch;

use std::collections::BTreeSet;

use rusqlite::{Connection, ErrorCode, params};
use threadkeep_protocol::{HistoryResult, IngestReport, IntegrationId, Record, RecordError};

use crate::{clock::now, error::StoreError, import, kept::ACCOUNT, store::Store};
use call::Call;
use history::Arrivals;
use loose::Due;
use outcome::{Outcome, Refusal};

/// How to take records in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IngestOptions {
    /// Do everything and keep nothing: the report says what would happen.
    pub dry_run: bool,
    /// What whoever translated the request left out, for the account's figures.
    pub skipped: u64,
    /// What whoever translated the request could not read.
    pub unreadable: u64,
    /// The import that the records belong to; `None` for what the account itself says.
    pub import: Option<i64>,
}

/// What a call did, beside its rows.
struct Taken {
    report: IngestReport,
    /// It brought part of the platform's first history.
    is_history: bool,
    /// It answered a request for older messages.
    has_answered: bool,
}

impl Store {
    /// Takes records in, in one transaction. Each comes with its place in the request, by which the
    /// report names it if it cannot be taken; that costs no other record.
    ///
    /// # Errors
    /// When the integration is unknown or the file cannot be written; then nothing was kept.
    pub async fn ingest(
        &self,
        integration: IntegrationId,
        records: Vec<(usize, Record)>,
        options: IngestOptions,
    ) -> Result<IngestReport, StoreError> {
        let taken = self.write(move |tx| {
            let taken = take(&tx, integration, &records, options.import)?;
            if options.dry_run {
                begin_again(&tx)?;
            }
            if taken.is_history && taken.report.saved > 0 {
                note_history(&tx, integration, &taken.report, options)?;
            }
            if let Some(import) = options.import.filter(|_| !options.dry_run) {
                import::count(&tx, import, &taken.report, options.unreadable)?;
            }
            tx.commit()?;
            Ok(taken)
        });
        let taken = taken.await?;
        if taken.has_answered && !options.dry_run {
            self.history_moved();
        }
        Ok(taken.report)
    }
}

/// Writes down what a call did that brought history, a dry run's too, for whoever looks after the server.
fn note_history(
    conn: &Connection,
    integration: IntegrationId,
    report: &IngestReport,
    options: IngestOptions,
) -> Result<(), StoreError> {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let saved = report.saved + report.updated;
    let skipped = report.unchanged + options.skipped;
    let errors = report.errors.len() as u64 + options.unreadable;
    let result = HistoryResult {
        saved: number(saved),
        skipped: number(skipped),
        errors: number(errors),
        total: number(saved + skipped + errors),
        dry_run: options.dry_run,
    };
    conn.prepare_cached(
        "UPDATE integrations SET last_history_sync_result = ?2,
                last_history_sync_at = CASE WHEN ?3 THEN last_history_sync_at ELSE ?4 END
         WHERE id = ?1",
    )?
    .execute(params![
        integration,
        serde_json::to_string(&result)?,
        options.dry_run,
        now().millis()
    ])?;
    Ok(())
}

fn take(
    conn: &Connection,
    integration: IntegrationId,
    records: &[(usize, Record)],
    import: Option<i64>,
) -> Result<Taken, StoreError> {
    let source = || match import {
        Some(import) => import::require_running(conn, integration, import),
        None => Ok(ACCOUNT),
    };
    match take_together(conn, integration, records, source()?) {
        Err(error) if is_of_a_record(&error) => {
            tracing::warn!(%error, "a row was refused: taking the records one by one");
            begin_again(conn)?;
            take_apart(conn, integration, records, source()?)
        }
        result => result,
    }
}

/// Takes back what the transaction did, and begins another; what was read before counts no more.
///
/// A savepoint around all of it would do that too, and keep each page in memory as it was, in a list that SQLite walks
/// from its beginning after each statement: three quarters of the time with 50,000 chats.
fn begin_again(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch("ROLLBACK; BEGIN IMMEDIATE")
}

fn take_together(
    conn: &Connection,
    integration: IntegrationId,
    records: &[(usize, Record)],
    source: i64,
) -> Result<Taken, StoreError> {
    let mut call = Call::open(conn, integration, now(), source)?;
    let mut outcomes = Vec::with_capacity(records.len());
    for (_, record) in records {
        outcomes.push(settle(call.learn_from(record))?);
    }
    for ((_, record), outcome) in records.iter().zip(&mut outcomes) {
        if outcome.is_ok() {
            let expected = settle(call.expect(record))?;
            *outcome = expected.and_then(|expected| outcome.clone().map(|o| o.max(expected)));
        }
    }
    let mut report = IngestReport::default();
    for ((index, record), learned) in records.iter().zip(outcomes) {
        let outcome = match learned {
            Ok(learned) => settle(call.take(record))?.map(|taken| taken.max(learned)),
            refused => refused,
        };
        note(&mut report, *index, outcome);
        call.spill()?;
    }
    finish(call, report)
}

/// Settles what is whole, writes the rows, and then moves the requests on that were answered.
fn finish(mut call: Call<'_>, report: IngestReport) -> Result<Taken, StoreError> {
    let mut taken = Taken {
        report,
        is_history: call.arrivals.history > 0,
        has_answered: call.arrivals.has_answers(),
    };
    let settled = call.settle()?;
    call.flush()?;
    settled.write(call.conn)?;
    call.join_named_chats()?;
    call.rematch_due()?;
    call.reshow()?;
    taken.report.conflicting += call.conflicting;
    Ok(taken)
}

fn take_apart(
    conn: &Connection,
    integration: IntegrationId,
    records: &[(usize, Record)],
    source: i64,
) -> Result<Taken, StoreError> {
    let (mut arrivals, mut conflicting) = (Arrivals::default(), 0);
    let (mut reshown, mut has_names, mut due) = (BTreeSet::new(), false, Due::default());
    let mut alone = |job: &dyn Fn(&mut Call<'_>) -> Result<Outcome, Refusal>| {
        let result = within_savepoint(conn, || {
            let mut call = Call::open(conn, integration, now(), source)?;
            // What is answered decides what is kept, so every record's call knows it.
            call.arrivals.expect_the_same(&arrivals);
            let outcome = settle(job(&mut call))?;
            let came = std::mem::take(&mut call.arrivals);
            call.flush()?;
            Ok((
                outcome,
                came,
                call.conflicting,
                call.reshown,
                call.has_names,
                call.due,
            ))
        });
        match result {
            Ok((outcome, came, differed, lost, named, later)) => {
                arrivals.extend(came);
                conflicting += differed;
                reshown.extend(lost);
                has_names |= named;
                due.extend(later);
                Ok(outcome)
            }
            Err(error) if is_of_a_record(&error) => {
                Ok(Err("the database refuses the row it would make".to_owned()))
            }
            Err(error) => Err(error),
        }
    };
    let mut outcomes = Vec::with_capacity(records.len());
    for (_, record) in records {
        let learned = alone(&|call| call.learn_from(record))?;
        outcomes.push(match learned {
            Ok(learned) => alone(&|call| call.expect(record))?.map(|known| known.max(learned)),
            refused => refused,
        });
    }
    let mut report = IngestReport::default();
    for ((index, record), learned) in records.iter().zip(outcomes) {
        let outcome = match learned {
            Ok(learned) => alone(&|call| call.take(record))?.map(|taken| taken.max(learned)),
            refused => refused,
        };
        note(&mut report, *index, outcome);
    }
    let mut call = Call::open(conn, integration, now(), source)?;
    call.conflicting = conflicting;
    (call.reshown, call.has_names, call.due) = (reshown, has_names, due);
    call.arrivals = arrivals;
    finish(call, report)
}

/// A refusal is the record's; any other failure is the call's.
fn settle(result: Result<Outcome, Refusal>) -> Result<Result<Outcome, String>, StoreError> {
    match result {
        Ok(outcome) => Ok(Ok(outcome)),
        Err(Refusal::Record(reason)) => Ok(Err(reason)),
        Err(Refusal::Store(error)) => Err(error),
    }
}

fn note(report: &mut IngestReport, index: usize, outcome: Result<Outcome, String>) {
    match outcome {
        Ok(Outcome::Saved) => report.saved += 1,
        Ok(Outcome::Updated) => report.updated += 1,
        Ok(Outcome::Unchanged) => report.unchanged += 1,
        Err(reason) => report.errors.push(RecordError { index, reason }),
    }
}

fn within_savepoint<T>(
    conn: &Connection,
    job: impl FnOnce() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    conn.execute_batch("SAVEPOINT attempt")?;
    let result = job();
    if result.is_err() {
        // Some failures (a full disk) have rolled everything back already; the first error counts.
        let _ = conn.execute_batch("ROLLBACK TO attempt; RELEASE attempt");
    } else {
        conn.execute_batch("RELEASE attempt")?;
    }
    result
}

/// Whether one record may be at fault, rather than the file or the machine.
fn is_of_a_record(error: &StoreError) -> bool {
    match error {
        StoreError::Decode(_) => true,
        StoreError::Sqlite(error) => matches!(
            error.sqlite_error_code(),
            Some(ErrorCode::ConstraintViolation | ErrorCode::TooBig | ErrorCode::TypeMismatch)
        ),
        _ => false,
    }
}
