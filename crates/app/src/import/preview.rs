//! The look before an import: what is in the files, and what the account's server says it would do with it.

use std::sync::Arc;

use threadkeep_ingest::Record;
use threadkeep_mirror::IntegrationRow;
use threadkeep_protocol::IngestReport;
use threadkeep_sync::Remote;

use super::{
    context::Context,
    explained, format_of,
    looked::Looked,
    opened::{self, Opened},
    progress::Importing,
    reading::{self, Bounds, Found, ImportGiven},
    tally::{Tally, number, shown_address},
    target::{Known, platform_of, platforms},
};
use crate::{
    App, Error,
    view::{ImportChat, ImportOptions, ImportPhase, ImportPreview, ImportProgress},
};

/// More chats than anybody reads through.
const CHATS: usize = 500;

/// A request is held in memory on both sides.
const RECORDS: usize = 2_000;

/// What the account's server would do with the messages.
#[derive(Default)]
struct Rehearsed {
    new: u64,
    known: u64,
    changed: u64,
    refused: u64,
    conflicting: u64,
}

/// The server of the account, where there is one.
struct Rehearsal<'a> {
    server: Option<(&'a Remote, &'a IntegrationRow)>,
    context: Context,
    told: Rehearsed,
}

impl Rehearsal<'_> {
    /// Asks what would become of the messages of a chunk.
    async fn take(&mut self, records: Vec<Record>) -> Result<(), Error> {
        let messages = self.context.take(records);
        self.ask(messages).await
    }

    /// The same for messages that have waited for something which the files said late, or never.
    async fn end(&mut self) -> Result<(), Error> {
        let waited = self.context.waited();
        for some in waited.chunks(RECORDS) {
            self.ask(some.to_vec()).await?;
        }
        Ok(())
    }

    async fn ask(&mut self, messages: Vec<Record>) -> Result<(), Error> {
        let (Some((remote, row)), false) = (self.server, messages.is_empty()) else {
            self.told.new += messages.len() as u64;
            return Ok(());
        };
        let rehearse = async |records: &[Record]| {
            let report = remote.rehearse(row.integration_id, records).await;
            report.map_err(|error| explained(error, row))
        };
        let mut records = self.context.of(&messages);
        let first = records.len();
        // What is told in front is counted too, and taken off again.
        let aside = if first > 0 {
            rehearse(&records).await?
        } else {
            IngestReport::default()
        };
        records.extend(messages);
        let report = rehearse(&records).await?;
        let told = &mut self.told;
        told.new += report.saved.saturating_sub(aside.saved);
        told.changed += report.updated.saturating_sub(aside.updated);
        told.known += report.unchanged.saturating_sub(aside.unchanged);
        told.conflicting += report.conflicting;
        let refused = report.errors.iter().filter(|error| error.index >= first);
        told.refused += refused.count() as u64;
        Ok(())
    }
}

impl App {
    /// Reads files and says what is in them, and what an import of them would do. Nothing is changed. A second look
    /// ends the first.
    ///
    /// # Errors
    /// When a newer look has begun, the files are of several platforms, or the account cannot be asked.
    pub async fn preview_import<P>(
        &self,
        given: &ImportGiven,
        options: &ImportOptions,
        progress: P,
    ) -> Result<ImportPreview, Error>
    where
        P: Fn(ImportProgress) + Send + Sync,
    {
        let cancel = self.imports.look(&self.closing);
        let look = Looked::at(given, options).await;
        let opened =
            Arc::new(opened::open(given, format_of(options)?, self.home.scratch_dir()).await);
        let platform = platform_of(&opened, options)?;
        if opened.iter().all(|each| each.readable.is_none()) {
            return Ok(unread(&opened));
        }
        let row = self.account_for(platform, options).await?;
        let chat = self.chosen_chat(options).await?;
        let how = reading::options(given, options, chat, false).await?;
        let remote = match &row {
            Some(row) => Some(self.remote(row).await?),
            None => None,
        };
        let (mut chunks, end) = reading::read(
            Arc::clone(&opened),
            platform,
            how,
            Bounds::REQUEST,
            Tally::with_seen(),
            cancel.clone(),
        );
        let mut rehearsal = Rehearsal {
            server: remote.as_ref().zip(row.as_ref()),
            context: Context::default(),
            told: Rehearsed::default(),
        };
        let importing = Importing::new(progress);
        while let Some(chunk) = chunks.recv().await {
            importing.tell(
                ImportPhase::Messages,
                chunk.messages,
                chunk.done,
                chunk.total,
            );
            rehearsal.take(chunk.records).await?;
        }
        rehearsal.end().await?;
        let found = ended(end).await;
        if cancel.is_cancelled() {
            return Err(Error::ImportCancelled);
        }
        let is_whole =
            found.problems.is_empty() && opened.iter().all(|each| each.readable.is_some());
        self.imports.saw(look.filter(|_| is_whole));
        self.preview(&opened, platform, row.as_ref(), found, &rehearsal.told)
            .await
    }

    async fn preview(
        &self,
        opened: &[Opened],
        platform: Option<&str>,
        row: Option<&IntegrationRow>,
        found: Found,
        rehearsed: &Rehearsed,
    ) -> Result<ImportPreview, Error> {
        let known = match row {
            Some(row) => self.known_chats(row).await?,
            None => Known::default(),
        };
        let tally = found.tally;
        let mut chats: Vec<ImportChat> = tally
            .chats()
            .iter()
            .filter(|(_, chat)| chat.messages > 0)
            .map(|(address, chat)| {
                let name = tally.name(address, chat.name.as_deref());
                ImportChat {
                    name: name.to_owned(),
                    address: shown_address(address).to_owned(),
                    messages: number(chat.messages),
                    first_at: chat.period.map(|(first, _)| first.millis()),
                    last_at: chat.period.map(|(_, last)| last.millis()),
                    joins: known.find(address, name),
                }
            })
            .collect();
        chats.sort_by(|one, other| {
            let by_count = other.messages.cmp(&one.messages);
            by_count
                .then_with(|| one.name.cmp(&other.name))
                .then_with(|| one.address.cmp(&other.address))
        });
        let chats_total = number(chats.len() as u64);
        chats.truncate(CHATS);
        let mut preview = ImportPreview {
            files: opened.iter().map(|each| each.file.clone()).collect(),
            platform: platform.unwrap_or_default().to_owned(),
            platforms: platforms(opened).into_iter().map(str::to_owned).collect(),
            account_id: row.map(|row| row.pk.to_string()),
            messages: number(tally.summary.messages),
            new: number(rehearsed.new),
            known: number(rehearsed.known),
            changed: number(rehearsed.changed),
            refused: number(rehearsed.refused),
            conflicting: number(rehearsed.conflicting),
            first_at: tally.summary.period.map(|(first, _)| first.millis()),
            last_at: tally.summary.period.map(|(_, last)| last.millis()),
            chats,
            chats_total,
            people: number(tally.people()),
            attachments: number(tally.attachments),
            attachments_missing: number(tally.summary.missing_files()),
            unknown: tally.unknown(),
            skipped: number(tally.summary.skipped),
            senders: tally.senders(),
            date_order: tally.date_order(),
            zone: tally.zone(),
            me: tally.me(),
            faults: tally.faults,
            faults_total: number(tally.faults_total),
        };
        for (at, problem) in found.problems {
            preview.files[at].problem = Some(problem);
        }
        Ok(preview)
    }
}

/// What can be said of files that nobody can read.
fn unread(opened: &[Opened]) -> ImportPreview {
    ImportPreview {
        files: opened.iter().map(|each| each.file.clone()).collect(),
        ..ImportPreview::default()
    }
}

/// What reading has found; a reader that failed on its own has failed for good.
pub(super) async fn ended(end: tokio::task::JoinHandle<Found>) -> Found {
    match end.await {
        Ok(found) => found,
        Err(failed) => std::panic::resume_unwind(failed.into_panic()),
    }
}
