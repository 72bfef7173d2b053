//! Verifying against servers that move meanwhile, lose rows, lie, fail, or are left in the middle.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use rstest::rstest;
use threadkeep_protocol::{Row, Stream};
use threadkeep_sync::{Outcome, Phase};
use tokio_util::sync::CancellationToken;

use crate::{
    bench::Bench,
    fault_server::Reply,
    verify::{FULL, PLAIN, codes, disturb, mended, pulled, removed},
    world::World,
};

#[tokio::test]
async fn a_history_that_is_replaced_meanwhile_is_followed() {
    let digests = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&digests);
    let bench = pulled(46).await;
    bench.server.script(move |request, world| {
        if request.digest.is_some() && seen.fetch_add(1, Ordering::Relaxed) == 1 {
            let old = std::mem::replace(world, World::with_messages(0));
            *world = old.restored("e2");
            world.edit_message(5, "in another history");
        }
        Reply::Honest
    });
    let report = bench.verify(PLAIN).await;
    assert!(report.is_sound(), "{report:?}");
    bench.assert_equal().await;
    let states = bench.mirror.sync_states(bench.pk).await.unwrap();
    assert_eq!(states.epoch, "e2");
}

#[tokio::test]
async fn a_history_that_is_replaced_while_a_bucket_is_pulled_is_followed() {
    let bench = pulled(46).await;
    bench.server.change(|world| disturb(world, "more"));
    bench.server.script(|request, world| {
        if request.bucket.is_some() {
            world.epoch = format!("e{}", request.nth);
        }
        Reply::Honest
    });
    let report = bench.verify(PLAIN).await;
    assert!(
        report.is_sound(),
        "the pull that follows mends it: {report:?}"
    );
    bench.assert_equal().await;
}

#[tokio::test]
async fn a_history_that_is_replaced_over_and_over_is_given_up() {
    let bench = pulled(46).await;
    bench.server.script(|request, world| {
        if request.digest.is_some() {
            world.epoch = format!("e{}", request.nth);
        }
        Reply::Honest
    });
    let report = bench.verify(PLAIN).await;
    assert_eq!(report.outcome, Outcome::Failed);
    assert_eq!(codes(&report), ["epoch_changed"]);
    assert!(bench.server.requests().len() < 300, "within a bound");
    bench.assert_recovers().await;
}

#[tokio::test]
async fn a_server_that_is_written_to_meanwhile_is_followed_to_the_end() {
    let bench = pulled(46).await;
    bench.server.change(|world| disturb(world, "other"));
    let mut writes = 0;
    bench.server.script(move |request, world| {
        // After a sum was made and before the pull that it leads to; another message each time.
        let asks = request.digest == Some(Stream::Messages) || request.path == "/sync/status/1";
        if asks && writes < 12 {
            writes += 1;
            world.edit_message(10 + writes, "edited meanwhile");
            world.add_message();
        }
        Reply::Honest
    });
    let report = bench.verify(PLAIN).await;
    assert!(report.is_sound(), "{report:?}");
    assert_eq!(mended(&report), 1, "what differed was mended all the same");
    bench.assert_equal().await;
}

#[tokio::test]
async fn what_never_rests_is_given_up_in_words() {
    let bench = pulled(46).await;
    bench.server.script(|request, world| {
        if request.digest == Some(Stream::Messages) || request.path == "/sync/status/1" {
            world.edit_message(5, &format!("edited {}", request.nth));
        }
        Reply::Honest
    });
    let report = bench.verify(PLAIN).await;
    assert_eq!(codes(&report), ["server_restless"]);
    assert_eq!(report.outcome, Outcome::Partial);
    let others: Vec<bool> = report.streams.iter().map(|one| one.is_equal).collect();
    assert_eq!(others, [true; 5], "the other streams were compared");
    assert!(bench.server.requests().len() < 300, "within a bound");
    bench.assert_recovers().await;
}

#[tokio::test]
async fn rows_that_the_server_lost_are_kept_and_told_of() {
    let bench = pulled(46).await;
    let before = bench.view().await;
    let lost = bench.server.change(|world| world.messages.remove(7));
    bench.server.script(|request, world| match request.digest {
        Some(Stream::Messages) => {
            let mut digest = world.digest(Stream::Messages);
            digest.count += 1;
            Reply::Json(serde_json::to_string(&digest).unwrap())
        }
        _ => Reply::Honest,
    });
    for how in [PLAIN, FULL] {
        let report = bench.verify(how).await;
        assert_eq!(codes(&report), ["server_lost_rows"]);
        assert_eq!(removed(&report), 0);
        let messages = &report.streams[1];
        assert_eq!((messages.only_here, messages.is_equal), (1, false));
        assert_eq!(bench.view().await, before, "absence is not deletion");
    }
    bench.server.change(|world| world.messages.insert(7, lost));
    bench.server.be_honest();
    assert!(bench.verify(PLAIN).await.is_sound());
}

#[tokio::test]
async fn rows_of_a_history_that_was_lost_stay_and_are_counted() {
    let bench = pulled(46).await;
    let before = bench.view().await.messages.len();
    bench.server.change(|world| {
        let old = std::mem::replace(world, World::with_messages(0));
        *world = old.restored("e2");
        world.messages.truncate(40);
        let held: Vec<_> = world.messages.iter().map(Row::id).collect();
        world.media.retain(|row| held.contains(&row.message_id));
        world.receipts.retain(|row| held.contains(&row.message_id));
    });
    let report = bench.verify(PLAIN).await;
    assert!(
        report.is_sound(),
        "all that the server has is here: {report:?}"
    );
    assert_eq!(report.streams[1].only_here, 6);
    assert_eq!(removed(&report), 0);
    assert_eq!(bench.view().await.messages.len(), before);
}

#[rstest]
#[case::about_what_it_holds("digest", "not_mended")]
#[case::about_what_is_in_a_bucket("bucket", "cursor_stuck")]
#[tokio::test]
async fn a_server_that_lies_costs_no_row_and_is_given_up(#[case] about: &str, #[case] code: &str) {
    let bench = pulled(46).await;
    let before = bench.view().await;
    let in_buckets = about == "bucket";
    bench
        .server
        .script(move |request, world| match request.digest {
            Some(Stream::Messages) => {
                let honest = serde_json::to_string(&world.digest(Stream::Messages)).unwrap();
                // One sum that no rows have; the count is right.
                let sum = world
                    .digest(Stream::Messages)
                    .buckets
                    .bucket(world.messages[3].id.as_bytes()[15]);
                Reply::Json(honest.replace(&sum.digest.to_string(), "00000000deadbeef"))
            }
            // All rows, whatever is asked for.
            _ if in_buckets && request.bucket.is_some() => {
                Reply::Json(world.page(Stream::Messages, request.since, request.limit))
            }
            _ => Reply::Honest,
        });
    let report = bench.verify(PLAIN).await;
    assert_eq!(codes(&report), [code]);
    assert_eq!(removed(&report), 0);
    assert_eq!(bench.view().await, before);
    assert!(bench.server.requests().len() < 100, "within a bound");
    bench.server.be_honest();
    assert!(bench.verify(PLAIN).await.is_sound());
}

#[rstest]
#[case::cut(Reply::CutAfter(40))]
#[case::half_a_digest(Reply::PartOf(|bytes| bytes.to_vec(), "identity", 300))]
#[case::failing(Reply::Http("500 Internal Server Error", String::new()))]
#[tokio::test]
async fn what_passes_is_tried_again(#[case] fault: Reply) {
    let bench = pulled(46).await;
    bench.server.change(|world| disturb(world, "other"));
    let mut seen = 0;
    bench.server.script(move |request, _| {
        seen += 1;
        let is_asked = request.digest.is_some() || request.bucket.is_some();
        // Every other answer fails, so that each gets through at the second try.
        if is_asked && seen % 2 == 0 {
            fault.clone()
        } else {
            Reply::Honest
        }
    });
    let report = bench.verify(PLAIN).await;
    assert!(report.is_sound(), "{report:?}");
    bench.server.be_honest();
    bench.assert_equal().await;
}

#[tokio::test]
async fn it_can_be_stopped_at_any_request_and_nothing_is_lost() {
    let whole = {
        let bench = pulled(46).await;
        bench.server.change(|world| disturb(world, "other"));
        let before = bench.server.requests().len();
        bench.verify(FULL).await;
        bench.server.requests().len() - before
    };
    for stop_at in 0..whole {
        let bench = pulled(46).await;
        bench.server.change(|world| disturb(world, "other"));
        let before = bench.view().await;
        let cancel = CancellationToken::new();
        let trigger = cancel.clone();
        let first = bench.server.requests().len();
        bench.server.script(move |request, _| {
            if request.nth == first + stop_at {
                trigger.cancel();
                return Reply::Hang;
            }
            Reply::Honest
        });
        let report = bench.verify_until(FULL, cancel, |_| {}).await;
        assert_eq!(report.outcome, Outcome::Cancelled, "at request {stop_at}");
        assert_eq!(report.errors, [], "being stopped is no error");
        assert_eq!(
            bench.view().await.messages.len(),
            before.messages.len(),
            "no row is lost on the way"
        );
        bench.server.be_honest();
        assert!(bench.verify(PLAIN).await.is_sound());
        bench.assert_equal().await;
    }
}

#[tokio::test]
async fn a_server_without_digests_says_so_and_its_rows_can_still_be_compared_by_none() {
    let mut world = World::with_messages(46);
    world.tells_digest = false;
    let bench = Bench::new(world).await;
    let report = bench.verify(PLAIN).await;
    assert_eq!(codes(&report), ["no_digest"]);
    assert_eq!(report.outcome, Outcome::Failed);
    bench.assert_equal().await;
}

#[tokio::test]
async fn progress_tells_what_is_done_and_never_runs_past_its_end() {
    let bench = Bench::new(World::with_messages(46)).await;
    let heard = std::sync::Mutex::new(Vec::new());
    let report = bench
        .verify_until(FULL, CancellationToken::new(), |progress| {
            heard.lock().unwrap().push(progress);
        })
        .await;
    assert!(report.is_sound());
    let heard = heard.into_inner().unwrap();
    for phase in [Phase::Pulling, Phase::Mending, Phase::Comparing] {
        assert!(heard.iter().any(|said| said.phase == phase), "{phase:?}");
    }
    for said in heard {
        assert!(said.done <= said.total.unwrap_or(u64::MAX), "{said:?}");
    }
}
