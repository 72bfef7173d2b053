//! Reading chats in the order of the list, along its index.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};
use threadkeep_protocol::{ConversationKind, preview};

use super::{ChatCursor, ChatFilter, ChatName, ChatQuery, ChatRow};
use crate::{
    AddressPk, ConversationPk, Error, IntegrationPk,
    people::{Names, People, can_be_seen, names},
    row::{self, bytes_id, conversation_flag, message_flag},
};

/// Whether the selection has a chat here: by its own rule, else by the account's.
macro_rules! kept {
    () => {
        "coalesce((SELECT s.included FROM selections AS s WHERE s.integration_pk = c.integration_pk \
            AND s.conversation_pk IN (c.pk, 0) ORDER BY s.conversation_pk DESC LIMIT 1), 1)"
    };
}

/// What is unread of a chat, as it is shown.
macro_rules! unread {
    () => {
        "iif(c.unread_count < 0 AND c.read_here < max(c.last_at, 1), -1, c.unread_shown)"
    };
}

/// In the order of the list. The index is named, so that no planner ever sorts ten thousand chats.
pub(super) const LIST: &str = concat!(
    "SELECT c.pk, c.name, ",
    names!(),
    " FROM conversations AS c INDEXED BY conversations_list \
      CROSS JOIN integrations AS i ON i.pk = c.integration_pk \
      LEFT JOIN addresses AS a ON a.pk = c.address_pk \
      LEFT JOIN contacts AS k ON k.pk = a.contact_pk \
      LEFT JOIN addresses AS ka ON ka.pk = k.address_pk \
      WHERE c.hidden = 0 AND i.removing = 0 AND (c.top, c.last_at, c.pk) < (?1, ?2, ?3) \
        AND (?4 = 0 OR c.integration_pk = ?4) \
        AND CASE ?5 WHEN 1 THEN c.away = 0 AND ",
    unread!(),
    " <> 0 AND ",
    kept!(),
    " WHEN 2 THEN c.away = 0 AND c.kind = ?6 \
            WHEN 3 THEN c.away = 1 WHEN 4 THEN c.away = 0 ELSE TRUE END \
      ORDER BY c.top DESC, c.last_at DESC, c.pk DESC"
);

const FIRST: &str = "SELECT c.pk FROM conversations AS c INDEXED BY conversations_list \
     WHERE c.hidden = 0 ORDER BY c.top DESC, c.last_at DESC, c.pk DESC LIMIT ?1";

const CHAT: &str = concat!(
    "SELECT c.pk, c.name, ",
    names!(),
    ", c.id, c.integration_pk, c.kind, c.description, c.message_count, c.total_message_count, \
       ",
    unread!(),
    ", c.last_at, c.last_message_at, c.last_message_preview, c.top, c.flags, \
       c.mute_until, m.timestamp, m.content, m.kind, m.flags, m.sender_pk, \
       (SELECT count(*) FROM participants AS p WHERE p.conversation_pk = c.pk AND p.left_at = 0), \
       c.oldest_message_at, c.gaps, c.away, c.muted_here, ",
    kept!(),
    " FROM conversations AS c \
      JOIN integrations AS i ON i.pk = c.integration_pk \
      LEFT JOIN addresses AS a ON a.pk = c.address_pk \
      LEFT JOIN contacts AS k ON k.pk = a.contact_pk \
      LEFT JOIN addresses AS ka ON ka.pk = k.address_pk \
      LEFT JOIN messages AS m ON m.pk = c.last_message_pk \
      WHERE c.pk = ?1 AND i.removing = 0"
);

/// Without the last message and the members, who may be a thousand.
const NAMED: &str = concat!(
    "SELECT c.pk, c.name, ",
    names!(),
    ", c.integration_pk FROM json_each(?1) AS w CROSS JOIN conversations AS c ON c.pk = w.value \
      CROSS JOIN integrations AS i ON i.pk = c.integration_pk \
      LEFT JOIN addresses AS a ON a.pk = c.address_pk \
      LEFT JOIN contacts AS k ON k.pk = a.contact_pk \
      LEFT JOIN addresses AS ka ON ka.pk = k.address_pk \
      WHERE i.removing = 0"
);

/// What a chat is called by.
pub(crate) struct Called {
    pub(crate) pk: ConversationPk,
    own_name: String,
    names: Names,
}

impl Called {
    /// From the columns that `LIST` and `CHAT` begin with.
    fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            pk: row.get(0)?,
            own_name: row.get(1)?,
            names: Names::from_row(row, 2)?,
        })
    }

    pub(crate) fn name(&self) -> String {
        if can_be_seen(&self.own_name) {
            self.own_name.clone()
        } else {
            self.names.name()
        }
    }

    /// Whether name, number or address holds `needle`, which is in lower case.
    fn holds(&self, needle: &str) -> bool {
        let phone = self.names.phone().unwrap_or_default();
        [&self.name(), &self.names.jid, &self.names.push_name, &phone]
            .into_iter()
            .any(|text| text.to_lowercase().contains(needle))
    }

    /// Whether it is exactly that number.
    pub(crate) fn is_phone(&self, text: &str) -> bool {
        self.names.phone().is_some_and(|phone| phone == text)
    }
}

pub(super) fn chats(conn: &Connection, query: &ChatQuery) -> Result<Vec<ChatRow>, Error> {
    let limit = if query.limit == 0 {
        50
    } else {
        query.limit as usize
    };
    let needle = query.text.as_deref().map(|text| text.trim().to_lowercase());
    let mut pks = Vec::new();
    walk(conn, query, |called| {
        if needle.as_deref().is_none_or(|needle| called.holds(needle)) {
            pks.push(called.pk);
        }
        pks.len() < limit
    })?;
    let mut people = People::new(conn);
    pks.into_iter()
        .filter_map(|pk| chat(conn, &mut people, pk).transpose())
        .collect()
}

/// Gives chats in order, until `visit` has enough.
pub(super) fn walk(
    conn: &Connection,
    query: &ChatQuery,
    mut visit: impl FnMut(&Called) -> bool,
) -> Result<(), Error> {
    let after = query.after.map_or((i64::MAX, i64::MAX, i64::MAX), |after| {
        let ChatCursor {
            pinned,
            last_at,
            pk,
        } = after;
        (i64::from(pinned), last_at, pk.0)
    });
    let filter = match query.filter {
        ChatFilter::All => 0,
        ChatFilter::Unread => 1,
        ChatFilter::Groups => 2,
        ChatFilter::Archived => 3,
        ChatFilter::Inbox => 4,
    };
    let mut select = conn.prepare_cached(LIST)?;
    let mut rows = select.query((
        after.0,
        after.1,
        after.2,
        query.integration.unwrap_or(IntegrationPk(0)),
        filter,
        row::conversation_kind_code(ConversationKind::Group),
    ))?;
    while let Some(row) = rows.next()? {
        if !visit(&Called::from_row(row)?) {
            break;
        }
    }
    Ok(())
}

/// The chats with which the list begins, put away or not: from its index alone.
pub(super) fn first(conn: &Connection, limit: u32) -> Result<Vec<ConversationPk>, Error> {
    let mut select = conn.prepare_cached(FIRST)?;
    let rows = select.query_map([limit], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn archived(
    conn: &Connection,
    integration: Option<IntegrationPk>,
) -> Result<u32, Error> {
    Ok(conn
        .prepare_cached(
            "SELECT count(*) FROM conversations AS c \
             JOIN integrations AS i ON i.pk = c.integration_pk \
             WHERE c.hidden = 0 AND c.away = 1 AND i.removing = 0 \
                AND (?1 = 0 OR c.integration_pk = ?1)",
        )?
        .query_row([integration.unwrap_or(IntegrationPk(0))], |row| row.get(0))?)
}

/// What some chats are called; those of an account that is being removed are not among them.
pub(crate) fn named(
    conn: &Connection,
    pks: &[ConversationPk],
) -> Result<HashMap<ConversationPk, ChatName>, Error> {
    let mut select = conn.prepare_cached(NAMED)?;
    let rows = select.query_map([serde_json::to_string(pks)?], |row| {
        let called = Called::from_row(row)?;
        Ok(ChatName {
            pk: called.pk,
            integration: row.get(8)?,
            name: called.name(),
            jid: called.names.jid,
        })
    })?;
    rows.map(|row| row.map(|chat| (chat.pk, chat)).map_err(Error::from))
        .collect()
}

pub(crate) fn chat(
    conn: &Connection,
    people: &mut People<'_>,
    pk: ConversationPk,
) -> Result<Option<ChatRow>, Error> {
    let read = conn
        .prepare_cached(CHAT)?
        .query_row([pk], |row| {
            Ok((chat_row(row)?, row.get::<_, Option<AddressPk>>(25)?))
        })
        .optional()?;
    let Some((mut chat, sender)) = read else {
        return Ok(None);
    };
    // Only in a group is it a question who said it; a channel speaks for itself.
    if chat.kind == ConversationKind::Group
        && chat.last_kind.is_some()
        && let Some(sender) = sender
    {
        chat.last_sender.clone_from(&people.of(sender)?.name);
    }
    Ok(Some(chat))
}

fn chat_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<ChatRow> {
    let called = Called::from_row(row)?;
    let flags: i64 = row.get(19)?;
    let muted_here: i64 = row.get(30)?;
    let (server_at, server_preview): (i64, String) = (row.get(16)?, row.get(17)?);
    // The mirror may have a later message than the server spoke of, or not yet the one it spoke of.
    let message_at: Option<i64> = row.get(21)?;
    let is_last = message_at.is_some_and(|at| server_at == 0 || at >= server_at);
    let is_later = is_last && message_at != Some(server_at);
    let message_flags = if is_last { row.get(24)? } else { 0 };
    let is_deleted = message_flags & message_flag::DELETED != 0;
    let preview = match () {
        () if is_deleted => String::new(),
        () if is_later || (is_last && server_preview.is_empty()) => {
            preview(&row.get::<_, String>(22)?)
        }
        () => server_preview,
    };
    Ok(ChatRow {
        pk: called.pk,
        name: called.name(),
        jid: called.names.jid,
        id: bytes_id(row.get(8)?),
        integration: row.get(9)?,
        kind: row::conversation_kind(row.get(10)?),
        description: row.get(11)?,
        messages: row::unsigned(row.get(12)?),
        total_messages: row.get(13)?,
        unread: row.get(14)?,
        last_message_at: row.get(15)?,
        preview,
        last_kind: if is_last {
            Some(row::kind(row.get(23)?))
        } else {
            None
        },
        last_sender: String::new(),
        last_from_me: message_flags & message_flag::FROM_ME != 0,
        last_deleted: is_deleted,
        pinned: row.get(18)?,
        muted: match muted_here {
            0 => flags & conversation_flag::MUTED != 0,
            chosen => chosen == 1,
        },
        // Here it is for ever.
        mute_until: if muted_here == 0 { row.get(20)? } else { 0 },
        archived: row.get(29)?,
        deleted: flags & conversation_flag::DELETED != 0,
        history_complete: flags & conversation_flag::HISTORY_COMPLETE != 0,
        participants: row.get(26)?,
        oldest_message_at: row.get(27)?,
        gaps: gaps(row.get_ref(28)?.as_str()?),
        kept: row.get(31)?,
    })
}

/// What cannot be read back is no gap that could be shown.
fn gaps(text: &str) -> Vec<(i64, i64)> {
    serde_json::from_str(text).unwrap_or_default()
}
