//! Asking a server for older messages of one conversation.

use reqwest::{
    Method,
    header::{CONTENT_TYPE, HeaderValue},
};
use threadkeep_protocol::{Checkpoint, HistoryQuery, Id, IntegrationId};

use super::{Remote, answer};
use crate::SyncError;

impl Remote {
    /// Asks for older messages; the answer is where the request stands.
    ///
    /// # Errors
    /// When the server cannot be asked, has no such conversation, or knows no such requests.
    pub async fn ask_history(
        &self,
        integration: IntegrationId,
        conversation: Id,
        query: HistoryQuery,
    ) -> Result<Checkpoint, SyncError> {
        let body = serde_json::to_vec(&query)
            .map_err(|source| self.unreadable("a request for older messages", source))?;
        self.history_request(Method::POST, integration, conversation, body)
            .await
    }

    /// Where the request of a conversation stands.
    ///
    /// # Errors
    /// As `ask_history`.
    pub async fn history(
        &self,
        integration: IntegrationId,
        conversation: Id,
    ) -> Result<Checkpoint, SyncError> {
        self.history_request(Method::GET, integration, conversation, Vec::new())
            .await
    }

    /// Cancels the request of a conversation, where it runs.
    ///
    /// # Errors
    /// As `ask_history`.
    pub async fn cancel_history(
        &self,
        integration: IntegrationId,
        conversation: Id,
    ) -> Result<Checkpoint, SyncError> {
        self.history_request(Method::DELETE, integration, conversation, Vec::new())
            .await
    }

    async fn history_request(
        &self,
        method: Method,
        integration: IntegrationId,
        conversation: Id,
        body: Vec<u8>,
    ) -> Result<Checkpoint, SyncError> {
        let url = self.url(&[
            "history",
            &integration.to_string(),
            &conversation.to_string(),
        ]);
        let mut request = self.client.request(method, url);
        if !body.is_empty() {
            let json = HeaderValue::from_static("application/json");
            request = request.header(CONTENT_TYPE, json).body(body);
        }
        let answer = async {
            let response = self.answered(request, answer::is_json).await?;
            self.body(response).await
        };
        let body = self.explained(answer).await?;
        self.object(&body, "a checkpoint", "status")
    }
}
