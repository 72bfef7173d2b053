//! What a message is called by sources that have no id for it.

use threadkeep_protocol::loose;

use crate::{error::StoreError, ingest::call::Call};

impl Call<'_> {
    /// The message that a name without a platform's id stands for.
    pub fn alias(&mut self, conversation: i64, name: &str) -> Result<Option<i64>, StoreError> {
        if !name.starts_with(loose::MESSAGE_PREFIX) {
            return Ok(None);
        }
        let has_stored = self.has_aliases(conversation)?;
        if !has_stored && self.tellings.aliases.is_empty() {
            return Ok(None);
        }
        let key = (conversation, name.to_owned());
        if let Some(known) = self.tellings.aliases.get(&key) {
            return Ok(*known);
        }
        if !has_stored {
            return Ok(None);
        }
        let found = self
            .conn
            .prepare_cached(
                "SELECT message_pk FROM message_aliases
                 WHERE conversation_pk = ?1 AND external_id = ?2",
            )?
            .query_map((conversation, name), |row| row.get(0))?
            .next()
            .transpose()?;
        self.tellings.aliases.insert(key, found);
        Ok(found)
    }

    /// Whether a chat has names in the file that stand for other messages.
    fn has_aliases(&mut self, conversation: i64) -> Result<bool, StoreError> {
        if let Some(known) = self.tellings.has_aliases.get(&conversation) {
            return Ok(*known);
        }
        let has_some = self
            .conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM message_aliases WHERE conversation_pk = ?1)",
            )?
            .query_row([conversation], |row| row.get(0))?;
        self.tellings.has_aliases.insert(conversation, has_some);
        Ok(has_some)
    }

    /// A name stands for a message from now on, or for none.
    pub fn name_alias(&mut self, conversation: i64, name: &str, message: Option<i64>) {
        let key = (conversation, name.to_owned());
        self.tellings.aliases.insert(key, message);
    }

    /// What sources call the message otherwise than its row stands for it from now on.
    pub fn name_others(&mut self, message: i64) -> Result<(), StoreError> {
        let row = self.message(message)?;
        let (conversation, name) = (row.conversation_pk, row.external_id.clone());
        let others: Vec<String> = self
            .tellings(message)?
            .iter()
            .filter(|telling| telling.row.external_id != name)
            .map(|telling| telling.row.external_id.clone())
            .collect();
        for other in others {
            self.name_alias(conversation, &other, Some(message));
        }
        Ok(())
    }

    /// A message that several know has moved, and its names with it.
    pub fn move_aliases(&mut self, message: i64) -> Result<(), StoreError> {
        self.tellings_mut(message)?;
        self.name_others(message)
    }
}
