//! Asking what a stream holds.

use threadkeep_protocol::{IntegrationId, Stream, StreamDigest};

use super::Remote;
use crate::SyncError;

impl Remote {
    /// What the server holds of a stream, or of a view of it, in sums.
    ///
    /// # Errors
    /// When the server cannot be asked, or does not know the question.
    pub async fn digest(
        &self,
        stream: Stream,
        integration: IntegrationId,
        view: Option<&str>,
    ) -> Result<StreamDigest, SyncError> {
        let mut url = self.url(&["sync", "digest", stream.name(), &integration.to_string()]);
        if let Some(view) = view {
            url.query_pairs_mut().append_pair("view", view);
        }
        let body = self.get(url).await?;
        serde_json::from_slice(&body).map_err(|source| self.unreadable("a digest", source))
    }
}
