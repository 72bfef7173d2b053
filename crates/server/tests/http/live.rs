//! Live events over real HTTP.

use std::time::Duration;

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use threadkeep_protocol::{Code, Connection, IntegrationId, Timestamp};
use threadkeep_server::Options;
use threadkeep_server_store::{IngestOptions, Scope};

use crate::server::{Server, messages, problem, within};

/// Longer than any wait in these tests.
const LONG: Duration = Duration::from_secs(3_600);

/// What a client hears, event by event.
struct Events {
    response: Response,
    text: String,
}

/// An event, or a comment.
#[derive(Debug, PartialEq)]
enum Heard {
    Event(String, Value),
    Comment,
}

impl Events {
    async fn connect(server: &Server, integration: IntegrationId, token: &str) -> Self {
        let path = format!("/live/{integration}");
        let response = within(server.get(&path, token).send()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        Self {
            response,
            text: String::new(),
        }
    }

    /// The next one; none at the end.
    async fn next(&mut self) -> Option<Heard> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let heard = parse(block);
                self.text = rest.to_owned();
                return Some(heard);
            }
            let chunk = within(self.response.chunk()).await.ok()??;
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// The next event of a kind.
    async fn next_of(&mut self, kind: &str) -> Value {
        loop {
            match self.next().await.expect("the connection stays") {
                Heard::Event(name, data) if name == kind => return data,
                _ => {}
            }
        }
    }

    /// The first `change` with so many messages.
    async fn until_messages(&mut self, count: i64) -> Value {
        loop {
            let change = self.next_of("change").await;
            if change["message_count"] == count {
                return change;
            }
        }
    }

    /// Waits for the end, whatever comes before it.
    async fn ended(mut self) {
        while self.next().await.is_some() {}
    }
}

fn parse(block: &str) -> Heard {
    if block.starts_with(':') {
        return Heard::Comment;
    }
    let field = |name: &str| {
        let mut lines = block.lines();
        lines.find_map(|line| line.strip_prefix(name)).unwrap()
    };
    let data = serde_json::from_str(field("data: ")).unwrap();
    Heard::Event(field("event: ").to_owned(), data)
}

async fn ingest(server: &Server, integration: IntegrationId, count: usize) {
    let token = server.token(integration, Scope::Ingest).await;
    let body = Value::from(messages(count)).to_string();
    server
        .ingest(&format!("/ingest/{integration}"), &token, body)
        .await;
}

#[tokio::test]
async fn where_the_account_stands_is_told_at_once_and_again_when_it_changes() {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Read).await;
    let mut events = Events::connect(&server, mine, &token).await;
    let headers = events.response.headers();
    assert_eq!(headers["content-type"], "text/event-stream");
    assert_eq!(headers["cache-control"], "no-store");
    let Some(Heard::Event(name, data)) = events.next().await else {
        panic!("there is a first event");
    };
    assert_eq!(
        (name.as_str(), data),
        ("connection", json!({"connection": "disconnected"}))
    );
    let first = events.next_of("change").await;
    assert_eq!(first["latest_message_seq"], 0, "nothing is there yet");

    ingest(&server, mine, 3).await;
    let change = events.until_messages(3).await;
    let status = server.read(&format!("/sync/status/{mine}"), &token).await;
    assert_eq!(change["latest_message_seq"], status["latest_message_seq"]);
    assert_eq!(
        change["latest_conversation_seq"],
        status["latest_conversation_seq"]
    );
    assert_eq!(
        change["epoch"], status["epoch"],
        "a client can tell the history by it"
    );
}

#[tokio::test]
async fn what_another_process_takes_in_is_told() {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Read).await;
    let mut events = Events::connect(&server, mine, &token).await;
    events.next_of("change").await;
    let records = messages(2).into_iter().enumerate();
    let records = records.map(|(i, record)| (i, serde_json::from_value(record).unwrap()));
    let beside = server.beside();
    let taken = beside.ingest(mine, records.collect(), IngestOptions::default());
    taken.await.unwrap();
    events.until_messages(2).await;
}

#[tokio::test]
async fn an_account_hears_nothing_of_another() {
    let server = Server::start().await;
    let (mine, theirs) = (server.account("mine").await, server.account("theirs").await);
    let token = server.token(mine, Scope::Read).await;
    let mut events = Events::connect(&server, mine, &token).await;
    events.next_of("change").await;
    ingest(&server, theirs, 3).await;
    ingest(&server, mine, 1).await;
    let change = events.next_of("change").await;
    assert_eq!(
        change["message_count"], 1,
        "the first word after is of this account"
    );
}

#[tokio::test]
async fn the_state_of_the_bridge_is_put_kept_and_told() {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let reader = server.token(mine, Scope::Read).await;
    let bridge = server.token(mine, Scope::Ingest).await;
    let mut events = Events::connect(&server, mine, &reader).await;
    events.next_of("connection").await;
    let put = |state: Value| {
        let url = server.url(&format!("/integrations/{mine}/connection"));
        server
            .client
            .put(url)
            .bearer_auth(&bridge)
            .json(&state)
            .send()
    };
    let state = json!({"connection": "pairing"});
    let response = put(state.clone()).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(events.next_of("connection").await, state);
    let kept = server.store.integration(mine).await.unwrap().unwrap();
    assert_eq!(kept.connection, Connection::Pairing);
    for wrong in [
        json!({"connection": "sleeping"}),
        json!({}),
        json!("connected"),
    ] {
        let problem = problem(put(wrong).await.unwrap()).await;
        assert_eq!(problem.code, Code::BadRequest);
    }
    let kept = server.store.integration(mine).await.unwrap().unwrap();
    assert_eq!(
        kept.connection,
        Connection::Pairing,
        "what is refused changes nothing"
    );
}

#[tokio::test]
async fn a_quiet_connection_is_kept_warm() {
    let server = Server::start_with(Options {
        heartbeat: Duration::from_millis(20),
        ..Options::default()
    })
    .await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Read).await;
    let mut events = Events::connect(&server, mine, &token).await;
    events.next_of("change").await;
    for _ in 0..3 {
        assert_eq!(
            events.next().await,
            Some(Heard::Comment),
            "nothing else is to be told"
        );
    }
}

#[tokio::test]
async fn a_connection_ends_with_its_token() {
    let server = Server::start_with(Options {
        heartbeat: Duration::from_millis(20),
        ..Options::default()
    })
    .await;
    let mine = server.account("mine").await;
    let far = Timestamp::from_seconds(4_000_000_000);
    let expiring = server.token_until(mine, Scope::Read, Some(far)).await;
    let events = Events::connect(&server, mine, &expiring).await;
    // Its time comes, without a wait for the clock.
    let past = Timestamp::from_seconds(1_600_000_000).millis();
    let changed = rusqlite::Connection::open(server.database())
        .unwrap()
        .execute("UPDATE tokens SET expires_at = ?1", [past])
        .unwrap();
    assert_eq!(changed, 1);
    events.ended().await;

    let token = server.token(mine, Scope::Read).await;
    let events = Events::connect(&server, mine, &token).await;
    server.store.revoke_tokens_labelled("test").await.unwrap();
    events.ended().await;
}

#[tokio::test]
async fn a_connection_ends_with_its_account() {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Read).await;
    let events = Events::connect(&server, mine, &token).await;
    server.store.remove_integration(mine).await.unwrap();
    events.ended().await;
}

#[tokio::test]
async fn the_servers_end_does_not_wait_for_those_who_listen() {
    let mut server = Server::start_with(Options {
        patience: LONG,
        drain: LONG,
        heartbeat: LONG,
        ..Options::default()
    })
    .await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Read).await;
    let mut listening = Vec::new();
    for _ in 0..5 {
        let mut events = Events::connect(&server, mine, &token).await;
        events.next_of("change").await;
        listening.push(events);
    }
    server.ask_to_stop();
    for events in listening {
        events.ended().await;
    }
    server.ended().await;
}

#[tokio::test]
async fn places_are_limited_and_given_back() {
    let server = Server::start_with(Options {
        max_live: 1,
        ..Options::default()
    })
    .await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Read).await;
    let path = format!("/live/{mine}");
    let first = Events::connect(&server, mine, &token).await;
    let response = server.get(&path, &token).send().await.unwrap();
    assert!(
        response.headers().contains_key("retry-after"),
        "when to ask again"
    );
    assert_eq!(problem(response).await.code, Code::Unavailable);
    server.read(&format!("/sync/status/{mine}"), &token).await;
    drop(first);
    let free = async {
        while server.get(&path, &token).send().await.unwrap().status() != StatusCode::OK {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    within(free).await;
}
