//! `threadkeep-server ingest`.

mod file;
mod progress;

use std::{
    path::{Path, PathBuf},
    str::FromStr,
};

use clap::Args;
use jiff::tz::TimeZone;
use serde::Serialize;
use threadkeep_ingest::{Format, Key, Options, UnknownFormat};
use threadkeep_protocol::{IngestReport, IntegrationId};
use threadkeep_server::merge;
use threadkeep_server_store::{Store, StoreError};

use self::file::Readable;
use super::{
    Outcome, Shared, database,
    fault::{CommandError, Fault},
    output::Output,
};

/// Take in files, folders and zips; safe beside a running server
///
/// Taking in the same file again changes nothing. The bytes of pictures and other files are left out; `threadkeep import`
/// brings them. A record that cannot be read is named and costs no
/// other; the exit code is 3 then.
#[derive(Args)]
#[command(after_help = "\
Examples:
  threadkeep-server ingest events.ndjson --integration 1
  threadkeep-server ingest baileys_store.json --integration 1 --dry-run
  threadkeep-server ingest export/*.ndjson --integration 1 --format neutral --json")]
pub(super) struct Ingest {
    /// Files, folders and zips
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The account that they belong to
    #[arg(long, value_name = "ID")]
    integration: IntegrationId,
    /// auto, or a format by its name
    #[arg(long, default_value = "auto")]
    format: Choice,
    /// Where the phone was that wrote times without a zone, such as Europe/Berlin [default: where this computer is]
    #[arg(long, value_name = "IANA")]
    zone: Option<String>,
    /// Which sender is the owner of the account, where the file only has names
    #[arg(long, value_name = "NAME")]
    me: Option<String>,
    /// The chat that a file of one chat belongs to, by its address
    #[arg(long, value_name = "ID")]
    chat: Option<String>,
    /// What opens an encrypted backup: its key file, or the 64 digits of the key
    #[arg(long, value_name = "FILE|HEX")]
    key: Option<String>,
    /// Count only; write nothing
    #[arg(long)]
    dry_run: bool,
}

/// `--format`: one of the formats, or the one that the file shows.
#[derive(Debug, Clone, Copy)]
enum Choice {
    Auto,
    Format(Format),
}

impl FromStr for Choice {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        match text {
            "auto" => Ok(Self::Auto),
            name => name.parse().map(Self::Format),
        }
    }
}

/// The promise of `ingest --json`: the report, and the files that could not be taken in at all.
#[derive(Serialize)]
struct Summary {
    #[serde(flatten)]
    report: IngestReport,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failed: Vec<FailedFile>,
}

#[derive(Serialize)]
struct FailedFile {
    file: PathBuf,
    #[serde(flatten)]
    fault: Fault,
}

impl Ingest {
    pub(super) async fn run(self, shared: &Shared, output: Output) -> anyhow::Result<Outcome> {
        let store = database::open(shared)?;
        // Asked before any file is read, so that a mistyped number does not cost minutes.
        if store.integration(self.integration).await?.is_none() {
            return Err(StoreError::UnknownIntegration(self.integration).into());
        }
        let options = self.options()?;
        let (mut report, mut failed) = (IngestReport::default(), Vec::new());
        for file in &self.files {
            let (one, failure) = self.take(&store, file, &options, output).await;
            report = merge(report, self.named(file, one));
            let Some(error) = failure else { continue };
            if failed.len() + 1 == self.files.len() && is_empty(&report) {
                return Err(error);
            }
            let fault = Fault::of(&error);
            output.warn(&fault.message);
            let file = file.clone();
            failed.push(FailedFile { file, fault });
        }
        let is_whole = report.errors.is_empty() && failed.is_empty();
        let words = self.words(&report);
        output.result(&Summary { report, failed }, words)?;
        Ok(if is_whole {
            Outcome::Done
        } else {
            Outcome::InPart
        })
    }

    /// What of a file was taken in, and what stopped it where something did.
    async fn take(
        &self,
        store: &Store,
        file: &Path,
        options: &Options,
        output: Output,
    ) -> (IngestReport, Option<anyhow::Error>) {
        let chosen = match self.format {
            Choice::Auto => None,
            Choice::Format(format) => Some(format),
        };
        match Readable::look(file, chosen, options.clone(), output).await {
            Ok(readable) => {
                readable
                    .store(store, self.integration, self.dry_run, output)
                    .await
            }
            Err(error) => (IngestReport::default(), Some(error)),
        }
    }

    /// What the input itself does not tell.
    fn options(&self) -> anyhow::Result<Options> {
        let zone = match &self.zone {
            Some(name) => TimeZone::get(name)?,
            None => TimeZone::system(),
        };
        let key = match &self.key {
            Some(digits) if digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_hexdigit()) => {
                Some(digits.clone().into_bytes())
            }
            Some(path) => Some(std::fs::read(path).map_err(|source| CommandError::File {
                path: path.into(),
                source,
            })?),
            None => None,
        };
        Ok(Options {
            zone,
            me: self.me.clone(),
            chat: self.chat.clone(),
            key: key.map(Key::new),
            with_content: false,
            ..Options::default()
        })
    }

    /// With several files, a record's place alone says nothing.
    fn named(&self, file: &Path, mut report: IngestReport) -> IngestReport {
        if self.files.len() > 1 {
            for error in &mut report.errors {
                error.reason = format!("{}: {}", file.display(), error.reason);
            }
        }
        report
    }

    fn words(&self, report: &IngestReport) -> String {
        const SHOWN: usize = 10;
        let mut words = format!(
            "{}: saved {}, updated {}, unchanged {}, skipped {}, errors {}",
            if self.dry_run {
                "would be taken in"
            } else {
                "taken in"
            },
            report.saved,
            report.updated,
            report.unchanged,
            report.skipped,
            report.errors.len(),
        );
        for unknown in &report.unknown {
            words.push_str(&format!("\nkept raw: {} × {}", unknown.count, unknown.what));
        }
        for error in report.errors.iter().take(SHOWN) {
            words.push_str(&format!(
                "\nnot taken: record {}: {}",
                error.index, error.reason
            ));
        }
        let hidden = report.errors.len().saturating_sub(SHOWN);
        if hidden > 0 {
            words.push_str(&format!(
                "\nnot taken: {hidden} more; --json names them all"
            ));
        }
        words
    }
}

/// Whether nothing was taken in at all.
const fn is_empty(report: &IngestReport) -> bool {
    report.saved + report.updated + report.unchanged == 0
}
