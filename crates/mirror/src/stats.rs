//! What the mirror holds, from counters that every write keeps: nothing is counted here.

use std::path::PathBuf;

use rusqlite::Connection;
use serde::Serialize;
use threadkeep_protocol::Stream;

use crate::{Error, IntegrationPk, Mirror, files, row};

/// Rows of each stream.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Chats.
    pub conversations: u64,
    /// Messages.
    pub messages: u64,
    /// People.
    pub contacts: u64,
    /// Places of people in groups.
    pub participants: u64,
    /// Files that came with messages, here or not.
    pub media: u64,
    /// Receipts.
    pub receipts: u64,
}

impl Counts {
    /// The figure of one stream.
    #[must_use]
    pub const fn of(&self, stream: Stream) -> u64 {
        match stream {
            Stream::Conversations => self.conversations,
            Stream::Messages => self.messages,
            Stream::Contacts => self.contacts,
            Stream::Participants => self.participants,
            Stream::Media => self.media,
            Stream::Receipts => self.receipts,
        }
    }

    pub(crate) const fn add(&mut self, stream: Stream, rows: u64) {
        let field = match stream {
            Stream::Conversations => &mut self.conversations,
            Stream::Messages => &mut self.messages,
            Stream::Contacts => &mut self.contacts,
            Stream::Participants => &mut self.participants,
            Stream::Media => &mut self.media,
            Stream::Receipts => &mut self.receipts,
        };
        *field += rows;
    }
}

/// What the mirror holds of one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IntegrationStats {
    /// Which.
    pub pk: IntegrationPk,
    /// Its rows.
    pub counts: Counts,
    /// Unread messages in chats that are shown.
    pub unread: u64,
    /// When a page of it was last applied, in milliseconds; 0 for never.
    pub last_sync_at: i64,
}

/// What the mirror holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Rows of all accounts.
    pub counts: Counts,
    /// Unread messages in chats that are shown.
    pub unread: u64,
    /// Bytes of the mirror's file.
    pub mirror_bytes: u64,
    /// Bytes of the write-ahead log beside it.
    pub wal_bytes: u64,
    /// The file.
    pub path: PathBuf,
    /// When a page was last applied, in milliseconds; 0 for never.
    pub last_sync_at: i64,
    /// By account.
    pub integrations: Vec<IntegrationStats>,
}

impl Mirror {
    /// What the mirror holds.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn stats(&self) -> Result<Stats, Error> {
        let path = self.path().to_owned();
        self.read(move |conn| {
            let integrations = by_account(conn)?;
            let mut counts = Counts::default();
            for one in &integrations {
                for stream in Stream::ALL {
                    counts.add(stream, one.counts.of(stream));
                }
            }
            Ok(Stats {
                counts,
                unread: integrations.iter().map(|one| one.unread).sum(),
                mirror_bytes: files::size(&path),
                wal_bytes: files::size(&files::beside(&path, "-wal")),
                last_sync_at: integrations
                    .iter()
                    .map(|one| one.last_sync_at)
                    .max()
                    .unwrap_or(0),
                path,
                integrations,
            })
        })
        .await
    }
}

fn by_account(conn: &Connection) -> Result<Vec<IntegrationStats>, Error> {
    let mut select = conn.prepare_cached(
        "SELECT i.pk, i.unread, s.stream, s.row_count, s.last_sync_at \
         FROM integrations AS i JOIN sync_state AS s ON s.integration_pk = i.pk \
         WHERE i.removing = 0 ORDER BY i.pk",
    )?;
    let mut rows = select.query([])?;
    let mut all: Vec<IntegrationStats> = Vec::new();
    while let Some(row) = rows.next()? {
        let pk = row.get(0)?;
        if all.last().is_none_or(|last| last.pk != pk) {
            all.push(IntegrationStats {
                pk,
                counts: Counts::default(),
                unread: row::unsigned(row.get(1)?),
                last_sync_at: 0,
            });
        }
        // Just pushed, where there was none.
        let Some(one) = all.last_mut() else { continue };
        if let Ok(stream) = row.get::<_, String>(2)?.parse() {
            one.counts.add(stream, row::unsigned(row.get(3)?));
        }
        one.last_sync_at = one.last_sync_at.max(row.get(4)?);
    }
    Ok(all)
}
