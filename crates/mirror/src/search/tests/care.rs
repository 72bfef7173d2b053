//! What may happen to the file.

use std::fs;

use rstest::rstest;

use super::*;

async fn filled() -> Place {
    let place = Place::new().await;
    for number in 1..=20 {
        place.say(number, &format!("soup {number}")).await;
    }
    place.caught_up().await;
    place
}

fn foreign(of: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.execute_batch(of).unwrap();
    drop(conn);
    fs::read(path).unwrap()
}

#[rstest]
#[case::lost(|_: &[u8]| None)]
#[case::empty(|_: &[u8]| Some(Vec::new()))]
#[case::no_database(|_: &[u8]| Some(b"some notes".to_vec()))]
#[case::another_programs(|_: &[u8]| Some(foreign("CREATE TABLE theirs (x)")))]
#[case::another_versions(|_: &[u8]| Some(foreign(
    "PRAGMA application_id = 0x544B5358; PRAGMA user_version = 99; CREATE TABLE standing (x)")))]
#[case::cut_short(|whole: &[u8]| Some(whole[..whole.len() / 2].to_vec()))]
#[case::cut_to_a_page(|whole: &[u8]| Some(whole[..4_096].to_vec()))]
#[case::overwritten(|whole: &[u8]| {
    let mut bytes = whole.to_vec();
    bytes[4_096..].fill(0xA5);
    Some(bytes)
})]
#[case::flipped(|whole: &[u8]| {
    let mut bytes = whole.to_vec();
    let (at, end) = (bytes.len() - 4_096, bytes.len());
    bytes[at..end].iter_mut().for_each(|byte| *byte ^= 0xFF);
    Some(bytes)
})]
#[tokio::test]
async fn whatever_is_wrong_with_the_file_it_is_made_anew(
    #[case] damage: fn(&[u8]) -> Option<Vec<u8>>,
) {
    let mut place = filled().await;
    place.search.close().await;
    let whole = fs::read(place.file()).unwrap();
    files::remove_database(&place.file()).unwrap();
    if let Some(bytes) = damage(&whole) {
        fs::write(place.file(), bytes).unwrap();
    }
    place.search = Search::open(&place.scene.mirror, &place.file()).unwrap();
    // A damaged page may show only when it is read; then it is mended behind the back of who asked.
    let begun = std::time::Instant::now();
    loop {
        place.say(21, "soup of today").await;
        place.caught_up().await;
        match place.search.find(query("soup")).await {
            Ok(found) if found.hits.len() == 21 => break,
            Ok(_) | Err(Error::Index(_)) => {}
            Err(other) => panic!("{other}"),
        }
        assert!(begun.elapsed().as_secs() < 60, "the index is whole again");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn the_index_of_another_mirror_is_not_used() {
    let (mut one, mut other) = (filled().await, Place::new().await);
    other.say(1, "leek").await;
    one.search.close().await;
    other.search.close().await;
    files::remove_database(&other.file()).unwrap();
    fs::copy(one.file(), other.file()).unwrap();
    let look = Search::look(&other.scene.mirror, &other.file());
    let found = look.find(query("soup")).await.unwrap();
    assert_eq!(
        (found.hits.len(), found.behind),
        (0, 1),
        "it is as if there were none"
    );
    other.search = Search::open(&other.scene.mirror, &other.file()).unwrap();
    assert_eq!(other.find("leek").await, ["1"]);
    assert!(other.find("soup").await.is_empty());
    one.search = Search::open(&one.scene.mirror, &one.file()).unwrap();
    assert_eq!(one.find("soup").await.len(), 20);
}

#[tokio::test]
async fn an_older_copy_of_the_index_begins_again() {
    let mut place = filled().await;
    place.search.close().await;
    let old = fs::read(place.file()).unwrap();
    place.search = Search::open(&place.scene.mirror, &place.file()).unwrap();
    for number in 1..=5 {
        let row = message(number, 1, 100, serde_json::json!({"content": "leek"}));
        place.put(vec![row]).await;
    }
    assert_eq!(place.find("leek").await.len(), 5);
    place.search.close().await;
    // The mirror has forgotten the changes by now, or does so with the next.
    place
        .scene
        .mirror
        .write(|writing| {
            writing.conn.execute("DELETE FROM search_feed", [])?;
            Ok(())
        })
        .await
        .unwrap();
    files::remove_database(&place.file()).unwrap();
    fs::write(place.file(), old).unwrap();
    place.search = Search::open(&place.scene.mirror, &place.file()).unwrap();
    assert_eq!(place.find("leek").await.len(), 5);
    assert_eq!(place.find("soup").await.len(), 15);
}

#[tokio::test]
async fn without_an_index_nothing_is_found_and_that_is_said() {
    let place = filled().await;
    place.search.close().await;
    files::remove_database(&place.file()).unwrap();
    let look = Search::look(&place.scene.mirror, &place.file());
    let found = look.find(query("soup")).await.unwrap();
    assert_eq!((found.hits.len(), found.behind, found.about), (0, 20, None));
    assert_eq!(look.behind().await.unwrap(), 20);
    assert!(matches!(look.caught_up().await, Err(Error::Closed)));
    assert!(!place.file().exists(), "looking makes no file");
}

#[tokio::test]
async fn another_program_may_look_while_one_indexes() {
    let place = filled().await;
    let other = Mirror::open_read_only(place.scene.mirror.path()).unwrap();
    let look = Search::look(&other, &place.file());
    assert_eq!(look.find(query("soup")).await.unwrap().hits.len(), 20);
    place.say(21, "soup again").await;
    place.caught_up().await;
    assert_eq!(look.find(query("soup")).await.unwrap().hits.len(), 21);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_index() {
    use std::os::unix::fs::PermissionsExt;
    let place = filled().await;
    for ending in ["", "-wal", "-shm"] {
        let file = files::beside(&place.file(), ending);
        let mode = fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{ending}");
    }
}

#[tokio::test]
async fn a_closed_search_leaves_one_file_and_no_log() {
    let place = filled().await;
    place.search.close().await;
    assert!(!files::beside(&place.file(), "-wal").exists());
    assert!(matches!(place.search.caught_up().await, Err(Error::Closed)));
}

/// What a killed indexer left is gone on with: the test runs itself again as a process to be killed.
#[cfg(unix)]
#[test]
fn an_indexer_that_is_killed_anywhere_goes_on_and_misses_nothing() {
    const PLACE: &str = "THREADKEEP_TEST_KILLED_INDEXER";
    const TEST: &str =
        "search::tests::care::an_indexer_that_is_killed_anywhere_goes_on_and_misses_nothing";
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if let Some(folder) = std::env::var_os(PLACE) {
        return runtime.block_on(change_for_ever(Path::new(&folder)));
    }
    let folder = tempfile::tempdir().unwrap();
    let (mirror, index, begun) = (
        folder.path().join("mirror.db"),
        folder.path().join("search.db"),
        folder.path().join(BEGUN),
    );
    for round in 0..25_u64 {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", TEST])
            .env(PLACE, folder.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // Every round a little later after its beginning, so that each moment of the work is met by some.
        while !begun.exists() {
            assert!(child.try_wait().unwrap().is_none(), "it goes on for ever");
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        fs::remove_file(&begun).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(round * 17));
        child.kill().unwrap();
        child.wait().unwrap();
        if round % 5 != 4 {
            continue;
        }
        runtime.block_on(async {
            let mirror = Mirror::open(&mirror).unwrap();
            let search = Search::open(&mirror, &index).unwrap();
            let waited = tokio::time::timeout(std::time::Duration::from_secs(60), search.caught_up());
            waited.await.expect("it goes on").unwrap();
            for word in ["soup", "leek"] {
                let truth: Vec<i64> = mirror
                    .read(move |conn| {
                        let mut select = conn.prepare(
                            "SELECT pk FROM messages WHERE content LIKE ?1 || ' %' ORDER BY pk DESC",
                        )?;
                        let rows = select.query_map([word], |row| row.get(0))?;
                        Ok(rows.collect::<Result<_, _>>()?)
                    })
                    .await
                    .unwrap();
                let found = search.find(query(word)).await.unwrap();
                let mut pks: Vec<i64> = found.hits.iter().map(|hit| hit.message.pk.0).collect();
                pks.sort_unstable_by(|a, b| b.cmp(a));
                assert!(!truth.is_empty(), "there was something to kill");
                assert_eq!(pks, truth, "round {round}: {word}");
                assert_eq!(found.about.map(|about| about.hits), Some(truth.len() as u64));
            }
            search.close().await;
            mirror.close().await;
        });
    }
}

/// The file that says that the first change was written.
#[cfg(unix)]
const BEGUN: &str = "begun";

/// New messages and new versions of old ones, as fast as they can be written.
#[cfg(unix)]
async fn change_for_ever(folder: &Path) {
    use crate::testing::{account, batch};
    let mirror = Mirror::open(&folder.join("mirror.db")).unwrap();
    let _search = Search::open(&mirror, &folder.join("search.db")).unwrap();
    let pk = mirror
        .put_integration(account("embedded", 1))
        .await
        .unwrap();
    let mut seq: u64 = mirror
        .read(|conn| {
            let last = "SELECT coalesce(max(seq), 0) / 10 FROM messages";
            Ok(crate::row::unsigned(
                conn.query_row(last, [], |row| row.get(0))?,
            ))
        })
        .await
        .unwrap();
    let mut has_begun = false;
    loop {
        seq += 1;
        let rows = (0..5).map(|place| {
            let number = (seq * 31 + place * 17) % 200;
            let word = if seq.is_multiple_of(3) {
                "leek"
            } else {
                "soup"
            };
            let text = serde_json::json!({"content": format!("{word} {seq}")});
            message(number, 1, i64::try_from(seq * 10 + place).unwrap(), text)
        });
        let rows = Rows::Messages(rows.collect());
        mirror.apply(pk, batch(rows, None, "")).await.unwrap();
        if !has_begun {
            fs::write(folder.join(BEGUN), "").unwrap();
            has_begun = true;
        }
    }
}

#[tokio::test]
async fn the_index_waits_while_much_is_brought_in_where_it_would_share_the_cores() {
    let scene = Scene::new().await;
    let rush = scene.mirror.rush();
    let open = |cores, name| {
        let file = scene.folder.path().join(name);
        Search::open_on(cores, &scene.mirror, &file)
    };
    let (alone, shared) = (open(4, "alone.db"), open(2, "shared.db"));
    let row = message(1, 1, 1, serde_json::json!({"content": "soup"}));
    scene.put(Rows::Messages(vec![row])).await;
    let alone = tokio::time::timeout(std::time::Duration::from_secs(60), alone.caught_up());
    alone.await.expect("it does not wait").unwrap();
    assert_eq!(
        shared.behind().await.unwrap(),
        1,
        "it leaves the cores to others"
    );
    drop(rush);
    let shared = tokio::time::timeout(std::time::Duration::from_secs(60), shared.caught_up());
    shared
        .await
        .expect("it goes on when they are done")
        .unwrap();
}
