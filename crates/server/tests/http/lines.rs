//! Streams in lines: what comes, where a client may commit, and what becomes of readers that stop.

use std::{io::Read, time::Duration};

use proptest::prelude::*;
use reqwest::{
    Response, StatusCode,
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE},
};
use rusqlite::Connection;
use serde_json::{Value, json};
use threadkeep_protocol::{Code, Cursor, CursorLine, NDJSON, Stream, Timestamp};
use threadkeep_server::Options;
use threadkeep_server_store::Scope;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::server::{Server, fixture, messages, problem, within};

mod readers;

/// A server with what a real client has seen, and a token that may do everything.
async fn filled() -> (Server, i64, String) {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Admin).await;
    let path = format!("/ingest/{mine}/baileys");
    server.ingest(&path, &token, fixture("events.ndjson")).await;
    (server, mine, token)
}

/// A server with more than the sockets on the way hold, and a token to read it.
async fn heavy(options: Options) -> (Server, i64, String) {
    let server = Server::start_with(options).await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Admin).await;
    let records: Vec<Value> = (0..28)
        .map(|i| {
            json!({
                "type": "message",
                "external_conversation_id": "15550002222@s.whatsapp.net",
                "external_message_id": format!("M{i}"),
                "sender_external_id": "15550002222@s.whatsapp.net",
                "message_type": "text",
                "content": "x".repeat(1 << 20),
                "timestamp": Timestamp::from_seconds(1_700_000_000 + i),
            })
        })
        .collect();
    let body = Value::from(records).to_string();
    server
        .ingest(&format!("/ingest/{mine}"), &token, body)
        .await;
    (server, mine, token)
}

async fn ask(server: &Server, token: &str, path: &str) -> Response {
    let asked = server.get(path, token).header(ACCEPT, NDJSON);
    let response = asked.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    assert_eq!(response.headers()[CONTENT_TYPE], NDJSON);
    response
}

/// The rows and cursors of an answer, in spans. Every line must be one or the other.
fn spans(text: &str) -> Vec<(Vec<Value>, Cursor)> {
    let (mut spans, mut rows) = (Vec::new(), Vec::new());
    for line in text.lines() {
        if CursorLine::is_meant(line.as_bytes()) {
            let cursor: CursorLine = serde_json::from_str(line).unwrap();
            spans.push((std::mem::take(&mut rows), cursor.cursor));
        } else {
            rows.push(serde_json::from_str::<Value>(line).unwrap());
        }
    }
    assert!(rows.is_empty(), "an answer ends at a cursor line");
    spans
}

#[tokio::test]
async fn lines_hold_what_the_pages_hold_whatever_the_limit() {
    let (server, mine, token) = filled().await;
    let epoch = server.store.epoch().await.unwrap();
    for stream in Stream::ALL {
        let page = server
            .read(&format!("/sync/{stream}/{mine}?limit=10000"), &token)
            .await;
        let all = page[stream.name()].as_array().unwrap();
        assert!(!all.is_empty(), "{stream}: there is something to read");
        for limit in [1, 7, 10_000] {
            let path = format!("/sync/{stream}/{mine}?limit={limit}");
            let text = ask(&server, &token, &path).await.text().await.unwrap();
            let (mut rows, mut left) = (Vec::new(), all.len() as i64);
            let spans = spans(&text);
            let last = spans.len() - 1;
            for (place, (span, cursor)) in spans.into_iter().enumerate() {
                assert!(
                    span.len() <= limit,
                    "{stream}: a span is not longer than asked"
                );
                assert_eq!(
                    cursor,
                    Cursor {
                        latest_seq: span.last().unwrap()["seq"].as_i64().unwrap(),
                        has_more: place != last,
                        total_count: left,
                        epoch: epoch.clone(),
                    },
                    "{stream}: a cursor stands at the row before it and counts from its span on"
                );
                left -= span.len() as i64;
                rows.extend(span);
            }
            assert_eq!(&rows, all, "{stream} with {limit} rows to a span");
        }
    }
}

#[tokio::test]
async fn without_a_wish_there_is_a_cursor_line_at_least_every_5000_rows() {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Admin).await;
    let body = Value::from(messages(11_000)).to_string();
    server
        .ingest(&format!("/ingest/{mine}"), &token, body)
        .await;
    for query in ["", "?limit=10000"] {
        let path = format!("/sync/messages/{mine}{query}");
        let spans = spans(&ask(&server, &token, &path).await.text().await.unwrap());
        assert!(spans.iter().all(|(rows, _)| rows.len() <= 5_000));
        assert!(spans[0].0.len() < 1_000, "the first rows come soon");
        assert_eq!(
            spans.iter().map(|(rows, _)| rows.len()).sum::<usize>(),
            11_000
        );
    }
}

#[tokio::test]
async fn behind_the_end_there_is_one_cursor_line() {
    let (server, mine, token) = filled().await;
    let path = format!("/sync/messages/{mine}?since_seq=9007199254740991");
    let spans = spans(&ask(&server, &token, &path).await.text().await.unwrap());
    assert_eq!(spans.len(), 1);
    let (rows, cursor) = &spans[0];
    assert!(rows.is_empty());
    assert_eq!(cursor.latest_seq, 9_007_199_254_740_991);
    assert_eq!((cursor.has_more, cursor.total_count), (false, 0));
}

#[rstest::rstest]
#[case::gzip("gzip")]
#[case::zstd("zstd")]
#[tokio::test]
async fn lines_and_pages_are_compressed_for_who_asks(#[case] encoding: &'static str) {
    let (server, mine, token) = filled().await;
    // Without the client's own unpacking, so that the bytes are those that came.
    let client = reqwest::Client::builder()
        .no_gzip()
        .no_zstd()
        .build()
        .unwrap();
    for accept in [NDJSON, "application/json"] {
        let asked = |encoding: &'static str| {
            let url = server.url(&format!("/sync/messages/{mine}?limit=7"));
            let asked = client.get(url).bearer_auth(&token);
            asked
                .header(ACCEPT, accept)
                .header(ACCEPT_ENCODING, encoding)
        };
        let plain = asked("identity").send().await.unwrap();
        assert!(!plain.headers().contains_key(CONTENT_ENCODING));
        let plain = plain.bytes().await.unwrap();
        let packed = asked(encoding).send().await.unwrap();
        assert_eq!(packed.headers()[CONTENT_ENCODING], encoding);
        let packed = packed.bytes().await.unwrap();
        assert!(packed.len() < plain.len(), "{accept}: it is worth it");
        assert_eq!(unpacked(encoding, &packed), plain, "{accept}");
    }
}

fn unpacked(encoding: &str, packed: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let read = match encoding {
        "gzip" => flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes),
        _ => zstd::stream::read::Decoder::new(packed)
            .unwrap()
            .read_to_end(&mut bytes),
    };
    read.unwrap();
    bytes
}

#[rstest::rstest]
#[case::plain("identity")]
#[case::gzip("gzip")]
#[case::zstd("zstd")]
#[tokio::test]
async fn a_span_is_sent_as_soon_as_it_is_read(#[case] encoding: &'static str) {
    let (server, mine, token) = heavy(Options::default()).await;
    let path = format!("/sync/messages/{mine}");
    let asked = server.get(&path, &token).header(ACCEPT, NDJSON);
    let mut response = asked
        .header(ACCEPT_ENCODING, encoding)
        .send()
        .await
        .unwrap();
    let mut text = Vec::new();
    // All of it is far more; what is waited for is the first cursor line, unpacked.
    while !text.ends_with(b"}}\n") {
        text.extend(within(response.chunk()).await.unwrap().unwrap());
        assert!(text.len() < 27 << 20, "cursor lines come with their rows");
    }
}

#[rstest::rstest]
#[case::no_limit("limit=0", Code::BadRequest)]
#[case::cursor_in_words("since_seq=latest", Code::BadRequest)]
#[tokio::test]
async fn a_question_that_makes_no_sense_is_a_problem(#[case] query: &str, #[case] code: Code) {
    let (server, mine, token) = filled().await;
    let asked = server.get(&format!("/sync/messages/{mine}?{query}"), &token);
    let response = asked.header(ACCEPT, NDJSON).send().await.unwrap();
    assert_eq!(problem(response).await.code, code);
}

#[tokio::test]
async fn a_token_that_is_revoked_does_not_read_on() {
    let server = Server::start_with(Options {
        longest_answer: Duration::ZERO,
        ..Options::default()
    })
    .await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Admin).await;
    let body = Value::from(messages(100)).to_string();
    server
        .ingest(&format!("/ingest/{mine}"), &token, body)
        .await;
    let path = format!("/sync/messages/{mine}?limit=10");
    let spans = spans(&ask(&server, &token, &path).await.text().await.unwrap());
    assert_eq!(
        spans.len(),
        1,
        "an answer whose time is over ends at a cursor line"
    );
    assert_eq!((spans[0].0.len(), spans[0].1.has_more), (10, true));
    for listed in server.store.tokens().await.unwrap() {
        server.store.revoke_token(listed.id).await.unwrap();
    }
    let path = format!("{path}&since_seq={}", spans[0].1.latest_seq);
    let refused = server
        .get(&path, &token)
        .header(ACCEPT, NDJSON)
        .send()
        .await;
    assert_eq!(problem(refused.unwrap()).await.code, Code::Unauthorized);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whoever commits at cursor lines and asks again from the last one misses nothing, wherever the
    /// answers are cut.
    #[test]
    fn answers_cut_anywhere_lead_to_the_same_rows(
        cuts in prop::collection::vec(1_usize..60_000, 0..12),
        limit in 1_u32..40,
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let server = Server::start().await;
            let mine = server.account("mine").await;
            let token = server.token(mine, Scope::Admin).await;
            let body = Value::from(messages(150)).to_string();
            server.ingest(&format!("/ingest/{mine}"), &token, body).await;
            let page = server.read(&format!("/sync/messages/{mine}"), &token).await;
            let (mut rows, mut cursor, mut cuts) = (Vec::new(), 0, cuts.into_iter());
            loop {
                let path = format!("/sync/messages/{mine}?since_seq={cursor}&limit={limit}");
                let text = ask(&server, &token, &path).await.text().await.unwrap();
                let cut = cuts.next();
                let kept = &text[..cut.unwrap_or(text.len()).min(text.len())];
                // What lies behind the last cursor line is lost with the connection.
                let (mut at, mut committed) = (0, 0);
                for line in kept.split_inclusive('\n') {
                    at += line.len();
                    if line.ends_with('\n') && CursorLine::is_meant(line.as_bytes()) {
                        committed = at;
                    }
                }
                if committed == 0 {
                    continue;
                }
                let spans = spans(&kept[..committed]);
                let (_, last) = spans.last().unwrap();
                cursor = last.latest_seq;
                let ended = !last.has_more;
                rows.extend(spans.into_iter().flat_map(|(rows, _)| rows));
                if ended {
                    break;
                }
            }
            assert_eq!(Value::from(rows), page["messages"]);
        });
    }
}
