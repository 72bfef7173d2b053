//! Requests that are too large, and those that come from a web page.

use reqwest::StatusCode;
use threadkeep_protocol::{Code, MAX_BODY_BYTES, MAX_LINE_BYTES};
use threadkeep_server::Options;
use threadkeep_server_store::Scope;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::server::{Server, problem, within};

#[tokio::test]
async fn a_body_past_the_limit_is_refused_in_words() {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Ingest).await;
    let path = format!("/ingest/{mine}");
    let post = |bytes: usize| server.post(&path, &token).body(vec![b' '; bytes]);
    let at_limit = post(MAX_BODY_BYTES).send().await.unwrap();
    assert_eq!(
        at_limit.status(),
        StatusCode::OK,
        "the limit itself is allowed"
    );
    let past = problem(post(MAX_BODY_BYTES + 1).send().await.unwrap()).await;
    assert_eq!(past.code, Code::TooLarge);
}

#[tokio::test]
async fn a_body_of_unknown_size_is_counted() {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Ingest).await;
    let parts = (0..33).map(|_| Ok::<_, std::io::Error>(vec![b' '; 1024 * 1024]));
    let body = reqwest::Body::wrap_stream(futures_util::stream::iter(parts));
    let response = server.post(&format!("/ingest/{mine}"), &token).body(body);
    assert_eq!(
        problem(response.send().await.unwrap()).await.code,
        Code::TooLarge
    );
}

#[tokio::test]
async fn an_announced_flood_is_refused_before_it_comes() {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Ingest).await;
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST /ingest/{mine} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Length: 10000000000\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    within(socket.read_to_end(&mut answer)).await.unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn a_line_past_the_limit_is_refused() {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Ingest).await;
    let line = format!("{{\"a\": \"{}\"}}", "x".repeat(MAX_LINE_BYTES));
    for path in [format!("/ingest/{mine}"), format!("/ingest/{mine}/baileys")] {
        let body = format!("{{}}\n{line}\n");
        let response = server.post(&path, &token).body(body).send().await.unwrap();
        assert_eq!(problem(response).await.code, Code::TooLarge, "{path}");
    }
}

#[rstest::rstest]
#[case::path(format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(1_000_000)))]
#[case::headers(format!("GET / HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(10_000)))]
#[case::one_header(format!("GET / HTTP/1.1\r\nCookie: {}\r\n\r\n", "a".repeat(1_000_000)))]
#[tokio::test]
async fn a_head_past_all_measure_is_refused(#[case] head: String) {
    let server = Server::start().await;
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    // The server may close before it has read all of it.
    _ = socket.write_all(head.as_bytes()).await;
    let mut answer = Vec::new();
    _ = within(socket.read_to_end(&mut answer)).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
        "refused, not taken: {answer}"
    );
    let health = server
        .client
        .get(server.url("/health"))
        .send()
        .await
        .unwrap();
    assert_eq!(
        health.status(),
        StatusCode::OK,
        "others are served as before"
    );
}

#[tokio::test]
async fn an_embedded_server_answers_programs_and_no_web_pages() {
    let server = Server::start_with(Options::embedded()).await;
    let health = || server.client.get(server.url("/health"));
    let program = health().send().await.unwrap();
    assert_eq!(program.status(), StatusCode::OK);
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("host", "evil.example"),
    ] {
        let page = problem(health().header(name, value).send().await.unwrap()).await;
        assert_eq!(page.code, Code::Forbidden, "{name}: {value}");
    }
}
