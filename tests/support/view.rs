//! What of the server's rows is in a view, filtered by hand.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use threadkeep_protocol::{Id, Rule, Stream, Timestamp, View};

use crate::Rows;

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
