//! The rest of a stream as one answer: rows as lines, and cursor lines behind which a client may commit.
//!
//! Invariants:
//! - A span (the rows between two cursor lines) is read in a transaction of its own and written when the
//!   one before it is on its way: an answer holds one span in memory, however slow its reader is, and no
//!   transaction lives as long as an answer.
//! - Nothing runs beside the connection: a reader that has gone takes the reading with it.
//! - An answer ends at a cursor line, when the stream ends, when the server is to stop, or after its
//!   time (`Options::longest_answer`). A fault cuts it in the middle; the client
//!   asks again from the last cursor line either way.
//!
//! Rejected: a task that reads ahead. The socket's own buffer holds as much, and a channel would have to
//! be bounded and ended.

use std::io::{self, Write};

use axum::{
    body::{Body, Bytes},
    response::Response,
};
use futures_util::stream;
use threadkeep_protocol::{Cursor, CursorLine, IntegrationId, MAX_SPAN_ROWS, NDJSON, Page, Seq};
use threadkeep_server_store::{Slice, Store, StoreError, StoredRow};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{
    encoding::{Encoder, Encoding},
    pages::Question,
    problem::Failure,
    router::Shared,
};

/// The first span is small, so that something can be seen at once.
const FIRST_ROWS: u32 = 250;

/// Why an answer is cut.
#[derive(Debug, thiserror::Error)]
enum Cut {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a span could not be written")]
    Write(#[from] io::Error),
    #[error("a span was not written to its end")]
    Stopped(#[from] tokio::task::JoinError),
}

struct Lines<R> {
    store: Store,
    integration: IntegrationId,
    slice: Slice,
    limit: u32,
    stopping: CancellationToken,
    ends_at: Instant,
    /// Read and not yet written.
    span: Option<Page<R>>,
    /// The end of the last span.
    cursor: Seq,
    /// None once the answer has ended.
    encoder: Option<Encoder>,
}

impl<R: StoredRow> Lines<R> {
    /// The next span.
    async fn read(&mut self, limit: u32) -> Result<Page<R>, StoreError> {
        self.store
            .span(self.integration, self.slice.clone(), self.cursor, limit)
            .await
    }
}

/// The answer, once its first rows are read: what keeps them from being read is a problem of its own.
pub(crate) async fn answer<R: StoredRow>(
    shared: &Shared,
    question: &Question<'_>,
    encoding: Encoding,
) -> Result<Response, Failure> {
    let mut lines = Lines::<R> {
        span: None,
        store: shared.store.clone(),
        integration: question.integration,
        limit: question.limit.min(MAX_SPAN_ROWS),
        slice: question.slice.clone(),
        stopping: shared.stopping.clone(),
        ends_at: Instant::now() + shared.longest_answer,
        cursor: question.since,
        encoder: Some(encoding.encoder().map_err(|_| Failure::internal())?),
    };
    let first = lines.limit.min(FIRST_ROWS);
    lines.span = Some(lines.read(first).await?);
    let body = Body::from_stream(stream::try_unfold(lines, next));
    Ok(encoding.response(NDJSON, body))
}

/// The bytes of one more span.
async fn next<R: StoredRow>(mut lines: Lines<R>) -> Result<Option<(Bytes, Lines<R>)>, Cut> {
    let Some(encoder) = lines.encoder.take() else {
        return Ok(None);
    };
    let span = match lines.span.take() {
        Some(span) => span,
        None => {
            let span = lines.read(lines.limit).await;
            span.inspect_err(|error| {
                tracing::warn!(error = error as &dyn std::error::Error, "a stream was cut");
            })?
        }
    };
    lines.cursor = span.latest_seq;
    let ends = !span.has_more || lines.stopping.is_cancelled() || Instant::now() >= lines.ends_at;
    let written = tokio::task::spawn_blocking(move || write(&span, encoder, ends)).await?;
    let (bytes, encoder) = written?;
    lines.encoder = encoder;
    Ok(Some((bytes.into(), lines)))
}

/// Writes a span and its cursor line; gives the encoder back unless the answer ends with it.
fn write<R: StoredRow>(
    span: &Page<R>,
    mut encoder: Encoder,
    ends: bool,
) -> io::Result<(Vec<u8>, Option<Encoder>)> {
    let mut line = Vec::with_capacity(1_024);
    for row in &span.rows {
        serde_json::to_writer(&mut line, row)?;
        line.push(b'\n');
        if line.len() >= 64 * 1024 {
            encoder.write_all(&line)?;
            line.clear();
        }
    }
    let cursor = Cursor {
        latest_seq: span.latest_seq,
        has_more: span.has_more,
        total_count: span.total_count,
        epoch: span.epoch.clone(),
    };
    serde_json::to_writer(&mut line, &CursorLine { cursor })?;
    line.push(b'\n');
    encoder.write_all(&line)?;
    if ends {
        return Ok((encoder.finish()?, None));
    }
    Ok((encoder.take()?, Some(encoder)))
}
