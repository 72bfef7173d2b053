//! Changes to messages that have not come yet.

use std::collections::HashMap;

use rusqlite::params;
use threadkeep_protocol::Record;

use super::call::Call;
use crate::{error::StoreError, kept::ACCOUNT};

/// What waits, by conversation and then by message; a conversation is here once it was asked for.
#[derive(Default)]
pub struct Pending(HashMap<String, HashMap<String, Vec<Waiting>>>);

struct Waiting {
    /// `None` until it is written.
    pk: Option<i64>,
    record: String,
    /// Who has told it; the account where several have.
    source: i64,
}

impl Call<'_> {
    /// Lets a change wait for its message; false where the same one waits already.
    pub fn wait(
        &mut self,
        conversation: &str,
        message: &str,
        record: &Record,
    ) -> Result<bool, StoreError> {
        let (conn, source) = (self.conn, self.source);
        let record = serde_json::to_string(record)?;
        let waiting = self
            .waiting_in(conversation)?
            .entry(message.to_owned())
            .or_default();
        let Some(known) = waiting.iter_mut().find(|known| known.record == record) else {
            waiting.push(Waiting {
                pk: None,
                record,
                source,
            });
            return Ok(true);
        };
        if known.source != source && known.source != ACCOUNT {
            known.source = ACCOUNT;
            conn.prepare_cached("UPDATE pending SET source = 0 WHERE pk = ?1")?
                .execute([known.pk])?;
        }
        Ok(false)
    }

    /// What has waited for this message, in the order in which it came, and who told it. It waits no longer.
    pub fn awaited(
        &mut self,
        conversation: &str,
        message: &str,
    ) -> Result<Vec<(i64, Record)>, StoreError> {
        let waiting = self
            .waiting_in(conversation)?
            .remove(message)
            .unwrap_or_default();
        let mut records = Vec::with_capacity(waiting.len());
        for Waiting { pk, record, source } in waiting {
            records.push((source, serde_json::from_str(&record)?));
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
                for one in waiting.iter().filter(|one| one.pk.is_none()) {
                    self.insert_pending(&conversation, &message, &one.record, one.source)?;
                }
            }
        }
        Ok(())
    }

    /// Puts what names this hidden id under the phone address. What waits there already is looked at
    /// as well: its message may have come under the hidden id.
    pub fn readdress_pending(&mut self, lid: &str, phone: &str) -> Result<(), StoreError> {
        let named: Vec<(i64, String, i64)> = self
            .conn
            .prepare_cached(
                "SELECT pk, record, source FROM pending
                 WHERE integration_id = ?1
                   AND (conversation_external_id = ?3 OR instr(record, ?2) > 0)
                 ORDER BY pk",
            )?
            .query_map((self.integration, lid, phone), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?
            .collect::<rusqlite::Result<_>>()?;
        for (pk, record, source) in named {
            let record = self.readdressed(&serde_json::from_str(&record)?)?;
            self.conn
                .prepare_cached("DELETE FROM pending WHERE pk = ?1")?
                .execute([pk])?;
            let Some((conversation, message)) = super::change::target(&record) else {
                continue;
            };
            let applied = self.saying(source, |call| {
                call.apply_if_there(conversation, message, &record)
            })?;
            if applied.is_none() {
                let record = serde_json::to_string(&record)?;
                self.insert_pending(conversation, message, &record, source)?;
            }
        }
        Ok(())
    }

    fn insert_pending(
        &self,
        conversation: &str,
        message: &str,
        record: &str,
        source: i64,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO pending (integration_id, conversation_external_id,
                        message_external_id, record, created_at, source)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT DO UPDATE SET source = 0 WHERE source <> excluded.source",
            )?
            .execute(params![
                self.integration,
                conversation,
                message,
                record,
                self.now.millis(),
                source
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
                "SELECT pk, message_external_id, record, source FROM pending
                 WHERE integration_id = ?1 AND conversation_external_id = ?2 ORDER BY pk",
            )?;
            let mut rows = statement.query((self.integration, conversation))?;
            while let Some(row) = rows.next()? {
                let waiting = Waiting {
                    pk: row.get(0)?,
                    record: row.get(2)?,
                    source: row.get(3)?,
                };
                by_message.entry(row.get(1)?).or_default().push(waiting);
            }
            self.pending.0.insert(conversation.to_owned(), by_message);
        }
        Ok(self.pending.0.entry(conversation.to_owned()).or_default())
    }
}
