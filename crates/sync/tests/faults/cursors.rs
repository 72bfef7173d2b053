//! Servers whose cursors lie, and servers of the first design.

use rstest::rstest;
use threadkeep_protocol::Stream;
use threadkeep_sync::Outcome;

use crate::{
    bench::{Bench, codes},
    fault_server::Reply,
    world::World,
};

fn empty_page(latest_seq: i64, has_more: bool) -> Reply {
    Reply::Json(format!(
        r#"{{"messages":[],"latest_seq":{latest_seq},"has_more":{has_more},"total_count":9}}"#
    ))
}

fn from_the_start(world: &World) -> Reply {
    Reply::Json(world.page(Stream::Messages, 0, 10))
}

fn backwards(body: String) -> String {
    let mut page: serde_json::Value = serde_json::from_str(&body).unwrap();
    page["messages"].as_array_mut().unwrap().reverse();
    page.to_string()
}

fn with_another_cursor(body: String, by: i64) -> String {
    let mut page: serde_json::Value = serde_json::from_str(&body).unwrap();
    page["latest_seq"] = (page["latest_seq"].as_i64().unwrap() + by).into();
    page.to_string()
}

/// What happens once the messages have passed seq 20.
#[rstest]
#[case::promises_and_sends_nothing(|_: &World| empty_page(40, true))]
#[case::promises_with_the_same_cursor(|_: &World| empty_page(21, true))]
#[case::promises_with_a_smaller_cursor(|_: &World| empty_page(3, true))]
#[case::starts_over(from_the_start)]
#[case::rows_in_the_wrong_order(|_: &World| Reply::Changed(backwards))]
#[case::a_cursor_past_its_rows(|_: &World| Reply::Changed(|body| with_another_cursor(body, 1_000)))]
#[case::a_cursor_before_its_rows(|_: &World| Reply::Changed(|body| with_another_cursor(body, -2)))]
#[tokio::test]
async fn a_stream_that_does_not_lead_on_is_given_up_within_a_bound(
    #[case] fault: fn(&World) -> Reply,
) {
    let bench = Bench::scripted(World::with_messages(45), move |request, world| {
        if request.stream == Some(Stream::Messages) && request.since > 20 {
            fault(world)
        } else {
            Reply::Honest
        }
    })
    .await;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Partial);
    assert_eq!(codes(&report), ["cursor_stuck"]);
    assert!(report.requests < 40, "{} requests", report.requests);
    let truth = bench.server.change(|world| world.view());
    let view = bench.view().await;
    assert!(!view.messages.is_empty(), "the pages before are kept");
    for (key, message) in &view.messages {
        assert_eq!(message.content, truth.messages[key].content);
    }
    assert_eq!(
        view.counts[&Stream::Contacts],
        truth.counts[&Stream::Contacts],
        "the other streams go on"
    );
    bench.assert_recovers().await;
}

#[tokio::test]
async fn an_empty_answer_whose_cursor_runs_ahead_skips_nothing() {
    let mut lied = false;
    let bench = Bench::scripted(World::with_messages(45), move |request, _| {
        let in_the_middle = request.stream == Some(Stream::Messages) && request.since > 20;
        if in_the_middle && !std::mem::replace(&mut lied, true) {
            return empty_page(request.since + 30, true);
        }
        Reply::Honest
    })
    .await;
    assert_eq!(bench.sync().await.outcome, Outcome::Completed);
    bench.assert_equal().await;
}

#[tokio::test]
async fn a_server_that_promises_more_at_its_end_is_believed_the_third_time_not_to_have_it() {
    let bench = Bench::scripted(World::with_messages(25), |request, _| {
        if request.stream == Some(Stream::Messages) {
            Reply::Changed(|body| body.replace(r#""has_more":false"#, r#""has_more":true"#))
        } else {
            Reply::Honest
        }
    })
    .await;
    let report = bench.sync().await;
    assert_eq!(
        (report.outcome, codes(&report)),
        (Outcome::Partial, vec!["cursor_stuck"])
    );
    bench.assert_equal().await;
}

#[tokio::test]
async fn an_end_that_comes_before_what_the_status_named_is_asked_about() {
    let bench = Bench::scripted(World::with_messages(45), |_, _| {
        Reply::Changed(|body| body.replace(r#""has_more":true"#, r#""has_more":false"#))
    })
    .await;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed);
    bench.assert_equal().await;
}

#[tokio::test]
async fn an_empty_answer_that_ends_the_stream_is_believed() {
    let bench = Bench::scripted(World::with_messages(45), |request, _| {
        if request.stream == Some(Stream::Messages) {
            empty_page(0, false)
        } else {
            Reply::Honest
        }
    })
    .await;
    assert_eq!(bench.sync().await.outcome, Outcome::Completed);
    assert!(bench.view().await.messages.is_empty());
    bench.assert_recovers().await;
}

#[tokio::test]
async fn a_server_that_grows_while_it_is_read_is_followed() {
    let bench = Bench::scripted(World::with_messages(45), |request, world| {
        if request.stream == Some(Stream::Messages) && request.nth < 20 {
            world.add_message();
            world.edit_message(request.nth, "edited while it was read");
        }
        Reply::Honest
    })
    .await;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed);
    assert!(report.updated > 0, "an edited row came twice");
    bench.assert_recovers().await;
}

#[rstest]
#[case::with_a_status(true)]
#[case::without_one(false)]
#[tokio::test]
async fn a_server_of_the_first_design_is_mirrored(#[case] tells_status: bool) {
    let mut world = World::of_the_first_design(45);
    world.tells_status = tells_status;
    let bench = Bench::new(world).await;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    bench.assert_equal().await;
    bench.server.change(|world| {
        world.add_conversation();
        world.add_message();
        world.edit_message(3, "edited");
    });
    bench.server.change(|world| {
        world.participants.clear();
        world.media.clear();
        world.receipts.clear();
    });
    assert_eq!(bench.sync().await.outcome, Outcome::Completed);
    bench.assert_equal().await;
}

#[tokio::test]
async fn a_server_that_counts_streams_it_does_not_serve_is_mirrored_without_them() {
    let bench = Bench::scripted(World::with_messages(20), |request, _| {
        match request.stream {
            Some(Stream::Participants | Stream::Media | Stream::Receipts) => Reply::Http(
                "404 Not Found\r\ncontent-type: text/html",
                "Cannot GET".into(),
            ),
            _ => Reply::Honest,
        }
    })
    .await;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    assert_eq!(bench.view().await.messages.len(), 20);
    bench.assert_recovers().await;
}
