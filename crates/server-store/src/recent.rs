//! The messages of one conversation, newest first.

use std::{fmt, str::FromStr};

use rusqlite::{Connection, OptionalExtension};
use threadkeep_protocol::{Id, IntegrationId, Message, Recent};

use crate::{
    error::StoreError,
    page::Context,
    row::{NEWEST_FIRST, sealed::FromColumns},
    store::{Store, read_epoch},
};

/// An answer ends early when its texts outgrow this; a single message is always sent.
const RECENT_BYTES: usize = 4 * 1024 * 1024;

/// A place in a conversation, for what lies before it. Clients get it as an opaque text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Before {
    millis: i64,
    /// Orders the messages of one moment.
    pk: i64,
}

impl Before {
    /// Behind all messages.
    pub const END: Self = Self {
        millis: i64::MAX,
        pk: i64::MAX,
    };
}

impl fmt::Display for Before {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.millis, self.pk)
    }
}

/// The text is no place in a conversation.
#[derive(Debug, thiserror::Error)]
#[error("this is no place in a conversation")]
pub struct NoPlace;

impl FromStr for Before {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let (millis, pk) = text.split_once('.').ok_or(NoPlace)?;
        Ok(Self {
            millis: millis.parse().map_err(|_| NoPlace)?,
            pk: pk.parse().map_err(|_| NoPlace)?,
        })
    }
}

impl Store {
    /// The messages of a conversation before a place, newest first, in one snapshot. `None` where the
    /// integration has no such conversation.
    ///
    /// # Errors
    /// When the integration is unknown or the file cannot be read.
    pub async fn recent(
        &self,
        integration: IntegrationId,
        conversation: Id,
        before: Before,
        limit: u32,
    ) -> Result<Option<Recent>, StoreError> {
        self.read(move |conn| {
            let mut context = Context::new(conn, integration)?;
            let Some(chat) = conversation_pk(conn, integration, conversation)? else {
                return Ok(None);
            };
            let (messages, next) = newest(conn, &mut context, chat, before, limit)?;
            Ok(Some(Recent {
                messages,
                next_before: next.map(|next| next.to_string()),
                epoch: read_epoch(conn)?,
            }))
        })
        .await
    }
}

fn conversation_pk(
    conn: &Connection,
    integration: IntegrationId,
    id: Id,
) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached("SELECT pk FROM conversations WHERE id = ?1 AND integration_id = ?2")?
        .query_row((id.as_bytes(), integration), |row| row.get(0))
        .optional()
}

/// The messages, and the place of the last one where older ones follow.
fn newest(
    conn: &Connection,
    context: &mut Context<'_>,
    chat: i64,
    before: Before,
    limit: u32,
) -> Result<(Vec<Message>, Option<Before>), StoreError> {
    let mut select = conn.prepare_cached(NEWEST_FIRST)?;
    let mut found = select.query((chat, before.millis, before.pk, i64::from(limit) + 1))?;
    let (mut messages, mut bytes, mut last) = (Vec::<Message>::new(), 0, None);
    while let Some(row) = found.next()? {
        if messages.len() == limit as usize || bytes >= RECENT_BYTES {
            return Ok((messages, last));
        }
        let message = Message::read(row, context)?;
        bytes += message.weight();
        last = Some(Before {
            millis: message.timestamp.millis(),
            pk: row.get("pk")?,
        });
        messages.push(message);
    }
    Ok((messages, None))
}
