//! A server that lists no accounts, and what can be said about the order in which a sync brings things.

use crate::place::{Place, RealServer, http, wrong_server};

/// Three streams of JSON pages for the accounts 1 and 2, and nothing else.
fn first_design() -> String {
    wrong_server(|path| {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let is_first = query.split('&').any(|pair| pair == "since_seq=0");
        let parts: Vec<&str> = path.split('/').collect();
        let body = match parts[..] {
            [
                "",
                "sync",
                stream @ ("conversations" | "messages" | "contacts"),
                "1" | "2",
            ] => {
                let row = match stream {
                    "conversations" if is_first => {
                        r#"{"id": "01900000-0000-7000-8000-000000000001", "seq": 1,
                            "external_conversation_id": "1@s.whatsapp.net", "name": "Ana"}"#
                    }
                    "messages" if is_first => {
                        r#"{"id": "01900000-0000-7000-8000-000000000002", "seq": 1,
                            "conversation_id": "01900000-0000-7000-8000-000000000001",
                            "external_message_id": "A", "message_type": "text",
                            "content": "hello", "timestamp": "2024-01-01T00:00:00Z"}"#
                    }
                    _ => "",
                };
                let seq = i32::from(!row.is_empty());
                format!(
                    r#"{{"{stream}": [{row}], "latest_seq": {seq}, "has_more": false, "total_count": {seq}}}"#
                )
            }
            _ => return http("404 Not Found", "text/plain", "404 page not found\n"),
        };
        http("200 OK", "application/json", &body)
    })
}

#[test]
fn a_server_that_lists_no_accounts_is_connected_to_and_synced() {
    let place = Place::new();
    let accounts = place.json(&["connect", &first_design(), "--token", "tk_any"]);
    assert_eq!(accounts[0]["integration_type"], "whatsapp");
    let runs = place.json(&["sync"]);
    assert_eq!(runs["runs"][0]["outcome"], "completed", "{runs}");
    let read = place.json(&["read", "Ana"]);
    assert_eq!(read["messages"][0]["text"], "hello");
}

#[test]
fn which_of_its_accounts_can_be_said() {
    let (place, url) = (Place::new(), first_design());
    let connect = ["connect", &url, "--token", "tk_any", "--integration"];
    let said = place.run(&[&connect[..], &["9", "--json"]].concat());
    assert_eq!(
        (said.code, said.error_code().as_str()),
        (1, "not_found"),
        "{said:?}"
    );
    said.assert_one_sentence();
    let both = place.json(&[&connect[..], &["1", "--integration", "2"]].concat());
    assert_eq!(both.as_array().map(Vec::len), Some(2));
}

#[test]
fn what_comes_first_can_be_said_in_three_ways_and_no_other() {
    let (place, server) = (Place::new(), RealServer::with_messages(30));
    place.json(&["connect", &server.url, "--token", &server.token]);
    for said in ["--recent-first", "--recent-first=3", "--recent-first=3x2"] {
        place.json(&["sync", said]);
    }
    assert_eq!(place.json(&["stats"])["messages"], 30);
    for said in [
        "--recent-first=0",
        "--recent-first=3x",
        "--recent-first=all",
        "--recent-first=-1",
    ] {
        assert_eq!(place.run(&["sync", said]).code, 2, "{said} is wrong usage");
    }
}
