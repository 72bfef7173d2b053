//! A server, a mirror, and a run from one to the other.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use tempfile::TempDir;
use threadkeep_mirror::{
    Anchor, ChatQuery, ChatRow, IntegrationPk, MessageQuery, MessageRow, Mirror, NewIntegration,
};
use threadkeep_protocol::Stream;
use threadkeep_sync::{
    Outcome, PageLimit, Progress, Remote, RemoteOptions, RetryPolicy, RunReport, SyncOptions, sync,
};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    fault_server::{FaultServer, Reply, Request},
    world::{MessageView, View, World},
};

pub const TOKEN: &str = "s3cr3t-t0k3n";

pub const QUICK: RetryPolicy = RetryPolicy {
    tries: 4,
    min_delay: Duration::from_millis(1),
    max_delay: Duration::from_millis(4),
    retry_after_cap: Duration::from_millis(30),
};

/// Waits for a busy computer, and holds little.
pub const PATIENT: RemoteOptions = RemoteOptions {
    connect_timeout: Duration::from_secs(30),
    read_timeout: Duration::from_secs(30),
    answer_timeout: Duration::from_secs(30),
    max_body: 256 * 1024,
    compress_nearby: true,
};

/// For servers that never answer: as long as a busy computer may take for an honest answer.
pub const IMPATIENT: RemoteOptions = RemoteOptions {
    read_timeout: Duration::from_secs(3),
    answer_timeout: Duration::from_secs(6),
    ..PATIENT
};

pub struct Bench {
    pub server: FaultServer,
    pub mirror: Mirror,
    pub pk: IntegrationPk,
    pub remote: Remote,
    pub options: SyncOptions,
    pub progress: Arc<Mutex<Vec<Progress>>>,
    pub folder: TempDir,
}

impl Bench {
    pub async fn new(world: World) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mirror = Mirror::open(&folder.path().join("mirror.db")).unwrap();
        let server = FaultServer::start(world).await;
        let base = format!("http://{}", server.address);
        let pk = mirror
            .put_integration(NewIntegration {
                server: base.clone(),
                integration: serde_json::from_value(
                    serde_json::json!({"id": 1, "integration_type": "whatsapp"}),
                )
                .unwrap(),
            })
            .await
            .unwrap();
        Self {
            server,
            mirror,
            pk,
            remote: remote(&base),
            options: SyncOptions {
                page_limit: PageLimit::all(10),
                streaming: false,
                recent_first: None,
                retry: QUICK,
                ..SyncOptions::default()
            },
            progress: Arc::default(),
            folder,
        }
    }

    /// With a server that answers by a script.
    pub async fn scripted(
        world: World,
        script: impl FnMut(&Request, &mut World) -> Reply + Send + 'static,
    ) -> Self {
        let bench = Self::new(world).await;
        bench.server.script(script);
        bench
    }

    /// The same with other limits on waiting and holding.
    pub fn asking_with(mut self, options: RemoteOptions) -> Self {
        self.remote = remote_with(&format!("http://{}", self.server.address), options);
        self
    }

    pub async fn sync(&self) -> RunReport {
        self.sync_until(CancellationToken::new()).await
    }

    /// Runs, and checks what holds for every run: it is in the log as it was reported, and the progress
    /// never runs past its end.
    pub async fn sync_until(&self, cancel: CancellationToken) -> RunReport {
        self.progress.lock().unwrap().clear();
        let heard = Arc::clone(&self.progress);
        let report = sync(
            &self.mirror,
            self.pk,
            &self.remote,
            1,
            self.options.clone(),
            cancel,
            move |progress| heard.lock().unwrap().push(progress),
        )
        .await;
        let logged = self.mirror.runs(1).await.unwrap().remove(0);
        assert_eq!(
            logged.outcome, report.outcome,
            "a run is logged as it ended"
        );
        assert_eq!(logged.errors, report.errors);
        assert_eq!(
            (logged.saved, logged.updated, logged.unchanged),
            (report.saved, report.updated, report.unchanged)
        );
        for progress in self.progress.lock().unwrap().iter() {
            let total = progress.total.unwrap_or(u64::MAX);
            let overall = progress.overall_total.unwrap_or(u64::MAX);
            assert!(progress.done <= total, "{progress:?}");
            assert!(progress.overall_done <= overall, "{progress:?}");
        }
        for error in &report.errors {
            assert!(!error.message.contains(TOKEN), "{error:?} holds the token");
        }
        report
    }

    /// What the mirror shows.
    pub async fn view(&self) -> View {
        let mut messages = BTreeMap::new();
        let query = ChatQuery {
            limit: 1_000,
            ..ChatQuery::default()
        };
        for chat in self.mirror.chats(query).await.unwrap() {
            let query = MessageQuery {
                anchor: Anchor::Oldest,
                limit: 1_000,
            };
            let page = self.mirror.messages(chat.pk, query).await.unwrap();
            assert_eq!(page.newer, None, "the worlds of these tests are small");
            for message in page.messages {
                let key = (chat.jid.clone(), message.external_id.clone());
                let before = messages.insert(key, seen(&chat, message));
                assert!(before.is_none(), "a message is there once");
            }
        }
        let counts = self.mirror.stats().await.unwrap().counts;
        View {
            counts: Stream::ALL
                .into_iter()
                .map(|stream| (stream, counts.of(stream)))
                .collect(),
            messages,
        }
    }

    /// The mirror has what the server has: rows, texts, counts and cursors.
    pub async fn assert_equal(&self) {
        let (truth, cursors) = self.server.change(|world| (world.view(), world.cursors()));
        assert_eq!(self.view().await, truth);
        let states = self.mirror.sync_states(self.pk).await.unwrap();
        for (stream, cursor) in cursors {
            assert_eq!(states.of(stream).last_seq, cursor, "the cursor of {stream}");
        }
    }

    /// The mirror is as empty as it was made.
    pub async fn assert_empty(&self) {
        let view = self.view().await;
        assert!(view.messages.is_empty());
        assert!(view.counts.values().all(|&count| count == 0), "{view:?}");
        let states = self.mirror.sync_states(self.pk).await.unwrap();
        assert!(states.iter().all(|(_, state)| state.last_seq == 0));
    }

    /// The fault is over: the next run ends with the truth.
    pub async fn assert_recovers(&self) {
        self.server.be_honest();
        let report = self.sync().await;
        assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
        self.assert_equal().await;
    }
}

pub fn remote(base: &str) -> Remote {
    remote_with(base, PATIENT)
}

pub fn remote_with(base: &str, options: RemoteOptions) -> Remote {
    Remote::new(Url::parse(base).unwrap(), Some(TOKEN.into()), options).unwrap()
}

fn seen(chat: &ChatRow, message: MessageRow) -> MessageView {
    MessageView {
        id: message.id,
        chat_name: chat.name.clone(),
        sender: message.sender,
        content: message.content,
        timestamp: message.timestamp,
        files: message.media.into_iter().map(|f| f.file_name).collect(),
        read_by: message
            .receipts
            .into_iter()
            .map(|receipt| (receipt.jid, receipt.read_at))
            .collect(),
    }
}

/// The codes of a report's errors.
pub fn codes(report: &RunReport) -> Vec<&str> {
    report
        .errors
        .iter()
        .map(|error| error.code.as_str())
        .collect()
}
