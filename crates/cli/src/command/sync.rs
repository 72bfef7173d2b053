//! `threadkeep sync`

mod follow;

use std::{pin::Pin, process::ExitCode, sync::Arc};

use serde_json::{Value, json};
use threadkeep_app::{
    App, Error,
    view::{Outcome, RunReport, SyncSettings},
};

use crate::{
    arguments::{self, Global, Progress},
    bars::Bars,
    output,
};

pub async fn run(global: &Global, sync: arguments::Sync) -> anyhow::Result<ExitCode> {
    let app = App::open(global.home.clone(), "threadkeep sync").await?;
    if let Some(problem) = app.read_only() {
        return Ok(output::failed(global, &problem.code, &problem.message));
    }
    let account = sync.integration.map(|id| id.to_string());
    let mut settings = app.sync_settings().await?;
    if let Some(recent) = sync.recent_first {
        settings.recent_first = true;
        settings.recent_chats = recent.chats;
        settings.recent_messages = recent.messages;
    }
    let stopped = stopped();
    tokio::pin!(stopped);
    let Pulled {
        mut reports,
        was_stopped,
    } = pull_until(
        &app,
        global,
        settings,
        account.as_deref(),
        &sync.progress,
        stopped.as_mut(),
    )
    .await?;
    let mut code = exit_code(&reports);
    if sync.follow && !was_stopped {
        let followed = follow::follow(
            &app,
            global,
            account.as_deref(),
            &sync.progress,
            reports,
            stopped,
        );
        (reports, code) = followed.await?;
    }
    let document = json!({"runs": reports.iter().map(document).collect::<Vec<_>>()});
    output::answer(global, &document, || {
        reports.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    for problem in reports.iter().flat_map(|report| &report.errors) {
        eprintln!("error: {}", problem.message);
    }
    app.close().await;
    Ok(ExitCode::from(code))
}

/// Syncs with progress; an interrupt cancels, and what is committed stays.
pub async fn pull(
    app: &App,
    global: &Global,
    settings: SyncSettings,
    account: Option<&str>,
    progress: &Progress,
) -> Result<Vec<RunReport>, Error> {
    let stopped = std::pin::pin!(stopped());
    let pulled = pull_until(app, global, settings, account, progress, stopped);
    Ok(pulled.await?.reports)
}

struct Pulled {
    reports: Vec<RunReport>,
    /// Somebody asked for the end.
    was_stopped: bool,
}

async fn pull_until(
    app: &App,
    global: &Global,
    settings: SyncSettings,
    account: Option<&str>,
    progress: &Progress,
    stopped: Pin<&mut impl Future<Output = ()>>,
) -> Result<Pulled, Error> {
    let bars = Arc::new(Bars::new(global, progress));
    let shown = Arc::clone(&bars);
    let running = app.sync_with(settings, account, move |progress| shown.show(progress));
    tokio::pin!(running);
    let (reports, was_stopped) = tokio::select! {
        reports = &mut running => (reports, false),
        () = stopped => {
            app.cancel_sync();
            (running.await, true)
        }
    };
    bars.finish();
    Ok(Pulled {
        reports: reports?,
        was_stopped,
    })
}

/// Ctrl-C, or a polite end by the system.
pub async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without a handler there is nothing to wait for, and the default action ends the process.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

pub fn document(report: &RunReport) -> Value {
    let number =
        |(stream, seq): (&String, &String)| (stream.clone(), json!(seq.parse::<i64>().ok()));
    json!({
        "integration_id": report.account_id.parse::<i64>().ok(),
        "outcome": report.outcome,
        "saved": report.saved,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "errors": report.errors,
        "bytes": report.bytes,
        "snapshot_rows": report.snapshot_rows,
        "seconds": report.seconds,
        "cursors": report.cursors.iter().map(number).collect::<serde_json::Map<_, _>>(),
    })
}

pub fn line(report: &RunReport) -> String {
    let how = match report.outcome {
        Outcome::Completed => "complete",
        Outcome::Partial => "done in part",
        Outcome::Cancelled => "cancelled",
        Outcome::Running | Outcome::Failed | Outcome::Interrupted => "failed",
    };
    let at_once = match report.snapshot_rows {
        0 => String::new(),
        rows => format!(" ({rows} at once, by a snapshot)"),
    };
    format!(
        "account {}: {how}, {} new{at_once}, {} changed, {} in {:.1} s",
        report.account_id,
        report.saved,
        report.updated,
        output::size(report.bytes),
        report.seconds
    )
}

pub fn exit_code(reports: &[RunReport]) -> u8 {
    let any = |outcome| reports.iter().any(|report| report.outcome == outcome);
    let all = |outcome| reports.iter().all(|report| report.outcome == outcome);
    if any(Outcome::Cancelled) {
        output::CANCELLED
    } else if all(Outcome::Completed) {
        output::DONE
    } else if all(Outcome::Failed) {
        output::FAILED
    } else {
        output::PARTLY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(snapshot_rows: i64) -> (String, Value) {
        let report = RunReport {
            account_id: "1".to_owned(),
            outcome: Outcome::Completed,
            saved: 1_200,
            updated: 3,
            unchanged: 0,
            bytes: 2_048,
            snapshot_rows,
            seconds: 1.0,
            errors: Vec::new(),
            cursors: std::collections::BTreeMap::new(),
        };
        (line(&report), document(&report))
    }

    #[test]
    fn a_sync_says_whether_it_began_with_a_snapshot() {
        let (line, document) = said(1_000);
        assert!(
            line.contains("1200 new (1000 at once, by a snapshot), 3 changed"),
            "{line}"
        );
        assert_eq!(document["snapshot_rows"], 1_000);
        let (line, _) = said(0);
        assert!(line.contains("1200 new, 3 changed"), "{line}");
    }
}
