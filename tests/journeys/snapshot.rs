//! Maya's server packs her account, and a new computer begins with what is in the pack.

mod taken;

use std::{collections::BTreeSet, fs, path::Path};

use rusqlite::Connection;
use tempfile::TempDir;
use threadkeep_ingest::sample::bulk;
use threadkeep_mirror::{IntegrationPk, Mirror, Search};
use threadkeep_protocol::{IntegrationId, Snapshot, SnapshotKind};
use threadkeep_server::{Options, SnapshotOptions, build_snapshot};
use threadkeep_server_store::Scope;
use threadkeep_snapshot::Snapshots;
use threadkeep_sync::{Outcome, Remote, RemoteOptions, RunReport, SyncOptions, sync};
use threadkeep_tests::{
    TestServer, assert_same, held_rows, mirror_digest,
    records::{ANA, ANA_LID, edited, own, picture, reacted, receipt, revoked, said, same_person},
    server_rows,
};
use tokio_util::sync::CancellationToken;

struct Maya {
    server: TestServer,
    account: IntegrationId,
    folder: TempDir,
}

impl Maya {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let server = TestServer::start_with(Options {
            snapshots: Some(SnapshotOptions::new(folder.path().join("snapshots"))),
            ..Options::default()
        })
        .await;
        let account = server.integration("Maya").await;
        let maya = Self {
            server,
            account,
            folder,
        };
        let records = bulk(3, 3_000).enumerate().collect();
        maya.server.ingest(account, records).await;
        maya
    }

    fn snapshots(&self) -> Snapshots {
        Snapshots::new(self.folder.path().join("snapshots"))
    }

    async fn pack(&self) -> Snapshot {
        let stop = CancellationToken::new();
        let snapshots = self.snapshots();
        let built = build_snapshot(&self.server.store, &snapshots, self.account, &stop);
        let built = built.await.expect("it can be built");
        assert!(built.is_new, "there was something to pack");
        built.snapshot
    }

    /// The files of a pack on a computer that has nothing.
    fn unpacked(&self, snapshot: &Snapshot) -> TempDir {
        let computer = tempfile::tempdir().expect("a folder");
        for (kind, name) in [
            (SnapshotKind::Mirror, "mirror.db"),
            (SnapshotKind::Index, "search.db"),
        ] {
            let file = snapshot.file(kind).expect("it has both");
            let packed = self.snapshots().packed(self.account, &file.name);
            let packed = fs::File::open(packed).expect("it is there");
            let bytes = zstd::stream::decode_all(packed).expect("it can be unpacked");
            fs::write(computer.path().join(name), bytes).expect("there is room");
        }
        computer
    }

    async fn says(&self, records: Vec<threadkeep_protocol::Record>) {
        let records = records.into_iter().enumerate().collect();
        self.server.ingest(self.account, records).await;
    }

    /// Pulls into the mirror of a computer, as from any server.
    async fn pulled(&self, mirror: &Mirror, pk: IntegrationPk) -> RunReport {
        let token = self.server.token(self.account, Scope::Read).await;
        let url = self.server.url.parse().expect("an address");
        let remote = Remote::new(url, Some(token), RemoteOptions::default()).expect("a client");
        let (options, cancel) = (SyncOptions::default(), CancellationToken::new());
        sync(mirror, pk, &remote, self.account, options, cancel, |_| {}).await
    }

    async fn assert_has_all(&self, mirror: &Path) {
        let theirs = server_rows(&self.server.store, self.account).await;
        assert_same(&theirs, &held_rows(mirror, 1), "the pack");
        mirror_digest(mirror, 1);
    }
}

/// Every word of an index with its message and its place.
fn words(index: &Path) -> BTreeSet<(String, i64, i64)> {
    let conn = Connection::open(index).expect("the index opens");
    conn.execute_batch("CREATE VIRTUAL TABLE temp.v USING fts5vocab(main, words, instance)")
        .expect("the index can be read");
    let mut select = conn
        .prepare("SELECT term, doc, offset FROM temp.v")
        .expect("its words are there");
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    rows.and_then(Iterator::collect).expect("they can be read")
}

/// What the index of a mirror is when it is made at one go.
async fn words_made_anew(mirror_file: &Path) -> BTreeSet<(String, i64, i64)> {
    let index = mirror_file.with_file_name("anew.db");
    let mirror = Mirror::open(mirror_file).expect("it opens");
    let search = Search::open(&mirror, &index).expect("it is followed");
    search.caught_up().await.expect("it is caught up with");
    search.close().await;
    mirror.close().await;
    words(&index)
}

/// Everything that can happen to what was packed: edits, deletions, a merge of two chats.
fn later() -> Vec<threadkeep_protocol::Record> {
    vec![
        said(ANA, "open1", 10),
        own(ANA, "open2", 20),
        said(ANA_LID, "hidden1", 40),
        picture(ANA_LID, "hidden2", 50),
        own(ANA_LID, "hidden3", 60),
        edited(ANA_LID, "hidden1", "edited", 80),
        reacted(ANA_LID, "hidden3", ANA_LID, "👍", 90),
        receipt(ANA_LID, "hidden3", ANA_LID, "read_at", 92),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_that_was_carried_on_is_what_the_server_has() {
    let maya = Maya::new().await;
    let first = maya.unpacked(&maya.pack().await);
    maya.assert_has_all(&first.path().join("mirror.db")).await;
    maya.says(later()).await;
    maya.pack().await;
    maya.says(vec![
        same_person(ANA_LID, ANA),
        revoked(ANA, "open1", 200),
        edited(ANA, "open2", "not what it was", 210),
    ])
    .await;
    let last = maya.unpacked(&maya.pack().await);
    let mirror = last.path().join("mirror.db");
    maya.assert_has_all(&mirror).await;
    let carried_on = words(&last.path().join("search.db"));
    assert!(carried_on.len() > 3_000, "there is something to find");
    assert_eq!(
        carried_on,
        words_made_anew(&mirror).await,
        "an index that has followed every change is the one that is made of what is left"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_computer_that_begins_with_a_pack_goes_on_by_cursor() {
    let maya = Maya::new().await;
    let computer = maya.unpacked(&maya.pack().await);
    let (mirror_file, index_file) = (
        computer.path().join("mirror.db"),
        computer.path().join("search.db"),
    );
    let index_before = words(&index_file);
    let mirror = Mirror::open(&mirror_file).expect("it opens");
    let pk = mirror.integrations().await.expect("it can be read")[0].pk;

    let report = maya.pulled(&mirror, pk).await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    assert_eq!(
        (report.saved, report.updated, report.unchanged),
        (0, 0, 0),
        "all of it was in the pack"
    );
    maya.says(later()).await;
    let report = maya.pulled(&mirror, pk).await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    assert!(
        report.saved > 0 && report.saved < 100,
        "what came later, and no more"
    );

    let search = Search::open(&mirror, &index_file).expect("it is followed");
    search.caught_up().await.expect("it is caught up with");
    search.close().await;
    mirror.close().await;
    drop(mirror);
    maya.assert_has_all(&mirror_file).await;
    let index_after = words(&index_file);
    assert!(
        index_after.is_superset(&index_before),
        "the index was gone on with"
    );
    assert_eq!(index_after, words_made_anew(&mirror_file).await);
}
