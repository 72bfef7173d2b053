//! An import on the account's server: begun with the first records, so that one that cannot begin leaves no trace.

use threadkeep_ingest::Record;
use threadkeep_mirror::IntegrationRow;
use threadkeep_protocol::{ImportState, IngestReport, NewImport};
use threadkeep_sync::{Remote, SyncError};

use super::{opened::Opened, reading::is_of};
use crate::view::ImportOptions;

/// An import on the account's server.
#[derive(Debug)]
pub(super) struct Session<'a> {
    pub(super) remote: &'a Remote,
    pub(super) row: &'a IntegrationRow,
    new: NewImport,
    import: Import,
}

#[derive(Debug, Clone, Copy)]
enum Import {
    NotBegun,
    Running(i64),
    /// The server keeps none: then there is nothing to undo by, and the records are taken all the same.
    Unknown,
}

impl<'a> Session<'a> {
    pub(super) fn new(
        remote: &'a Remote,
        row: &'a IntegrationRow,
        opened: &[Opened],
        platform: Option<&str>,
        options: &ImportOptions,
    ) -> Self {
        let mut formats = Vec::new();
        let readable = opened.iter().filter_map(|each| each.readable.as_ref());
        for format in readable.flat_map(|(_, formats)| formats) {
            if is_of(*format, platform) && !formats.contains(&format.name()) {
                formats.push(format.name());
            }
        }
        let mut new = NewImport {
            format: formats.join(" "),
            inputs: opened.iter().map(|each| each.file.name.clone()).collect(),
            ..NewImport::default()
        };
        if let Some(zone) = &options.zone {
            new.options.insert("zone".to_owned(), zone.as_str().into());
        }
        Self {
            remote,
            row,
            new,
            import: Import::NotBegun,
        }
    }

    /// Whether the server has taken anything.
    pub(super) const fn has_begun(&self) -> bool {
        !matches!(self.import, Import::NotBegun)
    }

    /// Its id on the server; empty where there is none.
    pub(super) fn id(&self) -> String {
        match self.import {
            Import::Running(id) => id.to_string(),
            Import::NotBegun | Import::Unknown => String::new(),
        }
    }

    /// Hands records to the server.
    pub(super) async fn take(&mut self, records: &[Record]) -> Result<IngestReport, SyncError> {
        let integration = self.row.integration_id;
        if !self.has_begun() {
            let begun = self.remote.begin_import(integration, &self.new).await;
            self.import = match begun {
                Ok(import) => Import::Running(import.id),
                Err(error) if error.is_absence() => Import::Unknown,
                Err(error) => return Err(error),
            };
        }
        match self.import {
            Import::Running(import) => self.remote.ingest_into(integration, import, records).await,
            Import::NotBegun | Import::Unknown => self.remote.ingest(integration, records).await,
        }
    }

    /// Says that nothing more comes.
    pub(super) async fn end(&self, is_whole: bool) -> Result<(), SyncError> {
        let Import::Running(import) = self.import else {
            return Ok(());
        };
        let state = if is_whole {
            ImportState::Complete
        } else {
            ImportState::Cancelled
        };
        let ended = self
            .remote
            .end_import(self.row.integration_id, import, state);
        ended.await.map(drop)
    }
}
