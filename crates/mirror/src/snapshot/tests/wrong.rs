//! Files that are not what they have to be, a disk that is full, and being stopped.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use rstest::rstest;

use super::*;

#[rstest]
#[case::a_trigger("CREATE TRIGGER t AFTER UPDATE ON settings BEGIN DELETE FROM settings; END")]
#[case::a_view("CREATE VIEW v AS SELECT 1")]
#[case::a_table_more("CREATE TABLE t (a)")]
#[case::an_index_less("DROP INDEX messages_reading")]
#[case::another_migration("UPDATE refinery_schema_history SET checksum = '1' WHERE version = 2")]
#[case::an_older_format("DELETE FROM refinery_schema_history WHERE version > 1")]
#[case::another_account("UPDATE integrations SET remote_id = 8")]
#[case::two_accounts("INSERT INTO integrations (server, remote_id) VALUES ('x', 9)")]
#[case::another_key("UPDATE integrations SET pk = 3")]
#[case::no_account("DELETE FROM integrations")]
#[case::a_strangers_row("UPDATE messages SET integration_pk = 2 WHERE seq = 20")]
#[case::another_history("UPDATE sync_state SET epoch = 'e2'")]
#[case::a_cursor_further("UPDATE sync_state SET last_seq = 81 WHERE stream = 'messages'")]
#[case::a_cursor_less("DELETE FROM sync_state WHERE stream = 'media'")]
#[tokio::test]
async fn what_is_not_what_it_has_to_be_is_left_out(#[case] sql: &str) {
    let (pack, scene) = (Pack::new(7).await, empty().await);
    pack.change("mirror.db", &format!("PRAGMA foreign_keys = OFF; {sql}"));
    let result = take(&scene, pack.draft(&scene.mirror)).await;
    assert!(matches!(result, Err(Error::Unfit(_))), "{result:?}");
    assert_as_before(&scene).await;
}

#[rstest]
#[case::nothing(|_: Vec<u8>| Vec::new())]
#[case::no_database(|_| b"SQLite format 3, or so it says".to_vec())]
#[case::half(|bytes: Vec<u8>| bytes[..bytes.len() / 2].to_vec())]
#[case::zeros(|mut bytes: Vec<u8>| { let half = bytes.len() / 2; bytes[half..].fill(0); bytes })]
#[case::noise(|bytes: Vec<u8>| bytes.iter().enumerate()
    .map(|(at, byte)| if at > 4096 { byte.wrapping_mul(31) ^ 0x5a } else { *byte }).collect())]
#[tokio::test]
async fn a_damaged_file_is_left_out(#[case] damage: fn(Vec<u8>) -> Vec<u8>) {
    let (pack, scene) = (Pack::new(7).await, empty().await);
    for file in ["mirror.db", "search.db"] {
        let path = pack.folder.path().join(file);
        let damaged = damage(fs::read(&path).unwrap());
        fs::write(&path, damaged).unwrap();
    }
    assert!(take(&scene, pack.draft(&scene.mirror)).await.is_err());
    assert_as_before(&scene).await;
}

#[rstest]
#[case::of_another_format("PRAGMA user_version = 0")]
#[case::with_a_trigger("CREATE TRIGGER t AFTER UPDATE ON standing BEGIN SELECT 1; END")]
#[case::damaged("UPDATE words_data SET block = x'00' WHERE id > 10")]
#[tokio::test]
async fn an_index_that_is_no_good_is_made_here(#[case] sql: &str) {
    let (pack, scene) = (Pack::new(7).await, empty().await);
    pack.change("search.db", MARK);
    pack.change("search.db", sql);
    let search = search(&scene);
    take(&scene, pack.draft(&scene.mirror)).await.unwrap();
    assert_eq!(scene.dump().await, pack.dump);
    search.caught_up().await.unwrap();
    assert_eq!(
        indexed(&scene, "sentinel"),
        0,
        "it is not the one that came"
    );
    assert_eq!(indexed(&scene, "text"), 29, "and finds all the same");
    search.close().await;
}

#[tokio::test]
async fn one_that_is_stopped_at_any_moment_has_changed_nothing() {
    let pack = Pack::new(7).await;
    for stops_at in 0.. {
        let scene = empty().await;
        let looks = Arc::new(AtomicUsize::new(0));
        let goes_on = move || looks.fetch_add(1, Ordering::Relaxed) < stops_at;
        let draft = pack.draft(&scene.mirror);
        let taken = scene
            .mirror
            .take_snapshot(scene.account, draft, 5, goes_on)
            .await;
        if taken.is_ok() {
            assert!(
                stops_at >= 2,
                "it can be stopped before and while it is copied"
            );
            assert_eq!(scene.dump().await, pack.dump);
            return;
        }
        assert_as_before(&scene).await;
        // What was prepared for it is no hindrance to the next one.
        take(&scene, pack.draft(&scene.mirror)).await.unwrap();
        assert_eq!(scene.dump().await, pack.dump);
    }
}

#[tokio::test]
async fn an_index_whose_mirror_never_came_is_not_taken() {
    let (pack, scene) = (Pack::new(7).await, empty().await);
    pack.change("search.db", MARK);
    let draft = pack.draft(&scene.mirror);
    let index = draft.index.as_deref().unwrap();
    // As a kill between the two leaves it.
    search::put_draft(index, scene.mirror.path(), "another").unwrap();
    let search = search(&scene);
    search.caught_up().await.unwrap();
    assert_eq!(indexed(&scene, "sentinel"), 0);
    search.close().await;
    scene.mirror.forget_drafts().await.unwrap();
    assert!(!search::waiting(scene.mirror.path()).exists());
}

#[tokio::test]
async fn a_full_disk_changes_nothing() {
    let (pack, scene) = (Pack::new(7).await, empty().await);
    // Stands for it: the file may not grow.
    let stay = scene.mirror.write(|writing| {
        let pages: i64 = writing
            .conn
            .pragma_query_value(None, "page_count", |row| row.get(0))?;
        let most = format!("PRAGMA max_page_count = {pages}");
        Ok(writing.conn.query_row(&most, [], |_| Ok(()))?)
    });
    stay.await.unwrap();
    let result = take(&scene, pack.draft(&scene.mirror)).await;
    assert!(matches!(result, Err(Error::Full)), "{result:?}");
    assert_as_before(&scene).await;
}
