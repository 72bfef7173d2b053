//! Finding the chat that a person means.

use rusqlite::{Connection, params};
use threadkeep_protocol::{Id, Jid};

use super::{
    ChatQuery, ChatRow,
    list::{self, walk},
};
use crate::{ConversationPk, Error, people::People};

pub(super) fn chats(conn: &Connection, text: &str) -> Result<Vec<ChatRow>, Error> {
    let mut found = by_key(conn, text)?;
    if found.is_empty() {
        found = by_address(conn, text)?;
    }
    if found.is_empty() {
        found = by_name(conn, text)?;
    }
    let mut people = People::new(conn);
    found
        .into_iter()
        .filter_map(|pk| list::chat(conn, &mut people, pk).transpose())
        .collect()
}

fn by_key(conn: &Connection, text: &str) -> Result<Vec<ConversationPk>, Error> {
    if let Ok(pk) = text.parse::<i64>() {
        return pks(conn, "SELECT pk FROM conversations WHERE pk = ?1", [pk]);
    }
    match text.parse::<Id>() {
        Ok(id) => pks(
            conn,
            "SELECT pk FROM conversations WHERE id = ?1 ORDER BY pk",
            [id.as_bytes()],
        ),
        Err(_) => Ok(Vec::new()),
    }
}

/// By the chat's address, or another one of the same person.
fn by_address(conn: &Connection, text: &str) -> Result<Vec<ConversationPk>, Error> {
    let jid = Jid::new(text).bare();
    pks(
        conn,
        "SELECT DISTINCT c.pk FROM integrations AS i \
            CROSS JOIN addresses AS a ON a.integration_pk = i.pk AND a.jid = ?1 \
            LEFT JOIN contacts AS k ON k.pk = a.contact_pk \
            CROSS JOIN conversations AS c \
                ON c.address_pk IN (a.pk, coalesce(k.address_pk, 0), coalesce(k.lid_pk, 0)) \
         WHERE c.hidden = 0 AND c.address_pk <> 0 ORDER BY c.pk",
        params![jid],
    )
}

fn by_name(conn: &Connection, text: &str) -> Result<Vec<ConversationPk>, Error> {
    let lower = text.to_lowercase();
    let (mut exact, mut alike) = (Vec::new(), Vec::new());
    walk(conn, &ChatQuery::default(), |called| {
        let name = called.name();
        if name == text || called.is_phone(text) {
            exact.push(called.pk);
        } else if name.to_lowercase() == lower {
            alike.push(called.pk);
        }
        true
    })?;
    Ok(if exact.is_empty() { alike } else { exact })
}

fn pks(
    conn: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<ConversationPk>, Error> {
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
