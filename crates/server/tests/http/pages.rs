//! Reading: pages to the end, and questions that make no sense.

use std::collections::BTreeSet;

use reqwest::StatusCode;
use serde_json::Value;
use threadkeep_protocol::{Code, Stream};
use threadkeep_server_store::Scope;

use crate::server::{Server, fixture, messages, problem};

/// A server with what a real client has seen, and a token that may do everything.
async fn filled() -> (Server, i64, String) {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Admin).await;
    let path = format!("/ingest/{mine}/baileys");
    server.ingest(&path, &token, fixture("events.ndjson")).await;
    (server, mine, token)
}

#[tokio::test]
async fn every_stream_is_walked_to_its_end_whatever_the_limit() {
    let (server, mine, token) = filled().await;
    let status = server.store.status(mine).await.unwrap();
    for stream in Stream::ALL {
        let mut walks = Vec::new();
        for limit in [1, 7, 1_000, 4_000_000_000_u64] {
            walks.push(walk(&server, &token, stream, mine, limit).await);
        }
        let all = &walks[0];
        assert!(
            walks.iter().all(|walk| walk == all),
            "{stream}: limits change the walk"
        );
        assert!(!all.is_empty(), "{stream}: there is something to walk");
        assert_eq!(
            all.len() as i64,
            status.count(stream),
            "{stream}: no row is missed"
        );
        let ids: BTreeSet<&str> = all.iter().map(|row| row["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), all.len(), "{stream}: no row comes twice");
        let last = all.last().map_or(0, |row| row["seq"].as_i64().unwrap());
        assert_eq!(
            last,
            status.latest_seq(stream),
            "{stream}: status and pages agree"
        );
    }
}

async fn walk(
    server: &Server,
    token: &str,
    stream: Stream,
    integration: i64,
    limit: u64,
) -> Vec<Value> {
    let (mut rows, mut cursor, mut left) = (Vec::new(), 0, None);
    loop {
        let path = format!("/sync/{stream}/{integration}?since_seq={cursor}&limit={limit}");
        let page = server.read(&path, token).await;
        let got = page[stream.name()].as_array().unwrap();
        assert!(
            got.len() as u64 <= limit,
            "a page holds no more than was asked for"
        );
        for row in got {
            let seq = row["seq"].as_i64().unwrap();
            assert!(seq > cursor, "{stream}: rows ascend, past the cursor");
            cursor = seq;
        }
        assert_eq!(
            page["latest_seq"], cursor,
            "the cursor is the last row's seq"
        );
        assert!(!page["epoch"].as_str().unwrap().is_empty());
        let total = page["total_count"].as_i64().unwrap();
        assert!(
            left.is_none_or(|left| left == total),
            "total_count counts what is left"
        );
        left = Some(total - got.len() as i64);
        rows.extend(got.iter().cloned());
        assert_eq!(page["has_more"], left != Some(0), "{stream} at {cursor}");
        if page["has_more"] == false {
            return rows;
        }
    }
}

#[tokio::test]
async fn without_a_limit_a_page_has_the_streams_own_size() {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Admin).await;
    let body = Value::from(messages(1_600)).to_string();
    server
        .ingest(&format!("/ingest/{mine}"), &token, body)
        .await;
    let page = server.read(&format!("/sync/messages/{mine}"), &token).await;
    assert_eq!(page["messages"].as_array().unwrap().len(), 1_500);
    assert_eq!(page["has_more"], true);
}

#[tokio::test]
async fn an_empty_stream_answers_with_the_cursor_it_was_asked_with() {
    let (server, mine, token) = filled().await;
    let path = format!("/sync/messages/{mine}?since_seq=9007199254740991");
    let page = server.read(&path, &token).await;
    assert_eq!(page["messages"], Value::Array(vec![]));
    assert_eq!(page["latest_seq"], 9_007_199_254_740_991_i64);
    assert_eq!(page["has_more"], false);
    assert_eq!(page["total_count"], 0);
}

#[rstest::rstest]
#[case::negative_cursor("/sync/messages/1?since_seq=-1", Code::BadRequest)]
#[case::cursor_in_words("/sync/messages/1?since_seq=latest", Code::BadRequest)]
#[case::cursor_past_all_numbers("/sync/messages/1?since_seq=9223372036854775808", Code::BadRequest)]
#[case::empty_cursor("/sync/messages/1?since_seq=", Code::BadRequest)]
#[case::injected_cursor("/sync/messages/1?since_seq=0%20OR%201%3D1", Code::BadRequest)]
#[case::no_limit("/sync/messages/1?limit=0", Code::BadRequest)]
#[case::negative_limit("/sync/messages/1?limit=-1", Code::BadRequest)]
#[case::fraction("/sync/messages/1?limit=1.5", Code::BadRequest)]
#[case::twice("/sync/messages/1?limit=1&limit=2", Code::BadRequest)]
#[case::unknown_stream("/sync/secrets/1", Code::NotFound)]
#[case::stream_in_capitals("/sync/MESSAGES/1", Code::NotFound)]
#[case::integration_in_words("/sync/messages/mine", Code::NotFound)]
#[case::integration_past_all_numbers("/sync/messages/9223372036854775808", Code::NotFound)]
#[case::negative_integration("/sync/status/-1", Code::NotFound)]
#[case::not_utf_8("/sync/messages/%ff", Code::NotFound)]
#[case::bucket_past_the_last("/sync/messages/1?bucket=256", Code::BadRequest)]
#[case::bucket_in_words("/sync/messages/1?bucket=all", Code::BadRequest)]
#[case::digest_of_no_stream("/sync/digest/secrets/1", Code::NotFound)]
#[case::digest_of_no_account("/sync/digest/messages/2", Code::NotFound)]
#[case::no_such_path("/", Code::NotFound)]
#[case::climbing("/sync/..%2f..%2fetc/1", Code::NotFound)]
#[case::of_a_later_time("/calls/1", Code::NotFound)]
#[case::wrong_method("/ingest/1", Code::MethodNotAllowed)]
#[tokio::test]
async fn a_question_that_makes_no_sense_is_a_problem(#[case] path: &str, #[case] code: Code) {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    assert_eq!(mine, 1, "the paths name it");
    let token = server.token(mine, Scope::Admin).await;
    let problem = problem(server.get(path, &token).send().await.unwrap()).await;
    assert_eq!(problem.code, code, "{problem:?}");
}

#[tokio::test]
async fn writing_to_what_is_read_only_is_not_allowed() {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Admin).await;
    for path in [
        "/health",
        "/integrations",
        "/sync/messages/1",
        "/sync/status/1",
    ] {
        let response = server.client.delete(server.url(path)).bearer_auth(&token);
        let response = response.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
        let allowed = response.headers()["allow"].to_str().unwrap().to_owned();
        assert!(
            allowed.contains("GET"),
            "{path} says what it allows: {allowed}"
        );
        problem(response).await;
    }
}
