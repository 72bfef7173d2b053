//! Bringing in what people have already: exports and backups.
//!
//! An import takes the way of everything else: files become neutral records, the account's server takes them, and a
//! sync brings them here. So whatever a server knows already is joined with it there, and nowhere else.
//!
//! Invariants: nothing is sent before all files were looked at and found readable; what is read is sent on, chunk by
//! chunk, and not gathered; an import that ends early says so, and what it has brought stays the server's to list
//! and to take back. Keys of encrypted files are in no log, error or `Debug` text.
//!
//! Rejected: writing into the mirror directly (a second way in, and the next sync would find strangers), and one
//! transaction for a whole import (a million messages would lock the server for as long as that takes).

mod files;
mod preview;
mod reading;
mod tally;
mod target;

use std::sync::{Arc, Mutex, PoisonError};

use threadkeep_ingest::Format;
use threadkeep_mirror::IntegrationRow;
use threadkeep_protocol::{ImportState, IngestReport, NewImport};
use threadkeep_sync::{Remote, SyncError, SyncOptions};
use tokio_util::sync::CancellationToken;

pub use self::reading::ImportGiven;
use self::{
    preview::ended,
    reading::{Found, Opened},
    tally::{Tally, number},
    target::platform_of,
};
use crate::{
    App, Error,
    account::problem,
    chat::read_chat,
    turn::Who,
    view::{
        ImportOptions, ImportPhase, ImportProgress, ImportReport, Outcome, Problem, SyncProgress,
    },
};

/// The look at files that goes on, so that a newer one can end it.
#[derive(Debug, Default)]
pub(crate) struct Imports {
    looking: Mutex<Option<CancellationToken>>,
}

impl Imports {
    fn look(&self, closing: &CancellationToken) -> CancellationToken {
        let cancel = closing.child_token();
        let mut looking = self.looking.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = looking.replace(cancel.clone()) {
            before.cancel();
        }
        cancel
    }
}

/// Tells whoever waits how far it is.
struct Importing<P>(P);

impl<P: Fn(ImportProgress)> Importing<P> {
    const fn new(progress: P) -> Self {
        Self(progress)
    }

    fn tell(&self, phase: ImportPhase, messages: u64, done: u64, total: u64) {
        (self.0)(ImportProgress {
            phase,
            messages: number(messages),
            done: number(done),
            total: number(total),
        });
    }
}

/// What has been done so far, and what went wrong.
#[derive(Debug, Default)]
struct Done {
    saved: u64,
    changed: u64,
    known: u64,
    refused: u64,
    messages: u64,
    files: i64,
    lost: i64,
    errors: Vec<Problem>,
    /// Its id at the server; empty where that keeps none.
    import: String,
}

impl Done {
    fn add(&mut self, report: &IngestReport) {
        self.saved += report.saved;
        self.changed += report.updated;
        self.known += report.unchanged;
        self.refused += report.errors.len() as u64;
    }
}

impl App {
    /// Ends the look at files that goes on, if there is one.
    pub fn cancel_preview(&self) {
        self.imports.look(&self.closing);
    }

    /// Reads files and brings what is in them to an account's server, and from there here. It ends early when the
    /// sync that runs is cancelled: what was brought stays, and importing the same again goes on from there.
    ///
    /// # Errors
    /// When nothing was brought in: a file cannot be read, the account cannot be written to, or a sync runs. What
    /// goes wrong later is in the report.
    pub async fn import<P>(
        &self,
        given: &ImportGiven,
        options: &ImportOptions,
        progress: P,
    ) -> Result<ImportReport, Error>
    where
        P: Fn(ImportProgress) + Send + Sync + 'static,
    {
        let errand = self.begin()?;
        let opened = reading::open(given, format_of(options)?, self.home.scratch_dir()).await;
        if let Some(unreadable) = opened.iter().find_map(unreadable) {
            return Err(unreadable);
        }
        let platform = platform_of(&opened, options)?;
        let chat = self.chosen_chat(options).await?;
        let how = reading::options(given, options, chat, true).await?;
        let row = match self.account_for(platform, options).await? {
            Some(row) => row,
            None => self.make_account(platform, options).await?,
        };
        let turn = self.turns.take(row.pk, Who::Person, &errand.cancel).await;
        let turn = turn.ok_or(Error::ImportCancelled)?;
        let remote = self.remote(&row).await?;
        let progress = Arc::new(progress);
        let importing = Importing::new(|word| progress(word));
        let done = send(
            &remote,
            &row,
            (opened, platform),
            how,
            &turn.cancel,
            &importing,
        )
        .await?;
        let messages = done.messages;
        let is_cancelled = errand.cancel.is_cancelled();
        drop(turn);
        let mut report = report(&row, done, is_cancelled);
        let options = SyncOptions {
            mode: "import".to_owned(),
            ..self.sync_settings().await?.options()
        };
        let progress = Arc::clone(&progress);
        let tell = move |word: SyncProgress| {
            progress(ImportProgress {
                phase: ImportPhase::Syncing,
                messages: number(messages),
                done: word.overall_done,
                total: word.overall_total.unwrap_or(0),
            });
        };
        let runs = self.sync_within(errand, vec![row], options, tell).await;
        for run in runs {
            if report.outcome == Outcome::Completed {
                report.outcome = run.outcome;
            }
            report.errors.extend(run.errors);
        }
        Ok(report)
    }

    /// The address of the chat that a person has chosen for files of one chat.
    async fn chosen_chat(&self, options: &ImportOptions) -> Result<Option<String>, Error> {
        let Some(id) = &options.chat_id else {
            return Ok(None);
        };
        let row = self.mirror.chat(read_chat(id)?).await?;
        Ok(Some(row.ok_or_else(|| Error::NoChat(id.clone()))?.jid))
    }
}

/// Sends what is read, and then the bytes of files. Before the first chunk was taken, what fails is an error; behind
/// it, it is told beside what was done.
async fn send<P: Fn(ImportProgress)>(
    remote: &Remote,
    row: &IntegrationRow,
    (opened, platform): (Vec<Opened>, Option<&'static str>),
    how: threadkeep_ingest::Options,
    cancel: &CancellationToken,
    importing: &Importing<P>,
) -> Result<Done, Error> {
    let opened = Arc::new(opened);
    let (mut chunks, end) = reading::read(
        Arc::clone(&opened),
        platform,
        how,
        Tally::default(),
        cancel.child_token(),
    );
    let mut done = Done::default();
    let mut under = Under::new(&opened);
    let mut has_begun = false;
    while let Some(chunk) = chunks.recv().await {
        if !chunk.records.is_empty() {
            match under.take(remote, row, &chunk.records).await {
                Ok(report) => {
                    has_begun = true;
                    done.add(&report);
                    done.messages = chunk.messages;
                }
                Err(error) if !has_begun => return Err(explained(error, row)),
                Err(error) => {
                    done.errors.push(problem(&explained(error, row)));
                    break;
                }
            }
        }
        importing.tell(
            ImportPhase::Messages,
            chunk.messages,
            chunk.done,
            chunk.total,
        );
    }
    drop(chunks);
    let Found {
        tally,
        contents,
        problems,
    } = ended(end).await;
    let is_whole = problems.is_empty() && done.errors.is_empty() && !cancel.is_cancelled();
    done.import = under.end(remote, row, is_whole).await;
    done.refused += tally.faults_total;
    if let Some((at, problem)) = problems.first().filter(|_| !has_begun) {
        return Err(refused(&opened[*at], problem));
    }
    if cancel.is_cancelled() && !has_begun {
        return Err(Error::ImportCancelled);
    }
    done.errors
        .extend(problems.into_iter().map(|(_, problem)| problem));
    if contents.is_empty() || cancel.is_cancelled() || !done.errors.is_empty() {
        return Ok(done);
    }
    let tell = |files: i64, total: i64| {
        (importing.0)(ImportProgress {
            phase: ImportPhase::Files,
            messages: number(done.messages),
            done: files,
            total,
        });
    };
    let brought = files::bring(remote, row.integration_id, &opened, &contents, cancel, tell).await;
    match brought {
        Ok(brought) => {
            done.files = brought.files;
            done.lost = brought.lost;
        }
        Err(SyncError::Cancelled) => {}
        Err(error) => done.errors.push(problem(&explained(error, row))),
    }
    Ok(done)
}

/// The import at the server under which chunks are handed over: it begins with the first.
struct Under {
    new: NewImport,
    /// None before the first chunk, and where the server keeps no imports.
    id: Option<i64>,
    has_asked: bool,
}

impl Under {
    fn new(opened: &[Opened]) -> Self {
        let read = opened.iter().filter_map(|one| one.readable.as_ref());
        let format = read.flat_map(|(_, formats)| formats).next();
        Self {
            new: NewImport {
                format: format
                    .map(|format| format.name().to_owned())
                    .unwrap_or_default(),
                inputs: opened.iter().map(|one| one.file.name.clone()).collect(),
                ..NewImport::default()
            },
            id: None,
            has_asked: false,
        }
    }

    /// Hands a chunk to the account's server.
    async fn take(
        &mut self,
        remote: &Remote,
        row: &IntegrationRow,
        records: &[threadkeep_ingest::Record],
    ) -> Result<IngestReport, SyncError> {
        if !self.has_asked {
            self.id = match remote.begin_import(row.integration_id, &self.new).await {
                Ok(begun) => Some(begun.id),
                Err(error) if error.is_absence() => None,
                Err(error) => return Err(error),
            };
            self.has_asked = true;
        }
        match self.id {
            Some(import) => {
                remote
                    .ingest_into(row.integration_id, import, records)
                    .await
            }
            None => remote.ingest(row.integration_id, records).await,
        }
    }

    /// Says that nothing more comes. An import of which that could not be said runs on, and can be taken back too.
    async fn end(&self, remote: &Remote, row: &IntegrationRow, is_whole: bool) -> String {
        let Some(import) = self.id else {
            return String::new();
        };
        let state = if is_whole {
            ImportState::Complete
        } else {
            ImportState::Cancelled
        };
        if let Err(error) = remote.end_import(row.integration_id, import, state).await {
            tracing::warn!(%error, "the end of an import could not be told");
        }
        import.to_string()
    }
}

fn report(row: &IntegrationRow, done: Done, is_cancelled: bool) -> ImportReport {
    ImportReport {
        id: done.import,
        account_id: row.pk.to_string(),
        outcome: if is_cancelled {
            Outcome::Cancelled
        } else if done.errors.is_empty() {
            Outcome::Completed
        } else {
            Outcome::Partial
        },
        messages: number(done.messages),
        saved: number(done.saved),
        changed: number(done.changed),
        known: number(done.known),
        files: done.files,
        faults: number(done.refused).saturating_add(done.lost),
        errors: done.errors,
    }
}

/// What a server says to an import, in an import's words.
fn explained(error: SyncError, row: &IntegrationRow) -> Error {
    match error {
        SyncError::Forbidden { .. } => Error::MayNotImport(row.display_name.clone()),
        error => Error::Sync(error),
    }
}

fn format_of(options: &ImportOptions) -> Result<Option<Format>, Error> {
    let format = options.format.as_deref().map(str::parse);
    Ok(format.transpose()?)
}

fn unreadable(opened: &Opened) -> Option<Error> {
    opened
        .file
        .problem
        .as_ref()
        .map(|problem| refused(opened, problem))
}

fn refused(opened: &Opened, problem: &Problem) -> Error {
    Error::ImportFile {
        name: opened.file.name.clone(),
        code: problem.code.clone(),
        message: problem.message.clone(),
    }
}

#[cfg(test)]
mod tests;
