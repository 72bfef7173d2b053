//! Dora's laptop loses power, again and again, in the middle of a pull.
//!
//! A process that pulls is killed (SIGKILL) at 100 random points. After each, the mirror must hold
//! exactly the rows that lie below its cursors, and say so in its counters; and the next run must end
//! with what the server has. The same is done to a puller that commits cursors before rows: if the
//! test did not catch that one, it would catch nothing.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;
use threadkeep_home::Home;
use threadkeep_ingest::sample::bulk;
use threadkeep_protocol::{Edit, IntegrationId, Record, Timestamp};
use threadkeep_server_store::Scope;
use threadkeep_tests::{Digest, TestServer, mirror_digest, server_digest};

const KILLS: usize = 100;
const NEW_EACH_ROUND: usize = 120;
const PAGE: &str = "10";
pub(crate) const LINES: &str = "lines";
pub(crate) const PAGES: &str = "pages";
pub(crate) const SNAPSHOT: &str = "snapshot";
/// Which of the puller's arguments that is.
const HOW: usize = 5;
const CONTROL: &str = "control";

/// A computer whose pulls are processes.
pub(crate) struct Laptop {
    folder: TempDir,
    arguments: Vec<String>,
}

impl Laptop {
    pub(crate) fn new(server: &TestServer, token: &str, account: IntegrationId, how: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let home = folder.path().join("home").display().to_string();
        let arguments = vec![
            home,
            format!("{}/", server.url),
            token.into(),
            account.to_string(),
            PAGE.into(),
            how.into(),
        ];
        Self { folder, arguments }
    }

    /// From now on it pulls so.
    pub(crate) fn pulls(&mut self, how: &str) {
        how.clone_into(&mut self.arguments[HOW]);
    }

    /// Before it pulls it chooses these chats, with commas between their addresses; `*` for everything.
    pub(crate) fn keeps(&mut self, chats: &str) {
        self.arguments.truncate(HOW + 1);
        self.arguments.push(chats.to_owned());
    }

    /// Starts a pull and waits until the mirror is open.
    fn start(&self) -> (Child, impl Read) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_puller"))
            .args(&self.arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the puller starts");
        let mut said = BufReader::new(child.stdout.take().expect("its output is a pipe"));
        let mut line = String::new();
        said.read_line(&mut line).expect("it says something");
        assert_eq!(
            line, "ready\n",
            "the mirror opens after whatever happened before"
        );
        (child, said)
    }

    /// Pulls to the end; says how long it took.
    pub(crate) fn pull(&self) -> Duration {
        let (mut child, mut said) = self.start();
        let begun = Instant::now();
        let mut rest = String::new();
        said.read_to_string(&mut rest).expect("its output is text");
        let took = begun.elapsed();
        assert!(
            child.wait().expect("it ends").success(),
            "the pull goes well"
        );
        assert_eq!(rest, "done\n", "and says so");
        took
    }

    /// Pulls and is killed after a while. Says whether it was in time.
    pub(crate) fn pull_killed(&self, after: Duration) -> bool {
        let (mut child, _said) = self.start();
        std::thread::sleep(after);
        let in_time = child.try_wait().expect("it can be looked at").is_none();
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        in_time
    }

    pub(crate) fn mirror_file(&self) -> std::path::PathBuf {
        Home::resolve(Some(self.folder.path().join("home")))
            .expect("a path is given")
            .mirror_file()
    }
}

/// New messages, and edits of some that are old.
async fn grow(server: &TestServer, account: IntegrationId, round: usize) {
    let seed = 1_000 + round as u64;
    let mut records: Vec<Record> = bulk(seed, NEW_EACH_ROUND)
        .map(|record| renamed(record, round))
        .collect();
    let edits: Vec<Record> = records
        .iter()
        .filter_map(|record| match record {
            Record::Message(message) => Some(Record::Edit(Edit {
                external_conversation_id: message.external_conversation_id.clone(),
                external_message_id: older_name(&message.external_message_id, round),
                content: format!("edited in round {round}"),
                at: Timestamp::from_seconds(1_800_000_000 + round as i64),
            })),
            _ => None,
        })
        .take(if round == 0 { 0 } else { 10 })
        .collect();
    records.extend(edits);
    server
        .ingest(account, records.into_iter().enumerate().collect())
        .await;
}

fn renamed(mut record: Record, round: usize) -> Record {
    if let Record::Message(message) = &mut record {
        message.external_message_id = format!("{round}-{}", message.external_message_id);
        message.reply_to_external_id = None;
    }
    record
}

fn older_name(name: &str, round: usize) -> String {
    name.replacen(
        &format!("{round}-"),
        &format!("{}-", round.saturating_sub(1)),
        1,
    )
}

/// The rows below the mirror's cursors are the server's, each once; says how many are missing.
pub(crate) fn missing_below_the_cursor(mirror: &Path, server: &Digest) -> usize {
    let held = mirror_digest(mirror, 1);
    let conn = rusqlite::Connection::open(mirror).expect("the mirror opens");
    let mut missing = 0;
    for (stream, rows) in server {
        let cursor: i64 = conn
            .query_row(
                "SELECT last_seq FROM sync_state WHERE integration_pk = 1 AND stream = ?1",
                [stream],
                |row| row.get(0),
            )
            .expect("every stream has a cursor");
        missing += rows
            .iter()
            .filter(|row| row.1 <= cursor && !held[stream].contains(row))
            .count();
    }
    missing
}

/// How long a pull is let run before it is killed: at random, within a bound that follows the machine,
/// so that about every second kill hits a running one however fast it is just now.
pub(crate) struct Span(pub(crate) Duration);

impl Span {
    pub(crate) fn moment(&self) -> Duration {
        let nanos = u64::try_from(self.0.as_nanos())
            .expect("a pull takes less than centuries")
            .max(1);
        Duration::from_nanos(uuid_bits() % nanos)
    }

    /// A kill that came too late makes the next ones earlier, one in time makes them later.
    pub(crate) fn learn(&mut self, was_in_time: bool) {
        let (times, of) = if was_in_time { (5, 4) } else { (3, 4) };
        self.0 = self.0 * times / of;
    }
}

/// Randomness from the standard library's hash keys: good enough to choose moments.
fn uuid_bits() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::collections::hash_map::RandomState::new()
        .build_hasher()
        .finish()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_that_is_killed_at_random_loses_and_doubles_nothing() {
    let server = TestServer::start().await;
    let account = server.integration("Dora").await;
    let token = server.token(account, Scope::Read).await;
    let mut laptop = Laptop::new(&server, &token, account, LINES);
    grow(&server, account, 0).await;
    let mut span = Span(laptop.pull() * 2);
    let mut in_time = 0;
    for round in 1..=KILLS {
        grow(&server, account, round).await;
        // In the middle of an answer in lines, or between pages.
        laptop.pulls(if round % 2 == 0 { LINES } else { PAGES });
        let was_in_time = laptop.pull_killed(span.moment());
        span.learn(was_in_time);
        in_time += usize::from(was_in_time);
        let there = server_digest(&server.file(), account);
        let missing = missing_below_the_cursor(&laptop.mirror_file(), &there);
        assert_eq!(missing, 0, "round {round}: no cursor is ahead of its rows");
        if round % 5 == 0 {
            laptop.pull();
            let here = mirror_digest(&laptop.mirror_file(), 1);
            assert_eq!(
                here, there,
                "round {round}: the next run ends with what the server has"
            );
        }
    }
    assert!(
        in_time >= KILLS / 10,
        "enough kills hit a running pull to mean something: {in_time}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_puller_that_commits_its_cursor_first_is_caught() {
    let server = TestServer::start().await;
    let account = server.integration("Dora").await;
    let token = server.token(account, Scope::Read).await;
    let laptop = Laptop::new(&server, &token, account, CONTROL);
    grow(&server, account, 0).await;
    let mut span = Span(laptop.pull() * 2);
    for round in 1..=KILLS * 4 {
        grow(&server, account, round).await;
        let was_in_time = laptop.pull_killed(span.moment());
        span.learn(was_in_time);
        let there = server_digest(&server.file(), account);
        if missing_below_the_cursor(&laptop.mirror_file(), &there) > 0 {
            return; // caught: rows are missing that no later run would ask for
        }
    }
    panic!(
        "{} kills did not catch a puller that loses rows: the test above proves nothing",
        KILLS * 4
    );
}
