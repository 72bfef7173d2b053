//! A sync server of our own, as `threadkeep-server serve` runs it.

mod restart;

use std::path::PathBuf;

use tempfile::TempDir;
use threadkeep_ingest::{Format, translate};
use threadkeep_protocol::{IngestReport, IntegrationId, Record};
use threadkeep_server::{Options, serve_with};
use threadkeep_server_store::{IngestOptions, NewIntegration, NewToken, Scope, Store};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

/// A running server; its files go when it is dropped.
pub struct TestServer {
    /// Where it listens.
    pub url: String,
    /// What it keeps.
    pub store: Store,
    options: Options,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
    folder: TempDir,
}

impl TestServer {
    /// Starts an empty server.
    pub async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    /// Starts an empty server with limits of its own.
    pub async fn start_with(options: Options) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let store = Store::open(&folder.path().join("server.db")).expect("a new store opens");
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has a free port");
        let url = format!(
            "http://{}",
            listener
                .local_addr()
                .expect("a bound socket has an address")
        );
        let stop = CancellationToken::new();
        let task = run(listener, &store, options.clone(), &stop);
        Self {
            url,
            store,
            options,
            stop,
            task: Some(task),
            folder,
        }
    }

    /// Listens again, at the same address, after a stop.
    pub async fn resume(&mut self) {
        let address = self.url.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind(&address)
            .await
            .expect("nobody took the address meanwhile");
        self.stop = CancellationToken::new();
        self.task = Some(run(listener, &self.store, self.options.clone(), &self.stop));
    }

    /// Makes an account.
    pub async fn integration(&self, name: &str) -> IntegrationId {
        let new = NewIntegration {
            integration_type: "whatsapp".into(),
            display_name: name.into(),
            external_id: None,
        };
        self.store
            .create_integration(new)
            .await
            .expect("an account can be made")
            .id
    }

    /// Makes a token with one scope for one account.
    pub async fn token(&self, integration: IntegrationId, scope: Scope) -> String {
        let new = NewToken {
            label: "test".into(),
            integrations: vec![integration],
            scopes: vec![scope],
            expires_at: None,
        };
        self.store
            .create_token(new)
            .await
            .expect("a token can be made")
            .token
    }

    /// Takes what Baileys wrote, over HTTP, as a bridge would send it.
    pub async fn post_baileys(&self, integration: IntegrationId, body: Vec<u8>) -> IngestReport {
        let token = self.token(integration, Scope::Ingest).await;
        let answer = reqwest::Client::new()
            .post(format!("{}/ingest/{integration}/baileys", self.url))
            .bearer_auth(token)
            .body(body)
            .send()
            .await
            .expect("the server answers");
        let status = answer.status();
        let text = answer.text().await.expect("the answer arrives whole");
        assert!(
            status.is_success(),
            "the server takes the events: {status} {text}"
        );
        serde_json::from_str(&text).expect("the answer is a report")
    }

    /// Takes a file's content as `threadkeep-server ingest` would.
    pub async fn ingest_file(
        &self,
        integration: IntegrationId,
        format: Format,
        bytes: &[u8],
    ) -> IngestReport {
        let translation = translate(format, bytes).expect("the fixture is sound");
        assert_eq!(
            translation.errors,
            [],
            "every record of the fixture is understood"
        );
        self.ingest(integration, translation.records).await
    }

    /// Takes records.
    pub async fn ingest(
        &self,
        integration: IntegrationId,
        records: Vec<(usize, Record)>,
    ) -> IngestReport {
        let report = self
            .store
            .ingest(integration, records, IngestOptions::default())
            .await;
        let report = report.expect("the store takes records");
        assert_eq!(report.errors, [], "none of the records is refused");
        report
    }

    /// The server's file.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("server.db")
    }

    /// Stops listening; what it keeps stays on disk until it is dropped.
    pub async fn stop(&mut self) {
        self.stop.cancel();
        if let Some(task) = self.task.take() {
            task.await.expect("the server ends in good order");
        }
    }
}

fn run(
    listener: TcpListener,
    store: &Store,
    options: Options,
    stop: &CancellationToken,
) -> JoinHandle<()> {
    let (served, stopped) = (store.clone(), stop.clone().cancelled_owned());
    tokio::spawn(async move {
        serve_with(listener, served, options, stopped)
            .await
            .expect("the server runs until it is stopped");
    })
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
