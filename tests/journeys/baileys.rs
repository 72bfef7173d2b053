//! Ana's phone history, as Baileys writes it, ends on her laptop as it was on the phone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use threadkeep_app::view::{ChatKind, ChatQuery};
use threadkeep_ingest::Format;
use threadkeep_protocol::IntegrationId;
use threadkeep_tests::{Device, TestServer, Truth, TruthMessage, fixture, message_text};

/// The platform's names of how far a message got, and ours.
fn status(platform: &str) -> &'static str {
    match platform {
        "ERROR" => "failed",
        "PENDING" => "pending",
        "SERVER_ACK" => "sent",
        "DELIVERY_ACK" => "delivered",
        "READ" => "read",
        "PLAYED" => "played",
        other => panic!("the fixture knows no status {other}"),
    }
}

fn time(line: &Value) -> i64 {
    let text = line["at"].as_str().expect("every line has a time");
    text.parse::<threadkeep_protocol::Timestamp>()
        .expect("in RFC 3339")
        .millis()
}

fn assert_message(place: &str, line: &Value, truth: &TruthMessage) {
    assert_eq!(message_text(line), truth.text, "{place}: text");
    assert_eq!(
        line["sender"], truth.sender,
        "{place}: sender, a phone address even where a LID was sent"
    );
    assert_eq!(time(line), truth.ts * 1_000, "{place}: time");
    assert_eq!(
        line["status"].as_str(),
        truth.status.as_deref().map(status),
        "{place}: status"
    );
    assert_eq!(
        line["reply_to"].as_str(),
        truth.quotes.as_deref(),
        "{place}: quote"
    );
    assert_eq!(line["edited"], truth.edited, "{place}: edited");
    assert_eq!(line["deleted"], truth.deleted, "{place}: deleted");
    let reactions: BTreeMap<String, String> =
        serde_json::from_value(line["reactions"].clone()).expect("an object of texts");
    assert_eq!(reactions, truth.reactions, "{place}: reactions");
    let kind = match line["type"].as_str() {
        Some("voice") => "audio", // the truth does not tell them apart
        kind => kind.expect("every line has a type"),
    };
    assert_eq!(kind, truth.r#type, "{place}: type");
}

/// What is exported is the truth: each message, and no other.
fn assert_messages(lines: &[Value], truth: &Truth) {
    let mut expected: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (chat, messages) in &truth.messages {
        expected.extend(messages.keys().map(|id| (chat.as_str(), id.as_str())));
    }
    let exported: BTreeSet<(&str, &str)> = lines
        .iter()
        .map(|line| {
            (
                line["chat"].as_str().expect("a chat"),
                line["id"].as_str().expect("an id"),
            )
        })
        .collect();
    assert_eq!(exported.len(), lines.len(), "no message is there twice");
    assert_eq!(
        exported, expected,
        "every message is there, and nothing else"
    );
    for line in lines {
        let (chat, id) = (
            line["chat"].as_str().expect("a chat"),
            line["id"].as_str().expect("an id"),
        );
        assert_message(&format!("{chat} {id}"), line, &truth.messages[chat][id]);
    }
}

/// Chats and people are what the truth says.
async fn assert_chats_and_people(laptop: &Device, truth: &Truth, lines: &[Value]) {
    let query = ChatQuery {
        filter: Some(threadkeep_app::view::ChatFilter::All),
        limit: 1_000,
        ..Default::default()
    };
    let chats = laptop
        .app
        .chats(query)
        .await
        .expect("chats can be listed")
        .chats;
    let listed: BTreeSet<&str> = chats.iter().map(|chat| chat.jid.as_str()).collect();
    let expected: BTreeSet<&str> = truth.chats.keys().map(String::as_str).collect();
    assert_eq!(listed, expected, "each chat once, under its phone address");
    for chat in &chats {
        let truth_chat = &truth.chats[&chat.jid];
        let called = truth_chat
            .name
            .as_ref()
            .or_else(|| truth.contacts.get(&chat.jid)?.notify.as_ref());
        assert_eq!(
            Some(&chat.name),
            called,
            "{} is called as on the phone",
            chat.jid
        );
        assert_eq!(
            chat.kind == ChatKind::Group,
            truth_chat.group,
            "{}: kind",
            chat.jid
        );
        assert_eq!(chat.unread, truth_chat.unread, "{}: unread", chat.jid);
    }
    let stats = laptop.app.stats().await.expect("there are stats");
    assert_eq!(
        stats.messages as usize,
        lines.len(),
        "the counter says what is there"
    );
    assert!(
        stats.contacts as usize >= truth.contacts.len(),
        "each person is a contact"
    );
    for line in lines {
        let Some(person) = truth
            .contacts
            .get(line["sender"].as_str().expect("a sender"))
        else {
            continue;
        };
        let called = person
            .name
            .as_ref()
            .or(person.notify.as_ref())
            .expect("everybody has a name");
        assert_eq!(
            line["sender_name"], *called,
            "senders are called as in the address book"
        );
    }
}

async fn laptop_of(server: &TestServer, account: IntegrationId) -> Device {
    let laptop = Device::new("Ana's laptop").await;
    laptop.connect(server, account).await;
    laptop.sync().await;
    laptop
}

#[tokio::test(flavor = "multi_thread")]
async fn the_events_of_a_socket_end_as_the_truth() {
    let (server, truth) = (TestServer::start().await, Truth::read());
    let account = server.integration("Ana").await;
    let report = server
        .post_baileys(account, fixture("baileys/events.ndjson"))
        .await;
    assert_eq!(report.errors, [], "every event is understood");

    let laptop = laptop_of(&server, account).await;
    let lines = laptop.export().await;
    assert_messages(&lines, &truth);
    assert_chats_and_people(&laptop, &truth, &lines).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_changes_nothing_and_moves_no_seq() {
    let server = TestServer::start().await;
    let account = server.integration("Ana").await;
    server
        .post_baileys(account, fixture("baileys/events.ndjson"))
        .await;
    let before = server
        .store
        .status(account)
        .await
        .expect("there is a status");
    for _ in 0..2 {
        let report = server
            .post_baileys(account, fixture("baileys/events.ndjson"))
            .await;
        assert_eq!((report.saved, report.updated), (0, 0), "all of it is known");
    }
    let mut after = server
        .store
        .status(account)
        .await
        .expect("there is a status");
    after.server_time = before.server_time;
    assert_eq!(after, before, "no row moved");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_pulled_before_the_edits_ends_with_them() {
    let (server, truth) = (TestServer::start().await, Truth::read());
    let account = server.integration("Ana").await;
    let events = fixture("baileys/events.ndjson");
    let laptop = Device::new("Ana's laptop").await;
    laptop.connect(&server, account).await;
    // A line at a time from the live part on, with a pull now and then: edits, deletions, reactions
    // and receipts of rows that the laptop has already must reach it by the cursor alone.
    let lines: Vec<&[u8]> = events.split_inclusive(|&byte| byte == b'\n').collect();
    for (index, chunk) in lines.chunks(20).enumerate() {
        server.post_baileys(account, chunk.concat()).await;
        if index % 3 == 0 {
            laptop.sync().await;
        }
    }
    laptop.sync().await;
    let exported = laptop.export().await;
    assert_messages(&exported, &truth);
    assert_chats_and_people(&laptop, &truth, &exported).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_file_and_the_events_meet_in_any_order_three_times() {
    let (server, truth) = (TestServer::start().await, Truth::read());
    let account = server.integration("Ana").await;
    let (store, events) = (
        fixture("baileys/baileys_store.json"),
        fixture("baileys/events.ndjson"),
    );
    // The store file is the history without what happened afterwards: whenever it comes, it must
    // neither bring back a deleted text nor undo an edit.
    for _ in 0..3 {
        server
            .ingest_file(account, Format::BaileysStore, &store)
            .await;
        server
            .ingest_file(account, Format::BaileysEvents, &events)
            .await;
        server
            .ingest_file(account, Format::BaileysStore, &store)
            .await;
    }
    let laptop = laptop_of(&server, account).await;
    assert_messages(&laptop.export().await, &truth);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_backwards_end_as_the_truth() {
    let (server, truth) = (TestServer::start().await, Truth::read());
    let account = server.integration("Ana").await;
    let events = fixture("baileys/events.ndjson");
    // Edits before their messages, reactions before anybody is known, the LID before its number.
    let mut lines: Vec<&[u8]> = events
        .split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty())
        .collect();
    lines.reverse();
    server.post_baileys(account, lines.join(&b'\n')).await;
    let laptop = laptop_of(&server, account).await;
    assert_messages(&laptop.export().await, &truth);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_file_alone_holds_every_message_of_its_day() {
    let (server, truth) = (TestServer::start().await, Truth::read());
    let account = server.integration("Ana").await;
    for _ in 0..3 {
        server
            .ingest_file(
                account,
                Format::BaileysStore,
                &fixture("baileys/baileys_store.json"),
            )
            .await;
    }
    let laptop = laptop_of(&server, account).await;
    for line in laptop.export().await {
        let (chat, id) = (
            line["chat"].as_str().expect("a chat"),
            line["id"].as_str().expect("an id"),
        );
        let mut expected = truth.messages[chat][id].clone();
        // The file was written before the live events: no edits, deletions and reactions yet, and a
        // status that may have moved on since.
        if expected.edited || expected.deleted {
            expected.text = message_text(&line).to_owned();
            assert!(!expected.text.is_empty(), "{chat} {id}: the text of before");
        }
        (expected.edited, expected.deleted) = (false, false);
        expected.reactions.clear();
        let reached = line["status"].as_str();
        let moved = expected.status.as_deref().map(status) != reached;
        assert!(
            !moved || truth.messages[chat][id].from_me,
            "{chat} {id}: only one's own have a status"
        );
        expected.status = if moved { None } else { expected.status };
        let mut line = line.clone();
        if moved {
            line["status"] = Value::Null;
        }
        assert_message(&format!("{chat} {id}"), &line, &expected);
    }
}
