//! Watching an account: what is committed is noticed, whoever committed it.

use std::{sync::Arc, time::Duration};

use threadkeep_protocol::{Connection, Stream};
use threadkeep_server_store::{IngestOptions, Standing, Store, StoreError, Watch};

use crate::bed::{ANA, Bed, message, said};

/// The next standing, which must come.
async fn next(watch: &mut Watch) -> Option<Arc<Standing>> {
    tokio::time::timeout(Duration::from_secs(60), watch.next())
        .await
        .expect("the lookout notices")
}

/// Waits until there are so many messages, however many steps that takes.
async fn until_messages(watch: &mut Watch, count: i64) -> Arc<Standing> {
    loop {
        let standing = next(watch).await.expect("the account is there");
        if standing.status.message_count >= count {
            return standing;
        }
    }
}

#[tokio::test]
async fn the_first_word_comes_at_once_and_the_next_when_something_has_changed() {
    let bed = Bed::new().await;
    bed.tell([said(message(ANA, "m1", 1))]).await;
    let mut watch = bed.store.watch(bed.integration).await.unwrap();
    let first = next(&mut watch).await.unwrap();
    assert_eq!(first.status.message_count, 1);
    assert_eq!(first.status.epoch, bed.store.epoch().await.unwrap());
    bed.tell([said(message(ANA, "m2", 2))]).await;
    let second = until_messages(&mut watch, 2).await;
    let status = bed.store.status(bed.integration).await.unwrap();
    for stream in Stream::ALL {
        assert_eq!(
            second.status.latest_seq(stream),
            status.latest_seq(stream),
            "a watcher is told what a reader of the status is told"
        );
    }
}

#[tokio::test]
async fn one_who_was_away_is_told_the_latest_only() {
    let bed = Bed::new().await;
    let mut watch = bed.store.watch(bed.integration).await.unwrap();
    for n in 1..=20 {
        bed.tell([said(message(ANA, &format!("m{n}"), n))]).await;
    }
    // Another watcher sees when the lookout has come to the end.
    let mut other = bed.store.watch(bed.integration).await.unwrap();
    until_messages(&mut other, 20).await;
    let told = next(&mut watch).await.unwrap();
    assert_eq!(
        told.status.message_count, 20,
        "twenty changes are one value"
    );
}

#[tokio::test]
async fn another_process_on_the_same_file_is_noticed() {
    let bed = Bed::new().await;
    let beside = Store::open(&bed.path).unwrap();
    let mut watch = bed.store.watch(bed.integration).await.unwrap();
    next(&mut watch).await;
    let records = vec![(0, said(message(ANA, "m1", 1)))];
    beside
        .ingest(bed.integration, records, IngestOptions::default())
        .await
        .unwrap();
    assert_eq!(until_messages(&mut watch, 1).await.status.message_count, 1);
}

#[tokio::test]
async fn the_state_of_the_bridge_is_part_of_it() {
    let bed = Bed::new().await;
    let mut watch = bed.store.watch(bed.integration).await.unwrap();
    let first = next(&mut watch).await.unwrap();
    assert_eq!(first.connection, Connection::Disconnected);
    bed.store
        .set_connection(bed.integration, Connection::Pairing)
        .await
        .unwrap();
    let second = next(&mut watch).await.unwrap();
    assert_eq!(second.connection, Connection::Pairing);
    assert_eq!(second.status, first.status, "no row has moved");
}

#[tokio::test]
async fn a_watch_ends_with_its_account() {
    let bed = Bed::new().await;
    let mut watch = bed.store.watch(bed.integration).await.unwrap();
    next(&mut watch).await;
    bed.store.remove_integration(bed.integration).await.unwrap();
    assert_eq!(next(&mut watch).await, None);
    let none = bed.store.watch(bed.integration).await;
    assert!(
        matches!(none, Err(StoreError::UnknownIntegration(_))),
        "there is nothing to watch"
    );
}

/// Each test is a process of its own where they are run one by one; elsewhere the thread of another
/// test could be counted.
#[cfg(target_os = "linux")]
fn lookouts() -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let names =
        tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok());
    names.filter(|name| name.trim() == "store-lookout").count()
}

/// A thread takes its name a moment after it began.
#[cfg(target_os = "linux")]
async fn until_lookouts(count: usize) {
    let reached = async {
        while lookouts() != count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), reached)
        .await
        .expect("one is enough for all watchers, and it goes with the last of them");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn nobody_looks_when_nobody_watches() {
    if std::env::var_os("NEXTEST").is_none() {
        return;
    }
    let bed = Bed::new().await;
    assert_eq!(lookouts(), 0, "an unwatched store has no lookout");
    for _ in 0..2 {
        let mut watch = bed.store.watch(bed.integration).await.unwrap();
        let mut second = bed.store.watch(bed.integration).await.unwrap();
        next(&mut watch).await;
        next(&mut second).await;
        until_lookouts(1).await;
        drop((watch, second));
        until_lookouts(0).await;
    }
}
