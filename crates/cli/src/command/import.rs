//! `threadkeep import`

mod words;

use std::{
    io::{self, Read, Write},
    path::PathBuf,
    process::ExitCode,
};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use threadkeep_app::{
    App, Error, ImportGiven,
    view::{
        ImportKey, ImportOptions, ImportPhase, ImportPreview, ImportProgress, ImportReport, Outcome,
    },
};

use super::sync::stopped;
use crate::{
    arguments::{Global, Import},
    output,
};

/// The digits of a key.
const KEY_DIGITS: usize = 64;

pub async fn run(global: &Global, import: Import) -> anyhow::Result<ExitCode> {
    let app = App::open(global.home.clone(), "threadkeep import").await?;
    if let Some(problem) = app.read_only() {
        return Ok(output::failed(global, &problem.code, &problem.message));
    }
    let code = bring(global, &app, import).await;
    app.close().await;
    code
}

async fn bring(global: &Global, app: &App, import: Import) -> anyhow::Result<ExitCode> {
    let (key_file, key) = key(import.key.as_deref())?;
    let chat_id = match &import.chat {
        Some(name) => Some(app.find_chat(name).await?.id),
        None => None,
    };
    let given = ImportGiven {
        paths: import.files,
        key_file,
    };
    let options = ImportOptions {
        account_id: import.into,
        format: import.format,
        zone: import.zone,
        me: import.me,
        chat_id,
        key,
        ..ImportOptions::default()
    };
    let shown = |stage| Shown::new(global, import.progress.progress_json, stage);
    // Read to the end once, so that nothing is brought in of what cannot be read whole.
    let looked = look(app, &given, &options, &shown("look")).await;
    let preview = match looked {
        Err(error @ Error::ImportCancelled) => return Ok(cancelled(global, &error)),
        looked => looked?,
    };
    if let Some((file, problem)) = unreadable(&preview) {
        let message = format!("{file}: {}", problem.message);
        return Ok(output::failed(global, &problem.code, &message));
    }
    if import.dry_run {
        let document = words::document(&preview, None);
        output::answer(global, &document, || words::lines(&preview, None))?;
        return Ok(ExitCode::SUCCESS);
    }
    let report = match take(app, &given, &options, shown("import")).await {
        Err(error @ Error::ImportCancelled) => return Ok(cancelled(global, &error)),
        report => report?,
    };
    let document = words::document(&preview, Some(&report));
    output::answer(global, &document, || words::lines(&preview, Some(&report)))?;
    for problem in &report.errors {
        eprintln!("error: {}", problem.message);
    }
    Ok(ExitCode::from(exit_code(&report)))
}

async fn look(
    app: &App,
    given: &ImportGiven,
    options: &ImportOptions,
    shown: &Shown,
) -> Result<ImportPreview, Error> {
    let running = app.preview_import(given, options, |progress| shown.step(progress));
    tokio::pin!(running);
    tokio::select! {
        preview = &mut running => preview,
        () = stopped() => {
            app.cancel_preview();
            running.await
        }
    }
}

async fn take(
    app: &App,
    given: &ImportGiven,
    options: &ImportOptions,
    shown: Shown,
) -> Result<ImportReport, Error> {
    let running = app.import(given, options, move |progress| shown.step(progress));
    tokio::pin!(running);
    tokio::select! {
        report = &mut running => report,
        () = stopped() => {
            app.cancel_sync();
            running.await
        }
    }
}

/// A key file, or digits.
fn key(text: Option<&str>) -> io::Result<(Option<PathBuf>, Option<ImportKey>)> {
    let is_key =
        |text: &str| text.len() == KEY_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    Ok(match text {
        None => (None, None),
        Some("-") => {
            let mut digits = String::new();
            io::stdin().take(1_024).read_to_string(&mut digits)?;
            (None, Some(ImportKey(digits.trim().to_owned())))
        }
        Some(digits) if is_key(digits) => (None, Some(ImportKey(digits.to_owned()))),
        Some(path) => (Some(path.into()), None),
    })
}

/// The first of what was given that cannot be read.
fn unreadable(preview: &ImportPreview) -> Option<(&str, &threadkeep_app::view::Problem)> {
    let problems = preview.files.iter();
    problems
        .filter_map(|file| Some((file.name.as_str(), file.problem.as_ref()?)))
        .next()
}

fn cancelled(global: &Global, error: &Error) -> ExitCode {
    output::failed(global, error.code(), &error.to_string());
    ExitCode::from(output::CANCELLED)
}

const fn exit_code(report: &ImportReport) -> u8 {
    match report.outcome {
        Outcome::Completed if report.faults == 0 => output::DONE,
        Outcome::Cancelled => output::CANCELLED,
        Outcome::Failed => output::FAILED,
        Outcome::Completed | Outcome::Partial | Outcome::Running | Outcome::Interrupted => {
            output::PARTLY
        }
    }
}

/// Where progress goes.
enum Shown {
    Terminal(ProgressBar),
    Json(&'static str),
    Nothing,
}

impl Shown {
    fn new(global: &Global, json: bool, stage: &'static str) -> Self {
        if json {
            return Self::Json(stage);
        }
        if !output::is_terminal(global) {
            // The answer says all that a plain line could.
            return Self::Nothing;
        }
        let style = "{prefix:>14} {bar:32} {percent:>3} %  {msg}";
        let bar = ProgressBar::new(0).with_prefix(stage);
        bar.set_style(
            ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        Self::Terminal(bar)
    }

    fn step(&self, progress: ImportProgress) {
        let phase = phase(progress.phase);
        match self {
            Self::Terminal(bar) => {
                bar.set_length(progress.total.unsigned_abs());
                bar.set_position(progress.done.unsigned_abs());
                bar.set_message(format!("{phase}, {} messages", progress.messages));
            }
            Self::Json(stage) => {
                let line = json!({
                    "stage": stage,
                    "phase": phase,
                    "messages": progress.messages,
                    "done": progress.done,
                    "total": progress.total,
                });
                // Whoever asked for progress may have gone; the import goes on.
                _ = writeln!(io::stderr().lock(), "{line}");
            }
            Self::Nothing => {}
        }
    }
}

const fn phase(phase: ImportPhase) -> &'static str {
    match phase {
        ImportPhase::Checking => "checking",
        ImportPhase::Messages => "messages",
        ImportPhase::Files => "files",
        ImportPhase::Syncing => "syncing",
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Self::Terminal(bar) = self {
            bar.abandon();
        }
    }
}
