//! Connections that do nothing, or too little, are closed; honest ones are not.

use std::time::Duration;

use reqwest::StatusCode;
use threadkeep_server::Options;
use threadkeep_server_store::Scope;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::server::{Server, within};

fn impatient() -> Options {
    Options {
        patience: Duration::from_millis(200),
        ..Options::default()
    }
}

/// Reads until the server closes, which it must.
async fn closed(mut socket: TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset is as good as an end.
    _ = within(socket.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[rstest::rstest]
#[case::nothing("")]
#[case::three_bytes("GET")]
#[case::half_a_head("GET /health HTTP/1.1\r\nHost: x\r\n")]
#[tokio::test]
async fn a_silent_connection_is_closed(#[case] sent: &str) {
    let server = Server::start_with(impatient()).await;
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    socket.write_all(sent.as_bytes()).await.unwrap();
    let answer = closed(socket).await;
    assert!(!answer.contains(" 200 "), "{answer}");
}

#[tokio::test]
async fn a_dripped_head_is_closed() {
    let server = Server::start_with(impatient()).await;
    let socket = TcpStream::connect(server.address).await.unwrap();
    let (mut reader, mut writer) = socket.into_split();
    let drip = tokio::spawn(async move {
        let mut sent = writer.write_all(b"GET /health HTTP/1.1\r\n").await;
        while sent.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
            sent = writer.write_all(b"X: y\r\n").await;
        }
    });
    let mut answer = Vec::new();
    _ = within(reader.read_to_end(&mut answer)).await;
    drip.abort();
}

#[tokio::test]
async fn a_dripped_body_is_refused_and_closed() {
    let server = Server::start_with(impatient()).await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Ingest).await;
    let socket = TcpStream::connect(server.address).await.unwrap();
    let (mut reader, mut writer) = socket.into_split();
    let head = format!(
        "POST /ingest/{mine} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Length: 1000000\r\n\r\n"
    );
    let drip = tokio::spawn(async move {
        let mut sent = writer.write_all(head.as_bytes()).await;
        while sent.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
            sent = writer.write_all(b" ").await;
        }
    });
    let mut answer = Vec::new();
    _ = within(reader.read_to_end(&mut answer)).await;
    drip.abort();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 400 "),
        "{answer}"
    );
}

#[tokio::test]
async fn an_idle_connection_is_closed_after_its_answer() {
    let server = Server::start_with(impatient()).await;
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    socket
        .write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    let answer = closed(socket).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[tokio::test]
async fn silent_connections_do_not_keep_honest_ones_out() {
    let server = Server::start_with(Options {
        max_connections: 4,
        ..impatient()
    })
    .await;
    let mut silent = Vec::new();
    for _ in 0..20 {
        silent.push(TcpStream::connect(server.address).await.unwrap());
    }
    let request = server.client.get(server.url("/health")).send();
    assert_eq!(within(request).await.unwrap().status(), StatusCode::OK);
    drop(silent);
}

#[tokio::test]
async fn one_connection_carries_many_requests() {
    let server = Server::start().await;
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    let request = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
    for last in [false, false, true] {
        let head = if last {
            &b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"[..]
        } else {
            &request[..]
        };
        socket.write_all(head).await.unwrap();
    }
    let answers = closed(socket).await;
    assert_eq!(answers.matches("HTTP/1.1 200 ").count(), 3, "{answers}");
}
