//! Pages that are wrong, and pages that are only unusual.

use rstest::rstest;
use threadkeep_protocol::Stream;
use threadkeep_sync::{Outcome, RemoteOptions};

use crate::{
    bench::{Bench, PATIENT, codes},
    fault_server::{Reply, gzip, http},
    world::World,
};

/// Messages are answered this way; everything else is honest.
async fn messages_answered(reply: Reply) -> Bench {
    Bench::scripted(World::with_messages(45), move |request, _| {
        if request.stream == Some(Stream::Messages) {
            reply.clone()
        } else {
            Reply::Honest
        }
    })
    .await
}

fn cut_in_half(body: String) -> String {
    let mut half = body.len() / 2;
    while !body.is_char_boundary(half) {
        half += 1;
    }
    body[..half].to_owned()
}

fn without_ids(body: String) -> String {
    body.replace(r#""id":"#, r#""key":"#)
}

fn with_null_seqs(body: String) -> String {
    body.replace(r#""seq":"#, r#""seq":null,"old_seq":"#)
}

#[rstest]
#[case::an_error_that_calls_itself_fine(Reply::Json(r#"{"error":"out of memory"}"#.into()))]
#[case::a_list(Reply::Json("[]".into()))]
#[case::no_json(Reply::Json("<html>".into()))]
#[case::nothing(Reply::Json(String::new()))]
#[case::half_a_page(Reply::Changed(cut_in_half))]
#[case::rows_without_ids(Reply::Changed(without_ids))]
#[case::rows_without_places(Reply::Changed(with_null_seqs))]
#[tokio::test]
async fn what_is_no_page_changes_nothing_and_does_not_cost_the_other_streams(#[case] reply: Reply) {
    let bench = messages_answered(reply).await;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Partial);
    assert_eq!(codes(&report), ["bad_page"]);
    let truth = bench.server.change(|world| world.view());
    let view = bench.view().await;
    assert!(
        view.messages.is_empty(),
        "not one row of a bad page is taken"
    );
    for stream in [
        Stream::Conversations,
        Stream::Contacts,
        Stream::Participants,
    ] {
        assert_eq!(view.counts[&stream], truth.counts[&stream], "{stream}");
    }
    let states = bench.mirror.sync_states(bench.pk).await.unwrap();
    assert_eq!(states.of(Stream::Messages).last_seq, 0);
    bench.assert_recovers().await;
}

#[tokio::test]
async fn a_bad_page_in_the_middle_keeps_the_pages_before_it() {
    let bench = Bench::scripted(World::with_messages(45), |request, _| {
        if request.stream == Some(Stream::Messages) && request.since > 20 {
            Reply::Changed(without_ids)
        } else {
            Reply::Honest
        }
    })
    .await;
    let report = bench.sync().await;
    assert_eq!(
        (report.outcome, codes(&report)),
        (Outcome::Partial, vec!["bad_page"])
    );
    let held = bench.view().await.messages.len();
    assert!((10..45).contains(&held), "{held}");
    bench.assert_recovers().await;
}

fn with_news(body: String) -> String {
    body.replace(
        r#""message_type":"text""#,
        r#""message_type":"hologram","delivery_status":"teleported","mood":{"a":[1]}"#,
    )
    .replace(r#""has_more""#, r#""weather":[[{}]],"has_more""#)
}

fn with_nulls(body: String) -> String {
    body.replace(
        r#""message_type":"text""#,
        r#""message_type":null,"reply_to_external_id":null,"is_starred":null,"reactions":null"#,
    )
}

fn fields_first(body: String) -> String {
    let mut page: serde_json::Value = serde_json::from_str(&body).unwrap();
    let rows = page["messages"].take();
    let mut text = page.to_string();
    text.truncate(text.len() - 1);
    // The rows once more at the end: the last of two equal keys is the one that counts.
    format!(r#"{text},"messages":{rows}}}"#)
}

fn with_every_row_twice(body: String) -> String {
    let mut page: serde_json::Value = serde_json::from_str(&body).unwrap();
    let rows = page["messages"].as_array().unwrap();
    let twice: Vec<_> = rows.iter().flat_map(|row| [row, row]).cloned().collect();
    page["messages"] = twice.into();
    page.to_string()
}

#[rstest]
#[case::fields_and_kinds_of_a_newer_server(with_news)]
#[case::nulls(with_nulls)]
#[case::another_order_of_fields(fields_first)]
#[case::every_row_twice(with_every_row_twice)]
#[tokio::test]
async fn what_is_only_unusual_is_read(#[case] change: fn(String) -> String) {
    let bench = messages_answered(Reply::Changed(change)).await;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    bench.assert_equal().await;
}

#[tokio::test]
async fn half_an_emoji_costs_a_character_and_not_the_history() {
    let bench = messages_answered(Reply::Changed(|body| body.replace("🧵", r"\ud83e"))).await;
    assert_eq!(bench.sync().await.outcome, Outcome::Completed);
    let truth = bench.server.change(|world| world.view());
    for (key, message) in bench.view().await.messages {
        let text = truth.messages[&key].content.replace('🧵', "\u{FFFD}");
        assert_eq!(message.content, text);
    }
}

#[tokio::test]
async fn a_server_that_compresses_an_endless_body_is_stopped_at_the_cap() {
    let bomb = gzip(&vec![b' '; 64 * 1024 * 1024]);
    let answer = http(
        "200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip",
        &bomb,
    );
    assert!(answer.len() < PATIENT.max_body, "small on the wire");
    let bench = messages_answered(Reply::Raw(answer)).await;
    let report = bench.sync().await;
    assert_eq!(
        (report.outcome, codes(&report)),
        (Outcome::Partial, vec!["too_large"])
    );
    assert!(bench.view().await.messages.is_empty());
    bench.assert_recovers().await;
}

#[tokio::test]
async fn an_answer_that_announces_too_much_is_not_waited_for() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99999999999";
    let bench = messages_answered(Reply::Raw(format!("{head}\r\n\r\n{{").into_bytes())).await;
    let report = bench.sync().await;
    assert_eq!(
        (report.outcome, codes(&report)),
        (Outcome::Partial, vec!["too_large"])
    );
    bench.assert_recovers().await;
}

#[tokio::test]
async fn messages_too_long_for_one_page_come_a_few_at_a_time() {
    let mut world = World::with_messages(30);
    for number in 0..30 {
        world.edit_message(number, &"long ".repeat(16 * 1024));
    }
    let bench = Bench::new(world).await;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    bench.assert_equal().await;
}

#[tokio::test]
async fn a_message_of_ten_megabytes_is_kept_whole() {
    let mut world = World::with_messages(12);
    let text = "ä".repeat(5 * 1024 * 1024);
    world.edit_message(7, &text);
    let bench = Bench::new(world)
        .await
        .asking_with(RemoteOptions::default());
    assert_eq!(bench.sync().await.outcome, Outcome::Completed);
    bench.assert_equal().await;
}
