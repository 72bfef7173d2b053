//! All that is known of one person.

use rusqlite::{Connection, OptionalExtension, Row};
use threadkeep_protocol::ConversationKind;

use super::{AddressRow, ContactRow, GroupRow, MergedRow, PersonRow, list::initial};
use crate::{
    AddressPk, ContactPk, ConversationPk, Error, IntegrationPk,
    chat::one_chat,
    people::{Names, People, can_be_seen, names},
    row::{self, contact_flag},
};

/// Contacts that turned out to be one another are followed so far; a longer chain is a loop.
const MERGES: u32 = 8;

const CONTACT: &str = concat!(
    "SELECT a.integration_pk, coalesce(k.address_pk, a.pk), coalesce(k.pk, 0), \
        coalesce(k.display_name, ''), coalesce(k.first_name, ''), coalesce(k.last_name, ''), \
        coalesce(k.push_name, ''), coalesce(k.username, ''), coalesce(k.about, ''), \
        coalesce(k.flags, 0), coalesce(k.last_seen, 0), ",
    names!(),
    " FROM addresses AS a JOIN integrations AS i ON i.pk = a.integration_pk \
      LEFT JOIN contacts AS k ON k.pk = a.contact_pk \
      LEFT JOIN addresses AS ka ON ka.pk = k.address_pk \
      WHERE a.pk = ?1 AND i.removing = 0"
);

/// A walk over the account's addresses: who asks for a person has time for it, and what writes them has
/// none for another index.
const ADDRESSES: &str = "\
    SELECT pk, jid, name FROM addresses \
    WHERE pk = ?1 OR (integration_pk = ?2 AND contact_pk = ?3 AND ?3 <> 0) \
    ORDER BY pk <> ?1, pk";

const MERGED: &str = "\
    WITH RECURSIVE merged (pk, id, step) AS (\
        SELECT k.pk, k.id, 1 FROM contacts AS k JOIN contacts AS into_ ON into_.pk = ?1 \
        WHERE k.merged_into = into_.id AND k.merged_into <> x'' \
            AND k.integration_pk = into_.integration_pk \
        UNION SELECT k.pk, k.id, m.step + 1 FROM merged AS m JOIN contacts AS k \
            ON k.merged_into = m.id AND k.merged_into <> x'' AND k.integration_pk = ?2 \
        WHERE m.step < ?3) \
    SELECT DISTINCT k.pk, a.jid, k.display_name, k.push_name \
    FROM merged AS m JOIN contacts AS k ON k.pk = m.pk \
    JOIN addresses AS a ON a.pk = k.address_pk WHERE k.pk <> ?1 ORDER BY k.pk";

/// Each chat of several, with two steps into the index of its people.
const GROUPS: &str = "\
    SELECT c.pk, min(p.left_at) FROM conversations AS c \
    CROSS JOIN participants AS p ON p.conversation_pk = c.pk AND p.address_pk = ?2 \
    WHERE c.integration_pk = ?1 AND c.hidden = 0 AND c.kind <> ?3 GROUP BY c.pk";

/// The entry by which a person goes: their contact's, else the address's own.
pub(crate) fn canonical(conn: &Connection, address: AddressPk) -> Result<AddressPk, Error> {
    Ok(conn
        .prepare_cached(
            "SELECT coalesce(k.address_pk, a.pk) FROM addresses AS a \
             LEFT JOIN contacts AS k ON k.pk = a.contact_pk WHERE a.pk = ?1",
        )?
        .query_row([address], |row| row.get(0))
        .optional()?
        .unwrap_or(address))
}

pub(super) fn contact(conn: &Connection, address: AddressPk) -> Result<Option<ContactRow>, Error> {
    let Some((mut contact, pk)) = conn
        .prepare_cached(CONTACT)?
        .query_row([address], read)
        .optional()?
    else {
        return Ok(None);
    };
    let (integration, main) = (contact.person.integration, contact.person.address);
    let mut addresses = Vec::new();
    let mut select = conn.prepare_cached(ADDRESSES)?;
    let mut rows = select.query((main, integration, pk))?;
    while let Some(row) = rows.next()? {
        addresses.push(row.get(0)?);
        contact.addresses.push(AddressRow {
            jid: row.get(1)?,
            seen_name: row.get(2)?,
        });
    }
    contact.merged = merged(conn, pk, integration)?;
    contact.groups = groups(conn, integration, &addresses)?;
    contact.person.chat = chat(conn, &addresses)?;
    Ok(Some(contact))
}

fn read(row: &Row<'_>) -> rusqlite::Result<(ContactRow, ContactPk)> {
    let names = Names::from_row(row, 11)?;
    let pk: ContactPk = row.get(2)?;
    let flags: i64 = row.get(9)?;
    let flag = |bit| flags & bit != 0;
    let contact = ContactRow {
        person: PersonRow {
            integration: row.get(0)?,
            address: row.get(1)?,
            jid: names.canonical_jid().to_owned(),
            name: names.name(),
            initial: initial(&names),
            phone: names.phone(),
            chat: None,
        },
        is_contact: pk.0 != 0,
        display_name: row.get(3)?,
        first_name: row.get(4)?,
        last_name: row.get(5)?,
        push_name: row.get(6)?,
        username: row.get(7)?,
        about: row.get(8)?,
        business: flag(contact_flag::BUSINESS),
        blocked: flag(contact_flag::BLOCKED),
        favorite: flag(contact_flag::FAVORITE),
        last_seen: row.get(10)?,
        addresses: Vec::new(),
        merged: Vec::new(),
        groups: Vec::new(),
    };
    Ok((contact, pk))
}

fn merged(
    conn: &Connection,
    contact: ContactPk,
    integration: IntegrationPk,
) -> Result<Vec<MergedRow>, Error> {
    let mut select = conn.prepare_cached(MERGED)?;
    let rows = select.query_map((contact, integration, MERGES), |row| {
        let names: [String; 2] = [row.get(2)?, row.get(3)?];
        Ok(MergedRow {
            jid: row.get(1)?,
            name: names
                .into_iter()
                .find(|name| can_be_seen(name))
                .unwrap_or_default(),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn groups(
    conn: &Connection,
    integration: IntegrationPk,
    addresses: &[AddressPk],
) -> Result<Vec<GroupRow>, Error> {
    let mut select = conn.prepare_cached(GROUPS)?;
    let direct = row::conversation_kind_code(ConversationKind::Direct);
    let mut found: Vec<(ConversationPk, bool)> = Vec::new();
    for address in addresses {
        let mut rows = select.query((integration, address, direct))?;
        while let Some(row) = rows.next()? {
            let (chat, left_at): (ConversationPk, i64) = (row.get(0)?, row.get(1)?);
            // By one address they may have left where they are still in by another.
            match found.iter_mut().find(|(known, _)| *known == chat) {
                Some((_, left)) => *left &= left_at != 0,
                None => found.push((chat, left_at != 0)),
            }
        }
    }
    let mut people = People::new(conn);
    let mut groups = Vec::with_capacity(found.len());
    for (pk, left) in found {
        let chat = one_chat(conn, &mut people, pk)?;
        groups.extend(chat.map(|chat| GroupRow { chat, left }));
    }
    groups.sort_by_key(|group| std::cmp::Reverse((group.chat.last_message_at, group.chat.pk)));
    Ok(groups)
}

/// The chat with them; the one that was spoken in last, where there are several.
fn chat(conn: &Connection, addresses: &[AddressPk]) -> Result<Option<ConversationPk>, Error> {
    let mut select = conn.prepare_cached(
        "SELECT last_at, pk FROM conversations WHERE address_pk = ?1 AND hidden = 0 \
         ORDER BY last_at DESC, pk LIMIT 1",
    )?;
    let mut latest: Option<(i64, ConversationPk)> = None;
    for address in addresses {
        let found = select
            .query_row([address], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        latest = latest.max(found);
    }
    Ok(latest.map(|(_, pk)| pk))
}
