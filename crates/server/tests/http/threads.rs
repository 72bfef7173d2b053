//! What an operator reads: the fields of the runbook, the newest first, for those who may.

use reqwest::StatusCode;
use serde_json::{Value, json};
use threadkeep_protocol::{Code, Timestamp};
use threadkeep_server_store::Scope;

use crate::server::{Server, fixture, messages, problem};

const ANA: &str = "15550002222@s.whatsapp.net";
const BOB: &str = "15550003333@s.whatsapp.net";

/// What is said to an account, as neutral records: Ana's messages of one minute each, and one of Bob's.
fn said() -> Vec<Value> {
    let mut records = messages(5);
    records.push(json!({
        "type": "contact", "external_contact_id": ANA, "push_name": "Ana",
    }));
    records.push(json!({
        "type": "message", "external_conversation_id": BOB, "external_message_id": "B1",
        "is_from_me": true, "message_type": "image", "content": "the harbour",
        "timestamp": "2030-01-01T00:00:00Z", "sync_source": "history_sync",
        "delivery_status": "sent",
        "media": {"media_type": "image", "mime_type": "image/jpeg", "file_name": "harbour.jpg"},
        "receipts": [{
            "participant_external_id": BOB, "delivered_at": "2030-01-01T00:00:05Z",
            "read_at": "2030-01-01T00:01:00Z",
        }],
    }));
    records
}

async fn filled() -> (Server, i64, String) {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Admin).await;
    let body = Value::from(said()).to_string();
    let report = server
        .ingest(&format!("/ingest/{mine}"), &token, body)
        .await;
    assert_eq!(report["errors"], json!([]), "every record makes sense");
    (server, mine, token)
}

fn column<'a>(rows: &'a Value, name: &str) -> Vec<&'a str> {
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row[name].as_str().unwrap()).collect()
}

#[tokio::test]
async fn threads_come_newest_first_with_what_the_runbook_names() {
    let (server, mine, token) = filled().await;
    let answer = server.read(&format!("/threads/{mine}"), &token).await;
    assert_eq!(answer["success"], true);
    assert_eq!(answer["count"], 2);
    assert_eq!(
        column(&answer["threads"], "client_jid"),
        [BOB, ANA],
        "Bob's message is the newer one"
    );
    let ana = &answer["threads"][1];
    assert_eq!(ana["account_id"], mine);
    assert_eq!(
        ana["display_name"], "Ana",
        "a direct chat is called as the other one"
    );
    assert_eq!(ana["last_message_preview"], "message 4");
    assert_eq!(
        ana["last_message_at"],
        Timestamp::from_seconds(1_700_000_004).to_string()
    );
    assert_eq!(ana["message_count"], 5);
    assert_eq!(
        ana["last_backfill_at"],
        Value::Null,
        "nobody has asked for more"
    );

    let path = format!("/threads/{mine}?order_by=created_at&limit=1");
    let answer = server.read(&path, &token).await;
    assert_eq!(
        column(&answer["threads"], "client_jid"),
        [BOB],
        "Bob's chat came last"
    );
}

#[tokio::test]
async fn messages_of_a_thread_come_newest_first() {
    let (server, mine, token) = filled().await;
    let threads = server.read(&format!("/threads/{mine}"), &token).await;
    let id = threads["threads"][1]["id"].as_str().unwrap();
    let by_id = server
        .read(&format!("/threads/{mine}/{id}/messages"), &token)
        .await;
    assert_eq!(by_id["count"], 5);
    assert_eq!(
        column(&by_id["messages"], "body"),
        [
            "message 4",
            "message 3",
            "message 2",
            "message 1",
            "message 0"
        ]
    );
    assert_eq!(by_id["thread"], threads["threads"][1]);
    let by_address = format!("/threads/{mine}/15550002222%40s.whatsapp.net/messages");
    assert_eq!(
        server.read(&by_address, &token).await,
        by_id,
        "a person has the address at hand, not the id"
    );
    let newest = server.read(&format!("{by_address}?limit=2"), &token).await;
    assert_eq!(
        column(&newest["messages"], "body"),
        ["message 4", "message 3"]
    );
}

#[tokio::test]
async fn a_message_says_what_became_of_it() {
    let (server, mine, token) = filled().await;
    for order in ["timestamp", "created_at"] {
        let path = format!("/threads/{mine}/{BOB}/messages?order_by={order}");
        let answer = server.read(&path, &token).await;
        let message = &answer["messages"][0];
        assert_eq!(message["direction"], "outbound");
        assert_eq!(message["wa_message_id"], "B1");
        assert_eq!(message["body"], "the harbour");
        assert_eq!(message["message_type"], "image");
        assert_eq!(message["status"], "read", "its receipt says so");
        assert_eq!(message["ts_client"], "2030-01-01T00:00:00Z");
        assert_eq!(message["delivered_at"], "2030-01-01T00:00:05Z");
        assert_eq!(message["read_at"], "2030-01-01T00:01:00Z");
        assert_eq!(message["sync_source"], "history_sync");
        assert_eq!(
            message["synced_at"], message["created_at"],
            "it came with history"
        );
        assert_eq!(message["media_type"], "image");
        assert_eq!(message["media_mimetype"], "image/jpeg");
        assert_eq!(message["media_filename"], "harbour.jpg");
    }
}

#[tokio::test]
async fn the_last_said_message_and_the_last_to_come_are_told_apart() {
    let (server, mine, token) = filled().await;
    let late = json!([{
        "type": "message", "external_conversation_id": ANA, "external_message_id": "old",
        "content": "found later", "timestamp": "2001-01-01T00:00:00Z",
    }]);
    server
        .ingest(&format!("/ingest/{mine}"), &token, late.to_string())
        .await;
    let first = async |order| {
        let path = format!("/threads/{mine}/{ANA}/messages?limit=1&order_by={order}");
        let answer = server.read(&path, &token).await;
        answer["messages"][0]["body"].as_str().unwrap().to_owned()
    };
    assert_eq!(first("timestamp").await, "message 4");
    assert_eq!(first("created_at").await, "found later");
}

#[tokio::test]
async fn a_thread_that_was_merged_answers_as_the_one_that_it_became() {
    let (server, mine, token) = filled().await;
    let lid = "100000000000001@lid";
    let hidden = json!([
        {"type": "message", "external_conversation_id": lid, "external_message_id": "L1",
         "sender_external_id": lid, "content": "from the hidden id",
         "timestamp": "2031-01-01T00:00:00Z"},
    ]);
    let ingest = format!("/ingest/{mine}");
    server.ingest(&ingest, &token, hidden.to_string()).await;
    let threads = server.read(&format!("/threads/{mine}"), &token).await;
    assert_eq!(column(&threads["threads"], "client_jid")[0], lid);
    let id = threads["threads"][0]["id"].as_str().unwrap();
    let known = json!([{"type": "address", "lid": lid, "phone": ANA}]);
    server.ingest(&ingest, &token, known.to_string()).await;

    let threads = server.read(&format!("/threads/{mine}"), &token).await;
    assert_eq!(
        column(&threads["threads"], "client_jid"),
        [ANA, BOB],
        "what turned out to be another is not listed"
    );
    for name in [id, lid, ANA] {
        let answer = server
            .read(&format!("/threads/{mine}/{name}/messages?limit=1"), &token)
            .await;
        assert_eq!(answer["thread"]["client_jid"], ANA, "{name}");
        assert_eq!(
            answer["messages"][0]["body"], "from the hidden id",
            "{name}"
        );
    }
}

#[tokio::test]
async fn the_dashboard_shows_the_accounts_of_the_token() {
    let (server, mine, token) = filled().await;
    let other = server.account("another's").await;
    let all = server.read("/status/dashboard", &token).await;
    let accounts = all["accounts"].as_array().unwrap();
    assert_eq!(accounts.len(), 1, "the other account is not the token's");
    let account = &accounts[0];
    assert_eq!(account["account_id"], mine);
    assert_eq!(account["display_name"], "mine");
    assert_eq!(account["connection"], "disconnected");
    assert_eq!(account["thread_count"], 2);
    assert_eq!(account["message_count"], 6);
    assert_eq!(
        account["history_sync_count"], 1,
        "Bob's message came with history"
    );
    assert!(account["last_history_sync_at"].is_string());
    assert_eq!(
        account["last_history_sync_result"],
        json!({"saved": 7, "skipped": 0, "errors": 0, "total": 7, "dry_run": false})
    );
    assert_eq!(
        account["last_backfill_at"],
        Value::Null,
        "nobody has asked for one"
    );
    let writing = server.token(other, Scope::Ingest).await;
    let none = server.read("/status/dashboard", &writing).await;
    assert_eq!(
        none["accounts"],
        json!([]),
        "a token that only writes sees none"
    );
}

#[tokio::test]
async fn what_a_real_client_has_seen_can_be_listed() {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Admin).await;
    let path = format!("/ingest/{mine}/baileys");
    server.ingest(&path, &token, fixture("events.ndjson")).await;
    let list = server
        .read(&format!("/threads/{mine}?limit=4000000000"), &token)
        .await;
    let times: Vec<Option<&str>> = list["threads"]
        .as_array()
        .unwrap()
        .iter()
        .map(|thread| thread["last_message_at"].as_str())
        .collect();
    assert!(times.len() > 10, "there is something to list");
    assert!(
        times.is_sorted_by(|a, b| a >= b),
        "the newest first: {times:?}"
    );
    for thread in list["threads"].as_array().unwrap() {
        let id = thread["id"].as_str().unwrap();
        let listed = server
            .read(&format!("/threads/{mine}/{id}/messages?limit=1000"), &token)
            .await;
        let count = thread["message_count"].as_u64().unwrap().min(1_000);
        assert_eq!(
            listed["count"].as_u64(),
            Some(count),
            "{}",
            thread["client_jid"]
        );
    }
}

#[rstest::rstest]
#[case::no_limit("/threads/1?limit=0", Code::BadRequest)]
#[case::limit_in_words("/threads/1?limit=all", Code::BadRequest)]
#[case::unknown_order("/threads/1?order_by=name", Code::BadRequest)]
#[case::order_of_messages("/threads/1?order_by=timestamp", Code::BadRequest)]
#[case::injected_order("/threads/1?order_by=pk;DROP%20TABLE%20messages", Code::BadRequest)]
#[case::no_such_account("/threads/2", Code::NotFound)]
#[case::no_such_thread("/threads/1/nobody@s.whatsapp.net/messages", Code::NotFound)]
#[case::no_such_id(
    "/threads/1/01890000-0000-7000-8000-000000000000/messages",
    Code::NotFound
)]
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
async fn what_is_not_the_tokens_is_not_shown() {
    let (server, mine, _) = filled().await;
    let other = server.account("another's").await;
    let foreign = server.token(other, Scope::Admin).await;
    let writing = server.token(mine, Scope::Ingest).await;
    for path in [
        format!("/threads/{mine}"),
        format!("/threads/{mine}/{ANA}/messages"),
    ] {
        let answer = server.get(&path, &foreign).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        let answer = server.get(&path, &writing).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
        let answer = server.client.get(server.url(&path)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    let answer = server
        .client
        .get(server.url("/status/dashboard"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
}
