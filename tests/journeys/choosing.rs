//! Whatever a person chooses, in whatever order, while the phone goes on talking: in the end a mirror has
//! exactly what is wanted of the server's rows.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use threadkeep_ingest::sample::bulk;
use threadkeep_mirror::{ChatQuery, Freeing, Selection};
use threadkeep_protocol::{Record, Rule};
use threadkeep_server_store::Scope;
use threadkeep_sync::{Outcome, SyncOptions, sync};
use threadkeep_tests::{TestServer, mirror_digest, server_digest, server_rows};
use tokio_util::sync::CancellationToken;

use crate::{
    computer::{Choice, Computer, choice},
    words::{Word, word},
};

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    Tell(Vec<Word>),
    Select {
        choice: Choice,
        /// Freeing is left to the next pull.
        is_cut: bool,
    },
    Pull {
        page: u32,
        cut: Option<usize>,
        lines: bool,
    },
    /// The server forgets every view.
    Forget,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => proptest::collection::vec(word(), 1..12).prop_map(Step::Tell),
        4 => (choice(), any::<bool>()).prop_map(|(choice, is_cut)| Step::Select { choice, is_cut }),
        4 => (1..9u32, proptest::option::of(1..8usize), any::<bool>())
            .prop_map(|(page, cut, lines)| Step::Pull { page, cut, lines }),
        1 => Just(Step::Forget),
    ];
    proptest::collection::vec(step, 6..20)
}

async fn story(first: Vec<Word>, steps: Vec<Step>) {
    let server = TestServer::start().await;
    let account = server.integration("Emil").await;
    let token = server.token(account, Scope::Read).await;
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = folder.path().join("mirror.db");
    let laptop = Computer::new("the laptop", file, &server.url, &token, account);
    let tell = async |words: &[Word]| {
        let records = words.iter().map(Word::record).enumerate().collect();
        server.ingest(account, records).await;
    };
    tell(&first).await;
    laptop.pull(100, None, true).await;
    for step in steps {
        match step {
            Step::Tell(words) => tell(&words).await,
            Step::Select { choice, is_cut } => laptop.select(&choice, is_cut).await,
            Step::Pull { page, cut, lines } => {
                let is_complete = laptop.pull(page, cut, lines).await;
                let rows = server_rows(&server.store, account).await;
                laptop.assert_lawful(&rows, is_complete).await;
            }
            Step::Forget => {
                let file = rusqlite::Connection::open(server.file()).expect("it opens");
                file.execute("DELETE FROM views", ())
                    .expect("it can be written");
            }
        }
    }
    laptop.pull(7, None, true).await;
    let rows = server_rows(&server.store, account).await;
    laptop.assert_whole(&rows).await;
    laptop.verify(false).await;
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        max_shrink_iters: 400,
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_is_chosen_is_what_is_here(
        first in proptest::collection::vec(word(), 40..80),
        steps in steps(),
    ) {
        tokio::runtime::Runtime::new().expect("a runtime").block_on(story(first, steps));
    }
}

/// How long it takes to keep ten chats of a thousand, with 200,000 messages, and all of them again:
/// `cargo nextest run -p threadkeep-tests --release --run-ignored only --no-capture ten_chats`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement: it prints how long each step takes and asserts only how it ends"]
async fn ten_chats_of_a_thousand() {
    let server = TestServer::start().await;
    let account = server.integration("Emil").await;
    let token = server.token(account, Scope::Read).await;
    let records: Vec<Record> = bulk(7, 200_000).collect();
    for some in records.chunks(10_000) {
        let some = some.iter().cloned().enumerate().collect();
        server.ingest(account, some).await;
    }
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = folder.path().join("mirror.db");
    let laptop = Computer::new("the laptop", file, &server.url, &token, account);
    let pk = laptop.integration().await;
    let pull = async |what: &str| {
        let (mirror, remote, stop) = (&laptop.mirror, &laptop.remote, CancellationToken::new());
        let options = SyncOptions::default();
        let report = sync(mirror, pk, remote, account, options, stop, |_| {}).await;
        assert_eq!(report.outcome, Outcome::Completed, "{:?}", report.errors);
        println!(
            "{what}: {:.2} s, {} requests, {} bytes, {} new and {} known rows",
            report.seconds, report.requests, report.bytes, report.saved, report.unchanged
        );
    };
    pull("everything").await;
    let query = ChatQuery {
        limit: 10,
        ..ChatQuery::default()
    };
    let ten = laptop.mirror.chats(query).await.expect("they are listed");
    let ten = Selection::new(Rule::NONE, ten.iter().map(|chat| (chat.pk, Rule::ALL)));
    let begun = Instant::now();
    let plan = laptop.mirror.plan_selection(pk, ten.clone()).await;
    let frees = plan.expect("it can be counted").frees;
    println!("counting: {:?}: {frees:?}", begun.elapsed());
    let begun = Instant::now();
    laptop.mirror.select(pk, ten).await.expect("it is chosen");
    let (mut freeing, mut longest, mut steps) = (Freeing::default(), Duration::ZERO, 0);
    while !freeing.is_done {
        let step = Instant::now();
        let freed = laptop.mirror.free_some(pk, freeing).await;
        freeing = freed.expect("it can be freed");
        longest = longest.max(step.elapsed());
        steps += 1;
    }
    let took = begun.elapsed();
    println!("freeing: {took:?} in {steps} transactions, the longest {longest:?}");
    pull("nothing new, with ten").await;
    let everything = Selection::default();
    let chosen = laptop.mirror.select(pk, everything).await;
    chosen.expect("it is chosen");
    pull("all of it again").await;
    let here = mirror_digest(&laptop.file, 1);
    assert_eq!(here, server_digest(&server.file(), account));
}
