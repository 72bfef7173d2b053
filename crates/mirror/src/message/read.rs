//! A stored row becomes a message as a reader shows it.

use rusqlite::Connection;
use threadkeep_protocol::{ME, MessageEdit, MessageReaction};

use super::{MediaRow, MessageKey, MessageRow, Reaction, ReceiptRow};
use crate::{
    AddressPk, Error, IntegrationPk, LocalState, MessagePk,
    people::People,
    row::{self, bytes_id, message_flag},
};

/// The columns that `Reading::message` takes, of `m`.
macro_rules! columns {
    () => {
        "m.pk, m.id, m.integration_pk, m.conversation_pk, m.timestamp, m.sender_pk, m.kind, \
         m.flags, m.status, m.source, m.edited_at, m.deleted_at, m.external_id, m.content, \
         m.reply_to, m.reply_preview, m.reactions, m.edits, m.metadata"
    };
}
pub(crate) use columns;

/// The columns that `media_of` takes, of `d`.
macro_rules! media_columns {
    () => {
        "d.pk, d.id, d.media_type, d.mime_type, d.file_name, d.file_size, d.sha256, d.width, \
         d.height, d.duration, d.has_content, d.local_state, d.local_error, d.thumbnail"
    };
}
pub(crate) use media_columns;

pub(crate) fn media_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<MediaRow> {
    Ok(MediaRow {
        pk: row.get(0)?,
        id: bytes_id(row.get(1)?),
        media_type: row.get(2)?,
        mime_type: row.get(3)?,
        file_name: row.get(4)?,
        file_size: row.get(5)?,
        sha256: row.get(6)?,
        width: row.get(7)?,
        height: row.get(8)?,
        duration: row.get(9)?,
        has_content: row.get(10)?,
        local: LocalState::read(row.get(11)?),
        error: row.get(12)?,
        thumbnail: row.get(13)?,
    })
}

/// What is read beside the message itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extras {
    /// Files, message by message.
    Media,
    /// Nothing: `add_media` and `add_receipts` bring those of a whole window.
    Later,
}

/// One read's view of messages.
pub(crate) struct Reading<'c> {
    conn: &'c Connection,
    people: People<'c>,
    extras: Extras,
}

impl<'c> Reading<'c> {
    pub(crate) fn new(conn: &'c Connection, extras: Extras) -> Self {
        Self {
            conn,
            people: People::new(conn),
            extras,
        }
    }

    pub(crate) fn message(&mut self, row: &rusqlite::Row<'_>) -> Result<MessageRow, Error> {
        let pk: MessagePk = row.get(0)?;
        let integration: IntegrationPk = row.get(2)?;
        let timestamp = row.get(4)?;
        let flags: i64 = row.get(7)?;
        let from_me = flags & message_flag::FROM_ME != 0;
        let (sender, sender_name) = if from_me {
            (ME.to_owned(), String::new())
        } else {
            let person = self.people.of(row.get::<_, AddressPk>(5)?)?;
            (person.jid.clone(), person.name.clone())
        };
        let media = match self.extras {
            Extras::Media => self.media(pk)?,
            Extras::Later => Vec::new(),
        };
        Ok(MessageRow {
            pk,
            id: bytes_id(row.get(1)?),
            conversation: row.get(3)?,
            external_id: row.get(12)?,
            key: MessageKey { timestamp, pk },
            sender,
            sender_name,
            kind: row::kind(row.get(6)?),
            content: row.get(13)?,
            timestamp,
            edited_at: row.get(10)?,
            deleted_at: row.get(11)?,
            from_me,
            forwarded: flags & message_flag::FORWARDED != 0,
            starred: flags & message_flag::STARRED != 0,
            deleted: flags & message_flag::DELETED != 0,
            status: row::status(row.get(8)?),
            source: row::source(row.get(9)?),
            reply_to: row.get(14)?,
            reply_preview: row.get(15)?,
            reactions: self.reactions(integration, text(row, 16)?)?,
            edits: edits(text(row, 17)?)?,
            media,
            receipts: Vec::new(),
            metadata: row.get(18)?,
        })
    }

    fn reactions(
        &mut self,
        integration: IntegrationPk,
        stored: &str,
    ) -> Result<Vec<Reaction>, Error> {
        if stored.is_empty() {
            return Ok(Vec::new());
        }
        let reactions: Vec<MessageReaction> = serde_json::from_str(stored)?;
        reactions
            .into_iter()
            .map(|reaction| {
                let person = self
                    .people
                    .of_jid(integration, &reaction.sender_external_id)?;
                Ok(Reaction {
                    sender: person.jid.clone(),
                    sender_name: person.name.clone(),
                    emoji: reaction.emoji,
                    at: row::millis(reaction.at),
                })
            })
            .collect()
    }

    fn media(&self, message: MessagePk) -> Result<Vec<MediaRow>, Error> {
        let mut select = self.conn.prepare_cached(concat!(
            "SELECT ",
            media_columns!(),
            " FROM media AS d WHERE d.message_pk = ?1 ORDER BY d.id"
        ))?;
        let rows = select.query_map([message], media_of)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Some messages, in any order, without files and receipts.
    pub(crate) fn messages(&mut self, pks: &[MessagePk]) -> Result<Vec<MessageRow>, Error> {
        let mut select = self.conn.prepare_cached(concat!(
            "SELECT ",
            columns!(),
            " FROM json_each(?1) AS w CROSS JOIN messages AS m ON m.pk = w.value"
        ))?;
        let mut rows = select.query([serde_json::to_string(pks)?])?;
        let mut messages = Vec::with_capacity(pks.len());
        while let Some(row) = rows.next()? {
            messages.push(self.message(row)?);
        }
        Ok(messages)
    }

    /// Brings the files of a window's messages. One statement asks which have any: a statement for each
    /// message, and another for its receipts, was half of a window's time.
    pub(crate) fn add_media(&self, messages: &mut [MessageRow]) -> Result<(), Error> {
        let all: Vec<MessagePk> = messages.iter().map(|message| message.pk).collect();
        let mut select = self.conn.prepare_cached(
            "SELECT w.key FROM json_each(?1) AS w \
             WHERE EXISTS (SELECT 1 FROM media AS f WHERE f.message_pk = w.value)",
        )?;
        let mut rows = select.query([serde_json::to_string(&all)?])?;
        while let Some(row) = rows.next()? {
            let message = &mut messages[row.get::<_, u32>(0)? as usize];
            message.media = self.media(message.pk)?;
        }
        Ok(())
    }

    /// Brings the receipts of a window's messages.
    pub(crate) fn add_receipts(&mut self, messages: &mut [MessageRow]) -> Result<(), Error> {
        // Of others' messages one's own phone knows nothing.
        let own = messages.iter().map(|message| match message.from_me {
            true => message.pk.0,
            false => 0,
        });
        let own: Vec<i64> = own.collect();
        if own.iter().all(|pk| *pk == 0) {
            return Ok(());
        }
        let mut select = self.conn.prepare_cached(
            "SELECT w.key, r.address_pk, r.delivered_at, r.read_at, r.played_at \
             FROM json_each(?1) AS w CROSS JOIN receipts AS r ON r.message_pk = w.value \
             WHERE w.value <> 0 ORDER BY w.key, r.id",
        )?;
        let mut rows = select.query([serde_json::to_string(&own)?])?;
        while let Some(row) = rows.next()? {
            let person = self.people.of(row.get(1)?)?;
            messages[row.get::<_, u32>(0)? as usize]
                .receipts
                .push(ReceiptRow {
                    jid: person.jid.clone(),
                    name: person.name.clone(),
                    delivered_at: row.get(2)?,
                    read_at: row.get(3)?,
                    played_at: row.get(4)?,
                });
        }
        Ok(())
    }
}

/// A text's column without a copy; texts are never null here.
fn text<'r>(row: &'r rusqlite::Row<'_>, column: usize) -> Result<&'r str, Error> {
    let text = row.get_ref(column)?.as_str();
    Ok(text.map_err(rusqlite::Error::from)?)
}

fn edits(stored: &str) -> Result<Vec<MessageEdit>, Error> {
    if stored.is_empty() {
        return Ok(Vec::new());
    }
    Ok(serde_json::from_str(stored)?)
}
