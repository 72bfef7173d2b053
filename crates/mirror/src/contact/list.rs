//! The list of people.

use rusqlite::Connection;

use super::{ContactCursor, ContactPage, ContactQuery, PersonRow};
use crate::{
    AddressPk, ContactPk, Error, IntegrationPk,
    people::{Names, names},
    search::{names::Needle, token::folded},
};

const ALL: &str = concat!(
    "SELECT k.pk, k.address_pk, k.lid_pk, k.integration_pk, ",
    names!(),
    " FROM contacts AS k JOIN addresses AS a ON a.pk = k.address_pk \
      JOIN integrations AS i ON i.pk = k.integration_pk \
      LEFT JOIN addresses AS ka ON ka.pk = k.address_pk \
      WHERE k.merged_into = x'' AND i.removing = 0 AND (?1 = 0 OR k.integration_pk = ?1)"
);

const CHAT: &str = "\
    SELECT pk FROM conversations WHERE address_pk IN (?1, nullif(?2, 0)) AND hidden = 0 \
    ORDER BY last_at DESC, pk LIMIT 1";

struct Found {
    place: ContactCursor,
    addresses: [AddressPk; 2],
    integration: IntegrationPk,
    names: Names,
}

pub(super) fn page(conn: &Connection, query: &ContactQuery) -> Result<ContactPage, Error> {
    let limit = match query.limit {
        0 => 100,
        limit => limit as usize,
    };
    let text = query.text.as_deref().map(str::trim);
    let needle = text.filter(|text| !text.is_empty()).map(Needle::new);
    let mut found = read(
        conn,
        needle.as_ref(),
        query.integration,
        query.after.as_ref(),
    )?;
    let is_more = found.len() > limit;
    first(&mut found, limit);
    let next = found.last().filter(|_| is_more);
    Ok(ContactPage {
        next: next.map(|last| last.place.clone()),
        people: rows(conn, found)?,
    })
}

/// People by the beginning of a name or part of a number.
pub(crate) fn by_name(
    conn: &Connection,
    needle: &Needle,
    limit: usize,
) -> Result<Vec<PersonRow>, Error> {
    let mut found = read(conn, Some(needle), None, None)?;
    first(&mut found, limit);
    rows(conn, found)
}

fn read(
    conn: &Connection,
    needle: Option<&Needle>,
    integration: Option<IntegrationPk>,
    after: Option<&ContactCursor>,
) -> Result<Vec<Found>, Error> {
    let mut select = conn.prepare_cached(ALL)?;
    let mut rows = select.query([integration.unwrap_or(IntegrationPk(0))])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let names = Names::from_row(row, 4)?;
        if needle.is_some_and(|needle| !needle.fits_person(&names)) {
            continue;
        }
        let place = place(row.get(0)?, &names);
        if after.is_none_or(|after| place > *after) {
            found.push(Found {
                place,
                addresses: [row.get(1)?, row.get(2)?],
                integration: row.get(3)?,
                names,
            });
        }
    }
    Ok(found)
}

fn place(pk: ContactPk, names: &Names) -> ContactCursor {
    let name = names.own_name();
    ContactCursor {
        nameless: name.is_none(),
        name: name.map_or_else(|| names.name(), folded),
        pk,
    }
}

/// Keeps the first so many, in order.
fn first(found: &mut Vec<Found>, limit: usize) {
    if limit == 0 {
        found.clear();
    } else if found.len() > limit {
        found.select_nth_unstable_by(limit - 1, |a, b| a.place.cmp(&b.place));
        found.truncate(limit);
    }
    found.sort_unstable_by(|a, b| a.place.cmp(&b.place));
}

fn rows(conn: &Connection, found: Vec<Found>) -> Result<Vec<PersonRow>, Error> {
    let mut chat = conn.prepare_cached(CHAT)?;
    found
        .into_iter()
        .map(|one| {
            let mut rows = chat.query(one.addresses)?;
            Ok(PersonRow {
                address: one.addresses[0],
                integration: one.integration,
                jid: one.names.canonical_jid().to_owned(),
                name: one.names.name(),
                initial: initial(&one.names),
                phone: one.names.phone(),
                chat: rows.next()?.map(|row| row.get(0)).transpose()?,
            })
        })
        .collect()
}

/// The capital of a folded name, so that É stands under E.
pub(super) fn initial(names: &Names) -> String {
    let Some(name) = names.own_name() else {
        return String::new();
    };
    match folded(name).chars().next() {
        Some(first) if first.is_alphabetic() => first.to_uppercase().collect(),
        _ => "#".to_owned(),
    }
}
