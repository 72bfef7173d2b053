//! Files on their way in.

use std::fs;

use serde_json::{Value, json};

use crate::program::{Program, fixture};

const INTO_MINE: [&str; 2] = ["--integration", "1"];

fn ingest<'a>(files: &[&'a str]) -> Vec<&'a str> {
    [&["ingest"], files, &INTO_MINE].concat()
}

fn record(id: &str) -> Value {
    json!({
        "type": "message",
        "external_conversation_id": "15550002222@s.whatsapp.net",
        "external_message_id": id,
        "message_type": "text",
        "content": "hello",
        "timestamp": "2024-01-02T03:04:05Z",
    })
}

fn count(report: &Value, name: &str) -> u64 {
    report[name]
        .as_u64()
        .unwrap_or_else(|| panic!("{name}: {report}"))
}

#[rstest::rstest]
#[case::events("events.ndjson", "baileys-events")]
#[case::store("baileys_store.json", "baileys-store")]
fn a_file_is_taken_in_once(#[case] name: &str, #[case] format: &str) {
    let program = Program::with_account();
    let file = fixture(name);
    let mut dry = ingest(&[&file]);
    dry.push("--dry-run");
    let dry = program.done(&dry);
    let first = program.done(&ingest(&[&file]));
    assert!(count(&first, "saved") > 100, "{first}");
    assert_eq!(
        dry, first,
        "a dry run counts as the run does, and kept nothing from it"
    );
    for unknown in first["unknown"].as_array().unwrap() {
        assert!(
            unknown["what"].is_string() && unknown["count"].is_u64(),
            "{unknown}"
        );
    }
    assert_eq!(first["errors"], json!([]));

    let mut chosen = ingest(&[&file]);
    chosen.extend(["--format", format]);
    let again = program.done(&chosen);
    assert_eq!(count(&again, "saved"), 0, "{again}");
    assert_eq!(count(&again, "updated"), 0, "{again}");
    assert_eq!(count(&again, "skipped"), count(&first, "skipped"));
}

#[test]
fn a_store_cut_in_half_changes_nothing() {
    let program = Program::with_account();
    let whole = fs::read(fixture("baileys_store.json")).unwrap();
    let half = program.file("half.json", &whole[..whole.len() / 2]);
    let (code, message) = program.fails(&ingest(&[&half]));
    assert_eq!(code, "truncated_file");
    assert!(message.contains(&half), "{message}");
    let fresh = program.done(&ingest(&[&fixture("baileys_store.json")]));
    assert_eq!(
        count(&fresh, "unchanged"),
        0,
        "nothing of the half was there: {fresh}"
    );
}

#[test]
fn a_bad_record_is_named_and_the_rest_is_done() {
    let program = Program::with_account();
    let good = record("A");
    let file = program.file("some.ndjson", format!("{good}\n{{\"type\":\"song\"}}\n"));
    let mut args = ingest(&[&file]);
    let words = program.run(&args);
    assert_eq!(words.code, 3, "done in part: {}", words.err);
    assert!(words.out.contains("record 1"), "{}", words.out);
    args.push("--json");
    let said = program.run(&args);
    assert_eq!(said.code, 3);
    assert_eq!(count(&said.json(), "unchanged"), 1);
    assert_eq!(said.json()["errors"][0]["index"], 1);
    assert!(said.json()["errors"][0]["reason"].is_string());
}

#[test]
fn several_files_are_one_report() {
    let program = Program::with_account();
    let a = program.file("a.json", json!([record("A"), {"type": "song"}]).to_string());
    let b = program.file("b.json", json!([record("B")]).to_string());
    let said = program.run(&[&ingest(&[&a, &b])[..], &["--json"]].concat());
    assert_eq!(said.code, 3);
    assert_eq!(count(&said.json(), "saved"), 2);
    let reason = said.json()["errors"][0]["reason"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(reason.contains("a.json"), "its file is named: {reason}");
}

#[test]
fn a_file_that_fails_does_not_cost_the_others() {
    let program = Program::with_account();
    let good = program.file("good.json", json!([record("A")]).to_string());
    let missing = program.path("missing.json");
    let missing = missing.to_str().unwrap();
    let said = program.run(&[&ingest(&[missing, &good])[..], &["--json"]].concat());
    assert_eq!(said.code, 3, "{}", said.err);
    assert_eq!(count(&said.json(), "saved"), 1);
    assert_eq!(said.json()["failed"][0]["code"], "file_not_found");
    assert_eq!(said.json()["failed"][0]["file"], missing);
    assert!(said.err.contains("missing.json"), "{}", said.err);
    let none = program.run(&[&ingest(&[missing, missing])[..], &["--json"]].concat());
    assert_eq!(none.code, 1, "where all fail, nothing is done in part");
    assert_eq!(none.json()["error"]["code"], "file_not_found");
}

#[rstest::rstest]
#[case::prose(b"Dear diary", "unknown_format")]
#[case::nothing(b"", "empty_file")]
#[case::white_space(b" \n\n", "empty_file")]
#[case::a_page(b"<!doctype html><p>Not found</p>", "unknown_format")]
#[case::other_json(b"{\"colour\": \"red\"}", "unknown_format")]
#[case::gzip(b"\x1f\x8b\x08\x00", "packed_file")]
#[case::half_a_zip(b"PK\x03\x04", "bad_zip")]
fn a_file_of_no_known_format_is_refused(#[case] content: &[u8], #[case] expected: &str) {
    let program = Program::with_account();
    let file = program.file("file", content);
    let (code, message) = program.fails(&ingest(&[&file]));
    assert_eq!(code, expected);
    assert!(message.contains(&file), "{message}");
}

#[test]
fn a_folder_of_something_else_is_refused() {
    let program = Program::with_account();
    let home = program.home();
    assert_eq!(
        program.fails(&ingest(&[home.to_str().unwrap()])).0,
        "unknown_format"
    );
}

#[test]
fn a_folder_is_taken_in_with_all_that_it_holds() {
    let program = Program::with_account();
    let a = program.file("given/a.json", json!([record("A")]).to_string());
    program.file("given/deep/b.ndjson", record("B").to_string());
    program.file("given/deep/notes.txt", "milk, eggs");
    let folder = std::path::Path::new(&a).parent().unwrap();
    let said = program.done(&ingest(&[folder.to_str().unwrap()]));
    assert_eq!(count(&said, "saved"), 2);
}

/// The file is a pipe into which nothing is written: the command waits when the signal comes.
#[cfg(unix)]
#[test]
fn an_interrupted_command_says_so() {
    use std::process::{Command, Stdio};

    let program = Program::with_account();
    let pipe = program.path("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let pipe = pipe.to_str().unwrap();
    let child = program
        .command(&[&ingest(&[pipe])[..], &["--json"]].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Opening a pipe waits for the other end: from here on the program reads it.
    let _writer = fs::OpenOptions::new().write(true).open(pipe).unwrap();
    let signalled = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(signalled.unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["error"]["code"], "cancelled");
}
