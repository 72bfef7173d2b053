//! The newest messages of one conversation.

use serde_json::{Value, json};
use threadkeep_protocol::Code;
use threadkeep_server_store::Scope;

use crate::server::{Server, messages, problem};

/// A server with a chat of some messages, in which three share each moment; the path of its messages and a
/// token to read them.
async fn filled(count: usize) -> (Server, String, String) {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Admin).await;
    let mut records = messages(count);
    for (i, record) in records.iter_mut().enumerate() {
        let moment = 1_700_000_000 + (i / 3) as i64;
        record["timestamp"] = json!(threadkeep_protocol::Timestamp::from_seconds(moment));
    }
    // In no order of time.
    records.reverse();
    let middle = records.len() / 2;
    records.rotate_left(middle);
    let body = Value::from(records).to_string();
    server
        .ingest(&format!("/ingest/{mine}"), &token, body)
        .await;
    let chats = server
        .read(&format!("/sync/conversations/{mine}"), &token)
        .await;
    let chat = chats["conversations"][0]["id"].as_str().unwrap();
    (server, format!("/sync/messages/{mine}/{chat}"), token)
}

#[rstest::rstest]
#[case::one_at_a_time(1)]
#[case::in_the_middle_of_a_moment(7)]
#[case::whole_moments(9)]
#[case::all_at_once(1_000)]
#[case::exactly_all(20)]
#[tokio::test]
async fn walking_back_gives_each_message_once_newest_first(#[case] limit: usize) {
    let (server, path, token) = filled(20).await;
    let (mut rows, mut before) = (Vec::new(), String::new());
    loop {
        let page = server
            .read(&format!("{path}?limit={limit}{before}"), &token)
            .await;
        let got = page["messages"].as_array().unwrap();
        assert!(got.len() <= limit && !got.is_empty());
        assert_eq!(page["epoch"], server.store.epoch().await.unwrap());
        rows.extend(got.iter().cloned());
        match page["next_before"].as_str() {
            Some(next) => before = format!("&before={next}"),
            None => break,
        }
    }
    let times: Vec<&str> = rows
        .iter()
        .map(|row| row["timestamp"].as_str().unwrap())
        .collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "newest first");
    let mut stream = server.read(&path[..path.rfind('/').unwrap()], &token).await;
    let all = stream["messages"].as_array_mut().unwrap();
    all.sort_by_key(|row| row["seq"].as_i64());
    rows.sort_by_key(|row| row["seq"].as_i64());
    assert_eq!(&rows, all, "they are the rows of the stream");
}

#[tokio::test]
async fn without_a_limit_there_are_fifty() {
    let (server, path, token) = filled(70).await;
    let page = server.read(&path, &token).await;
    assert_eq!(page["messages"].as_array().unwrap().len(), 50);
    assert!(page["next_before"].is_string());
}

#[rstest::rstest]
#[case::of_nobody(
    "/sync/messages/1/0192d1e0-0000-7000-8000-000000000001",
    Code::NotFound
)]
#[case::in_words("/sync/messages/1/mum", Code::NotFound)]
#[case::another_stream(
    "/sync/contacts/1/0192d1e0-0000-7000-8000-000000000001",
    Code::NotFound
)]
#[tokio::test]
async fn what_is_not_there_is_not_found(#[case] path: &str, #[case] code: Code) {
    let (server, _, token) = filled(3).await;
    let response = server.get(path, &token).send().await.unwrap();
    assert_eq!(problem(response).await.code, code);
}

#[rstest::rstest]
#[case::words("before=yesterday")]
#[case::half("before=5")]
#[case::injected("before=1.1%20OR%201%3D1")]
#[case::no_limit("limit=0")]
#[tokio::test]
async fn a_question_that_makes_no_sense_is_a_problem(#[case] query: &str) {
    let (server, path, token) = filled(3).await;
    let response = server
        .get(&format!("{path}?{query}"), &token)
        .send()
        .await
        .unwrap();
    assert_eq!(problem(response).await.code, Code::BadRequest);
}

#[tokio::test]
async fn a_chat_of_another_account_is_not_found() {
    let (server, path, _) = filled(3).await;
    let theirs = server.account("theirs").await;
    let token = server.token(theirs, Scope::Read).await;
    let response = server.get(&path, &token).send().await.unwrap();
    assert_eq!(problem(response).await.code, Code::NotFound);
    let chat = path.rsplit('/').next().unwrap();
    let path = format!("/sync/messages/{theirs}/{chat}");
    let response = server.get(&path, &token).send().await.unwrap();
    assert_eq!(
        problem(response).await.code,
        Code::NotFound,
        "nor by their own"
    );
}
