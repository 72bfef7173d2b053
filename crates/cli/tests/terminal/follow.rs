//! `threadkeep sync --follow`: a process that stays, and ends well.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, ChildStderr, Command, Stdio},
};

use serde_json::Value;

use crate::place::{Place, RealServer, Said};

struct Following {
    child: Child,
    words: BufReader<ChildStderr>,
}

impl Following {
    fn start(place: &Place, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_threadkeep"))
            .args(["sync", "--follow"])
            .args(arguments)
            .env("THREADKEEP_HOME", place.home())
            .env("THREADKEEP_KEYCHAIN", "off")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let words = BufReader::new(child.stderr.take().expect("its words are a pipe"));
        Self { child, words }
    }

    /// Reads on until a line says so.
    fn until(&mut self, wanted: impl Fn(&str) -> bool) -> String {
        loop {
            let mut line = String::new();
            let read = self.words.read_line(&mut line).expect("words are text");
            assert!(read > 0, "it ended before it said so");
            if wanted(line.trim_end()) {
                return line;
            }
        }
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status()
            .expect("a signal can be sent");
        assert!(sent.success());
    }

    fn ended(mut self) -> Said {
        let (mut out, mut err) = (String::new(), String::new());
        let mut stdout = self.child.stdout.take().expect("its answer is a pipe");
        stdout.read_to_string(&mut out).expect("the answer is text");
        self.words.read_to_string(&mut err).expect("words are text");
        let status = self.child.wait().expect("it ends");
        let code = status.code().unwrap_or(-1);
        Said { code, out, err }
    }
}

fn connected(server: &RealServer) -> Place {
    let place = Place::new();
    place.json(&["connect", &server.url, "--token", &server.token]);
    place
}

#[cfg(unix)]
#[rstest::rstest]
#[case("INT")]
#[case("TERM")]
fn what_comes_is_here_and_a_signal_is_a_good_end(#[case] signal: &str) {
    let server = RealServer::with_messages(50);
    let place = connected(&server);
    let mut following = Following::start(&place, &["--json"]);
    following.until(|line| line == "account 1: following");
    server.ingest(8, 30);
    following.until(|line| line.starts_with("account 1: ") && line.ends_with(" changed"));
    following.signal(signal);
    let said = following.ended();
    assert_eq!(said.code, 0, "only a person ends it: {said:?}");
    let run = &said.json()["runs"][0];
    let stats = place.json(&["stats"]);
    assert_eq!(
        stats["messages"],
        server.count(),
        "all of it is here: {said:?}"
    );
    assert!(run["saved"].as_i64().unwrap() >= server.count(), "{said:?}");
    assert_eq!(run["outcome"], "completed", "{said:?}");
}

#[cfg(unix)]
#[test]
fn progress_lines_have_one_shape() {
    let server = RealServer::with_messages(50);
    let place = connected(&server);
    let mut following = Following::start(&place, &["--progress-json"]);
    let stage = |line: &str| -> String {
        let line: Value = serde_json::from_str(line).expect("each line is JSON");
        for number in ["done", "rows_per_second"] {
            assert!(line[number].is_number(), "{line}");
        }
        assert_eq!(line["integration_id"], 1, "{line}");
        line["stage"].as_str().expect("a stage").to_owned()
    };
    following.until(|line| stage(line) == "following");
    server.ingest(8, 5);
    following.until(|line| stage(line) == "messages");
    following.signal("INT");
    assert_eq!(following.ended().code, 0);
}

#[cfg(unix)]
#[test]
fn a_revoked_token_ends_it_in_words() {
    let server = RealServer::with_messages(5);
    let place = connected(&server);
    let mut following = Following::start(&place, &["--json"]);
    following.until(|line| line == "account 1: following");
    server.revoke();
    server.ingest(8, 5);
    let said = following.ended();
    assert_eq!(said.code, 1, "{said:?}");
    assert_eq!(said.error_code(), "unauthorized");
    said.assert_one_sentence();
}
