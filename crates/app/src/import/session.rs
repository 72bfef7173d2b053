//! An import on the account's server: begun with the first records, so that one that cannot begin leaves no trace.

use threadkeep_ingest::Record;
use threadkeep_mirror::IntegrationRow;
use threadkeep_protocol::{ImportState, IngestReport, NewImport};
use threadkeep_server_store::{IngestOptions, Store};
use threadkeep_sync::{Remote, SyncError};

use super::{
    explained,
    opened::Opened,
    reading::{Bounds, is_of},
};
use crate::{Error, view::ImportOptions};

/// An import on the account's server.
#[derive(Debug)]
pub(super) struct Session<'a> {
    pub(super) remote: &'a Remote,
    /// Where the server is the one inside the app: what it keeps. Records go there without a detour by text.
    store: Option<Store>,
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
        store: Option<Store>,
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
            store,
            row,
            new,
            import: Import::NotBegun,
        }
    }

    /// Whether the server has taken anything.
    pub(super) const fn has_begun(&self) -> bool {
        !matches!(self.import, Import::NotBegun)
    }

    /// How much it takes at a time.
    pub(super) const fn bounds(&self) -> Bounds {
        match self.store {
            Some(_) => Bounds::WITHIN,
            None => Bounds::REQUEST,
        }
    }

    /// Its id on the server; empty where there is none.
    pub(super) fn id(&self) -> String {
        match self.import {
            Import::Running(id) => id.to_string(),
            Import::NotBegun | Import::Unknown => String::new(),
        }
    }

    /// Hands records to the server.
    pub(super) async fn take(&mut self, records: Vec<Record>) -> Result<IngestReport, Error> {
        let integration = self.row.integration_id;
        if !self.has_begun() {
            let begun = self.remote.begin_import(integration, &self.new).await;
            self.import = match begun {
                Ok(import) => Import::Running(import.id),
                Err(error) if error.is_absence() => Import::Unknown,
                Err(error) => return Err(explained(error, self.row)),
            };
        }
        let taken = match (self.import, &self.store) {
            (Import::Running(import), Some(store)) => {
                let records = records.into_iter().enumerate().collect();
                let options = IngestOptions {
                    import: Some(import),
                    ..IngestOptions::default()
                };
                return Ok(store.ingest(integration, records, options).await?);
            }
            (Import::Running(import), None) => {
                let taken = self.remote.ingest_into(integration, import, &records);
                taken.await
            }
            (Import::NotBegun | Import::Unknown, _) => {
                self.remote.ingest(integration, &records).await
            }
        };
        taken.map_err(|error| explained(error, self.row))
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
