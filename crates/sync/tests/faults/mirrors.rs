//! Mirrors that cannot be written.

use std::{thread, time::Duration};

use threadkeep_mirror::Mirror;
use threadkeep_protocol::Stream;
use threadkeep_sync::{Outcome, sync};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::{
    bench::{Bench, codes},
    fault_server::Reply,
    world::World,
};

#[tokio::test]
async fn a_read_only_mirror_is_said_to_be_one_and_the_server_is_not_asked() {
    let bench = Bench::new(World::with_messages(5)).await;
    let read_only = Mirror::open_read_only(bench.mirror.path()).unwrap();
    let report = sync(
        &read_only,
        bench.pk,
        &bench.remote,
        1,
        bench.options.clone(),
        CancellationToken::new(),
        |_| {},
    )
    .await;
    assert_eq!(report.outcome, Outcome::Failed);
    assert_eq!(codes(&report), ["mirror_read_only"]);
    assert!(bench.server.requests().is_empty());
    bench.assert_empty().await;
    bench.assert_recovers().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mirror_that_is_closed_in_the_middle_keeps_what_came_and_ends_the_pull() {
    const HOUR: Duration = Duration::from_secs(3_600);
    let mut bench = Bench::new(World::with_messages(60)).await;
    bench.options.retry.retry_after_cap = HOUR;
    let path = bench.folder.path().join("mirror.db");
    let mirror = bench.mirror.clone();
    let runtime = Handle::current();
    let pk = bench.pk;
    let mut closed = false;
    bench.server.script(move |request, _| {
        // The pull waits for the server when the writing fails: it must not wait on.
        if closed {
            return Reply::Http("429 Too Many Requests\r\nretry-after: 3600", String::new());
        }
        if request.stream == Some(Stream::Messages) && request.since > 20 {
            closed = true;
            let (mirror, since) = (mirror.clone(), request.since);
            let close = async move {
                // What came before is written, so that the answer to this request is the first that
                // cannot be.
                while mirror
                    .sync_states(pk)
                    .await
                    .unwrap()
                    .of(Stream::Messages)
                    .last_seq
                    < since
                {
                    tokio::task::yield_now().await;
                }
                mirror.close().await;
            };
            let runtime = runtime.clone();
            thread::spawn(move || runtime.block_on(close))
                .join()
                .unwrap();
        }
        Reply::Honest
    });
    let report = sync(
        &bench.mirror,
        bench.pk,
        &bench.remote,
        1,
        bench.options.clone(),
        CancellationToken::new(),
        |_| {},
    )
    .await;
    assert_eq!(report.outcome, Outcome::Failed);
    assert_eq!(
        codes(&report),
        ["mirror_closed", "mirror_closed"],
        "neither the next rows nor the end of the run could be written"
    );

    bench.server.be_honest();
    let reopened = Bench {
        mirror: Mirror::open(&path).unwrap(),
        ..bench
    };
    let interrupted = reopened.mirror.runs(1).await.unwrap().remove(0);
    assert_eq!(
        interrupted.outcome,
        Outcome::Interrupted,
        "nobody wrote its end"
    );
    reopened.assert_recovers().await;
}
