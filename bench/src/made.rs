//! Mirrors with made-up messages and no server behind them.

use std::{collections::HashMap, path::Path};

use anyhow::Context;
use serde_json::json;
use threadkeep_ingest::sample;
use threadkeep_mirror::{Batch, IntegrationPk, Mirror, NewIntegration, Rows};
use threadkeep_protocol::{Conversation, Id, Message, MessageRecord, Record};

/// Rows of one transaction, as a pull has them.
const BATCH: usize = 5_000;

/// Where the messages are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Chats {
    /// In chats of about 200.
    Many,
    /// All in one.
    One,
}

/// Fills an empty mirror, as a pull would.
pub async fn mirror(path: &Path, messages: usize, seed: u64, kind: Chats) -> anyhow::Result<()> {
    let mirror = Mirror::open(path)?;
    let integration = serde_json::from_value(json!({
        "id": 1, "integration_type": "whatsapp", "display_name": "Benchmark",
        "connection": "disconnected",
    }))?;
    let server = "benchmark".to_owned();
    let pk = mirror
        .put_integration(NewIntegration {
            server,
            integration,
        })
        .await?;
    let mut chats: HashMap<String, Id> = HashMap::new();
    let (mut conversations, mut rows) = (Vec::new(), Vec::new());
    for (seq, record) in (1..).zip(sample::bulk(seed, messages)) {
        match record {
            Record::Conversation(record) => {
                let first = chats.values().next().copied();
                let id = first.filter(|_| kind == Chats::One);
                let id = id.unwrap_or(Id::from_u128(seq as u128));
                chats.insert(record.external_conversation_id.clone(), id);
                if kind == Chats::One && first.is_some() {
                    continue;
                }
                conversations.push(serde_json::from_value::<Conversation>(json!({
                    "id": id, "seq": seq, "name": record.name,
                    "external_conversation_id": record.external_conversation_id,
                }))?);
            }
            Record::Message(record) => rows.push(message(*record, &chats, seq)?),
            _ => {}
        }
        if rows.len() == BATCH {
            put(&mirror, pk, Rows::Messages(std::mem::take(&mut rows))).await?;
        }
        if !conversations.is_empty() && (conversations.len() == BATCH || !rows.is_empty()) {
            let conversations = std::mem::take(&mut conversations);
            put(&mirror, pk, Rows::Conversations(conversations)).await?;
        }
    }
    put(&mirror, pk, Rows::Messages(rows)).await?;
    mirror.close().await;
    Ok(())
}

fn message(
    record: MessageRecord,
    chats: &HashMap<String, Id>,
    seq: i64,
) -> anyhow::Result<Message> {
    let chat = chats.get(&record.external_conversation_id);
    Ok(serde_json::from_value(json!({
        "id": Id::from_u128(seq as u128), "seq": seq,
        "conversation_id": chat.context("a chat comes before its messages")?,
        "external_message_id": record.external_message_id,
        "sender_external_id": record.sender_external_id,
        "message_type": record.message_type, "content": record.content,
        "timestamp": record.timestamp, "is_from_me": record.is_from_me,
    }))?)
}

async fn put(mirror: &Mirror, pk: IntegrationPk, rows: Rows) -> anyhow::Result<()> {
    let batch = Batch {
        rows,
        cursor: None,
        epoch: String::new(),
        at: 1,
    };
    mirror.apply(pk, batch).await?;
    Ok(())
}
