//! Chats, and who is in a group.

use rusqlite::Row;
use threadkeep_protocol::{
    ConversationKind, ConversationRecord, ParticipantRecord, ReceiptRecord, ReceiptTimes, Record,
    Role,
};

use super::{
    World,
    database::{Database, Query, damaged, int, positive, text},
    message::seconds,
};
use crate::ReadError;

/// `chat_list` of the old generation, and `chat`, which says last what it knows.
const CHATS: [Query<'_>; 2] = [
    Query {
        from: ("c", "chat_list"),
        joins: &[],
        columns: &[
            "c.key_remote_jid",
            "c.subject",
            "c.archived",
            "c.unseen_message_count",
            "c.sort_timestamp",
        ],
        needs: &["c.key_remote_jid"],
        rest: "",
    },
    Query {
        from: ("c", "chat"),
        joins: &[("j", "jid", "_id", "c.jid_row_id")],
        columns: &[
            "j.raw_string",
            "c.subject",
            "c.archived",
            "c.unseen_message_count",
            "c.sort_timestamp",
            "c.hidden",
        ],
        needs: &["c._id", "j.raw_string"],
        rest: "ORDER BY c._id",
    },
];

/// Tells the chats.
pub(super) fn tell(database: &Database, world: &mut World<'_>) -> Result<(), ReadError> {
    for query in CHATS {
        each(database, &query, world, |row, world| {
            let address = world.addresses.written(&text(row, 0)?);
            // A hidden chat is one that the person has not begun, or cleared away.
            if !address.contains('@') || int(row, 5) == Some(1) {
                return None;
            }
            Some(Record::Conversation(ConversationRecord {
                conversation_type: Some(ConversationKind::of(&address)),
                name: text(row, 1),
                is_archived: int(row, 2).map(|archived| archived == 1),
                unread_count: int(row, 3).filter(|count| *count >= 0),
                last_activity_at: positive(row, 4).map(seconds),
                external_conversation_id: address,
                ..ConversationRecord::default()
            }))
        })?;
    }
    Ok(())
}

const PARTICIPANTS: [Query<'_>; 2] = [
    Query {
        from: ("p", "group_participants"),
        joins: &[],
        columns: &["p.gjid", "p.jid", "p.admin", "p.pending"],
        needs: &["p.gjid", "p.jid"],
        rest: "",
    },
    Query {
        from: ("p", "group_participant_user"),
        joins: &[
            ("g", "jid", "_id", "p.group_jid_row_id"),
            ("u", "jid", "_id", "p.user_jid_row_id"),
        ],
        columns: &["g.raw_string", "u.raw_string", "p.rank", "p.pending"],
        needs: &["g.raw_string", "u.raw_string"],
        rest: "",
    },
];

/// Tells who is in which group.
pub(super) fn tell_participants(
    database: &Database,
    world: &mut World<'_>,
) -> Result<(), ReadError> {
    for query in PARTICIPANTS {
        each(database, &query, world, |row, world| {
            // The person themselves stand in the old table without an address.
            let (group, person) = (text(row, 0)?, text(row, 1)?);
            if int(row, 3) == Some(1) || !group.ends_with("@g.us") || !person.contains('@') {
                return None;
            }
            Some(Record::Participant(ParticipantRecord {
                external_conversation_id: group,
                external_participant_id: world.addresses.written(&person),
                role: int(row, 2).map(|rank| match rank {
                    2 => Role::Owner,
                    1 => Role::Admin,
                    _ => Role::Member,
                }),
                ..ParticipantRecord::default()
            }))
        })?;
    }
    Ok(())
}

/// Tells the receipts of the old generation, which name their message by its id and not by its row.
pub(super) fn tell_receipts(database: &Database, world: &mut World<'_>) -> Result<(), ReadError> {
    let query = Query {
        from: ("r", "receipts"),
        joins: &[],
        columns: &[
            "r.key_remote_jid",
            "r.key_id",
            "r.remote_resource",
            "r.receipt_device_timestamp",
            "r.read_device_timestamp",
            "r.played_device_timestamp",
        ],
        needs: &["r.key_remote_jid", "r.key_id"],
        rest: "",
    };
    each(database, &query, world, |row, world| {
        let chat = world.addresses.written(&text(row, 0)?);
        let person = text(row, 2).filter(|jid| jid.contains('@'));
        let times = ReceiptTimes {
            participant_external_id: person
                .map_or_else(|| chat.clone(), |jid| world.addresses.written(&jid)),
            delivered_at: positive(row, 3).map(seconds),
            read_at: positive(row, 4).map(seconds),
            played_at: positive(row, 5).map(seconds),
        };
        times.delivered_at.or(times.read_at).or(times.played_at)?;
        Some(Record::Receipt(ReceiptRecord {
            external_conversation_id: chat,
            external_message_id: text(row, 1)?,
            receipt: times,
        }))
    })
}

/// Tells a record for each row of a query that makes one; the others are left out and counted.
fn each(
    database: &Database,
    query: &Query<'_>,
    world: &mut World<'_>,
    record: fn(&Row<'_>, &World<'_>) -> Option<Record>,
) -> Result<(), ReadError> {
    let Some(mut statement) = database.prepare(query).map_err(damaged)? else {
        return Ok(());
    };
    let mut rows = statement.query([]).map_err(damaged)?;
    let mut place = 0;
    while let Some(row) = rows.next().map_err(damaged)? {
        match record(row, world) {
            Some(record) => world.tell(place, record)?,
            None => world.receiver.skip(),
        }
        place += 1;
    }
    Ok(())
}
