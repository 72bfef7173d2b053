use std::{sync::mpsc, time::Duration};

use serde_json::json;

use super::*;
use crate::{
    ChatQuery, Rows, files,
    testing::{Scene, account, batch, message},
};

#[tokio::test]
async fn reading_goes_on_while_a_write_is_open_and_sees_what_was_before() {
    let scene = Scene::new().await;
    scene
        .put(Rows::Messages(vec![message(10, 1, 1, json!({}))]))
        .await;
    let (entered, is_open) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let (mirror, pk) = (scene.mirror.clone(), scene.account);
    let write = tokio::spawn(async move {
        mirror
            .write(move |writing| {
                writing.conversation(pk, crate::testing::id(9))?;
                writing.conn.execute("DELETE FROM messages", [])?;
                entered.send(()).unwrap();
                // Ends at once when the test ends, however it ends.
                let _ = released.recv();
                Ok(())
            })
            .await
    });
    tokio::task::spawn_blocking(move || is_open.recv().unwrap())
        .await
        .unwrap();
    let reads = (0..8).map(|_| scene.mirror.chats(ChatQuery::default()));
    for read in reads {
        assert_eq!(read.await.unwrap()[0].messages, 1);
    }
    assert_eq!(scene.number("SELECT count(*) FROM messages").await, 1);
    release.send(()).unwrap();
    write.await.unwrap().unwrap();
    assert_eq!(scene.number("SELECT count(*) FROM messages").await, 0);
}

#[tokio::test]
async fn a_read_that_panics_costs_nothing_but_itself() {
    let scene = Scene::new().await;
    for _ in 0..9 {
        let failed = scene
            .mirror
            .read(|_| -> Result<(), Error> { panic!("a fault") })
            .await;
        assert!(
            matches!(&failed, Err(Error::Panicked(text)) if text == "a fault"),
            "{failed:?}"
        );
    }
    assert_eq!(scene.mirror.integrations().await.unwrap().len(), 1);
}

#[tokio::test]
async fn closing_folds_the_log_and_ends_writing_but_not_reading() {
    let scene = Scene::new().await;
    let reader = scene.mirror.clone();
    scene
        .put(Rows::Messages(vec![message(10, 1, 1, json!({}))]))
        .await;
    let log = files::beside(scene.mirror.path(), "-wal");
    assert!(files::size(&log) > 0);
    scene.mirror.close().await;
    assert_eq!(files::size(&log), 0, "the file alone is the whole mirror");
    let refused = scene.mirror.put_integration(account("embedded", 2)).await;
    assert!(matches!(refused, Err(Error::Closed)), "{refused:?}");
    assert_eq!(reader.chats(ChatQuery::default()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_write_that_nobody_waits_for_is_done_all_the_same() {
    let scene = Scene::new().await;
    let rows = Rows::Messages(vec![message(10, 1, 1, json!({}))]);
    let apply = scene.mirror.apply(scene.account, batch(rows, Some(1), ""));
    // Polled once, so that it is queued, and then dropped.
    let _ = tokio::time::timeout(Duration::ZERO, apply).await;
    scene
        .mirror
        .put_integration(account("embedded", 2))
        .await
        .unwrap();
    let state = scene.mirror.sync_states(scene.account).await.unwrap();
    let stream = state.of(threadkeep_protocol::Stream::Messages);
    assert_eq!(
        (stream.last_seq, stream.rows),
        (1, 1),
        "rows and cursor are there, both"
    );
}

#[tokio::test]
async fn the_log_of_a_long_load_is_folded_on_the_way() {
    let scene = Scene::new().await;
    let text = "x".repeat(4_000);
    for part in 0..80 {
        let rows = (0..300)
            .map(|n| message(10 + part * 300 + n, 1 + n % 7, 1, json!({"content": text})))
            .collect();
        scene.put(Rows::Messages(rows)).await;
    }
    let log = files::size(&files::beside(scene.mirror.path(), "-wal"));
    let file = files::size(scene.mirror.path());
    // 24,000 pages were written. Without a thread that folds, all of them would lie in the log.
    assert!(
        file > 1_000 * 4_096,
        "some of it is in the file already: {file}"
    );
    assert!(
        log < 96 * 1024 * 1024,
        "the log started again on the way: {log}"
    );
}

#[tokio::test]
async fn stats_tell_counts_sizes_and_the_last_pull() {
    let scene = Scene::new().await;
    scene
        .put(Rows::Messages(vec![message(10, 1, 1, json!({}))]))
        .await;
    let stats = scene.mirror.stats().await.unwrap();
    assert_eq!(stats.counts.messages, 1);
    assert_eq!(stats.integrations[0].counts, stats.counts);
    assert_eq!(stats.last_sync_at, 1_700_000_000_000);
    assert!(stats.mirror_bytes > 0 && stats.wal_bytes > 0);
    assert_eq!(stats.path, scene.folder.path().join("mirror.db"));
}
