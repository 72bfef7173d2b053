//! Contacts, and whose an address is.
//!
//! An address belongs to the contact that names it, as its phone address or as its hidden id. Where several
//! do, one rule over the stored rows decides, so that the order of arrival does not matter.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};
use threadkeep_protocol::Contact;

use super::{Held, Rule, Step};
use crate::{
    AddressPk, ChangeKind, ContactPk, Error, IntegrationPk, row,
    row::contact_flag::{BLOCKED, BUSINESS, FAVORITE},
    writing::Writing,
};

/// Contacts that turned out to be one another are followed so far; a longer chain is a loop.
const MERGES: usize = 8;

const REPLACE: &str = "\
    INSERT INTO contacts (id, integration_pk, generation, seq, address_pk, lid_pk, display_name, \
        first_name, last_name, push_name, phone_number, username, avatar_url, about, flags, \
        last_seen, merged_into, metadata) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18) \
    ON CONFLICT (id, integration_pk) DO UPDATE SET generation = excluded.generation, \
        seq = excluded.seq, address_pk = excluded.address_pk, lid_pk = excluded.lid_pk, \
        display_name = excluded.display_name, first_name = excluded.first_name, \
        last_name = excluded.last_name, push_name = excluded.push_name, \
        phone_number = excluded.phone_number, username = excluded.username, \
        avatar_url = excluded.avatar_url, about = excluded.about, flags = excluded.flags, \
        last_seen = excluded.last_seen, merged_into = excluded.merged_into, \
        metadata = excluded.metadata \
    WHERE (generation, seq, address_pk, lid_pk, display_name, first_name, last_name, \
        push_name, phone_number, username, avatar_url, about, flags, last_seen, merged_into, \
        metadata) IS NOT (excluded.generation, excluded.seq, excluded.address_pk, \
        excluded.lid_pk, excluded.display_name, excluded.first_name, excluded.last_name, \
        excluded.push_name, excluded.phone_number, excluded.username, excluded.avatar_url, \
        excluded.about, excluded.flags, excluded.last_seen, excluded.merged_into, \
        excluded.metadata)";

pub(super) fn apply(
    writing: &mut Writing<'_>,
    integration: IntegrationPk,
    rule: Rule,
    row: &Contact,
) -> Result<Step, Error> {
    let generation = rule.generation;
    let conn = writing.conn;
    let account = writing.account(integration)?;
    let address = account.address(conn, &row.external_contact_id)?;
    let lid = match row.lid.as_deref() {
        Some(lid) if !lid.is_empty() => account.address(conn, lid)?,
        _ => AddressPk(0),
    };
    // A server whose data was rebuilt may give a contact another id; the address says who it is.
    if generation > 0 {
        conn.prepare_cached(
            "UPDATE contacts SET id = ?1 WHERE pk = (\
                SELECT pk FROM contacts WHERE address_pk = ?3 AND generation < ?4 \
                AND merged_into = x'' LIMIT 1) \
             AND NOT EXISTS (SELECT 1 FROM contacts WHERE id = ?1 AND integration_pk = ?2)",
        )?
        .execute((row.id.as_bytes(), integration, address, generation))?;
    }
    let held = conn
        .prepare_cached(
            "SELECT pk, generation, seq, address_pk, lid_pk FROM contacts \
             WHERE id = ?1 AND integration_pk = ?2",
        )?
        .query_row((row.id.as_bytes(), integration), |row| {
            Ok((
                Held::from_row(row)?,
                [row.get::<_, AddressPk>(3)?, row.get(4)?],
            ))
        })
        .optional()?;
    let step = Step::over(held.map(|(held, _)| held), rule, row.seq);
    if step == Step::Unchanged {
        return Ok(step);
    }
    let flags = row::flags([
        (row.is_blocked, BLOCKED),
        (row.is_favorite, FAVORITE),
        (row.is_business, BUSINESS),
    ]);
    let written = conn.prepare_cached(REPLACE)?.execute(params![
        row.id.as_bytes(),
        integration,
        generation,
        row.seq,
        address,
        lid,
        row::text(row.display_name.as_ref()),
        row::text(row.first_name.as_ref()),
        row::text(row.last_name.as_ref()),
        row::text(row.push_name.as_ref()),
        row::text(row.phone_number.as_ref()),
        row::text(row.username.as_ref()),
        row::text(row.avatar_url.as_ref()),
        row::text(row.about.as_ref()),
        flags,
        row::millis(row.last_seen),
        row.merged_into
            .as_ref()
            .map_or(&[][..], |id| &id.as_bytes()[..]),
        row::document(row.platform_metadata.as_ref()),
    ])?;
    if step.as_written(written) == Step::Unchanged {
        return Ok(Step::Unchanged);
    }
    let mut addresses = BTreeSet::from([address, lid]);
    addresses.extend(held.into_iter().flat_map(|(_, addresses)| addresses));
    addresses.extend(addresses_merged_into(conn, integration, row.id.as_bytes())?);
    for address in addresses {
        settle(conn, integration, address)?;
    }
    writing.change(ChangeKind::Contacts, integration.0);
    Ok(step)
}

/// Deletes a contact; its addresses are those of whoever else names them.
pub(crate) fn remove(
    writing: &mut Writing<'_>,
    integration: IntegrationPk,
    contact: ContactPk,
) -> Result<(), Error> {
    let conn = writing.conn;
    let addresses: [AddressPk; 2] = conn
        .prepare_cached("SELECT address_pk, lid_pk FROM contacts WHERE pk = ?1")?
        .query_row([contact], |row| Ok([row.get(0)?, row.get(1)?]))?;
    conn.prepare_cached("DELETE FROM contacts WHERE pk = ?1")?
        .execute([contact])?;
    for address in addresses {
        settle(conn, integration, address)?;
    }
    writing.change(ChangeKind::Contacts, integration.0);
    Ok(())
}

/// The addresses of contacts that turned out to be this one, or one of those.
fn addresses_merged_into(
    conn: &Connection,
    integration: IntegrationPk,
    id: &[u8; 16],
) -> Result<BTreeSet<AddressPk>, Error> {
    let mut select = conn.prepare_cached(
        "SELECT id, address_pk, lid_pk FROM contacts \
         WHERE merged_into = ?1 AND merged_into <> x'' AND integration_pk = ?2",
    )?;
    let mut addresses = BTreeSet::new();
    let mut targets = vec![*id];
    for _ in 0..MERGES {
        let mut next = Vec::new();
        for target in &targets {
            let mut rows = select.query((target, integration))?;
            while let Some(row) = rows.next()? {
                next.push(row.get(0)?);
                addresses.extend([row.get::<_, AddressPk>(1)?, row.get(2)?]);
            }
        }
        if next.is_empty() {
            break;
        }
        targets = next;
    }
    Ok(addresses)
}

/// Writes down whose an address is: of those that name it, one that is not merged away, one that names it
/// as its hidden id (it knows the phone number too), the latest.
fn settle(conn: &Connection, integration: IntegrationPk, address: AddressPk) -> Result<(), Error> {
    if address.0 == 0 {
        return Ok(());
    }
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let mut owner: Option<(ContactPk, Vec<u8>)> = conn
        .prepare_cached(
            "SELECT pk, merged_into FROM contacts WHERE address_pk = ?1 OR lid_pk = ?1 \
             ORDER BY merged_into <> x'', lid_pk = ?1 DESC, generation DESC, seq DESC, id LIMIT 1",
        )?
        .query_row([address], read)
        .optional()?;
    for _ in 0..MERGES {
        let Some((_, merged_into)) = owner.as_ref().filter(|(_, into)| !into.is_empty()) else {
            break;
        };
        let next = conn
            .prepare_cached(
                "SELECT pk, merged_into FROM contacts WHERE id = ?1 AND integration_pk = ?2",
            )?
            .query_row((merged_into, integration), read)
            .optional()?;
        match next {
            Some(next) => owner = Some(next),
            None => break,
        }
    }
    conn.prepare_cached("UPDATE addresses SET contact_pk = ?2 WHERE pk = ?1 AND contact_pk <> ?2")?
        .execute((address, owner.map_or(ContactPk(0), |(pk, _)| pk)))?;
    Ok(())
}
