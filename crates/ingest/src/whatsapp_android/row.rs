//! A row of the messages of either generation, in one form.

use rusqlite::{Row as SqlRow, Rows, Statement};

use super::{
    address::{self, Addresses},
    beside::{Media, Place, Quoted},
    database::{Database, Query, blob, int, positive, real, text},
    files::path_in_java,
    kind::{REVOKED, SYSTEM},
};

/// The two generations of the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Generation {
    /// `messages`: everything in one table, addresses written out.
    Old,
    /// `message`: addresses as rows of `jid`, all that is special in tables beside it.
    New,
}

/// A message, as far as its own row tells of it.
#[derive(Default)]
pub(super) struct Row {
    pub(super) id: i64,
    /// The chat that it is filed under.
    pub(super) chat: String,
    pub(super) key_id: String,
    pub(super) is_from_me: bool,
    pub(super) sender: Option<String>,
    pub(super) status: Option<i64>,
    /// In milliseconds.
    pub(super) at: Option<i64>,
    pub(super) kind: i64,
    pub(super) origin: i64,
    pub(super) text: Option<String>,
    pub(super) is_starred: bool,
    pub(super) is_forwarded: bool,
    pub(super) media: Option<Media>,
    pub(super) place: Option<Place>,
    pub(super) quoted: Option<Quoted>,
    pub(super) mentions: Vec<String>,
    pub(super) action: Option<i64>,
}

impl Generation {
    pub(super) const fn table(self) -> &'static str {
        match self {
            Self::Old => "messages",
            Self::New => "message",
        }
    }

    /// The statement over all messages, in the order of their rows; `None` where the database has none of them.
    pub(super) fn prepare(self, database: &Database) -> rusqlite::Result<Option<Statement<'_>>> {
        match self {
            Self::New => database.prepare(&Query {
                from: ("m", "message"),
                joins: &[],
                columns: &[
                    "m._id",
                    "m.chat_row_id",
                    "m.key_id",
                    "m.from_me",
                    "m.sender_jid_row_id",
                    "m.status",
                    "m.timestamp",
                    "m.message_type",
                    "m.origin",
                    "m.text_data",
                    "m.starred",
                    "m.origination_flags",
                ],
                needs: &["m._id", "m.chat_row_id", "m.key_id"],
                rest: "ORDER BY m._id",
            }),
            Self::Old => {
                // A phone that was moving its messages over has some in both: the new row knows more.
                let is_moving = database.has("message", "_id") && database.has("message", "key_id");
                database.prepare(&Query {
                    from: ("m", "messages"),
                    joins: &[("q", "messages_quotes", "_id", "m.quoted_row_id")],
                    columns: &[
                        "m._id", "m.key_remote_jid", "m.key_id", "m.key_from_me", "m.remote_resource", "m.status",
                        "m.timestamp", "m.media_wa_type", "m.origin", "m.data", "m.starred", "m.forwarded",
                        "m.media_url", "m.media_mime_type", "m.media_size", "m.media_name", "m.media_caption",
                        "m.media_hash", "m.media_duration", "m.latitude", "m.longitude", "m.thumb_image",
                        "m.media_enc_hash", "m.mentioned_jids", "m.edit_version", "q.key_id", "q.data",
                        "q.media_caption",
                    ],
                    needs: &["m._id", "m.key_remote_jid", "m.key_id"],
                    rest: if is_moving {
                        "WHERE NOT EXISTS (SELECT 1 FROM message AS n WHERE n._id = m._id AND n.key_id = m.key_id) \
                         ORDER BY m._id"
                    } else {
                        "ORDER BY m._id"
                    },
                })
            }
        }
    }

    /// The next message; the outer `None` is the end, the inner one a row that is no message.
    #[allow(clippy::option_option, reason = "an end and a gap are two things")]
    pub(super) fn next(
        self,
        rows: &mut Rows<'_>,
        addresses: &mut Addresses<'_>,
    ) -> rusqlite::Result<Option<Result<Row, Gap>>> {
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let id = int(row, 0).unwrap_or_default();
        let (Some(key_id), true) = (text(row, 2), int(row, 0).is_some()) else {
            return Ok(Some(Err(Gap {
                id,
                reason: Some("it has no id"),
            })));
        };
        // The first row of a table holds a place.
        if key_id == "-1" {
            return Ok(Some(Err(Gap { id, reason: None })));
        }
        let chat = match self {
            Self::New => match int(row, 1) {
                Some(chat) => addresses.chat(chat)?.map(|chat| chat.to_string()),
                None => None,
            },
            Self::Old => text(row, 1).map(|chat| addresses.written(&chat)),
        };
        let Some(chat) = chat.filter(|chat| chat.contains('@')) else {
            return Ok(Some(Err(Gap {
                id,
                reason: Some("its chat is not there"),
            })));
        };
        let is_from_me = int(row, 3) == Some(1);
        let sender = if is_from_me {
            None
        } else if address::has_many_senders(&chat) {
            match self {
                Self::New => match positive(row, 4) {
                    Some(sender) => addresses.of(sender)?,
                    None => None,
                },
                Self::Old => text(row, 4).map(|sender| addresses.written(&sender)),
            }
        } else {
            Some(chat.clone())
        };
        let read = Row {
            id,
            key_id,
            is_from_me,
            chat: address::conversation(&chat, is_from_me, sender.as_deref()),
            sender,
            status: int(row, 5),
            at: int(row, 6),
            kind: int(row, 7).unwrap_or_default(),
            origin: int(row, 8).unwrap_or_default(),
            text: text(row, 9),
            is_starred: int(row, 10) == Some(1),
            is_forwarded: int(row, 11).is_some_and(|flags| flags & 1 == 1),
            ..Row::default()
        };
        Ok(Some(Ok(match self {
            Self::New => read,
            Self::Old => old(read, row),
        })))
    }
}

/// A row that is no message, and why; a place holder has no reason.
pub(super) struct Gap {
    pub(super) id: i64,
    pub(super) reason: Option<&'static str>,
}

/// What the old table has in its own columns.
fn old(mut read: Row, row: &SqlRow<'_>) -> Row {
    let size = positive(row, 14);
    if read.kind == 0 && read.status == Some(6) {
        read.kind = SYSTEM;
        read.action = size;
    }
    if int(row, 24) == Some(7) {
        read.kind = REVOKED;
    }
    let (latitude, longitude) = (real(row, 19), real(row, 20));
    let is_somewhere = [latitude, longitude]
        .iter()
        .any(|part| part.is_some_and(|part| part != 0.0));
    let name = text(row, 15);
    if is_somewhere {
        let mut lines = name.as_deref().unwrap_or_default().splitn(2, '\n');
        let line = |line: Option<&str>| line.filter(|line| !line.is_empty()).map(str::to_owned);
        read.place = Some(Place {
            latitude,
            longitude,
            name: line(lines.next()),
            address: line(lines.next()),
        });
    }
    read.media = Some(Media {
        path: blob(row, 21).and_then(|java| path_in_java(&java)),
        mime: text(row, 13),
        name,
        bytes: size,
        hash: text(row, 17),
        encrypted_hash: text(row, 22),
        seconds: positive(row, 18),
        url: text(row, 12),
        caption: text(row, 16),
        ..Media::default()
    });
    if let Some(key_id) = text(row, 25) {
        read.quoted = Some(Quoted {
            key_id: Some(key_id),
            text: text(row, 26).or_else(|| text(row, 27)),
        });
    }
    let mentions = text(row, 23).unwrap_or_default();
    let mentions = mentions.split([',', ' ']).filter(|jid| jid.contains('@'));
    read.mentions = mentions.map(address::bare).collect();
    read
}
