//! Words that mislead, and words that nobody knows.

use super::*;

#[tokio::test]
async fn an_endless_event_is_not_held() {
    let bench = Bench::new(World::with_messages(5)).await;
    let (feeds, replies): (Vec<_>, Vec<_>) = (0..2).map(|_| Feed::open()).unzip();
    with_feeds(&bench, replies);
    let follower = Follower::start(bench, OPTIONS);
    let talkers = feeds.into_iter().map(|words| {
        tokio::spawn(async move {
            while words.send("data: and so on".repeat(100)).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        })
    });
    let talkers: Vec<_> = talkers.collect();
    follower.until_connections(3).await;
    follower
        .until_told(|word| matches!(word, Followed::Offline(error) if error.code == "too_large"))
        .await;
    follower.settle().await;
    for talker in talkers {
        talker.abort();
    }
}

#[tokio::test]
async fn an_event_of_a_later_time_is_passed_over() {
    let bench = Bench::new(World::with_messages(5)).await;
    let (words, reply) = Feed::open();
    with_feeds(&bench, vec![reply]);
    let follower = Follower::start(bench, OPTIONS);
    follower
        .until_told(|word| *word == Followed::Following)
        .await;
    words
        .try_send("event: weather\ndata: sunny\n\nid: 7\n\n: hello\n\n".into())
        .unwrap();
    follower.bench.server.change(World::add_message);
    say(&words, &follower.bench);
    follower.until_messages(6).await;
    assert_eq!(follower.count("/live/1"), 1, "the connection stays");
    follower.stop().await;
}

#[tokio::test]
async fn a_word_that_promises_what_is_not_there_is_followed_once() {
    let bench = Bench::new(World::with_messages(5)).await;
    let (words, reply) = Feed::open();
    with_feeds(&bench, vec![reply]);
    let follower = Follower::start(bench, OPTIONS);
    follower
        .until_told(|word| *word == Followed::Following)
        .await;
    let mut status = follower.bench.server.change(|world| world.status());
    status.latest_message_seq += 1_000;
    words.try_send(change(&status)).unwrap();
    until("it is followed", async || {
        follower.count("/sync/messages/1") > 1
    })
    .await;
    // A true word afterwards is followed too, and between the two nothing was asked over and over.
    follower.bench.server.change(World::add_message);
    say(&words, &follower.bench);
    follower.until_messages(6).await;
    assert!(
        follower.count("/sync/messages/1") < 20,
        "{}",
        follower.count("/sync/messages/1")
    );
    assert_eq!(
        follower.count("/live/1"),
        1,
        "that alone is no reason to hang up"
    );
    follower.settle().await;
}

#[tokio::test]
async fn a_word_that_is_older_than_what_is_here_is_no_loss() {
    let bench = Bench::new(World::with_messages(5)).await;
    let old = bench.server.change(|world| world.status());
    bench.server.change(World::add_message);
    let (words, reply) = Feed::open();
    with_feeds(&bench, vec![reply]);
    let follower = Follower::start(bench, OPTIONS);
    follower.until_messages(6).await;
    words.try_send(change(&old)).unwrap();
    follower.bench.server.change(World::add_message);
    say(&words, &follower.bench);
    follower.until_messages(7).await;
    let bench = follower.settle().await;
    let runs = bench.mirror.runs(10).await.unwrap();
    assert!(runs.iter().all(|run| run.errors.is_empty()), "{runs:?}");
}

#[tokio::test]
async fn a_word_of_another_history_starts_the_cursors_again() {
    let bench = Bench::new(World::with_messages(5)).await;
    let (words, reply) = Feed::open();
    with_feeds(&bench, vec![reply]);
    let follower = Follower::start(bench, OPTIONS);
    follower.until_messages(5).await;
    follower
        .until_told(|word| *word == Followed::Following)
        .await;
    follower.bench.server.change(|world| {
        let old = std::mem::replace(world, World::with_messages(0));
        *world = old.restored("e2");
        world.add_message();
    });
    say(&words, &follower.bench);
    follower.until_messages(6).await;
    follower.settle().await;
}
