//! Reading an archive, and bringing one in.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use jiff::tz::TimeZone;
use serde::Serialize;
use threadkeep_app::{App, ImportGiven, view::ImportOptions};
use threadkeep_ingest::{Input, Limits, Options, Summary, read, recognise};

use crate::{
    archive::ME,
    meter::{Meter, Used},
};

/// Read an archive to its end, and count.
#[derive(Args)]
pub struct ReadArchive {
    file: PathBuf,
}

/// Bring an archive into an empty home: through the server inside the app, until it can be read here.
#[derive(Args)]
pub struct Import {
    file: PathBuf,
    #[arg(long)]
    home: PathBuf,
}

/// What came, and what it took.
#[derive(Serialize)]
pub struct Came {
    messages: u64,
    #[serde(flatten)]
    used: Used,
}

impl ReadArchive {
    pub fn run(self) -> anyhow::Result<Came> {
        let meter = Meter::start();
        let input = Input::open(&self.file, Limits::default())?;
        let format = recognise(&input)?;
        let format = *format.first().context("nothing that can be read")?;
        let options = Options {
            zone: TimeZone::UTC,
            me: Some(ME.to_owned()),
            ..Options::default()
        };
        let mut summary = Summary::default();
        read(format, &input, &options, &mut summary)?;
        Ok(Came {
            messages: summary.messages,
            used: meter.read(),
        })
    }
}

impl Import {
    pub async fn run(self) -> anyhow::Result<Came> {
        let meter = Meter::start();
        let app = App::open(Some(self.home), "threadkeep-bench").await?;
        let given = ImportGiven {
            paths: vec![self.file],
            key_file: None,
        };
        let options = ImportOptions {
            zone: Some("UTC".to_owned()),
            me: Some(ME.to_owned()),
            ..ImportOptions::default()
        };
        let report = app.import(&given, &options, |_| {}).await?;
        if let Some(problem) = report.errors.first() {
            bail!("{}", problem.message);
        }
        let messages = app.stats().await?.messages;
        let used = meter.read();
        app.close().await;
        Ok(Came {
            messages: u64::try_from(messages)?,
            used,
        })
    }
}
