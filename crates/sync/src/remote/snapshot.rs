//! Asking for an account as packed files.

use reqwest::{
    Response,
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_RANGE, HeaderValue, IF_RANGE, RANGE},
};
use threadkeep_protocol::{IntegrationId, Snapshot, SnapshotFile};

use super::{Remote, answer::is_packed, fault};
use crate::SyncError;

/// A file that is on its way.
pub(crate) struct Packed {
    remote: Remote,
    response: Response,
    /// It begins with this byte of the file.
    pub(crate) from: u64,
}

impl Remote {
    /// What there is of an account as files.
    ///
    /// # Errors
    /// When the server cannot be asked, has none, or does not know the question.
    pub(crate) async fn snapshot(&self, integration: IntegrationId) -> Result<Snapshot, SyncError> {
        let url = self.url(&["snapshots", &integration.to_string()]);
        let body = self.get(url).await?;
        self.object(&body, "what there is as files", "files")
    }

    /// A file of a snapshot from a byte on, or from its beginning where the server does not go on with the
    /// very same file.
    ///
    /// # Errors
    /// When the server cannot be asked, or has no such file any more.
    pub(crate) async fn packed(
        &self,
        integration: IntegrationId,
        file: &SnapshotFile,
        from: u64,
    ) -> Result<Packed, SyncError> {
        let url = self.url(&["snapshots", &integration.to_string(), &file.name]);
        let mut request = self
            .client
            .get(url)
            .header(ACCEPT, HeaderValue::from_static("application/zstd"))
            // It is packed, and a range is of the bytes as they are.
            .header(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if from > 0 {
            request = request
                .header(RANGE, format!("bytes={from}-"))
                .header(IF_RANGE, format!("\"{}\"", file.sha256));
        }
        let answer = self.answered(request, is_packed);
        let response = self.explained(answer).await?;
        let begins = response.headers().get(CONTENT_RANGE);
        let begins = begins.and_then(|range| range.to_str().ok()).and_then(first);
        Ok(Packed {
            remote: self.clone(),
            // An answer that says nothing of a range is the whole file.
            from: begins.unwrap_or_default(),
            response,
        })
    }
}

impl Packed {
    /// The next piece; nothing at the end.
    pub(crate) async fn next(
        &mut self,
    ) -> Result<Option<impl AsRef<[u8]> + Send + use<>>, SyncError> {
        let chunk = self.response.chunk().await;
        chunk.map_err(|error| fault::of_body(error, &self.remote.origin))
    }

    /// It ended before its end.
    pub(crate) fn cut(&self) -> SyncError {
        self.remote.cut("a packed file")
    }
}

/// The first byte that a `Content-Range` names.
fn first(range: &str) -> Option<u64> {
    let (first, _) = range.strip_prefix("bytes ")?.split_once('-')?;
    first.parse().ok()
}
