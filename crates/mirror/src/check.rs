//! Whether the file is sound by itself: its pages, and what its rows say of one another.

use rusqlite::Connection;
use serde::Serialize;
use threadkeep_protocol::Stream;

use crate::{Error, Mirror};

/// More faults than these are not worth reading.
const MAX_FAULTS: u32 = 100;

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind of thing.
    pub kind: FindingKind,
    /// Which table, or what SQLite says.
    pub what: String,
    /// How many rows.
    pub count: u64,
}

/// What kind of thing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Pages of the file do not fit together.
    Damage,
    /// Rows hang on something that is gone.
    Orphans,
    /// A counter does not say what is there.
    Counter,
}

impl FindingKind {
    /// A stable name for a program.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Damage => "damage",
            Self::Orphans => "orphans",
            Self::Counter => "counter",
        }
    }
}

impl Mirror {
    /// Looks for damage. A full look reads everything and compares indices with their tables; a quick
    /// one is about five times as fast. Nothing is changed.
    ///
    /// # Errors
    /// When the mirror cannot be read for another reason than damage.
    pub async fn check(&self, full: bool) -> Result<Vec<Finding>, Error> {
        self.read(move |conn| {
            let mut findings = damage(conn, full)?;
            match books(conn) {
                Ok(found) => findings.extend(found),
                // What is damaged may not be readable to the end.
                Err(Error::Damaged(error)) if findings.is_empty() => findings.push(Finding {
                    kind: FindingKind::Damage,
                    what: error.to_string(),
                    count: 1,
                }),
                Err(Error::Damaged(_)) => {}
                Err(error) => return Err(error),
            }
            Ok(findings)
        })
        .await
    }
}

fn damage(conn: &Connection, full: bool) -> Result<Vec<Finding>, Error> {
    let pragma = if full {
        "integrity_check"
    } else {
        "quick_check"
    };
    let said = conn
        .prepare(&format!("PRAGMA {pragma}({MAX_FAULTS})"))
        .and_then(|mut check| {
            check
                .query_map([], |row| row.get::<_, String>(0))?
                .collect::<Result<Vec<_>, _>>()
        });
    let said = match said.map_err(Error::from) {
        Ok(said) => said,
        Err(Error::Damaged(error)) => vec![error.to_string()],
        Err(error) => return Err(error),
    };
    let faults = said.into_iter().filter(|words| words != "ok");
    Ok(faults
        .map(|what| Finding {
            kind: FindingKind::Damage,
            what,
            count: 1,
        })
        .collect())
}

/// What rows hang on, by the table of the rows and a name for it; the query counts those that hang on
/// nothing.
const HANGING: [(&str, &str); 8] = [
    (
        "messages without a chat",
        "SELECT count(*) FROM messages AS t \
         WHERE NOT EXISTS (SELECT 1 FROM conversations AS c WHERE c.pk = t.conversation_pk)",
    ),
    (
        "messages without their sender",
        "SELECT count(*) FROM messages AS t WHERE t.sender_pk <> 0 \
         AND NOT EXISTS (SELECT 1 FROM addresses AS a WHERE a.pk = t.sender_pk)",
    ),
    (
        "participants without a chat",
        "SELECT count(*) FROM participants AS t \
         WHERE NOT EXISTS (SELECT 1 FROM conversations AS c WHERE c.pk = t.conversation_pk)",
    ),
    (
        "participants without an address",
        "SELECT count(*) FROM participants AS t \
         WHERE NOT EXISTS (SELECT 1 FROM addresses AS a WHERE a.pk = t.address_pk)",
    ),
    (
        "contacts without an address",
        "SELECT count(*) FROM contacts AS t \
         WHERE NOT EXISTS (SELECT 1 FROM addresses AS a WHERE a.pk = t.address_pk)",
    ),
    (
        "files without a message",
        "SELECT count(*) FROM media AS t WHERE t.message_id = zeroblob(16) OR t.message_pk <> 0 \
         AND NOT EXISTS (SELECT 1 FROM messages AS m WHERE m.pk = t.message_pk)",
    ),
    (
        "receipts without a message",
        "SELECT count(*) FROM receipts AS t WHERE t.message_id = zeroblob(16) OR t.message_pk <> 0 \
         AND NOT EXISTS (SELECT 1 FROM messages AS m WHERE m.pk = t.message_pk)",
    ),
    (
        "receipts without an address",
        "SELECT count(*) FROM receipts AS t \
         WHERE NOT EXISTS (SELECT 1 FROM addresses AS a WHERE a.pk = t.address_pk)",
    ),
];

fn books(conn: &Connection) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    let mut note = |kind, what: &str, sql: &str| -> Result<(), Error> {
        let count: i64 = conn.query_row(sql, [], |row| row.get(0))?;
        if count != 0 {
            findings.push(Finding {
                kind,
                what: what.to_owned(),
                count: count.unsigned_abs(),
            });
        }
        Ok(())
    };
    for (what, sql) in HANGING {
        note(FindingKind::Orphans, what, sql)?;
    }
    note(
        FindingKind::Counter,
        "chats that miscount their messages",
        "SELECT count(*) FROM conversations AS c WHERE c.message_count <> \
            (SELECT count(*) FROM messages AS m WHERE m.conversation_pk = c.pk)",
    )?;
    note(
        FindingKind::Counter,
        "accounts that miscount what is unread",
        "SELECT count(*) FROM integrations AS i WHERE i.removing = 0 AND i.unread <> \
            (SELECT coalesce(sum(c.unread_shown), 0) FROM conversations AS c \
             WHERE c.integration_pk = i.pk)",
    )?;
    for stream in Stream::ALL {
        note(
            FindingKind::Counter,
            &format!("accounts that miscount their {stream}"),
            &format!(
                "SELECT count(*) FROM sync_state AS s JOIN integrations AS i ON i.pk = s.integration_pk \
                 WHERE i.removing = 0 AND s.stream = '{stream}' AND s.row_count <> \
                    (SELECT count(*) FROM {stream} AS t \
                     WHERE t.integration_pk = s.integration_pk AND t.seq >= 0)"
            ),
        )?;
    }
    Ok(findings)
}
