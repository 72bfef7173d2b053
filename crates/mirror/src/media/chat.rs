//! The files of a chat, along its time.

use crate::{
    ConversationPk, Error, MessagePk, MessageRow, Mirror,
    message::read::{Extras, Reading, columns},
};

/// Which way to look through a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// Toward its beginning.
    Older,
    /// Toward its end.
    Newer,
}

impl Mirror {
    /// The next message of a chat that has a picture or a film, from a message on.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn picture_beside(
        &self,
        chat: ConversationPk,
        from: MessagePk,
        beside: Beside,
    ) -> Result<Option<MessageRow>, Error> {
        self.read(move |conn| {
            let (comparison, order) = match beside {
                Beside::Older => ("<", "DESC"),
                Beside::Newer => (">", "ASC"),
            };
            let sql = format!(
                "SELECT {} FROM messages AS m \
                 WHERE m.conversation_pk = ?1 AND m.flags & 8 = 0 AND (m.timestamp, m.pk) {comparison} \
                    (SELECT timestamp, pk FROM messages WHERE pk = ?2) \
                    AND EXISTS (SELECT 1 FROM media AS d WHERE d.message_pk = m.pk \
                        AND d.media_type IN ('image', 'video')) \
                 ORDER BY m.timestamp {order}, m.pk {order} LIMIT 1",
                columns!()
            );
            let mut select = conn.prepare_cached(&sql)?;
            let mut rows = select.query((chat, from))?;
            let Some(row) = rows.next()? else {
                return Ok(None);
            };
            Reading::new(conn, Extras::Media).message(row).map(Some)
        })
        .await
    }

    /// The files of a chat, newest first.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn chat_media(
        &self,
        chat: ConversationPk,
        limit: u32,
    ) -> Result<Vec<MessageRow>, Error> {
        self.read(move |conn| {
            let sql = format!(
                "SELECT {} FROM messages AS m \
                 WHERE m.conversation_pk = ?1 AND m.flags & 8 = 0 \
                    AND EXISTS (SELECT 1 FROM media AS d WHERE d.message_pk = m.pk) \
                 ORDER BY m.timestamp DESC, m.pk DESC LIMIT ?2",
                columns!()
            );
            let mut select = conn.prepare_cached(&sql)?;
            let mut rows = select.query((chat, limit))?;
            let mut reading = Reading::new(conn, Extras::Media);
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(reading.message(row)?);
            }
            Ok(found)
        })
        .await
    }
}
