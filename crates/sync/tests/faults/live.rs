//! Following a server whose live events fail in every way: the mirror stays current all the same.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use threadkeep_mirror::RunError;
use threadkeep_protocol::{Connection, SyncStatus};
use threadkeep_sync::{FollowOptions, Followed, Outcome, Record, SyncOptions, follow, sync};
use tokio::{sync::mpsc::Sender, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{
    bench::{Bench, IMPATIENT},
    fault_server::{Feed, Reply, Request},
    world::World,
};

mod refusals;
mod words;

/// Longer than any test waits.
const LONG: Duration = Duration::from_secs(3_600);

const OPTIONS: FollowOptions = FollowOptions {
    stall: LONG,
    min_delay: Duration::from_millis(5),
    max_delay: Duration::from_millis(20),
    steady: LONG,
    poll: Duration::from_millis(20),
    retry_after_cap: Duration::from_millis(50),
};

/// Somebody who follows the bench's server into the bench's mirror.
struct Follower {
    bench: Arc<Bench>,
    told: Arc<Mutex<Vec<Followed>>>,
    cancel: CancellationToken,
    task: JoinHandle<Result<(), RunError>>,
}

impl Follower {
    fn start(bench: Bench, options: FollowOptions) -> Self {
        let bench = Arc::new(bench);
        let told = Arc::new(Mutex::new(Vec::new()));
        let cancel = CancellationToken::new();
        let (own, words, stop) = (Arc::clone(&bench), Arc::clone(&told), cancel.clone());
        let task = tokio::spawn(async move {
            let pull = |standing: Option<SyncStatus>| {
                let options = SyncOptions {
                    mode: "live".into(),
                    record: Record::Changes,
                    standing,
                    ..own.options.clone()
                };
                let (own, stop) = (Arc::clone(&own), stop.clone());
                async move {
                    let run = sync(&own.mirror, own.pk, &own.remote, 1, options, stop, |_| {});
                    Some(run.await)
                }
            };
            let tell = |word| words.lock().unwrap().push(word);
            follow(&own.remote, 1, &options, &stop, pull, tell).await
        });
        Self {
            bench,
            told,
            cancel,
            task,
        }
    }

    fn told(&self) -> Vec<Followed> {
        self.told.lock().unwrap().clone()
    }

    fn count(&self, path: &str) -> usize {
        let requests = self.bench.server.requests();
        requests
            .iter()
            .filter(|request| request.path == path)
            .count()
    }

    /// Waits until the mirror shows so many messages.
    async fn until_messages(&self, count: usize) {
        until("the mirror has the messages", async || {
            self.bench.view().await.messages.len() == count
        })
        .await;
    }

    async fn until_told(&self, wanted: impl Fn(&Followed) -> bool) {
        until("it is told", async || self.told().iter().any(&wanted)).await;
    }

    async fn until_connections(&self, count: usize) {
        until("it listens again", async || self.count("/live/1") >= count).await;
    }

    /// Waits until everything is here, then stops.
    async fn settle(self) -> Arc<Bench> {
        until("everything is here", async || {
            let (truth, cursors) = self
                .bench
                .server
                .change(|world| (world.view(), world.cursors()));
            let states = self.bench.mirror.sync_states(self.bench.pk).await.unwrap();
            let are_there = cursors
                .into_iter()
                .all(|(stream, cursor)| states.of(stream).last_seq == cursor);
            are_there && self.bench.view().await == truth
        })
        .await;
        let bench = self.stop().await;
        bench.assert_equal().await;
        bench
    }

    /// Stops following, which must not take long.
    async fn stop(self) -> Arc<Bench> {
        self.cancel.cancel();
        let ended = within(self.task).await.unwrap();
        assert_eq!(ended, Ok(()), "an end that was asked for is no fault");
        self.bench
    }

    /// Waits for an end that nobody asked for.
    async fn ended(self) -> RunError {
        within(self.task).await.unwrap().unwrap_err()
    }
}

async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), future)
        .await
        .expect("it ends at all")
}

async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    for _ in 0..6_000 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{what}: not within a minute");
}

/// A server with live events: each connection gets the next feed, then new ones that stay silent.
fn with_feeds(bench: &Bench, replies: Vec<Reply>) {
    let mut replies = replies.into_iter();
    let mut silent = Vec::new();
    bench.server.script(move |request, _| {
        if request.path != "/live/1" {
            return Reply::Honest;
        }
        replies.next().unwrap_or_else(|| {
            let (words, reply) = Feed::open();
            silent.push(words);
            reply
        })
    });
}

fn is_live(request: &Request) -> bool {
    request.path == "/live/1"
}

fn change(status: &SyncStatus) -> String {
    format!(
        "event: change\ndata: {}\n\n",
        serde_json::to_string(status).unwrap()
    )
}

/// Tells where the world stands.
fn say(words: &Sender<String>, bench: &Bench) {
    let status = bench.server.change(|world| world.status());
    words.try_send(change(&status)).unwrap();
}

#[tokio::test]
async fn an_event_brings_what_has_moved_and_nothing_else_is_asked() {
    let bench = Bench::new(World::with_messages(5)).await;
    let (words, reply) = Feed::open();
    with_feeds(&bench, vec![reply]);
    let follower = Follower::start(bench, OPTIONS);
    follower
        .until_told(|word| *word == Followed::Following)
        .await;
    say(&words, &follower.bench);
    let before = follower.bench.server.requests().len();
    follower.bench.server.change(World::add_message);
    say(&words, &follower.bench);
    follower.until_messages(6).await;
    let asked: Vec<String> = follower.bench.server.requests()[before..]
        .iter()
        .map(|request| request.path.clone())
        .collect();
    assert!(
        asked.iter().all(|path| path != "/sync/status/1"),
        "the event says where the server stands: {asked:?}"
    );
    let moved = follower.bench.server.change(|world| {
        let cursors = world.cursors();
        let last = cursors.values().max().copied();
        cursors
            .into_values()
            .filter(|seq| Some(*seq) == last)
            .count()
    });
    assert!(moved >= 1 && !asked.is_empty(), "something was pulled");
    assert!(
        !asked.iter().any(|path| path == "/sync/contacts/1"),
        "no contact has moved: {asked:?}"
    );
    follower.settle().await;
}

#[tokio::test]
async fn the_state_of_the_bridge_is_passed_on() {
    let bench = Bench::new(World::with_messages(1)).await;
    let (words, reply) = Feed::open();
    with_feeds(&bench, vec![reply]);
    let follower = Follower::start(bench, OPTIONS);
    words
        .try_send("event: connection\ndata: {\"connection\":\"pairing\"}\n\n".into())
        .unwrap();
    follower
        .until_told(|word| *word == Followed::Connection(Connection::Pairing))
        .await;
    follower.stop().await;
}

#[tokio::test]
async fn a_connection_that_stands_still_is_replaced_and_the_gap_filled() {
    let bench = Bench::new(World::with_messages(5)).await;
    let (_silent, reply) = Feed::open();
    with_feeds(&bench, vec![reply]);
    let options = FollowOptions {
        stall: Duration::from_secs(2),
        ..OPTIONS
    };
    let follower = Follower::start(bench, options);
    follower.until_messages(5).await;
    follower.bench.server.change(World::add_message);
    // Nobody says a word of it: only the next connection's first look can bring it.
    follower.until_messages(6).await;
    assert!(
        follower.count("/live/1") > 1,
        "the silent connection was replaced"
    );
    follower.settle().await;
}

#[rstest::rstest]
#[case::in_an_event("event: change\ndata: {\"latest_mess")]
#[case::at_once("")]
#[case::garbage("event: change\ndata: not json\n\n")]
#[case::a_wrong_shape("event: change\ndata: [1, 2]\n\n")]
#[case::a_wrong_state("event: connection\ndata: 7\n\n")]
#[tokio::test]
async fn a_connection_that_breaks_is_replaced_and_the_gap_filled(#[case] last_words: &str) {
    let bench = Bench::new(World::with_messages(5)).await;
    let (words, reply) = Feed::open();
    with_feeds(&bench, vec![reply]);
    let follower = Follower::start(bench, OPTIONS);
    follower
        .until_told(|word| *word == Followed::Following)
        .await;
    follower.bench.server.change(World::add_message);
    words.try_send(last_words.into()).unwrap();
    drop(words);
    follower.until_messages(6).await;
    assert!(
        follower.count("/live/1") > 1,
        "it was lost, and listened to again"
    );
    let is_offline = |word: &Followed| matches!(word, Followed::Offline(_));
    assert!(
        !follower.told().iter().any(is_offline),
        "a break that mends itself is no news"
    );
    follower.settle().await;
}

#[tokio::test]
async fn the_log_tells_what_was_brought_and_not_how_often_somebody_looked() {
    let bench = Bench::new(World::with_messages(5)).await;
    let (words, reply) = Feed::open();
    with_feeds(&bench, vec![reply]);
    let follower = Follower::start(bench, OPTIONS);
    follower.until_messages(5).await;
    for count in 6..10 {
        follower.bench.server.change(World::add_message);
        say(&words, &follower.bench);
        follower.until_messages(count).await;
        // The same word again: there is nothing to do.
        say(&words, &follower.bench);
    }
    let truth = follower.bench.server.change(|world| world.view());
    let rows: u64 = truth.counts.values().sum();
    until("all that came is counted", async || {
        let runs = follower.bench.mirror.runs(1).await.unwrap();
        runs[0].saved >= rows
    })
    .await;
    let bench = follower.settle().await;
    let runs = bench.mirror.runs(10).await.unwrap();
    assert_eq!(
        runs.len(),
        1,
        "pulls that follow each other are one line: {runs:?}"
    );
    assert_eq!(
        (runs[0].mode.as_str(), runs[0].outcome),
        ("live", Outcome::Completed)
    );
}

#[rstest::rstest]
#[case::on_the_way(|request: &Request| is_live(request))]
#[case::in_a_pull(|request: &Request| request.path.starts_with("/sync/messages"))]
#[case::at_the_status(|request: &Request| request.path.starts_with("/sync/status"))]
#[tokio::test]
async fn it_ends_when_it_is_told_to_whatever_hangs(#[case] hangs: fn(&Request) -> bool) {
    let bench = Bench::new(World::with_messages(5)).await;
    let mut kept = Vec::new();
    bench.server.script(move |request, _| {
        if hangs(request) {
            return Reply::Hang;
        }
        if is_live(request) {
            let (words, reply) = Feed::open();
            kept.push(words);
            return reply;
        }
        Reply::Honest
    });
    let follower = Follower::start(bench, OPTIONS);
    let asked = Arc::clone(&follower.bench);
    until("it hangs", async || {
        asked.server.requests().iter().any(hangs)
    })
    .await;
    follower.stop().await;
}

#[tokio::test]
async fn it_ends_in_the_middle_of_a_long_wait() {
    let bench = Bench::new(World::with_messages(5)).await;
    bench
        .server
        .script(|_, _| Reply::Http("500 Oh", String::new()));
    let options = FollowOptions {
        min_delay: LONG,
        max_delay: LONG,
        ..OPTIONS
    };
    let follower = Follower::start(bench, options);
    follower
        .until_told(|word| matches!(word, Followed::Offline(_)))
        .await;
    follower.stop().await;
}

#[tokio::test]
async fn a_pull_that_fails_is_tried_again_with_a_new_connection() {
    let mut bench = Bench::new(World::with_messages(5))
        .await
        .asking_with(IMPATIENT);
    bench.options.retry.tries = 2;
    let mut kept = Vec::new();
    let mut hung = 0;
    bench.server.script(move |request, _| {
        if is_live(request) {
            let (words, reply) = Feed::open();
            kept.push(words);
            return reply;
        }
        if request.path.starts_with("/sync/messages") && hung < 3 {
            hung += 1;
            return Reply::Hang;
        }
        Reply::Honest
    });
    let follower = Follower::start(bench, OPTIONS);
    follower.until_messages(5).await;
    follower
        .until_told(|word| matches!(word, Followed::Offline(error) if error.code == "timeout"))
        .await;
    follower.settle().await;
}
