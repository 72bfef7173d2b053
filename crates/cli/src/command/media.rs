//! `threadkeep media`

use std::process::ExitCode;

use serde_json::{Value, json};
use threadkeep_app::{
    App, FetchWhich,
    view::{MediaProgress, Message},
};

use crate::{
    arguments::{Global, Media},
    output,
};

/// What the lock says of who brings files here.
const WHO: &str = "threadkeep media fetch";

pub async fn run(global: &Global, media: Media) -> anyhow::Result<ExitCode> {
    match media {
        Media::List { chat, limit } => list(global, &chat, limit).await,
        Media::Fetch {
            chat,
            up_to,
            progress,
        } => fetch(global, chat, up_to, progress.progress_json).await,
        Media::Save { id, to } => {
            let app = App::look(global.home.clone()).await?;
            let path = app.save_media(&id, to).await?.display().to_string();
            output::answer(global, &json!({"path": path}), || path.clone())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn list(global: &Global, chat: &str, limit: u32) -> anyhow::Result<ExitCode> {
    let app = App::look(global.home.clone()).await?;
    let chat = app.find_chat(chat).await?.id;
    let messages = app.chat_media(&chat, limit).await?;
    let document = Value::Array(messages.iter().filter_map(document).collect());
    output::answer(global, &document, || {
        messages
            .iter()
            .filter_map(line)
            .collect::<Vec<_>>()
            .join("\n")
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn fetch(
    global: &Global,
    chat: Option<String>,
    up_to: Option<u32>,
    is_told: bool,
) -> anyhow::Result<ExitCode> {
    let app = App::open(global.home.clone(), WHO).await?;
    let which = match chat {
        Some(name) => FetchWhich::Chat(app.find_chat(&name).await?.id),
        None => FetchWhich::All {
            largest: up_to.map_or(i64::MAX, |megabytes| i64::from(megabytes) * 1_000_000),
        },
    };
    let tell = move |progress: &MediaProgress| {
        if is_told {
            eprintln!("{}", json!(progress));
        }
    };
    let fetched = tokio::select! {
        fetched = app.fetch_media(which, tell) => Some(fetched),
        _ = tokio::signal::ctrl_c() => None,
    };
    let left = app.media_left().await;
    app.close().await;
    let Some(fetched) = fetched else {
        return Ok(ExitCode::from(output::CANCELLED));
    };
    let (fetched, left) = (fetched?, left?);
    output::answer(
        global,
        &json!({"fetched": fetched, "failed": left}),
        || match left {
            0 => format!("{fetched} files came"),
            left => format!("{fetched} files came, {left} did not"),
        },
    )?;
    Ok(ExitCode::from(if left == 0 {
        output::DONE
    } else {
        output::PARTLY
    }))
}

fn document(message: &Message) -> Option<Value> {
    let media = message.media.as_ref()?;
    Some(json!({
        "id": media.id,
        "message": message.external_id,
        "at": output::time(Some(message.at)),
        "type": media.media_type,
        "file_name": media.file_name,
        "mime_type": media.mime_type,
        "bytes": media.bytes,
        "state": media.state,
        "error": media.error,
    }))
}

fn line(message: &Message) -> Option<String> {
    let media = message.media.as_ref()?;
    let name = match media.file_name.as_str() {
        "" => message.text.lines().next().unwrap_or_default(),
        name => name,
    };
    let size = media.bytes.map_or_else(String::new, output::size);
    let state = json!(media.state);
    Some(format!(
        "{:>8}  {}  {:9} {size:>10}  {:13}  {}",
        media.id,
        output::local_time(message.at),
        media.media_type,
        state.as_str().unwrap_or_default().replace('_', " "),
        output::shown(name),
    ))
}
