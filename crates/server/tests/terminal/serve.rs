//! A running server.

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::program::{Program, Serving, fixture};

async fn read(url: String, token: &str) -> Value {
    let response = Client::new()
        .get(url)
        .bearer_auth(token)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    response.json().await.unwrap()
}

fn token(program: &Program, scope: &str) -> String {
    let made = program.done(&["token", "create", "--integration", "1", "--scope", scope]);
    made["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_file_is_taken_in_beside_a_running_server() {
    let program = Program::with_account();
    let serving = program.serve(&[]);
    let token = token(&program, "read");
    let status = format!("{}/sync/status/1", serving.url);
    let before = read(status.clone(), &token).await;
    assert_eq!(before["message_count"], 0);
    program.done(&["ingest", &fixture("events.ndjson"), "--integration", "1"]);
    let after = read(status, &token).await;
    assert!(after["message_count"].as_i64().unwrap() > 0, "{after}");
    assert_eq!(after["epoch"], before["epoch"]);
    let page = read(format!("{}/sync/messages/1", serving.url), &token).await;
    assert_eq!(page["total_count"], after["message_count"]);
}

#[cfg(unix)]
#[rstest::rstest]
#[case("TERM")]
#[case("INT")]
#[tokio::test]
async fn a_signal_ends_it_well(#[case] signal: &str) {
    let program = Program::new();
    let serving = program.serve(&[]);
    let health = Client::new()
        .get(format!("{}/health", serving.url))
        .send()
        .await
        .unwrap();
    assert_eq!(health.status(), StatusCode::OK);
    serving.signal(signal);
    let said = serving.ended();
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(said.out, "", "one line is all that standard output gets");
    assert_eq!(said.err, "", "and nothing went wrong");
}

#[cfg(unix)]
#[tokio::test]
async fn what_was_taken_in_is_there_after_a_kill() {
    let program = Program::with_account();
    let token = token(&program, "admin");
    let serving = program.serve(&[]);
    let record = json!([{"type": "contact", "external_contact_id": "15550002222@s.whatsapp.net"}]);
    let answer = Client::new()
        .post(format!("{}/ingest/1", serving.url))
        .bearer_auth(&token)
        .json(&record)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    drop(serving); // SIGKILL
    let again = program.serve(&[]);
    let status = read(format!("{}/sync/status/1", again.url), &token).await;
    assert_eq!(status["contact_count"], 1, "answered means kept");
}

#[cfg(unix)]
#[tokio::test]
async fn the_log_holds_no_content_and_no_token() {
    let program = Program::with_account();
    let token = token(&program, "admin");
    let serving = program.serve(&["-vv"]);
    let client = Client::new();
    let post = |path: &str, body: Value| {
        client
            .post(format!("{}{path}?secret-query=1", serving.url))
            .bearer_auth(&token)
            .json(&body)
            .send()
    };
    let record = json!([
        {"type": "contact", "external_contact_id": "secret-jid@lid", "display_name": "secret-name"},
        {"type": "secret-type", "content": "secret-content"},
        {"type": "message", "content": {"secret-field": "secret-content"}},
    ]);
    assert_eq!(
        post("/ingest/1", record).await.unwrap().status(),
        StatusCode::OK
    );
    post(
        "/ingest/1/baileys",
        json!({"event": "secret-event", "data": "secret-data"}),
    )
    .await
    .unwrap();
    post("/secret-path", json!({})).await.unwrap();
    serving.signal("TERM");
    let said = serving.ended();
    assert!(
        said.err.contains("/ingest/{integration_id}"),
        "it does log: {}",
        said.err
    );
    for secret in [&token, "secret"] {
        assert!(!said.err.contains(secret), "{}", said.err);
    }
}

/// Without a free file handle, accepting fails until there is one again.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn running_out_of_file_handles_does_not_end_it() {
    use std::{net::TcpStream, process::Command};

    let program = Program::new();
    let mut command = Command::new("sh");
    command
        .args(["-c", "ulimit -n 40; exec \"$0\" serve --listen 127.0.0.1:0"])
        .arg(env!("CARGO_BIN_EXE_threadkeep-server"))
        .env("THREADKEEP_HOME", program.home());
    let serving = Serving::start(command);
    let address = serving.url.trim_start_matches("http://").to_owned();
    let silent: Vec<TcpStream> = (0..100)
        .map(|_| TcpStream::connect(&address).unwrap())
        .collect();
    // Held until they are accepted: on a busy machine that takes a while.
    while serving.handles() < 40 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    drop(silent);
    let health = Client::new()
        .get(format!("{}/health", serving.url))
        .send()
        .await
        .unwrap();
    assert_eq!(health.status(), StatusCode::OK);
    serving.signal("TERM");
    let said = serving.ended();
    assert_eq!(said.code, 0);
    assert!(
        said.err.contains("cannot accept"),
        "the case did come up: {}",
        said.err
    );
}

#[rstest::rstest]
#[case::the_environment(&[], &[("THREADKEEP_BACKFILL_THREADS", "7"), ("THREADKEEP_BACKFILL_COUNT", "30"),
    ("THREADKEEP_DRY_RUN", "true"), ("THREADKEEP_SYNC_FULL_HISTORY", "false")])]
#[case::flags(&["--backfill-threads", "7", "--backfill-count", "30", "--dry-run", "--sync-full-history", "false"],
    &[("THREADKEEP_BACKFILL_THREADS", "9")])]
#[tokio::test]
async fn what_a_backfill_asks_for_is_set_when_it_starts(
    #[case] flags: &[&str],
    #[case] environment: &[(&str, &str)],
) {
    let program = Program::with_account();
    let token = token(&program, "admin");
    let args = [&["serve", "--listen", "127.0.0.1:0"], flags].concat();
    let mut command = program.command(&args);
    command.envs(environment.iter().copied());
    let serving = Serving::start(command);
    let post = Client::new().post(format!("{}/backfill/1", serving.url));
    let answer = post.bearer_auth(&token).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    let started: Value = answer.json().await.unwrap();
    assert_eq!(
        started,
        json!({"threads": 7, "count": 30, "dry_run": true, "already_running": false})
    );
    let told = read(format!("{}/ingest/1/requests", serving.url), &token).await;
    assert_eq!(told["sync_full_history"], false);
}
