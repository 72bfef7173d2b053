//! What a stream holds, in sums that a client compares with its own.
//!
//! A digest reads every row of the stream, so it is made on a connection of its own, one at a time,
//! and kept for as long as nothing at all is committed to the file: SQLite's `data_version` says so,
//! and unlike the latest seq it also moves when a hand has been at the file.
//!
//! Rejected: an index on the bucket, or sums kept by the writer. Either makes every ingest dearer for
//! an answer that is asked for rarely, and a sum that is kept with the rows cannot tell that a row was
//! lost without it.

use std::{collections::HashMap, path::Path, sync::Arc};

use rusqlite::Connection;
use threadkeep_protocol::{Buckets, IntegrationId, Stream, StreamDigest};
use tokio::sync::Mutex;

use crate::{
    connection::open_reader,
    error::StoreError,
    integration::require,
    row::{id_at, time_at},
    status::standing,
    store::{Store, read_epoch},
    view::{Attached, Lens, Slice},
};

/// Of which stream, and which view of it.
type Whose = (IntegrationId, Stream, Option<String>);

/// The digests that hold as long as the file is as it was.
#[derive(Default)]
pub struct Digests {
    conn: Option<Connection>,
    version: i64,
    known: HashMap<Whose, StreamDigest>,
}

impl Store {
    /// What a stream holds, or what of it is in a view, in one snapshot. It reads every row where something has changed since it
    /// was last asked.
    ///
    /// # Errors
    /// When the integration or the view is unknown or the file cannot be read.
    pub async fn digest(
        &self,
        integration: IntegrationId,
        stream: Stream,
        view: Option<String>,
    ) -> Result<StreamDigest, StoreError> {
        let path = self.path().to_owned();
        let mut digests = Arc::clone(self.digests()).lock_owned().await;
        tokio::task::spawn_blocking(move || digests.read(&path, (integration, stream, view)))
            .await
            .map_err(|_| StoreError::Stopped)?
    }
}

/// Shared by the clones of a store.
pub type SharedDigests = Arc<Mutex<Digests>>;

impl Digests {
    fn read(&mut self, path: &Path, whose: Whose) -> Result<StreamDigest, StoreError> {
        let mut conn = match self.conn.take() {
            Some(conn) => conn,
            None => open_reader(path)?,
        };
        let answer = self.read_on(&mut conn, whose);
        self.conn = Some(conn);
        answer
    }

    fn read_on(&mut self, conn: &mut Connection, whose: Whose) -> Result<StreamDigest, StoreError> {
        let (integration, stream, view) = &whose;
        let (integration, stream) = (*integration, *stream);
        let tx = conn.transaction()?;
        // The first read takes the snapshot; the version is the snapshot's.
        require(&tx, integration)?;
        let version = tx.query_row("SELECT data_version FROM pragma_data_version", [], |row| {
            row.get(0)
        })?;
        if version != self.version {
            self.known.clear();
            self.version = version;
        }
        if let Some(known) = self.known.get(&whose) {
            return Ok(known.clone());
        }
        let (latest_seq, count) = standing(&tx, integration, stream)?;
        let slice = Slice {
            view: view.clone(),
            ..Slice::default()
        };
        let lens = Lens::load(&tx, integration, &slice)?;
        let (buckets, in_view) = match view {
            Some(_) => sum_in_view(&tx, integration, stream, &lens)?,
            None => (sum(&tx, integration, stream)?, count),
        };
        let digest = StreamDigest {
            latest_seq,
            epoch: read_epoch(&tx)?,
            count: u64::try_from(in_view).unwrap_or_default(),
            buckets,
        };
        self.known.insert(whose, digest.clone());
        Ok(digest)
    }
}

/// The sums of what is in a view, and how much that is.
fn sum_in_view(
    conn: &Connection,
    integration: IntegrationId,
    stream: Stream,
    lens: &Lens,
) -> Result<(Buckets, i64), StoreError> {
    let (what, sql) = match stream {
        Stream::Messages => (
            Attached::Message,
            "SELECT id, seq, conversation_pk, timestamp FROM messages
             WHERE integration_id = ?1 AND is_withdrawn = 0",
        ),
        Stream::Media => (
            Attached::File,
            "SELECT f.id, f.seq, m.conversation_pk, m.timestamp
             FROM media AS f JOIN messages AS m ON m.pk = f.message_pk
             WHERE f.integration_id = ?1 AND f.is_withdrawn = 0",
        ),
        Stream::Receipts => (
            Attached::Message,
            "SELECT r.id, r.seq, m.conversation_pk, m.timestamp
             FROM receipts AS r JOIN messages AS m ON m.pk = r.message_pk
             WHERE r.integration_id = ?1 AND r.is_withdrawn = 0",
        ),
        Stream::Conversations | Stream::Contacts | Stream::Participants => {
            let (_, count) = standing(conn, integration, stream)?;
            return Ok((sum(conn, integration, stream)?, count));
        }
    };
    let (mut buckets, mut count) = (Buckets::default(), 0);
    let mut rows = conn.prepare(sql)?;
    let mut rows = rows.query([integration])?;
    while let Some(row) = rows.next()? {
        if lens.passes(what, row.get(2)?, time_at(row, 3)?) {
            buckets.add(id_at(row, 0)?, row.get(1)?);
            count += 1;
        }
    }
    Ok((buckets, count))
}

fn sum(
    conn: &Connection,
    integration: IntegrationId,
    stream: Stream,
) -> Result<Buckets, StoreError> {
    let mut buckets = Buckets::default();
    let mut rows = conn.prepare(&format!(
        "SELECT id, seq FROM {} WHERE integration_id = ?1 AND is_withdrawn = 0",
        stream.name()
    ))?;
    let mut rows = rows.query([integration])?;
    while let Some(row) = rows.next()? {
        buckets.add(id_at(row, 0)?, row.get(1)?);
    }
    Ok(buckets)
}
