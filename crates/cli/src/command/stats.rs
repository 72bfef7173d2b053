//! `threadkeep stats`

use std::process::ExitCode;

use serde_json::{Value, json};
use threadkeep_app::{
    App,
    view::{Account, Stats},
};

use crate::{arguments::Global, command::accounts, output};

pub async fn run(global: &Global) -> anyhow::Result<ExitCode> {
    let app = App::look(global.home.clone()).await?;
    show(global, &app).await?;
    Ok(ExitCode::SUCCESS)
}

pub async fn show(global: &Global, app: &App) -> anyhow::Result<()> {
    let stats = app.stats().await?;
    let accounts = app.accounts().await?;
    output::answer(global, &document(&stats, &accounts), || lines(&stats))?;
    Ok(())
}

fn document(stats: &Stats, accounts: &[Account]) -> Value {
    json!({
        "conversations": stats.conversations,
        "messages": stats.messages,
        "contacts": stats.contacts,
        "participants": stats.participants,
        "media": stats.media,
        "receipts": stats.receipts,
        "bytes": stats.bytes,
        "path": stats.path,
        "last_sync_at": output::time(stats.last_sync_at),
        "search_behind": stats.search_behind,
        "integrations": accounts.iter().map(accounts::document).collect::<Vec<_>>(),
    })
}

fn lines(stats: &Stats) -> String {
    let synced = stats
        .last_sync_at
        .map_or_else(|| "never".to_owned(), output::local_time);
    [
        ("conversations", stats.conversations.to_string()),
        ("messages", stats.messages.to_string()),
        ("contacts", stats.contacts.to_string()),
        ("participants", stats.participants.to_string()),
        ("media", stats.media.to_string()),
        ("receipts", stats.receipts.to_string()),
        ("mirror", output::size(stats.bytes.mirror + stats.bytes.wal)),
        ("files", output::size(stats.bytes.media)),
        ("path", stats.path.clone()),
        ("last sync", synced),
    ]
    .map(|(name, value)| format!("{name:>14}  {value}"))
    .join("\n")
}
