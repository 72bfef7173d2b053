//! Digests, and the buckets behind them, as a client sees them.

use threadkeep_protocol::{Buckets, Code, Message, Page, Row, Stream, StreamDigest};
use threadkeep_server_store::Scope;

use crate::server::{Server, fixture, problem};

async fn filled() -> (Server, i64, String) {
    let server = Server::start().await;
    let mine = server.account("mine").await;
    let token = server.token(mine, Scope::Admin).await;
    let path = format!("/ingest/{mine}/baileys");
    server.ingest(&path, &token, fixture("events.ndjson")).await;
    (server, mine, token)
}

#[tokio::test]
async fn every_stream_tells_what_it_holds() {
    let (server, mine, token) = filled().await;
    let status = server.store.status(mine).await.unwrap();
    for stream in Stream::ALL {
        let answer = server
            .read(&format!("/sync/digest/{stream}/{mine}"), &token)
            .await;
        let digest: StreamDigest = serde_json::from_value(answer).unwrap();
        assert!(digest.is_sound(), "{stream}");
        assert_eq!(digest.count as i64, status.count(stream), "{stream}");
        assert_eq!(digest.latest_seq, status.latest_seq(stream), "{stream}");
        assert_eq!(digest.epoch, status.epoch, "{stream}");
    }
}

#[tokio::test]
async fn the_pages_of_all_buckets_add_up_to_the_digest() {
    let (server, mine, token) = filled().await;
    let answer = server
        .read(&format!("/sync/digest/messages/{mine}"), &token)
        .await;
    let digest: StreamDigest = serde_json::from_value(answer).unwrap();
    let mut sums = Buckets::default();
    for bucket in 0..=255 {
        let mut since = 0;
        loop {
            let path = format!("/sync/messages/{mine}?bucket={bucket}&since_seq={since}&limit=2");
            let page: Page<Message> =
                serde_json::from_value(server.read(&path, &token).await).unwrap();
            for row in &page.rows {
                assert_eq!(Buckets::of(&row.id), bucket, "a row of this bucket");
                assert!(row.seq() > since, "in the order of a pull");
                since = row.seq();
                sums.add(row.id(), row.seq());
            }
            assert_eq!(page.latest_seq, since, "the cursor is the last row's seq");
            if !page.has_more {
                break;
            }
        }
    }
    assert!(sums.differing(&digest.buckets).is_empty());
}

#[tokio::test]
async fn a_bucket_in_lines_is_the_same_bucket() {
    let (server, mine, token) = filled().await;
    let mut seen = 0;
    for bucket in 0..=255 {
        let path = format!("/sync/messages/{mine}?bucket={bucket}");
        let page: Page<Message> = serde_json::from_value(server.read(&path, &token).await).unwrap();
        let asked = server
            .get(&format!("{path}&limit=1"), &token)
            .header("accept", "application/x-ndjson");
        let text = asked.send().await.unwrap().text().await.unwrap();
        let (cursors, rows): (Vec<&str>, Vec<&str>) = text
            .lines()
            .partition(|line| line.starts_with(r#"{"cursor""#));
        let rows: Vec<Message> = rows
            .iter()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(rows, page.rows);
        assert_eq!(cursors.len(), rows.len().max(1), "one behind each span");
        seen += rows.len();
    }
    assert_eq!(
        seen as i64,
        server.store.status(mine).await.unwrap().message_count
    );
}

#[tokio::test]
async fn what_an_account_holds_is_for_its_readers() {
    let (server, mine, _) = filled().await;
    let other = server.account("other").await;
    let path = format!("/sync/digest/messages/{mine}");
    for (token, code) in [
        (server.token(other, Scope::Admin).await, Code::NotFound),
        (server.token(mine, Scope::Ingest).await, Code::Forbidden),
        ("nonsense".to_owned(), Code::Unauthorized),
    ] {
        let answer = server.get(&path, &token).send().await.unwrap();
        assert_eq!(problem(answer).await.code, code);
    }
}
