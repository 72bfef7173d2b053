//! What sources say of messages that several know, as it goes into the file.

use rusqlite::{Connection, params};

use super::Tellings;
use crate::{error::StoreError, ingest::call::Call, kept::SEVERAL};

/// Statements as they are written: each with its source, its own name and the column.
pub struct Written {
    message: i64,
    conversation: i64,
    lines: Vec<(i64, String, String)>,
}

impl Call<'_> {
    /// What sources say apart from the rows, to be written behind them. To be asked while the rows are
    /// still held.
    pub fn told_apart(&mut self) -> Result<Vec<Written>, StoreError> {
        let changed: Vec<i64> = self
            .tellings
            .by_message
            .iter()
            .filter(|(_, told)| told.is_changed)
            .map(|(message, _)| *message)
            .collect();
        let mut written = Vec::with_capacity(changed.len());
        for message in changed {
            let row = self.message(message)?;
            let (name, conversation) = (row.external_id.clone(), row.conversation_pk);
            let is_several = row.origin == SEVERAL;
            let mut lines = Vec::new();
            if is_several {
                let whole = self.whole(message)?;
                for telling in self.tellings(message)?.iter() {
                    let own = Some(&telling.row.external_id).filter(|own| **own != name);
                    let column = telling.difference(&whole)?;
                    lines.push((telling.source, own.cloned().unwrap_or_default(), column));
                }
            }
            written.push(Written {
                message,
                conversation,
                lines,
            });
        }
        self.tellings = Tellings::default();
        Ok(written)
    }
}

impl Written {
    pub fn write(&self, conn: &Connection) -> Result<(), StoreError> {
        for sql in [
            "DELETE FROM tellings WHERE message_pk = ?1",
            "DELETE FROM message_aliases WHERE message_pk = ?1",
        ] {
            conn.prepare_cached(sql)?.execute([self.message])?;
        }
        let mut telling = conn.prepare_cached(
            "INSERT INTO tellings (message_pk, source, external_id, document)
             VALUES (?1, ?2, ?3, ?4)",
        )?;
        let mut alias = conn.prepare_cached(
            "INSERT INTO message_aliases (conversation_pk, external_id, message_pk)
             VALUES (?1, ?2, ?3)
             ON CONFLICT (conversation_pk, external_id) DO UPDATE SET message_pk = excluded.message_pk",
        )?;
        for (source, name, column) in &self.lines {
            telling.execute(params![self.message, source, name, column])?;
            if !name.is_empty() {
                alias.execute(params![self.conversation, name, self.message])?;
            }
        }
        Ok(())
    }
}
