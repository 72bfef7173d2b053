//! Answers in lines: cut anywhere, wrong in every way we know, and servers that know only pages.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rstest::rstest;
use threadkeep_protocol::{Seq, Stream};
use threadkeep_sync::{Outcome, PageLimit};
use tokio_util::sync::CancellationToken;

use crate::{
    bench::{Bench, IMPATIENT, PATIENT, codes},
    fault_server::{Reply, Request, gzip, http, zstd},
    world::World,
};

mod wrong;

/// Asks for lines; messages are answered by the script, everything else honestly.
async fn messages_answered(
    messages: usize,
    mut script: impl FnMut(&Request, &mut World) -> Reply + Send + 'static,
) -> Bench {
    let mut bench = Bench::scripted(World::with_messages(messages), move |request, world| {
        if request.stream == Some(Stream::Messages) {
            script(request, world)
        } else {
            Reply::Honest
        }
    })
    .await;
    bench.options.streaming = true;
    bench
}

fn asked_for_messages(bench: &Bench) -> Vec<Seq> {
    let asked = bench.server.requests().into_iter();
    asked
        .filter(|request| request.stream == Some(Stream::Messages))
        .map(|request| request.since)
        .collect()
}

#[tokio::test]
async fn each_stream_is_one_answer_and_leaves_its_connection_to_the_next() {
    let bench = messages_answered(45, |_, _| Reply::Honest).await;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    bench.assert_equal().await;
    let requests = bench.server.requests();
    assert_eq!(
        requests.len(),
        1 + Stream::ALL.len(),
        "status, then one each"
    );
    assert_eq!(report.requests, requests.len() as u64);
    // A second one may be opened while the first is on its way back to the pool.
    let connections: BTreeSet<_> = requests.iter().map(|request| request.connection).collect();
    assert!(
        connections.len() <= Stream::ALL.len() / 2,
        "an answer that is read to its end leaves its connection to the next: {connections:?}"
    );
    assert_eq!(bench.sync().await.requests, 1, "nothing more is asked for");
}

#[rstest]
#[case::gzip(Reply::Gzip)]
#[case::zstd(Reply::Zstd)]
#[tokio::test]
async fn compressed_lines_are_read(#[case] reply: Reply) {
    let bench = messages_answered(45, move |_, _| reply.clone()).await;
    assert_eq!(bench.sync().await.outcome, Outcome::Completed);
    bench.assert_equal().await;
}

/// The place behind the nth cursor line, and that of its beginning.
fn cursor_lines(text: &str) -> Vec<(usize, usize)> {
    let lines = text.split_inclusive('\n').scan(0, |end, line| {
        let begin = *end;
        *end += line.len();
        Some((begin, *end, line))
    });
    lines
        .filter(|(_, _, line)| line.starts_with(r#"{"cursor""#))
        .map(|(begin, end, _)| (begin, end))
        .collect()
}

/// Where the first answer is cut, in bytes from the places of its cursor lines.
#[rstest]
#[case::in_the_first_row(|_: &[(usize, usize)]| 30)]
#[case::in_a_row(|lines: &[(usize, usize)]| lines[1].1 + 30)]
#[case::between_rows(|lines: &[(usize, usize)]| lines[1].0)]
#[case::in_a_cursor_line(|lines: &[(usize, usize)]| lines[2].0 + 20)]
#[case::before_the_end_of_a_cursor_line(|lines: &[(usize, usize)]| lines[2].1 - 1)]
#[case::behind_a_cursor_line(|lines: &[(usize, usize)]| lines[2].1)]
#[tokio::test]
async fn an_answer_that_is_cut_goes_on_behind_its_last_cursor_line(
    #[case] cut: fn(&[(usize, usize)]) -> usize,
    #[values(Reply::CutAfter, |bytes| Reply::StallAfter(bytes))] reply: fn(usize) -> Reply,
) {
    let mut answered = false;
    let bench = messages_answered(45, move |request, world| {
        if std::mem::replace(&mut answered, true) {
            return Reply::Honest;
        }
        let text = world.lines(Stream::Messages, request.since, request.limit);
        reply(cut(&cursor_lines(&text)))
    })
    .await
    .asking_with(IMPATIENT);
    let (text, seqs) = bench.server.change(|world| {
        let seqs: Vec<Seq> = world.messages.iter().map(|message| message.seq).collect();
        (world.lines(Stream::Messages, 0, 10), seqs)
    });
    let committed = cursor_lines(&text)
        .iter()
        .filter(|(_, end)| *end <= cut(&cursor_lines(&text)))
        .count();
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    bench.assert_equal().await;
    let resumed = committed
        .checked_sub(1)
        .map_or(0, |span| seqs[span * 10 + 9]);
    assert_eq!(asked_for_messages(&bench), [0, resumed]);
}

#[tokio::test]
async fn an_answer_may_end_early_as_often_as_it_likes_if_it_brings_rows() {
    // More often than a request is tried.
    let bench = messages_answered(95, |request, world| {
        let mut text = world.lines(Stream::Messages, request.since, request.limit);
        text.truncate(cursor_lines(&text)[0].1);
        Reply::Lines(text)
    })
    .await;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    bench.assert_equal().await;
    assert_eq!(asked_for_messages(&bench).len(), 10);
}

#[rstest]
#[case::nothing(Reply::Lines(String::new()), "bad_page")]
#[case::half_a_row(Reply::CutAfter(30), "interrupted")]
#[case::half_a_row_that_ends_well(Reply::Changed(|text| text[..20].to_owned()), "bad_page")]
#[case::rows_without_a_cursor_line(
    Reply::Changed(|text| text[..cursor_lines(&text)[0].0].to_owned()),
    "bad_page"
)]
#[tokio::test]
async fn an_answer_that_brings_no_cursor_line_is_given_up_like_any_request(
    #[case] reply: Reply,
    #[case] code: &str,
) {
    let bench = messages_answered(45, move |_, _| reply.clone()).await;
    let report = bench.sync().await;
    assert_eq!(codes(&report), [code]);
    assert_eq!(
        asked_for_messages(&bench),
        [0; 4],
        "as often as it is tried"
    );
    assert!(bench.view().await.messages.is_empty());
    bench.assert_recovers().await;
}

#[tokio::test]
async fn messages_too_long_for_one_span_come_a_few_at_a_time() {
    let mut world = World::with_messages(30);
    for number in 0..30 {
        world.edit_message(number, &"long ".repeat(16 * 1024));
    }
    let mut bench = Bench::new(world).await;
    bench.options.streaming = true;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    bench.assert_equal().await;
}

#[rstest]
#[case::that_answers_with_a_page(false)]
#[case::that_takes_the_wish_for_a_demand(true)]
#[tokio::test]
async fn a_server_that_knows_only_pages_is_pulled_page_by_page(#[case] refuses: bool) {
    let mut world = World::with_messages(45);
    world.speaks_lines = false;
    let mut bench = Bench::scripted(world, move |request, _| {
        if refuses && request.wants_lines() {
            return Reply::Http(
                "406 Not Acceptable\r\ncontent-type: application/json",
                "{}".into(),
            );
        }
        Reply::Honest
    })
    .await;
    bench.options.streaming = true;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    bench.assert_equal().await;
    let asked = bench.server.requests();
    let wished = asked.iter().filter(|request| request.wants_lines()).count();
    assert_eq!(wished, Stream::ALL.len(), "once a stream");
    if !refuses {
        assert_eq!(
            asked_for_messages(&bench).len(),
            5,
            "no page is asked for twice"
        );
    }
}

#[tokio::test]
async fn a_server_of_the_first_design_is_pulled_without_status_and_epoch() {
    let mut world = World::of_the_first_design(45);
    world.tells_status = false;
    let mut bench = Bench::new(world).await;
    bench.options.streaming = true;
    bench.options.recent_first = Some(threadkeep_sync::RecentFirst::default());
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    bench.assert_equal().await;
}

#[tokio::test]
async fn a_history_that_is_replaced_in_the_middle_of_an_answer_is_pulled_from_its_beginning() {
    let mut answered = false;
    let bench = messages_answered(45, move |request, world| {
        if std::mem::replace(&mut answered, true) {
            return Reply::Honest;
        }
        let old = world.lines(Stream::Messages, 0, request.limit);
        let taken = std::mem::replace(world, World::with_messages(0));
        *world = taken.restored("e2");
        let at = cursor_lines(&old)[1].1;
        let since: Seq = 20;
        let new = world.lines(Stream::Messages, since, request.limit);
        Reply::Lines(format!("{}{new}", &old[..at]))
    })
    .await;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    bench.assert_equal().await;
    let states = bench.mirror.sync_states(bench.pk).await.unwrap();
    assert_eq!(states.epoch, "e2");
}

#[tokio::test]
async fn a_run_that_waits_for_the_next_line_can_be_stopped() {
    let bench = messages_answered(45, |request, world| {
        let text = world.lines(Stream::Messages, request.since, request.limit);
        Reply::StallAfter(cursor_lines(&text)[1].1 + 30)
    })
    .await;
    let cancel = CancellationToken::new();
    let stop = async {
        // Two spans are in the mirror; the third never comes.
        loop {
            let states = bench.mirror.sync_states(bench.pk).await.unwrap();
            if states.of(Stream::Messages).rows == 20 {
                break cancel.cancel();
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    let (report, ()) = tokio::join!(bench.sync_until(cancel.clone()), stop);
    assert_eq!(report.outcome, Outcome::Cancelled);
    assert_eq!(
        bench.view().await.messages.len(),
        20,
        "what had come is kept"
    );
    bench.assert_recovers().await;
}

/// How an answer is spoilt.
#[derive(Debug, Clone)]
enum Spoiling {
    Cut(usize),
    EndEarly(usize),
    PartOfGzip(usize),
    PartOfZstd(usize),
}

fn spoiling() -> impl Strategy<Value = Spoiling> {
    prop_oneof![
        (0_usize..20_000).prop_map(Spoiling::Cut),
        (0_usize..20_000).prop_map(Spoiling::EndEarly),
        (0_usize..2_000).prop_map(Spoiling::PartOfGzip),
        (0_usize..2_000).prop_map(Spoiling::PartOfZstd),
    ]
}

async fn pull_spoilt(messages: usize, limit: u32, spoilt: Vec<Spoiling>) {
    let mut spoilt = spoilt.into_iter();
    let mut bench = messages_answered(messages, move |request, world| match spoilt.next() {
        None => Reply::Honest,
        Some(Spoiling::Cut(bytes)) => Reply::CutAfter(bytes),
        Some(Spoiling::PartOfGzip(bytes)) => Reply::PartOf(gzip, "gzip", bytes),
        Some(Spoiling::PartOfZstd(bytes)) => Reply::PartOf(zstd, "zstd", bytes),
        Some(Spoiling::EndEarly(bytes)) => {
            let mut text = world.lines(Stream::Messages, request.since, request.limit);
            let mut end = bytes.min(text.len());
            while !text.is_char_boundary(end) {
                end += 1;
            }
            text.truncate(end);
            Reply::Lines(text)
        }
    })
    .await;
    bench.options.page_limit = PageLimit::all(limit);
    // More tries than there are spoilt answers: a run has no reason to give up.
    bench.options.retry.tries = 10;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    assert_eq!(
        report.updated + report.unchanged,
        0,
        "no row is taken twice"
    );
    bench.assert_equal().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn lines_that_are_cut_anywhere_lead_to_the_same_mirror(
        messages in 1_usize..60,
        limit in 1_u32..30,
        spoilt in prop::collection::vec(spoiling(), 0..8),
    ) {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap()
            .block_on(pull_spoilt(messages, limit, spoilt));
    }
}
