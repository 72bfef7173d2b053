//! Changes to messages that have not come yet.

use std::collections::HashMap;

use rusqlite::params;
use threadkeep_protocol::Record;

use super::call::Call;
use crate::error::StoreError;

/// What waits, by conversation and then by message; a conversation is here once it was asked for.
#[derive(Default)]
pub struct Pending(HashMap<String, HashMap<String, Vec<Waiting>>>);

struct Waiting {
    /// `None` until it is written.
    pk: Option<i64>,
    record: String,
}

impl Call<'_> {
    /// Lets a change wait for its message; false where the same one waits already.
    pub fn wait(
        &mut self,
        conversation: &str,
        message: &str,
        record: &Record,
    ) -> Result<bool, StoreError> {
        let record = serde_json::to_string(record)?;
        let waiting = self
            .waiting_in(conversation)?
            .entry(message.to_owned())
            .or_default();
        if waiting.iter().any(|known| known.record == record) {
            return Ok(false);
        }
        waiting.push(Waiting { pk: None, record });
        Ok(true)
    }

    /// What has waited for this message, in the order in which it came. It waits no longer.
    pub fn awaited(
        &mut self,
        conversation: &str,
        message: &str,
    ) -> Result<Vec<Record>, StoreError> {
        let waiting = self
            .waiting_in(conversation)?
            .remove(message)
            .unwrap_or_default();
        let mut records = Vec::with_capacity(waiting.len());
        for Waiting { pk, record } in waiting {
            records.push(serde_json::from_str(&record)?);
            if let Some(pk) = pk {
                self.conn
                    .prepare_cached("DELETE FROM pending WHERE pk = ?1")?
                    .execute([pk])?;
            }
        }
        Ok(records)
    }

    /// Writes what came in this call and still waits.
    pub fn write_pending(&mut self) -> Result<(), StoreError> {
        for (conversation, messages) in std::mem::take(&mut self.pending).0 {
            for (message, waiting) in messages {
                for Waiting { record, .. } in waiting.iter().filter(|one| one.pk.is_none()) {
                    self.insert_pending(&conversation, &message, record)?;
                }
            }
        }
        Ok(())
    }

    /// Puts what names this hidden id under the phone address. What waits there already is looked at
    /// as well: its message may have come under the hidden id.
    pub fn readdress_pending(&mut self, lid: &str, phone: &str) -> Result<(), StoreError> {
        let named: Vec<(i64, String)> = self
            .conn
            .prepare_cached(
                "SELECT pk, record FROM pending
                 WHERE integration_id = ?1
                   AND (conversation_external_id = ?3 OR instr(record, ?2) > 0)
                 ORDER BY pk",
            )?
            .query_map((self.integration, lid, phone), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect::<rusqlite::Result<_>>()?;
        for (pk, record) in named {
            let record = self.readdressed(&serde_json::from_str(&record)?)?;
            self.conn
                .prepare_cached("DELETE FROM pending WHERE pk = ?1")?
                .execute([pk])?;
            let Some((conversation, message)) = super::change::target(&record) else {
                continue;
            };
            if self
                .apply_if_there(conversation, message, &record)?
                .is_none()
            {
                self.insert_pending(conversation, message, &serde_json::to_string(&record)?)?;
            }
        }
        Ok(())
    }

    fn insert_pending(
        &self,
        conversation: &str,
        message: &str,
        record: &str,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO pending (integration_id, conversation_external_id,
                        message_external_id, record, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO NOTHING",
            )?
            .execute(params![
                self.integration,
                conversation,
                message,
                record,
                self.now.millis()
            ])?;
        Ok(())
    }

    fn waiting_in(
        &mut self,
        conversation: &str,
    ) -> Result<&mut HashMap<String, Vec<Waiting>>, StoreError> {
        if !self.pending.0.contains_key(conversation) {
            let mut by_message: HashMap<String, Vec<Waiting>> = HashMap::new();
            let mut statement = self.conn.prepare_cached(
                "SELECT pk, message_external_id, record FROM pending
                 WHERE integration_id = ?1 AND conversation_external_id = ?2 ORDER BY pk",
            )?;
            let mut rows = statement.query((self.integration, conversation))?;
            while let Some(row) = rows.next()? {
                let waiting = Waiting {
                    pk: row.get(0)?,
                    record: row.get(2)?,
                };
                by_message.entry(row.get(1)?).or_default().push(waiting);
            }
            self.pending.0.insert(conversation.to_owned(), by_message);
        }
        Ok(self.pending.0.entry(conversation.to_owned()).or_default())
    }
}
