//! Bruno's computer makes rows on a server and pulls them at the same time, as an import does.

use std::time::Duration;

use tempfile::TempDir;
use threadkeep_ingest::sample::bulk;
use threadkeep_mirror::{IntegrationPk, Mirror, NewIntegration};
use threadkeep_protocol::{IntegrationId, Record, Stream};
use threadkeep_server_store::Scope;
use threadkeep_sync::{
    Beside, Outcome, Remote, RemoteOptions, RetryPolicy, RunReport, SyncOptions, sync_beside,
};
use threadkeep_tests::{TestServer, mirror_digest, server_digest};
use tokio::{sync::watch, task::JoinHandle};
use tokio_util::sync::CancellationToken;

struct Bruno {
    server: TestServer,
    account: IntegrationId,
    mirror: Mirror,
    pk: IntegrationPk,
    records: Vec<(usize, Record)>,
    folder: TempDir,
}

impl Bruno {
    async fn sits_down() -> Self {
        let server = TestServer::start().await;
        let account = server.integration("Bruno").await;
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mirror = Mirror::open(&folder.path().join("mirror.db")).expect("a new mirror opens");
        let integration = server.store.integration(account).await;
        let pk = mirror
            .put_integration(NewIntegration {
                server: server.url.clone(),
                integration: integration
                    .expect("the store can be read")
                    .expect("it was just made"),
            })
            .await
            .expect("the mirror takes an account");
        Self {
            server,
            account,
            mirror,
            pk,
            records: bulk(5, 600).enumerate().collect(),
            folder,
        }
    }

    /// Makes a part of the rows.
    async fn make(&mut self, records: usize) {
        let rest = self.records.split_off(records.min(self.records.len()));
        let part = std::mem::replace(&mut self.records, rest);
        self.server.ingest(self.account, part).await;
    }

    async fn pull(&self) -> (watch::Sender<u64>, CancellationToken, JoinHandle<RunReport>) {
        let token = self.server.token(self.account, Scope::Read).await;
        let url = self.server.url.parse().expect("it is an address");
        let remote = Remote::new(url, Some(token), RemoteOptions::default());
        let remote = remote.expect("a client can be made");
        let (news, heard) = watch::channel(0);
        let cancel = CancellationToken::new();
        let beside = Beside {
            news: heard,
            cancel: cancel.clone(),
        };
        let options = SyncOptions {
            retry: RetryPolicy {
                tries: 1,
                ..RetryPolicy::default()
            },
            ..SyncOptions::default()
        };
        let (mirror, pk, account) = (self.mirror.clone(), self.pk, self.account);
        let run = tokio::spawn(async move {
            sync_beside(&mirror, pk, &remote, account, options, beside, |_| {}).await
        });
        (news, cancel, run)
    }

    async fn held(&self) -> u64 {
        let states = self.mirror.sync_states(self.pk).await;
        let states = states.expect("the mirror can be read");
        states.of(Stream::Messages).rows
    }

    /// Waits until something of the account is here; whoever waits longer than a minute waits in vain.
    async fn until_held(&self, more_than: u64) -> u64 {
        for _ in 0..1_200 {
            let held = self.held().await;
            if held > more_than {
                return held;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("there are no more than {more_than} messages within a minute");
    }

    fn has_all(&self) {
        let there = server_digest(&self.server.file(), self.account);
        let here = mirror_digest(&self.folder.path().join("mirror.db"), self.pk.0);
        assert_eq!(here, there, "what was made is here");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_made_is_here_before_the_rest_is_made_and_all_of_it_is_one_run() {
    let mut bruno = Bruno::sits_down().await;
    let (news, _, run) = bruno.pull().await;
    let mut held = 0;
    for part in 1..=3 {
        bruno.make(200).await;
        news.send_replace(part);
        // The run has not ended: nobody has said that there is no more to come.
        held = bruno.until_held(held).await;
    }
    // What comes after the last word is brought as well.
    bruno.make(usize::MAX).await;
    drop(news);
    let report = run.await.expect("the run does not panic");
    assert_eq!(report.outcome, Outcome::Completed, "{report:?}");
    bruno.has_all();
    let runs = bruno.mirror.runs(10).await.expect("the log can be read");
    assert_eq!(runs.len(), 1, "it is one run, however often it looked");
    assert_eq!(
        runs[0].saved, report.saved,
        "which counts all that it brought"
    );
    assert!(report.saved >= bruno.held().await, "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_went_wrong_before_the_last_look_is_told_by_that_alone() {
    let mut bruno = Bruno::sits_down().await;
    bruno.server.stop().await;
    let (news, _, run) = bruno.pull().await;
    news.send_replace(1);
    drop(news);
    let report = run.await.expect("the run does not panic");
    assert_eq!(report.outcome, Outcome::Failed, "{report:?}");
    assert_eq!(report.requests, 2, "it looked for the word, and at the end");
    assert_eq!(report.errors.len(), 1, "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_waits_for_more_ends_when_it_is_cancelled() {
    let mut bruno = Bruno::sits_down().await;
    let (news, cancel, run) = bruno.pull().await;
    bruno.make(200).await;
    news.send_replace(1);
    bruno.until_held(0).await;
    cancel.cancel();
    let report = run.await.expect("the run does not panic");
    assert_eq!(report.outcome, Outcome::Cancelled);
    drop(news);
}
