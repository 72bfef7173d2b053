//! `threadkeep sync --follow`: what comes, as it comes.

use std::{
    io::Write,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::json;
use threadkeep_app::{
    App, Error, Word,
    view::{LinkChange, LinkState, Outcome, RunReport},
};

use crate::{
    arguments::{Global, Progress},
    bars, output,
};

/// Where words go while one follows.
#[derive(Clone, Copy)]
enum Told {
    Json,
    Lines,
    Nothing,
}

/// Follows until somebody ends it, or until nothing can be followed any more. Answers with what all pulls
/// together brought, and the exit code: the end that a person asks for is a good one.
pub(super) async fn follow(
    app: &App,
    global: &Global,
    account: Option<&str>,
    progress: &Progress,
    first: Vec<RunReport>,
    mut stopped: Pin<&mut impl Future<Output = ()>>,
) -> Result<(Vec<RunReport>, u8), Error> {
    let told = match (progress.progress_json, global.quiet) {
        (true, _) => Told::Json,
        (_, true) => Told::Nothing,
        _ => Told::Lines,
    };
    let totals = Arc::new(Mutex::new(first));
    let sums = Arc::clone(&totals);
    let mut links = app.links();
    app.follow(account, move |word| match word {
        Word::Progress(progress) if matches!(told, Told::Json) => bars::line(&progress),
        Word::Progress(_) => {}
        Word::Pulled(run) => {
            if matches!(told, Told::Lines) && run.saved + run.updated > 0 {
                say(&format!(
                    "account {}: {} new, {} changed",
                    run.account_id, run.saved, run.updated
                ));
            }
            add(
                &mut sums.lock().unwrap_or_else(PoisonError::into_inner),
                run,
            );
        }
    })
    .await?;
    let is_over = loop {
        tokio::select! {
            biased;
            () = &mut stopped => break false,
            Some(changes) = links.next() => {
                changes.iter().for_each(|change| show(told, change));
            }
            () = app.nobody_follows() => break true,
        }
    };
    let mut reports = totals
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    if !is_over {
        return Ok((reports, output::DONE));
    }
    for account in app.accounts().await? {
        let report = reports
            .iter_mut()
            .find(|report| report.account_id == account.id);
        if let (Some(problem), Some(report)) = (account.link.problem, report) {
            report.outcome = Outcome::Failed;
            report.errors = vec![problem];
        }
    }
    Ok((reports, output::FAILED))
}

/// Adds a pull to what the account's pulls have brought so far.
fn add(totals: &mut Vec<RunReport>, run: RunReport) {
    let Some(total) = totals
        .iter_mut()
        .find(|total| total.account_id == run.account_id)
    else {
        totals.push(run);
        return;
    };
    *total = RunReport {
        saved: total.saved + run.saved,
        updated: total.updated + run.updated,
        unchanged: total.unchanged + run.unchanged,
        bytes: total.bytes + run.bytes,
        snapshot_rows: total.snapshot_rows + run.snapshot_rows,
        seconds: total.seconds + run.seconds,
        ..run
    };
}

fn show(told: Told, change: &LinkChange) {
    let state = match change.link.state {
        LinkState::Following => "following",
        LinkState::Polling => "polling",
        LinkState::Connecting => "connecting",
        LinkState::Offline => "offline",
        LinkState::Off => "off",
    };
    match (told, &change.link.problem) {
        (Told::Json, problem) => say(&json!({
            "integration_id": change.account_id.parse::<i64>().ok(),
            "stage": state,
            "done": 0,
            "total": null,
            "rows_per_second": 0,
            "error": problem,
        })
        .to_string()),
        (Told::Lines, None) => say(&format!("account {}: {state}", change.account_id)),
        (Told::Lines, Some(problem)) => say(&format!(
            "account {}: {state}: {}",
            change.account_id, problem.message
        )),
        (Told::Nothing, _) => {}
    }
}

/// On standard error; whoever listened may have gone, and following goes on.
fn say(words: &str) {
    _ = writeln!(std::io::stderr().lock(), "{words}");
}
