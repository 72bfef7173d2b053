//! The newest messages of the newest chats, beside the long pull of an empty mirror.

use std::{sync::Arc, time::Duration};

use rstest::rstest;
use threadkeep_mirror::ChatQuery;
use threadkeep_protocol::Stream;
use threadkeep_sync::{Outcome, RecentFirst, RunReport};
use tokio_util::sync::CancellationToken;

use crate::{
    bench::Bench,
    fault_server::{Reply, Request},
    world::World,
};

const FEW: RecentFirst = RecentFirst {
    chats: 2,
    messages: 4,
};

async fn bench(script: impl FnMut(&Request, &mut World) -> Reply + Send + 'static) -> Bench {
    let mut bench = Bench::scripted(World::with_messages(45), script).await;
    bench.options.streaming = true;
    bench.options.recent_first = Some(FEW);
    bench
}

fn asked_for_recent(bench: &Bench) -> usize {
    let requests = bench.server.requests();
    requests.iter().filter(|r| r.chat.is_some()).count()
}

/// Everything came once: what was fetched ahead is no second row.
fn assert_each_row_came_once(bench: &Bench, report: &RunReport) {
    let rows: u64 = bench
        .server
        .change(|world| world.view().counts.values().sum());
    assert_eq!(report.saved, rows, "each row is new once");
    assert_eq!(report.updated, 0);
}

#[tokio::test]
async fn they_can_be_read_while_the_long_pull_has_brought_nothing() {
    let bench = bench(|request, _| match request.stream {
        Some(Stream::Messages) => Reply::Hang,
        _ => Reply::Honest,
    })
    .await;
    let cancel = CancellationToken::new();
    let look = async {
        while bench.view().await.messages.len() < 8 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        cancel.cancel();
    };
    let (report, ()) = tokio::join!(bench.sync_until(cancel.clone()), look);
    assert_eq!(report.outcome, Outcome::Cancelled);
    let (truth, newest) = bench.server.change(|world| {
        let newest: Vec<_> = world
            .messages
            .iter()
            .rev()
            .take(3 * 4)
            .map(|m| m.id)
            .collect();
        (world.view(), newest)
    });
    let view = bench.view().await;
    assert_eq!(view.messages.len(), 8, "four of two chats each");
    for (key, message) in &view.messages {
        assert!(
            newest.contains(&message.id),
            "{key:?} is one of its chat's newest"
        );
        assert_eq!(message.content, truth.messages[key].content);
        assert_eq!(message.chat_name, truth.messages[key].chat_name);
    }
    let states = bench.mirror.sync_states(bench.pk).await.unwrap();
    assert_eq!(
        states.of(Stream::Messages).last_seq,
        0,
        "no cursor has moved"
    );
    // What was begun is taken up: the rest comes, and nothing twice.
    bench.server.be_honest();
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    bench.assert_equal().await;
}

#[tokio::test]
async fn nothing_is_doubled_and_all_is_counted_once() {
    let bench = bench(|_, _| Reply::Honest).await;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    bench.assert_equal().await;
    assert_each_row_came_once(&bench, &report);
    assert_eq!(asked_for_recent(&bench), 2, "one question a chat");
    let chats = bench.mirror.chats(ChatQuery::default()).await.unwrap();
    let counted: u64 = chats.iter().map(|chat| chat.messages).sum();
    assert_eq!(counted, 45, "the chats' own counters agree");
}

#[rstest]
#[case::in_lines(true)]
#[case::page_by_page(false)]
#[tokio::test]
async fn a_later_row_that_came_first_never_loses_to_an_earlier_one(#[case] streaming: bool) {
    // The long pull tells the messages as they were before the edits, the newest messages as they are.
    let before = Arc::new(World::with_messages(45));
    let mut bench = bench(move |request, world| {
        if world.messages[44].content != "edited" {
            (33..45).for_each(|number| world.edit_message(number, "edited"));
        }
        match request.stream {
            Some(Stream::Messages) if request.since < before.cursors()[&Stream::Messages] => {
                let (since, limit) = (request.since, request.limit);
                if request.wants_lines() {
                    let text = before.lines(Stream::Messages, since, limit);
                    return Reply::Lines(text);
                }
                Reply::Json(before.page(Stream::Messages, since, limit))
            }
            _ => Reply::Honest,
        }
    })
    .await;
    bench.options.streaming = streaming;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    bench.assert_equal().await;
}

#[tokio::test]
async fn a_mirror_that_has_something_is_only_pulled() {
    let bench = bench(|_, _| Reply::Honest).await;
    bench.sync().await;
    let asked = asked_for_recent(&bench);
    bench.server.change(World::add_message);
    assert_eq!(bench.sync().await.outcome, Outcome::Completed);
    assert_eq!(asked_for_recent(&bench), asked);
    bench.assert_equal().await;
}

#[tokio::test]
async fn a_short_history_needs_none() {
    let mut bench = bench(|_, _| Reply::Honest).await;
    bench.options.recent_first = Some(RecentFirst::default());
    assert_eq!(bench.sync().await.outcome, Outcome::Completed);
    assert_eq!(asked_for_recent(&bench), 0);
    bench.assert_equal().await;
}

#[rstest]
#[case::a_server_that_does_not_know_them(Reply::Http(
    "404 Not Found\r\ncontent-type: application/json",
    "{}".into()
))]
#[case::a_fault(Reply::Http("500 Internal Server Error", String::new()))]
#[case::another_shape(Reply::Json("[]".into()))]
#[case::a_website(Reply::Http("200 OK\r\ncontent-type: text/html", "<html>".into()))]
#[case::half_an_answer(Reply::CutAfter(40))]
#[case::another_history(Reply::Changed(|text| text.replace("e1", "e9")))]
#[tokio::test]
async fn what_goes_wrong_with_them_is_no_failure_of_the_run(#[case] reply: Reply) {
    let bench = bench(move |request, _| match request.chat {
        Some(_) => reply.clone(),
        None => Reply::Honest,
    })
    .await;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    assert!(asked_for_recent(&bench) > 0, "they were asked for");
    bench.assert_equal().await;
    assert_each_row_came_once(&bench, &report);
}

#[tokio::test]
async fn a_server_that_answers_them_never_does_not_hold_the_run() {
    let bench = bench(|request, _| match request.chat {
        Some(_) => Reply::Hang,
        None => Reply::Honest,
    })
    .await;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    bench.assert_equal().await;
}
