//! Faults that pass: the run ends with the truth all the same, or says why not and keeps what came.

use std::time::Duration;

use rstest::rstest;
use threadkeep_protocol::Stream;
use threadkeep_sync::{Outcome, Stage};

use crate::{
    bench::{Bench, IMPATIENT, QUICK, codes},
    fault_server::{FaultServer, Reply},
    world::World,
};

#[tokio::test]
async fn an_honest_server_is_mirrored_whole_and_a_second_run_asks_once() {
    let bench = Bench::new(World::with_messages(120)).await;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed);
    bench.assert_equal().await;
    let rows: u64 = bench.view().await.counts.values().sum();
    assert_eq!(report.saved, rows, "every row was new");
    assert_eq!(
        report.requests,
        report.pages + 1,
        "a status, and each page once"
    );
    assert!(report.bytes > 0 && report.seconds > 0.0);

    let again = bench.sync().await;
    assert_eq!(again.outcome, Outcome::Completed);
    assert_eq!(
        (again.requests, again.pages),
        (1, 0),
        "the status says it all"
    );
    bench.assert_equal().await;
}

#[tokio::test]
async fn progress_tells_true_numbers_of_each_stage() {
    let bench = Bench::new(World::with_messages(57)).await;
    bench.sync().await;
    let heard = bench.progress.lock().unwrap().clone();
    let first = heard.first().unwrap();
    let rows = bench.server.change(|world| {
        let status = world.status();
        Stream::ALL.map(|stream| status.count(stream) as u64)
    });
    let all: u64 = rows.iter().sum();
    assert_eq!((first.overall_done, first.overall_total), (0, Some(all)));
    for (stream, rows) in Stream::ALL.into_iter().zip(rows) {
        let stage: Vec<_> = heard
            .iter()
            .filter(|p| p.stage == Stage::Stream(stream))
            .collect();
        let (first, last) = (stage[0], stage[stage.len() - 1]);
        assert_eq!((first.done, first.total), (0, Some(rows)), "{stream}");
        assert_eq!((last.done, last.total), (rows, Some(rows)), "{stream}");
    }
    let last = heard.last().unwrap();
    assert_eq!((last.overall_done, last.overall_total), (all, Some(all)));
}

/// Every page request fails this way once before it is answered; the pull ends with the truth.
#[rstest]
#[case::a_fault_of_the_server(Reply::Http("500 Internal Server Error", String::new()))]
#[case::a_bad_gateway_with_a_page_for_people(Reply::Http(
    "502 Bad Gateway\r\ncontent-type: text/html",
    "<h1>Bad gateway</h1>".into()
))]
#[case::busy(Reply::Http("503 Service Unavailable\r\nretry-after: 0", String::new()))]
#[case::too_many_requests_in_seconds(Reply::Http(
    "429 Too Many Requests\r\nretry-after: 1000000000",
    String::new()
))]
#[case::too_many_requests_by_date(Reply::Http(
    "429 Too Many Requests\r\nretry-after: Fri, 31 Dec 2100 23:59:59 GMT",
    String::new()
))]
#[case::too_many_requests_and_nonsense(Reply::Http(
    "429 Too Many Requests\r\nretry-after: -5",
    String::new()
))]
#[case::hung_up_before_the_answer(Reply::Raw(Vec::new()))]
#[case::hung_up_in_the_head(Reply::Raw(b"HTTP/1.1 200 OK\r\ncontent-ty".to_vec()))]
#[case::hung_up_in_the_body(Reply::CutAfter(200))]
#[case::hung_up_before_the_last_byte(Reply::CutAfter(usize::MAX))]
#[case::a_length_that_promises_more(Reply::WrongLength(7))]
#[case::a_length_that_cuts_the_body(Reply::WrongLength(-7))]
#[case::chunks_that_are_none(Reply::Raw(
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"
        .to_vec()
))]
#[case::compressed_garbage(Reply::Http(
    "200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip",
    "this is no gzip".into()
))]
#[tokio::test]
async fn what_fails_once_is_asked_again(#[case] fault: Reply) {
    let mut failed = std::collections::BTreeSet::new();
    let bench = Bench::scripted(World::with_messages(45), move |request, _| {
        let Some(stream) = request.stream else {
            return Reply::Honest;
        };
        if failed.insert((stream, request.since)) {
            fault.clone()
        } else {
            Reply::Honest
        }
    })
    .await;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    assert!(report.requests > report.pages + 1, "the fault was met");
    bench.assert_equal().await;
}

#[tokio::test]
async fn a_server_that_is_slow_to_start_is_waited_for_within_the_budget() {
    for (failures, outcome) in [
        (QUICK.tries - 1, Outcome::Completed),
        (QUICK.tries, Outcome::Failed),
    ] {
        let bench = Bench::scripted(World::with_messages(5), move |request, _| {
            if request.nth < failures {
                Reply::Http("500 Internal Server Error", String::new())
            } else {
                Reply::Honest
            }
        })
        .await;
        let report = bench.sync().await;
        assert_eq!(report.outcome, outcome);
        if outcome == Outcome::Failed {
            assert_eq!(codes(&report), ["server_error"]);
            bench.assert_empty().await;
            bench.assert_recovers().await;
        }
    }
}

#[rstest]
#[case::silence(Reply::Hang, "timeout")]
#[case::a_byte_now_and_then(Reply::Drip(Duration::from_millis(100)), "timeout")]
#[case::too_many_requests(Reply::Http("429 Too Many Requests", String::new()), "rate_limited")]
#[case::cut_off_each_time(Reply::CutAfter(300), "interrupted")]
#[tokio::test]
async fn what_lasts_in_the_middle_ends_the_run_and_keeps_what_came(
    #[case] fault: Reply,
    #[case] code: &str,
) {
    let mut bench = Bench::scripted(World::with_messages(60), move |request, _| {
        if request.stream == Some(Stream::Messages) && request.since > 20 {
            fault.clone()
        } else {
            Reply::Honest
        }
    })
    .await
    .asking_with(IMPATIENT);
    bench.options.retry.tries = 2;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Failed);
    assert_eq!(codes(&report), [code]);
    let held = bench.view().await.messages.len();
    assert!(
        held > 0 && held < 60,
        "{held} messages came before the fault"
    );
    let states = bench.mirror.sync_states(bench.pk).await.unwrap();
    assert!(
        states.of(Stream::Messages).last_seq > 20,
        "the cursor stands behind them"
    );
    bench.assert_recovers().await;
}

#[tokio::test]
async fn answers_that_come_too_late_are_asked_for_with_fewer_rows() {
    let mut bench = Bench::scripted(World::with_messages(300), |request, _| {
        if request.stream == Some(Stream::Messages) && request.limit > 100 {
            Reply::Hang
        } else {
            Reply::Honest
        }
    })
    .await
    .asking_with(IMPATIENT);
    bench.options.page_limit.messages = 300;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    bench.assert_equal().await;
}

#[tokio::test]
async fn compressed_answers_are_asked_for_and_read() {
    let bench = Bench::scripted(World::with_messages(30), |_, _| Reply::Gzip).await;
    assert_eq!(bench.sync().await.outcome, Outcome::Completed);
    bench.assert_equal().await;
    let accepted = &bench.server.requests()[0].headers["accept-encoding"];
    assert!(
        accepted.contains("gzip") && accepted.contains("zstd"),
        "{accepted}"
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable() {
    let mut bench = Bench::new(World::with_messages(5)).await;
    // A port that was just free.
    let gone = FaultServer::start(World::with_messages(0)).await.address;
    bench.remote = crate::bench::remote(&format!("http://{gone}"));
    tokio::task::yield_now().await;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Failed);
    assert_eq!(codes(&report), ["unreachable"]);
    bench.assert_empty().await;
}
