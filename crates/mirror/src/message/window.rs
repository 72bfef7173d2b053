//! Windows of a chat, each a seek in the reading index and a walk along it.

use rusqlite::{Connection, OptionalExtension};
use threadkeep_protocol::Id;

use super::{
    Anchor, MessageKey, MessagePage, MessageQuery, MessageRow,
    read::{Extras, Reading, columns},
};
use crate::{ConversationPk, Error, MessagePk};

macro_rules! walk {
    ($place:literal, $order:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM messages AS m WHERE m.conversation_pk = ?1 AND ",
            $place,
            " ORDER BY ",
            $order,
            " LIMIT ?4"
        )
    };
}

/// A direction is two walks: the rest of the key's own moment, then all beyond. As one comparison of
/// `(timestamp, pk)` SQLite would seek to the moment only and step through it, and a broken clock can put a
/// whole chat into one moment.
pub(super) struct Direction {
    pub(super) moment: &'static str,
    pub(super) beyond: &'static str,
}

pub(super) const BEFORE: Direction = Direction {
    moment: walk!("m.timestamp = ?2 AND m.pk < ?3", "m.pk DESC"),
    beyond: walk!(
        "m.timestamp < ?2 AND ?3 = ?3",
        "m.timestamp DESC, m.pk DESC"
    ),
};

pub(super) const AFTER: Direction = Direction {
    moment: walk!("m.timestamp = ?2 AND m.pk > ?3", "m.pk"),
    beyond: walk!("m.timestamp > ?2 AND ?3 = ?3", "m.timestamp, m.pk"),
};

const START: MessageKey = MessageKey {
    timestamp: i64::MIN,
    pk: MessagePk(i64::MIN),
};

const END: MessageKey = MessageKey {
    timestamp: i64::MAX,
    pk: MessagePk(i64::MAX),
};

pub(super) fn page(
    conn: &Connection,
    chat: ConversationPk,
    query: MessageQuery,
) -> Result<MessagePage, Error> {
    let limit = match query.limit {
        0 => 50,
        limit => limit.min(1_000),
    };
    let mut window = Window {
        conn,
        chat,
        reading: Reading::new(conn, Extras::Later),
    };
    let mut messages = match query.anchor {
        Anchor::Newest => window.before(END, limit)?,
        Anchor::Oldest => window.after(START, limit)?,
        Anchor::Before(key) => window.before(key, limit)?,
        Anchor::After(key) => window.after(key, limit)?,
        Anchor::Around(pk) => window.around(pk, limit)?,
        Anchor::Date(at) => window.after(
            MessageKey {
                timestamp: at,
                pk: MessagePk(i64::MIN),
            },
            limit,
        )?,
    };
    window.reading.add_media(&mut messages)?;
    window.reading.add_receipts(&mut messages)?;
    let older = match messages.first() {
        Some(first) if window.has_before(first.key)? => Some(first.key),
        _ => None,
    };
    let newer = match messages.last() {
        Some(last) if window.has_after(last.key)? => Some(last.key),
        _ => None,
    };
    Ok(MessagePage {
        messages,
        older,
        newer,
    })
}

struct Window<'c> {
    conn: &'c Connection,
    chat: ConversationPk,
    reading: Reading<'c>,
}

impl Window<'_> {
    fn before(&mut self, key: MessageKey, limit: u32) -> Result<Vec<MessageRow>, Error> {
        let mut messages = self.both(&BEFORE, key, limit)?;
        messages.reverse();
        Ok(messages)
    }

    fn after(&mut self, key: MessageKey, limit: u32) -> Result<Vec<MessageRow>, Error> {
        self.both(&AFTER, key, limit)
    }

    fn both(
        &mut self,
        direction: &Direction,
        key: MessageKey,
        limit: u32,
    ) -> Result<Vec<MessageRow>, Error> {
        let mut messages = self.walk(direction.moment, key, limit)?;
        let left = limit.saturating_sub(u32::try_from(messages.len()).unwrap_or(u32::MAX));
        if left > 0 {
            messages.extend(self.walk(direction.beyond, key, left)?);
        }
        Ok(messages)
    }

    fn around(&mut self, pk: MessagePk, limit: u32) -> Result<Vec<MessageRow>, Error> {
        let timestamp = self
            .conn
            .prepare_cached(
                "SELECT timestamp FROM messages WHERE pk = ?1 AND conversation_pk = ?2",
            )?
            .query_row((pk, self.chat), |row| row.get(0))
            .optional()?;
        let Some(timestamp) = timestamp else {
            return Ok(Vec::new());
        };
        let mut messages = self.before(MessageKey { timestamp, pk }, limit / 2)?;
        // The place before the message itself.
        let from = MessageKey {
            timestamp,
            pk: MessagePk(pk.0 - 1),
        };
        messages.extend(self.after(from, limit - limit / 2)?);
        Ok(messages)
    }

    fn walk(&mut self, sql: &str, key: MessageKey, limit: u32) -> Result<Vec<MessageRow>, Error> {
        let mut select = self.conn.prepare_cached(sql)?;
        let mut rows = select.query((self.chat, key.timestamp, key.pk, limit))?;
        let mut messages = Vec::new();
        while let Some(row) = rows.next()? {
            messages.push(self.reading.message(row)?);
        }
        Ok(messages)
    }

    fn has_before(&self, key: MessageKey) -> Result<bool, Error> {
        self.has(
            "SELECT EXISTS (SELECT 1 FROM messages WHERE conversation_pk = ?1 \
                AND timestamp = ?2 AND pk < ?3) \
             OR EXISTS (SELECT 1 FROM messages WHERE conversation_pk = ?1 AND timestamp < ?2)",
            key,
        )
    }

    fn has_after(&self, key: MessageKey) -> Result<bool, Error> {
        self.has(
            "SELECT EXISTS (SELECT 1 FROM messages WHERE conversation_pk = ?1 \
                AND timestamp = ?2 AND pk > ?3) \
             OR EXISTS (SELECT 1 FROM messages WHERE conversation_pk = ?1 AND timestamp > ?2)",
            key,
        )
    }

    fn has(&self, sql: &str, key: MessageKey) -> Result<bool, Error> {
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row((self.chat, key.timestamp, key.pk), |row| row.get(0))?)
    }
}

pub(super) fn find(
    conn: &Connection,
    chat: ConversationPk,
    text: &str,
) -> Result<Option<MessagePk>, Error> {
    let by_key = if let Ok(pk) = text.parse::<i64>() {
        conn.prepare_cached("SELECT pk FROM messages WHERE pk = ?1 AND conversation_pk = ?2")?
            .query_row((pk, chat), |row| row.get(0))
            .optional()?
    } else if let Ok(id) = text.parse::<Id>() {
        conn.prepare_cached("SELECT pk FROM messages WHERE id = ?1 AND conversation_pk = ?2")?
            .query_row((id.as_bytes(), chat), |row| row.get(0))
            .optional()?
    } else {
        None
    };
    if by_key.is_some() {
        return Ok(by_key);
    }
    // No index on the bulk path serves this, so it walks the chat from its end, where what people quote
    // mostly lies.
    Ok(conn
        .prepare_cached(
            "SELECT pk FROM messages WHERE conversation_pk = ?1 AND external_id = ?2 \
             ORDER BY timestamp DESC, pk DESC LIMIT 1",
        )?
        .query_row((chat, text), |row| row.get(0))
        .optional()?)
}
