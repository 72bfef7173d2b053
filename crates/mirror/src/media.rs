//! Where the bytes of files stand on this computer, and which are to be fetched next.
//!
//! A file is *wanted* when a person asked for it; one that nobody asked for is fetched by itself only if it
//! is small enough and nothing that was asked for waits. What the selection leaves out has no row, so it
//! is never fetched. The bytes lie in a folder by their hash, which is somebody else's business.

mod chat;
mod queue;

use std::collections::HashSet;

use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};

use crate::{
    ConversationPk, Error, IntegrationPk, MediaPk, MediaRow, MessagePk, Mirror,
    message::read::{media_columns, media_of},
    writing::Writing,
};

pub use chat::Beside;
pub use queue::Queued;

/// Where a file's bytes stand on this computer. A state's place is its number in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocalState {
    /// Not here, and not asked for.
    Absent,
    /// A person asked for it.
    Wanted,
    /// Here.
    Here,
    /// Fetching it failed; it is tried again.
    Failed,
    /// The server has it no more.
    Gone,
}

const STATES: [LocalState; 5] = [
    LocalState::Absent,
    LocalState::Wanted,
    LocalState::Here,
    LocalState::Failed,
    LocalState::Gone,
];

impl LocalState {
    /// A newer version's state is none that we know.
    pub(crate) fn read(code: i64) -> Self {
        let place = usize::try_from(code).ok();
        place
            .and_then(|place| STATES.get(place).copied())
            .unwrap_or(Self::Absent)
    }
}

/// A file and the message that it came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaFile {
    /// The file.
    pub media: MediaRow,
    /// Whose.
    pub integration: IntegrationPk,
    /// Its chat.
    pub chat: ConversationPk,
    /// Its message.
    pub message: MessagePk,
    /// The message was taken back.
    pub is_deleted: bool,
}

/// How many files there are of each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct MediaCounts {
    /// Here.
    pub here: u64,
    /// On the server, and not here.
    pub absent: u64,
    /// Asked for, or failed and to be tried again.
    pub waiting: u64,
}

impl Mirror {
    /// A file; none where there is no such, or its message has not come.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn media_file(&self, pk: MediaPk) -> Result<Option<MediaFile>, Error> {
        self.read(move |conn| {
            let sql = concat!(
                "SELECT ",
                media_columns!(),
                ", d.integration_pk, m.conversation_pk, m.pk, m.flags & 8 \
                 FROM media AS d JOIN messages AS m ON m.pk = d.message_pk WHERE d.pk = ?1"
            );
            let found = conn.prepare_cached(sql)?.query_row([pk], |row| {
                Ok(MediaFile {
                    media: media_of(row)?,
                    integration: row.get(14)?,
                    chat: row.get(15)?,
                    message: row.get(16)?,
                    is_deleted: row.get::<_, i64>(17)? != 0,
                })
            });
            Ok(found.optional()?)
        })
        .await
    }

    /// A person asks for a file: it is fetched before all that nobody asked for, whatever failed before.
    ///
    /// # Errors
    /// When the mirror cannot be written.
    pub async fn want_media(&self, pk: MediaPk) -> Result<(), Error> {
        self.set(
            pk,
            "UPDATE media SET local_state = 1, attempts = 0, retry_at = 0, local_error = '' \
             WHERE pk = ?1 AND local_state <> 2 AND ?2 = ?2 AND ?3 = ?3",
            String::new(),
            0,
        )
        .await
    }

    /// Nobody asks for it any more.
    ///
    /// # Errors
    /// When the mirror cannot be written.
    pub async fn leave_media(&self, pk: MediaPk) -> Result<(), Error> {
        self.set(
            pk,
            "UPDATE media SET local_state = 0, local_error = '' \
             WHERE pk = ?1 AND local_state IN (1, 3) AND ?2 = ?2 AND ?3 = ?3",
            String::new(),
            0,
        )
        .await
    }

    /// The bytes of a file are here: those of this hash.
    ///
    /// # Errors
    /// When the mirror cannot be written.
    pub async fn media_came(&self, pk: MediaPk, sha256: String) -> Result<(), Error> {
        self.set(
            pk,
            "UPDATE media SET local_state = 2, local_error = '', attempts = 0, retry_at = 0 \
             WHERE pk = ?1 AND sha256 = ?2 AND ?3 = ?3",
            sha256,
            0,
        )
        .await
    }

    /// Fetching a file failed, for a reason that has a code; it is due again at a time.
    ///
    /// # Errors
    /// When the mirror cannot be written.
    pub async fn media_failed(
        &self,
        pk: MediaPk,
        code: String,
        retry_at: i64,
    ) -> Result<(), Error> {
        self.set(
            pk,
            "UPDATE media SET local_state = 3, local_error = ?2, retry_at = ?3, \
                attempts = attempts + 1 WHERE pk = ?1 AND local_state <> 2",
            code,
            retry_at,
        )
        .await
    }

    /// The bytes of a file are to be had nowhere: not on the server, or not here though they should be.
    ///
    /// # Errors
    /// When the mirror cannot be written.
    pub async fn media_gone(&self, pk: MediaPk) -> Result<(), Error> {
        self.set(
            pk,
            "UPDATE media SET local_state = 4, local_error = '' \
             WHERE pk = ?1 AND ?2 = ?2 AND ?3 = ?3",
            String::new(),
            0,
        )
        .await
    }

    /// The bytes of a file are not here after all, and may be fetched again.
    ///
    /// # Errors
    /// When the mirror cannot be written.
    pub async fn media_lost(&self, pk: MediaPk) -> Result<(), Error> {
        self.set(
            pk,
            "UPDATE media SET local_state = 0 WHERE pk = ?1 AND local_state = 2 \
                AND ?2 = ?2 AND ?3 = ?3",
            String::new(),
            0,
        )
        .await
    }

    async fn set(
        &self,
        pk: MediaPk,
        sql: &'static str,
        text: String,
        number: i64,
    ) -> Result<(), Error> {
        self.write(move |writing| {
            let changed = writing
                .conn
                .prepare_cached(sql)?
                .execute((pk, &text, number))?;
            if changed > 0 {
                show(writing, pk)?;
            }
            Ok(())
        })
        .await
    }

    /// Those of these hashes that a file here has, of a message that was not taken back.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn named_contents(&self, hashes: Vec<String>) -> Result<HashSet<String>, Error> {
        self.read(move |conn| {
            let mut is_named = conn.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM media AS d JOIN messages AS m ON m.pk = d.message_pk \
                 WHERE d.sha256 = ?1 AND d.local_state = 2 AND m.flags & 8 = 0)",
            )?;
            let mut named = HashSet::new();
            for hash in hashes {
                if is_named.query_row([&hash], |row| row.get(0))? {
                    named.insert(hash);
                }
            }
            Ok(named)
        })
        .await
    }

    /// How many files stand where, by the indices that the queue reads.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn media_counts(&self) -> Result<MediaCounts, Error> {
        self.read(|conn| {
            let count = |sql: &str| -> Result<u64, Error> {
                let count: i64 = conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
                Ok(crate::row::unsigned(count))
            };
            Ok(MediaCounts {
                here: count("SELECT count(*) FROM media WHERE local_state = 2")?,
                absent: count(
                    "SELECT count(*) FROM media WHERE local_state = 0 AND has_content = 1",
                )?,
                waiting: count("SELECT count(*) FROM media WHERE local_state IN (1, 3)")?,
            })
        })
        .await
    }
}

/// Whoever shows the file's chat hears of it.
fn show(writing: &mut Writing<'_>, pk: MediaPk) -> Result<(), Error> {
    let place = writing
        .conn
        .prepare_cached(
            "SELECT d.integration_pk, m.conversation_pk \
             FROM media AS d JOIN messages AS m ON m.pk = d.message_pk WHERE d.pk = ?1",
        )?
        .query_row([pk], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some((integration, chat)) = place {
        writing.touch_chat(integration, chat, 0);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
