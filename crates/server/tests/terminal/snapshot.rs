//! Snapshots from a terminal.

use reqwest::{Client, StatusCode};

use crate::program::{Program, Serving, fixture};

#[test]
fn a_snapshot_is_built_once_for_what_there_is() {
    let program = Program::with_account();
    program.done(&["ingest", &fixture("events.ndjson"), "--integration", "1"]);
    let first = program.done(&["snapshot", "--integration", "1"]);
    assert!(first["rows"].as_u64().unwrap() > 100, "{first}");
    let kinds: Vec<&str> = first["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["mirror", "index"]);
    assert_eq!(
        program.done(&["snapshot", "--integration", "1"]),
        first,
        "nothing has changed, so nothing is packed"
    );
    let said = program.run(&["snapshot", "--integration", "1"]);
    assert!(said.out.contains("nothing has changed"), "{}", said.out);
}

#[test]
fn nobody_has_a_snapshot_of_nothing() {
    let program = Program::with_account();
    let (code, message) = program.fails(&["snapshot", "--integration", "7"]);
    assert_eq!(code, "no_such_integration", "{message}");
}

#[rstest::rstest]
#[case::as_it_is(&[], StatusCode::NOT_FOUND)]
#[case::switched_on(&["--snapshots"], StatusCode::OK)]
#[case::switched_off(&["--snapshots", "no"], StatusCode::NOT_FOUND)]
#[tokio::test]
async fn what_was_built_is_handed_out_where_that_is_asked_for(
    #[case] args: &[&str],
    #[case] status: StatusCode,
) {
    let program = Program::with_account();
    program.done(&["ingest", &fixture("events.ndjson"), "--integration", "1"]);
    program.done(&["snapshot", "--integration", "1"]);
    let made = program.done(&["token", "create", "--integration", "1", "--scope", "read"]);
    let serving: Serving = program.serve(args);
    let answer = Client::new()
        .get(format!("{}/snapshots/1", serving.url))
        .bearer_auth(made["token"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), status);
}
