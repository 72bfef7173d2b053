//! Bringing in what people have already: exports and backups.
//!
//! An import takes the way of everything else: files become neutral records, the account's server takes them, and a
//! sync brings them here. So whatever a server knows already is joined with it there, and nowhere else. The three go
//! on at the same time: what is read waits for the server, and what the server has taken is brought here meanwhile.
//!
//! Invariants: nothing is sent before all files were read to their end once, by the look before the import or by the
//! import itself; what is read is sent on, chunk by chunk, and not gathered; an import that ends early says so, and
//! what it has brought stays the server's to list
//! and to take back. Keys of encrypted files are in no log, error or `Debug` text.
//!
//! Rejected: writing into the mirror directly (a second way in, and the next sync would find strangers), and one
//! transaction for a whole import (a million messages would lock the server for as long as that takes).

mod context;
mod earlier;
mod files;
mod looked;
mod opened;
mod preview;
mod progress;
mod pulling;
mod reading;
mod session;
mod tally;
mod target;

use std::sync::{Arc, Mutex, PoisonError};

use threadkeep_ingest::Format;
use threadkeep_mirror::IntegrationRow;
use threadkeep_protocol::IngestReport;
use threadkeep_sync::SyncError;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

pub(crate) use self::earlier::view as view_of;
pub use self::reading::ImportGiven;
use self::{
    looked::Looked,
    opened::Opened,
    preview::ended,
    progress::Importing,
    reading::{Bounds, Chunk, Found},
    session::Session,
    tally::{Tally, number},
    target::platform_of,
};
use crate::{
    App, Error,
    account::problem,
    chat::read_chat,
    turn::Who,
    view::{ImportOptions, ImportPhase, ImportProgress, ImportReport, Outcome, Problem},
};

/// The look at files that goes on, so that a newer one can end it.
#[derive(Debug, Default)]
pub(crate) struct Imports {
    looking: Mutex<Option<CancellationToken>>,
    /// The last that has read all to its end, and found nothing wrong.
    looked: Mutex<Option<Looked>>,
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

    fn saw(&self, look: Option<Looked>) {
        *self.looked.lock().unwrap_or_else(PoisonError::into_inner) = look;
    }

    /// Whether these files have just been read to their end. That holds for one import.
    fn has_seen(&self, look: Option<&Looked>) -> bool {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = looked.take();
        look.is_some() && seen.as_ref() == look
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
        let look = Looked::at(given, options).await;
        let opened = opened::open(given, format_of(options)?, self.home.scratch_dir()).await;
        if let Some(unreadable) = opened.iter().find_map(unreadable) {
            return Err(unreadable);
        }
        let platform = platform_of(&opened, options)?;
        let chat = self.chosen_chat(options).await?;
        let how = reading::options(given, options, chat, true).await?;
        let opened = Arc::new(opened);
        let importing = Importing::new(progress);
        if !self.imports.has_seen(look.as_ref()) {
            check(&opened, platform, &how, &errand.cancel, &importing).await?;
        }
        let row = match self.account_for(platform, options).await? {
            Some(row) => row,
            None => self.make_account(platform, options).await?,
        };
        let turn = self.turns.take(row.pk, Who::Person, &errand.cancel).await;
        let turn = turn.ok_or(Error::ImportCancelled)?;
        let remote = self.remote(&row).await?;
        let store = self.store_of(&row).await?;
        let beside = self.beside_import().await?;
        let rush = self.mirror.rush();
        let mut session = Session::new(&remote, store, &row, &opened, platform, options);
        let files = (opened, platform, how);
        let (came, seen) = watch::channel(0);
        let sending = async {
            let sent = send(&mut session, files, &turn.cancel, &importing, &came).await;
            let is_cancelled = errand.cancel.is_cancelled();
            let is_whole = !is_cancelled && sent.as_ref().is_ok_and(|done| done.errors.is_empty());
            let ended = session.end(is_whole).await;
            if let Ok(done) = &sent {
                importing.sent(done.messages);
                came.send_replace(done.messages);
            }
            // Nothing more comes.
            drop(came);
            (sent, ended)
        };
        let pulling = self.pull_beside(&row, &remote, beside, seen, &turn.cancel, &importing);
        let ((sent, ended), pulled) = tokio::join!(sending, Box::pin(pulling));
        let mut done = sent?;
        if let Err(error) = ended {
            done.errors.push(problem(&explained(error, &row)));
        }
        let mut report = report(session.id(), &row, done, errand.cancel.is_cancelled());
        let is_here = pulled.as_ref().map(|run| run.outcome) == Some(Outcome::Completed);
        if let Some(run) = pulled {
            if report.outcome == Outcome::Completed {
                report.outcome = run.outcome;
            }
            report.errors.extend(run.errors);
        }
        // Before the turn is given back: whoever comes next is not to go on with what was stopped.
        if errand.cancel.is_cancelled() {
            self.turns.stop(row.pk);
        }
        drop(rush);
        drop(turn);
        drop(errand);
        if is_here {
            self.follow_on(row).await;
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

/// Reads everything to its end and drops it: what is cut short or damaged is refused before anything is sent.
async fn check<P: Fn(ImportProgress)>(
    opened: &Arc<Vec<Opened>>,
    platform: Option<&'static str>,
    how: &threadkeep_ingest::Options,
    cancel: &CancellationToken,
    importing: &Importing<P>,
) -> Result<(), Error> {
    let how = threadkeep_ingest::Options {
        with_content: false,
        ..how.clone()
    };
    let (opened, tally) = (Arc::clone(opened), Tally::default());
    let (mut chunks, end) = reading::read(
        Arc::clone(&opened),
        platform,
        how,
        Bounds::NOTHING,
        tally,
        cancel.child_token(),
    );
    while let Some(chunk) = chunks.recv().await {
        let Chunk {
            messages,
            done,
            total,
            ..
        } = chunk;
        importing.tell(ImportPhase::Checking, messages, done, total);
    }
    let found = ended(end).await;
    match found.problems.first() {
        Some((at, problem)) => Err(refused(&opened[*at], problem)),
        None if cancel.is_cancelled() => Err(Error::ImportCancelled),
        None => Ok(()),
    }
}

/// Sends what is read, and then the bytes of files. Before the first chunk was taken, what fails is an error; behind
/// it, it is told beside what was done.
async fn send<P: Fn(ImportProgress)>(
    session: &mut Session<'_>,
    (opened, platform, how): (
        Arc<Vec<Opened>>,
        Option<&'static str>,
        threadkeep_ingest::Options,
    ),
    cancel: &CancellationToken,
    importing: &Importing<P>,
    came: &watch::Sender<u64>,
) -> Result<Done, Error> {
    let row = session.row;
    let (mut chunks, end) = reading::read(
        Arc::clone(&opened),
        platform,
        how,
        session.bounds(),
        Tally::default(),
        cancel.child_token(),
    );
    let mut done = Done::default();
    while let Some(chunk) = chunks.recv().await {
        // What waits already is left too.
        if cancel.is_cancelled() {
            break;
        }
        if !chunk.records.is_empty() {
            match session.take(chunk.records).await {
                Ok(report) => {
                    done.add(&report);
                    done.messages = chunk.messages;
                    pulling::say(came, chunk.messages);
                }
                Err(error) if !session.has_begun() => return Err(error),
                Err(error) => {
                    done.errors.push(problem(&error));
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
    done.refused += tally.faults_total;
    if let Some((at, problem)) = problems.first().filter(|_| !session.has_begun()) {
        return Err(refused(&opened[*at], problem));
    }
    if cancel.is_cancelled() && !session.has_begun() {
        return Err(Error::ImportCancelled);
    }
    done.errors
        .extend(problems.into_iter().map(|(_, problem)| problem));
    if contents.is_empty() || cancel.is_cancelled() || !done.errors.is_empty() {
        return Ok(done);
    }
    let tell = |files: i64, total: i64| {
        (importing.progress)(ImportProgress {
            phase: ImportPhase::Files,
            messages: number(done.messages),
            done: files,
            total,
        });
    };
    let brought = files::bring(
        session.remote,
        row.integration_id,
        &opened,
        &contents,
        cancel,
        tell,
    )
    .await;
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

fn report(id: String, row: &IntegrationRow, done: Done, is_cancelled: bool) -> ImportReport {
    ImportReport {
        id,
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
