//! The other way round: what this computer has made or read goes to a server, by the same door that
//! bridges use.

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use threadkeep_protocol::{IngestReport, IntegrationId, Record};
use url::Url;

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
        self.send(url, records).await
    }

    /// The same, and nothing is kept: the report says what would happen.
    ///
    /// # Errors
    /// As `ingest`.
    pub async fn rehearse(
        &self,
        integration: IntegrationId,
        records: &[Record],
    ) -> Result<IngestReport, SyncError> {
        let mut url = self.url(&["ingest", &integration.to_string()]);
        url.query_pairs_mut().append_pair("dry_run", "true");
        self.send(url, records).await
    }

    async fn send(&self, url: Url, records: &[Record]) -> Result<IngestReport, SyncError> {
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
