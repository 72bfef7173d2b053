//! What of the server's rows is in a view, filtered by hand.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde_json::Value;
use threadkeep_mirror::{IntegrationPk, Mirror};
use threadkeep_protocol::{Id, Rule, Stream, Timestamp, View};

use crate::Rows;

/// What is wanted of the first account of a mirror; none for everything. Nothing may be left to do.
pub async fn wanted_view(mirror: &Path) -> Option<View> {
    let mirror = Mirror::open_read_only(mirror).expect("it can be read beside");
    let selected = mirror.selection(IntegrationPk(1)).await;
    let selected = selected.expect("it can be read");
    assert!(!selected.is_pending, "nothing is left to free or to fetch");
    let mut own = Vec::new();
    for (chat, rule) in selected.selection.chats() {
        let chat = mirror.chat(*chat).await.expect("it can be read");
        own.push((chat.expect("a rule is for a chat that is here").id, *rule));
    }
    let is_all = selected.selection.is_everything();
    (!is_all).then(|| View::new(selected.selection.rule(), own))
}

/// The rows that a view has; all without one.
pub fn in_view(rows: &Rows, view: Option<&View>) -> Rows {
    let mut rows = rows.clone();
    let Some(view) = view else {
        return rows;
    };
    let merged: BTreeSet<String> = rows[&Stream::Conversations]
        .iter()
        .filter(|(_, row)| row["merged_into"].is_string())
        .map(|(id, _)| id.clone())
        .collect();
    let rule = |message: &Value| {
        let chat = text(message, "conversation_id");
        let time = serde_json::from_value(message["timestamp"].clone());
        let time: Timestamp = time.expect("a message has a time");
        let id: Id = chat.parse().expect("a chat has an id");
        let rule = view.rule(id);
        (!merged.contains(&chat) && rule.covers(time)).then_some(rule)
    };
    let messages = rows
        .get_mut(&Stream::Messages)
        .expect("every stream is there");
    let rules: BTreeMap<String, Rule> = messages
        .iter()
        .filter_map(|(id, row)| Some((id.clone(), rule(row)?)))
        .collect();
    messages.retain(|id, _| rules.contains_key(id));
    for stream in [Stream::Media, Stream::Receipts] {
        let attached = rows.get_mut(&stream).expect("every stream is there");
        attached.retain(|_, row| {
            let rule = rules.get(&text(row, "message_id"));
            rule.is_some_and(|rule| stream == Stream::Receipts || rule.media)
        });
    }
    rows
}

fn text(row: &Value, field: &str) -> String {
    row[field].as_str().expect("it is a text").to_owned()
}
