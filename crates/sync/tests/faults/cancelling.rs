//! Stopping at any moment: what came stays, and the next run ends with the truth.

use std::time::Duration;

use threadkeep_sync::Outcome;
use tokio_util::sync::CancellationToken;

use crate::{bench::Bench, fault_server::Reply, world::World};

#[tokio::test]
async fn a_run_that_is_stopped_at_any_request_goes_on_where_it_was() {
    let whole = {
        let bench = Bench::new(World::with_messages(60)).await;
        bench.sync().await.requests as usize
    };
    for stop_at in 0..whole {
        let cancel = CancellationToken::new();
        let trigger = cancel.clone();
        let bench = Bench::scripted(World::with_messages(60), move |request, _| {
            if request.nth == stop_at {
                trigger.cancel();
            }
            Reply::Honest
        })
        .await;
        let report = bench.sync_until(cancel).await;
        assert_eq!(report.outcome, Outcome::Cancelled, "at request {stop_at}");
        assert_eq!(report.errors, [], "being stopped is no error");
        let truth = bench.server.change(|world| world.view());
        for (key, message) in bench.view().await.messages {
            assert_eq!(message.content, truth.messages[&key].content);
        }
        bench.assert_recovers().await;
    }
}

#[tokio::test]
async fn a_run_that_waits_for_a_server_stops_at_once() {
    for fault in [
        Reply::Hang,
        Reply::Http("429 Too Many Requests\r\nretry-after: 900", String::new()),
        Reply::Http("500 Internal Server Error", String::new()),
    ] {
        let cancel = CancellationToken::new();
        let trigger = cancel.clone();
        let mut bench = Bench::scripted(World::with_messages(5), move |_, _| {
            trigger.cancel();
            fault.clone()
        })
        .await;
        bench.options.retry.min_delay = Duration::from_secs(3_600);
        bench.options.retry.max_delay = Duration::from_secs(3_600);
        bench.options.retry.retry_after_cap = Duration::from_secs(3_600);
        let report = bench.sync_until(cancel).await;
        assert_eq!(
            report.outcome,
            Outcome::Cancelled,
            "or this test takes an hour"
        );
        bench.assert_empty().await;
    }
}

#[tokio::test]
async fn a_run_that_is_stopped_before_it_begins_asks_nothing() {
    let bench = Bench::new(World::with_messages(5)).await;
    let cancel = CancellationToken::new();
    cancel.cancel();
    let report = bench.sync_until(cancel).await;
    assert_eq!(report.outcome, Outcome::Cancelled);
    assert_eq!(report.requests, 0);
    assert!(bench.server.requests().is_empty());
}

#[tokio::test]
async fn a_wait_is_told_to_whoever_looks() {
    let bench = Bench::scripted(World::with_messages(5), |request, _| {
        if request.nth == 0 {
            Reply::Http("503 Service Unavailable\r\nretry-after: 900", String::new())
        } else {
            Reply::Honest
        }
    })
    .await;
    assert_eq!(bench.sync().await.outcome, Outcome::Completed);
    let heard = bench.progress.lock().unwrap();
    let wait = heard.iter().find_map(|progress| progress.retry_in);
    assert_eq!(
        wait,
        Some(bench.options.retry.retry_after_cap.as_secs_f64()),
        "what the server asked for, up to the cap"
    );
}
