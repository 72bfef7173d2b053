//! Who got and read which message. One whose message has not come waits beside the message's id.

use rusqlite::{OptionalExtension, params};
use threadkeep_protocol::Receipt;

use super::{
    Held, Rule, Step,
    media::{awaited, belongs_to, find_message},
};
use crate::{Error, IntegrationPk, MessagePk, row, writing::Writing};

const REPLACE: &str = "\
    INSERT INTO receipts (id, integration_pk, generation, seq, message_pk, message_id, address_pk, \
        delivered_at, read_at, played_at, metadata) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
    ON CONFLICT (id, integration_pk) DO UPDATE SET generation = excluded.generation, \
        seq = excluded.seq, message_pk = excluded.message_pk, message_id = excluded.message_id, \
        address_pk = excluded.address_pk, delivered_at = excluded.delivered_at, \
        read_at = excluded.read_at, played_at = excluded.played_at, metadata = excluded.metadata \
    WHERE (generation, seq, message_pk, message_id, address_pk, delivered_at, read_at, \
        played_at, metadata) IS NOT (excluded.generation, excluded.seq, excluded.message_pk, \
        excluded.message_id, excluded.address_pk, excluded.delivered_at, excluded.read_at, \
        excluded.played_at, excluded.metadata)";

pub(super) fn apply(
    writing: &mut Writing<'_>,
    integration: IntegrationPk,
    rule: Rule,
    row: &Receipt,
) -> Result<Step, Error> {
    let generation = rule.generation;
    let conn = writing.conn;
    let message = find_message(writing, integration, row.message_id)?;
    let address = writing
        .account(integration)?
        .address(conn, &row.participant_external_id)?;
    // A server whose data was rebuilt may give the row another id; who got what says which it is.
    if let Some((message, _)) = message.filter(|_| generation > 0) {
        conn.prepare_cached(
            "UPDATE receipts SET id = ?1 WHERE pk = (\
                SELECT pk FROM receipts WHERE message_pk = ?3 AND address_pk = ?4 \
                AND generation < ?5 LIMIT 1) \
             AND NOT EXISTS (SELECT 1 FROM receipts WHERE id = ?1 AND integration_pk = ?2)",
        )?
        .execute((row.id.as_bytes(), integration, message, address, generation))?;
    }
    let held = conn
        .prepare_cached(
            "SELECT pk, generation, seq FROM receipts WHERE id = ?1 AND integration_pk = ?2",
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
        address,
        row::millis(row.delivered_at),
        row::millis(row.read_at),
        row::millis(row.played_at),
        row::document(row.platform_metadata.as_ref()),
    ])?;
    let step = step.as_written(written);
    if step != Step::Unchanged {
        belongs_to(writing, integration, row.message_id, message)?;
    }
    Ok(step)
}
