//! Stopping: what runs is finished, what stands still is let go.

use std::time::Duration;

use serde_json::Value;
use threadkeep_server::Options;
use threadkeep_server_store::Scope;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::server::{Server, messages, within};

/// Sends the head and half of the body of an ingest, and returns the rest.
async fn half_an_ingest(server: &Server, integration: i64) -> (TcpStream, Vec<u8>) {
    let token = server.token(integration, Scope::Ingest).await;
    let body = Value::from(messages(3)).to_string().into_bytes();
    // The server says 100 once it reads the body: from then on the request runs.
    let head = format!(
        "POST /ingest/{integration} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Expect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut go_on = [0; 25];
    within(socket.read_exact(&mut go_on)).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    let (first, rest) = body.split_at(body.len() / 2);
    socket.write_all(first).await.unwrap();
    (socket, rest.to_vec())
}

async fn refuses_connections(server: &Server) {
    let refused = async {
        while TcpStream::connect(server.address).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    within(refused).await;
}

#[tokio::test]
async fn a_request_that_runs_is_finished() {
    let mut server = Server::start().await;
    let mine = server.account("mine").await;
    let (mut socket, rest) = half_an_ingest(&server, mine).await;
    server.ask_to_stop();
    refuses_connections(&server).await;
    socket.write_all(&rest).await.unwrap();
    let mut answer = String::new();
    within(socket.read_to_string(&mut answer)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("\"saved\":3"), "{answer}");
    let store = server.store.clone();
    server.ended().await;
    assert_eq!(store.status(mine).await.unwrap().message_count, 3);
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_hold_the_server() {
    let drain = Duration::from_millis(100);
    let mut server = Server::start_with(Options {
        drain,
        ..Options::default()
    })
    .await;
    let mine = server.account("mine").await;
    let (mut socket, _rest) = half_an_ingest(&server, mine).await;
    server.ask_to_stop();
    let store = server.store.clone();
    server.ended().await;
    let mut answer = Vec::new();
    _ = within(socket.read_to_end(&mut answer)).await;
    let status = store.status(mine).await.unwrap();
    assert_eq!(
        status.message_count, 0,
        "half a request leaves nothing behind"
    );
}

#[tokio::test]
async fn idle_connections_do_not_hold_the_server() {
    // Longer than any wait in these tests: only being let go ends these connections.
    let long = Duration::from_secs(3_600);
    let options = Options {
        patience: long,
        drain: long,
        ..Options::default()
    };
    let mut server = Server::start_with(options).await;
    let _silent = TcpStream::connect(server.address).await.unwrap();
    let mut idle = TcpStream::connect(server.address).await.unwrap();
    idle.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    let mut answer = [0; 12];
    within(idle.read_exact(&mut answer)).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    server.ask_to_stop();
    server.ended().await;
}
