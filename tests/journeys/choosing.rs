//! Whatever a person chooses, in whatever order, while the phone goes on talking: in the end a mirror has
//! exactly what is wanted of the server's rows.

use proptest::prelude::*;
use threadkeep_server_store::Scope;
use threadkeep_tests::{TestServer, server_rows};

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
