//! Whatever happens, in whatever order: a mirror is its server at the cursor.
//!
//! A phone talks, edits and merges people; two devices pull in pages of any size, are cut in the middle
//! and started again, and keep what a person chooses; the server is started again, and put back from an older copy. After every pull the
//! law is checked on the rows of both sides, and in the end both devices hold what the server holds.
//!
//! `PROPTEST_CASES` makes it longer; a failing sequence is printed, shortened.

use proptest::prelude::*;
use threadkeep_server_store::Scope;
use threadkeep_tests::{TestServer, held_rows, server_rows};

use crate::{
    computer::{Choice, Computer, choice},
    words::{Word, word},
};

/// Enough to meet every step beside every other, and short enough for each run of all tests.
const CASES: u32 = 32;

const DEVICES: usize = 2;

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    /// The phone says something to the server, in one call.
    Tell(Vec<Word>),
    /// A device pulls in pages of so many rows; where it is cut, after so many signs of life.
    Pull {
        device: usize,
        page: u32,
        cut: Option<usize>,
        lines: bool,
    },
    /// A device's app is started again.
    Restart(usize),
    /// A person chooses what a device keeps; cut, it frees nothing before its next pull.
    Select {
        device: usize,
        choice: Choice,
        is_cut: bool,
    },
    /// A device compares itself with the server.
    Verify { device: usize, full: bool },
    /// The server is started again.
    RestartServer,
    /// The operator takes a copy …
    BackUp,
    /// … and puts it back.
    Restore,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let device = 0..DEVICES;
    let step = prop_oneof![
        8 => proptest::collection::vec(word(), 1..12).prop_map(Step::Tell),
        6 => (device.clone(), 1..9u32, proptest::option::of(1..8usize), any::<bool>())
            .prop_map(|(device, page, cut, lines)| Step::Pull { device, page, cut, lines }),
        1 => device.clone().prop_map(Step::Restart),
        2 => (device.clone(), choice(), any::<bool>())
            .prop_map(|(device, choice, is_cut)| Step::Select { device, choice, is_cut }),
        1 => (device, any::<bool>()).prop_map(|(device, full)| Step::Verify { device, full }),
        1 => Just(Step::RestartServer),
        1 => Just(Step::BackUp),
        1 => Just(Step::Restore),
    ];
    proptest::collection::vec(step, 4..24)
}

async fn story(steps: Vec<Step>) {
    let mut server = TestServer::start().await;
    let account = server.integration("Emil").await;
    let token = server.token(account, Scope::Read).await;
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let mut computers: Vec<Computer> = (0..DEVICES)
        .map(|number| {
            let (name, file) = (format!("device {number}"), format!("mirror{number}.db"));
            Computer::new(
                &name,
                folder.path().join(file),
                &server.url,
                &token,
                account,
            )
        })
        .collect();
    let mut copy = server.back_up("copy.db");
    for step in steps {
        match step {
            Step::Tell(words) => {
                let records = words.iter().map(Word::record).enumerate().collect();
                server.ingest(account, records).await;
            }
            Step::Pull {
                device,
                page,
                cut,
                lines,
            } => {
                let computer = &computers[device];
                let is_complete = computer.pull(page, cut, lines).await;
                let rows = server_rows(&server.store, account).await;
                computer.assert_lawful(&rows, is_complete).await;
            }
            Step::Restart(device) => computers[device].restart().await,
            Step::Select {
                device,
                choice,
                is_cut,
            } => computers[device].select(&choice, is_cut).await,
            Step::Verify { device, full } => computers[device].verify(full).await,
            Step::RestartServer => server.restart().await,
            Step::BackUp => copy = server.back_up("copy.db"),
            Step::Restore => server.restore(&copy).await,
        }
    }
    for computer in &computers {
        computer.pull(5, None, true).await;
        let rows = server_rows(&server.store, account).await;
        computer.assert_whole(&rows).await;
        computer.verify(true).await;
        computer.select(&Choice::everything(), false).await;
        computer.pull(5, None, false).await;
        computer.assert_whole(&rows).await;
    }
    let [one, other] = [0, 1].map(|at: usize| held_rows(&computers[at].file, 1));
    assert_eq!(one.rows, other.rows, "both devices hold the same");
}

fn cases() -> u32 {
    let asked = std::env::var("PROPTEST_CASES").ok();
    asked.and_then(|cases| cases.parse().ok()).unwrap_or(CASES)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(),
        max_shrink_iters: 400,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_mirror_is_its_server_at_the_cursor(steps in steps()) {
        tokio::runtime::Runtime::new().expect("a runtime").block_on(story(steps));
    }
}
