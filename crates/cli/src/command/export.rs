//! `threadkeep export`

use std::{io, path::Path, process::ExitCode};

use serde_json::{Value, json};
use threadkeep_app::{App, ExportQuery};

use crate::{
    arguments::{Export, Format, Global},
    command::read::start_of_day,
    output,
};

pub async fn run(global: &Global, export: Export) -> anyhow::Result<ExitCode> {
    let Format::Jsonl = export.format;
    let since = export.since.as_deref().map(start_of_day).transpose()?;
    let app = App::look(global.home.clone()).await?;
    let chat_id = match &export.chat {
        Some(name) => Some(app.find_chat(name).await?.id),
        None => None,
    };
    let query = ExportQuery { chat_id, since };
    if export.to == Path::new("-") {
        app.write_jsonl(query, io::BufWriter::new(io::stdout()))
            .await?;
        return Ok(ExitCode::SUCCESS);
    }
    let messages = app.export_jsonl(query, &export.to).await?;
    let document: Value = json!({"messages": messages, "path": export.to.display().to_string()});
    output::answer(global, &document, || {
        format!("{messages} messages in {}", export.to.display())
    })?;
    Ok(ExitCode::SUCCESS)
}
