//! Everything at once, as packed files: taken where it is what it has to be, and otherwise pulled as ever.

mod pack;
mod wrong;

use std::time::Duration;

use threadkeep_mirror::{NewIntegration, Selection};
use threadkeep_protocol::{Rule, Stream};
use threadkeep_sync::{Outcome, Progress, RecentFirst, RunReport, SnapshotFirst, Stage};
use tokio_util::sync::CancellationToken;

use crate::{
    bench::Bench,
    fault_server::{Reply, Request},
    world::World,
};
use pack::Pack;

const PATIENT: SnapshotFirst = SnapshotFirst {
    least: 1,
    patience: Duration::from_secs(3_600),
};

/// A server with this pack, which answers requests for it by a script.
async fn bench(
    pack: &Pack,
    world: World,
    mut script: impl FnMut(&Request, Reply) -> Reply + Send + 'static,
) -> Bench {
    let pack = pack.clone();
    let mut bench = Bench::scripted(world, move |request, _| match pack.answer(request) {
        Some(reply) => script(request, reply),
        None => Reply::Honest,
    })
    .await;
    bench.options.snapshot = Some(PATIENT);
    bench
}

async fn honest(pack: &Pack, world: World) -> Bench {
    bench(pack, world, |_, reply| reply).await
}

/// What was asked for of the pack's files, as (file, `Range`).
fn asked(bench: &Bench) -> Vec<(String, Option<String>)> {
    let requests = bench.server.requests();
    let of_pack = requests
        .iter()
        .filter(|r| r.path.starts_with("/snapshots/"));
    of_pack
        .map(|r| {
            (
                r.path.replace("/snapshots/1", ""),
                r.headers.get("range").cloned(),
            )
        })
        .collect()
}

fn rows(bench: &Bench) -> u64 {
    bench
        .server
        .change(|world| world.view().counts.values().sum())
}

/// It was pulled as if there were no snapshots, and nothing is left of the attempt.
async fn assert_pulled(bench: &Bench, report: &RunReport) {
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    assert_eq!(report.snapshot, None);
    assert_eq!(report.saved, rows(bench), "each row is new once");
    bench.assert_equal().await;
    assert!(
        !bench.mirror.drafts().exists(),
        "nothing is left lying about"
    );
}

/// It began with the snapshot and went on by cursor.
async fn assert_taken(bench: &Bench, pack: &Pack, report: &RunReport) {
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    let taken = report.snapshot.expect("it was taken");
    assert_eq!(taken.rows, pack.manifest.rows);
    assert_eq!(report.saved, rows(bench), "each row is new once");
    bench.assert_equal().await;
    let requests = bench.server.requests();
    assert!(
        requests.iter().all(|r| r.stream.is_none() || r.since > 0),
        "no stream is pulled from its beginning"
    );
    assert!(
        !bench.mirror.drafts().exists(),
        "nothing is left lying about"
    );
}

fn grown(mut world: World) -> World {
    world.add_message();
    world.edit_message(3, "edited");
    world.rename_conversation(1, "renamed");
    world.add_conversation();
    world
}

#[tokio::test]
async fn all_of_it_comes_at_once_and_what_came_later_by_cursor() {
    let pack = Pack::of(&World::with_messages(60)).await;
    let mut bench = honest(&pack, grown(World::with_messages(60))).await;
    bench.options.recent_first = Some(RecentFirst {
        chats: 2,
        messages: 4,
    });
    let report = bench.sync().await;
    assert_taken(&bench, &pack, &report).await;
    assert!(report.bytes >= pack.bytes(), "its bytes are counted");
    let requests = bench.server.requests();
    assert!(
        requests.iter().all(|r| r.chat.is_none()),
        "there is nothing to fetch ahead"
    );
    let next = bench.sync().await;
    assert_eq!((next.saved, next.snapshot), (0, None), "it is done with");
}

#[tokio::test]
async fn progress_tells_bytes_while_they_come_and_rows_when_they_are_here() {
    let pack = Pack::of(&World::with_messages(60)).await;
    let bench = honest(&pack, grown(World::with_messages(60))).await;
    bench.sync().await;
    let heard = bench.progress.lock().unwrap().clone();
    let of_files = |p: &&Progress| p.stage == Stage::Snapshot;
    let files: Vec<_> = heard.iter().filter(of_files).collect();
    let rest: Vec<_> = heard.iter().filter(|p| !of_files(p)).collect();
    assert_eq!((files[0].done, files[0].total), (0, Some(pack.bytes())));
    let last = files.last().unwrap();
    assert_eq!((last.done, last.total), (pack.bytes(), Some(pack.bytes())));
    assert!(
        files.iter().all(|p| p.overall_done == 0),
        "bytes are no rows"
    );
    let messages: Vec<_> = rest
        .iter()
        .filter(|p| p.stage == Stage::Stream(Stream::Messages))
        .collect();
    assert_eq!(messages[0].done, 60, "what came at once is here");
    assert_eq!(messages.last().unwrap().done, 62, "a new one and an edit");
    let last = rest.last().unwrap();
    assert_eq!(Some(last.overall_done), last.overall_total);
}

#[tokio::test]
async fn a_download_that_breaks_goes_on_where_it_broke() {
    let world = || World::with_messages(60);
    let pack = Pack::of(&world()).await;
    let piece = pack.manifest.files[0].packed_bytes as usize / 5 + 1;
    let cuts = pack.clone();
    let bench = bench(&pack, world(), move |request, reply| {
        cuts.file(request)
            .map_or(reply, |file| cuts.cut(request, file, piece))
    })
    .await;
    let report = bench.sync().await;
    assert_taken(&bench, &pack, &report).await;
    let mirror = format!("/{}", pack.manifest.files[0].name);
    let ranges: Vec<_> = asked(&bench)
        .into_iter()
        .filter(|(file, _)| *file == mirror)
        .collect();
    assert_eq!(ranges.len(), 5, "a fifth each time: {ranges:?}");
    assert_eq!(ranges[0].1, None);
    assert_eq!(ranges[1].1, Some(format!("bytes={piece}-")));
    let requests = bench.server.requests();
    let tags = requests.iter().filter_map(|r| r.headers.get("if-range"));
    let hash = format!("\"{}\"", pack.manifest.files[0].sha256);
    assert!(
        tags.into_iter().any(|tag| *tag == hash),
        "of the very same file"
    );
}

#[tokio::test]
async fn a_server_that_knows_no_ranges_sends_it_once_more() {
    let world = || World::with_messages(60);
    let pack = Pack::of(&world()).await;
    let (cuts, mut times) = (pack.clone(), 0);
    let bench = bench(&pack, world(), move |request, reply| {
        match cuts.file(request) {
            Some(file) => {
                times += 1;
                if times < 3 {
                    cuts.cut(request, file, 1_000)
                } else {
                    cuts.whole(file)
                }
            }
            None => reply,
        }
    })
    .await;
    let report = bench.sync().await;
    assert_taken(&bench, &pack, &report).await;
}

#[tokio::test]
async fn a_run_that_is_stopped_at_any_request_goes_on_with_what_has_come() {
    let world = || grown(World::with_messages(60));
    let pack = Pack::of(&World::with_messages(60)).await;
    let whole = honest(&pack, world()).await.sync().await.requests as usize;
    for stop_at in 0..whole {
        let cancel = CancellationToken::new();
        let trigger = cancel.clone();
        let bench = bench(&pack, world(), |_, reply| reply).await;
        let answers = pack.clone();
        bench.server.script(move |request, _| {
            if request.nth == stop_at {
                trigger.cancel();
            }
            answers.answer(request).unwrap_or(Reply::Honest)
        });
        let report = bench.sync_until(cancel).await;
        assert_eq!(report.outcome, Outcome::Cancelled, "at request {stop_at}");
        assert_eq!(report.errors, [], "being stopped is no error");
        let report = bench.sync().await;
        assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
        bench.assert_equal().await;
        assert!(!bench.mirror.drafts().exists());
    }
}

#[tokio::test]
async fn what_has_come_of_a_file_is_kept_for_the_next_run() {
    let world = || World::with_messages(60);
    let pack = Pack::of(&world()).await;
    let (cuts, mut is_gone) = (pack.clone(), false);
    let bench = bench(&pack, world(), |_, reply| reply).await;
    bench
        .server
        .script(move |request, _| match cuts.file(request) {
            Some(file) if !is_gone => {
                is_gone = true;
                cuts.cut(request, file, 1_000)
            }
            None if !is_gone => cuts.answer(request).unwrap_or(Reply::Honest),
            // From here on nothing comes any more.
            _ => Reply::Http("503 Service Unavailable", String::new()),
        });
    let report = bench.sync().await;
    assert_eq!(
        report.outcome,
        Outcome::Failed,
        "the pull has found nobody either"
    );
    bench.assert_empty().await;
    let before = bench.server.requests().len();
    let answers = pack.clone();
    bench
        .server
        .script(move |request, _| answers.answer(request).unwrap_or(Reply::Honest));
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    assert!(report.snapshot.is_some());
    bench.assert_equal().await;
    let requests = bench.server.requests().split_off(before);
    let range = requests.iter().find_map(|r| r.headers.get("range"));
    assert_eq!(range.map(String::as_str), Some("bytes=1000-"));
}

#[tokio::test]
async fn nobody_waits_long_for_it() {
    let pack = Pack::of(&World::with_messages(60)).await;
    let mut bench = bench(&pack, World::with_messages(60), |request, reply| {
        if request.path == "/snapshots/1" {
            reply
        } else {
            Reply::Hang
        }
    })
    .await;
    bench.options.snapshot = Some(SnapshotFirst {
        patience: Duration::ZERO,
        ..PATIENT
    });
    bench.options.recent_first = Some(RecentFirst {
        chats: 2,
        messages: 4,
    });
    let report = bench.sync().await;
    assert_pulled(&bench, &report).await;
    let requests = bench.server.requests();
    assert!(
        requests.iter().any(|r| r.chat.is_some()),
        "the newest messages come first instead"
    );
}

#[tokio::test]
async fn it_is_not_asked_for_where_it_cannot_be_taken_or_gains_nothing() {
    let pack = Pack::of(&World::with_messages(60)).await;
    let small = {
        let mut bench = honest(&pack, World::with_messages(60)).await;
        bench.options.snapshot = Some(SnapshotFirst {
            least: 61,
            ..PATIENT
        });
        bench
    };
    let switched_off = {
        let mut bench = honest(&pack, World::with_messages(60)).await;
        bench.options.snapshot = None;
        bench
    };
    let beside_another = honest(&pack, World::with_messages(60)).await;
    let account = serde_json::json!({"id": 2, "integration_type": "whatsapp"});
    let another = NewIntegration {
        server: "https://elsewhere".into(),
        integration: serde_json::from_value(account).unwrap(),
    };
    beside_another
        .mirror
        .put_integration(another)
        .await
        .unwrap();
    for bench in [small, switched_off, beside_another] {
        let report = bench.sync().await;
        assert_pulled(&bench, &report).await;
        assert_eq!(asked(&bench), []);
    }
    let narrower = honest(&pack, World::with_messages(60)).await;
    let no_files = Rule {
        media: false,
        ..Rule::ALL
    };
    let selection = Selection::new(no_files, []);
    narrower
        .mirror
        .select(narrower.pk, selection)
        .await
        .unwrap();
    let report = narrower.sync().await;
    assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
    assert_eq!(asked(&narrower), [], "more would come than is wanted");
}
