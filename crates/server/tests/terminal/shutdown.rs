//! SIGTERM among many clients: what was answered is there after the next start.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::program::Program;

const SENDERS: usize = 4;

fn message(sender: usize, number: usize) -> Value {
    json!([{
        "type": "message",
        "external_conversation_id": "15550002222@s.whatsapp.net",
        "external_message_id": format!("{sender}-{number}"),
        "sender_external_id": "15550002222@s.whatsapp.net",
        "content": "a message",
        "timestamp": "2026-01-01T00:00:00Z",
    }])
}

#[tokio::test]
async fn what_was_acknowledged_before_sigterm_is_there_after_it() {
    let program = Program::with_account();
    let made = program.done(&["token", "create", "--integration", "1", "--scope", "admin"]);
    let token = made["token"].as_str().unwrap().to_owned();
    let serving = program.serve(&[]);
    let url = serving.url.clone();
    let client = Client::new();
    let acknowledged = Arc::new(AtomicUsize::new(0));

    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| {
            let (client, token, url) = (client.clone(), token.clone(), url.clone());
            let acknowledged = Arc::clone(&acknowledged);
            tokio::spawn(async move {
                let mut kept = Vec::new();
                for number in 0.. {
                    let sent = client
                        .post(format!("{url}/ingest/1"))
                        .bearer_auth(&token)
                        .json(&message(sender, number))
                        .send()
                        .await;
                    match sent {
                        Ok(answer) if answer.status() == StatusCode::OK => {
                            kept.push(format!("{sender}-{number}"));
                            acknowledged.fetch_add(1, Ordering::SeqCst);
                        }
                        // Refused, cut, or nobody there any more: not acknowledged.
                        _ => break,
                    }
                }
                kept
            })
        })
        .collect();
    // Beside them one that listens, one that reads lines and one that reads pages, all without an end.
    let readers: Vec<_> = ["live/1", "sync/messages/1", "sync/messages/1?limit=1"]
        .into_iter()
        .enumerate()
        .map(|(number, path)| {
            let (client, token) = (client.clone(), token.clone());
            let url = format!("{url}/{path}");
            let accept = if number == 1 {
                "application/x-ndjson"
            } else {
                "*/*"
            };
            tokio::spawn(async move {
                loop {
                    let asked = client
                        .get(&url)
                        .bearer_auth(&token)
                        .header("accept", accept);
                    let Ok(answer) = asked.send().await else {
                        break;
                    };
                    _ = answer.bytes().await;
                }
            })
        })
        .collect();

    while acknowledged.load(Ordering::SeqCst) < 40 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    serving.signal("TERM");
    let said = tokio::task::spawn_blocking(move || serving.ended())
        .await
        .unwrap();
    assert_eq!(said.code, 0, "a polite end: {}", said.err);
    let mut kept = Vec::new();
    for sender in senders {
        kept.extend(sender.await.unwrap());
    }
    for reader in readers {
        reader.await.unwrap();
    }

    let again = program.serve(&[]);
    let mut there = Vec::new();
    let mut since = 0;
    loop {
        let page = client
            .get(format!(
                "{}/sync/messages/1?since_seq={since}&limit=1000",
                again.url
            ))
            .bearer_auth(&token)
            .send()
            .await
            .unwrap();
        let page: Value = page.json().await.unwrap();
        let rows = page["messages"].as_array().unwrap();
        there.extend(
            rows.iter()
                .map(|row| row["external_message_id"].as_str().unwrap().to_owned()),
        );
        since = page["latest_seq"].as_i64().unwrap();
        if page["has_more"] != true {
            break;
        }
    }
    assert!(kept.len() >= 40, "it was in the middle");
    for id in &kept {
        assert!(there.contains(id), "{id} was acknowledged");
    }
}
