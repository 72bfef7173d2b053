//! Exports that are one large JSON.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use serde_json::json;
use threadkeep_protocol::MessageRecord;

use super::Counted;

/// `result.json` of one chat.
pub(super) fn telegram(
    to: &Path,
    messages: &mut dyn Iterator<Item = MessageRecord>,
    most: u64,
) -> anyhow::Result<u64> {
    let head = r#"{"name": "Ana Souza", "type": "personal_chat", "id": 900001, "messages": ["#;
    array(to, head, "]}", messages, most, &|place, message| {
        let seconds = message.timestamp.millis() / 1_000;
        let (from, id) = if message.is_from_me {
            (super::ME, "user900007")
        } else {
            ("Ana Souza", "user900001")
        };
        json!({
            "id": place + 1, "type": "message", "date_unixtime": seconds.to_string(), "from": from, "from_id": id,
            "text": message.content, "text_entities": [{"type": "plain", "text": message.content}],
        })
    })
}

/// `baileys_store.json`, with all in one chat.
pub(super) fn baileys(
    to: &Path,
    messages: &mut dyn Iterator<Item = MessageRecord>,
    most: u64,
) -> anyhow::Result<u64> {
    const CHAT: &str = "12025550001@s.whatsapp.net";
    let head = format!(
        r#"{{"chats": [{{"id": "{CHAT}", "name": "Ana Souza"}}], "contacts": {{}}, "messages": {{"{CHAT}": ["#
    );
    array(to, &head, "]}}", messages, most, &|_, message| {
        json!({
            "key": {"remoteJid": CHAT, "fromMe": message.is_from_me, "id": message.external_message_id},
            "message": {"conversation": message.content},
            "messageTimestamp": message.timestamp.millis() / 1_000,
        })
    })
}

/// An array between what stands before and behind it.
fn array(
    to: &Path,
    before: &str,
    behind: &str,
    messages: &mut dyn Iterator<Item = MessageRecord>,
    most: u64,
    element: &dyn Fn(u64, &MessageRecord) -> serde_json::Value,
) -> anyhow::Result<u64> {
    let mut file = Counted::new(BufWriter::new(File::create(to)?));
    write!(file, "{before}")?;
    let mut count = 0;
    while file.bytes < most
        && let Some(message) = messages.next()
    {
        file.write_all(if count == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut file, &element(count, &message))?;
        count += 1;
    }
    write!(file, "\n{behind}")?;
    file.flush()?;
    Ok(count)
}
