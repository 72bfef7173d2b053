//! Whatever happens, in whatever order: a mirror is its server at the cursor.
//!
//! A phone talks, edits and merges people; two devices pull in pages of any size, are cut in the middle
//! and started again; the server is started again, and put back from an older copy. After every pull the
//! law is checked on the rows of both sides, and in the end both devices hold what the server holds.
//!
//! `PROPTEST_CASES` makes it longer; a failing sequence is printed, shortened.

use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::json;
use threadkeep_mirror::{IntegrationPk, Mirror, NewIntegration};
use threadkeep_protocol::{IntegrationId, Record};
use threadkeep_server_store::Scope;
use threadkeep_sync::{
    Outcome, PageLimit, Remote, RemoteOptions, SyncOptions, VerifyOptions, sync, verify,
};
use threadkeep_tests::{
    TestServer, assert_at_cursor, assert_same, held_rows,
    records::{
        CLUB, chat, contact, edited, member, message, own, picture, reacted, receipt, revoked,
        said, same_person, status,
    },
    server_rows,
};
use tokio_util::sync::CancellationToken;

/// Enough to meet every step beside every other, and short enough for each run of all tests.
const CASES: u32 = 32;

const PEOPLE: usize = 3;
const MESSAGES: usize = 12;
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
    /// A device compares itself with the server.
    Verify { device: usize, full: bool },
    /// The server is started again.
    RestartServer,
    /// The operator takes a copy …
    BackUp,
    /// … and puts it back.
    Restore,
}

/// One thing that the phone says. Chats are people by number or by hidden id, or the group.
#[derive(Debug, Clone)]
enum Word {
    Said {
        chat: usize,
        id: usize,
        kind: u8,
    },
    Edited {
        chat: usize,
        id: usize,
        at: i64,
    },
    Revoked {
        chat: usize,
        id: usize,
    },
    Reacted {
        chat: usize,
        id: usize,
        who: usize,
        at: i64,
    },
    Receipt {
        chat: usize,
        id: usize,
        who: usize,
        what: usize,
        at: i64,
    },
    Status {
        chat: usize,
        id: usize,
        to: usize,
    },
    Named {
        chat: usize,
        name: u8,
        unread: i64,
    },
    Met {
        who: usize,
        name: u8,
    },
    Member {
        who: usize,
        hidden: bool,
    },
    SamePerson(usize),
}

fn word() -> impl Strategy<Value = Word> {
    let (chat, id, who, at) = (0..2 * PEOPLE + 1, 0..MESSAGES, 0..PEOPLE, 1..50i64);
    prop_oneof![
        8 => (chat.clone(), id.clone(), 0..4u8).prop_map(|(chat, id, kind)| Word::Said { chat, id, kind }),
        3 => (chat.clone(), id.clone(), at.clone()).prop_map(|(chat, id, at)| Word::Edited { chat, id, at }),
        1 => (chat.clone(), id.clone()).prop_map(|(chat, id)| Word::Revoked { chat, id }),
        3 => (chat.clone(), id.clone(), who.clone(), at.clone())
            .prop_map(|(chat, id, who, at)| Word::Reacted { chat, id, who, at }),
        3 => (chat.clone(), id.clone(), who.clone(), 0..3usize, at)
            .prop_map(|(chat, id, who, what, at)| Word::Receipt { chat, id, who, what, at }),
        2 => (chat.clone(), id, 0..4usize).prop_map(|(chat, id, to)| Word::Status { chat, id, to }),
        2 => (chat, 0..4u8, 0..9i64).prop_map(|(chat, name, unread)| Word::Named { chat, name, unread }),
        1 => (who.clone(), 0..4u8).prop_map(|(who, name)| Word::Met { who, name }),
        1 => (who.clone(), any::<bool>()).prop_map(|(who, hidden)| Word::Member { who, hidden }),
        1 => who.prop_map(Word::SamePerson),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let device = 0..DEVICES;
    let step = prop_oneof![
        8 => proptest::collection::vec(word(), 1..12).prop_map(Step::Tell),
        6 => (device.clone(), 1..9u32, proptest::option::of(1..8usize), any::<bool>())
            .prop_map(|(device, page, cut, lines)| Step::Pull { device, page, cut, lines }),
        1 => device.clone().prop_map(Step::Restart),
        1 => (device, any::<bool>()).prop_map(|(device, full)| Step::Verify { device, full }),
        1 => Just(Step::RestartServer),
        1 => Just(Step::BackUp),
        1 => Just(Step::Restore),
    ];
    proptest::collection::vec(step, 4..24)
}

fn phone(who: usize) -> String {
    format!("49151000{who}@s.whatsapp.net")
}

fn lid(who: usize) -> String {
    format!("10000000{who}@lid")
}

fn address(chat: usize) -> String {
    match chat {
        _ if chat < PEOPLE => phone(chat),
        _ if chat < 2 * PEOPLE => lid(chat - PEOPLE),
        _ => CLUB.to_owned(),
    }
}

impl Word {
    fn record(&self) -> Record {
        let name = |id: usize| format!("M{id}");
        // A message is sent once, whatever is said of it later.
        let sent = |id: usize| i64::try_from(id).unwrap_or(0) * 10;
        match *self {
            Self::Said { chat, id, kind } => {
                let (to, id, at) = (address(chat), name(id), sent(id));
                match kind {
                    0 => own(&to, &id, at),
                    1 => picture(&to, &id, at),
                    2 => message(&to, &id, at, json!({"sender_external_id": lid(0)})),
                    _ => said(&to, &id, at),
                }
            }
            Self::Edited { chat, id, at } => edited(
                &address(chat),
                &name(id),
                &format!("edited at {at}"),
                1_000 + at,
            ),
            Self::Revoked { chat, id } => revoked(&address(chat), &name(id), 5_000),
            Self::Reacted { chat, id, who, at } => {
                let who = if at % 2 == 0 { phone(who) } else { lid(who) };
                let emoji = if at % 5 == 0 { "" } else { "👍" };
                reacted(&address(chat), &name(id), &who, emoji, 2_000 + at)
            }
            Self::Receipt {
                chat,
                id,
                who,
                what,
                at,
            } => {
                let who = if at % 2 == 0 { phone(who) } else { lid(who) };
                let what = ["delivered_at", "read_at", "played_at"][what];
                receipt(&address(chat), &name(id), &who, what, 3_000 + at)
            }
            Self::Status { chat, id, to } => {
                let to = ["sent", "delivered", "read", "played"][to];
                status(&address(chat), &name(id), to)
            }
            Self::Named {
                chat: of,
                name,
                unread,
            } => chat(
                &address(of),
                json!({"name": format!("Name {name}"), "unread_count": unread}),
            ),
            Self::Met { who, name } => contact(&phone(who), &format!("Person {name}")),
            Self::Member { who, hidden } => {
                member(CLUB, &if hidden { lid(who) } else { phone(who) })
            }
            Self::SamePerson(who) => same_person(&lid(who), &phone(who)),
        }
    }
}

/// A person's computer, without the app around the mirror: cuts have to be exact.
struct Computer {
    name: String,
    file: PathBuf,
    mirror: Mirror,
    remote: Remote,
    account: IntegrationId,
}

impl Computer {
    async fn integration(&self) -> IntegrationPk {
        let known = self
            .remote
            .integrations()
            .await
            .expect("the token is good")
            .remove(0);
        let new = NewIntegration {
            server: self.remote.origin().to_owned(),
            integration: known,
        };
        self.mirror
            .put_integration(new)
            .await
            .expect("it takes an account")
    }

    async fn pull(&self, page: u32, cut: Option<usize>, lines: bool) {
        let pk = self.integration().await;
        let options = SyncOptions {
            page_limit: PageLimit::all(page),
            recent_first: None,
            streaming: lines,
            ..SyncOptions::default()
        };
        let cancel = CancellationToken::new();
        let heard = std::sync::atomic::AtomicUsize::new(0);
        let progress = |_| {
            let so_far = heard.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
            if cut.is_some_and(|limit| so_far >= limit) {
                cancel.cancel();
            }
        };
        let (mirror, remote, stop) = (&self.mirror, &self.remote, cancel.clone());
        let report = sync(mirror, pk, remote, self.account, options, stop, progress).await;
        let ends_well = match report.outcome {
            Outcome::Completed => true,
            Outcome::Cancelled => cut.is_some(),
            _ => false,
        };
        assert!(ends_well, "{} pulls: {:?}", self.name, report.errors);
    }

    async fn verify(&self, full: bool) {
        let pk = self.integration().await;
        let options = VerifyOptions {
            full,
            ..VerifyOptions::default()
        };
        let (mirror, remote) = (&self.mirror, &self.remote);
        let cancel = CancellationToken::new();
        let report = verify(mirror, pk, remote, self.account, options, cancel, |_| {}).await;
        assert!(report.is_sound(), "{}: {report:?}", self.name);
        let touched = report.streams.iter().map(|one| one.mended + one.removed);
        assert_eq!(
            touched.sum::<u64>(),
            0,
            "there was nothing to mend: {report:?}"
        );
        self.assert_sound().await;
    }

    /// Every counter says what is there, and nothing hangs on nothing.
    async fn assert_sound(&self) {
        let found = self.mirror.check(false).await.expect("it can be read");
        assert_eq!(found, [], "{}", self.name);
    }
}

async fn story(steps: Vec<Step>) {
    let mut server = TestServer::start().await;
    let account = server.integration("Emil").await;
    let token = server.token(account, Scope::Read).await;
    let url: String = format!("{}/", server.url);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let mut computers: Vec<Computer> = (0..DEVICES)
        .map(|number| {
            let file = folder.path().join(format!("mirror{number}.db"));
            let url = url.parse().expect("an address");
            Computer {
                name: format!("device {number}"),
                mirror: Mirror::open(&file).expect("a new mirror opens"),
                remote: Remote::new(url, Some(token.clone()), RemoteOptions::default())
                    .expect("a client"),
                file,
                account,
            }
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
                computer.pull(page, cut, lines).await;
                let rows = server_rows(&server.store, account).await;
                assert_at_cursor(&rows, &held_rows(&computer.file, 1), &computer.name);
                computer.assert_sound().await;
            }
            Step::Restart(device) => {
                let computer = &mut computers[device];
                computer.mirror.close().await;
                computer.mirror = Mirror::open(&computer.file).expect("it opens again");
            }
            Step::Verify { device, full } => computers[device].verify(full).await,
            Step::RestartServer => server.restart().await,
            Step::BackUp => copy = server.back_up("copy.db"),
            Step::Restore => server.restore(&copy).await,
        }
    }
    for computer in &computers {
        computer.pull(5, None, true).await;
        let rows = server_rows(&server.store, account).await;
        assert_same(&rows, &held_rows(&computer.file, 1), &computer.name);
        computer.assert_sound().await;
        computer.verify(true).await;
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
