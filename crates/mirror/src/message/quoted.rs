//! The messages that others answer.
//!
//! A quote names its message by the platform's id, for which the bulk path keeps no index. People answer
//! what was said lately, so a bounded walk back from the answers finds nearly all of them in the time
//! of a page; what lies further back is looked for when somebody wants to go there. A third index on messages would cost every pull
//! a quarter of its speed for it.

use std::collections::HashSet;

use rusqlite::Connection;

use crate::{
    AddressPk, ConversationPk, Error, MessageKey, MessagePk, Mirror, people::People,
    row::message_flag,
};

/// How far back a quoted message is looked for, in messages.
const REACH: u32 = 5_000;

/// A message that another one answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotedRow {
    /// Its name in this file.
    pub pk: MessagePk,
    /// Its name on the platform.
    pub external_id: String,
    /// Who sent it: an address; empty for one's own and for nobody.
    pub sender: String,
    /// What to call its sender; empty for one's own.
    pub sender_name: String,
    /// One's own.
    pub from_me: bool,
}

/// What a walk back has found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quoted {
    /// The messages.
    pub found: Vec<QuotedRow>,
    /// The walk came to the beginning of the chat: what was not found is not here.
    pub is_all: bool,
}

impl Mirror {
    /// Those of the messages, by the platform's ids, that lie within reach before `before`.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn find_quoted(
        &self,
        chat: ConversationPk,
        before: MessageKey,
        external_ids: Vec<String>,
    ) -> Result<Quoted, Error> {
        if external_ids.is_empty() {
            return Ok(Quoted::default());
        }
        self.read(move |conn| find(conn, chat, before, external_ids))
            .await
    }
}

fn find(
    conn: &Connection,
    chat: ConversationPk,
    before: MessageKey,
    external_ids: Vec<String>,
) -> Result<Quoted, Error> {
    let mut wanted: HashSet<String> = external_ids.into_iter().collect();
    let mut people = People::new(conn);
    let mut found = Vec::new();
    let mut walked = 0;
    let mut select = conn.prepare_cached(
        "SELECT pk, external_id, sender_pk, flags FROM messages
         WHERE conversation_pk = ?1 AND (timestamp, pk) < (?2, ?3)
         ORDER BY timestamp DESC, pk DESC LIMIT ?4",
    )?;
    let mut rows = select.query((chat, before.timestamp, before.pk, REACH))?;
    while let Some(row) = rows.next()? {
        walked += 1;
        let Some(external_id) = wanted.take(&row.get::<_, String>(1)?) else {
            continue;
        };
        let from_me = row.get::<_, i64>(3)? & message_flag::FROM_ME != 0;
        let sender: AddressPk = row.get(2)?;
        let (sender, sender_name) = if from_me {
            (String::new(), String::new())
        } else {
            let person = people.of(sender)?;
            (person.jid.clone(), person.name.clone())
        };
        found.push(QuotedRow {
            pk: row.get(0)?,
            external_id,
            sender,
            sender_name,
            from_me,
        });
        if wanted.is_empty() {
            break;
        }
    }
    Ok(Quoted {
        found,
        is_all: walked < REACH,
    })
}
