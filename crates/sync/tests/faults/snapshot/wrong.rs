//! Snapshots that are not what they have to be: the run pulls, and ends with the truth.

use std::fs;

use rstest::rstest;
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use threadkeep_protocol::SnapshotKind;

use super::{assert_pulled, bench, honest, pack::Pack};
use crate::{fault_server::Reply, world::World};

pub fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    zstd::decode_all(bytes).unwrap()
}

/// Its mirror with something done to it, packed again as an honest server would.
fn rewritten(pack: Pack, sql: &str) -> Pack {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mirror.db");
    let packed = &pack.files[&pack.manifest.files[0].name];
    fs::write(&path, unpacked(packed)).unwrap();
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    conn.execute_batch(sql).unwrap();
    conn.close().unwrap();
    let bytes = fs::read(&path).unwrap();
    let mut pack = pack;
    pack.manifest.files[0].bytes = bytes.len() as u64;
    pack.with_file(0, zstd::encode_all(&bytes[..], 3).unwrap())
}

#[rstest]
#[case::another_history(|pack: &mut Pack| pack.manifest.epoch = "e9".into())]
#[case::no_history(|pack: &mut Pack| pack.manifest.epoch.clear())]
#[case::an_older_format(|pack: &mut Pack| pack.manifest.mirror_format -= 1)]
#[case::a_newer_format(|pack: &mut Pack| pack.manifest.mirror_format += 1)]
#[case::no_files(|pack: &mut Pack| pack.manifest.files.clear())]
#[case::no_mirror(|pack: &mut Pack| pack.manifest.files[0].kind = SnapshotKind::Unknown)]
#[case::another_hash(|pack: &mut Pack| pack.manifest.files[0].sha256 = hex(b"x"))]
#[case::a_hash_that_is_a_path(|pack: &mut Pack| pack.manifest.files[0].sha256 = "../".repeat(22))]
#[case::a_name_that_leads_elsewhere(|pack: &mut Pack| pack.manifest.files[0].name = "../../health".into())]
#[case::fewer_bytes_than_come(|pack: &mut Pack| pack.manifest.files[0].packed_bytes -= 1)]
#[case::more_bytes_than_come(|pack: &mut Pack| pack.manifest.files[0].packed_bytes += 1)]
#[case::an_empty_file(|pack: &mut Pack| pack.manifest.files[0].packed_bytes = 0)]
#[case::it_grows_beyond_what_was_said(|pack: &mut Pack| pack.manifest.files[0].bytes -= 1)]
#[case::it_grows_less_than_was_said(|pack: &mut Pack| pack.manifest.files[0].bytes += 1)]
#[case::it_would_fill_the_disk(|pack: &mut Pack| pack.manifest.files[0].bytes = u64::MAX)]
#[case::other_cursors(|pack: &mut Pack| pack.manifest.cursors.clear())]
#[case::another_index(|pack: &mut Pack| pack.manifest.files[1].sha256 = hex(b"x"))]
#[tokio::test]
async fn what_is_announced_wrongly_is_pulled(#[case] change: fn(&mut Pack)) {
    let mut pack = Pack::of(&World::with_messages(40)).await;
    change(&mut pack);
    let bench = honest(&pack, World::with_messages(40)).await;
    let report = bench.sync().await;
    assert_pulled(&bench, &report).await;
}

#[rstest]
#[case::noise(|_: Vec<u8>| vec![7; 5_000])]
#[case::nothing_in_it(|_| zstd::encode_all(&b""[..], 3).unwrap())]
#[case::half(|bytes: Vec<u8>| bytes[..bytes.len() / 2].to_vec())]
#[case::something_behind_it(|bytes: Vec<u8>| [bytes, vec![1, 2, 3]].concat())]
#[case::a_bomb(|_| zstd::encode_all(&vec![0; 50 << 20][..], 3).unwrap())]
#[case::no_database(|bytes: Vec<u8>| zstd::encode_all(&vec![b'x'; unpacked(&bytes).len()][..], 3).unwrap())]
#[case::a_damaged_one(|bytes: Vec<u8>| {
    let mut bytes = unpacked(&bytes);
    bytes[4096 * 8..4096 * 12].fill(0);
    zstd::encode_all(&bytes[..], 3).unwrap()
})]
#[tokio::test]
async fn what_was_packed_wrongly_is_pulled(#[case] change: fn(Vec<u8>) -> Vec<u8>) {
    let pack = Pack::of(&World::with_messages(40)).await;
    let bytes = pack.files[&pack.manifest.files[0].name].clone();
    let bench = honest(&pack.with_file(0, change(bytes)), World::with_messages(40)).await;
    let report = bench.sync().await;
    assert_pulled(&bench, &report).await;
}

#[rstest]
#[case::a_trigger("CREATE TRIGGER t AFTER INSERT ON messages BEGIN DELETE FROM settings; END")]
#[case::another_account("UPDATE integrations SET remote_id = 2")]
#[case::another_history("UPDATE sync_state SET epoch = 'e9'")]
#[case::rows_of_another("UPDATE messages SET integration_pk = 2 WHERE pk = 7")]
#[tokio::test]
async fn what_is_not_what_it_is_said_to_be_is_pulled(#[case] sql: &str) {
    let pack = rewritten(Pack::of(&World::with_messages(40)).await, sql);
    let bench = honest(&pack, World::with_messages(40)).await;
    let report = bench.sync().await;
    assert_pulled(&bench, &report).await;
}

#[rstest]
#[case::none("404 Not Found\r\ncontent-type: application/problem+json", "{}")]
#[case::a_server_that_knows_none("404 Not Found\r\ncontent-type: application/json", "{}")]
#[case::a_website("200 OK\r\ncontent-type: text/html", "<html>")]
#[case::a_fault("500 Internal Server Error", "")]
#[case::a_refusal("403 Forbidden\r\ncontent-type: application/problem+json", "{}")]
#[case::another_shape("200 OK\r\ncontent-type: application/json", "[]")]
#[case::something_else("200 OK\r\ncontent-type: application/json", r#"{"files": 1}"#)]
#[tokio::test]
async fn a_server_that_has_none_to_tell_of_is_pulled(
    #[case] head: &'static str,
    #[case] body: &'static str,
) {
    let pack = Pack::of(&World::with_messages(40)).await;
    for of_the_files in [false, true] {
        let bench = bench(&pack, World::with_messages(40), move |request, reply| {
            if (request.path == "/snapshots/1") == of_the_files {
                return reply;
            }
            Reply::Http(head, body.to_owned())
        })
        .await;
        let report = bench.sync().await;
        assert_pulled(&bench, &report).await;
    }
}

#[tokio::test]
async fn a_server_that_loses_it_in_the_middle_is_pulled() {
    let pack = Pack::of(&World::with_messages(40)).await;
    let (cuts, mut is_lost) = (pack.clone(), false);
    let bench = bench(&pack, World::with_messages(40), move |request, reply| {
        match cuts.file(request) {
            // Another pack has taken its place.
            Some(_) if is_lost => Reply::Honest,
            Some(file) => {
                is_lost = true;
                cuts.cut(request, file, 500)
            }
            None => reply,
        }
    })
    .await;
    let report = bench.sync().await;
    assert_pulled(&bench, &report).await;
}

#[tokio::test]
async fn a_server_that_goes_on_elsewhere_is_pulled() {
    let pack = Pack::of(&World::with_messages(40)).await;
    let cuts = pack.clone();
    let bench = bench(&pack, World::with_messages(40), move |request, reply| {
        let Some(file) = cuts.file(request) else {
            return reply;
        };
        let Reply::Raw(mut answer) = cuts.cut(request, file, 900) else {
            return reply;
        };
        if request.headers.contains_key("range") {
            let text = String::from_utf8_lossy(&answer).into_owned();
            let place = text.find("bytes 900-").expect("it says where it begins");
            answer[place + 6..place + 9].copy_from_slice(b"800");
        }
        Reply::Raw(answer)
    })
    .await;
    let report = bench.sync().await;
    assert_pulled(&bench, &report).await;
}

#[tokio::test]
async fn a_disk_that_takes_no_file_is_no_reason_not_to_pull() {
    let pack = Pack::of(&World::with_messages(40)).await;
    let bench = honest(&pack, World::with_messages(40)).await;
    fs::write(
        bench.mirror.drafts(),
        "a file stands where the folder should",
    )
    .unwrap();
    let report = bench.sync().await;
    fs::remove_file(bench.mirror.drafts()).unwrap();
    assert_pulled(&bench, &report).await;
}
