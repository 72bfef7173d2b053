//! Writing: what bridges and importers send.

use reqwest::StatusCode;
use serde_json::{Value, json};
use threadkeep_protocol::{Code, Stream, SyncStatus};
use threadkeep_server_store::Scope;

use crate::server::{Server, fixture, messages, problem};

async fn empty() -> (Server, i64, String) {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Admin).await;
    (server, mine, token)
}

fn seqs(status: &SyncStatus) -> Vec<i64> {
    Stream::ALL.map(|stream| status.latest_seq(stream)).into()
}

/// All rows of all streams, as a client gets them.
async fn rows(server: &Server, integration: i64, token: &str) -> Vec<Value> {
    let mut pages = Vec::new();
    for stream in Stream::ALL {
        let path = format!("/sync/{stream}/{integration}?limit=10000");
        pages.push(server.read(&path, token).await);
    }
    pages
}

#[rstest::rstest]
#[case::events("events.ndjson")]
#[case::store("baileys_store.json")]
#[tokio::test]
async fn a_replay_changes_nothing_and_moves_no_seq(#[case] name: &str) {
    let (server, mine, token) = empty().await;
    let path = format!("/ingest/{mine}/baileys");
    let first = server.ingest(&path, &token, fixture(name)).await;
    assert!(first["saved"].as_u64().unwrap() > 100, "{first}");
    assert_eq!(first["errors"], json!([]));
    let before = server.store.status(mine).await.unwrap();
    assert!(before.message_count > 0);
    let rows_before = rows(&server, mine, &token).await;

    let again = server.ingest(&path, &token, fixture(name)).await;
    assert_eq!(
        (&again["saved"], &again["updated"]),
        (&json!(0), &json!(0)),
        "{again}"
    );
    assert_eq!(again["skipped"], first["skipped"]);
    let after = server.store.status(mine).await.unwrap();
    assert_eq!(seqs(&after), seqs(&before));
    assert_eq!(rows(&server, mine, &token).await, rows_before);
    assert_eq!(after.message_count, before.message_count);
}

#[tokio::test]
async fn a_dry_run_tells_what_would_be_and_writes_nothing() {
    let (server, mine, token) = empty().await;
    let before = server.store.status(mine).await.unwrap();
    let body = Value::from(messages(5)).to_string();
    let path = format!("/ingest/{mine}");
    let dry = server
        .ingest(&format!("{path}?dry_run=true"), &token, body.clone())
        .await;
    let after = server.store.status(mine).await.unwrap();
    assert_eq!(seqs(&after), seqs(&before));
    let wet = server
        .ingest(&format!("{path}?dry_run=false"), &token, body)
        .await;
    assert_eq!(dry, wet, "a dry run counts as the run does");
    assert_eq!(wet["saved"], 5);
}

#[rstest::rstest]
#[case::array(Value::from(messages(3)).to_string(), 3)]
#[case::envelope(json!({"records": messages(3)}).to_string(), 3)]
#[case::one(messages(1)[0].to_string(), 1)]
#[case::lines(messages(3).iter().map(|m| format!("{m}\r\n")).collect(), 3)]
#[case::nothing(String::new(), 0)]
#[case::an_empty_array("[]".to_owned(), 0)]
#[tokio::test]
async fn records_come_in_any_of_the_usual_forms(#[case] body: String, #[case] saved: u64) {
    let (server, mine, token) = empty().await;
    let report = server
        .ingest(&format!("/ingest/{mine}"), &token, body)
        .await;
    assert_eq!(report["saved"], saved, "{report}");
    assert_eq!(report["errors"], json!([]));
}

#[tokio::test]
async fn one_bad_record_is_named_and_costs_no_other() {
    let (server, mine, token) = empty().await;
    let mut records = messages(4);
    records[1] = json!({"type": "message", "content": "a secret without an address"});
    records.insert(3, json!({"type": "telepathy"}));
    let deep = format!("{}{}", "[".repeat(70), "]".repeat(70));
    records.push(serde_json::from_str(&deep).unwrap());
    let body = Value::from(records).to_string();
    let report = server
        .ingest(&format!("/ingest/{mine}"), &token, body)
        .await;
    assert_eq!(report["saved"], 3, "{report}");
    let places: Vec<u64> = report["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["index"].as_u64().unwrap())
        .collect();
    assert_eq!(places, [1, 3, 5]);
    assert!(
        !report.to_string().contains("secret"),
        "reasons hold no content"
    );
    assert_eq!(server.store.status(mine).await.unwrap().message_count, 3);
}

#[rstest::rstest]
#[case::cut_in_the_middle("", r#"[{"type": "message""#)]
#[case::nested_past_reason("", &"[".repeat(100).add_closing())]
#[case::unsure_dry_run("?dry_run=perhaps", "[]")]
#[case::dry_run_twice("?dry_run=true&dry_run=false", "[]")]
#[tokio::test]
async fn a_body_that_makes_no_sense_is_refused(#[case] query: &str, #[case] body: &str) {
    let (server, mine, token) = empty().await;
    let path = format!("/ingest/{mine}{query}");
    let response = server
        .post(&path, &token)
        .body(body.to_owned())
        .send()
        .await
        .unwrap();
    let problem = problem(response).await;
    assert_eq!(problem.code, Code::BadRequest, "{problem:?}");
    assert_eq!(
        server.store.status(mine).await.unwrap().latest_message_seq,
        0
    );
}

trait Close {
    fn add_closing(self) -> String;
}

impl Close for String {
    fn add_closing(self) -> String {
        let closing = "]".repeat(self.len());
        self + &closing
    }
}

#[tokio::test]
async fn the_bytes_of_a_body_need_not_be_text() {
    let (server, mine, token) = empty().await;
    let mut body = messages(1)[0].to_string().into_bytes();
    body.extend_from_slice(b"\n\xff\xfe\x00\n");
    let path = format!("/ingest/{mine}");
    let response = server.post(&path, &token).body(body).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let report: Value = response.json().await.unwrap();
    assert_eq!(report["saved"], 1);
    assert_eq!(report["errors"][0]["index"], 1);
}

#[rstest::rstest]
#[case::gzip("gzip")]
#[case::zstd("zstd")]
#[case::two("identity, gzip")]
#[tokio::test]
async fn an_encoded_body_is_refused_in_words(#[case] encoding: &str) {
    let (server, mine, token) = empty().await;
    for path in [format!("/ingest/{mine}"), format!("/ingest/{mine}/baileys")] {
        let packed = vec![0x1f, 0x8b, 0x08, 0x00];
        let post = server.post(&path, &token).body(packed);
        let refused = post.header("content-encoding", encoding).send().await;
        let problem = problem(refused.unwrap()).await;
        assert_eq!(problem.code, Code::UnsupportedEncoding);
        assert!(
            problem.detail.unwrap().contains("Content-Encoding"),
            "it says what to leave out"
        );
    }
}

#[tokio::test]
async fn a_body_that_is_said_to_be_plain_is_taken() {
    let (server, mine, token) = empty().await;
    let body = Value::from(messages(2)).to_string();
    let post = server.post(&format!("/ingest/{mine}"), &token).body(body);
    let taken = post.header("content-encoding", "identity").send().await;
    assert_eq!(taken.unwrap().status(), StatusCode::OK);
}
