//! Ending in the middle: whoever goes, nothing that was acknowledged is lost, and nobody waits long.

use std::{
    collections::HashSet,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use serde_json::json;
use threadkeep_app::view::{LinkState, Outcome};
use threadkeep_ingest::sample::bulk;
use threadkeep_protocol::{Record, Timestamp};
use threadkeep_server_store::{Scope, Store};
use threadkeep_tests::{Device, TestServer, mirror_digest, server_digest};

/// More than one transaction of the mirror holds (ten pages of 5,000), so that a sync has a middle.
const MANY: usize = 120_000;

/// The messages of a file of either side: id, seq and text.
fn messages(file: &Path) -> HashSet<(Vec<u8>, i64, String)> {
    let conn = rusqlite::Connection::open(file).expect("the file opens");
    let sound: String = conn
        .query_row("PRAGMA quick_check", (), |row| row.get(0))
        .expect("it can be checked");
    assert_eq!(sound, "ok", "the file is sound");
    let mut select = conn
        .prepare("SELECT id, seq, content FROM messages")
        .expect("both sides have the table");
    let rows = select
        .query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .expect("it can be read");
    rows.map(|row| row.expect("it is a row")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_is_closed_in_the_middle_of_a_sync_leaves_a_sound_mirror_that_goes_on_later() {
    let server = TestServer::start().await;
    let account = server.integration("Fay").await;
    let mut records = bulk(3, MANY).enumerate().peekable();
    while records.peek().is_some() {
        server
            .ingest(account, records.by_ref().take(10_000).collect())
            .await;
    }
    let there = server_digest(&server.file(), account);
    let laptop = Arc::new(Device::new("Fay's laptop").await);
    laptop.connect(&server, account).await;

    // Closed as soon as messages have begun to come; no further ones come before it has heard of it.
    let begun = Arc::new(tokio::sync::Notify::new());
    let (go_on, waits) = std::sync::mpsc::channel::<()>();
    let (told, waits) = (Arc::clone(&begun), Mutex::new(waits));
    let syncing = {
        let laptop = Arc::clone(&laptop);
        tokio::spawn(async move {
            let progress = move |word: threadkeep_app::view::SyncProgress| {
                if word.stage == "messages" && word.done > 0 {
                    told.notify_one();
                    // It ends with the other half.
                    _ = waits.lock().expect("nobody panics").recv();
                }
            };
            laptop.app.sync(None, progress).await
        })
    };
    begun.notified().await;
    let mut closing = Box::pin(laptop.app.close());
    // Polled once: everybody is told to end.
    tokio::select! {
        biased;
        () = &mut closing => {}
        () = std::future::ready(()) => {}
    }
    drop(go_on);
    closing.await;
    let reports = syncing.await.expect("it ends").expect("it answers");
    assert_eq!(
        reports[0].outcome,
        Outcome::Cancelled,
        "it was in the middle: {:?}",
        reports[0]
    );

    let laptop = Arc::into_inner(laptop)
        .expect("nobody else holds it")
        .restart()
        .await;
    let here = messages(&laptop.mirror_file());
    let all = messages(&server.file());
    assert!(
        !here.is_empty() && here.len() < all.len(),
        "it holds {} of {MANY}",
        here.len()
    );
    assert!(here.is_subset(&all), "what is here is what is there");
    let runs = laptop.app.runs(1).await.expect("there is a log");
    assert_eq!(
        runs[0].outcome,
        Outcome::Cancelled,
        "the log says how it ended"
    );
    laptop.sync().await;
    assert_eq!(
        mirror_digest(&laptop.mirror_file(), 1),
        there,
        "the next sync brings the rest"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_is_closed_while_it_catches_up_by_itself_goes_on_later() {
    let server = TestServer::start().await;
    let account = server.integration("Fay").await;
    server
        .ingest(account, bulk(5, 30_000).enumerate().collect())
        .await;
    let mut laptop = Device::new("Fay's laptop").await;
    laptop.connect(&server, account).await;
    for _ in 0..4 {
        laptop.app.stay_current().await.expect("it can be followed");
        laptop = laptop.restart().await;
    }
    laptop.app.stay_current().await.expect("it can be followed");
    let there = server_digest(&server.file(), account);
    while laptop.link().await != LinkState::Following {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(
        mirror_digest(&laptop.mirror_file(), 1),
        there,
        "all is there in the end"
    );
    laptop.app.close().await;
    let accounts = laptop.app.accounts().await.expect("reading goes on");
    assert_eq!(
        accounts[0].link.state,
        LinkState::Off,
        "nobody listens after the end"
    );
}

fn said(sender: usize, number: usize) -> Record {
    serde_json::from_value(json!({
        "type": "message",
        "external_conversation_id": "4915100000001@s.whatsapp.net",
        "external_message_id": format!("{sender}-{number}"),
        "sender_external_id": "4915100000001@s.whatsapp.net",
        "content": "a message",
        "timestamp": Timestamp::from_seconds(1_800_000_000),
    }))
    .expect("it is a record")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_among_many_clients_has_kept_what_it_acknowledged() {
    const SENDERS: usize = 4;
    let mut server = TestServer::start().await;
    let account = server.integration("Gil").await;
    let token = server.token(account, Scope::Admin).await;
    server
        .ingest(account, bulk(9, 20_000).enumerate().collect())
        .await;
    let acknowledged = Arc::new(AtomicUsize::new(0));
    let over = Arc::new(AtomicBool::new(false));
    let client = reqwest::Client::new();
    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| {
            let (client, token, url) = (client.clone(), token.clone(), server.url.clone());
            let acknowledged = Arc::clone(&acknowledged);
            tokio::spawn(async move {
                let mut kept = Vec::new();
                for number in 0.. {
                    let body =
                        serde_json::to_vec(&[said(sender, number)]).expect("records are JSON");
                    let sent = client.post(format!("{url}/ingest/{account}"));
                    let sent = sent.bearer_auth(&token).body(body).send().await;
                    // A refusal, or nobody there any more: that one was not acknowledged.
                    match sent {
                        Ok(answer) if answer.status().is_success() => {
                            kept.push(format!("{sender}-{number}"));
                            acknowledged.fetch_add(1, Ordering::SeqCst);
                        }
                        _ => return kept,
                    }
                }
                kept
            })
        })
        .collect();
    // Others read pages and listen meanwhile.
    let readers: Vec<_> = ["sync/messages", "live"]
        .map(|path| {
            let (client, token, over) = (client.clone(), token.clone(), Arc::clone(&over));
            let url = format!("{}/{path}/{account}?limit=10000", server.url);
            tokio::spawn(async move {
                while !over.load(Ordering::SeqCst) {
                    let sent = client.get(&url).bearer_auth(&token).send().await;
                    let Ok(answer) = sent else { return };
                    _ = answer.bytes().await;
                }
            })
        })
        .into_iter()
        .collect();
    while acknowledged.load(Ordering::SeqCst) < 50 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let stopping = tokio::time::timeout(std::time::Duration::from_secs(60), server.stop());
    stopping
        .await
        .expect("it does not wait for those who would go on for ever");
    over.store(true, Ordering::SeqCst);
    let mut kept = Vec::new();
    for sender in senders {
        kept.extend(sender.await.expect("a sender ends when the server is gone"));
    }
    for reader in readers {
        reader.await.expect("a reader ends when the server is gone");
    }
    let again = Store::open(&server.file()).expect("the file is sound");
    let status = again.status(account).await.expect("it can be read");
    assert!(kept.len() >= 50, "it was in the middle");
    let conn = rusqlite::Connection::open(server.file()).expect("the file opens");
    for id in &kept {
        let there: bool = conn
            .query_row(
                "SELECT EXISTS (SELECT 1 FROM messages WHERE external_id = ?1)",
                [id],
                |row| row.get(0),
            )
            .expect("the table is there");
        assert!(there, "{id} was acknowledged");
    }
    assert!(
        status.message_count >= 20_000 + kept.len() as i64,
        "and nothing else went"
    );
}
