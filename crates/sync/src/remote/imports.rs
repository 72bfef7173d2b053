//! Imports on a server: begun, fed, ended and taken back; and by whom a message is known.

use reqwest::{
    Method,
    header::{CONTENT_TYPE, HeaderValue},
};
use serde::{Serialize, de::DeserializeOwned};
use threadkeep_protocol::{
    Id, Import, ImportState, ImportStep, IngestReport, IntegrationId, MessageSource, NewImport,
    Record,
};

use super::{Remote, answer::is_json, fault};
use crate::SyncError;

impl Remote {
    /// Begins an import; needs a token with the scope `ingest`.
    ///
    /// # Errors
    /// When the server cannot be asked, does not let the token, or knows no imports.
    pub async fn begin_import(
        &self,
        integration: IntegrationId,
        new: &NewImport,
    ) -> Result<Import, SyncError> {
        let path = ["imports", &integration.to_string()];
        self.import_request(Method::POST, &path, &[], Some(new))
            .await
    }

    /// Sends records that belong to an import which runs.
    ///
    /// # Errors
    /// As `ingest`, and when the import does not run.
    pub async fn ingest_into(
        &self,
        integration: IntegrationId,
        import: i64,
        records: &[Record],
    ) -> Result<IngestReport, SyncError> {
        let path = ["ingest", &integration.to_string()];
        let query = [("import", import)];
        self.import_request(Method::POST, &path, &query, Some(records))
            .await
    }

    /// The imports of an account, oldest first.
    ///
    /// # Errors
    /// As `begin_import`.
    pub async fn imports(&self, integration: IntegrationId) -> Result<Vec<Import>, SyncError> {
        let path = ["imports", &integration.to_string()];
        self.import_request(Method::GET, &path, &[], None::<&()>)
            .await
    }

    /// Ends an import: as `Complete`, or as `Cancelled`.
    ///
    /// # Errors
    /// As `begin_import`, and when the account has no such import or it has ended otherwise.
    pub async fn end_import(
        &self,
        integration: IntegrationId,
        import: i64,
        state: ImportState,
    ) -> Result<Import, SyncError> {
        let path = ["imports", &integration.to_string(), &import.to_string()];
        let step = ImportStep { state };
        self.import_request(Method::PATCH, &path, &[], Some(&step))
            .await
    }

    /// Takes an import back. The server goes on with it when nobody waits for the answer.
    ///
    /// # Errors
    /// As `begin_import`, and when the account has no such import.
    pub async fn undo_import(
        &self,
        integration: IntegrationId,
        import: i64,
    ) -> Result<Import, SyncError> {
        let path = ["imports", &integration.to_string(), &import.to_string()];
        self.import_request(Method::DELETE, &path, &[], None::<&()>)
            .await
    }

    /// By whom a message is known, the account first.
    ///
    /// # Errors
    /// As `begin_import`, and when the account has no such message.
    pub async fn message_sources(
        &self,
        integration: IntegrationId,
        message: Id,
    ) -> Result<Vec<MessageSource>, SyncError> {
        let (integration, message) = (integration.to_string(), message.to_string());
        let path = ["messages", &integration, &message, "sources"];
        self.import_request(Method::GET, &path, &[], None::<&()>)
            .await
    }

    async fn import_request<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, i64)],
        body: Option<&(impl Serialize + ?Sized)>,
    ) -> Result<T, SyncError> {
        let mut request = self.client.request(method, self.url(path)).query(query);
        if let Some(body) = body {
            let body =
                serde_json::to_vec(body).map_err(|source| self.unreadable("a request", source))?;
            let json = HeaderValue::from_static("application/json");
            request = request.header(CONTENT_TYPE, json).body(body);
        }
        let answer = async {
            let response = request.send().await;
            let response = response.map_err(|error| fault::of_request(error, &self.origin))?;
            self.body(self.accept(response, is_json)?).await
        };
        let answer = self.in_time(answer).await?;
        serde_json::from_slice(&answer).map_err(|source| self.unreadable("an import", source))
    }
}
