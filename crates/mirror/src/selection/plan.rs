//! What a change of the selection would do. Nothing is changed.

use rusqlite::Connection;

use super::{
    Selection,
    free::{self, Unwanted},
    view,
};
use crate::{ConversationPk, Error, IntegrationPk, Mirror, digest::generation, row};

/// What a row takes beside its texts, with its places in the indices.
const ROW: i64 = 160;

/// What is here and would go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Frees {
    /// Chats that lose something.
    pub chats: u64,
    /// Messages.
    pub messages: u64,
    /// Files, those of messages that stay among them.
    pub media: u64,
    /// About how much room that takes, in bytes. The file keeps it for what comes.
    pub bytes: u64,
}

/// What a change of the selection would do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SelectionPlan {
    /// What would go.
    pub frees: Frees,
    /// Something would have to come.
    pub fetches: bool,
}

impl Frees {
    /// Whether nothing would go.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.messages == 0 && self.media == 0
    }
}

impl Mirror {
    /// What it would do to choose this. It counts every row that would go.
    ///
    /// # Errors
    /// When there is no such account or the mirror cannot be read.
    pub async fn plan_selection(
        &self,
        pk: IntegrationPk,
        selection: Selection,
    ) -> Result<SelectionPlan, Error> {
        self.read(move |conn| {
            generation(conn, pk)?;
            Ok(SelectionPlan {
                frees: frees(conn, pk, &selection)?,
                fetches: view::would_widen(conn, pk, &selection)?,
            })
        })
        .await
    }
}

fn frees(conn: &Connection, pk: IntegrationPk, selection: &Selection) -> Result<Frees, Error> {
    let mut frees = Frees::default();
    if selection.is_everything() {
        return Ok(frees);
    }
    free::chats(conn, pk, ConversationPk(0), |chat, is_merged| {
        let unwanted = Unwanted::by(selection.of(chat), is_merged);
        if !unwanted.is_nothing() {
            let (messages, bytes) = messages(conn, chat, unwanted.before)?;
            let of_all = if unwanted.files {
                i64::MAX
            } else {
                unwanted.before
            };
            let (media, file_bytes) = files(conn, chat, of_all)?;
            // What was merged away is nothing that a person knows of.
            let is_shown = !is_merged && messages + media > 0;
            frees.chats += u64::from(is_shown);
            frees.messages += if is_merged { 0 } else { messages };
            frees.media += if is_merged { 0 } else { media };
            frees.bytes += bytes + file_bytes;
        }
        Ok(true)
    })?;
    Ok(frees)
}

fn messages(conn: &Connection, chat: ConversationPk, before: i64) -> Result<(u64, u64), Error> {
    Ok(conn
        .prepare_cached(
            "SELECT count(*), coalesce(sum(octet_length(content) + octet_length(reply_preview) \
                + octet_length(reactions) + octet_length(edits) + octet_length(metadata) + ?3), 0) \
             FROM messages WHERE conversation_pk = ?1 AND timestamp < ?2",
        )?
        .query_row((chat, before, ROW), counted)?)
}

fn files(conn: &Connection, chat: ConversationPk, before: i64) -> Result<(u64, u64), Error> {
    Ok(conn
        .prepare_cached(
            "SELECT count(*), coalesce(sum(octet_length(d.thumbnail) + octet_length(d.metadata) \
                + octet_length(d.file_name) + d.local_bytes + ?3), 0) \
             FROM messages AS m CROSS JOIN media AS d ON d.message_pk = m.pk \
             WHERE m.conversation_pk = ?1 AND m.timestamp < ?2",
        )?
        .query_row((chat, before, ROW), counted)?)
}

fn counted(row: &rusqlite::Row<'_>) -> rusqlite::Result<(u64, u64)> {
    Ok((row::unsigned(row.get(0)?), row::unsigned(row.get(1)?)))
}
