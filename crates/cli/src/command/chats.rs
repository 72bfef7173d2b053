//! `threadkeep chats`

use std::process::ExitCode;

use serde_json::{Value, json};
use threadkeep_app::{
    App, kind_name,
    view::{Chat, ChatFilter, ChatQuery, LastMessage},
};

use crate::{
    arguments::{self, Filter, Global},
    output,
};

const PAGE: u32 = 1_000;

pub async fn run(global: &Global, chats: arguments::Chats) -> anyhow::Result<ExitCode> {
    let app = App::look(global.home.clone()).await?;
    let wanted = chats.limit.map_or(usize::MAX, |limit| limit as usize);
    let mut found: Vec<Chat> = Vec::new();
    let mut after = None;
    loop {
        let missing = u32::try_from(wanted - found.len())
            .unwrap_or(PAGE)
            .min(PAGE);
        if missing == 0 {
            break;
        }
        let filter = chats.filter.map_or(ChatFilter::All, filter);
        let query = ChatQuery {
            filter: Some(filter),
            after,
            limit: missing,
            ..ChatQuery::default()
        };
        let page = app.chats(query).await?;
        found.extend(page.chats);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let document = Value::Array(found.iter().map(document).collect());
    output::answer(global, &document, || {
        found.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(ExitCode::SUCCESS)
}

const fn filter(filter: Filter) -> ChatFilter {
    match filter {
        Filter::Unread => ChatFilter::Unread,
        Filter::Groups => ChatFilter::Groups,
        Filter::Archived => ChatFilter::Archived,
    }
}

fn document(chat: &Chat) -> Value {
    json!({
        "id": chat.id,
        "jid": chat.jid,
        "name": chat.name,
        "kind": chat.kind,
        "account": chat.account_id.parse::<i64>().ok(),
        "messages": chat.messages,
        "unread": chat.unread,
        "last_message_at": output::time(chat.last_message_at),
        "preview": chat.last.as_ref().map_or_else(String::new, preview),
        "pinned": chat.pinned,
        "muted": chat.muted,
        "archived": chat.archived,
        "participants": chat.participants,
    })
}

fn line(chat: &Chat) -> String {
    let when = chat
        .last_message_at
        .map_or_else(String::new, output::local_time);
    let unread = if chat.unread == 0 {
        String::new()
    } else {
        format!("  ({} unread)", chat.unread)
    };
    let preview = chat.last.as_ref().map_or_else(String::new, preview);
    let (name, preview) = (output::shown(&chat.name), output::shown(&preview));
    format!(
        "{when:16}  {name}  {} messages{unread}  {preview}",
        chat.messages
    )
}

/// The last message in a line: who said it where that is not plain, and what it is where it has no
/// words.
fn preview(last: &LastMessage) -> String {
    if last.deleted {
        return "This message was deleted".to_owned();
    }
    let kind = last.kind.as_deref().unwrap_or_default();
    let what = kind_name(kind).unwrap_or_default();
    let words = match (what, last.text.as_str()) {
        ("", words) => words.to_owned(),
        (what, "") => what.to_owned(),
        (what, words) => format!("{what}: {words}"),
    };
    match &last.sender {
        _ if words.is_empty() || kind == "system" => words,
        _ if last.from_me => format!("You: {words}"),
        Some(sender) => format!("{sender}: {words}"),
        None => words,
    }
}
