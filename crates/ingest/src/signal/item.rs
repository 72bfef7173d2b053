//! One message: what it says, who said it when, and what hangs on it.

use serde_json::{Value, json};
use threadkeep_protocol::{
    DeliveryStatus, ME, MessageEdit, MessageReaction, MessageRecord, Metadata, ReceiptTimes,
    SyncSource, Timestamp, preview,
};

use super::{
    body::{self, Body},
    file::File,
    people::People,
    text,
};
use crate::json::value::{field, list, number};

/// A message and what is left to do with it.
pub(super) struct Told {
    pub(super) record: MessageRecord,
    pub(super) files: Vec<File>,
    /// What nobody understands yet.
    pub(super) unknown: Option<String>,
}

/// Reads an item; `whole` is its text where the item has only the beginning.
pub(super) fn read(
    item: &Value,
    whole: Option<&str>,
    people: &People,
) -> Result<Told, &'static str> {
    let chat = number(item, "chatId").ok_or("it names no chat")?;
    let conversation = people.conversation(chat);
    let conversation = conversation.ok_or("its chat is not in the export")?;
    let author = number(item, "authorId").ok_or("it names no author")?;
    let author = people
        .address(author)
        .ok_or("its author is not in the export")?;
    let sent = number(item, "dateSent").ok_or("it has no time")?;
    let revisions = list(item, "revisions");
    // Whatever became of it: it is the message that was sent first.
    let first = revisions
        .first()
        .and_then(|first| number(first, "dateSent"));
    let is_from_me = author == ME;
    let Body {
        kind,
        text,
        files,
        is_deleted,
        unknown,
        mut metadata,
    } = body::read(item, whole, people);
    let (name, part) = body::part(item).unwrap_or(("", item));
    let quote = field(part, "quote");
    let mut id = id(first.unwrap_or(sent), author);
    if name == "updateMessage"
        && let Some((update, _)) = part.as_object().and_then(|updates| updates.iter().next())
    {
        // A line may have the time of the message that brought it.
        id = format!("{id}:{update}");
    }
    if item.get("pinDetails").is_some() {
        metadata.insert("pinned".to_owned(), json!(true));
    }
    let (delivery_status, receipts) = statuses(item, people);
    Ok(Told {
        files,
        unknown,
        record: MessageRecord {
            external_conversation_id: conversation.to_owned(),
            external_message_id: id,
            sender_external_id: (!is_from_me).then(|| author.to_owned()),
            // Contacts say it.
            sender_display_name: None,
            message_type: kind,
            content: text,
            timestamp: Timestamp::from_millis(first.unwrap_or(sent)),
            is_from_me,
            is_forwarded: None,
            is_starred: None,
            is_deleted: is_deleted.then_some(true),
            deleted_at: None,
            edited_at: first.map(|_| Timestamp::from_millis(sent)),
            edits: edits(revisions, sent, people),
            reply_to_external_id: quote.and_then(|quote| answered(quote, people)),
            reply_to_preview: quote.and_then(|quote| quoted(quote, people)),
            delivery_status: delivery_status.filter(|_| is_from_me),
            reactions: reactions(part, people),
            receipts,
            media: None,
            sync_source: SyncSource::Import,
            is_loose: false,
            platform_metadata: some(metadata),
        },
    })
}

fn some(metadata: Metadata) -> Option<Metadata> {
    (!metadata.is_empty()).then_some(metadata)
}

fn id(sent: i64, author: &str) -> String {
    format!("{sent}:{author}")
}

/// The texts before the one of today, each with when it was replaced.
fn edits(revisions: &[Value], sent: i64, people: &People) -> Vec<MessageEdit> {
    let replaced = revisions.iter().skip(1);
    let replaced = replaced.map(|revision| number(revision, "dateSent").unwrap_or(sent));
    let texts = revisions.iter();
    let texts = texts.map(|revision| body::read(revision, None, people).text);
    texts
        .zip(replaced.chain([sent]))
        .map(|(content, at)| MessageEdit {
            content,
            at: Timestamp::from_millis(at),
        })
        .collect()
}

fn answered(quote: &Value, people: &People) -> Option<String> {
    let sent = number(quote, "targetSentTimestamp")?;
    let author = people.address(number(quote, "authorId")?)?;
    Some(id(sent, author))
}

fn quoted(quote: &Value, people: &People) -> Option<String> {
    let words = text::read(field(quote, "text")?, None, people).plain;
    (!words.is_empty()).then(|| preview(&words))
}

fn reactions(part: &Value, people: &People) -> Vec<MessageReaction> {
    let reactions = list(part, "reactions").iter();
    let read = |reaction: &Value| {
        let author = number(reaction, "authorId")?;
        let emoji = crate::json::value::text(reaction, "emoji")?;
        Some(MessageReaction {
            sender_external_id: people.address(author)?.to_owned(),
            emoji: emoji.to_owned(),
            at: number(reaction, "sentTimestamp").map(Timestamp::from_millis),
        })
    };
    reactions.filter_map(read).collect()
}

/// How far one's own message got, and with whom. It has got as far as with the one with whom it got least far.
fn statuses(item: &Value, people: &People) -> (Option<DeliveryStatus>, Vec<ReceiptTimes>) {
    const STATUSES: [(&str, DeliveryStatus); 6] = [
        ("failed", DeliveryStatus::Failed),
        ("pending", DeliveryStatus::Pending),
        ("sent", DeliveryStatus::Sent),
        ("delivered", DeliveryStatus::Delivered),
        ("read", DeliveryStatus::Read),
        ("viewed", DeliveryStatus::Played),
    ];
    let (mut least, mut receipts) = (None, Vec::new());
    let outgoing = item.get("outgoing").unwrap_or(&Value::Null);
    for status in list(outgoing, "sendStatus") {
        let found = STATUSES
            .iter()
            .find(|(name, _)| field(status, name).is_some());
        let Some((_, reached)) = found else { continue };
        least = Some(least.map_or(*reached, |least: DeliveryStatus| least.min(*reached)));
        let person = number(status, "recipientId").and_then(|id| people.address(id));
        let at = number(status, "timestamp").filter(|at| *at > 0);
        let (Some(person), Some(at)) = (person.filter(|person| *person != ME), at) else {
            continue;
        };
        let at = Some(Timestamp::from_millis(at));
        let mut receipt = ReceiptTimes {
            participant_external_id: person.to_owned(),
            ..ReceiptTimes::default()
        };
        match reached {
            DeliveryStatus::Delivered => receipt.delivered_at = at,
            DeliveryStatus::Read => receipt.read_at = at,
            DeliveryStatus::Played => receipt.played_at = at,
            _ => continue,
        }
        receipts.push(receipt);
    }
    (least, receipts)
}
