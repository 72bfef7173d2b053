//! `threadkeep check`

use std::process::ExitCode;

use serde_json::{Value, json};
use threadkeep_app::{
    App, Error,
    view::{Check, Outcome, VerifyOptions, VerifyProgress, VerifyReport},
};

use super::sync::stopped;
use crate::{
    arguments::{self, Global},
    output,
};

pub async fn run(global: &Global, check: arguments::Check) -> anyhow::Result<ExitCode> {
    if !check.against_server {
        let app = App::look(global.home.clone()).await?;
        let found = app.check(check.full).await?;
        output::answer(global, &document(&found, None), || words(&found))?;
        return Ok(ExitCode::from(if found.sound {
            output::DONE
        } else {
            output::PARTLY
        }));
    }
    let app = App::open(global.home.clone(), "threadkeep check").await?;
    if let Some(problem) = app.read_only() {
        return Ok(output::failed(global, &problem.code, &problem.message));
    }
    let reports = compare(&app, global, &check).await?;
    // Behind the comparison: what it has mended is no finding any more.
    let found = app.check(check.full).await?;
    output::answer(global, &document(&found, Some(&reports)), || {
        let lines = reports.iter().map(|report| line(report, check.dry_run));
        lines.chain([words(&found)]).collect::<Vec<_>>().join("\n")
    })?;
    for problem in reports.iter().flat_map(|report| &report.errors) {
        eprintln!("error: {}", problem.message);
    }
    app.close().await;
    Ok(ExitCode::from(exit_code(&found, &reports)))
}

/// Compares with progress; an interrupt cancels, and what is mended stays mended.
async fn compare(
    app: &App,
    global: &Global,
    check: &arguments::Check,
) -> Result<Vec<VerifyReport>, Error> {
    let account = check.integration.map(|id| id.to_string());
    let options = VerifyOptions {
        full: check.full,
        dry_run: check.dry_run,
    };
    let told = std::sync::Mutex::new(String::new());
    let is_quiet = global.quiet || global.json;
    let running = app.verify(account.as_deref(), options, |progress| {
        if !is_quiet {
            tell(&told, &progress);
        }
    });
    tokio::pin!(running);
    tokio::select! {
        reports = &mut running => reports,
        () = stopped() => {
            app.cancel_sync();
            running.await
        }
    }
}

/// A plain line for each step: a comparison is seldom, and its steps are few.
fn tell(told: &std::sync::Mutex<String>, progress: &VerifyProgress) {
    let line = format!("{} {}", progress.phase, progress.stream);
    let mut last = told
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if *last != line {
        eprintln!("{line}");
        *last = line;
    }
}

fn document(found: &Check, reports: Option<&[VerifyReport]>) -> Value {
    let mut document = json!({"sound": found.sound, "findings": found.findings});
    if let Some(reports) = reports {
        document["sound"] = (found.sound && reports.iter().all(|report| report.sound)).into();
        document["accounts"] = reports.iter().map(account).collect();
    }
    document
}

fn account(report: &VerifyReport) -> Value {
    json!({
        "integration_id": report.account_id.parse::<i64>().ok(),
        "outcome": report.outcome,
        "sound": report.sound,
        "mended": report.mended,
        "removed": report.removed,
        "only_here": report.only_here,
        "counters": report.counters,
        "streams": report.streams,
        "errors": report.errors,
        "seconds": report.seconds,
    })
}

fn words(found: &Check) -> String {
    if found.sound {
        return "the file is sound".to_owned();
    }
    let line = |finding: &threadkeep_app::view::Finding| {
        format!(
            "{}: {} ({})",
            finding.kind,
            output::shown(&finding.what),
            finding.count
        )
    };
    found
        .findings
        .iter()
        .map(line)
        .collect::<Vec<_>>()
        .join("\n")
}

fn line(report: &VerifyReport, dry_run: bool) -> String {
    let rows: i64 = report.streams.iter().map(|stream| stream.rows).sum();
    let differing: i64 = report.streams.iter().map(|stream| stream.differing).sum();
    let how = match report.outcome {
        Outcome::Completed if report.sound => "the same as on the server",
        Outcome::Completed => "differs from the server",
        Outcome::Partial => "could be compared in part",
        Outcome::Cancelled => "cancelled",
        Outcome::Running | Outcome::Failed | Outcome::Interrupted => "could not be compared",
    };
    let mut parts = vec![format!(
        "account {}: {how}, {rows} rows here",
        report.account_id
    )];
    if dry_run {
        if differing > 0 || report.mended > 0 {
            parts.push(format!(
                "{differing} parts differ, {} rows altered",
                report.mended
            ));
        }
    } else if report.mended + report.removed > 0 {
        parts.push(format!(
            "{} mended, {} removed",
            report.mended, report.removed
        ));
    }
    if report.only_here > 0 {
        parts.push(format!("{} kept that the server lost", report.only_here));
    }
    parts.join(", ")
}

fn exit_code(found: &Check, reports: &[VerifyReport]) -> u8 {
    let any = |outcome| reports.iter().any(|report| report.outcome == outcome);
    if any(Outcome::Cancelled) {
        output::CANCELLED
    } else if reports
        .iter()
        .all(|report| report.outcome == Outcome::Failed)
    {
        output::FAILED
    } else if found.sound && reports.iter().all(|report| report.sound) {
        output::DONE
    } else {
        output::PARTLY
    }
}
