//! One file on its way into the store.

use std::path::{Path, PathBuf};

use threadkeep_ingest::{Format, detect, translate};
use threadkeep_protocol::{IngestReport, IntegrationId, Record};
use threadkeep_server::{merge, split};
use threadkeep_server_store::{IngestOptions, Store, StoreError};

use super::progress::Progress;
use crate::command::{fault::CommandError, output::Output};

/// Records in a transaction: few enough that a running server's writers do not wait for long, and
/// enough that the disk is not asked to be sure all the time.
const RECORDS_AT_ONCE: usize = 10_000;

/// A file that has been read and understood.
pub(super) struct Input {
    records: Vec<(usize, Record)>,
    /// What reading it had to say.
    said: IngestReport,
}

impl Input {
    /// Reads a file of the format chosen, else of the one that it shows.
    pub(super) async fn read(
        file: &Path,
        chosen: Option<Format>,
        output: Output,
    ) -> anyhow::Result<Self> {
        let progress = Progress::reading(file, output);
        let file = file.to_owned();
        // Off the runtime, so that Ctrl-C is heard meanwhile.
        let input = tokio::task::spawn_blocking(move || understand(file, chosen)).await?;
        drop(progress);
        Ok(input?)
    }

    /// Stores it, a transaction for each part. When one fails, those before it are kept and the ones
    /// behind it are left alone.
    pub(super) async fn store(
        self,
        store: &Store,
        integration: IntegrationId,
        dry_run: bool,
        output: Output,
    ) -> (IngestReport, Option<StoreError>) {
        // A dry run keeps nothing, so a later part would miss what an earlier one made.
        let at_once = if dry_run { usize::MAX } else { RECORDS_AT_ONCE };
        let progress = Progress::storing(self.records.len(), output);
        let mut report = self.said;
        let mut records = self.records.into_iter();
        loop {
            let part: Vec<_> = records.by_ref().take(at_once).collect();
            if part.is_empty() {
                break;
            }
            let count = part.len();
            let options = IngestOptions {
                dry_run,
                ..IngestOptions::default()
            };
            let stored = match store.ingest(integration, part, options).await {
                Ok(stored) => stored,
                Err(error) => return (report, Some(error)),
            };
            report = merge(report, stored);
            progress.advance(count);
        }
        (report, None)
    }
}

fn understand(path: PathBuf, chosen: Option<Format>) -> Result<Input, CommandError> {
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(source) => return Err(CommandError::File { path, source }),
    };
    if is_packed(&bytes) {
        return Err(CommandError::Packed { path });
    }
    let Some(format) = chosen.or_else(|| detect(&bytes)) else {
        return Err(if bytes.trim_ascii().is_empty() {
            CommandError::Empty { path }
        } else {
            CommandError::UnknownFormat { path }
        });
    };
    match translate(format, &bytes) {
        Ok(translation) => {
            let (records, said) = split(translation);
            Ok(Input { records, said })
        }
        Err(why) => Err(CommandError::Translate { path, why }),
    }
}

/// Whether a file begins as gzip, Zstandard, xz, bzip2 and ZIP files do; no text does.
fn is_packed(bytes: &[u8]) -> bool {
    const BEGINNINGS: [&[u8]; 5] = [
        b"\x1f\x8b",
        b"\x28\xb5\x2f\xfd",
        b"\xfd7zXZ\0",
        b"BZh",
        b"PK\x03\x04",
    ];
    BEGINNINGS.iter().any(|begin| bytes.starts_with(begin))
}
