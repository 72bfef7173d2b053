//! Older history on demand and backfills, over HTTP: who may ask, what a feeder is told, what it answers.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use threadkeep_protocol::{Code, Conversation, Stream, Timestamp};
use threadkeep_server::{HistoryOptions, Options};
use threadkeep_server_store::Scope;

use crate::server::{Server, problem, within};

mod backfill;

const CHAT: &str = "15550002222@s.whatsapp.net";

/// Nobody waits in a test, unless it is about waiting.
fn hasty() -> Options {
    Options {
        history: HistoryOptions {
            backfill_pause: Duration::ZERO,
            ..HistoryOptions::default()
        },
        ..Options::default()
    }
}

struct Bed {
    server: Server,
    integration: i64,
    reader: String,
    feeder: String,
}

impl Bed {
    async fn new() -> Self {
        Self::with(hasty()).await
    }

    async fn with(options: Options) -> Self {
        let server = Server::start_with(options).await;
        let integration = server.account("mine").await;
        let reader = server.token(integration, Scope::Read).await;
        let feeder = server.token(integration, Scope::Ingest).await;
        let bed = Self {
            server,
            integration,
            reader,
            feeder,
        };
        bed.tell(old(CHAT, 1_001..=1_010)).await;
        bed
    }

    async fn tell(&self, records: Vec<Value>) -> Value {
        let path = format!("/ingest/{}", self.integration);
        let body = Value::from(records).to_string();
        let report = self.server.ingest(&path, &self.feeder, body).await;
        assert_eq!(report["errors"], json!([]));
        report
    }

    async fn chat(&self, address: &str) -> Conversation {
        let page = self.server.store.page(self.integration, 0, 1_000).await;
        let mut rows: Vec<Conversation> = page.unwrap().rows;
        rows.retain(|row| row.external_conversation_id == address);
        rows.remove(0)
    }

    async fn path(&self) -> String {
        format!("/history/{}/{}", self.integration, self.chat(CHAT).await.id)
    }

    async fn ask(&self, body: Value) -> Value {
        let post = self
            .server
            .post(&self.path().await, &self.reader)
            .json(&body);
        let response = post.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::ACCEPTED);
        response.json().await.unwrap()
    }

    async fn look(&self) -> Value {
        self.server.read(&self.path().await, &self.reader).await
    }

    async fn requests(&self, wait: u64) -> Value {
        let path = format!("/ingest/{}/requests?wait={wait}", self.integration);
        self.server.read(&path, &self.feeder).await
    }

    async fn account(&self) -> Value {
        self.server.read("/integrations", &self.reader).await[0].take()
    }

    /// Plays a phone until the account has a result of a backfill.
    async fn play(&self, oldest: i64) -> Value {
        within(async {
            loop {
                for request in self.requests(1).await["requests"].as_array().unwrap() {
                    self.answer(request, oldest).await;
                }
                let account = self.account().await;
                if !account["last_backfill_result"].is_null() {
                    return account;
                }
            }
        })
        .await
    }

    /// Answers with the messages before the one that is named, of a chat that begins at `oldest`.
    async fn answer(&self, request: &Value, oldest: i64) {
        let before = request["before"]["external_message_id"].as_str().unwrap();
        let before: i64 = before[1..].parse().unwrap();
        let from = (before - request["count"].as_i64().unwrap()).max(oldest);
        let chat = request["external_conversation_id"].as_str().unwrap();
        let mut records = old(chat, from..=before - 1);
        records.push(json!({
            "type": "history_result",
            "request": request["id"],
            "complete": from == oldest,
        }));
        self.tell(records).await;
    }
}

fn old(chat: &str, numbers: impl Iterator<Item = i64>) -> Vec<Value> {
    let message = |number: i64| {
        json!({
            "type": "message",
            "external_conversation_id": chat,
            "external_message_id": format!("M{number}"),
            "sender_external_id": chat,
            "message_type": "text",
            "content": format!("message {number}"),
            "timestamp": Timestamp::from_seconds(1_600_000_000 + number),
            "sync_source": "backfill",
        })
    };
    numbers.map(message).collect()
}

#[tokio::test]
async fn a_client_asks_a_feeder_answers_and_the_checkpoint_follows() {
    let bed = Bed::new().await;
    assert_eq!(bed.look().await["status"], "not_started");
    let asked = bed.ask(json!({"max_messages": 100})).await;
    assert_eq!(
        (&asked["status"], &asked["max_messages"]),
        (&json!("in_progress"), &json!(100))
    );

    let told = bed.requests(0).await;
    assert_eq!(told["sync_full_history"], true);
    let request = &told["requests"][0];
    assert_eq!(request["external_conversation_id"], CHAT);
    assert_eq!(request["before"]["external_message_id"], "M1001");
    assert_eq!(request["before"]["is_from_me"], false);
    bed.answer(request, 1).await;
    let halfway = bed.look().await;
    assert_eq!(
        (&halfway["messages_synced"], &halfway["progress_percent"]),
        (&json!(50), &json!(50))
    );

    let cancelled = bed.server.client.delete(bed.server.url(&bed.path().await));
    let cancelled = cancelled.bearer_auth(&bed.reader).send().await.unwrap();
    let cancelled: Value = cancelled.json().await.unwrap();
    assert_eq!(cancelled["status"], "cancelled");
    assert_eq!(bed.requests(0).await["requests"], json!([]));

    let resumed = bed.ask(json!({"max_messages": 100, "resume": true})).await;
    assert_eq!(resumed["request"], asked["request"]);
    bed.answer(&bed.requests(0).await["requests"][0], 1).await;
    assert_eq!(bed.look().await["status"], "completed");
    assert_eq!(bed.chat(CHAT).await.total_message_count, 110);
}

#[tokio::test]
async fn a_feeder_that_waits_hears_of_a_request_at_once() {
    let bed = Bed::new().await;
    // The wait is far longer than the test may take.
    let (told, _) =
        within(async { tokio::join!(bed.requests(30), bed.ask(json!({"max_messages": 10}))) })
            .await;
    assert_eq!(told["requests"].as_array().unwrap().len(), 1, "{told}");
}

#[tokio::test]
async fn a_server_that_goes_away_keeps_no_feeder_waiting() {
    let mut bed = Bed::new().await;
    let path = format!("/ingest/{}/requests?wait=30", bed.integration);
    let waiting = tokio::spawn(bed.server.get(&path, &bed.feeder).send());
    // Once something else is answered the wait has most likely begun; it ends well either way.
    bed.look().await;
    bed.server.ask_to_stop();
    if let Ok(response) = within(waiting).await.unwrap() {
        assert_eq!(response.status(), StatusCode::OK);
    }
    bed.server.ended().await;
}

#[rstest::rstest]
#[case::none_wanted(json!({"max_messages": 0}))]
#[case::too_many(json!({"max_messages": 10_001}))]
#[case::left_out(json!({"resume": true}))]
#[case::no_object(json!([]))]
#[tokio::test]
async fn a_request_that_makes_no_sense_is_refused_in_words(#[case] body: Value) {
    let bed = Bed::new().await;
    let post = bed.server.post(&bed.path().await, &bed.reader).json(&body);
    let problem = problem(post.send().await.unwrap()).await;
    assert_eq!(problem.code, Code::BadRequest);
    assert!(problem.detail.unwrap().contains("max_messages"));
    assert_eq!(bed.look().await["status"], "not_started");
}

#[tokio::test]
async fn each_door_wants_its_own_scope_and_hides_what_is_not_the_tokens() {
    let bed = Bed::new().await;
    let other = bed.server.account("other").await;
    let get = async |path: &str, token: &str| {
        problem(bed.server.get(path, token).send().await.unwrap())
            .await
            .code
    };
    let mine = bed.integration;
    assert_eq!(
        get(&format!("/ingest/{mine}/requests"), &bed.reader).await,
        Code::Forbidden
    );
    assert_eq!(
        get(&format!("/ingest/{other}/requests"), &bed.feeder).await,
        Code::NotFound
    );
    assert_eq!(get(&bed.path().await, &bed.feeder).await, Code::Forbidden);
    for nowhere in ["not-an-id", "0192d1e0-0000-7000-8000-000000000001"] {
        let path = format!("/history/{mine}/{nowhere}");
        assert_eq!(get(&path, &bed.reader).await, Code::NotFound);
    }
    let backfill = bed.server.post(&format!("/backfill/{mine}"), &bed.reader);
    assert_eq!(
        problem(backfill.send().await.unwrap()).await.code,
        Code::Forbidden
    );
    let wait = format!("/ingest/{mine}/requests?wait=long");
    assert_eq!(get(&wait, &bed.feeder).await, Code::BadRequest);
}

#[tokio::test]
async fn a_feeder_that_takes_a_question_and_dies_does_not_keep_it() {
    let mut options = hasty();
    options.history.lease = Duration::from_millis(100);
    let bed = Bed::with(options).await;
    bed.ask(json!({"max_messages": 100})).await;
    let first = bed.requests(0).await["requests"][0].clone();
    let again = within(bed.requests(15)).await["requests"][0].clone();
    assert_eq!((&again["id"], &again["attempt"]), (&first["id"], &json!(2)));
    within(async {
        while bed.look().await["status"] == "in_progress" {
            bed.requests(1).await;
        }
    })
    .await;
    let given_up = bed.look().await;
    assert_eq!(given_up["status"], "interrupted", "{given_up}");
}

#[rstest::rstest]
#[case::by_default(true)]
#[case::unless_it_was_told_not_to(false)]
#[tokio::test]
async fn a_feeder_that_comes_back_is_asked_for_what_was_missed(#[case] wanted: bool) {
    let mut options = hasty();
    options.history.sync_full_history = wanted;
    let bed = Bed::with(options).await;
    let is = async |state: &str| {
        let path = format!("/integrations/{}/connection", bed.integration);
        let put = bed.server.client.put(bed.server.url(&path));
        let put = put
            .bearer_auth(&bed.feeder)
            .json(&json!({"connection": state}));
        assert_eq!(put.send().await.unwrap().status(), StatusCode::OK);
    };
    is("connected").await;
    assert_eq!(
        bed.requests(0).await["requests"],
        json!([]),
        "it has just come"
    );
    is("disconnected").await;
    is("connected").await;
    if wanted {
        let result = bed.play(990).await["last_backfill_result"].take();
        assert_eq!(
            (&result["threads"], &result["messages"]),
            (&json!(1), &json!(11))
        );
    } else {
        assert_eq!(bed.requests(1).await["requests"], json!([]));
    }
    assert_eq!(bed.requests(0).await["sync_full_history"], wanted);
}
