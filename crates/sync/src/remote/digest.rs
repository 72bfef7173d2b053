//! Asking what a stream holds, and for the rows of one part of it.

use threadkeep_protocol::{IntegrationId, Seq, Stream, StreamDigest};

use super::Remote;
use crate::SyncError;

impl Remote {
    /// What the server holds of a stream, in sums.
    ///
    /// # Errors
    /// When the server cannot be asked, or does not know the question.
    pub async fn digest(
        &self,
        stream: Stream,
        integration: IntegrationId,
    ) -> Result<StreamDigest, SyncError> {
        let url = self.url(&["sync", "digest", stream.name(), &integration.to_string()]);
        let body = self.get(url).await?;
        serde_json::from_slice(&body).map_err(|source| self.unreadable("a digest", source))
    }

    /// The text of one page, as `page`, of one bucket of the digest or of all.
    ///
    /// # Errors
    /// As `page`.
    pub(crate) async fn rows(
        &self,
        stream: Stream,
        integration: IntegrationId,
        bucket: Option<u8>,
        since: Seq,
        limit: u32,
    ) -> Result<Vec<u8>, SyncError> {
        let mut url = self.page_url(stream, integration, since, limit);
        if let Some(bucket) = bucket {
            url.query_pairs_mut()
                .append_pair("bucket", &bucket.to_string());
        }
        self.get(url).await
    }
}
