//! The other way round: what this computer has made or read goes to a server, by the same door that
//! bridges use.

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use threadkeep_protocol::{IngestReport, IntegrationId, Record};

use super::{Remote, answer::is_json, fault};
use crate::SyncError;

impl Remote {
    /// Sends records; needs a token with the scope `ingest`. One request is one transaction, and
    /// sending it again changes nothing.
    ///
    /// # Errors
    /// When the server cannot be reached, does not accept the token or the body, or answers with
    /// something else than a report.
    pub async fn ingest(
        &self,
        integration: IntegrationId,
        records: &[Record],
    ) -> Result<IngestReport, SyncError> {
        let url = self.url(&["ingest", &integration.to_string()]);
        let body =
            serde_json::to_vec(records).map_err(|source| self.unreadable("records", source))?;
        let request = self
            .client
            .post(url)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(body);
        let answer = async {
            let response = request.send().await;
            let response = response.map_err(|error| fault::of_request(error, &self.origin))?;
            self.body(self.accept(response, is_json)?).await
        };
        let answer = self.in_time(answer).await?;
        serde_json::from_slice(&answer).map_err(|source| self.unreadable("a report", source))
    }
}
