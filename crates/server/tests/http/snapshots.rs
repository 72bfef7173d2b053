//! Snapshots over HTTP.

use reqwest::{
    StatusCode,
    header::{CONTENT_RANGE, ETAG, IF_RANGE, RANGE},
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use threadkeep_protocol::{Code, Snapshot, SnapshotFile, SnapshotKind};
use threadkeep_server_store::Scope;

use crate::server::{Server, messages, problem};

/// A server with messages of one account, whose snapshot is built, and a token that may read it.
struct Packed {
    server: Server,
    token: String,
}

impl Packed {
    async fn new() -> Self {
        let packed = Self::unpacked(i64::MAX).await;
        packed.server.snapshot(1).await;
        packed
    }

    async fn unpacked(worth_it: i64) -> Self {
        let server = Server::with_snapshots(worth_it).await;
        let mine = server.account("mine").await;
        assert_eq!(mine, 1, "the paths name it");
        let packed = Self {
            token: server.token(mine, Scope::Read).await,
            server,
        };
        packed.ingest(100).await;
        packed
    }

    async fn ingest(&self, count: usize) {
        let admin = self.server.token(1, Scope::Admin).await;
        let body = Value::from(messages(count)).to_string();
        self.server.ingest("/ingest/1", &admin, body).await;
    }

    async fn manifest(&self) -> Snapshot {
        let manifest = self.server.read("/snapshots/1", &self.token).await;
        serde_json::from_value(manifest).unwrap()
    }

    async fn mirror(&self) -> SnapshotFile {
        let manifest = self.manifest().await;
        manifest.file(SnapshotKind::Mirror).unwrap().clone()
    }

    async fn status(&self, path: &str) -> StatusCode {
        let answer = self.server.get(path, &self.token).send().await.unwrap();
        answer.status()
    }
}

fn path(file: &SnapshotFile) -> String {
    format!("/snapshots/1/{}", file.name)
}

#[tokio::test]
async fn the_files_are_what_the_manifest_says() {
    let packed = Packed::new().await;
    let manifest = packed.manifest().await;
    let status = packed.server.read("/sync/status/1", &packed.token).await;
    assert_eq!(manifest.epoch, status["epoch"]);
    assert_eq!(manifest.files.len(), 2);
    for file in &manifest.files {
        let answer = packed.server.get(&path(file), &packed.token).send().await;
        let answer = answer.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "application/zstd");
        let bytes = answer.bytes().await.unwrap();
        assert_eq!(bytes.len() as u64, file.packed_bytes);
        let hash: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(hash, file.sha256);
    }
}

#[tokio::test]
async fn a_download_goes_on_from_where_it_broke() {
    let packed = Packed::new().await;
    let file = packed.mirror().await;
    let ask = || packed.server.get(&path(&file), &packed.token);
    let whole = ask().send().await.unwrap();
    let tag = whole.headers()[ETAG].clone();
    let whole = whole.bytes().await.unwrap();
    let rest = ask()
        .header(RANGE, "bytes=1000-")
        .header(IF_RANGE, &tag)
        .send()
        .await
        .unwrap();
    assert_eq!(rest.status(), StatusCode::PARTIAL_CONTENT);
    let said = format!("bytes 1000-{}/{}", whole.len() - 1, whole.len());
    assert_eq!(rest.headers()[CONTENT_RANGE], said.as_str());
    assert_eq!(rest.bytes().await.unwrap(), whole.slice(1000..));

    let other = ask()
        .header(RANGE, "bytes=1000-")
        .header(IF_RANGE, "\"another\"")
        .send()
        .await
        .unwrap();
    assert_eq!(other.status(), StatusCode::OK, "it is not that file");
    assert_eq!(other.bytes().await.unwrap(), whole);
    let behind = ask()
        .header(RANGE, format!("bytes={}-", whole.len()))
        .send()
        .await
        .unwrap();
    assert_eq!(
        behind.status(),
        StatusCode::OK,
        "what cannot be met is ignored"
    );
}

#[tokio::test]
async fn only_who_may_read_the_account_gets_its_snapshot() {
    let packed = Packed::new().await;
    let server = &packed.server;
    let file = path(&packed.mirror().await);
    let stranger = server.account("another's").await;
    let stranger = server.token(stranger, Scope::Admin).await;
    let feeder = server.token(1, Scope::Ingest).await;
    for path in ["/snapshots/1", &file] {
        let nobody = server.client.get(server.url(path)).send().await.unwrap();
        assert_eq!(problem(nobody).await.code, Code::Unauthorized);
        let foreign = server.get(path, &stranger).send().await.unwrap();
        assert_eq!(problem(foreign).await.code, Code::NotFound);
        let feeds = server.get(path, &feeder).send().await.unwrap();
        assert_eq!(problem(feeds).await.code, Code::Forbidden);
    }
}

#[tokio::test]
async fn nothing_else_of_the_folder_is_handed_out() {
    let packed = Packed::new().await;
    for name in [
        "manifest.json",
        "mirror.db",
        "search.db",
        "lock",
        "..%2F..%2Fserver.db",
        "%2e%2e",
        "mirror.zst",
    ] {
        let status = packed.status(&format!("/snapshots/1/{name}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{name}");
    }
}

#[tokio::test]
async fn there_is_none_before_it_is_built_and_none_of_another_history() {
    let packed = Packed::unpacked(i64::MAX).await;
    let ask = || packed.server.get("/snapshots/1", &packed.token).send();
    assert_eq!(problem(ask().await.unwrap()).await.code, Code::NotFound);
    packed.server.snapshot(1).await;
    let file = path(&packed.mirror().await);
    packed.server.store.begin_epoch().await.unwrap();
    assert_eq!(problem(ask().await.unwrap()).await.code, Code::NotFound);
    assert_eq!(packed.status(&file).await, StatusCode::NOT_FOUND);
    let built = packed.server.snapshot(1).await;
    assert!(built.is_new, "it is of the new history");
    assert_eq!(packed.manifest().await, built.snapshot);
}

#[tokio::test]
async fn a_running_server_builds_by_itself_what_is_worth_it() {
    let packed = Packed::unpacked(50).await;
    let first = built_past(&packed, 0).await;
    let rows = first.rows;
    packed.ingest(200).await;
    let second = built_past(&packed, first.seq).await;
    assert!(second.rows > rows, "{second:?}");
    assert_eq!(
        packed.status(&path(&first.files[0])).await,
        StatusCode::NOT_FOUND,
        "what another pack has replaced is gone"
    );
}

/// Waits for a snapshot that is newer.
async fn built_past(packed: &Packed, seq: i64) -> Snapshot {
    let newer = async {
        loop {
            let answer = packed
                .server
                .get("/snapshots/1", &packed.token)
                .send()
                .await;
            let answer = answer.unwrap();
            if answer.status() == StatusCode::OK {
                let snapshot: Snapshot = answer.json().await.unwrap();
                if snapshot.seq > seq {
                    return snapshot;
                }
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let patience = std::time::Duration::from_secs(60);
    let newer = tokio::time::timeout(patience, newer).await;
    newer.expect("it is built at all")
}
