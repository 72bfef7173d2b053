//! Views over HTTP: put, used, unknown.

use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};
use threadkeep_protocol::{Code, CursorLine, NDJSON};
use threadkeep_server_store::Scope;

use crate::server::{Server, fixture, messages, problem};

async fn filled() -> (Server, i64, String) {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Admin).await;
    let path = format!("/ingest/{mine}/baileys");
    server.ingest(&path, &token, fixture("events.ndjson")).await;
    let body = Value::from(messages(40)).to_string();
    server
        .ingest(&format!("/ingest/{mine}"), &token, body)
        .await;
    (server, mine, token)
}

fn put(server: &Server, integration: i64, token: &str) -> RequestBuilder {
    let url = server.url(&format!("/views/{integration}"));
    server.client.put(url).bearer_auth(token)
}

/// The view's id.
async fn stored(server: &Server, integration: i64, token: &str, view: &Value) -> String {
    let answer = put(server, integration, token)
        .json(view)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let answer: Value = answer.json().await.unwrap();
    answer["view"].as_str().unwrap().to_owned()
}

/// The id of the chat that `messages` fills.
async fn chat(server: &Server, integration: i64, token: &str) -> Value {
    let path = format!("/sync/conversations/{integration}?limit=1000");
    let page = server.read(&path, token).await;
    let rows = page["conversations"].as_array().unwrap();
    let found = rows
        .iter()
        .find(|row| row["external_conversation_id"] == "15550002222@s.whatsapp.net");
    found.unwrap()["id"].clone()
}

#[tokio::test]
async fn a_client_reads_what_it_wants_in_pages_and_in_lines() {
    let (server, mine, token) = filled().await;
    let chat = chat(&server, mine, &token).await;
    let view = json!({
        "default": {"included": false},
        "chats": [{"conversation_id": chat, "included": true, "media": true,
                   "since": "2023-11-14T22:13:30Z"}],
    });
    let view = stored(&server, mine, &token, &view).await;
    let path = format!("/sync/messages/{mine}?view={view}");
    let page = server.read(&path, &token).await;
    let rows = page["messages"].as_array().unwrap();
    assert_eq!(rows.len(), 30, "ten are older than the view goes back");
    assert!(rows.iter().all(|row| row["conversation_id"] == chat));
    let status = server.read(&format!("/sync/status/{mine}"), &token).await;
    assert_eq!(page["latest_seq"], status["latest_message_seq"]);
    assert_eq!(page["has_more"], false);

    let asked = server
        .get(&format!("{path}&limit=7"), &token)
        .header("accept", NDJSON);
    let text = asked.send().await.unwrap().text().await.unwrap();
    let (cursors, lines): (Vec<&str>, Vec<&str>) = text
        .lines()
        .partition(|line| CursorLine::is_meant(line.as_bytes()));
    let lines: Vec<Value> = lines
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(&lines, rows, "in lines the same comes");
    let last: CursorLine = serde_json::from_str(cursors.last().unwrap()).unwrap();
    assert_eq!(page["latest_seq"], last.cursor.latest_seq);
    assert!(cursors.len() > 4, "a cursor line at least every seven rows");
}

#[tokio::test]
async fn what_widens_comes_up_to_a_cursor() {
    let (server, mine, token) = filled().await;
    let chat = chat(&server, mine, &token).await;
    let old = json!({"default": {"included": true, "media": true},
                     "chats": [{"conversation_id": chat, "included": false}]});
    let old = stored(&server, mine, &token, &old).await;
    let status = server.read(&format!("/sync/status/{mine}"), &token).await;
    let until = status["latest_message_seq"].as_i64().unwrap() - 10;
    let path = format!("/sync/messages/{mine}?beyond={old}&until_seq={until}");
    let page = server.read(&path, &token).await;
    assert_eq!(page["total_count"], 30, "ten lie past the cursor");
    assert_eq!(page["latest_seq"], until);
    let rows = page["messages"].as_array().unwrap();
    assert!(
        rows.iter().all(|row| row["conversation_id"] == chat),
        "the rest was there"
    );
}

#[rstest::rstest]
#[case::words("not json")]
#[case::no_default("{}")]
#[case::a_time_that_is_none(r#"{"default": {"included": true, "since": "yesterday"}}"#)]
#[case::a_chat_without_a_name(r#"{"default": {"included": true}, "chats": [{"included": true}]}"#)]
#[case::a_list("[]")]
#[tokio::test]
async fn what_is_no_view_is_refused(#[case] body: &'static str) {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Read).await;
    let problem = problem(put(&server, mine, &token).body(body).send().await.unwrap()).await;
    assert_eq!(problem.code, Code::BadRequest, "{problem:?}");
}

#[tokio::test]
async fn a_view_of_too_many_chats_is_refused() {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Read).await;
    let chat = |n: u128| {
        let id = threadkeep_protocol::Id::from_u128(n);
        json!({"conversation_id": id, "included": false})
    };
    let chats: Vec<Value> = (0..10_001).map(chat).collect();
    let view = json!({"default": {"included": true}, "chats": chats});
    let answer = put(&server, mine, &token).json(&view).send().await.unwrap();
    assert_eq!(problem(answer).await.code, Code::TooLarge);
}

#[tokio::test]
async fn an_unknown_view_says_so() {
    let (server, mine, token) = filled().await;
    for path in [
        format!("/sync/messages/{mine}?view=unknown"),
        format!("/sync/contacts/{mine}?beyond=unknown"),
    ] {
        for accept in ["application/json", NDJSON] {
            let answer = server
                .get(&path, &token)
                .header("accept", accept)
                .send()
                .await;
            assert_eq!(problem(answer.unwrap()).await.code, Code::UnknownView);
        }
    }
}

#[tokio::test]
async fn views_are_for_those_who_read() {
    let (server, mine, _) = filled().await;
    let other = server.account("another's").await;
    let foreign = server.token(other, Scope::Admin).await;
    let writing = server.token(mine, Scope::Ingest).await;
    let view = json!({"default": {"included": true}});
    for (token, code) in [(&foreign, Code::NotFound), (&writing, Code::Forbidden)] {
        let answer = put(&server, mine, token).json(&view).send().await.unwrap();
        assert_eq!(problem(answer).await.code, code);
    }
    let reading = server.token(mine, Scope::Read).await;
    stored(&server, mine, &reading, &view).await;
}
