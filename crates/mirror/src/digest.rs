//! What the mirror holds of a stream, in the sums that the server tells of its own.
//!
//! A row whose chat, message or address is gone is summed up as what no server has, so that its bucket
//! differs whether the server has the row or not, and it comes again or goes. Rows of an earlier history of the server are counted apart: the server need not
//! have them, and they stay.

use std::collections::BTreeSet;

use rusqlite::Connection;
use threadkeep_protocol::{BucketDigest, Buckets, Id, Seq, Stream};

use crate::{Error, IntegrationPk, Mirror, row::bytes_id};

/// A seq that no row of a server has.
const NOWHERE: Seq = -1;

/// What the mirror holds of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeldDigest {
    /// The rows of the server's present history.
    pub buckets: Buckets,
    /// Rows that only an earlier history had. The server lost them, or never had them; here they stay.
    pub kept: u64,
    /// The buckets of rows that came, or changed, past the seq that was asked with.
    pub moved: BTreeSet<u8>,
}

impl Mirror {
    /// What the mirror holds of a stream, to be compared with what the server held at `at`. It reads
    /// every row.
    ///
    /// # Errors
    /// When there is no such integration or the mirror cannot be read.
    pub async fn digest(
        &self,
        pk: IntegrationPk,
        stream: Stream,
        at: Seq,
    ) -> Result<HeldDigest, Error> {
        self.read(move |conn| digest(conn, pk, stream, at)).await
    }
}

/// Whether a row stands, in terms of its table `t`.
const fn stands(stream: Stream) -> &'static str {
    match stream {
        Stream::Conversations => "EXISTS (SELECT 1 FROM addresses AS a WHERE a.pk = t.address_pk)",
        Stream::Messages => {
            "EXISTS (SELECT 1 FROM conversations AS c WHERE c.pk = t.conversation_pk AND c.seq >= 0) \
             AND (t.sender_pk = 0 OR EXISTS (SELECT 1 FROM addresses AS a WHERE a.pk = t.sender_pk))"
        }
        Stream::Contacts => {
            "EXISTS (SELECT 1 FROM addresses AS a WHERE a.pk = t.address_pk) \
             AND (t.lid_pk = 0 OR EXISTS (SELECT 1 FROM addresses AS a WHERE a.pk = t.lid_pk))"
        }
        Stream::Participants => {
            "EXISTS (SELECT 1 FROM conversations AS c WHERE c.pk = t.conversation_pk AND c.seq >= 0) \
             AND EXISTS (SELECT 1 FROM addresses AS a WHERE a.pk = t.address_pk)"
        }
        Stream::Media => {
            "CASE t.message_pk WHEN 0 THEN t.message_id <> zeroblob(16) \
                ELSE EXISTS (SELECT 1 FROM messages AS m WHERE m.pk = t.message_pk) END"
        }
        Stream::Receipts => {
            "CASE t.message_pk WHEN 0 THEN t.message_id <> zeroblob(16) \
                ELSE EXISTS (SELECT 1 FROM messages AS m WHERE m.pk = t.message_pk) END \
             AND EXISTS (SELECT 1 FROM addresses AS a WHERE a.pk = t.address_pk)"
        }
    }
}

fn digest(
    conn: &Connection,
    pk: IntegrationPk,
    stream: Stream,
    at: Seq,
) -> Result<HeldDigest, Error> {
    let generation = generation(conn, pk)?;
    let mut select = conn.prepare(&format!(
        "SELECT t.id, t.seq, t.generation, {} FROM {stream} AS t \
         WHERE t.integration_pk = ?1 AND t.seq >= 0",
        stands(stream)
    ))?;
    let mut rows = select.query([pk])?;
    let mut held = HeldDigest::default();
    while let Some(row) = rows.next()? {
        match row.get::<_, i64>(2)? {
            of if of < generation => held.kept += 1,
            of if of == generation && row.get(3)? => {
                let (id, seq) = (bytes_id(row.get(0)?), row.get(1)?);
                held.buckets.add(id, seq);
                if seq > at {
                    held.moved.insert(Buckets::of(&id));
                }
            }
            // Of a history that has not been, or hanging on nothing: no row that a server can have.
            _ => held.buckets.add(bytes_id(row.get(0)?), NOWHERE),
        }
    }
    Ok(held)
}

/// The history that rows belong to now.
pub(crate) fn generation(conn: &Connection, pk: IntegrationPk) -> Result<i64, Error> {
    conn.prepare_cached("SELECT generation FROM integrations WHERE pk = ?1 AND removing = 0")?
        .query_row([pk], |row| row.get(0))
        .map_err(|error| match error {
            rusqlite::Error::QueryReturnedNoRows => Error::NoIntegration(pk),
            other => other.into(),
        })
}

/// A row of a bucket.
pub(crate) struct InBucket {
    pub(crate) pk: i64,
    pub(crate) id: Id,
    pub(crate) seq: Seq,
}

/// The rows of a bucket that belong to the present history.
pub(crate) fn bucket(
    conn: &Connection,
    pk: IntegrationPk,
    stream: Stream,
    number: u8,
) -> Result<Vec<InBucket>, Error> {
    let generation = generation(conn, pk)?;
    let mut select = conn.prepare(&format!(
        "SELECT pk, id, seq FROM {stream} WHERE integration_pk = ?1 AND generation >= ?2 \
         AND substr(id, 16) = ?3 AND seq >= 0"
    ))?;
    let rows = select.query_map((pk, generation, [number].as_slice()), |row| {
        Ok(InBucket {
            pk: row.get(0)?,
            id: bytes_id(row.get(1)?),
            seq: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What some rows sum up to.
pub(crate) fn sum<'r>(rows: impl IntoIterator<Item = &'r InBucket>) -> BucketDigest {
    let mut sum = BucketDigest::default();
    for row in rows {
        sum.add(row.id, row.seq);
    }
    sum
}
