//! Conversations. A row fills the placeholder that something which came earlier has made.

use rusqlite::{Connection, OptionalExtension, params};
use threadkeep_protocol::{Conversation, Id, Stream};

use super::{Held, Rule, Step};
use crate::{
    AddressPk, ConversationPk, Error, IntegrationPk,
    chat::choice,
    row,
    row::conversation_flag::{ARCHIVED, DELETED, HISTORY_COMPLETE, MUTED},
    writing::Writing,
};

const REPLACE: &str = "\
    INSERT INTO conversations (id, integration_pk, generation, seq, address_pk, kind, name, \
        description, avatar_url, flags, pinned, mute_until, unread_count, total_message_count, \
        last_message_at, last_message_preview, last_activity_at, oldest_message_at, merged_into, \
        deleted_at, metadata, gaps) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, \
        ?20, ?21, ?22) \
    ON CONFLICT (id, integration_pk) DO UPDATE SET generation = excluded.generation, \
        seq = excluded.seq, address_pk = excluded.address_pk, kind = excluded.kind, \
        name = excluded.name, description = excluded.description, \
        avatar_url = excluded.avatar_url, flags = excluded.flags, pinned = excluded.pinned, \
        mute_until = excluded.mute_until, unread_count = excluded.unread_count, \
        total_message_count = excluded.total_message_count, \
        last_message_at = excluded.last_message_at, \
        last_message_preview = excluded.last_message_preview, \
        last_activity_at = excluded.last_activity_at, \
        oldest_message_at = excluded.oldest_message_at, merged_into = excluded.merged_into, \
        deleted_at = excluded.deleted_at, metadata = excluded.metadata, \
        gaps = excluded.gaps \
    WHERE (generation, seq, address_pk, kind, name, description, avatar_url, flags, pinned, \
        mute_until, unread_count, total_message_count, last_message_at, last_message_preview, \
        last_activity_at, oldest_message_at, merged_into, deleted_at, metadata, gaps) IS NOT \
        (excluded.generation, excluded.seq, excluded.address_pk, excluded.kind, excluded.name, \
        excluded.description, excluded.avatar_url, excluded.flags, excluded.pinned, \
        excluded.mute_until, excluded.unread_count, excluded.total_message_count, \
        excluded.last_message_at, excluded.last_message_preview, excluded.last_activity_at, \
        excluded.oldest_message_at, excluded.merged_into, excluded.deleted_at, \
        excluded.metadata, excluded.gaps) \
    RETURNING pk";

pub(super) fn apply(
    writing: &mut Writing<'_>,
    integration: IntegrationPk,
    rule: Rule,
    row: &Conversation,
) -> Result<Step, Error> {
    let generation = rule.generation;
    let conn = writing.conn;
    let address = writing
        .account(integration)?
        .address(conn, &row.external_conversation_id)?;
    if generation > 0 {
        adopt(writing, integration, generation, row.id, address)?;
    }
    let held = held(conn, integration, row.id)?;
    let is_placeholder = held.is_some_and(|held| held.seq < 0);
    let step = Step::over(held, rule, row.seq);
    if step == Step::Unchanged {
        return Ok(step);
    }
    let flags = row::flags([
        (row.is_archived, ARCHIVED),
        (row.is_muted, MUTED),
        (row.history_complete, HISTORY_COMPLETE),
        (row.is_deleted, DELETED),
    ]);
    let written: Option<ConversationPk> = conn
        .prepare_cached(REPLACE)?
        .query_row(
            params![
                row.id.as_bytes(),
                integration,
                generation,
                row.seq,
                address,
                row::conversation_kind_code(row.conversation_type),
                row::text(row.name.as_ref()),
                row::text(row.description.as_ref()),
                row::text(row.avatar_url.as_ref()),
                flags,
                row.is_pinned,
                row::millis(row.mute_until),
                row.unread_count,
                row.total_message_count,
                row::millis(row.last_message_at),
                row::text(row.last_message_preview.as_ref()),
                row::millis(row.last_activity_at),
                row::millis(row.oldest_message_at),
                row.merged_into
                    .as_ref()
                    .map_or(&[][..], |id| &id.as_bytes()[..]),
                row::millis(row.deleted_at),
                row::document(row.platform_metadata.as_ref()),
                gaps(row)?,
            ],
            |row| row.get(0),
        )
        .optional()?;
    let Some(pk) = written else {
        return Ok(Step::Unchanged);
    };
    writing.account(integration)?.place_conversation(row.id, pk);
    writing.touch_chat(integration, pk, 0);
    if let Some(into) = row.merged_into {
        choice::hand_on(writing, integration, pk, into)?;
    }
    Ok(if is_placeholder { Step::Saved } else { step })
}

/// As pairs of milliseconds; empty where nothing is missing.
fn gaps(row: &Conversation) -> Result<String, Error> {
    if row.gaps.is_empty() {
        return Ok(String::new());
    }
    let pairs = row.gaps.iter();
    let pairs: Vec<(i64, i64)> = pairs
        .map(|(after, before)| (after.millis(), before.millis()))
        .collect();
    Ok(serde_json::to_string(&pairs)?)
}

fn held(conn: &Connection, integration: IntegrationPk, id: Id) -> Result<Option<Held>, Error> {
    Ok(conn
        .prepare_cached(
            "SELECT pk, generation, seq FROM conversations WHERE id = ?1 AND integration_pk = ?2",
        )?
        .query_row((id.as_bytes(), integration), Held::from_row)
        .optional()?)
}

/// A server whose data was rebuilt may give a conversation another id. Its address tells that it is the
/// same: the stored row takes the new id, and with it what came under the new id before this row.
fn adopt(
    writing: &mut Writing<'_>,
    integration: IntegrationPk,
    generation: i64,
    id: Id,
    address: AddressPk,
) -> Result<(), Error> {
    let conn = writing.conn;
    let held = held(conn, integration, id)?;
    if held.is_some_and(|held| held.seq >= 0) {
        return Ok(());
    }
    let old: Option<ConversationPk> = conn
        .prepare_cached(
            "SELECT pk FROM conversations WHERE address_pk = ?1 AND integration_pk = ?2 \
             AND generation < ?3 AND seq >= 0 AND merged_into = x'' LIMIT 1",
        )?
        .query_row((address, integration, generation), |row| row.get(0))
        .optional()?;
    let Some(old) = old else { return Ok(()) };
    if let Some(placeholder) = held {
        absorb(
            writing,
            integration,
            ConversationPk(placeholder.pk),
            old,
            generation,
        )?;
    }
    conn.prepare_cached("UPDATE conversations SET id = ?2 WHERE pk = ?1")?
        .execute((old, id.as_bytes()))?;
    writing.account(integration)?.place_conversation(id, old);
    Ok(())
}

/// Moves what came under a placeholder to the conversation that it turns out to be. A message that is
/// there from the earlier history gives way to the one that came now.
fn absorb(
    writing: &mut Writing<'_>,
    integration: IntegrationPk,
    placeholder: ConversationPk,
    into: ConversationPk,
    generation: i64,
) -> Result<(), Error> {
    let conn = writing.conn;
    let pairs: Vec<(i64, i64)> = conn
        .prepare_cached(
            "SELECT n.pk, o.pk FROM messages AS n JOIN messages AS o \
                ON o.conversation_pk = ?2 AND o.timestamp = n.timestamp \
                AND o.external_id = n.external_id AND o.generation < ?3 \
             WHERE n.conversation_pk = ?1",
        )?
        .query_map((placeholder, into, generation), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<Result<_, _>>()?;
    for &(new, old) in &pairs {
        for sql in [
            "UPDATE media SET message_pk = ?1 WHERE message_pk = ?2",
            "UPDATE receipts SET message_pk = ?1 WHERE message_pk = ?2",
        ] {
            conn.prepare_cached(sql)?.execute((new, old))?;
        }
        conn.prepare_cached("DELETE FROM messages WHERE pk = ?1")?
            .execute([old])?;
    }
    let moved = conn
        .prepare_cached("UPDATE messages SET conversation_pk = ?2 WHERE conversation_pk = ?1")?
        .execute((placeholder, into))?;
    conn.prepare_cached("UPDATE participants SET conversation_pk = ?2 WHERE conversation_pk = ?1")?
        .execute((placeholder, into))?;
    writing.drop_chat(integration, placeholder);
    conn.prepare_cached(
        "UPDATE integrations SET unread = unread - \
            (SELECT unread_shown FROM conversations WHERE pk = ?2) WHERE pk = ?1",
    )?
    .execute((integration, placeholder))?;
    for sql in [
        "DELETE FROM sync_checkpoints WHERE conversation_pk = ?1",
        "DELETE FROM conversations WHERE pk = ?1",
    ] {
        conn.prepare_cached(sql)?.execute([placeholder])?;
    }
    writing.touch_chat(
        integration,
        into,
        row::signed(moved) - row::signed(pairs.len()),
    );
    writing.count(integration, Stream::Messages, -row::signed(pairs.len()));
    Ok(())
}
