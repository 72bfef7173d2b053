//! `http://` to a TLS port and `https://` to a plain one: the commonest wrong address, and one that
//! fails in a dozen ways, depending on the server. So the other scheme is tried, without the token, and
//! only as long as no answer has come: what it says is what a person is told.

use std::time::Duration;

use reqwest::{Client, StatusCode, redirect};

use super::{Remote, fault};
use crate::{
    SyncError,
    error::{Sign, TlsFault},
};

/// A person waits for it.
const PROBE_TIMEOUT: Duration = Duration::from_secs(3);

impl Remote {
    /// The same error, or the wrong scheme where that is behind it.
    pub(super) async fn explain_scheme(&self, error: SyncError) -> SyncError {
        let is_tls = self.base.scheme() == "https";
        let wrong = match &error {
            SyncError::Tls {
                fault: TlsFault::Handshake,
                ..
            }
            | SyncError::Timeout { .. }
                if is_tls =>
            {
                self.speaks("http").await.then_some(TlsFault::PlainPort)
            }
            SyncError::Interrupted { .. }
            | SyncError::Refused { status: 400, .. }
            | SyncError::NotAServer {
                sign: Sign::NotHttp,
                ..
            }
            | SyncError::NotAServer {
                status: Some(400), ..
            } if !is_tls => self.speaks("https").await.then_some(TlsFault::TlsPort),
            _ => None,
        };
        match wrong {
            Some(fault) => SyncError::Tls {
                origin: self.origin.clone(),
                fault,
            },
            None => error,
        }
    }

    /// Whether the port answers in this scheme, be it to complain.
    async fn speaks(&self, scheme: &str) -> bool {
        let mut url = self.url(&["health"]);
        let port = url.port_or_known_default();
        if url.set_scheme(scheme).is_err() || url.set_port(port).is_err() {
            return false;
        }
        let client = Client::builder()
            .timeout(PROBE_TIMEOUT)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build();
        let Ok(client) = client else {
            return false;
        };
        match client.get(url).send().await {
            // With 400 a TLS port complains of plain HTTP; a plain one has no reason to.
            Ok(answer) => scheme == "https" || answer.status() != StatusCode::BAD_REQUEST,
            Err(error) => scheme == "https" && fault::is_from_tls(&error),
        }
    }
}
