//! Chats of which only the name is known, and the chats that they are.
//!
//! An export that nobody chose a chat for makes one that is called by its name. It is the account's one
//! chat of the same kind and name, where exactly one has it: a group by its subject, a person by the name
//! in the address book, the one they give themselves, or their number. Where two have it they stay apart.
//! Nothing else is ever found by its name.

use std::collections::HashMap;

use threadkeep_protocol::{ConversationKind, Jid, loose};

use super::call::Call;
use crate::{
    error::StoreError,
    row::{CONVERSATION_KINDS, numbered},
};

/// A chat that has only a name, by its key, kind and name.
type Unnamed = (i64, ConversationKind, String);

impl Call<'_> {
    /// A chat that has only a name, and that this call brings, is looked for before its first message is
    /// taken, so that each message is at once what it is: new, or known to the chat that it turns out to be.
    pub fn find_named_chat(&mut self, address: &str) -> Result<(), StoreError> {
        if !address.starts_with(loose::CHAT_PREFIX) {
            return Ok(());
        }
        let (conn, integration) = (self.conn, self.integration);
        let known = self
            .conversations
            .find(conn, integration, address.to_owned())?;
        if known.is_some_and(|slot| !slot.is_new()) {
            return Ok(());
        }
        self.conversation_at(address)?;
        self.flush()?;
        self.join_named_chats()
    }

    /// Merges the chats that have only a name into those that they are. The rows must have been written.
    pub fn join_named_chats(&mut self) -> Result<(), StoreError> {
        if !std::mem::take(&mut self.has_names) {
            return Ok(());
        }
        let unnamed = self.chats_without_id()?;
        if unnamed.is_empty() {
            return Ok(());
        }
        let by_name = self.chats_by_name()?;
        for (pk, kind, name) in unnamed {
            let key = match loose::phone(&name) {
                Some(digits) => (kind, digits),
                None => (kind, name),
            };
            let Some([winner]) = by_name.get(&key).map(Vec::as_slice) else {
                continue;
            };
            self.merge_conversations(pk, *winner)?;
            self.reshown.insert(*winner);
            self.due.chat(*winner);
            self.flush()?;
        }
        self.has_names = false;
        Ok(())
    }

    fn chats_without_id(&self) -> Result<Vec<Unnamed>, StoreError> {
        let chats = self
            .conn
            .prepare_cached(
                "SELECT pk, kind, external_id FROM conversations
                 WHERE integration_id = ?1 AND external_id >= 'name:' AND external_id < 'name;'
                   AND merged_into IS NULL AND is_withdrawn = 0
                 ORDER BY external_id",
            )?
            .query_map([self.integration], |row| {
                let address: String = row.get(2)?;
                let name = address.trim_start_matches(loose::CHAT_PREFIX);
                Ok((row.get(0)?, kind(row.get(1)?), loose::name(name)))
            })?
            .collect::<rusqlite::Result<_>>()?;
        Ok(chats)
    }

    /// The chats that have an id, by kind and by each name that they have.
    fn chats_by_name(&self) -> Result<HashMap<(ConversationKind, String), Vec<i64>>, StoreError> {
        let mut found: HashMap<(ConversationKind, String), Vec<i64>> = HashMap::new();
        let mut select = self.conn.prepare_cached(
            "SELECT c.pk, c.kind, c.external_id, c.name, p.display_name, p.push_name
             FROM conversations AS c
             LEFT JOIN contacts AS p ON p.integration_id = c.integration_id
                AND p.external_id = c.external_id AND p.is_withdrawn = 0
             WHERE c.integration_id = ?1 AND c.merged_into IS NULL AND c.is_withdrawn = 0
               AND NOT (c.external_id >= 'name:' AND c.external_id < 'name;')",
        )?;
        let mut rows = select.query([self.integration])?;
        while let Some(row) = rows.next()? {
            let (pk, kind) = (row.get(0)?, kind(row.get(1)?));
            let mut add = |name: String| {
                let chats = found.entry((kind, name)).or_default();
                if !chats.contains(&pk) {
                    chats.push(pk);
                }
            };
            for column in 3..=5 {
                if let Some(name) = row.get::<_, Option<String>>(column)? {
                    add(loose::name(&name));
                }
            }
            let address: String = row.get(2)?;
            if let Some(number) = Jid::new(&address).phone_number() {
                add(number.chars().filter(char::is_ascii_digit).collect());
            }
        }
        Ok(found)
    }
}

fn kind(number: i64) -> ConversationKind {
    numbered(&CONVERSATION_KINDS, number, ConversationKind::Direct)
}
