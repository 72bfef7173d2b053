//! Rows past a cursor.

use std::collections::HashMap;

use rusqlite::Connection;
use threadkeep_protocol::{Id, IntegrationId, Page, Seq, Stream};

use crate::{
    error::StoreError,
    integration::require,
    row::{StoredRow, id_at},
    sliced::{self, Bounds},
    status::standing,
    store::{Store, read_epoch},
    view::Slice,
};

/// Seqs to a bucket of `seq_buckets`, as a power of two.
pub const BUCKET_BITS: u32 = 12;

/// A page ends early when its texts outgrow this, whatever the limit: 10,000 messages of 10 MB each
/// must not have to fit into memory. A single row is always sent.
pub const PAGE_BYTES: usize = 16 * 1024 * 1024;

/// A span of a stream ends early for the same reason. It is smaller, since many clients may read streams
/// at a time and each holds one.
const SPAN_BYTES: usize = 1024 * 1024;

/// What a row is made of beside its own columns.
pub struct Context<'c> {
    pub conn: &'c Connection,
    pub integration: IntegrationId,
    pub integration_type: String,
    conversations: HashMap<i64, Id>,
}

impl<'c> Context<'c> {
    /// For rows of this integration, which must exist.
    pub fn new(conn: &'c Connection, integration: IntegrationId) -> Result<Self, StoreError> {
        Ok(Self {
            conn,
            integration,
            integration_type: require(conn, integration)?.integration_type,
            conversations: HashMap::new(),
        })
    }

    /// The id of a conversation. A page has few conversations and many rows, so remembering them
    /// rather than joining saves a look-up a row, and sixteen more bytes in every message.
    pub fn conversation_id(&mut self, pk: i64) -> rusqlite::Result<Id> {
        if let Some(id) = self.conversations.get(&pk) {
            return Ok(*id);
        }
        let id = self
            .conn
            .prepare_cached("SELECT id FROM conversations WHERE pk = ?1")?
            .query_row([pk], |row| id_at(row, 0))?;
        self.conversations.insert(pk, id);
        Ok(id)
    }
}

impl Store {
    /// Rows with a seq past the cursor, ascending, in one snapshot.
    ///
    /// # Errors
    /// When the integration is unknown or the file cannot be read.
    pub async fn page<R: StoredRow>(
        &self,
        integration: IntegrationId,
        since_seq: Seq,
        limit: u32,
    ) -> Result<Page<R>, StoreError> {
        self.page_of(integration, Slice::default(), since_seq, limit)
            .await
    }

    /// The same of a slice of the stream.
    ///
    /// # Errors
    /// When the integration or a view is unknown or the file cannot be read.
    pub async fn page_of<R: StoredRow>(
        &self,
        integration: IntegrationId,
        slice: Slice,
        since_seq: Seq,
        limit: u32,
    ) -> Result<Page<R>, StoreError> {
        self.page_within(integration, slice, since_seq, limit, PAGE_BYTES)
            .await
    }

    /// The same for a stretch of a longer answer: it holds less in memory at a time.
    ///
    /// # Errors
    /// When the integration or a view is unknown or the file cannot be read.
    pub async fn span<R: StoredRow>(
        &self,
        integration: IntegrationId,
        slice: Slice,
        since_seq: Seq,
        limit: u32,
    ) -> Result<Page<R>, StoreError> {
        self.page_within(integration, slice, since_seq, limit, SPAN_BYTES)
            .await
    }

    async fn page_within<R: StoredRow>(
        &self,
        integration: IntegrationId,
        slice: Slice,
        since_seq: Seq,
        limit: u32,
        max_bytes: usize,
    ) -> Result<Page<R>, StoreError> {
        self.read(move |conn| {
            let mut context = Context::new(conn, integration)?;
            if !slice.is_all() {
                let bounds = Bounds {
                    since: since_seq,
                    limit,
                    bytes: max_bytes,
                };
                return sliced::page(&mut context, &slice, bounds);
            }
            let (rows, has_more) = rows_past::<R>(&mut context, since_seq, limit, max_bytes)?;
            let total_count = if has_more {
                count_past(conn, integration, R::STREAM, since_seq)?
            } else {
                i64::try_from(rows.len()).unwrap_or(i64::MAX)
            };
            Ok(Page {
                latest_seq: rows.last().map_or(since_seq, R::seq),
                rows,
                has_more,
                total_count,
                epoch: read_epoch(conn)?,
            })
        })
        .await
    }
}

fn rows_past<R: StoredRow>(
    context: &mut Context<'_>,
    since_seq: Seq,
    limit: u32,
    max_bytes: usize,
) -> Result<(Vec<R>, bool), StoreError> {
    let conn = context.conn;
    let mut statement = conn.prepare_cached(R::SELECT)?;
    let mut found = statement.query((context.integration, since_seq, i64::from(limit) + 1))?;
    let (mut rows, mut bytes) = (Vec::new(), 0);
    while let Some(row) = found.next()? {
        if rows.len() == limit as usize || bytes >= max_bytes {
            return Ok((rows, true));
        }
        let row = R::read(row, context)?;
        bytes += row.weight();
        rows.push(row);
    }
    Ok((rows, false))
}

/// How many rows lie past a seq: counted in buckets, and only within one of them by entry, so that
/// the cost of a page does not grow with what lies behind it.
fn count_past(
    conn: &Connection,
    integration: IntegrationId,
    stream: Stream,
    since_seq: Seq,
) -> rusqlite::Result<i64> {
    let (_, all) = standing(conn, integration, stream)?;
    if since_seq <= 0 {
        return Ok(all);
    }
    let bucket = since_seq >> BUCKET_BITS;
    let behind: i64 = conn
        .prepare_cached(
            "SELECT coalesce(sum(row_count), 0) FROM seq_buckets
             WHERE integration_id = ?1 AND stream = ?2 AND bucket > ?3",
        )?
        .query_row((integration, stream.name(), bucket), |row| row.get(0))?;
    let within: i64 = conn
        .prepare_cached(&format!(
            "SELECT count(*) FROM {} WHERE integration_id = ?1 AND seq > ?2 AND seq < ?3",
            stream.name()
        ))?
        .query_row(
            (integration, since_seq, (bucket + 1) << BUCKET_BITS),
            |row| row.get(0),
        )?;
    Ok(behind + within)
}
