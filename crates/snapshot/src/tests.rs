//! Snapshots of a source that is made up: long because every kill, stop and damage is looked at with the same eyes.

use std::{
    error::Error as Cause,
    fs,
    path::{Path, PathBuf},
    sync::Mutex,
};

use serde_json::json;
use tempfile::TempDir;
use threadkeep_protocol::{
    Conversation, Message, Seq, Snapshot, SnapshotFile, SnapshotKind, Stream, SyncStatus,
};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::build;

const ACCOUNT: IntegrationId = 7;
/// Rows of a page.
const PAGE: i64 = 10;

/// One chat at seq 1 and messages behind it, and a note of what was asked.
struct Made {
    epoch: String,
    messages: i64,
    asked: Mutex<Vec<(Stream, Seq)>>,
    /// Stops the build once so many pages were asked for.
    stops: Option<(usize, CancellationToken)>,
}

impl Made {
    fn new(epoch: &str, messages: i64) -> Self {
        Self {
            epoch: epoch.to_owned(),
            messages,
            asked: Mutex::default(),
            stops: None,
        }
    }

    fn first_asked(&self) -> Seq {
        let asked = self.asked.lock().unwrap();
        let mut messages = asked
            .iter()
            .filter(|(stream, _)| *stream == Stream::Messages);
        messages.next().unwrap().1
    }
}

fn id(number: i64) -> String {
    format!("0192d1e0-0000-7000-8000-{number:012x}")
}

fn conversation() -> Conversation {
    let row = json!({"id": id(1), "seq": 1, "external_conversation_id": "49@s.whatsapp.net"});
    serde_json::from_value(row).unwrap()
}

fn message(seq: Seq, epoch: &str) -> Message {
    serde_json::from_value(json!({
        "id": id(seq), "seq": seq, "conversation_id": id(1),
        "external_message_id": format!("M{seq}"), "timestamp": "2024-01-01T00:00:00Z",
        "content": format!("word{seq} {epoch}"), "message_type": "text",
    }))
    .unwrap()
}

impl Source for Made {
    async fn page(
        &self,
        stream: Stream,
        since: Seq,
    ) -> Result<Pulled, Box<dyn Cause + Send + Sync>> {
        let asked = {
            let mut asked = self.asked.lock().unwrap();
            asked.push((stream, since));
            asked.len()
        };
        if let Some((after, stop)) = &self.stops
            && asked > *after
        {
            stop.cancel();
        }
        let end = 1 + self.messages;
        let last = (since.max(1) + PAGE).min(end);
        let rows = match stream {
            Stream::Conversations if since == 0 => Rows::Conversations(vec![conversation()]),
            Stream::Conversations => Rows::Conversations(Vec::new()),
            Stream::Messages => {
                let seqs = since.max(1) + 1..=last;
                Rows::Messages(seqs.map(|seq| message(seq, &self.epoch)).collect())
            }
            Stream::Contacts => Rows::Contacts(Vec::new()),
            Stream::Participants => Rows::Participants(Vec::new()),
            Stream::Media => Rows::Media(Vec::new()),
            Stream::Receipts => Rows::Receipts(Vec::new()),
        };
        let cursor = rows.versions().last().map_or(since, |(_, seq)| *seq);
        Ok(Pulled {
            has_more: stream == Stream::Messages && cursor < end,
            rows,
            cursor,
            epoch: self.epoch.clone(),
        })
    }
}

struct Scene {
    snapshots: Snapshots,
    place: TempDir,
}

impl Scene {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        Self {
            snapshots: Snapshots::new(place.path().join("snapshots")),
            place,
        }
    }

    async fn build(&self, source: &Made) -> Result<Built, Error> {
        let stop = CancellationToken::new();
        self.snapshots
            .build(ACCOUNT, source, Pace::Full, &stop)
            .await
    }

    fn folder(&self) -> Folder {
        self.snapshots.of(ACCOUNT)
    }

    fn held(&self) -> Option<Snapshot> {
        self.snapshots.manifest(ACCOUNT).unwrap()
    }

    fn unpacked(&self, file: &SnapshotFile) -> Vec<u8> {
        let packed = fs::read(self.snapshots.packed(ACCOUNT, &file.name)).unwrap();
        assert_eq!(packed.len() as u64, file.packed_bytes);
        let bytes = zstd::stream::decode_all(packed.as_slice()).unwrap();
        assert_eq!(bytes.len() as u64, file.bytes);
        bytes
    }

    /// What a client would find in the pack: the words of its messages, searchable all.
    async fn content(&self) -> Vec<String> {
        let held = self.held().unwrap();
        let unpack = |kind, name: &str| -> PathBuf {
            let file = self.place.path().join(name);
            fs::write(&file, self.unpacked(held.file(kind).unwrap())).unwrap();
            file
        };
        let mirror_file = unpack(SnapshotKind::Mirror, "mirror.db");
        let index_file = unpack(SnapshotKind::Index, "search.db");
        let mirror = Mirror::open_read_only(&mirror_file).unwrap();
        assert_eq!(mirror.check(true).await.unwrap(), [], "the mirror is sound");
        let accounts = mirror.integrations().await.unwrap();
        assert_eq!(accounts.len(), 1);
        assert_eq!(accounts[0].integration_id, ACCOUNT);
        assert_eq!(accounts[0].display_name, "", "no name is given away");
        let states = mirror.sync_states(accounts[0].pk).await.unwrap();
        assert_eq!(states.epoch, held.epoch);
        for (stream, state) in states.iter() {
            assert_eq!(Some(&state.last_seq), held.cursors.get(&stream), "{stream}");
        }
        let behind = Search::look(&mirror, &index_file).behind().await.unwrap();
        assert_eq!(behind, 0, "the index is of this mirror and has seen all");
        mirror.close().await;
        drop(mirror);
        let words = contents(&mirror_file);
        for name in ["mirror.db", "mirror.db-wal", "mirror.db-shm", "search.db"] {
            _ = fs::remove_file(self.place.path().join(name));
        }
        words
    }

    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.place.path().join("snapshots/7")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.filter(|name| !name.contains(".db")).collect();
        names.sort();
        names
    }
}

fn contents(file: &Path) -> Vec<String> {
    let conn = rusqlite::Connection::open(file).unwrap();
    let mut select = conn
        .prepare("SELECT content FROM messages ORDER BY seq")
        .unwrap();
    let rows = select.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

fn words(epoch: &str, messages: i64) -> Vec<String> {
    (2..=1 + messages)
        .map(|seq| format!("word{seq} {epoch}"))
        .collect()
}

#[tokio::test]
async fn a_pack_is_what_its_source_has() {
    let scene = Scene::new();
    let built = scene.build(&Made::new("e1", 45)).await.unwrap();
    assert!(built.is_new);
    assert_eq!(scene.held().as_ref(), Some(&built.snapshot));
    assert_eq!((built.snapshot.seq, built.snapshot.rows), (46, 46));
    assert_eq!(scene.content().await, words("e1", 45));
}

#[tokio::test]
async fn it_is_carried_on_by_cursor_and_the_old_pack_goes() {
    let scene = Scene::new();
    let first = scene.build(&Made::new("e1", 30)).await.unwrap();
    let more = Made::new("e1", 50);
    let second = scene.build(&more).await.unwrap();
    assert_eq!(more.first_asked(), 31, "what is there is not read again");
    assert!(second.is_new && second.snapshot != first.snapshot);
    assert_eq!(scene.content().await, words("e1", 50));
    let mut expected = vec!["lock".to_owned(), "manifest.json".to_owned()];
    expected.extend(second.snapshot.files.iter().map(|file| file.name.clone()));
    expected.sort();
    assert_eq!(scene.files(), expected, "nothing of the first pack is left");

    let again = scene.build(&Made::new("e1", 50)).await.unwrap();
    assert!(!again.is_new, "nothing has changed");
    assert_eq!(again.snapshot, second.snapshot);
}

#[tokio::test]
async fn another_history_begins_it_anew() {
    let scene = Scene::new();
    scene.build(&Made::new("e1", 30)).await.unwrap();
    let other = Made::new("e2", 12);
    let built = scene.build(&other).await.unwrap();
    assert_eq!(other.first_asked(), 0);
    assert_eq!(built.snapshot.epoch, "e2");
    assert_eq!(
        scene.content().await,
        words("e2", 12),
        "no row of the old one"
    );
}

#[tokio::test]
async fn a_build_that_is_stopped_is_gone_on_with() {
    let scene = Scene::new();
    let held = scene.build(&Made::new("e1", 5)).await.unwrap().snapshot;
    for after in 1..12 {
        let stop = CancellationToken::new();
        let mut source = Made::new("e1", 60);
        source.stops = Some((after, stop.clone()));
        let result = scene
            .snapshots
            .build(ACCOUNT, &source, Pace::Half, &stop)
            .await;
        match result {
            Err(Error::Stopped) => assert_eq!(scene.held().as_ref(), Some(&held)),
            // It had all pages before it was told.
            Ok(_) => break,
            Err(error) => panic!("{error}"),
        }
    }
    let source = Made::new("e1", 60);
    scene.build(&source).await.unwrap();
    assert!(
        source.first_asked() > 6,
        "what the stopped ones brought is kept"
    );
    assert_eq!(scene.content().await, words("e1", 60));
}

/// After which step the process is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Step {
    Followed,
    Indexed,
    Packed,
    Published,
}

#[tokio::test]
async fn a_kill_between_two_steps_leaves_the_old_pack_or_the_new_one() {
    for last in [Step::Followed, Step::Indexed, Step::Packed, Step::Published] {
        let scene = Scene::new();
        let old = scene.build(&Made::new("e1", 20)).await.unwrap().snapshot;
        let stop = CancellationToken::new();
        let (folder, source) = (scene.folder(), Made::new("e1", 33));
        // The steps of `build`, and no further.
        let followed = build::follow(&folder, ACCOUNT, &source, Pace::Full, &stop).await;
        let (mirror, manifest) = followed.unwrap().parts();
        if last >= Step::Indexed {
            build::index(&folder, mirror.clone(), &stop).await.unwrap();
        }
        drop(mirror);
        fs::write(folder.draft("mirror"), "half of a pack").unwrap();
        if last >= Step::Packed {
            let new = build::packed(&folder, manifest, &stop).await.unwrap();
            fs::write(folder.draft("manifest.json"), "{").unwrap();
            if last >= Step::Published {
                folder.publish(&new).unwrap();
            }
        }
        let is_new = last == Step::Published;
        let held = scene.held().unwrap();
        assert_eq!(held == old, !is_new, "{last:?}");
        let expected = if is_new { 33 } else { 20 };
        assert_eq!(scene.content().await, words("e1", expected), "{last:?}");

        let built = scene.build(&Made::new("e1", 33)).await.unwrap();
        assert_eq!(built.is_new, !is_new, "{last:?}");
        assert_eq!(scene.content().await, words("e1", 33), "{last:?}");
        assert_eq!(
            scene.files().len(),
            4,
            "{last:?}: what was left is swept away"
        );
    }
}

#[tokio::test]
async fn two_do_not_build_the_same() {
    let scene = Scene::new();
    let held = scene.folder().hold().unwrap();
    let refused = scene.build(&Made::new("e1", 5)).await;
    assert!(matches!(refused, Err(Error::Held)), "{refused:?}");
    drop(held);
    scene.build(&Made::new("e1", 5)).await.unwrap();
}

#[tokio::test]
async fn what_is_damaged_is_made_anew() {
    let scene = Scene::new();
    scene.build(&Made::new("e1", 20)).await.unwrap();
    fs::write(scene.folder().mirror(), "no database").unwrap();
    fs::write(scene.folder().index(), "nor this").unwrap();
    let source = Made::new("e1", 25);
    scene.build(&source).await.unwrap();
    assert_eq!(source.first_asked(), 0);
    assert_eq!(scene.content().await, words("e1", 25));
}

#[tokio::test]
async fn a_counter_that_is_wrong_is_not_given_on() {
    let scene = Scene::new();
    let held = scene.build(&Made::new("e1", 20)).await.unwrap().snapshot;
    let conn = rusqlite::Connection::open(scene.folder().mirror()).unwrap();
    conn.execute("UPDATE conversations SET message_count = 3", [])
        .unwrap();
    drop(conn);
    let refused = scene.build(&Made::new("e1", 25)).await;
    assert!(matches!(refused, Err(Error::Unsound)), "{refused:?}");
    assert_eq!(scene.held(), Some(held), "what was packed before stays");
    scene.build(&Made::new("e1", 25)).await.unwrap();
    assert_eq!(scene.content().await, words("e1", 25));
}

#[tokio::test]
async fn a_manifest_that_speaks_of_what_is_not_there_is_none() {
    let scene = Scene::new();
    assert_eq!(scene.held(), None, "nothing was built yet");
    let built = scene.build(&Made::new("e1", 20)).await.unwrap().snapshot;
    let file = scene.snapshots.packed(ACCOUNT, &built.files[1].name);
    fs::write(&file, "shorter").unwrap();
    assert_eq!(scene.held(), None);
    let again = scene.build(&Made::new("e1", 20)).await.unwrap();
    assert!(again.is_new, "it is packed once more");
    fs::write(scene.folder().packed("manifest.json"), "{").unwrap();
    assert_eq!(scene.held(), None);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_reads_them() {
    use std::os::unix::fs::PermissionsExt;

    let scene = Scene::new();
    scene.build(&Made::new("e1", 20)).await.unwrap();
    let folder = scene.place.path().join("snapshots/7");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o077;
    assert_eq!(mode(&folder), 0);
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0, "{}", path.display());
    }
}

#[tokio::test]
async fn what_belongs_to_no_account_goes() {
    let scene = Scene::new();
    scene.snapshots.keep_only(&[]).unwrap();
    scene.build(&Made::new("e1", 5)).await.unwrap();
    let foreign = scene.place.path().join("snapshots/notes");
    fs::create_dir(&foreign).unwrap();
    scene.snapshots.keep_only(&[ACCOUNT]).unwrap();
    assert!(scene.held().is_some());
    scene.snapshots.keep_only(&[1]).unwrap();
    assert_eq!(scene.held(), None);
    assert!(foreign.exists(), "what is not ours stays");
}

#[test]
fn a_pack_is_due_at_every_fifth_more() {
    let status = |messages, seq| SyncStatus {
        epoch: "e1".to_owned(),
        message_count: messages,
        latest_message_seq: seq,
        ..SyncStatus::default()
    };
    let held = Snapshot {
        epoch: "e1".to_owned(),
        seq: 1_000,
        cursors: [].into(),
        rows: 1_000,
        mirror_format: Mirror::newest_format(),
        index_format: Search::format(),
        files: Vec::new(),
    };
    let due = |held: Option<&Snapshot>, messages, seq| is_due(held, &status(messages, seq), 1_000);
    assert!(!due(None, 999, 999), "so few are pulled as fast");
    assert!(due(None, 1_000, 1_000));
    assert!(
        !due(Some(&held), 1_000, 1_200),
        "a fifth is not more than a fifth"
    );
    assert!(due(Some(&held), 1_000, 1_201));
    for other in [
        Snapshot {
            epoch: "e2".to_owned(),
            ..held.clone()
        },
        Snapshot {
            mirror_format: 1,
            ..held.clone()
        },
        Snapshot {
            index_format: 99,
            ..held
        },
    ] {
        assert!(due(Some(&other), 1_000, 1_000), "nobody can use it");
    }
}
