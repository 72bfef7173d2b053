//! A client that does not read: what it costs, and what it is told when it reads again.

use std::time::Duration;

use axum::{body::Body, http::Request};
use futures_util::StreamExt;
use threadkeep_protocol::Connection;
use threadkeep_server_store::{NewIntegration, NewToken, Scope, Store};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::{Options, router::routes};

#[tokio::test]
async fn a_client_that_does_not_read_costs_one_value_and_then_hears_the_latest() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("server.db")).unwrap();
    let new = NewIntegration {
        integration_type: "whatsapp".into(),
        display_name: "mine".into(),
        external_id: None,
    };
    let mine = store.create_integration(new).await.unwrap().id;
    let new = NewToken {
        label: String::new(),
        integrations: vec![mine],
        scopes: vec![Scope::Read],
        expires_at: None,
    };
    let token = store.create_token(new).await.unwrap().token;
    let router = routes(store.clone(), &Options::default(), CancellationToken::new());
    let request = Request::get(format!("/live/{mine}"))
        .header("authorization", format!("Bearer {token}"))
        .body(Body::empty())
        .unwrap();
    let response = router.oneshot(request).await.unwrap();
    // A body that is not asked for its next part is a client that does not read.
    let mut parts = response.into_body().into_data_stream();
    let first = parts.next().await.unwrap().unwrap();
    assert!(
        first.starts_with(b"event: connection"),
        "the first word is made when it is asked for"
    );

    for round in 0..40 {
        let state = if round % 2 == 0 {
            Connection::Connected
        } else {
            Connection::Connecting
        };
        store.set_connection(mine, state).await.unwrap();
    }
    store
        .set_connection(mine, Connection::Pairing)
        .await
        .unwrap();
    let mut watch = store.watch(mine).await.unwrap();
    while watch.next().await.unwrap().connection != Connection::Pairing {}

    let next = parts.next().await.unwrap().unwrap();
    assert_eq!(
        next, "event: connection\ndata: {\"connection\":\"pairing\"}\n\n",
        "forty changes were held as one, the latest"
    );
    let more = tokio::time::timeout(Duration::from_millis(300), parts.next()).await;
    assert!(more.is_err(), "and nothing is queued behind it");
}
