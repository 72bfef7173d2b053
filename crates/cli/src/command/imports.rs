//! `threadkeep imports`

use std::process::ExitCode;

use serde_json::{Value, json};
use threadkeep_app::{App, Error, view::Import, view::ImportState};

use super::sync::{exit_code, stopped};
use crate::{
    arguments::{Global, Imports},
    output,
};

pub async fn run(global: &Global, imports: Imports) -> anyhow::Result<ExitCode> {
    let app = App::open(global.home.clone(), "threadkeep imports").await?;
    if let Some(problem) = app.read_only() {
        return Ok(output::failed(global, &problem.code, &problem.message));
    }
    let code = match imports {
        Imports::List => list(global, &app).await,
        Imports::Undo { id, account } => undo(global, &app, &id, account).await,
    };
    app.close().await;
    code
}

async fn list(global: &Global, app: &App) -> anyhow::Result<ExitCode> {
    let imports = all(app).await?;
    let document = Value::Array(imports.iter().map(document).collect());
    output::answer(global, &document, || {
        if imports.is_empty() {
            return "Nothing was brought in yet. `threadkeep import` does it.".into();
        }
        imports.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn undo(
    global: &Global,
    app: &App,
    id: &str,
    account: Option<String>,
) -> anyhow::Result<ExitCode> {
    let account = match account {
        Some(account) => account,
        // Servers count for themselves, so two accounts may have an import of the same number.
        None => {
            let mut of_id = all(app).await?.into_iter().filter(|it| it.id == id);
            match (of_id.next(), of_id.next()) {
                (Some(one), None) => one.account_id,
                (None, _) => return Err(Error::NoImport(id.to_owned()).into()),
                (Some(_), Some(_)) => {
                    let message = format!("several accounts have an import {id}: say --account");
                    return Ok(output::failed(global, "ambiguous", &message));
                }
            }
        }
    };
    let running = app.undo_import(&account, id, |_| {});
    tokio::pin!(running);
    let report = tokio::select! {
        report = &mut running => report?,
        () = stopped() => {
            app.cancel_sync();
            running.await?
        }
    };
    let document = json!({"id": id, "integration_id": account.parse::<i64>().ok()});
    output::answer(global, &document, || {
        format!("import {id} is taken back: what only it brought is gone")
    })?;
    Ok(ExitCode::from(exit_code(&[report])))
}

async fn all(app: &App) -> Result<Vec<Import>, Error> {
    let mut imports = Vec::new();
    for account in app.accounts().await? {
        imports.extend(app.imports(&account.id).await?);
    }
    Ok(imports)
}

/// The promise of `imports list --json`.
fn document(import: &Import) -> Value {
    json!({
        "id": import.id,
        "integration_id": import.account_id.parse::<i64>().ok(),
        "begun_at": output::time(Some(import.begun_at)),
        "state": import.state,
        "formats": import.formats,
        "files": import.files,
        "saved": import.saved,
        "updated": import.changed,
    })
}

fn line(import: &Import) -> String {
    let state = match import.state {
        ImportState::Running => "not at its end",
        ImportState::Complete => "whole",
        ImportState::Cancelled => "stopped",
        ImportState::Undoing => "being taken back",
        ImportState::Undone => "taken back",
    };
    let files: Vec<String> = import
        .files
        .iter()
        .map(|file| output::shown(file))
        .collect();
    format!(
        "{:>3}  {}  {state}, {} new, {} got more  {}",
        import.id,
        output::local_time(import.begun_at),
        import.saved,
        import.changed,
        files.join(", ")
    )
}
