//! Saying what is wanted.

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use threadkeep_protocol::{IntegrationId, StoredView, View};

use super::{Remote, answer};
use crate::SyncError;

impl Remote {
    /// The id under which the server keeps a view.
    ///
    /// # Errors
    /// When the server cannot be asked, or knows no views.
    pub(crate) async fn put_view(
        &self,
        integration: IntegrationId,
        view: &View,
    ) -> Result<String, SyncError> {
        let body = serde_json::to_vec(view).unwrap_or_default();
        let request = self
            .client
            .put(self.url(&["views", &integration.to_string()]))
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(body);
        let answer = async {
            let response = self.answered(request, answer::is_json).await?;
            self.body(response).await
        };
        let body = self.explained(answer).await?;
        let stored: StoredView = self.object(&body, "a view", "view")?;
        Ok(stored.view)
    }
}
