//! A server on a free port, over a store in a folder of its own.

use std::{future::Future, net::SocketAddr, path::PathBuf, time::Duration};

use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use threadkeep_protocol::{Code, IntegrationId, Problem, Timestamp};
use threadkeep_server::{Options, ServeError, SnapshotOptions, build_snapshot, serve_with};
use threadkeep_server_store::{NewIntegration, NewToken, Scope, Store};
use threadkeep_snapshot::{Built, Snapshots};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tokio_util::sync::CancellationToken;

pub struct Server {
    pub address: SocketAddr,
    pub store: Store,
    pub client: Client,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<Result<(), ServeError>>,
    folder: tempfile::TempDir,
}

impl Server {
    pub async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    pub async fn start_with(options: Options) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), options).await
    }

    /// One that keeps snapshots of accounts of at least so many messages.
    pub async fn with_snapshots(worth_it: i64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let snapshots = SnapshotOptions {
            worth_it,
            every: Duration::from_millis(20),
            ..SnapshotOptions::new(folder.path().join("snapshots"))
        };
        let options = Options {
            snapshots: Some(snapshots),
            ..Options::default()
        };
        Self::start_in(folder, options).await
    }

    async fn start_in(folder: tempfile::TempDir, options: Options) -> Self {
        let store = Store::open(&folder.path().join("server.db")).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(serve_with(listener, store.clone(), options, async move {
            _ = stopped.await;
        }));
        Self {
            address,
            store,
            client: Client::new(),
            stop: Some(stop),
            task,
            folder,
        }
    }

    /// The file as another process opens it.
    pub fn beside(&self) -> Store {
        Store::open(&self.folder.path().join("server.db")).unwrap()
    }

    pub async fn account(&self, name: &str) -> IntegrationId {
        let new = NewIntegration {
            integration_type: "whatsapp".to_owned(),
            display_name: name.to_owned(),
            external_id: None,
        };
        self.store.create_integration(new).await.unwrap().id
    }

    pub async fn token(&self, integration: IntegrationId, scope: Scope) -> String {
        self.token_until(integration, scope, None).await
    }

    pub async fn token_until(
        &self,
        integration: IntegrationId,
        scope: Scope,
        expires_at: Option<Timestamp>,
    ) -> String {
        let new = NewToken {
            label: "test".to_owned(),
            integrations: vec![integration],
            scopes: vec![scope],
            expires_at,
        };
        self.store.create_token(new).await.unwrap().token
    }

    /// Brings the snapshot of an account up to date, as an operator does.
    pub async fn snapshot(&self, integration: IntegrationId) -> Built {
        let snapshots = Snapshots::new(self.folder.path().join("snapshots"));
        let stop = CancellationToken::new();
        let built = build_snapshot(&self.store, &snapshots, integration, &stop);
        built.await.unwrap()
    }

    pub fn database(&self) -> PathBuf {
        self.folder.path().join("server.db")
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn get(&self, path: &str, token: &str) -> RequestBuilder {
        self.client.get(self.url(path)).bearer_auth(token)
    }

    pub fn post(&self, path: &str, token: &str) -> RequestBuilder {
        self.client.post(self.url(path)).bearer_auth(token)
    }

    /// The answer to a `GET` that must succeed.
    pub async fn read(&self, path: &str, token: &str) -> Value {
        let response = self.get(path, token).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.json().await.unwrap()
    }

    /// The report of an ingest that must succeed.
    pub async fn ingest(&self, path: &str, token: &str, body: impl Into<reqwest::Body>) -> Value {
        let response = self.post(path, token).body(body).send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    pub fn ask_to_stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            _ = stop.send(());
        }
    }

    /// Waits for the end, which must come.
    pub async fn ended(self) {
        within(self.task).await.unwrap().unwrap();
    }
}

/// A wait that fails the test instead of hanging it. It is shorter than the 30 seconds after which
/// hyper by itself gives up on a head, so that the limit which is set is the one that is seen.
pub async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future)
        .await
        .expect("it ends at all")
}

/// The problem in an answer; everything that every problem must have is checked.
pub async fn problem(response: Response) -> Problem {
    let status = response.status();
    let headers = response.headers().clone();
    let text = response.text().await.unwrap();
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    assert_eq!(
        header("content-type"),
        Some("application/problem+json"),
        "{status}: {text}"
    );
    let problem: Problem = serde_json::from_str(&text).unwrap();
    assert_eq!(problem.status, status.as_u16());
    assert_eq!(problem.code.status(), problem.status);
    assert!(!problem.title.is_empty());
    let challenge = header("www-authenticate").unwrap_or_default();
    assert_eq!(
        challenge.starts_with("Bearer"),
        problem.code == Code::Unauthorized,
        "a challenge stands on a 401 and nowhere else"
    );
    assert_eq!(header("x-content-type-options"), Some("nosniff"));
    assert_eq!(header("cache-control"), Some("no-store"));
    problem
}

/// Some messages of one chat, as neutral records.
pub fn messages(count: usize) -> Vec<Value> {
    (0..count)
        .map(|i| {
            json!({
                "type": "message",
                "external_conversation_id": "15550002222@s.whatsapp.net",
                "external_message_id": format!("M{i}"),
                "sender_external_id": "15550002222@s.whatsapp.net",
                "message_type": "text",
                "content": format!("message {i}"),
                "timestamp": Timestamp::from_seconds(1_700_000_000 + i as i64),
            })
        })
        .collect()
}

pub fn fixture(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/fixtures/baileys")
        .join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
