//! Servers that refuse, are in trouble, or know nothing of live events.

use super::*;

#[rstest::rstest]
#[case::a_fault("500 Internal Server Error", "server_error")]
#[case::no_room("503 Service Unavailable\r\nretry-after: 900", "server_error")]
#[case::too_often("429 Too Many Requests\r\nretry-after: 900", "rate_limited")]
#[tokio::test]
async fn a_server_in_trouble_is_told_of_and_tried_again(
    #[case] head: &'static str,
    #[case] code: &'static str,
) {
    let bench = Bench::new(World::with_messages(5)).await;
    with_feeds(&bench, vec![Reply::Http(head, String::new()); 4]);
    let follower = Follower::start(bench, OPTIONS);
    follower.until_messages(5).await;
    let told = follower.told();
    assert_eq!(told[0], Followed::Connecting, "{told:?}");
    assert!(
        matches!(&told[1], Followed::Offline(error) if error.code == code),
        "{told:?}"
    );
    follower.settle().await;
}

#[tokio::test]
async fn a_token_that_is_refused_ends_it() {
    let bench = Bench::new(World::with_messages(5)).await;
    let (words, reply) = Feed::open();
    let refused = Reply::Http(
        "401 Unauthorized\r\ncontent-type: application/json",
        "{}".into(),
    );
    with_feeds(&bench, vec![reply, refused]);
    let follower = Follower::start(bench, OPTIONS);
    follower.until_messages(5).await;
    drop(words);
    assert_eq!(follower.ended().await.code, "unauthorized");
}

#[tokio::test]
async fn a_token_that_is_refused_in_a_pull_ends_it_too() {
    let bench = Bench::new(World::with_messages(5)).await;
    let (words, reply) = Feed::open();
    let mut feed = Some(reply);
    bench.server.script(move |request, world| {
        if is_live(request) {
            return feed.take().unwrap_or(Reply::Hang);
        }
        if world.messages.len() > 5 {
            return Reply::Http(
                "401 Unauthorized\r\ncontent-type: application/json",
                "{}".into(),
            );
        }
        Reply::Honest
    });
    let follower = Follower::start(bench, OPTIONS);
    follower.until_messages(5).await;
    follower.bench.server.change(World::add_message);
    say(&words, &follower.bench);
    let bench = Arc::clone(&follower.bench);
    assert_eq!(follower.ended().await.code, "unauthorized");
    let run = bench.mirror.runs(1).await.unwrap().remove(0);
    assert_eq!(run.outcome, Outcome::Failed, "what failed is in the log");
}

#[tokio::test]
async fn a_server_without_live_events_is_looked_at_now_and_then() {
    let bench = Bench::new(World::of_the_first_design(5)).await;
    let follower = Follower::start(bench, OPTIONS);
    follower.until_messages(5).await;
    follower.until_told(|word| *word == Followed::Polling).await;
    follower.bench.server.change(World::add_message);
    follower.until_messages(6).await;
    assert!(
        !follower
            .told()
            .iter()
            .any(|word| matches!(word, Followed::Offline(_))),
        "that is no fault of the server's"
    );
    follower.settle().await;
}

#[tokio::test]
async fn an_account_that_is_gone_ends_it() {
    let bench = Bench::new(World::with_messages(5)).await;
    bench.server.script(|_, _| {
        Reply::Http(
            "404 Not Found\r\ncontent-type: application/json",
            "{}".into(),
        )
    });
    let follower = Follower::start(bench, OPTIONS);
    assert_eq!(follower.ended().await.code, "not_found");
}
