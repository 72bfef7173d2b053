//! A phone with a deep history, and the bridge that speaks for it: it asks the server what there is to
//! do, and answers by ingest, as a real feeder does.

use std::sync::{Arc, Mutex, PoisonError};

use reqwest::Client;
use serde_json::{Value, json};
use threadkeep_protocol::{FeederRequest, FeederRequests, IngestReport, IntegrationId, Timestamp};
use threadkeep_server_store::Scope;
use tokio_util::sync::CancellationToken;

use crate::TestServer;

/// When the first message of every history was sent, in seconds since 1970.
const FIRST: i64 = 1_500_000_000;

/// What a phone does with a question that it was handed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Answers.
    Answer,
    /// Answers, and sends the same answer again.
    Twice,
    /// Says nothing.
    Silence,
    /// Answers with nothing, and does not say that nothing is left.
    Empty,
    /// Answers with more than was asked for.
    Generous,
    /// Answers, newest message first.
    Backwards,
    /// Answers with the messages of another chat.
    Mistaken,
    /// Says that it cannot.
    Refuse,
}

/// A phone with one deep chat.
pub struct Phone {
    client: Client,
    url: String,
    token: String,
    integration: IntegrationId,
    /// Its address.
    pub chat: String,
    /// How many messages the chat has, from the first.
    pub depth: i64,
    asked: Arc<Mutex<Vec<FeederRequest>>>,
}

impl Phone {
    /// A phone that is linked to an account.
    pub async fn new(
        server: &TestServer,
        integration: IntegrationId,
        chat: &str,
        depth: i64,
    ) -> Self {
        Self {
            client: Client::new(),
            url: server.url.clone(),
            token: server.token(integration, Scope::Ingest).await,
            integration,
            chat: chat.to_owned(),
            depth,
            asked: Arc::default(),
        }
    }

    /// The same phone with a server that was started again.
    pub fn moved_to(&mut self, server: &TestServer) {
        self.url.clone_from(&server.url);
    }

    /// Sends the newest messages by itself, as upon linking.
    pub async fn link(&self, newest: i64) {
        let from = self.depth - newest;
        let messages = (from..self.depth).map(|n| self.message(n, "history_sync"));
        self.tell(messages.collect()).await;
    }

    /// Sends a message that was just written, after all others.
    pub async fn live(&mut self) {
        let message = self.message(self.depth, "realtime");
        self.depth += 1;
        self.tell(vec![message]).await;
    }

    /// Every message of the chat: id and text, oldest first.
    pub fn truth(&self) -> Vec<(String, String)> {
        (0..self.depth).map(|n| (id(n), text(n))).collect()
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<FeederRequest> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.clone()
    }

    /// Says whether it is online.
    pub async fn is(&self, connection: &str) {
        let put = self.client.put(self.path("integrations", "/connection"));
        let put = put
            .bearer_auth(&self.token)
            .body(json!({"connection": connection}).to_string());
        let answer = put.send().await.expect("the server answers");
        assert!(answer.status().is_success(), "it may say so");
    }

    /// Asks once what there is to do, waiting for at most so many seconds.
    pub async fn requests(&self, wait: u64) -> Vec<FeederRequest> {
        let url = format!("{}?wait={wait}", self.path("ingest", "/requests"));
        let answer = self.client.get(url).bearer_auth(&self.token).send().await;
        let Ok(answer) = answer else {
            return Vec::new(); // the server is being started again
        };
        let Ok(body) = answer.bytes().await else {
            return Vec::new();
        };
        let told: FeederRequests = serde_json::from_slice(&body).unwrap_or_default();
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.extend(told.requests.iter().cloned());
        told.requests
    }

    /// Answers everything in one manner, until it is stopped.
    pub async fn serve(&self, manner: Manner, stop: &CancellationToken) {
        self.serve_as(stop, |_| manner).await;
    }

    /// Answers each question in the manner that is chosen for it.
    pub async fn serve_as(
        &self,
        stop: &CancellationToken,
        manner: impl Fn(&FeederRequest) -> Manner,
    ) {
        while !stop.is_cancelled() {
            for request in self.requests(1).await {
                self.answer(&request, manner(&request)).await;
            }
        }
    }

    /// Answers one question.
    pub async fn answer(&self, request: &FeederRequest, manner: Manner) {
        let before = request.before.as_ref();
        let before = before.map_or(self.depth, |anchor| number(&anchor.external_message_id));
        let count = i64::from(request.count);
        let count = if manner == Manner::Generous {
            count * 3
        } else {
            count
        };
        let from = (before - count).max(0);
        let mut records: Vec<Value> = match manner {
            Manner::Silence => return,
            Manner::Empty | Manner::Refuse => Vec::new(),
            Manner::Mistaken => vec![other_chat()],
            _ => (from..before)
                .map(|n| self.message(n, "backfill"))
                .collect(),
        };
        if manner == Manner::Backwards {
            records.reverse();
        }
        let mut result = json!({"type": "history_result", "request": request.id});
        if manner == Manner::Refuse {
            result["error"] = "this phone keeps nothing older".into();
        }
        let has_all = !matches!(manner, Manner::Empty | Manner::Mistaken | Manner::Refuse);
        result["complete"] = (has_all && from == 0).into();
        records.push(result);
        self.tell(records.clone()).await;
        if manner == Manner::Twice {
            self.tell(records).await;
        }
    }

    async fn tell(&self, records: Vec<Value>) {
        let post = self.client.post(self.path("ingest", ""));
        let post = post
            .bearer_auth(&self.token)
            .body(Value::from(records).to_string());
        // A server that is being killed takes all of it or nothing; it will ask again.
        let Ok(answer) = post.send().await else {
            return;
        };
        let Ok(body) = answer.bytes().await else {
            return;
        };
        let report: IngestReport = serde_json::from_slice(&body).expect("the answer is a report");
        assert_eq!(report.errors, [], "every record makes sense");
    }

    fn path(&self, door: &str, rest: &str) -> String {
        format!("{}/{door}/{}{rest}", self.url, self.integration)
    }

    fn message(&self, n: i64, source: &str) -> Value {
        let is_mine = n % 3 == 0;
        let mut message = json!({
            "type": "message",
            "external_conversation_id": self.chat,
            "external_message_id": id(n),
            "message_type": "text",
            "content": text(n),
            "timestamp": Timestamp::from_seconds(FIRST + n * 60),
            "is_from_me": is_mine,
            "sync_source": source,
        });
        if !is_mine {
            message["sender_external_id"] = self.chat.clone().into();
        }
        message
    }
}

fn other_chat() -> Value {
    json!({
        "type": "message",
        "external_conversation_id": "4915550000@s.whatsapp.net",
        "external_message_id": "STRAY",
        "message_type": "text",
        "content": "not what was asked for",
        "timestamp": Timestamp::from_seconds(FIRST),
        "sync_source": "backfill",
    })
}

fn id(n: i64) -> String {
    format!("OLD{n:06}")
}

fn number(id: &str) -> i64 {
    id[3..].parse().expect("the phone named it so")
}

fn text(n: i64) -> String {
    format!("message number {n}")
}
