//! The bytes of media over HTTP: in only as announced, out by range.

use reqwest::{
    Method, RequestBuilder, StatusCode,
    header::{
        ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, ETAG, IF_NONE_MATCH,
        IF_RANGE, RANGE,
    },
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use threadkeep_protocol::{Code, IntegrationId};
use threadkeep_server::Options;
use threadkeep_server_store::Scope;

use crate::server::{Server, problem};

const CHAT: &str = "15550002222@s.whatsapp.net";
/// A picture, by its first bytes.
pub const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n and then a thousand words, which it is worth";

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A message that announces a file.
pub fn announcing(name: &str, media: Value) -> Value {
    json!({
        "type": "message", "external_conversation_id": CHAT, "external_message_id": name,
        "sender_external_id": CHAT, "message_type": "image", "timestamp": "2024-05-01T10:00:00Z",
        "media": media,
    })
}

pub fn announced(bytes: &[u8]) -> Value {
    json!({
        "media_type": "image", "mime_type": "image/png", "sha256": sha256(bytes),
        "file_size": bytes.len(), "file_name": "../../naïve \"one\".png",
        "thumbnail": "iVBORw0KGgo=",
    })
}

/// A server with one account, and who reads and feeds it.
struct Fed {
    server: Server,
    account: IntegrationId,
    feeder: String,
    reader: String,
}

impl Fed {
    async fn new() -> Self {
        Self::with(Options::default()).await
    }

    async fn with(options: Options) -> Self {
        let server = Server::start_with(options).await;
        let account = server.account("mine").await;
        Self {
            feeder: server.token(account, Scope::Ingest).await,
            reader: server.token(account, Scope::Read).await,
            account,
            server,
        }
    }

    async fn tell(&self, records: Value) {
        let path = format!("/ingest/{}", self.account);
        let report = self
            .server
            .ingest(&path, &self.feeder, records.to_string())
            .await;
        assert_eq!(report["errors"], json!([]), "the records are taken");
    }

    async fn rows(&self) -> Vec<Value> {
        let path = format!("/sync/media/{}", self.account);
        let page = self.server.read(&path, &self.reader).await;
        page["media"].as_array().unwrap().clone()
    }

    /// Announces a file and says where its bytes go.
    async fn announce(&self, media: Value) -> String {
        self.tell(json!([announcing("m", media)])).await;
        self.path(&self.rows().await[0])
    }

    fn path(&self, row: &Value) -> String {
        format!("/media/{}/{}", self.account, row["id"].as_str().unwrap())
    }

    fn put(&self, path: &str, body: impl Into<reqwest::Body>) -> RequestBuilder {
        let url = self.server.url(path);
        self.server
            .client
            .put(url)
            .bearer_auth(&self.feeder)
            .body(body)
    }

    async fn refused(&self, path: &str, body: impl Into<reqwest::Body>) -> Code {
        problem(self.put(path, body).send().await.unwrap())
            .await
            .code
    }
}

#[tokio::test]
async fn what_was_announced_is_taken_in_and_handed_out() {
    let fed = Fed::new().await;
    let path = fed.announce(announced(PICTURE)).await;
    let before = fed.rows().await[0].clone();
    assert_eq!(before.get("has_content"), None, "announced, and not here");
    let nothing = fed.server.get(&path, &fed.reader).send().await.unwrap();
    assert_eq!(problem(nothing).await.code, Code::NotFound);

    let put = fed.put(&path, PICTURE).send().await.unwrap();
    assert_eq!(put.status(), StatusCode::OK);
    let stored: Value = put.json().await.unwrap();
    assert_eq!(
        stored,
        json!({"sha256": sha256(PICTURE), "file_size": PICTURE.len()})
    );
    let after = fed.rows().await[0].clone();
    assert_eq!(after["has_content"], true);
    assert!(
        after["seq"].as_i64() > before["seq"].as_i64(),
        "clients learn of it"
    );

    let got = fed.server.get(&path, &fed.reader).send().await.unwrap();
    assert_eq!(got.status(), StatusCode::OK);
    let headers = got.headers().clone();
    assert_eq!(headers[ETAG], format!("\"{}\"", sha256(PICTURE)));
    assert_eq!(headers[ACCEPT_RANGES], "bytes");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["content-type"], "application/octet-stream");
    let disposition = headers[CONTENT_DISPOSITION].to_str().unwrap();
    assert!(
        disposition.starts_with("attachment;"),
        "never a page: {disposition}"
    );
    assert!(
        !disposition.contains("../"),
        "a name is no path: {disposition}"
    );
    assert_eq!(got.bytes().await.unwrap(), PICTURE);

    let again = fed.put(&path, PICTURE).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::OK, "sent again, it is taken");
    assert_eq!(
        fed.rows().await[0]["seq"],
        after["seq"],
        "and changes nothing"
    );
}

#[tokio::test]
async fn a_part_is_a_part_and_a_head_has_no_body() {
    let fed = Fed::new().await;
    let path = fed.announce(announced(PICTURE)).await;
    fed.put(&path, PICTURE).send().await.unwrap();
    let tag = format!("\"{}\"", sha256(PICTURE));
    let ask = || fed.server.get(&path, &fed.reader);
    let rest = ask()
        .header(RANGE, "bytes=10-")
        .header(IF_RANGE, &tag)
        .send()
        .await
        .unwrap();
    assert_eq!(rest.status(), StatusCode::PARTIAL_CONTENT);
    let said = format!("bytes 10-{}/{}", PICTURE.len() - 1, PICTURE.len());
    assert_eq!(rest.headers()[CONTENT_RANGE], said.as_str());
    assert_eq!(rest.bytes().await.unwrap(), &PICTURE[10..]);
    let known = ask().header(IF_NONE_MATCH, &tag).send().await.unwrap();
    assert_eq!(
        known.status(),
        StatusCode::NOT_MODIFIED,
        "who has it is not sent it"
    );
    let head = fed
        .server
        .client
        .request(Method::HEAD, fed.server.url(&path));
    let head = head.bearer_auth(&fed.reader).send().await.unwrap();
    assert_eq!(head.status(), StatusCode::OK);
    assert_eq!(
        head.headers()[CONTENT_LENGTH],
        PICTURE.len().to_string().as_str()
    );
    assert_eq!(head.bytes().await.unwrap().len(), 0);
}

#[rstest::rstest]
#[case::other_bytes(vec![b'x'; PICTURE.len()])]
#[case::too_few(PICTURE[..PICTURE.len() - 1].to_vec())]
#[case::too_many([PICTURE, b"!"].concat())]
#[case::far_too_many(vec![b'x'; 9_000_000])]
#[case::none(Vec::new())]
#[tokio::test]
async fn other_bytes_than_announced_are_refused(#[case] body: Vec<u8>) {
    let fed = Fed::new().await;
    let path = fed.announce(announced(PICTURE)).await;
    assert_eq!(fed.refused(&path, body.clone()).await, Code::BadRequest);
    // Without a length in front the bytes themselves tell.
    let parts = body
        .chunks(16_384)
        .map(|part| Ok::<_, std::io::Error>(part.to_vec()));
    let parts: Vec<_> = parts.collect();
    let streamed = reqwest::Body::wrap_stream(futures_util::stream::iter(parts));
    assert_eq!(fed.refused(&path, streamed).await, Code::BadRequest);
    assert_eq!(
        fed.rows().await[0].get("has_content"),
        None,
        "nothing was kept"
    );
}

#[tokio::test]
async fn what_was_not_announced_or_is_too_large_is_refused() {
    let small = Options {
        max_media: 20,
        ..Options::default()
    };
    let fed = Fed::with(small).await;
    let path = fed.announce(announced(PICTURE)).await;
    assert_eq!(fed.refused(&path, PICTURE).await, Code::TooLarge);
    let unnamed = json!({"media_type": "image"});
    fed.tell(json!([announcing("unnamed", unnamed)])).await;
    let path = fed.path(&fed.rows().await[1]);
    assert_eq!(
        fed.refused(&path, "x").await,
        Code::BadRequest,
        "no hash was announced"
    );
    let name = uuid_of_nobody();
    let nowhere = format!("/media/{}/{name}", fed.account);
    assert_eq!(fed.refused(&nowhere, "x").await, Code::NotFound);
    let no_id = format!("/media/{}/..%2f..%2fetc%2fpasswd", fed.account);
    assert_eq!(fed.refused(&no_id, "x").await, Code::NotFound);
}

fn uuid_of_nobody() -> &'static str {
    "0192d1e0-0000-7000-8000-000000000000"
}

#[tokio::test]
async fn who_may_not_neither_reads_nor_writes() {
    let fed = Fed::new().await;
    let path = fed.announce(announced(PICTURE)).await;
    fed.put(&path, PICTURE).send().await.unwrap();
    let other = fed.server.account("another's").await;
    let stranger = fed.server.token(other, Scope::Admin).await;
    let elsewhere = path.replace(
        &format!("/media/{}/", fed.account),
        &format!("/media/{other}/"),
    );
    for (path, token, code) in [
        (&path, &stranger, Code::NotFound),
        (&elsewhere, &stranger, Code::NotFound),
        (&path, &fed.feeder, Code::Forbidden),
        (&path, &"nonsense".to_owned(), Code::Unauthorized),
    ] {
        for path in [path.clone(), format!("{path}/thumbnail")] {
            let answer = fed.server.get(&path, token).send().await.unwrap();
            assert_eq!(problem(answer).await.code, code, "{path}");
        }
    }
    let put = fed
        .server
        .client
        .put(fed.server.url(&path))
        .bearer_auth(&fed.reader);
    let put = put.body(PICTURE).send().await.unwrap();
    assert_eq!(problem(put).await.code, Code::Forbidden);
}

#[tokio::test]
async fn a_thumbnail_is_a_picture_or_nothing() {
    let fed = Fed::new().await;
    let path = fed.announce(announced(PICTURE)).await;
    let small = fed.server.get(&format!("{path}/thumbnail"), &fed.reader);
    let small = small.send().await.unwrap();
    assert_eq!(
        small.headers()["content-type"],
        "image/png",
        "by its first bytes"
    );
    assert_eq!(small.bytes().await.unwrap().as_ref(), b"\x89PNG\r\n\x1a\n");
    let page = json!({"media_type": "image", "thumbnail": "PHN2Zz48c2NyaXB0Pg=="});
    fed.tell(json!([announcing("svg", page)])).await;
    let path = fed.path(&fed.rows().await[1]);
    let answer = fed
        .server
        .get(&format!("{path}/thumbnail"), &fed.reader)
        .send()
        .await;
    assert_eq!(problem(answer.unwrap()).await.code, Code::NotFound);
}

#[tokio::test]
async fn what_was_taken_back_is_nobodys_any_more() {
    let fed = Fed::new().await;
    let path = fed.announce(announced(PICTURE)).await;
    fed.put(&path, PICTURE).send().await.unwrap();
    fed.tell(json!([{
        "type": "revoke", "external_conversation_id": CHAT, "external_message_id": "m",
    }]))
    .await;
    let answer = fed.server.get(&path, &fed.reader).send().await.unwrap();
    assert_eq!(problem(answer).await.code, Code::NotFound);
    assert_eq!(
        fed.refused(&path, PICTURE).await,
        Code::NotFound,
        "nor does it come back"
    );
    assert_eq!(fed.rows().await[0].get("has_content"), None);
}
