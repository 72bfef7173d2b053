//! Snapshots from a terminal.

use std::{fs, process::Stdio, thread, time::Duration};

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

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
async fn what_was_built_is_handed_out_where_that_is_switched_on(
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

/// The pack that is there, each file of which is what the manifest says.
fn sound_pack(program: &Program) -> Option<Value> {
    let folder = program.home().join("server/server.db.snapshots/1");
    let text = fs::read(folder.join("manifest.json")).ok()?;
    let manifest: Value = serde_json::from_slice(&text).expect("a manifest is whole");
    for file in manifest["files"].as_array().unwrap() {
        let packed = fs::read(folder.join(file["name"].as_str().unwrap())).unwrap();
        let hash: String = Sha256::digest(&packed)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(hash, file["sha256"].as_str().unwrap());
    }
    Some(manifest)
}

#[test]
fn a_builder_that_is_killed_at_any_moment_leaves_a_sound_pack() {
    let program = Program::with_account();
    let mut rows = 0;
    for (round, wait) in [0, 10, 20, 40, 60, 80, 120, 160, 240, 320]
        .into_iter()
        .enumerate()
    {
        let records: String = (0..300)
            .map(|number| {
                let record = json!({
                    "type": "message",
                    "external_conversation_id": "15550002222@s.whatsapp.net",
                    "external_message_id": format!("M{round}-{number}"),
                    "message_type": "text",
                    "content": format!("message {number} of round {round}"),
                    "timestamp": "2024-01-02T03:04:05Z",
                });
                format!("{record}\n")
            })
            .collect();
        let file = program.file("more.ndjson", records);
        program.done(&["ingest", &file, "--integration", "1"]);
        let before = sound_pack(&program);
        let mut builder = program
            .command(&["snapshot", "--integration", "1"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // Wherever that is on this machine: each moment must do.
        thread::sleep(Duration::from_millis(wait));
        builder.kill().unwrap();
        builder.wait().unwrap();
        let after = sound_pack(&program);
        assert!(
            after.is_some() || before.is_none(),
            "what was packed before is there, or what has taken its place"
        );
        rows = 300 * (round as u64 + 1);
    }
    let built = program.done(&["snapshot", "--integration", "1"]);
    assert!(built["rows"].as_u64().unwrap() > rows, "{built}");
    assert_eq!(sound_pack(&program), Some(built), "it is gone on with");
}
