//! `threadkeep history`: what it shows, and how it ends.

use serde_json::{Value, json};

use crate::place::{Place, RealServer};

/// A mirror of a real server that no phone feeds, and the address of a chat in it.
fn mirrored() -> (Place, RealServer, String) {
    let (place, server) = (Place::new(), RealServer::with_messages(200));
    place.json(&["connect", &server.url, "--token", &server.token]);
    place.json(&["sync"]);
    let jid = place.json(&["chats"])[0]["jid"]
        .as_str()
        .expect("a chat")
        .to_owned();
    (place, server, jid)
}

#[test]
fn where_a_request_stands_is_one_document() {
    let (place, _server, jid) = mirrored();
    let told = place.json(&["history", &jid, "--show"]);
    assert_eq!(
        (&told["chat"], &told["status"]),
        (&json!(jid), &json!("not_started"))
    );
    assert_eq!(
        (&told["messages_synced"], &told["gaps"]),
        (&json!(0), &json!([]))
    );
    assert!(told["since"].is_string(), "there are messages: {told}");
    let cancelled = place.json(&["history", &jid, "--cancel"]);
    assert_eq!(
        cancelled["status"], "not_started",
        "there is nothing to cancel"
    );
}

#[test]
fn a_request_that_no_phone_answers_is_cancelled_by_another_terminal_and_says_so() {
    let (place, server, jid) = mirrored();
    let asking = place.start(&["history", &jid, "--max", "100", "--json", "--progress-json"]);
    // The same person's other computer cancels it, once it runs.
    let other = Place::new();
    other.json(&["connect", &server.url, "--token", &server.token]);
    other.json(&["sync"]);
    let begun = std::time::Instant::now();
    while other.json(&["history", &jid, "--show"])["status"] != "in_progress" {
        assert!(begun.elapsed().as_secs() < 60, "the request begins at all");
    }
    assert_eq!(
        other.json(&["history", &jid, "--cancel"])["status"],
        "cancelled"
    );
    let said = asking.said();
    assert_eq!(said.code, 130, "{said:?}");
    assert_eq!(said.json()["status"], "cancelled");
    let steps: Vec<Value> = said
        .err
        .lines()
        .map(|line| serde_json::from_str(line).expect("progress is a line of JSON each"))
        .collect();
    assert_eq!(
        (&steps[0]["done"], &steps[0]["total"]),
        (&json!(0), &json!(100))
    );
    let told = place.run(&["history", &jid, "--show"]);
    assert!(
        told.out.contains("--resume"),
        "it says how to go on: {told:?}"
    );
}

#[rstest::rstest]
#[case::none(&["--max", "0"])]
#[case::too_many(&["--max", "10001"])]
#[case::two_ends(&["--max", "5", "--full"])]
#[case::both(&["--cancel", "--show"])]
fn what_makes_no_sense_is_wrong_usage(#[case] flags: &[&str]) {
    let place = Place::new();
    let said = place.run(&[&["history", "Ana"], flags].concat());
    assert_eq!(said.code, 2, "{said:?}");
}
