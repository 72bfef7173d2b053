//! The bytes of a file: resumed where they broke, kept only if they are the announced ones, and never more
//! of them than were announced.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use threadkeep_content::{Contents, Hash};
use threadkeep_protocol::Id;
use threadkeep_sync::{MediaError, WantedFile, fetch_media};
use tokio_util::sync::CancellationToken;

use crate::{
    bench::{QUICK, remote},
    fault_server::{FaultServer, Reply, Request, http},
    world::World,
};

const BYTES: &str = "application/octet-stream";

/// As long as several packets.
fn picture() -> Vec<u8> {
    (0..300_000_u32).map(|n| (n % 251) as u8).collect()
}

/// A server with one file, and a folder to fetch it into.
struct Scene {
    server: FaultServer,
    folder: tempfile::TempDir,
    contents: Contents,
    wanted: WantedFile,
    progress: Arc<AtomicU64>,
}

impl Scene {
    async fn new(script: impl FnMut(&Request, &mut World) -> Reply + Send + 'static) -> Self {
        let server = FaultServer::start(World::with_messages(0)).await;
        server.script(script);
        let folder = tempfile::tempdir().unwrap();
        Self {
            server,
            contents: Contents::new(folder.path().join("media")),
            folder,
            wanted: WantedFile {
                integration: 1,
                id: Id::from_u128(7),
                hash: Hash::of(&picture()),
                length: Some(picture().len() as u64),
            },
            progress: Arc::default(),
        }
    }

    async fn fetch(&self) -> Result<(), MediaError> {
        let remote = remote(&format!("http://{}", self.server.address));
        let seen = Arc::clone(&self.progress);
        fetch_media(
            &remote,
            &self.contents,
            &self.wanted,
            &QUICK,
            &CancellationToken::new(),
            move |bytes| seen.store(bytes, Ordering::Relaxed),
        )
        .await
    }

    async fn code(&self) -> &'static str {
        self.fetch().await.expect_err("it must not come").code()
    }

    fn assert_is_here(&self) {
        let kept = std::fs::read(self.contents.path(&self.wanted.hash)).unwrap();
        assert!(kept == picture(), "every byte is the server's");
        assert_eq!(self.progress.load(Ordering::Relaxed), kept.len() as u64);
    }

    fn assert_is_not_here(&self) {
        assert_eq!(self.contents.length(&self.wanted.hash), None);
    }

    /// From which byte on each request asked.
    fn asked(&self) -> Vec<String> {
        let requests = self.server.requests();
        let ranges = requests.iter().map(|each| each.headers.get("range"));
        ranges
            .map(|range| range.cloned().unwrap_or_default())
            .collect()
    }
}

fn whole(status: &str, bytes: &[u8]) -> Reply {
    Reply::Raw(http(&format!("{status}\r\ncontent-type: {BYTES}"), bytes))
}

/// The answer, closed after so many bytes of it.
fn cut(reply: Reply, bytes: usize) -> Reply {
    let Reply::Raw(mut raw) = reply else {
        return reply;
    };
    raw.truncate(bytes);
    Reply::Raw(raw)
}

/// What an honest server says to a range.
fn part(request: &Request) -> Reply {
    let Some(range) = request.headers.get("range") else {
        return whole("200 OK", &picture());
    };
    let from = range.trim_start_matches("bytes=").trim_end_matches('-');
    let from: usize = from.parse().unwrap();
    let all = picture();
    let head = format!(
        "206 Partial Content\r\ncontent-range: bytes {from}-{}/{}",
        all.len() - 1,
        all.len()
    );
    whole(&head, &all[from..])
}

#[tokio::test]
async fn it_comes_and_is_what_was_announced() {
    let scene = Scene::new(|request, _| part(request)).await;
    scene.fetch().await.unwrap();
    scene.assert_is_here();
    assert!(
        scene.server.requests()[0]
            .path
            .starts_with("/media/1/00000000-")
    );
    scene.fetch().await.unwrap();
    assert_eq!(
        scene.server.requests().len(),
        1,
        "what is here is not asked for"
    );
}

#[tokio::test]
async fn a_connection_that_breaks_again_and_again_costs_no_byte_twice() {
    let scene = Scene::new(|request, _| match request.nth {
        0 | 1 => cut(part(request), 90_000),
        _ => part(request),
    })
    .await;
    scene.fetch().await.unwrap();
    scene.assert_is_here();
    let asked = scene.asked();
    assert_eq!(asked[0], "", "from the beginning");
    assert!(
        asked[1..].iter().all(|range| range.starts_with("bytes=")),
        "{asked:?}"
    );
    let tag = format!("\"{}\"", scene.wanted.hash);
    assert_eq!(
        scene.server.requests()[1].headers["if-range"],
        tag,
        "of these bytes only"
    );
}

#[tokio::test]
async fn what_was_left_by_a_kill_is_gone_on_with() {
    let scene = Scene::new(|request, _| part(request)).await;
    let mut draft = scene.contents.resume(&scene.wanted.hash).unwrap();
    draft.write(&picture()[..123_456]).unwrap();
    drop(draft);
    scene.fetch().await.unwrap();
    scene.assert_is_here();
    assert_eq!(scene.asked(), ["bytes=123456-"]);
}

#[tokio::test]
async fn what_was_left_and_is_wrong_is_thrown_away() {
    let scene = Scene::new(|request, _| part(request)).await;
    let mut draft = scene.contents.resume(&scene.wanted.hash).unwrap();
    draft.write(b"of another file").unwrap();
    drop(draft);
    assert_eq!(scene.code().await, "media_wrong");
    scene.fetch().await.expect("the next time begins anew");
    scene.assert_is_here();
}

#[rstest::rstest]
#[case::that_knows_no_ranges("200 OK")]
#[case::whose_file_is_shorter("416 Range Not Satisfiable")]
#[tokio::test]
async fn a_server_that_does_not_resume_sends_it_whole(#[case] status: &'static str) {
    let scene = Scene::new(
        move |request, _| match request.headers.contains_key("range") {
            true if status.starts_with("416") => whole(status, b""),
            _ => whole("200 OK", &picture()),
        },
    )
    .await;
    let mut draft = scene.contents.resume(&scene.wanted.hash).unwrap();
    draft.write(&picture()[..1_000]).unwrap();
    drop(draft);
    scene.fetch().await.unwrap();
    scene.assert_is_here();
}

#[tokio::test]
async fn a_part_that_begins_elsewhere_is_not_appended() {
    let scene = Scene::new(|request, _| match request.headers.contains_key("range") {
        true => whole(
            "206 Partial Content\r\ncontent-range: bytes 7-9/300000",
            b"abc",
        ),
        false => part(request),
    })
    .await;
    let mut draft = scene.contents.resume(&scene.wanted.hash).unwrap();
    draft.write(&picture()[..1_000]).unwrap();
    drop(draft);
    scene.fetch().await.unwrap();
    scene.assert_is_here();
}

#[rstest::rstest]
#[case::of_the_same_length(|| vec![b'x'; 300_000])]
#[case::shorter(|| vec![b'x'; 10])]
#[case::longer(|| vec![b'x'; 300_001])]
#[case::a_login_page(|| b"<!DOCTYPE html>".to_vec())]
#[tokio::test]
async fn other_bytes_are_never_kept(#[case] bytes: fn() -> Vec<u8>) {
    let scene = Scene::new(move |_, _| whole("200 OK", &bytes())).await;
    let code = scene.code().await;
    assert!(["media_wrong", "bad_page"].contains(&code), "{code}");
    scene.assert_is_not_here();
}

#[tokio::test]
async fn an_endless_body_ends() {
    let scene = Scene::new(|_, _| {
        // A length that it never reaches, and far more than was announced.
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: {BYTES}\r\ncontent-length: 99999999999\r\n\r\n"
        );
        Reply::Raw([head.into_bytes(), vec![b'x'; 8_000_000]].concat())
    })
    .await;
    assert_eq!(scene.code().await, "media_wrong");
    scene.assert_is_not_here();
    let left = walk(scene.folder.path());
    assert!(left < 1_000_000, "{left} bytes are left on the disk");
}

fn walk(folder: &std::path::Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| match entry.metadata().unwrap() {
            about if about.is_dir() => walk(&entry.path()),
            about => about.len(),
        })
        .sum()
}

#[rstest::rstest]
#[case::gone("404 Not Found", "not_found", true)]
#[case::expired("410 Gone", "not_found", true)]
#[case::refused("400 Bad Request", "bad_request", false)]
#[case::without_a_token("401 Unauthorized", "unauthorized", false)]
#[case::broken("500 Internal Server Error", "server_error", false)]
#[tokio::test]
async fn a_refusal_is_told_apart_from_a_file_that_is_gone(
    #[case] status: &'static str,
    #[case] code: &str,
    #[case] is_gone: bool,
) {
    let scene = Scene::new(move |_, _| whole(status, b"")).await;
    let error = scene.fetch().await.unwrap_err();
    assert_eq!((error.code(), error.is_gone()), (code, is_gone));
    scene.assert_is_not_here();
}

#[tokio::test]
async fn who_has_enough_keeps_what_has_come() {
    let scene = Scene::new(|request, _| part(request)).await;
    let cancel = CancellationToken::new();
    cancel.cancel();
    let remote = remote(&format!("http://{}", scene.server.address));
    let ended = fetch_media(
        &remote,
        &scene.contents,
        &scene.wanted,
        &QUICK,
        &cancel,
        |_| {},
    )
    .await;
    assert_eq!(ended.unwrap_err().code(), "cancelled");
    scene.assert_is_not_here();
    scene.fetch().await.unwrap();
    scene.assert_is_here();
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_named_as_what_is_wrong() {
    let scene = Scene::new(|request, _| part(request)).await;
    std::fs::write(scene.folder.path().join("media"), "in the way").unwrap();
    assert_eq!(scene.code().await, "media_disk");
}
