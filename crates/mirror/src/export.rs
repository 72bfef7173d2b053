//! Everything, message by message, in an order that does not depend on how it came.

use std::{cell::RefCell, fmt, io};

use rusqlite::Connection;
use threadkeep_protocol::{ConversationKind, IntegrationId};

use crate::{
    ConversationPk, Error, IntegrationPk, MessageRow, Mirror,
    message::read::{Extras, Reading, columns},
    people::{Names, People, can_be_seen, names},
    row,
};

/// What to export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExportQuery {
    /// Only one account's.
    pub integration: Option<IntegrationPk>,
    /// Only one chat.
    pub chat: Option<ConversationPk>,
    /// Only messages from then on, in milliseconds.
    pub since: Option<i64>,
    /// Only messages from before then, in milliseconds.
    pub until: Option<i64>,
}

impl ExportQuery {
    /// The times that are asked for, the second one not itself.
    fn times(self) -> (i64, i64) {
        (
            self.since.unwrap_or(i64::MIN),
            self.until.unwrap_or(i64::MAX),
        )
    }
}

/// How much an export would write.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExportSize {
    /// Chats that have a message among them.
    pub chats: u64,
    /// Messages.
    pub messages: u64,
}

/// What somebody is called in the account of a chat, by their address: a number or the address itself where
/// no name is known.
pub type NameOf<'a> = &'a dyn Fn(&str) -> String;

/// A message and what is said of its chat.
#[derive(Clone, Copy)]
pub struct Exported<'a> {
    /// The account.
    pub integration: IntegrationPk,
    /// The account's id on its server.
    pub integration_id: IntegrationId,
    /// The chat's address; empty where its row never came.
    pub chat: &'a str,
    /// What to call the chat.
    pub chat_name: &'a str,
    /// What kind of chat.
    pub chat_kind: ConversationKind,
    /// The platform of the account, such as `whatsapp`.
    pub platform: &'a str,
    /// For those whom the message mentions.
    pub name_of: NameOf<'a>,
    /// The message.
    pub message: &'a MessageRow,
}

impl fmt::Debug for Exported<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exported")
            .field("chat", &self.chat)
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

impl Mirror {
    /// Gives every message to `sink`, ordered by the chat's address, time, and the platform's name of
    /// the message. All come from one moment of the mirror, however long it takes. Returns how many.
    ///
    /// # Errors
    /// When the mirror cannot be read, and what `sink` says.
    pub async fn export<S>(&self, query: ExportQuery, mut sink: S) -> Result<u64, Error>
    where
        S: FnMut(Exported<'_>) -> io::Result<()> + Send + 'static,
    {
        self.read(move |conn| {
            let mut reading = Reading::new(conn, Extras::Media);
            let mut messages = 0;
            for chat in chats(conn, query)? {
                messages += one_chat(conn, &mut reading, &chat, query, &mut sink)?;
            }
            Ok(messages)
        })
        .await
    }

    /// How much that would be. The counters know it; where times are asked for, the entries of an index
    /// are counted, which costs a thousandth of what writing them does.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn export_size(&self, query: ExportQuery) -> Result<ExportSize, Error> {
        self.read(move |conn| {
            let mut size = ExportSize::default();
            for chat in chats(conn, query)? {
                let messages = if query.since.is_none() && query.until.is_none() {
                    chat.messages
                } else {
                    count_between(conn, chat.pk, query)?
                };
                size.chats += u64::from(messages > 0);
                size.messages += messages;
            }
            Ok(size)
        })
        .await
    }
}

fn count_between(
    conn: &Connection,
    chat: ConversationPk,
    query: ExportQuery,
) -> Result<u64, Error> {
    let (since, until) = query.times();
    let mut select = conn.prepare_cached(
        "SELECT COUNT(*) FROM messages \
         WHERE conversation_pk = ?1 AND timestamp >= ?2 AND timestamp < ?3",
    )?;
    let count = select.query_row((chat, since, until), |row| row.get(0))?;
    Ok(row::unsigned(count))
}

struct Chat {
    jid: String,
    integration: IntegrationPk,
    pk: ConversationPk,
    integration_id: IntegrationId,
    platform: String,
    name: String,
    kind: ConversationKind,
    messages: u64,
}

/// The chats that have messages, in order.
fn chats(conn: &Connection, query: ExportQuery) -> Result<Vec<Chat>, Error> {
    let mut select = conn.prepare_cached(concat!(
        "SELECT c.pk, c.integration_pk, i.remote_id, c.name, c.kind, c.message_count, \
                i.integration_type, ",
        names!(),
        " FROM conversations AS c \
          JOIN integrations AS i ON i.pk = c.integration_pk \
          LEFT JOIN addresses AS a ON a.pk = c.address_pk \
          LEFT JOIN contacts AS k ON k.pk = a.contact_pk \
          LEFT JOIN addresses AS ka ON ka.pk = k.address_pk \
          WHERE i.removing = 0 AND c.message_count > 0 \
            AND (?1 = 0 OR c.integration_pk = ?1) AND (?2 = 0 OR c.pk = ?2)"
    ))?;
    let rows = select.query_map(
        (
            query.integration.unwrap_or_default(),
            query.chat.unwrap_or_default(),
        ),
        |row| {
            let own_name: String = row.get(3)?;
            let names = Names::from_row(row, 7)?;
            Ok(Chat {
                pk: row.get(0)?,
                integration: row.get(1)?,
                integration_id: row.get(2)?,
                platform: row.get(6)?,
                name: if can_be_seen(&own_name) {
                    own_name
                } else {
                    names.name()
                },
                jid: names.jid,
                kind: row::conversation_kind(row.get(4)?),
                messages: row::unsigned(row.get(5)?),
            })
        },
    )?;
    let mut chats = rows.collect::<Result<Vec<_>, _>>()?;
    chats.sort_by(|a, b| (&a.jid, a.integration, a.pk).cmp(&(&b.jid, b.integration, b.pk)));
    Ok(chats)
}

fn one_chat<S>(
    conn: &Connection,
    reading: &mut Reading<'_>,
    chat: &Chat,
    query: ExportQuery,
    sink: &mut S,
) -> Result<u64, Error>
where
    S: FnMut(Exported<'_>) -> io::Result<()>,
{
    let mut select = conn.prepare_cached(concat!(
        "SELECT ",
        columns!(),
        " FROM messages AS m WHERE m.conversation_pk = ?1 AND m.timestamp >= ?2 AND m.timestamp < ?3 \
          ORDER BY m.timestamp, m.pk"
    ))?;
    let (since, until) = query.times();
    let mut rows = select.query((chat.pk, since, until))?;
    let people = RefCell::new(People::new(conn));
    let name_of = |jid: &str| {
        let found = people.borrow_mut().of_jid(chat.integration, jid);
        found.map_or_else(|_| jid.to_owned(), |person| person.name.clone())
    };
    // The index gives time and arrival; among messages of one time the name decides.
    let mut moment: Vec<MessageRow> = Vec::new();
    let mut messages = 0;
    while let Some(row) = rows.next()? {
        let message = reading.message(row)?;
        if moment
            .last()
            .is_some_and(|last| last.timestamp != message.timestamp)
        {
            messages += give(chat, &mut moment, &name_of, sink)?;
        }
        moment.push(message);
    }
    Ok(messages + give(chat, &mut moment, &name_of, sink)?)
}

fn give<S>(
    chat: &Chat,
    moment: &mut Vec<MessageRow>,
    name_of: NameOf<'_>,
    sink: &mut S,
) -> Result<u64, Error>
where
    S: FnMut(Exported<'_>) -> io::Result<()>,
{
    moment.sort_by(|a, b| (&a.external_id, a.id).cmp(&(&b.external_id, b.id)));
    for message in moment.iter() {
        sink(Exported {
            integration: chat.integration,
            integration_id: chat.integration_id,
            chat: &chat.jid,
            chat_name: &chat.name,
            chat_kind: chat.kind,
            platform: &chat.platform,
            name_of,
            message,
        })
        .map_err(Error::Sink)?;
    }
    let given = moment.len() as u64;
    moment.clear();
    Ok(given)
}

#[cfg(test)]
mod tests;
