//! Addresses that lead to something else, and servers that misbehave: one sentence, a code, exit
//! code 1, and nothing changed.

use crate::place::{Place, RealServer, Said, http, wrong_server};

const PAGE_JSON: &str = "application/json";

/// Connecting fails, and leaves no account behind.
fn refused(url: &str, token: &str, code: &str) {
    let place = Place::new();
    let said = place.run(&["connect", url, "--token", token, "--json"]);
    assert_eq!(
        (said.code, said.error_code().as_str()),
        (1, code),
        "{said:?}"
    );
    said.assert_one_sentence();
    assert!(!said.err.contains(token), "no token in what is said");
    assert_eq!(
        place.json(&["accounts"]),
        serde_json::json!([]),
        "nothing was added"
    );
}

#[test]
fn a_wrong_token() {
    let server = RealServer::with_messages(1);
    refused(&server.url, "tk_wrong", "unauthorized");
}

#[test]
fn nobody_listens() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    refused(&format!("http://{address}"), "tk_any", "unreachable");
}

#[rstest::rstest]
#[case::no_address("nonsense://x")]
#[case::no_host("http://")]
fn no_address(#[case] url: &str) {
    refused(url, "tk_any", "bad_address");
}

#[test]
fn plain_http_to_a_tls_port() {
    // What a TLS server says to a client that does not speak TLS: a fatal alert.
    let url = wrong_server(|_| vec![0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x46]);
    refused(&url, "tk_any", "tls");
}

#[test]
fn tls_to_a_plain_port() {
    let server = RealServer::with_messages(1);
    refused(&server.url.replace("http://", "https://"), "tk_any", "tls");
}

#[test]
fn a_web_page() {
    let url = wrong_server(|_| {
        http(
            "200 OK",
            "text/html",
            "<html>Log in to the hotel's network</html>",
        )
    });
    refused(&url, "tk_any", "not_a_server");
}

#[test]
fn json_of_something_else() {
    let url = wrong_server(|_| http("200 OK", PAGE_JSON, r#"{"hello": "world"}"#));
    refused(&url, "tk_any", "not_a_server");
}

/// A server that connects well, and whose pages are what the function says. Its first page is sound.
fn sync_with(page: fn(since: i64) -> String) -> (Place, Said) {
    let url = wrong_server(move |path| {
        let since = path.split_once("since_seq=").map_or(0, |(_, rest)| {
            rest.split('&')
                .next()
                .and_then(|number| number.parse().ok())
                .unwrap_or(0)
        });
        let body = match path {
            "/health" => r#"{"status": "ok", "version": "0.1.0"}"#.to_owned(),
            "/integrations" => {
                r#"[{"id": 1, "integration_type": "whatsapp", "display_name": "x"}]"#.to_owned()
            }
            _ if path.starts_with("/sync/status/") => {
                r#"{"latest_conversation_seq": 9, "conversation_count": 9, "latest_message_seq": 0, "epoch": "e"}"#
                    .to_owned()
            }
            _ if path.starts_with("/sync/conversations/") => page(since),
            _ => {
                let stream = path.split('/').nth(2).unwrap_or_default();
                format!(
                    r#"{{"{stream}": [], "latest_seq": {since}, "has_more": false, "epoch": "e"}}"#
                )
            }
        };
        http("200 OK", PAGE_JSON, &body)
    });
    let place = Place::new();
    place.json(&["connect", &url, "--token", "tk_any"]);
    let said = place.run(&["sync", "--json"]);
    (place, said)
}

fn conversation(seq: i64) -> String {
    format!(
        r#"{{"id": "01900000-0000-7000-8000-00000000000{seq}", "seq": {seq},
            "external_conversation_id": "{seq}@s.whatsapp.net"}}"#
    )
}

fn assert_only_the_first_page(place: &Place, said: &Said, code: &str) {
    assert!(
        matches!(said.code, 1 | 3),
        "failed, or done in part: {said:?}"
    );
    assert_eq!(said.error_code(), code, "{said:?}");
    said.assert_one_sentence();
    assert_eq!(
        place.json(&["stats"])["conversations"],
        1,
        "the sound page is kept, the other changed nothing"
    );
}

#[test]
fn a_page_that_is_no_json() {
    let (place, said) = sync_with(|since| match since {
        0 => format!(
            r#"{{"conversations": [{}], "latest_seq": 1, "has_more": true, "epoch": "e"}}"#,
            conversation(1)
        ),
        _ => r#"{"conversations": [{"id": "#.to_owned(),
    });
    assert_only_the_first_page(&place, &said, "bad_page");
}

#[test]
fn a_cursor_that_does_not_move() {
    let (place, said) = sync_with(|since| match since {
        0 => format!(
            r#"{{"conversations": [{}], "latest_seq": 1, "has_more": true, "epoch": "e"}}"#,
            conversation(1)
        ),
        _ => format!(
            r#"{{"conversations": [], "latest_seq": {since}, "has_more": true, "epoch": "e"}}"#
        ),
    });
    assert_only_the_first_page(&place, &said, "cursor_stuck");
}

#[test]
fn a_server_that_is_gone_when_the_sync_comes() {
    let place = Place::new();
    {
        let server = RealServer::with_messages(20);
        place.json(&["connect", &server.url, "--token", &server.token]);
        place.json(&["sync"]);
    }
    let said = place.run(&["sync", "--json"]);
    assert_eq!((said.code, said.error_code().as_str()), (1, "unreachable"));
    said.assert_one_sentence();
    assert_eq!(place.json(&["stats"])["messages"], 20, "what is here stays");
}
