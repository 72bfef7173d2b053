//! Faults that last: one sentence, a code, no second try, nothing changed.

use rstest::rstest;
use threadkeep_protocol::Stream;
use threadkeep_sync::{Outcome, Remote, RemoteOptions};
use url::Url;

use crate::{
    bench::{Bench, TOKEN, codes, remote},
    fault_server::{FaultServer, Reply},
    world::World,
};

fn html(status: &'static str) -> Reply {
    Reply::Http(status, "<html><h1>Welcome to the hotel</h1></html>".into())
}

#[rstest]
#[case::wrong_token(Reply::Http("401 Unauthorized", String::new()), "unauthorized")]
#[case::missing_scope(Reply::Http("403 Forbidden", String::new()), "forbidden")]
#[case::a_login_page(html("200 OK\r\ncontent-type: text/html"), "not_a_server")]
#[case::plain_text(
    Reply::Http("200 OK\r\ncontent-type: text/plain", "hello".into()),
    "not_a_server"
)]
#[case::a_list(Reply::Json("[1, 2, 3]".into()), "not_a_server")]
#[case::another_api(Reply::Json(r#"{"message":"welcome"}"#.into()), "not_a_server")]
#[case::sent_elsewhere(
    Reply::Http("302 Found\r\nlocation: http://elsewhere.example/sync", String::new()),
    "not_a_server"
)]
#[case::sent_in_a_circle(
    Reply::Http("302 Found\r\nlocation: /sync/status/1", String::new()),
    "not_a_server"
)]
#[case::a_proxy_in_between(
    Reply::Http("407 Proxy Authentication Required", String::new()),
    "not_a_server"
)]
#[case::not_http(Reply::Raw(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()), "not_a_server")]
#[case::refused(
    Reply::Http("400 Bad Request\r\ncontent-type: application/json", "{}".into()),
    "bad_request"
)]
#[case::never_to_be_implemented(Reply::Http("501 Not Implemented", String::new()), "server_error")]
#[tokio::test]
async fn a_server_that_says_no_is_asked_once_and_nothing_changes(
    #[case] reply: Reply,
    #[case] code: &str,
) {
    let bench = Bench::scripted(World::with_messages(5), move |_, _| reply.clone()).await;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Failed);
    assert_eq!(codes(&report), [code]);
    assert_eq!(report.requests, 1, "asking again would bring the same");
    bench.assert_empty().await;
    bench.assert_recovers().await;
}

#[tokio::test]
async fn another_website_is_not_taken_for_a_server_without_the_account() {
    let reply = html("404 Not Found\r\ncontent-type: text/html");
    let bench = Bench::scripted(World::with_messages(5), move |_, _| reply.clone()).await;
    let report = bench.sync().await;
    assert_eq!(
        (report.outcome, codes(&report)),
        (Outcome::Failed, vec!["not_a_server"])
    );
    assert_eq!(
        report.requests, 2,
        "a server may lack a status, but not its first stream"
    );
    bench.assert_empty().await;
    bench.assert_recovers().await;
}

#[tokio::test]
async fn an_account_that_the_server_does_not_have_is_not_found() {
    let bench = Bench::new(World::with_messages(5)).await;
    bench.server.change(|world| {
        world.tells_status = false;
        world.streams.clear();
    });
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Failed);
    assert_eq!(codes(&report), ["not_found"]);
    bench.assert_empty().await;
}

#[tokio::test]
async fn a_token_that_expires_in_the_middle_ends_the_run_at_once_and_keeps_what_came() {
    let bench = Bench::scripted(World::with_messages(60), |request, _| {
        if request.stream == Some(Stream::Messages) && request.since > 20 {
            Reply::Http("401 Unauthorized", String::new())
        } else {
            Reply::Honest
        }
    })
    .await;
    let report = bench.sync().await;
    assert_eq!(report.outcome, Outcome::Failed);
    assert_eq!(codes(&report), ["unauthorized"]);
    let requests = bench.server.requests();
    let asked_after = requests
        .iter()
        .filter(|request| request.since > 20 || request.stream == Some(Stream::Contacts));
    assert_eq!(asked_after.count(), 1, "no second try, and no other stream");
    assert!(!bench.view().await.messages.is_empty());
    bench.assert_recovers().await;
}

#[tokio::test]
async fn a_redirect_within_the_server_is_followed_with_the_token_and_one_out_of_it_is_not() {
    let other = FaultServer::start(World::with_messages(0)).await;
    let there = other.address;
    let bench = Bench::scripted(World::with_messages(5), |request, _| {
        if request.path == "/old/sync/status/1" {
            return Reply::Http("308 Moved\r\nlocation: /sync/status/1", String::new());
        }
        Reply::Honest
    })
    .await;
    let moved = remote(&format!("http://{}/old/", bench.server.address));
    assert!(moved.status(1).await.is_ok());
    for request in bench.server.requests() {
        assert_eq!(request.headers["authorization"], format!("bearer {TOKEN}"));
    }
    let location = format!("307 Elsewhere\r\nlocation: http://{there}/sync/status/1");
    let location: &'static str = location.leak();
    bench
        .server
        .script(move |_, _| Reply::Http(location, String::new()));
    let error = bench.remote.status(1).await.unwrap_err();
    assert_eq!(error.code(), "not_a_server");
    assert!(error.to_string().contains(&there.to_string()), "{error}");
    assert!(other.requests().is_empty(), "nobody else hears the token");
}

#[tokio::test]
async fn an_address_is_tried_out_with_health_and_integrations() {
    let server = FaultServer::start(World::with_messages(0)).await;
    let remote = remote(&format!("http://{}", server.address));
    let health = remote.health().await.unwrap();
    assert_eq!(health.version.as_deref(), Some("1.2.3"));
    let bare = remote.integrations().await.unwrap();
    server.script(|_, _| {
        Reply::Json(r#"{"integrations":[{"id":1,"integration_type":"whatsapp"}]}"#.into())
    });
    assert_eq!(
        remote.integrations().await.unwrap(),
        bare,
        "under a name or not"
    );
    server.script(|_, _| Reply::Json(r#"{"message":"API gateway"}"#.into()));
    assert_eq!(remote.health().await.unwrap_err().code(), "not_a_server");
}

#[tokio::test]
async fn records_are_sent_once_with_the_token_and_the_report_is_read() {
    let server = FaultServer::start(World::with_messages(0)).await;
    server.script(|_, _| {
        Reply::Json(
            r#"{"saved":2,"updated":0,"unchanged":0,"skipped":0,"errors":[],"unknown":[]}"#.into(),
        )
    });
    let remote = remote(&format!("http://{}", server.address));
    let report = remote.ingest(1, &[]).await.unwrap();
    assert_eq!(report.saved, 2);
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].path, "/ingest/1");
    assert_eq!(requests[0].headers["content-type"], "application/json");
    assert_eq!(
        requests[0].headers["authorization"],
        format!("bearer {TOKEN}")
    );

    server.script(|_, _| Reply::Http("401 Unauthorized", String::new()));
    let error = remote.ingest(1, &[]).await.unwrap_err();
    assert_eq!(error.code(), "unauthorized");
}

#[tokio::test]
async fn no_text_of_ours_holds_the_token() {
    let url = Url::parse("http://name:pass-w0rd@127.0.0.1:9/base?key=hidden").unwrap();
    let remote = Remote::new(url, Some(TOKEN.into()), RemoteOptions::default()).unwrap();
    let error = remote.health().await.unwrap_err();
    for text in [
        format!("{remote:?}"),
        format!("{error:?}"),
        format!("{error}"),
    ] {
        for secret in [TOKEN, "pass-w0rd", "hidden"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[rstest]
#[case::a_file("file:///etc/passwd", "bad_address")]
#[case::another_protocol("ftp://example.org", "bad_address")]
fn an_address_that_is_not_http_is_refused(#[case] address: &str, #[case] code: &str) {
    let result = Remote::new(Url::parse(address).unwrap(), None, RemoteOptions::default());
    assert_eq!(result.unwrap_err().code(), code);
}

#[test]
fn a_token_that_no_header_can_carry_is_refused_without_showing_it() {
    let url = Url::parse("http://127.0.0.1:9").unwrap();
    let token = format!("{TOKEN}\nX-Other: 1");
    let error = Remote::new(url, Some(token), RemoteOptions::default()).unwrap_err();
    assert_eq!(error.code(), "unauthorized");
    assert!(!format!("{error:?} {error}").contains(TOKEN));
}
