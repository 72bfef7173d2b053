//! Reading a request's body: no larger than allowed, no slower than bearable.

use std::time::Duration;

use axum::{
    body::{Body, BodyDataStream, Bytes},
    http::{HeaderMap, HeaderValue, header},
};
use futures_util::StreamExt;
use threadkeep_protocol::{MAX_BODY_BYTES, MAX_LINE_BYTES};
use tokio::time::{Instant, timeout_at};

use crate::problem::Failure;

/// A body must come at least this fast, or one byte a second would hold a place for a year.
const BYTES_PER_SECOND: usize = 16 * 1024;

/// How far past the limit we read on without keeping it: a client that is still sending would take
/// an early answer and a closed connection for a network fault and send the same again.
const OVERRUN_BYTES: usize = MAX_BODY_BYTES;

/// The whole body.
pub(crate) async fn read(
    headers: &HeaderMap,
    body: Body,
    patience: Duration,
) -> Result<Vec<u8>, Failure> {
    let announced = announced_bytes(headers);
    if announced > MAX_BODY_BYTES + OVERRUN_BYTES {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(announced.min(MAX_BODY_BYTES));
    let mut parts = Parts::new(body, patience);
    while let Some(part) = parts.next().await? {
        if parts.received() > MAX_BODY_BYTES + OVERRUN_BYTES {
            break;
        }
        if parts.received() <= MAX_BODY_BYTES {
            bytes.extend_from_slice(&part);
        }
    }
    if parts.received() > MAX_BODY_BYTES {
        return Err(too_large());
    }
    // Only now: a client that is still sending would not see the answer.
    if is_encoded(headers) {
        return Err(Failure::unsupported_encoding());
    }
    Ok(bytes)
}

/// A body as it comes, no slower than bearable.
pub(crate) struct Parts {
    stream: BodyDataStream,
    begun: Instant,
    patience: Duration,
    received: usize,
}

impl Parts {
    pub(crate) fn new(body: Body, patience: Duration) -> Self {
        Self {
            stream: body.into_data_stream(),
            begun: Instant::now(),
            patience,
            received: 0,
        }
    }

    /// How much has come.
    pub(crate) const fn received(&self) -> usize {
        self.received
    }

    /// The next part; nothing at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        let bearable = Duration::from_secs((self.received / BYTES_PER_SECOND) as u64);
        let part = timeout_at(self.begun + self.patience + bearable, self.stream.next())
            .await
            .map_err(|_| Failure::bad_request("The body came too slowly."))?;
        let part = part.transpose();
        let part = part.map_err(|_| Failure::bad_request("The body ended before its end."))?;
        self.received += part.as_ref().map_or(0, Bytes::len);
        Ok(part)
    }

    /// Reads on for a while, so that a client that is still sending sees the answer.
    pub(crate) async fn drain(mut self) {
        let end = self.received + OVERRUN_BYTES;
        while self.received < end && matches!(self.next().await, Ok(Some(_))) {}
    }
}

/// Whether the body is said to be something else than its bytes. Unpacking it would let a small request
/// fill the memory, and those who send are near.
pub(crate) fn is_encoded(headers: &HeaderMap) -> bool {
    let encodings = headers.get_all(header::CONTENT_ENCODING).iter();
    let is_plain = |value: &HeaderValue| {
        value.is_empty() || value.as_bytes().eq_ignore_ascii_case(b"identity")
    };
    !encodings.into_iter().all(is_plain)
}

pub(crate) fn announced_bytes(headers: &HeaderMap) -> usize {
    headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .unwrap_or(0)
}

fn too_large() -> Failure {
    Failure::too_large(format!(
        "The body is larger than {MAX_BODY_BYTES} bytes. Send it in parts."
    ))
}

/// Refuses lines that are too long to be read. A document of many lines or one (an array, a store
/// file) has no lines in this sense: there the reader bounds each record instead.
pub(crate) fn check_lines(body: &[u8]) -> Result<(), Failure> {
    let long = body
        .split(|byte| *byte == b'\n')
        .position(|line| line.len() > MAX_LINE_BYTES);
    match long {
        None => Ok(()),
        Some(index) => Err(Failure::too_large(format!(
            "Line {index} (counted from 0) is longer than {MAX_LINE_BYTES} bytes."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_named() {
        let mut body = b"{}\n".to_vec();
        body.resize(body.len() + MAX_LINE_BYTES, b' ');
        check_lines(&body).expect("it is exactly as long as a line may be");
        body.push(b' ');
        let failure = check_lines(&body).unwrap_err();
        assert!(format!("{failure:?}").contains("Line 1 "), "{failure:?}");
    }
}
