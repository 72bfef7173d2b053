//! `threadkeep export`

use std::{
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use threadkeep_app::{
    App, Error,
    view::{ExportFormat, ExportProgress, ExportQuery, ExportReport, Language},
};

use super::sync::stopped;
use crate::{
    arguments::{Export, Format, Global, PageLanguage},
    command::read::{end_of_day, start_of_day},
    output,
};

pub async fn run(global: &Global, export: Export) -> anyhow::Result<ExitCode> {
    let since = export.since.as_deref().map(start_of_day).transpose()?;
    let until = export.until.as_deref().map(end_of_day).transpose()?;
    let app = App::look(global.home.clone()).await?;
    let chat_id = match &export.chat {
        Some(name) => Some(app.find_chat(name).await?.id),
        None => None,
    };
    let query = ExportQuery {
        chat_id,
        since,
        until,
        format: format(export.format),
        byte_order_mark: export.bom,
        language: export.language.map_or_else(of_the_computer, language),
        files: !export.without_files,
    };
    if export.to == Path::new("-") {
        app.export_to(query, io::stdout()).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let to = if export.to.is_dir() {
        app.export_place(&query, &export.to).await?
    } else {
        export.to.clone()
    };
    let report = match write(&app, global, query, &to, export.progress.progress_json).await {
        Err(error @ Error::ExportCancelled) => {
            output::failed(global, error.code(), &error.to_string());
            return Ok(ExitCode::from(output::CANCELLED));
        }
        ended => ended?,
    };
    let document =
        json!({"messages": report.messages, "path": report.path, "is_folder": report.is_folder});
    output::answer(global, &document, || {
        format!("{} messages in {}", report.messages, report.path)
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Writes with progress; an interrupt leaves nothing behind.
async fn write(
    app: &App,
    global: &Global,
    query: ExportQuery,
    to: &Path,
    progress_json: bool,
) -> Result<ExportReport, Error> {
    let shown = Shown::new(global, progress_json);
    let running = app.export(query, to, move |progress| shown.step(progress));
    tokio::pin!(running);
    tokio::select! {
        report = &mut running => report,
        () = stopped() => {
            app.cancel_export();
            running.await
        }
    }
}

const fn language(language: PageLanguage) -> Language {
    match language {
        PageLanguage::En => Language::En,
        PageLanguage::De => Language::De,
        PageLanguage::Pt => Language::Pt,
        PageLanguage::Ar => Language::Ar,
    }
}

/// The language of this terminal, as its environment names it; English where that says nothing.
fn of_the_computer() -> Language {
    let named = ["LC_ALL", "LC_MESSAGES", "LANG"].map(std::env::var);
    let first = named.into_iter().flatten().find(|name| !name.is_empty());
    first
        .and_then(|name| Language::named(&name))
        .unwrap_or_default()
}

const fn format(format: Format) -> ExportFormat {
    match format {
        Format::Html => ExportFormat::Html,
        Format::Jsonl => ExportFormat::Jsonl,
        Format::Csv => ExportFormat::Csv,
        Format::Txt => ExportFormat::Txt,
    }
}

/// Where progress goes.
enum Shown {
    Terminal(ProgressBar),
    Json,
    Nothing,
}

impl Shown {
    fn new(global: &Global, json: bool) -> Self {
        if json {
            return Self::Json;
        }
        if !output::is_terminal(global) {
            // The answer says all that a plain line could.
            return Self::Nothing;
        }
        let style = "{prefix:>14} {bar:32} {human_pos:>9} of {human_len:<9} {per_sec}";
        let style = ProgressStyle::with_template(style);
        let bar = ProgressBar::new(0).with_prefix("messages");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self::Terminal(bar)
    }

    fn step(&self, ExportProgress { done, total }: ExportProgress) {
        match self {
            Self::Terminal(bar) => {
                bar.set_length(total.unsigned_abs());
                bar.set_position(done.unsigned_abs());
            }
            Self::Json => {
                let line = json!({"stage": "export", "done": done, "total": total});
                // Whoever asked for progress may have gone; the export goes on.
                _ = writeln!(io::stderr().lock(), "{line}");
            }
            Self::Nothing => {}
        }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Self::Terminal(bar) = self {
            bar.abandon();
        }
    }
}
