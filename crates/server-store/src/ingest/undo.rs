//! Taking back what an import brought, a slice at a time.
//!
//! Each slice is a transaction of its own that finds what is left to do by what is there, so that one that
//! was cut off goes on where it was, and one that is done does nothing.

use rusqlite::{Connection, params};
use serde_json::Value;
use threadkeep_protocol::{IntegrationId, Stream, loose};

use super::{call::Call, vouch::Changes};
use crate::{
    clock::now,
    error::StoreError,
    kept::{ACCOUNT, SEVERAL, Table, Told},
};

/// Takes back what it said of a thousand messages, for others want to write too, or all else; says whether something may be left.
pub fn undo_slice(
    conn: &Connection,
    integration: IntegrationId,
    import: i64,
) -> Result<bool, StoreError> {
    let mut call = Call::open(conn, integration, now(), import)?;
    call.is_undoing = true;
    let mut messages = call.pks(
        "SELECT pk FROM messages WHERE origin = ?1 LIMIT 1000",
        import,
    )?;
    if messages.is_empty() {
        messages = call.pks(
            "SELECT DISTINCT message_pk FROM tellings WHERE source = ?1 LIMIT 1000",
            import,
        )?;
    }
    if messages.is_empty() {
        call.undo_others(import)?;
        call.flush()?;
        call.rematch_due()?;
        // Once, at the end: looking for the newest message that is left passes over all that have gone.
        call.reshown = call
            .pks(
                "SELECT pk FROM conversations
                 WHERE integration_id = ?1 AND is_withdrawn = 0 AND merged_into IS NULL",
                integration,
            )?
            .into_iter()
            .collect();
        call.reshow()?;
        return Ok(false);
    }
    for message in messages {
        call.unsay(message, import)?;
    }
    call.flush()?;
    // What is left, and then the chats and people, come in a slice of their own.
    Ok(true)
}

impl Call<'_> {
    /// A source has not said anything of a message.
    fn unsay(&mut self, message: i64, source: i64) -> Result<(), StoreError> {
        let list = self.tellings_mut(message)?;
        list.retain(|telling| telling.source != source);
        self.refold(message)?;
        let row = self.message(message)?;
        let (conversation, minute) = (row.conversation_pk, loose::minute(row.timestamp));
        if self.conversation(conversation)?.has_loose {
            self.rematch(conversation, minute)?;
        }
        Ok(())
    }

    /// Chats, people and members that nobody else knows go; the fields of others become what they were,
    /// where nobody has said something since. What waits for its message waits no longer.
    fn undo_others(&mut self, import: i64) -> Result<(), StoreError> {
        self.put_back(import)?;
        let mut members = std::mem::take(&mut self.participants);
        self.unsay_rows(import, &mut members, |_| true)?;
        self.participants = members;
        let mut people = std::mem::take(&mut self.contacts);
        self.unsay_rows(import, &mut people, |_| true)?;
        self.contacts = people;
        let mut chats = std::mem::take(&mut self.conversations);
        // Others' messages keep theirs.
        self.unsay_rows(import, &mut chats, |chat| {
            chat.is_empty() || chat.merged_into.is_some()
        })?;
        self.conversations = chats;
        for sql in [
            "DELETE FROM pending WHERE source = ?1",
            "DELETE FROM row_sources WHERE source = ?1",
            "DELETE FROM import_changes WHERE import_id = ?1",
        ] {
            self.conn.prepare_cached(sql)?.execute([import])?;
        }
        Ok(())
    }

    fn unsay_rows<T: Told>(
        &self,
        import: i64,
        table: &mut Table<T>,
        may_go: impl Fn(&T) -> bool,
    ) -> Result<(), StoreError> {
        let stream = T::STREAM;
        for pk in self.pks(
            &format!("SELECT pk FROM {} WHERE origin = ?1", stream.name()),
            import,
        )? {
            let row = &mut table.get(self.conn, pk)?.row;
            if may_go(row) {
                row.withdraw();
            } else {
                row.come_from(ACCOUNT);
            }
        }
        for (pk, others) in self.shared(import, stream)? {
            let row = &mut table.get(self.conn, pk)?.row;
            match others.as_slice() {
                _ if row.origin() != SEVERAL => {}
                [] if may_go(row) => row.withdraw(),
                [] => row.come_from(ACCOUNT),
                [one] => row.come_from(*one),
                _ => {}
            }
        }
        Ok(())
    }

    /// The rows that an import knows among others, each with the other imports.
    fn shared(&self, import: i64, stream: Stream) -> Result<Vec<(i64, Vec<i64>)>, StoreError> {
        let pks: Vec<i64> = self
            .conn
            .prepare_cached("SELECT row_pk FROM row_sources WHERE source = ?1 AND stream = ?2")?
            .query_map(params![import, stream.name()], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let mut others = self.conn.prepare_cached(
            "SELECT source FROM row_sources WHERE stream = ?1 AND row_pk = ?2 AND source <> ?3",
        )?;
        pks.into_iter()
            .map(|pk| {
                let others = others
                    .query_map(params![stream.name(), pk, import], |row| row.get(0))?
                    .collect::<rusqlite::Result<_>>()?;
                Ok((pk, others))
            })
            .collect()
    }

    fn put_back(&mut self, import: i64) -> Result<(), StoreError> {
        let noted: Vec<(String, i64, String)> = self
            .conn
            .prepare_cached(
                "SELECT stream, row_pk, document FROM import_changes WHERE import_id = ?1",
            )?
            .query_map([import], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<rusqlite::Result<_>>()?;
        for (stream, pk, document) in noted {
            let changes: Changes = serde_json::from_str(&document)?;
            let conn = self.conn;
            match stream.parse() {
                Ok(Stream::Conversations) => {
                    restore(&mut self.conversations.get(conn, pk)?.row, &changes)?;
                }
                Ok(Stream::Contacts) => restore(&mut self.contacts.get(conn, pk)?.row, &changes)?,
                Ok(Stream::Participants) => {
                    restore(&mut self.participants.get(conn, pk)?.row, &changes)?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Puts fields back that are as the import left them.
fn restore<T: Told>(row: &mut T, changes: &Changes) -> Result<(), StoreError> {
    let Value::Object(mut fields) = serde_json::to_value(&*row)? else {
        return Ok(());
    };
    for (field, pair) in changes {
        let (before, after) = (pair.get(0), pair.get(1));
        if let (Some(before), true) = (before, fields.get(field) == after) {
            fields.insert(field.clone(), before.clone());
        }
    }
    *row = serde_json::from_value(Value::Object(fields))?;
    Ok(())
}
