mod wrong;

use std::{collections::BTreeSet, fs};

use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;
use threadkeep_protocol::Stream;

use super::*;
use crate::{
    NewRun, Outcome, Rows, RunEnd, Search, Selection,
    testing::{
        Scene, account, batch, check_counters, contact, conversation, dump, id, message, row,
    },
};

const ACCOUNT: IntegrationPk = IntegrationPk(1);

/// What a server packs: a mirror and its index, closed.
struct Pack {
    folder: TempDir,
    dump: Value,
}

impl Pack {
    async fn new(account_id: i64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mirror = Mirror::open(&folder.path().join("mirror.db")).unwrap();
        let search = Search::open(&mirror, &folder.path().join("search.db")).unwrap();
        let pk = mirror
            .put_integration(account("snapshot", account_id))
            .await
            .unwrap();
        assert_eq!(pk, ACCOUNT, "a new mirror counts from one");
        let jid = "491@s.whatsapp.net";
        let file = json!({"id": id(90), "seq": 60, "message_id": id(11), "media_type": "image",
            "file_name": "holiday.jpg"});
        let read = json!({"id": id(91), "seq": 70, "message_id": id(12),
            "participant_external_id": jid, "read_at": "2026-01-01T00:00:00Z"});
        let said = (10..40).map(|n| {
            let content = format!("text {n}{}", " again".repeat(200));
            let changes = json!({"sender_external_id": jid, "content": content});
            message(n, 1 + n % 2, n as i64, changes)
        });
        for (rows, cursor) in [
            (
                Rows::Conversations(vec![
                    conversation(1, 1, json!({})),
                    conversation(2, 2, json!({})),
                ]),
                2,
            ),
            (Rows::Messages(said.collect()), 39),
            (
                Rows::Contacts(vec![contact(50, 50, jid, json!({"display_name": "Ana"}))]),
                50,
            ),
            (Rows::Media(vec![row(file, json!({}))]), 60),
            (Rows::Receipts(vec![row(read, json!({}))]), 70),
            // Followed by the index as a change, not as what is new.
            (
                Rows::Messages(vec![message(10, 1, 80, json!({"content": "edited"}))]),
                80,
            ),
        ] {
            mirror
                .apply(pk, batch(rows, Some(cursor), "e1"))
                .await
                .unwrap();
            search.caught_up().await.unwrap();
        }
        search.close().await;
        let dump = mirror.read(|conn| Ok(dump(conn))).await.unwrap();
        mirror.close().await;
        Self { folder, dump }
    }

    fn change(&self, file: &str, sql: &str) {
        let conn = Connection::open(self.folder.path().join(file)).unwrap();
        conn.execute_batch(sql).unwrap();
    }

    /// Unpacked beside a mirror.
    fn draft(&self, mirror: &Mirror) -> Draft {
        let drafts = mirror.drafts();
        fs::create_dir_all(&drafts).unwrap();
        for file in ["mirror.db", "search.db"] {
            fs::copy(self.folder.path().join(file), drafts.join(file)).unwrap();
        }
        Draft {
            mirror: drafts.join("mirror.db"),
            index: Some(drafts.join("search.db")),
            integration: 7,
            epoch: "e1".to_owned(),
            cursors: [
                (Stream::Conversations, 2),
                (Stream::Messages, 80),
                (Stream::Contacts, 50),
                (Stream::Media, 60),
                (Stream::Receipts, 70),
            ]
            .into(),
        }
    }
}

/// A computer that has nothing of the account yet.
async fn empty() -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let mirror = Mirror::open(&folder.path().join("mirror.db")).unwrap();
    let account = mirror
        .put_integration(account("https://there", 7))
        .await
        .unwrap();
    assert_eq!(account, ACCOUNT);
    mirror.set_setting("x", "chosen".to_owned()).await.unwrap();
    Scene {
        mirror,
        account,
        folder,
    }
}

async fn take(scene: &Scene, draft: Draft) -> Result<u64, Error> {
    scene
        .mirror
        .take_snapshot(scene.account, draft, 5, || true)
        .await
}

fn search(scene: &Scene) -> Search {
    Search::open(&scene.mirror, &scene.folder.path().join("search.db")).unwrap()
}

/// How many messages of an index have a word, whatever the mirror says of them.
fn indexed(scene: &Scene, word: &str) -> i64 {
    let conn = Connection::open(scene.folder.path().join("search.db")).unwrap();
    let count = "SELECT count(*) FROM words WHERE words MATCH ?1";
    conn.query_row(count, [word], |row| row.get(0)).unwrap()
}

/// Nothing has come, and nothing was lost.
async fn assert_as_before(scene: &Scene) {
    assert!(
        scene.mirror.takes_snapshot(scene.account).await.unwrap(),
        "it is empty"
    );
    let states = scene.mirror.sync_states(scene.account).await.unwrap();
    assert!(
        states.iter().all(|(_, state)| state.last_seq == 0),
        "no cursor has moved"
    );
    let account = scene.mirror.integrations().await.unwrap().remove(0);
    assert_eq!(account.server, "https://there");
    let kept = scene.mirror.setting("x").await.unwrap();
    assert_eq!(kept.as_deref(), Some("chosen"));
}

/// A row of every kind that the index has, which it would not have if it were made anew.
const MARK: &str = "INSERT INTO words (rowid, body) VALUES (1, 'sentinel');";

#[tokio::test]
async fn all_of_it_is_here_at_once_and_what_was_this_computers_stays() {
    let (pack, scene) = (Pack::new(7).await, empty().await);
    pack.change("search.db", MARK);
    let search = search(&scene);
    search.caught_up().await.unwrap();
    let run = NewRun {
        integration: scene.account,
        mode: "manual".into(),
        at: 1,
    };
    let run = scene.mirror.start_run(run).await.unwrap();
    let changes = scene.mirror.subscribe();
    let before = *changes.borrow();

    let rows = take(&scene, pack.draft(&scene.mirror)).await.unwrap();
    assert_eq!(rows, 2 + 30 + 1 + 1 + 1);
    assert_eq!(
        scene.dump().await,
        pack.dump,
        "every row is what was packed"
    );
    scene.check_counters().await;
    let account = scene.mirror.integrations().await.unwrap().remove(0);
    assert_eq!(
        (account.pk, account.server.as_str()),
        (scene.account, "https://there")
    );
    assert_eq!(account.display_name, "Mine");
    assert_eq!(account.last_sync_at, 5, "it was brought here now");
    let kept = scene.mirror.setting("x").await.unwrap();
    assert_eq!(kept.as_deref(), Some("chosen"));
    let after = *changes.borrow();
    assert!(after > before, "whoever looks is told");
    let told = scene.mirror.changes_since(before).await.unwrap();
    assert!(
        !told.truncated && told.latest == after,
        "no id came twice: {told:?}"
    );

    // The writer goes on with what is here now.
    let end = RunEnd {
        outcome: Outcome::Completed,
        saved: 1,
        updated: 0,
        unchanged: 0,
        skipped: 0,
        errors: Vec::new(),
        bytes: 0,
        duration_ms: 1,
        at: 6,
    };
    scene.mirror.finish_run(run, end).await.unwrap();
    let runs = scene.mirror.runs(5).await.unwrap();
    assert_eq!(
        runs[0].outcome,
        Outcome::Completed,
        "the run that took it is in the log"
    );
    let later = vec![message(99, 1, 99, json!({"content": "later"}))];
    scene.put_at(Rows::Messages(later), Some(99), "e1").await;
    scene.check_counters().await;

    search.caught_up().await.unwrap();
    assert_eq!(
        indexed(&scene, "sentinel"),
        1,
        "the index that came is the one that is used"
    );
    assert_eq!(indexed(&scene, "later"), 1, "and goes on");
    assert_eq!(indexed(&scene, "text"), 29);
    assert!(!search::waiting(scene.mirror.path()).exists());
    search.close().await;
    scene.mirror.forget_drafts().await.unwrap();
    let left: Vec<_> = fs::read_dir(scene.folder.path()).unwrap().collect();
    let is_ours = |name: &str| name.starts_with("mirror.db") || name.starts_with("search.db");
    assert!(
        left.into_iter()
            .all(|entry| is_ours(&entry.unwrap().file_name().to_string_lossy()))
    );
    assert!(!scene.mirror.drafts().exists());
}

#[tokio::test]
async fn what_only_this_computer_can_know_is_not_taken_from_another() {
    let (pack, scene) = (Pack::new(7).await, empty().await);
    pack.change(
        "mirror.db",
        "UPDATE media SET local_state = 2, attempts = 4; UPDATE conversations SET archived_here = 1, read_here = 9;",
    );
    take(&scene, pack.draft(&scene.mirror)).await.unwrap();
    let claimed = |conn: &Connection| {
        Ok(conn.query_row(
            "SELECT (SELECT count(*) FROM media WHERE local_state <> 0 OR attempts <> 0) \
                + (SELECT count(*) FROM conversations WHERE archived_here <> 0 OR read_here <> 0), \
                (SELECT count(*) FROM media)",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?)
    };
    let claimed: (i64, i64) = scene.mirror.read(claimed).await.unwrap();
    assert_eq!(
        claimed,
        (0, 1),
        "the file's row came, and no word of its bytes"
    );
}

#[tokio::test]
async fn an_index_waits_until_somebody_follows_the_mirror() {
    let (pack, mut scene) = (Pack::new(7).await, empty().await);
    pack.change("search.db", MARK);
    take(&scene, pack.draft(&scene.mirror)).await.unwrap();
    scene.mirror.forget_drafts().await.unwrap();
    assert!(
        search::waiting(scene.mirror.path()).exists(),
        "it is the mirror's"
    );
    scene.mirror.close().await;
    scene.mirror = Mirror::open(scene.mirror.path()).unwrap();
    let search = search(&scene);
    search.caught_up().await.unwrap();
    assert_eq!(indexed(&scene, "sentinel"), 1);
    search.close().await;
}

#[tokio::test]
async fn only_a_mirror_that_is_empty_takes_one() {
    let pack = Pack::new(7).await;
    let with_rows = empty().await;
    let rows = Rows::Conversations(vec![conversation(1, 1, json!({}))]);
    with_rows.put(rows).await;
    let with_another = empty().await;
    with_another
        .mirror
        .put_integration(account("https://elsewhere", 1))
        .await
        .unwrap();
    let narrower = empty().await;
    let some = threadkeep_protocol::Rule {
        media: false,
        ..threadkeep_protocol::Rule::ALL
    };
    let selection = Selection::new(some, []);
    narrower
        .mirror
        .select(narrower.account, selection)
        .await
        .unwrap();
    for scene in [with_rows, with_another, narrower] {
        let before = scene.dump().await;
        assert!(!scene.mirror.takes_snapshot(scene.account).await.unwrap());
        let result = take(&scene, pack.draft(&scene.mirror)).await;
        assert!(matches!(result, Err(Error::Unfit(_))), "{result:?}");
        assert_eq!(scene.dump().await, before, "nothing has changed");
    }
}

#[tokio::test]
async fn readers_see_the_one_or_the_other() {
    let (pack, scene) = (Pack::new(7).await, empty().await);
    let draft = pack.draft(&scene.mirror);
    let look = async {
        let mut seen = BTreeSet::new();
        while !seen.contains(&30) {
            seen.insert(scene.number("SELECT count(*) FROM messages").await);
        }
        seen
    };
    let (taken, seen) = tokio::join!(take(&scene, draft), look);
    taken.unwrap();
    assert!(seen.is_subset(&[0, 30].into()), "{seen:?}");
    scene
        .mirror
        .read(|conn| {
            check_counters(conn);
            Ok(())
        })
        .await
        .unwrap();
}

/// Whoever adds a table says here what becomes of it when a snapshot is taken.
#[tokio::test]
async fn every_table_is_known() {
    let scene = Scene::new().await;
    let mut known: BTreeSet<&str> = check::OWNED
        .into_iter()
        .chain(BLANK)
        .chain(settle::CARRIED)
        .collect();
    // Brought in line, taken as it is, or the same on both sides.
    known.extend([
        "integrations",
        "sync_state",
        "search_feed",
        "refinery_schema_history",
    ]);
    let tables = scene.mirror.read(|conn| {
        let mut select = conn.prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        )?;
        let names = select.query_map([], |row| row.get::<_, String>(0))?;
        Ok(names.collect::<Result<BTreeSet<_>, _>>()?)
    });
    let tables = tables.await.unwrap();
    assert_eq!(
        tables.iter().map(String::as_str).collect::<BTreeSet<_>>(),
        known
    );
}
