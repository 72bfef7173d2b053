//! Tom has a server of the first design: three streams of JSON pages, and nothing else. No list of accounts,
//! no status, no epoch, no lines.

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    routing::get,
};
use serde::Deserialize;
use serde_json::Value;
use threadkeep_protocol::{Contact, Conversation, Message};
use threadkeep_server_store::{Store, StoredRow};
use threadkeep_tests::{Device, Digest, TestServer, fixture, mirror_digest, server_digest};
use tokio::net::TcpListener;

const TOKEN: &str = "tom-s-token";

#[derive(Deserialize)]
struct Asked {
    since_seq: Option<i64>,
    limit: Option<u32>,
}

/// `{"<stream>": [...], "latest_seq", "has_more", "total_count"}` and no more.
async fn page<R: StoredRow>(
    State(store): State<Store>,
    Path(account): Path<i64>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Json<Value>, StatusCode> {
    let token = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok());
    if token != Some(&format!("Bearer {TOKEN}")) {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let (since, limit) = (asked.since_seq.unwrap_or(0), asked.limit.unwrap_or(100));
    let page = store.page::<R>(account, since, limit.min(100)).await;
    let page = page.map_err(|_| StatusCode::NOT_FOUND)?;
    let mut page = serde_json::to_value(page).expect("a page is JSON");
    page.as_object_mut()
        .expect("a page is an object")
        .remove("epoch");
    Ok(Json(page))
}

/// Serves what another server keeps, as the first design would.
async fn first_design(store: Store) -> String {
    let routes = Router::new()
        .route("/sync/conversations/{account}", get(page::<Conversation>))
        .route("/sync/messages/{account}", get(page::<Message>))
        .route("/sync/contacts/{account}", get(page::<Contact>))
        .with_state(store);
    let listener = TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("loopback has a free port");
    let address = listener
        .local_addr()
        .expect("a bound socket has an address");
    tokio::spawn(async move { axum::serve(listener, routes).await });
    format!("http://{address}")
}

/// What of a digest the first design knows.
fn known(mut digest: Digest) -> Digest {
    digest.retain(|stream, _| ["conversations", "messages", "contacts"].contains(stream));
    digest
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_knows_only_three_streams_of_pages_is_mirrored_and_kept_current() {
    let keeper = TestServer::start().await;
    let account = keeper.integration("Tom").await;
    keeper
        .post_baileys(account, fixture("baileys/events.ndjson"))
        .await;
    let url = first_design(keeper.store.clone()).await;
    let laptop = Device::new("Tom's laptop").await;
    let connected = laptop.app.connect(&url, TOKEN, &[]).await;
    let accounts = connected
        .expect("an account is found without a list")
        .accounts;
    assert_eq!(accounts.len(), 1);
    assert_eq!(accounts[0].integration_type, "whatsapp");
    laptop.sync().await;
    let here = || known(mirror_digest(&laptop.mirror_file(), 1));
    let there = || known(server_digest(&keeper.file(), account));
    assert_eq!(here(), there(), "all that it tells is here");
    assert!(!laptop.export().await.is_empty(), "and can be read");

    // It grows, and the next sync brings what is new.
    let news = threadkeep_ingest::sample::bulk(3, 250)
        .enumerate()
        .collect();
    keeper.ingest(account, news).await;
    let report = &laptop.sync().await[0];
    assert!(report.saved >= 250, "what is new came: {report:?}");
    assert_eq!(here(), there());
    assert_eq!(
        laptop.sync().await[0].saved,
        0,
        "and nothing is pulled twice"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn which_account_it_is_can_be_said_where_nobody_lists_them() {
    let keeper = TestServer::start().await;
    let first = keeper.integration("Somebody").await;
    let second = keeper.integration("Tom").await;
    let news = |seed| {
        threadkeep_ingest::sample::bulk(seed, 20)
            .enumerate()
            .collect()
    };
    keeper.ingest(first, news(1)).await;
    keeper.ingest(second, news(2)).await;
    let url = first_design(keeper.store.clone()).await;
    let laptop = Device::new("Tom's laptop").await;
    let refused = laptop.app.connect(&url, TOKEN, &[77]).await.unwrap_err();
    assert_eq!(refused.code(), "not_found", "{refused}");
    let refused = laptop
        .app
        .connect(&url, "another", &[second])
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "unauthorized", "{refused}");
    assert!(
        laptop.app.accounts().await.unwrap().is_empty(),
        "nothing was added"
    );
    laptop
        .app
        .connect(&url, TOKEN, &[second])
        .await
        .expect("it is there");
    laptop.sync().await;
    assert_eq!(
        known(mirror_digest(&laptop.mirror_file(), 1)),
        known(server_digest(&keeper.file(), second)),
    );
}
