//! `threadkeep demo`

use std::process::ExitCode;

use threadkeep_app::{App, view::Outcome};

use crate::{
    arguments::{Global, Progress},
    command::{stats, sync},
    output,
};

pub async fn run(global: &Global, progress: &Progress) -> anyhow::Result<ExitCode> {
    let app = App::open(global.home.clone(), "threadkeep demo").await?;
    let account = app.demo().await?;
    let settings = app.sync_settings().await?;
    let reports = sync::pull(&app, global, settings, Some(&account.id), progress).await?;
    if let Some(report) = reports
        .iter()
        .find(|report| report.outcome != Outcome::Completed)
    {
        let why = report.errors.first();
        let (code, message) = why.map_or(("cancelled", "the sync was stopped"), |why| {
            (why.code.as_str(), why.message.as_str())
        });
        return Ok(output::failed(global, code, message));
    }
    stats::show(global, &app).await?;
    app.close().await;
    Ok(ExitCode::SUCCESS)
}
