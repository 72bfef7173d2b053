//! The rows as they leave: each built straight from its columns.

mod contact;
mod conversation;
mod media;
mod message;
mod participant;
mod receipt;

use rusqlite::{Row, types::FromSqlError};
use threadkeep_protocol::{
    Contact, Conversation, ConversationKind, Id, Media, Message, Participant, RawJson, Receipt,
    Role, Timestamp,
};
use uuid::Uuid;

use crate::error::StoreError;

pub use message::NEWEST_FIRST;

/// A row of one of the six streams. Sealed: what is kept is known here and nowhere else.
pub trait StoredRow: sealed::FromColumns {}

pub(crate) mod sealed {
    use rusqlite::Row as Columns;

    use crate::{error::StoreError, page::Context, view::Attached};

    pub trait FromColumns: threadkeep_protocol::Row {
        /// Takes the integration, the cursor and a limit; the second column is the seq.
        const SELECT: &'static str;
        /// How it hangs on the messages of a chat, where it does.
        const ATTACHED: Option<InChat> = None;
        /// From the columns of `SELECT`.
        fn read(columns: &Columns<'_>, context: &mut Context<'_>) -> Result<Self, StoreError>;
        /// About how many bytes its texts take.
        fn weight(&self) -> usize;
    }

    /// How rows hang on the messages of a chat.
    pub struct InChat {
        pub what: Attached,
        /// The column of `SELECT` that holds the chat's key.
        pub chat: usize,
        /// The column of `SELECT` that holds the message's time.
        pub time: usize,
        /// The seqs of a chat's rows. Takes the chat, a stretch of time and a stretch of seqs.
        pub seqs_of_chat: &'static str,
    }
}

impl StoredRow for Conversation {}
impl StoredRow for Message {}
impl StoredRow for Contact {}
impl StoredRow for Participant {}
impl StoredRow for Media {}
impl StoredRow for Receipt {}

/// Conversation kinds by their number in the file; new ones go to the end.
pub const CONVERSATION_KINDS: [ConversationKind; 4] = [
    ConversationKind::Direct,
    ConversationKind::Group,
    ConversationKind::Broadcast,
    ConversationKind::Channel,
];

/// Roles by their number in the file; new ones go to the end.
pub const ROLES: [Role; 3] = [Role::Member, Role::Admin, Role::Owner];

/// The number of a kind in the file.
pub fn number_of<T: PartialEq>(all: &[T], value: &T) -> i64 {
    all.iter().position(|one| one == value).unwrap_or_default() as i64
}

/// The kind of a number; the fallback for one of a newer version.
pub fn numbered<T: Copy>(all: &[T], number: i64, fallback: T) -> T {
    usize::try_from(number)
        .ok()
        .and_then(|n| all.get(n))
        .copied()
        .unwrap_or(fallback)
}

pub fn id_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Id> {
    let value = row.get_ref(column)?;
    let bytes = value.as_blob()?;
    Uuid::from_slice(bytes).map_err(|_| {
        FromSqlError::InvalidBlobSize {
            expected_size: 16,
            blob_size: bytes.len(),
        }
        .into()
    })
}

fn id_or_none_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Id>> {
    match row.get_ref(column)? {
        rusqlite::types::ValueRef::Null => Ok(None),
        _ => id_at(row, column).map(Some),
    }
}

pub fn time_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    row.get(column).map(Timestamp::from_millis)
}

pub fn time_or_none_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row
        .get::<_, Option<i64>>(column)?
        .map(Timestamp::from_millis))
}

/// Borrowed from SQLite, for what is read and not kept.
pub fn text_at<'r>(row: &'r Row<'_>, column: usize) -> rusqlite::Result<&'r str> {
    Ok(row.get_ref(column)?.as_str()?)
}

/// Checked to be JSON, which costs one pass over the text, and not taken apart.
fn json_at(row: &Row<'_>, column: usize) -> Result<Option<RawJson>, StoreError> {
    let text: String = row.get(column)?;
    if text.is_empty() {
        Ok(None)
    } else {
        Ok(Some(RawJson::from_text(text)?))
    }
}

fn length(text: Option<&String>) -> usize {
    text.map_or(0, String::len)
}

fn json_length(json: Option<&RawJson>) -> usize {
    json.map_or(0, |json| json.text().len())
}
