//! The bytes of a file: both ways, and from where it broke.

use std::io;

use futures_util::stream;
use reqwest::{
    Body, Client, Response, StatusCode,
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, HeaderValue, IF_RANGE, RANGE},
};
use threadkeep_content::Hash;
use threadkeep_protocol::{Id, IntegrationId, StoredMedia};
use tokio::sync::mpsc;

use super::{Remote, answer::is_json, fault};
use crate::SyncError;

/// The bytes of a file as they come.
pub(crate) struct Bytes {
    remote: Remote,
    response: Response,
    /// Where in the file they begin.
    pub(crate) from: u64,
}

impl Remote {
    /// Asks for a file from a byte on; it may come from its beginning instead.
    pub(crate) async fn media(
        &self,
        integration: IntegrationId,
        id: Id,
        hash: &Hash,
        from: u64,
    ) -> Result<Bytes, SyncError> {
        let url = self.url(&["media", &integration.to_string(), &id.to_string()]);
        // The hash is of the bytes as they are.
        let mut request = self
            .client
            .get(url)
            .header(ACCEPT, HeaderValue::from_static("*/*"))
            .header(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if from > 0 {
            request = request
                .header(RANGE, format!("bytes={from}-"))
                .header(IF_RANGE, format!("\"{hash}\""));
        }
        let answer = async {
            let response = request.send().await;
            let response = response.map_err(|error| fault::of_request(error, &self.origin))?;
            // It has no bytes there: what was kept is not the beginning of this file.
            if response.status() == StatusCode::RANGE_NOT_SATISFIABLE && from > 0 {
                return Ok(None);
            }
            self.accept(response, |_| true).map(Some)
        };
        let Some(response) = self.in_time(answer).await? else {
            return Box::pin(self.media(integration, id, hash, 0)).await;
        };
        let begins = match response.status() {
            StatusCode::PARTIAL_CONTENT => begins(&response),
            _ => Some(0),
        };
        if let Some(begins) = begins.filter(|begins| [0, from].contains(begins)) {
            return Ok(Bytes {
                remote: self.clone(),
                response,
                from: begins,
            });
        }
        // Of another part than was asked for: then from the beginning, once.
        if from > 0 {
            return Box::pin(self.media(integration, id, hash, 0)).await;
        }
        Err(self.cut("a file"))
    }

    /// Sends the bytes of a file; needs a token with the scope `ingest`.
    ///
    /// # Errors
    /// When the server cannot be reached, or does not take them.
    pub async fn put_media(
        &self,
        integration: IntegrationId,
        id: Id,
        bytes: Vec<u8>,
    ) -> Result<StoredMedia, SyncError> {
        let sent = self.put(&self.client, integration, id, bytes.into());
        self.in_time(sent).await
    }

    /// The same piece by piece, in whatever time that takes; a piece that is an error ends it.
    ///
    /// # Errors
    /// As `put_media`, or when there is an error among the pieces.
    pub async fn put_media_in_pieces(
        &self,
        integration: IntegrationId,
        id: Id,
        mut pieces: mpsc::Receiver<io::Result<Vec<u8>>>,
    ) -> Result<StoredMedia, SyncError> {
        let pieces = stream::poll_fn(move |context| pieces.poll_recv(context));
        let body = Body::wrap_stream(pieces);
        self.put(self.listener()?, integration, id, body).await
    }

    async fn put(
        &self,
        client: &Client,
        integration: IntegrationId,
        id: Id,
        bytes: Body,
    ) -> Result<StoredMedia, SyncError> {
        let url = self.url(&["media", &integration.to_string(), &id.to_string()]);
        let media_type = HeaderValue::from_static("application/octet-stream");
        let request = client.put(url).header(CONTENT_TYPE, media_type).body(bytes);
        let response = request.send().await;
        let response = response.map_err(|error| fault::of_request(error, &self.origin))?;
        let answer = self.body(self.accept(response, is_json)?).await?;
        serde_json::from_slice(&answer).map_err(|source| self.unreadable("a receipt", source))
    }
}

impl Bytes {
    /// The next ones; nothing at the end, which may be too early.
    pub(crate) async fn next(&mut self) -> Result<Option<impl AsRef<[u8]> + use<>>, SyncError> {
        let chunk = self.response.chunk().await;
        chunk.map_err(|error| fault::of_body(error, &self.remote.origin))
    }

    pub(crate) fn broke(&self) -> SyncError {
        self.remote.cut("a file")
    }
}

/// The first byte of `bytes 5-9/10`.
fn begins(response: &Response) -> Option<u64> {
    let value = response.headers().get(CONTENT_RANGE)?.to_str().ok()?;
    let (first, _) = value.strip_prefix("bytes ")?.split_once('-')?;
    first.trim().parse().ok()
}
