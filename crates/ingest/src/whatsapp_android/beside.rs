//! The tables that hang on the messages of both generations, by the message's row.

use base64::{Engine, engine::general_purpose::STANDARD};
use rusqlite::{Row, Statement};

use super::{
    database::{Database, Query, blob, int, positive, real, text},
    side::Side,
};

/// The longest thumbnail that is kept, in base64 characters.
const MAX_THUMBNAIL: usize = 8 * 1024;

/// Declares a table a line: its name here, what a row of it is, how to ask for it and how to read it.
macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident: $row:ty = $query:expr, $read:expr;)*) => {
        /// The statements that the tables are read by.
        pub(super) struct Statements<'c> {
            $($name: Option<Statement<'c>>,)*
            words: Vec<(&'static str, Option<Statement<'c>>)>,
        }

        /// The tables, each read as far as the messages.
        pub(super) struct Beside<'s> {
            $($(#[$doc])* pub(super) $name: Side<'s, $row>,)*
            /// Texts of things that people or businesses composed, by their table.
            pub(super) words: Vec<(&'static str, Side<'s, String>)>,
        }

        impl<'c> Statements<'c> {
            pub(super) fn prepare(database: &'c Database) -> rusqlite::Result<Self> {
                Ok(Self {
                    $($name: database.prepare(&$query)?,)*
                    words: words(database)?,
                })
            }

            pub(super) fn open(&mut self) -> rusqlite::Result<Beside<'_>> {
                let words = self.words.iter_mut();
                Ok(Beside {
                    $($name: Side::open(self.$name.as_mut(), $read)?,)*
                    words: words
                        .map(|(name, statement)| Ok((*name, Side::open(statement.as_mut(), joined)?)))
                        .collect::<rusqlite::Result<_>>()?,
                })
            }
        }
    };
}

/// A table whose first column is the message's row.
const fn table<'a>(name: &'a str, columns: &'a [&'a str]) -> Query<'a> {
    Query {
        from: ("t", name),
        joins: &[],
        columns,
        needs: &["t.message_row_id"],
        rest: "ORDER BY t.message_row_id",
    }
}

tables! {
    media: Media = table("message_media", &[
        "t.message_row_id", "t.file_path", "t.mime_type", "t.media_name", "t.file_length", "t.file_size",
        "t.file_hash", "t.enc_file_hash", "t.width", "t.height", "t.media_duration", "t.media_key",
        "t.media_key_timestamp", "t.direct_path", "t.message_url", "t.media_caption",
    ]), Media::read;
    thumbnail: Option<String> =
        table("message_thumbnail", &["t.message_row_id", "t.thumbnail"]), |row| thumbnail(row, 1);
    quoted: Quoted = Query {
        joins: &[("m", "message_quoted_media", "message_row_id", "t.message_row_id")],
        ..table("message_quoted", &["t.message_row_id", "t.key_id", "t.text_data", "m.media_caption"])
    }, |row| Quoted { key_id: text(row, 1), text: text(row, 2).or_else(|| text(row, 3)) };
    place: Place = table("message_location", &[
        "t.message_row_id", "t.latitude", "t.longitude", "t.place_name", "t.place_address",
    ]), |row| Place {
        latitude: real(row, 1), longitude: real(row, 2), name: text(row, 3), address: text(row, 4),
    };
    forwarded: Option<i64> =
        table("message_forwarded", &["t.message_row_id", "t.forward_score"]), |row| positive(row, 1);
    edit: EditInfo = table("message_edit_info", &[
        "t.message_row_id", "t.original_key_id", "t.sender_timestamp", "t.edited_timestamp",
    ]), |row| EditInfo { key_id: text(row, 1), at: positive(row, 2).or_else(|| positive(row, 3)) };
    revoked: RevokedInfo = table("message_revoked", &[
        "t.message_row_id", "t.revoked_key_id", "t.revoke_timestamp",
    ]), |row| RevokedInfo { key_id: text(row, 1), at: positive(row, 2) };
    mentions: Option<i64> =
        table("message_mentions", &["t.message_row_id", "t.jid_row_id"]), |row| int(row, 1);
    cards: Option<String> = table("message_vcard", &["t.message_row_id", "t.vcard"]), |row| text(row, 1);
    old_cards: Option<String> =
        table("messages_vcards", &["t.message_row_id", "t.vcard"]), |row| text(row, 1);
    poll: Option<i64> = table("message_poll", &["t.message_row_id", "t.selectable_options_count"]),
        |row| int(row, 1).filter(|count| *count >= 0);
    options: (String, i64) = Query {
        needs: &["t.message_row_id", "t._id"],
        rest: "ORDER BY t.message_row_id, t._id",
        ..table("message_poll_option", &["t.message_row_id", "t.option_name", "t.vote_total"])
    }, |row| (text(row, 1).unwrap_or_default(), positive(row, 2).unwrap_or_default());
    receipts: Receipt = table("receipt_user", &[
        "t.message_row_id", "t.receipt_user_jid_row_id", "t.receipt_timestamp", "t.read_timestamp",
        "t.played_timestamp",
    ]), |row| Receipt {
        person: int(row, 1), delivered: positive(row, 2), read: positive(row, 3), played: positive(row, 4),
    };
    reactions: Reaction = Query {
        from: ("a", "message_add_on"),
        joins: &[("r", "message_add_on_reaction", "message_add_on_row_id", "a._id")],
        columns: &[
            "a.parent_message_row_id", "r.reaction", "r.sender_timestamp", "a.from_me", "a.sender_jid_row_id",
        ],
        needs: &["a.parent_message_row_id", "a._id", "r.reaction"],
        rest: "WHERE r.reaction <> '' ORDER BY a.parent_message_row_id, a._id",
    }, |row| Reaction {
        emoji: text(row, 1).unwrap_or_default(), at: positive(row, 2), is_from_me: int(row, 3) == Some(1),
        person: positive(row, 4),
    };
    action: Option<i64> = table("message_system", &["t.message_row_id", "t.action_type"]), |row| int(row, 1);
    people: Option<i64> = table("message_system_chat_participant", &[
        "t.message_row_id", "t.user_jid_row_id",
    ]), |row| positive(row, 1);
    number: Option<i64> = table("message_system_number_change", &[
        "t.message_row_id", "t.new_jid_row_id",
    ]), |row| positive(row, 1);
    missed: bool = table("missed_call_logs", &["t.message_row_id", "t.video_call"]), |row| int(row, 1) == Some(1);
    call: Call = Query {
        joins: &[("c", "call_log", "_id", "t.call_log_row_id")],
        needs: &["t.message_row_id", "c._id"],
        ..table("message_call_log", &[
            "t.message_row_id", "c.video_call", "c.duration", "c.call_result", "c.from_me",
        ])
    }, |row| Call::read(row, 1);
}

/// The tables of composed messages, with the columns that make up their words.
const WORDS: [(&str, &[&str]); 8] = [
    (
        "message_template",
        &["t.message_row_id", "t.content_text_data"],
    ),
    (
        "message_group_invite",
        &["t.message_row_id", "t.group_name"],
    ),
    ("message_event", &["t.message_row_id", "t.name"]),
    (
        "message_product",
        &["t.message_row_id", "t.title", "t.description"],
    ),
    (
        "message_order",
        &["t.message_row_id", "t.order_title", "t.message"],
    ),
    ("message_invoice", &["t.message_row_id", "t.note"]),
    (
        "message_newsletter_admin_invite",
        &["t.message_row_id", "t.newsletter_name"],
    ),
    (
        "message_newsletter_follower_invite",
        &["t.message_row_id", "t.newsletter_name"],
    ),
];

#[allow(clippy::type_complexity, reason = "a statement by its table")]
fn words(database: &Database) -> rusqlite::Result<Vec<(&'static str, Option<Statement<'_>>)>> {
    let prepare = |(name, columns): (&'static str, &[&str])| {
        Ok((name, database.prepare(&table(name, columns))?))
    };
    WORDS.into_iter().map(prepare).collect()
}

fn joined(row: &Row<'_>) -> String {
    let columns = 1..row.as_ref().column_count();
    let parts: Vec<String> = columns.filter_map(|at| text(row, at)).collect();
    parts.join("\n")
}

/// A small picture as base64, if it is small enough.
fn thumbnail(row: &Row<'_>, at: usize) -> Option<String> {
    let bytes = blob(row, at).filter(|bytes| bytes.len() <= MAX_THUMBNAIL * 3 / 4)?;
    Some(STANDARD.encode(bytes))
}

/// The file of a message.
#[derive(Default)]
pub(super) struct Media {
    pub(super) path: Option<String>,
    pub(super) mime: Option<String>,
    pub(super) name: Option<String>,
    pub(super) bytes: Option<i64>,
    /// SHA-256 in base64.
    pub(super) hash: Option<String>,
    pub(super) encrypted_hash: Option<String>,
    pub(super) width: Option<i64>,
    pub(super) height: Option<i64>,
    pub(super) seconds: Option<i64>,
    pub(super) key: Option<Vec<u8>>,
    pub(super) key_at: Option<i64>,
    pub(super) direct_path: Option<String>,
    pub(super) url: Option<String>,
    pub(super) caption: Option<String>,
}

impl Media {
    fn read(row: &Row<'_>) -> Self {
        Self {
            path: text(row, 1),
            mime: text(row, 2),
            name: text(row, 3),
            bytes: positive(row, 4).or_else(|| positive(row, 5)),
            hash: text(row, 6),
            encrypted_hash: text(row, 7),
            width: positive(row, 8),
            height: positive(row, 9),
            seconds: positive(row, 10),
            key: blob(row, 11),
            key_at: positive(row, 12),
            direct_path: text(row, 13),
            url: text(row, 14),
            caption: text(row, 15),
        }
    }

    /// Takes from another what this one does not know.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            path: self.path.or(other.path),
            mime: self.mime.or(other.mime),
            name: self.name.or(other.name),
            bytes: self.bytes.or(other.bytes),
            hash: self.hash.or(other.hash),
            encrypted_hash: self.encrypted_hash.or(other.encrypted_hash),
            width: self.width.or(other.width),
            height: self.height.or(other.height),
            seconds: self.seconds.or(other.seconds),
            key: self.key.or(other.key),
            key_at: self.key_at.or(other.key_at),
            direct_path: self.direct_path.or(other.direct_path),
            url: self.url.or(other.url),
            caption: self.caption.or(other.caption),
        }
    }
}

/// The message that another one answers.
pub(super) struct Quoted {
    pub(super) key_id: Option<String>,
    pub(super) text: Option<String>,
}

#[derive(Default)]
pub(super) struct Place {
    pub(super) latitude: Option<f64>,
    pub(super) longitude: Option<f64>,
    pub(super) name: Option<String>,
    pub(super) address: Option<String>,
}

pub(super) struct EditInfo {
    /// The id that the message had first: an edit gives the row its own.
    pub(super) key_id: Option<String>,
    pub(super) at: Option<i64>,
}

pub(super) struct RevokedInfo {
    /// The id of the message that was taken back: the row may have that of the news about it.
    pub(super) key_id: Option<String>,
    pub(super) at: Option<i64>,
}

pub(super) struct Receipt {
    pub(super) person: Option<i64>,
    pub(super) delivered: Option<i64>,
    pub(super) read: Option<i64>,
    pub(super) played: Option<i64>,
}

pub(super) struct Reaction {
    pub(super) emoji: String,
    pub(super) at: Option<i64>,
    pub(super) is_from_me: bool,
    pub(super) person: Option<i64>,
}

pub(super) struct Call {
    pub(super) is_video: bool,
    pub(super) seconds: i64,
    pub(super) result: Option<i64>,
    pub(super) is_from_me: bool,
}

impl Call {
    /// Reads `video_call, duration, call_result, from_me` from a column on.
    pub(super) fn read(row: &Row<'_>, at: usize) -> Self {
        Self {
            is_video: int(row, at) == Some(1),
            seconds: positive(row, at + 1).unwrap_or_default(),
            result: int(row, at + 2),
            is_from_me: int(row, at + 3) == Some(1),
        }
    }
}
