//! Messages, the bulk of everything: one insert a row, and more only where the row is there already.

use std::borrow::Cow;

use rusqlite::{CachedStatement, Connection, OptionalExtension};
use threadkeep_protocol::{Message, Stream, loose};

use super::{Applied, Held, Rule, Step};
use crate::{
    AddressPk, ConversationPk, Error, IntegrationPk, row,
    row::message_flag::{DELETED, FORWARDED, FROM_ME, STARRED},
    writing::Writing,
};

macro_rules! insert {
    () => {
        "INSERT INTO messages (id, integration_pk, generation, seq, conversation_pk, timestamp, \
            sender_pk, kind, flags, status, source, edited_at, deleted_at, external_id, content, \
            reply_to, reply_preview, reactions, edits, metadata) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, \
            ?19, ?20) \
         ON CONFLICT (id, integration_pk) DO "
    };
}

const INSERT: &str = concat!(insert!(), "NOTHING");

const REPLACE: &str = concat!(
    insert!(),
    "UPDATE SET generation = excluded.generation, seq = excluded.seq, \
        conversation_pk = excluded.conversation_pk, timestamp = excluded.timestamp, \
        sender_pk = excluded.sender_pk, kind = excluded.kind, flags = excluded.flags, \
        status = excluded.status, source = excluded.source, edited_at = excluded.edited_at, \
        deleted_at = excluded.deleted_at, external_id = excluded.external_id, \
        content = excluded.content, reply_to = excluded.reply_to, \
        reply_preview = excluded.reply_preview, reactions = excluded.reactions, \
        edits = excluded.edits, metadata = excluded.metadata \
    WHERE (generation, seq, conversation_pk, timestamp, sender_pk, kind, flags, status, \
        source, edited_at, deleted_at, external_id, content, reply_to, reply_preview, reactions, \
        edits, metadata) IS NOT (excluded.generation, excluded.seq, excluded.conversation_pk, \
        excluded.timestamp, excluded.sender_pk, excluded.kind, excluded.flags, excluded.status, \
        excluded.source, excluded.edited_at, excluded.deleted_at, excluded.external_id, \
        excluded.content, excluded.reply_to, excluded.reply_preview, excluded.reactions, \
        excluded.edits, excluded.metadata)"
);

/// Where a row goes, in names of this file.
struct Place {
    integration: IntegrationPk,
    rule: Rule,
    conversation: ConversationPk,
    sender: AddressPk,
}

pub(super) fn apply(
    writing: &mut Writing<'_>,
    integration: IntegrationPk,
    rule: Rule,
    mut rows: Vec<Message>,
) -> Result<Applied, Error> {
    // Ids ascend with time, so that in their order both indices grow at their ends. Of two versions in
    // one batch the later one comes last.
    if !rows.is_sorted_by_key(|row| (row.id, row.seq)) {
        rows.sort_by_key(|row| (row.id, row.seq));
    }
    let mut insert = writing.conn.prepare_cached(INSERT)?;
    let mut applied = Applied::default();
    for row in &rows {
        let place = Place {
            integration,
            rule,
            conversation: writing.conversation(integration, row.conversation_id)?,
            sender: sender(writing, integration, row)?,
        };
        // Behind a change of history a message may be there under an older id; see `adopt`.
        let is_new = (rule.generation == 0 || !adopt(writing.conn, &place, row)?) && {
            bind(&mut insert, &place, row)?;
            insert.raw_execute()? == 1
        };
        let step = if is_new {
            writing.touch_chat(integration, place.conversation, 1);
            Step::Saved
        } else {
            replace(writing, &place, row)?
        };
        if step != Step::Unchanged && writing.account(integration)?.was_awaited(row.id) {
            give(writing, integration, row)?;
        }
        applied.note(step);
    }
    Ok(applied)
}

fn sender(
    writing: &mut Writing<'_>,
    integration: IntegrationPk,
    row: &Message,
) -> Result<AddressPk, Error> {
    let conn = writing.conn;
    let name = row::text(row.sender_display_name.as_ref());
    let jid = match row::text(row.sender_external_id.as_ref()) {
        _ if row.is_from_me => return Ok(AddressPk(0)),
        "" if name.is_empty() => return Ok(AddressPk(0)),
        // An exported text calls people by their names alone.
        "" => Cow::Owned(loose::person_id(name)),
        jid => Cow::Borrowed(jid),
    };
    let at = row.timestamp.millis();
    writing.account(integration)?.sender(conn, &jid, name, at)
}

/// Replaces a stored message by a later version of it.
fn replace(writing: &mut Writing<'_>, place: &Place, row: &Message) -> Result<Step, Error> {
    let (held, was_in): (Held, ConversationPk) = writing
        .conn
        .prepare_cached(
            "SELECT pk, generation, seq, conversation_pk FROM messages \
             WHERE id = ?1 AND integration_pk = ?2",
        )?
        .query_row((row.id.as_bytes(), place.integration), |row| {
            Ok((Held::from_row(row)?, row.get(3)?))
        })?;
    if Step::over(Some(held), place.rule, row.seq) == Step::Unchanged {
        return Ok(Step::Unchanged);
    }
    let mut replace = writing.conn.prepare_cached(REPLACE)?;
    bind(&mut replace, place, row)?;
    if replace.raw_execute()? == 0 {
        return Ok(Step::Unchanged);
    }
    if was_in == place.conversation {
        writing.touch_chat(place.integration, place.conversation, 0);
    } else {
        // Chats were merged, and the message has moved.
        writing.touch_chat(place.integration, was_in, -1);
        writing.touch_chat(place.integration, place.conversation, 1);
    }
    Ok(Step::Updated)
}

fn bind(statement: &mut CachedStatement<'_>, place: &Place, row: &Message) -> Result<(), Error> {
    let flags = row::flags([
        (row.is_from_me, FROM_ME),
        (row.is_forwarded, FORWARDED),
        (row.is_starred, STARRED),
        (row.is_deleted, DELETED),
    ]);
    statement.raw_bind_parameter(1, row.id.as_bytes())?;
    statement.raw_bind_parameter(2, place.integration)?;
    statement.raw_bind_parameter(3, place.rule.generation)?;
    statement.raw_bind_parameter(4, row.seq)?;
    statement.raw_bind_parameter(5, place.conversation)?;
    statement.raw_bind_parameter(6, row.timestamp.millis())?;
    statement.raw_bind_parameter(7, place.sender)?;
    statement.raw_bind_parameter(8, row::kind_code(row.message_type))?;
    statement.raw_bind_parameter(9, flags)?;
    statement.raw_bind_parameter(10, row::status_code(row.delivery_status))?;
    statement.raw_bind_parameter(11, row::source_code(row.sync_source))?;
    statement.raw_bind_parameter(12, row::millis(row.edited_at))?;
    statement.raw_bind_parameter(13, row::millis(row.deleted_at))?;
    statement.raw_bind_parameter(14, row.external_message_id.as_str())?;
    statement.raw_bind_parameter(15, row.content.as_str())?;
    statement.raw_bind_parameter(16, row::text(row.reply_to_external_id.as_ref()))?;
    statement.raw_bind_parameter(17, row::text(row.reply_to_preview.as_ref()))?;
    statement.raw_bind_parameter(18, list(&row.reactions)?)?;
    statement.raw_bind_parameter(19, list(&row.edits)?)?;
    statement.raw_bind_parameter(20, row::document(row.platform_metadata.as_ref()))?;
    Ok(())
}

/// A list's column: as on the wire, '' where it is empty.
fn list<T: serde::Serialize>(list: &[T]) -> Result<String, Error> {
    if list.is_empty() {
        return Ok(String::new());
    }
    Ok(serde_json::to_string(list)?)
}

/// A server whose data was rebuilt may give a message another id. What the platform calls it tells that it
/// is the same, and its place in the reading index finds it: the stored row takes the new id, and is then
/// replaced like any other. Returns whether a row of this id is stored now.
fn adopt(conn: &Connection, place: &Place, row: &Message) -> Result<bool, Error> {
    let is_known = conn
        .prepare_cached("SELECT 1 FROM messages WHERE id = ?1 AND integration_pk = ?2")?
        .query_row((row.id.as_bytes(), place.integration), |_| Ok(()))
        .optional()?
        .is_some();
    if is_known {
        return Ok(true);
    }
    let renamed = conn
        .prepare_cached(
            "UPDATE messages SET id = ?1 WHERE pk = (\
                SELECT pk FROM messages WHERE conversation_pk = ?2 AND timestamp = ?3 \
                AND external_id = ?4 AND generation < ?5 LIMIT 1)",
        )?
        .execute((
            row.id.as_bytes(),
            place.conversation,
            row.timestamp.millis(),
            row.external_message_id.as_str(),
            place.rule.generation,
        ))?;
    Ok(renamed == 1)
}

/// Gives a message that has come the files and receipts that waited for it.
fn give(writing: &Writing<'_>, integration: IntegrationPk, row: &Message) -> Result<(), Error> {
    for stream in [Stream::Media, Stream::Receipts] {
        let sql = match stream {
            Stream::Media => {
                "UPDATE media SET message_id = x'', message_pk = (SELECT m.pk FROM messages AS m \
                    WHERE m.id = ?1 AND m.integration_pk = ?2) \
                 WHERE integration_pk = ?2 AND message_id = ?1 AND message_pk = 0"
            }
            _ => {
                "UPDATE receipts SET message_id = x'', message_pk = (SELECT m.pk FROM messages AS m \
                    WHERE m.id = ?1 AND m.integration_pk = ?2) \
                 WHERE integration_pk = ?2 AND message_id = ?1 AND message_pk = 0"
            }
        };
        writing
            .conn
            .prepare_cached(sql)?
            .execute((row.id.as_bytes(), integration))?;
    }
    Ok(())
}
