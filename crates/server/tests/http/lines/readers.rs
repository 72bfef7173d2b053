//! Readers that stand still or go away.

use super::*;

/// Longer than any wait in these tests.
const LONG: Duration = Duration::from_secs(3_600);

/// Asks for the messages, reads the beginning of the answer and no more.
async fn half_a_reader(server: &Server, mine: i64, token: &str) -> TcpStream {
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "GET /sync/messages/{mine} HTTP/1.1\r\nHost: x\r\nAccept: {NDJSON}\r\n\
         Authorization: Bearer {token}\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut begun = [0; 4_096];
    within(socket.read_exact(&mut begun)).await.unwrap();
    assert!(begun.starts_with(b"HTTP/1.1 200 "));
    socket
}

#[tokio::test]
async fn a_reader_that_stands_still_holds_no_transaction() {
    let (server, mine, token) = heavy(Options {
        patience: LONG,
        ..Options::default()
    })
    .await;
    let _reader = half_a_reader(&server, mine, &token).await;
    let body = Value::from(messages(1)).to_string().replace("M0", "later");
    server
        .ingest(&format!("/ingest/{mine}"), &token, body)
        .await;
    let file = Connection::open(server.database()).unwrap();
    let folded = async {
        loop {
            // 0: nobody reads an old state of the file. Until the sockets are full, spans are being read.
            let busy: i64 = file
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
                .unwrap();
            if busy == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    within(folded).await;
}

#[tokio::test]
async fn a_reader_that_has_gone_does_not_hold_the_server() {
    let (mut server, mine, token) = heavy(Options {
        patience: LONG,
        drain: LONG,
        ..Options::default()
    })
    .await;
    drop(half_a_reader(&server, mine, &token).await);
    server.ask_to_stop();
    server.ended().await;
}

#[tokio::test]
async fn a_reader_that_stands_still_is_let_go() {
    let (mut server, mine, token) = heavy(Options {
        patience: Duration::from_millis(200),
        drain: LONG,
        ..Options::default()
    })
    .await;
    let _reader = half_a_reader(&server, mine, &token).await;
    // It never reads on, and the server waits for what runs: only its patience ends the answer.
    server.ask_to_stop();
    server.ended().await;
}

#[tokio::test]
async fn a_server_that_stops_ends_its_answers_at_a_cursor_line() {
    let (mut server, mine, token) = heavy(Options {
        patience: LONG,
        drain: LONG,
        ..Options::default()
    })
    .await;
    let path = format!("/sync/messages/{mine}");
    let mut response = ask(&server, &token, &path).await;
    let mut text = within(response.chunk()).await.unwrap().unwrap().to_vec();
    server.ask_to_stop();
    // A body without its end would be an error here.
    while let Some(chunk) = within(response.chunk()).await.unwrap() {
        text.extend(chunk);
    }
    server.ended().await;
    let spans = spans(std::str::from_utf8(&text).unwrap());
    let (_, last) = spans.last().unwrap();
    assert!(last.has_more, "the client asks again for the rest");
    let rows: usize = spans.iter().map(|(rows, _)| rows.len()).sum();
    assert_eq!(
        last.latest_seq,
        spans.last().unwrap().0.last().unwrap()["seq"]
    );
    assert!(rows < 28, "it did not read to the end: {rows}");
}
