//! What a chat keeps of its messages: their number, the last one, whether it is shown. Settled once per
//! chat and transaction, by one seek in the reading index, so that it is right after any change, also
//! when a message moves to another chat or gets another time.

use rusqlite::{Connection, OptionalExtension};

use crate::{ConversationPk, Error, IntegrationPk, row::message_flag::FROM_ME};

/// Settles one chat that gained `messages`; says whether a counter moved. A chat that is no more has none.
pub(crate) fn chat(conn: &Connection, chat: ConversationPk, messages: i64) -> Result<bool, Error> {
    let (last_pk, last_at): (i64, i64) = conn
        .prepare_cached(
            "SELECT pk, timestamp FROM messages WHERE conversation_pk = ?1 \
             ORDER BY timestamp DESC, pk DESC LIMIT 1",
        )?
        .query_row([chat], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .unwrap_or((0, 0));
    // A placeholder is shown once it has a message: a person must not miss it for want of a name.
    let settled: Option<(IntegrationPk, i64, i64, i64)> = conn
        .prepare_cached(
            "UPDATE conversations SET \
                message_count = message_count + ?2, \
                last_message_pk = ?3, \
                last_at = CASE WHEN ?3 = 0 THEN last_message_at \
                    WHEN last_message_at = 0 THEN ?4 ELSE max(last_message_at, ?4) END, \
                hidden = merged_into <> x'' OR (seq < 0 AND message_count + ?2 = 0) \
             WHERE pk = ?1 \
             RETURNING integration_pk, iif(hidden, 0, max(unread_count, 0)), unread_shown, read_here",
        )?
        .query_row((chat, messages, last_pk, last_at), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((integration, counted, was_unread, read_here)) = settled else {
        return Ok(false);
    };
    let unread = if counted > 0 && read_here > 0 {
        since(conn, chat, read_here, counted)?
    } else {
        counted
    };
    if unread != was_unread {
        conn.prepare_cached("UPDATE conversations SET unread_shown = ?2 WHERE pk = ?1")?
            .execute((chat, unread))?;
        conn.prepare_cached("UPDATE integrations SET unread = unread + ?2 WHERE pk = ?1")?
            .execute((integration, unread - was_unread))?;
    }
    Ok(messages != 0 || unread != was_unread)
}

/// How many messages others have sent since it was read here, but no more than the platform has as unread:
/// what was read on the phone since is read too.
fn since(conn: &Connection, chat: ConversationPk, read_here: i64, most: i64) -> Result<i64, Error> {
    Ok(conn
        .prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM messages \
                WHERE conversation_pk = ?1 AND timestamp > ?2 AND flags & ?3 = 0 LIMIT ?4)",
        )?
        .query_row((chat, read_here, FROM_ME, most), |row| row.get(0))?)
}
