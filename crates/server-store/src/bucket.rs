//! The rows of one bucket of a digest.
//!
//! What is in a bucket is found by reading the ids of the whole stream, and then each of its rows, one
//! in 256, by its seq. Rejected: an index on the bucket, for what is asked for only where a digest
//! differs.

use rusqlite::Connection;
use threadkeep_protocol::{IntegrationId, Page, Seq, Stream};

use crate::{
    error::StoreError,
    page::Context,
    row::StoredRow,
    sliced::{Bounds, is_in},
    view::Lens,
};

/// The rows of a bucket that come through, past the cursor and up to a seq, ascending.
pub fn page<R: StoredRow>(
    context: &mut Context<'_>,
    bucket: u8,
    lens: &Lens,
    until: Seq,
    bounds: Bounds,
) -> Result<Page<R>, StoreError> {
    let (conn, integration) = (context.conn, context.integration);
    let seqs = seqs_past(conn, integration, R::STREAM, bucket, (bounds.since, until))?;
    let (mut rows, mut bytes, mut looked_at) = (Vec::new(), 0, 0);
    let mut one = conn.prepare_cached(R::SELECT)?;
    for seq in &seqs {
        if rows.len() == bounds.limit as usize || bytes >= bounds.bytes {
            break;
        }
        looked_at += 1;
        let mut found = one.query((integration, seq - 1, 1))?;
        let Some(columns) = found.next()? else {
            continue;
        };
        // A row whose message is lost is in the table and in no page; what comes is the next.
        if columns.get::<_, Seq>(1)? == *seq && is_in::<R>(columns, lens)? {
            let row = R::read(columns, context)?;
            bytes += row.weight();
            rows.push(row);
        }
    }
    let is_whole = lens.is_clear();
    Ok(Page {
        latest_seq: rows.last().map_or(bounds.since, R::seq),
        has_more: looked_at < seqs.len(),
        total_count: match seqs.len() {
            count if is_whole => i64::try_from(count).unwrap_or(i64::MAX),
            count if looked_at == count => i64::try_from(rows.len()).unwrap_or(i64::MAX),
            _ => 0,
        },
        epoch: String::new(),
        rows,
    })
}

fn seqs_past(
    conn: &Connection,
    integration: IntegrationId,
    stream: Stream,
    bucket: u8,
    (since, until): (Seq, Seq),
) -> rusqlite::Result<Vec<Seq>> {
    conn.prepare_cached(&format!(
        "SELECT seq FROM {} WHERE integration_id = ?1 AND seq > ?2 AND seq <= ?4
            AND substr(id, 16) = ?3 AND is_withdrawn = 0
         ORDER BY seq",
        stream.name()
    ))?
    .query_map((integration, since, [bucket].as_slice(), until), |row| {
        row.get(0)
    })?
    .collect()
}
