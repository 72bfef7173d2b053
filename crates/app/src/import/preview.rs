//! The look before an import: what is in the files, and what the account's server says it would do with it.

use std::sync::Arc;

use threadkeep_ingest::Record;
use threadkeep_mirror::IntegrationRow;

use super::{
    Importing, explained, format_of,
    opened::{self, Opened},
    reading::{self, Found, ImportGiven},
    tally::{Tally, number, shown_address},
    target::{Known, platform_of, platforms},
};
use crate::{
    App, Error,
    view::{ImportChat, ImportOptions, ImportPhase, ImportPreview, ImportProgress},
};

/// More chats than anybody reads through.
const CHATS: usize = 500;

/// What the account's server would do with the messages.
#[derive(Default)]
struct Rehearsed {
    new: u64,
    known: u64,
    changed: u64,
    refused: u64,
    conflicting: u64,
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
            Tally::with_seen(),
            cancel.clone(),
        );
        let mut rehearsed = Rehearsed::default();
        let importing = Importing::new(progress);
        while let Some(chunk) = chunks.recv().await {
            importing.tell(
                ImportPhase::Messages,
                chunk.messages,
                chunk.done,
                chunk.total,
            );
            let messages: Vec<Record> = chunk
                .records
                .into_iter()
                .filter(|record| matches!(record, Record::Message(_)))
                .collect();
            match (&remote, &row) {
                (Some(remote), Some(row)) if !messages.is_empty() => {
                    let report = remote
                        .rehearse(row.integration_id, &messages)
                        .await
                        .map_err(|error| explained(error, row))?;
                    rehearsed.new += report.saved;
                    rehearsed.changed += report.updated;
                    rehearsed.known += report.unchanged;
                    rehearsed.conflicting += report.conflicting;
                    rehearsed.refused += report.errors.len() as u64;
                }
                _ => rehearsed.new += messages.len() as u64,
            }
        }
        let found = ended(end).await;
        if cancel.is_cancelled() {
            return Err(Error::ImportCancelled);
        }
        self.preview(&opened, platform, row.as_ref(), found, &rehearsed)
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
            .summary
            .chats
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
