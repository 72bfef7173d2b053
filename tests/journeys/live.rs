//! Eve's phone speaks to a server; her laptop and her desktop stay current by themselves.

use std::time::Duration;

use serde_json::json;
use threadkeep_app::view::{ChatQuery, LinkState, Outcome};
use threadkeep_ingest::sample::bulk;
use threadkeep_protocol::{Connection, IntegrationId, Record, Stream, Timestamp};
use threadkeep_server_store::{IngestOptions, Scope, Store};
use threadkeep_tests::{Device, TestServer, Wire, fixture, mirror_digest, server_digest};

const CHAT: &str = "4915100000001@s.whatsapp.net";

fn said(id: usize) -> Record {
    serde_json::from_value(json!({
        "type": "message",
        "external_conversation_id": CHAT,
        "external_message_id": format!("LIVE{id}"),
        "sender_external_id": CHAT,
        "content": format!("live message {id}"),
        "timestamp": Timestamp::from_seconds(1_800_000_000 + id as i64),
    }))
    .expect("it is a record")
}

/// Waits until something holds; whoever waits longer than a minute waits in vain.
async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    for _ in 0..1_200 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what}: not within a minute");
}

async fn until_equal(device: &Device, server: &TestServer, account: IntegrationId) {
    let status = server
        .store
        .status(account)
        .await
        .expect("the server knows");
    until("the device has come to where the server is", async || {
        let cursors = device.cursors();
        Stream::ALL
            .iter()
            .all(|stream| cursors.get(stream.name()) == Some(&status.latest_seq(*stream)))
    })
    .await;
    let there = server_digest(&server.file(), account);
    let here = mirror_digest(&device.mirror_file(), 1);
    assert_eq!(here, there, "the device has what the server has");
}

async fn until_link(device: &Device, wanted: LinkState) {
    until("the link stands so", async || device.link().await == wanted).await;
}

async fn following(name: &str, server: &TestServer, account: IntegrationId) -> Device {
    let device = Device::new(name).await;
    device.app.stay_current().await.expect("it can be followed");
    device.connect(server, account).await;
    device.sync().await;
    until_link(&device, LinkState::Following).await;
    device
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_phone_sends_is_on_both_devices_without_a_word() {
    let server = TestServer::start().await;
    let account = server.integration("Eve").await;
    let laptop = following("Eve's laptop", &server, account).await;
    let desktop = following("Eve's desktop", &server, account).await;
    server
        .post_baileys(account, fixture("baileys/events.ndjson"))
        .await;
    for device in [&laptop, &desktop] {
        until_equal(device, &server, account).await;
    }
    // And on, message by message, as a day goes.
    for id in 0..20 {
        server.ingest(account, vec![(0, said(id))]).await;
    }
    for device in [&laptop, &desktop] {
        until_equal(device, &server, account).await;
        let text = device.export().await;
        let last = text.iter().filter(|line| line["text"] == "live message 19");
        assert_eq!(last.count(), 1, "the last message is here, once");
    }
    let runs = laptop.app.runs(50).await.expect("there is a log");
    let live: Vec<_> = runs.iter().filter(|run| run.mode == "live").collect();
    assert_eq!(
        live.len() + 1,
        runs.len(),
        "beside the person's own: {runs:?}"
    );
    assert!(
        (1..=2).contains(&live.len()),
        "an hour of live pulls is one line, or two where it ends: {runs:?}"
    );
    assert!(runs.iter().all(|run| run.errors.is_empty()), "{runs:?}");
    laptop.app.close().await;
    desktop.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_while_the_server_was_away_is_there_when_it_is_back() {
    let mut server = TestServer::start().await;
    let account = server.integration("Eve").await;
    let laptop = following("Eve's laptop", &server, account).await;
    server.ingest(account, vec![(0, said(0))]).await;
    until_equal(&laptop, &server, account).await;

    server.stop().await;
    until("it is offline, and says why", async || {
        let accounts = laptop.app.accounts().await;
        let link = accounts.expect("reading needs no server").remove(0).link;
        let code = link.problem.map(|problem| problem.code);
        link.state == LinkState::Offline && code.as_deref() == Some("unreachable")
    })
    .await;
    server
        .ingest(account, (1..50).map(|id| (id, said(id))).collect())
        .await;
    server.resume().await;
    until_link(&laptop, LinkState::Following).await;
    until_equal(&laptop, &server, account).await;
    laptop.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_writes_beside_the_server_is_noticed() {
    let server = TestServer::start().await;
    let account = server.integration("Eve").await;
    let laptop = following("Eve's laptop", &server, account).await;
    let beside = Store::open(&server.file()).expect("a second process opens the file");
    let records = (0..10).map(|id| (id, said(id))).collect();
    let taken = beside
        .ingest(account, records, IngestOptions::default())
        .await;
    assert_eq!(taken.expect("it may write").saved, 10);
    until_equal(&laptop, &server, account).await;
    laptop.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_state_of_the_bridge_shows_on_the_device() {
    let server = TestServer::start().await;
    let account = server.integration("Eve").await;
    let laptop = following("Eve's laptop", &server, account).await;
    server
        .store
        .set_connection(account, Connection::Pairing)
        .await
        .expect("the bridge says so");
    until("it is seen", async || {
        let accounts = laptop.app.accounts().await.expect("accounts are listed");
        accounts[0].connection == "pairing"
    })
    .await;
    laptop.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_sync_goes_first_and_the_background_goes_on_behind_it() {
    let server = TestServer::start().await;
    let account = server.integration("Eve").await;
    let laptop = following("Eve's laptop", &server, account).await;
    // Enough that a pull in the background is under way when the person asks.
    server
        .ingest(account, bulk(7, 20_000).enumerate().collect())
        .await;
    for _ in 0..3 {
        let reports = laptop
            .app
            .sync(None, |_| {})
            .await
            .expect("a person is not sent away");
        assert_eq!(
            reports[0].outcome,
            Outcome::Completed,
            "{:?}",
            reports[0].errors
        );
    }
    until_equal(&laptop, &server, account).await;
    server.ingest(account, vec![(0, said(0))]).await;
    until_equal(&laptop, &server, account).await;
    until_link(&laptop, LinkState::Following).await;
    laptop.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_stops_is_not_taken_up_behind_their_back() {
    let server = TestServer::start().await;
    let account = server.integration("Eve").await;
    let wire = Wire::to(&server.url).await;
    let laptop = Device::new("Eve's laptop").await;
    laptop.app.stay_current().await.expect("it can be followed");
    laptop.connect_over(&wire, &server, account).await;
    laptop.sync().await;
    until_link(&laptop, LinkState::Following).await;

    // Much comes over a line that stands still; the background is at it when the person asks, and stops.
    wire.hold(&format!("/sync/messages/{account}?"));
    let much = bulk(7, 4_000).enumerate().collect();
    server.ingest(account, much).await;
    until("the background is at it", async || wire.holds() == 1).await;
    let stopping = async {
        until("the person's own pull is", async || wire.holds() == 2).await;
        laptop.app.cancel_sync();
    };
    let (reports, ()) = tokio::join!(laptop.app.sync(None, |_| {}), stopping);
    let reports = reports.expect("a person is not sent away");
    assert_eq!(reports[0].outcome, Outcome::Cancelled, "{:?}", reports[0]);
    assert!(!laptop.app.is_syncing());

    // What is no message of anybody still comes, so that a pull would have begun by then.
    server
        .store
        .set_connection(account, Connection::Pairing)
        .await
        .expect("the bridge says so");
    until("the device listens", async || {
        let accounts = laptop.app.accounts().await.expect("accounts are listed");
        accounts[0].connection == "pairing"
    })
    .await;
    assert_eq!(wire.holds(), 2, "nobody pulls what was stopped");
    assert_eq!(laptop.link().await, LinkState::Following);

    wire.release();
    server.ingest(account, vec![(0, said(0))]).await;
    until_equal(&laptop, &server, account).await;
    laptop.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn switched_off_it_stays_off_and_switched_on_it_catches_up() {
    let server = TestServer::start().await;
    let account = server.integration("Eve").await;
    let laptop = following("Eve's laptop", &server, account).await;
    laptop
        .app
        .set_following(false)
        .await
        .expect("it can be switched off");
    assert_eq!(laptop.link().await, LinkState::Off);
    let laptop = laptop.restart().await;
    laptop.app.stay_current().await.expect("the app starts");
    assert_eq!(
        laptop.link().await,
        LinkState::Off,
        "the choice outlives the app"
    );
    server.ingest(account, vec![(0, said(0))]).await;
    let chats = laptop
        .app
        .chats(ChatQuery::default())
        .await
        .expect("there is a list");
    assert!(chats.chats.is_empty(), "nobody has pulled");
    laptop
        .app
        .set_following(true)
        .await
        .expect("it can be switched on");
    until_equal(&laptop, &server, account).await;
    laptop.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_ends_it_with_a_sentence_and_a_new_one_begins_it_again() {
    let server = TestServer::start().await;
    let account = server.integration("Eve").await;
    let laptop = following("Eve's laptop", &server, account).await;
    server
        .store
        .revoke_tokens_labelled("test")
        .await
        .expect("tokens are revoked");
    // The next pull meets it.
    server.ingest(account, vec![(0, said(0))]).await;
    until_link(&laptop, LinkState::Off).await;
    let accounts = laptop.app.accounts().await.expect("accounts are listed");
    let problem = accounts[0]
        .link
        .problem
        .clone()
        .expect("it says what is wrong");
    assert_eq!(problem.code, "unauthorized", "{problem:?}");
    laptop.connect(&server, account).await;
    until_link(&laptop, LinkState::Following).await;
    until_equal(&laptop, &server, account).await;
    laptop.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn removing_an_account_ends_what_follows_it() {
    let server = TestServer::start().await;
    let account = server.integration("Eve").await;
    let laptop = following("Eve's laptop", &server, account).await;
    let id = laptop.app.accounts().await.expect("accounts are listed")[0]
        .id
        .clone();
    laptop
        .app
        .remove_account(&id)
        .await
        .expect("it can be removed");
    server.ingest(account, vec![(0, said(0))]).await;
    let accounts = laptop.app.accounts().await.expect("accounts are listed");
    assert!(accounts.is_empty(), "it does not come back");
    laptop.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_inside_the_app_is_followed_too() {
    let laptop = Device::new("Eve's laptop").await;
    laptop.app.stay_current().await.expect("it can be followed");
    laptop
        .app
        .use_this_computer()
        .await
        .expect("an account is made");
    until_link(&laptop, LinkState::Following).await;
    // What an import or a bridge of this computer writes into the server's file.
    let file = laptop.app.home().server_file();
    let store = Store::open(&file).expect("the server's file is there");
    let account = store.all_integrations().await.expect("it has accounts")[0].id;
    let records = (0..5).map(|id| (id, said(id))).collect();
    store
        .ingest(account, records, IngestOptions::default())
        .await
        .expect("it takes records");
    until("it is readable", async || {
        let list = laptop.app.chats(ChatQuery::default()).await;
        list.expect("there is a list")
            .chats
            .first()
            .is_some_and(|chat| chat.messages == 5)
    })
    .await;
    laptop.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_devices_are_told_and_none_waits_for_another() {
    let server = TestServer::start().await;
    let account = server.integration("Eve").await;
    let token = server.token(account, Scope::Read).await;
    // One that connects and never reads a byte.
    let client = reqwest::Client::new();
    let idle = client
        .get(format!("{}/live/{account}", server.url))
        .bearer_auth(&token)
        .send()
        .await
        .expect("it connects");
    let mut devices = Vec::new();
    for number in 0..4 {
        devices.push(following(&format!("device {number}"), &server, account).await);
    }
    for id in 0..100 {
        server.ingest(account, vec![(0, said(id))]).await;
    }
    for device in &devices {
        until_equal(device, &server, account).await;
        device.app.close().await;
    }
    drop(idle);
}
