//! Who is in which group. Whose an address is, the contacts say; a participant needs no link of its own.

use rusqlite::{OptionalExtension, params};
use threadkeep_protocol::Participant;

use super::{Held, Rule, Step};
use crate::{Error, IntegrationPk, row, writing::Writing};

const REPLACE: &str = "\
    INSERT INTO participants (id, integration_pk, generation, seq, conversation_pk, address_pk, \
        role, joined_at, left_at, metadata) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) \
    ON CONFLICT (id, integration_pk) DO UPDATE SET generation = excluded.generation, \
        seq = excluded.seq, conversation_pk = excluded.conversation_pk, \
        address_pk = excluded.address_pk, role = excluded.role, joined_at = excluded.joined_at, \
        left_at = excluded.left_at, metadata = excluded.metadata \
    WHERE (generation, seq, conversation_pk, address_pk, role, joined_at, left_at, metadata) \
        IS NOT (excluded.generation, excluded.seq, excluded.conversation_pk, \
        excluded.address_pk, excluded.role, excluded.joined_at, excluded.left_at, \
        excluded.metadata)";

pub(super) fn apply(
    writing: &mut Writing<'_>,
    integration: IntegrationPk,
    rule: Rule,
    row: &Participant,
) -> Result<Step, Error> {
    let generation = rule.generation;
    let conn = writing.conn;
    let conversation = writing.conversation(integration, row.conversation_id)?;
    let address = writing
        .account(integration)?
        .address(conn, &row.external_participant_id)?;
    // A server whose data was rebuilt may give the row another id; who is where says which it is.
    if generation > 0 {
        conn.prepare_cached(
            "UPDATE participants SET id = ?1 WHERE pk = (\
                SELECT pk FROM participants WHERE conversation_pk = ?3 AND address_pk = ?4 \
                AND generation < ?5 LIMIT 1) \
             AND NOT EXISTS (SELECT 1 FROM participants WHERE id = ?1 AND integration_pk = ?2)",
        )?
        .execute((
            row.id.as_bytes(),
            integration,
            conversation,
            address,
            generation,
        ))?;
    }
    let held = conn
        .prepare_cached(
            "SELECT pk, generation, seq FROM participants WHERE id = ?1 AND integration_pk = ?2",
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
        conversation,
        address,
        row::role_code(row.role),
        row::millis(row.joined_at),
        row::millis(row.left_at),
        row::document(row.platform_metadata.as_ref()),
    ])?;
    let step = step.as_written(written);
    if step != Step::Unchanged {
        writing.touch_chat(integration, conversation, 0);
    }
    Ok(step)
}
