//! Calls that no message tells of: until 2022 they stood in the log of calls alone.

use threadkeep_protocol::{MessageKind, MessageRecord, Metadata, Record, SyncSource};

use super::{
    World,
    beside::Call,
    content::call_words,
    database::{Database, Query, damaged, int, positive, text},
    message::seconds,
};
use crate::ReadError;

/// Tells them as messages of their chats, by the call's own id.
pub(super) fn tell(database: &Database, world: &mut World<'_>) -> Result<(), ReadError> {
    let query = Query {
        from: ("c", "call_log"),
        joins: &[
            ("j", "jid", "_id", "c.jid_row_id"),
            ("g", "jid", "_id", "c.group_jid_row_id"),
            ("k", "message_call_log", "call_log_row_id", "c._id"),
        ],
        columns: &[
            "c.call_id",
            "c.timestamp",
            "j.raw_string",
            "g.raw_string",
            "k.call_log_row_id",
            "c.video_call",
            "c.duration",
            "c.call_result",
            "c.from_me",
        ],
        needs: &["c._id", "c.call_id", "j.raw_string"],
        rest: "ORDER BY c._id",
    };
    let Some(mut statement) = database.prepare(&query).map_err(damaged)? else {
        return Ok(());
    };
    let mut rows = statement.query([]).map_err(damaged)?;
    let mut place = 0;
    while let Some(row) = rows.next().map_err(damaged)? {
        place += 1;
        if int(row, 4).is_some() {
            continue;
        }
        let (Some(id), Some(other)) = (text(row, 0), text(row, 2)) else {
            world.receiver.skip();
            continue;
        };
        let other = world.addresses.written(&other);
        let group = text(row, 3).filter(|jid| jid.ends_with("@g.us"));
        let call = Call::read(row, 5);
        let (content, part) = call_words(&call);
        world.tell(
            place,
            Record::Message(Box::new(MessageRecord {
                external_conversation_id: group.unwrap_or_else(|| other.clone()),
                external_message_id: id,
                sender_external_id: (!call.is_from_me).then_some(other),
                sender_display_name: None,
                message_type: MessageKind::Call,
                content,
                timestamp: positive(row, 1).map(seconds).unwrap_or_default(),
                is_from_me: call.is_from_me,
                is_forwarded: None,
                is_starred: None,
                is_deleted: None,
                deleted_at: None,
                edited_at: None,
                edits: Vec::new(),
                reply_to_external_id: None,
                reply_to_preview: None,
                delivery_status: None,
                reactions: Vec::new(),
                receipts: Vec::new(),
                media: None,
                sync_source: SyncSource::Import,
                is_loose: false,
                platform_metadata: Some(Metadata::from_iter([("call".to_owned(), part)])),
            })),
        )?;
    }
    Ok(())
}
