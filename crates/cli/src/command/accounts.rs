//! `threadkeep accounts`

use std::process::ExitCode;

use serde_json::{Value, json};
use threadkeep_app::{App, view::Account};

use crate::{arguments::Global, output};

pub async fn run(global: &Global) -> anyhow::Result<ExitCode> {
    let app = App::look(global.home.clone()).await?;
    let accounts = app.accounts().await?;
    let document = Value::Array(accounts.iter().map(document).collect());
    output::answer(global, &document, || {
        if accounts.is_empty() {
            return "No account yet. `threadkeep connect` adds one, `threadkeep demo` shows a sample.".into();
        }
        accounts.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(ExitCode::SUCCESS)
}

pub fn document(account: &Account) -> Value {
    json!({
        "integration_id": account.id.parse::<i64>().ok(),
        "integration_type": account.integration_type,
        "display_name": account.display_name,
        "external_id": account.external_id,
        "connection": account.connection,
        "server": account.server,
        "last_sync_at": output::time(account.last_sync_at),
        "messages": account.messages,
    })
}

pub fn line(account: &Account) -> String {
    let server = if account.server.is_empty() {
        "this computer"
    } else {
        &account.server
    };
    format!(
        "{:>3}  {}  {}  {} messages  {server}",
        account.id,
        account.integration_type,
        output::shown(&account.display_name),
        account.messages
    )
}
