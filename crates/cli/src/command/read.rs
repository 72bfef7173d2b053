//! `threadkeep read CHAT`

use std::{collections::BTreeMap, process::ExitCode};

use jiff::{civil::Date, tz::TimeZone};
use serde_json::{Value, json};
use threadkeep_app::{
    App,
    view::{Anchor, Message},
};

use crate::{
    arguments::{self, Global},
    output::{self, Usage},
};

pub async fn run(global: &Global, read: arguments::Read) -> anyhow::Result<ExitCode> {
    let anchor = match (read.around, read.before, read.after, &read.date) {
        (Some(message), ..) => Anchor::Around(message),
        (_, Some(place), ..) => Anchor::Before(place),
        (_, _, Some(place), _) => Anchor::After(place),
        (.., Some(date)) => Anchor::Date(start_of_day(date)?),
        _ => Anchor::Newest,
    };
    let app = App::look(global.home.clone()).await?;
    let chat = app.find_chat(&read.chat).await?;
    let page = app.messages(&chat.id, anchor, read.limit).await?;
    let messages = page.messages.iter().map(document).collect::<Vec<_>>();
    let document = json!({"messages": messages, "older": page.older, "newer": page.newer});
    output::answer(global, &document, || {
        page.messages
            .iter()
            .map(line)
            .collect::<Vec<_>>()
            .join("\n")
    })?;
    Ok(ExitCode::SUCCESS)
}

/// A date of this place's calendar, as milliseconds UTC.
pub fn start_of_day(text: &str) -> anyhow::Result<i64> {
    start(text, day(text)?)
}

/// The first moment behind a date.
pub fn end_of_day(text: &str) -> anyhow::Result<i64> {
    start(text, day(text)?.tomorrow().map_err(|_| refused(text))?)
}

fn day(text: &str) -> anyhow::Result<Date> {
    Ok(text.parse().map_err(|_| refused(text))?)
}

fn start(text: &str, day: Date) -> anyhow::Result<i64> {
    let start = day
        .to_zoned(TimeZone::system())
        .map_err(|_| refused(text))?;
    Ok(start.timestamp().as_millisecond())
}

fn refused(text: &str) -> Usage {
    Usage(format!("{text:?} is no date; write it as 2024-05-31"))
}

fn document(message: &Message) -> Value {
    let edit = |edit: &threadkeep_app::view::Edit| json!({"content": edit.text, "at": output::time(Some(edit.at))});
    let (sender, sender_name) = match &message.sender {
        Some(sender) => (sender.jid.as_str(), sender.name.as_str()),
        None if message.from_me => ("me", ""),
        None => ("", ""),
    };
    let reactions = message.reactions.iter();
    json!({
        "id": message.external_id,
        "message": message.id,
        "sender": sender,
        "sender_name": sender_name,
        "at": output::time(Some(message.at)),
        "type": message.kind,
        "text": message.text,
        "status": message.status,
        "edited": message.edited,
        "edits": message.edits.iter().map(edit).collect::<Vec<_>>(),
        "deleted": message.deleted,
        "reply_to": message.quote.as_ref().map(|quote| &quote.external_id),
        "reactions": reactions.map(|each| (&each.sender, &each.emoji)).collect::<BTreeMap<_, _>>(),
        "starred": message.starred,
        "media": message.media.as_ref().map(|media| json!({
            "file_name": media.file_name,
            "mime_type": media.mime_type,
            "bytes": media.bytes,
        })),
    })
}

fn line(message: &Message) -> String {
    let sender = match &message.sender {
        Some(sender) => output::shown(&sender.name),
        None if message.from_me => "you".to_owned(),
        None => String::new(),
    };
    let kind = if message.kind == "text" {
        String::new()
    } else {
        format!("[{}] ", message.kind)
    };
    let text = if message.deleted {
        "(deleted)".to_owned()
    } else {
        output::shown(&message.text)
    };
    let edited = if message.edited { " (edited)" } else { "" };
    format!(
        "{}  {sender}: {kind}{text}{edited}",
        output::local_time(message.at)
    )
}
