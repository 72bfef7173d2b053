//! Verifying against servers that hold something else than the mirror.

use rstest::rstest;
use threadkeep_protocol::{Row, Seq};
use threadkeep_sync::{Outcome, SyncOptions, VerifyOptions, VerifyProgress, VerifyReport, verify};
use tokio_util::sync::CancellationToken;

use crate::{
    bench::{Bench, TOKEN},
    fault_server::Request,
    world::World,
};

pub const PLAIN: (bool, bool) = (false, false);
pub const FULL: (bool, bool) = (true, false);
pub const DRY: (bool, bool) = (false, true);
const FULL_AND_DRY: (bool, bool) = (true, true);

impl Bench {
    pub async fn verify(&self, how: (bool, bool)) -> VerifyReport {
        self.verify_until(how, CancellationToken::new(), |_| {})
            .await
    }

    /// Verifies, and checks that it is in the log as it was reported.
    pub async fn verify_until(
        &self,
        (full, dry_run): (bool, bool),
        cancel: CancellationToken,
        progress: impl Fn(VerifyProgress) + Send + Sync,
    ) -> VerifyReport {
        let options = VerifyOptions {
            full,
            dry_run,
            sync: SyncOptions {
                mode: "verify".into(),
                ..self.options.clone()
            },
        };
        let (mirror, pk, remote) = (&self.mirror, self.pk, &self.remote);
        let report = verify(mirror, pk, remote, 1, options, cancel, progress).await;
        let logged = self.mirror.runs(1).await.unwrap().remove(0);
        assert_eq!(logged.mode, "verify");
        assert_eq!(logged.outcome, report.outcome);
        assert_eq!(logged.errors, report.errors);
        for error in &report.errors {
            assert!(!error.message.contains(TOKEN), "{error:?} holds the token");
        }
        assert_eq!(self.mirror.check(true).await.unwrap(), []);
        report
    }
}

pub fn codes(report: &VerifyReport) -> Vec<&str> {
    report.errors.iter().map(|e| e.code.as_str()).collect()
}

pub fn mended(report: &VerifyReport) -> u64 {
    report.streams.iter().map(|stream| stream.mended).sum()
}

pub fn removed(report: &VerifyReport) -> u64 {
    report.streams.iter().map(|stream| stream.removed).sum()
}

/// A mirror that has pulled everything.
pub async fn pulled(messages: usize) -> Bench {
    let bench = Bench::new(World::with_messages(messages)).await;
    assert_eq!(bench.sync().await.outcome, Outcome::Completed);
    bench
}

/// A seq that no message has, before the last one.
fn free_seq(world: &World) -> Seq {
    let last = world.messages.iter().map(Row::seq).max().unwrap();
    (1..last)
        .find(|seq| world.messages.iter().all(|row| row.seq != *seq))
        .unwrap()
}

#[rstest]
#[case(PLAIN)]
#[case(FULL)]
#[case(DRY)]
#[case(FULL_AND_DRY)]
#[tokio::test]
async fn what_is_equal_is_found_equal_and_left_alone(#[case] how: (bool, bool)) {
    let bench = pulled(45).await;
    let before = bench.view().await;
    let report = bench.verify(how).await;
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((mended(&report), removed(&report)), (0, 0));
    assert_eq!(report.streams.len(), 6, "every stream was compared");
    assert_eq!(bench.view().await, before);
}

#[tokio::test]
async fn an_empty_mirror_is_filled_by_it() {
    let bench = Bench::new(World::with_messages(45)).await;
    let report = bench.verify(PLAIN).await;
    assert!(report.is_sound(), "{report:?}");
    assert_eq!(mended(&report), 0, "a pull is not a mending");
    bench.assert_equal().await;
}

/// What differs without a seq that tells of it: a row more in the server's past, one less, another seq.
pub fn disturb(world: &mut World, how: &str) {
    match how {
        "more" => {
            let seq = free_seq(world);
            world.add_message();
            let last = world.messages.len() - 1;
            world.messages[last].seq = seq;
        }
        "less" => drop(world.messages.remove(7)),
        "other" => {
            let seq = free_seq(world);
            world.messages[7].seq = seq;
            world.messages[7].content = "otherwise".into();
        }
        "people" => drop(world.contacts.remove(1)),
        "files" => drop(world.media.remove(3)),
        "receipts" => world.receipts[2].seq = free_seq(world),
        other => panic!("{other}"),
    }
}

#[rstest]
#[case("more", 1, 0)]
#[case("less", 0, 1)]
#[case("other", 1, 0)]
#[case("people", 0, 1)]
#[case("files", 0, 1)]
#[case("receipts", 1, 0)]
#[tokio::test]
async fn what_differs_is_found_and_mended_by_its_bucket(
    #[case] how: &str,
    #[case] rows: u64,
    #[case] gone: u64,
) {
    let bench = pulled(46).await;
    bench.server.change(|world| disturb(world, how));
    let before = bench.view().await;
    let dry = bench.verify(DRY).await;
    assert!(!dry.is_sound());
    assert_eq!(dry.outcome, Outcome::Completed, "it did what was asked");
    assert_eq!(bench.view().await, before, "and changed nothing");

    let asked = bench.server.requests().len();
    let report = bench.verify(PLAIN).await;
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((mended(&report), removed(&report)), (rows, gone));
    bench.assert_equal().await;
    let differing = |report: &VerifyReport| -> Vec<u64> {
        report
            .streams
            .iter()
            .map(|stream| stream.differing)
            .collect()
    };
    assert_eq!(
        differing(&dry),
        differing(&report),
        "the rehearsal was right"
    );
    let requests = bench.server.requests().split_off(asked);
    let whole = |request: &Request| request.stream.is_some() && request.bucket.is_none();
    assert!(!requests.iter().any(whole), "only buckets are pulled");
}

#[tokio::test]
async fn what_differs_all_over_is_pulled_whole() {
    let bench = pulled(120).await;
    bench.server.change(|world| {
        for message in &mut world.messages {
            message.seq *= 3;
            message.content.push('!');
        }
        world.add_message();
        let last = world.messages.len() - 1;
        world.messages[last].seq = 10_000;
    });
    let asked = bench.server.requests().len();
    let report = bench.verify(PLAIN).await;
    assert!(report.is_sound(), "{report:?}");
    bench.assert_equal().await;
    let requests = bench.server.requests().split_off(asked);
    let buckets = requests.iter().filter(|request| request.bucket.is_some());
    assert_eq!(buckets.count(), 0, "256 questions would be slower");
}

#[tokio::test]
async fn a_text_that_was_altered_under_its_seq_is_found_by_a_full_look_only() {
    let bench = pulled(46).await;
    bench.server.change(|world| {
        world.messages[7].content = "altered".into();
        world.conversations[1].name = Some("Altered".into());
    });
    let plain = bench.verify(PLAIN).await;
    assert!(plain.is_sound(), "no sum can see it");
    let dry = bench.verify(FULL_AND_DRY).await;
    assert_eq!(mended(&dry), 2, "two rows would be put right");
    assert!(!dry.is_sound());
    let report = bench.verify(FULL).await;
    assert_eq!(mended(&report), 2);
    assert!(report.is_sound(), "{report:?}");
    bench.assert_equal().await;
}
