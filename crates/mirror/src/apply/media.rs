//! Files that came with messages. One whose message has not come waits beside the message's id.

use rusqlite::{OptionalExtension, params};
use threadkeep_protocol::{Id, Media};

use super::{Held, Rule, Step};
use crate::{ConversationPk, Error, IntegrationPk, MessagePk, row, writing::Writing};

/// Other bytes than before are not here yet, whatever was; and what was not to be had may be now.
const REPLACE: &str = "\
    INSERT INTO media (id, integration_pk, generation, seq, message_pk, message_id, media_type, \
        mime_type, file_name, file_size, sha256, width, height, duration, has_content, thumbnail, \
        metadata) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, lower(?11), ?12, ?13, ?14, ?15, ?16, ?17) \
    ON CONFLICT (id, integration_pk) DO UPDATE SET generation = excluded.generation, \
        seq = excluded.seq, message_pk = excluded.message_pk, message_id = excluded.message_id, \
        media_type = excluded.media_type, mime_type = excluded.mime_type, \
        file_name = excluded.file_name, file_size = excluded.file_size, \
        local_state = iif(sha256 = excluded.sha256 \
            AND (local_state < 3 OR seq = excluded.seq), local_state, 0), \
        sha256 = excluded.sha256, \
        width = excluded.width, height = excluded.height, duration = excluded.duration, \
        has_content = excluded.has_content, thumbnail = excluded.thumbnail, \
        metadata = excluded.metadata \
    WHERE (generation, seq, message_pk, message_id, media_type, mime_type, file_name, \
        file_size, sha256, width, height, duration, has_content, thumbnail, metadata) IS NOT \
        (excluded.generation, excluded.seq, excluded.message_pk, excluded.message_id, \
        excluded.media_type, excluded.mime_type, excluded.file_name, excluded.file_size, \
        excluded.sha256, excluded.width, excluded.height, excluded.duration, \
        excluded.has_content, excluded.thumbnail, excluded.metadata)";

pub(super) fn apply(
    writing: &mut Writing<'_>,
    integration: IntegrationPk,
    rule: Rule,
    row: &Media,
) -> Result<Step, Error> {
    let generation = rule.generation;
    let conn = writing.conn;
    let message = find_message(writing, integration, row.message_id)?;
    // A server whose data was rebuilt may give the row another id; its message says which it is.
    if let Some((message, _)) = message.filter(|_| generation > 0) {
        conn.prepare_cached(
            "UPDATE media SET id = ?1 WHERE pk = (\
                SELECT pk FROM media WHERE message_pk = ?3 AND generation < ?4 ORDER BY pk LIMIT 1) \
             AND NOT EXISTS (SELECT 1 FROM media WHERE id = ?1 AND integration_pk = ?2)",
        )?
        .execute((row.id.as_bytes(), integration, message, generation))?;
    }
    let held = conn
        .prepare_cached(
            "SELECT pk, generation, seq FROM media WHERE id = ?1 AND integration_pk = ?2",
        )?
        .query_row((row.id.as_bytes(), integration), Held::from_row)
        .optional()?;
    let step = Step::over(held, rule, row.seq);
    if step == Step::Unchanged {
        return Ok(step);
    }
    let written = conn.prepare_cached(REPLACE)?.execute(params![
        row.id.as_bytes(),
        integration,
        generation,
        row.seq,
        message.map_or(MessagePk(0), |(pk, _)| pk),
        awaited(message.is_some(), &row.message_id),
        row.media_type,
        row::text(row.mime_type.as_ref()),
        row::text(row.file_name.as_ref()),
        row.file_size.unwrap_or(0),
        row::text(row.sha256.as_ref()),
        row.width.unwrap_or(0),
        row.height.unwrap_or(0),
        row.duration.unwrap_or(0),
        row.has_content,
        row::text(row.thumbnail.as_ref()),
        row::document(row.platform_metadata.as_ref()),
    ])?;
    let step = step.as_written(written);
    if step != Step::Unchanged {
        belongs_to(writing, integration, row.message_id, message)?;
    }
    Ok(step)
}

/// The message of an id, and its chat.
pub(super) fn find_message(
    writing: &Writing<'_>,
    integration: IntegrationPk,
    id: Id,
) -> Result<Option<(MessagePk, ConversationPk)>, Error> {
    Ok(writing
        .conn
        .prepare_cached(
            "SELECT pk, conversation_pk FROM messages WHERE id = ?1 AND integration_pk = ?2",
        )?
        .query_row((id.as_bytes(), integration), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?)
}

/// The column that says which message is awaited.
pub(super) fn awaited(has_come: bool, id: &Id) -> &[u8] {
    if has_come { &[] } else { id.as_bytes() }
}

/// Notes that the message's chat changed, or that the message is awaited.
pub(super) fn belongs_to(
    writing: &mut Writing<'_>,
    integration: IntegrationPk,
    id: Id,
    message: Option<(MessagePk, ConversationPk)>,
) -> Result<(), Error> {
    match message {
        Some((_, chat)) => writing.touch_chat(integration, chat, 0),
        None => writing.account(integration)?.await_message(id),
    }
    Ok(())
}
