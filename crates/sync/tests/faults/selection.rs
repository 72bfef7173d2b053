//! What a person has chosen, on servers that do not know it, or forget it.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use threadkeep_mirror::{Outcome, Selection};
use threadkeep_protocol::{Rule, Stream, Timestamp};

use crate::{
    bench::{Bench, codes},
    fault_server::Reply,
    world::World,
};

/// Chooses, and frees to the end.
async fn select(bench: &Bench, selection: Selection) {
    bench.mirror.select(bench.pk, selection).await.unwrap();
    bench.mirror.free(bench.pk, || true).await.unwrap();
}

/// The first chat and nothing else.
async fn only_one(bench: &Bench) -> (String, Selection) {
    let jid = bench.server.change(|world| {
        let chat = &world.conversations[0];
        chat.external_conversation_id.clone()
    });
    let chat = bench.mirror.find_chat(&jid).await.unwrap()[0].pk;
    (jid, Selection::new(Rule::NONE, [(chat, Rule::ALL)]))
}

/// The mirror has of this chat what the server has, and of the others nothing. What hangs on messages is
/// compared with them.
async fn assert_only(bench: &Bench, jid: &str) {
    let (truth, cursors) = bench.server.change(|world| (world.view(), world.cursors()));
    let mut messages = truth.messages;
    messages.retain(|(chat, _), _| chat == jid);
    let held = bench.view().await;
    assert_eq!(held.messages, messages);
    assert!(!messages.is_empty(), "there is something to keep");
    let states = bench.mirror.sync_states(bench.pk).await.unwrap();
    for (stream, cursor) in cursors {
        assert_eq!(states.of(stream).last_seq, cursor, "the cursor of {stream}");
    }
}

#[rstest::rstest]
#[case::of_the_first_design(World::of_the_first_design(60), false)]
#[case::in_pages(World::with_messages(60), false)]
#[case::in_lines(World::with_messages(60), true)]
#[tokio::test]
async fn a_server_without_views_is_pulled_whole_and_the_rest_is_left_out_here(
    #[case] world: World,
    #[case] streaming: bool,
) {
    let mut bench = Bench::new(world).await;
    bench.options.streaming = streaming;
    bench.sync().await;
    let (jid, selection) = only_one(&bench).await;
    select(&bench, selection).await;
    assert_only(&bench, &jid).await;

    // It grows, and what is not wanted does not come back.
    bench.server.change(|world| {
        for _ in 0..30 {
            world.add_message();
        }
        if !world.streams.contains(&Stream::Media) {
            world.media.clear();
            world.receipts.clear();
        }
    });
    for _ in 0..2 {
        // What came before its message, of a message that is not wanted, goes with the second run.
        let report = bench.sync().await;
        assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    }
    assert_only(&bench, &jid).await;
    let counts = bench.view().await.counts;
    let files: usize = bench
        .view()
        .await
        .messages
        .values()
        .map(|one| one.files.len())
        .sum();
    assert_eq!(
        counts[&Stream::Media],
        files as u64,
        "no file hangs on nothing"
    );

    // All is wanted again: what is missing is looked for from the start.
    select(&bench, Selection::default()).await;
    assert!(bench.mirror.selection(bench.pk).await.unwrap().is_pending);
    bench.sync().await;
    assert!(!bench.mirror.selection(bench.pk).await.unwrap().is_pending);
    bench.assert_equal().await;
    let requests = bench.sync().await.requests;
    assert!(
        requests < 8,
        "then there is nothing to do any more: {requests}"
    );
}

const FORGOTTEN: &str = "404 Not Found\r\ncontent-type: application/problem+json";
const PROBLEM: &str = r#"{"type":"about:blank","title":"Not found","status":404,"code":"unknown_view","detail":"Put it again."}"#;

/// A view that has all of the world's rows, though it is one.
fn nearly_everything() -> Selection {
    let since = Some(Timestamp::from_seconds(1));
    Selection::new(Rule { since, ..Rule::ALL }, [])
}

#[tokio::test]
async fn a_view_that_was_forgotten_in_the_middle_is_put_again() {
    let bench = Bench::new(World::with_messages(60)).await;
    select(&bench, nearly_everything()).await;
    let (puts, pages) = (Arc::new(AtomicUsize::new(0)), AtomicUsize::new(0));
    let counted = Arc::clone(&puts);
    bench.server.script(move |request, _| {
        if request.path == "/views/1" {
            counted.fetch_add(1, Ordering::Relaxed);
            return Reply::Json(r#"{"view":"v1"}"#.into());
        }
        // The third page of messages.
        let is_messages = request.stream == Some(Stream::Messages);
        if is_messages && pages.fetch_add(1, Ordering::Relaxed) == 2 {
            return Reply::Http(FORGOTTEN, PROBLEM.into());
        }
        Reply::Honest
    });
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    assert_eq!(puts.load(Ordering::Relaxed), 2, "once, and once more");
    bench.assert_equal().await;
}

#[tokio::test]
async fn a_server_that_forgets_at_once_is_given_up() {
    let bench = Bench::new(World::with_messages(60)).await;
    select(&bench, nearly_everything()).await;
    bench.server.script(|request, _| match request.stream {
        _ if request.path == "/views/1" => Reply::Json(r#"{"view":"v1"}"#.into()),
        Some(Stream::Messages) => Reply::Http(FORGOTTEN, PROBLEM.into()),
        _ => Reply::Honest,
    });
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Failed);
    assert_eq!(codes(&report), ["unknown_view"]);
    assert!(report.requests < 40, "within a bound: {}", report.requests);
    bench.assert_recovers().await;
}

#[tokio::test]
async fn a_cursor_that_passes_over_what_is_not_wanted_leads_on() {
    let bench = Bench::new(World::with_messages(60)).await;
    select(&bench, nearly_everything()).await;
    // First nothing for a while, then all: as a server that reads past much that is not wanted.
    let asked = AtomicUsize::new(0);
    bench.server.script(move |request, world| {
        if request.path == "/views/1" {
            return Reply::Json(r#"{"view":"v1"}"#.into());
        }
        if request.stream != Some(Stream::Receipts) {
            return Reply::Honest;
        }
        let nth = asked.fetch_add(1, Ordering::Relaxed) + 1;
        let end = world.cursors()[&Stream::Receipts];
        let (latest, more) = match nth {
            1..=6 => (i64::try_from(nth).unwrap(), true),
            _ => (end, false),
        };
        let epoch = &world.epoch;
        Reply::Json(format!(
            r#"{{"receipts":[],"latest_seq":{latest},"has_more":{more},"total_count":0,"epoch":"{epoch}"}}"#
        ))
    });
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    let states = bench.mirror.sync_states(bench.pk).await.unwrap();
    let end = bench
        .server
        .change(|world| world.cursors()[&Stream::Receipts]);
    assert_eq!(states.of(Stream::Receipts).last_seq, end);
    assert_eq!(states.of(Stream::Receipts).rows, 0);
}
