//! `threadkeep select`: what it shows, refuses, frees and fetches.

use rstest::rstest;
use serde_json::{Value, json};

use crate::place::{Place, RealServer};

/// A mirror of a real server, and two chats in it, the fullest first.
fn mirrored() -> (Place, RealServer, [Value; 2]) {
    let (place, server) = (Place::new(), RealServer::with_messages(400));
    place.json(&["connect", &server.url, "--token", &server.token]);
    place.json(&["sync"]);
    let mut chats = place.json(&["chats"]).as_array().expect("a list").clone();
    chats.sort_by_key(|chat| -chat["messages"].as_i64().unwrap_or(0));
    let [first, second, ..] = &chats[..] else {
        panic!("there are two chats to choose from")
    };
    let two = [first.clone(), second.clone()];
    (place, server, two)
}

fn jid(chat: &Value) -> &str {
    chat["jid"].as_str().expect("a chat has an address")
}

fn messages(place: &Place) -> i64 {
    place.json(&["stats"])["messages"]
        .as_i64()
        .expect("a count")
}

#[test]
fn everything_is_kept_until_somebody_chooses() {
    let (place, _server, _) = mirrored();
    let all = json!({"included": true, "since": null, "media": true});
    let shown = place.json(&["select"]);
    let expected = json!({"integration_id": 1, "others": all, "chats": [], "pending": false});
    assert_eq!(shown, expected);
    let said = place.run(&["select"]);
    assert_eq!(said.out, "all chats: kept from the beginning\n");
}

#[test]
fn keeping_less_asks_and_frees_and_keeping_more_fetches() {
    let (place, _server, [ana, ben]) = mirrored();
    let all = messages(&place);
    let wanted = ["select", "--only", jid(&ana)];
    let kept = ana["messages"].as_i64().expect("a count");

    let plan = place.json(&[&wanted[..], &["--dry-run"]].concat());
    assert_eq!(plan["frees"]["messages"], all - kept, "{plan}");
    assert_eq!(plan["fetches"], false);
    let refused = place.run(&[&wanted[..], &["--json"]].concat());
    assert_eq!(refused.code, 1, "{refused:?}");
    assert_eq!(refused.json()["error"]["code"], "would_free");
    assert!(refused.err.contains("--yes"), "it says how: {refused:?}");
    assert_eq!(messages(&place), all, "nothing was freed");
    assert_eq!(place.json(&["select"])["chats"], json!([]), "nor chosen");

    let chosen = place.json(&[&wanted[..], &["--yes"]].concat());
    assert_eq!(chosen["freed"], plan["frees"], "what was said is what went");
    assert_eq!(messages(&place), kept);
    assert_eq!(chosen["others"]["included"], false);
    assert_eq!(chosen["chats"][0]["chat"], ana["jid"]);
    let listed = place.json(&["chats"]);
    let other = listed
        .as_array()
        .expect("a list")
        .iter()
        .find(|chat| chat["jid"] == ben["jid"]);
    let other = other.expect("the chats stay, to be chosen from");
    assert_eq!(other["messages"], 0);

    let wider = place.json(&["select", "--with", jid(&ben)]);
    assert_eq!(wider["pending"], false, "it was fetched: {wider}");
    let both = kept + ben["messages"].as_i64().expect("a count");
    assert_eq!(messages(&place), both);
    assert_eq!(wider["runs"][0]["outcome"], "completed");

    let later = place.json(&["select", "--everything", "--no-fetch"]);
    assert_eq!(later["pending"], true, "it is left to the next sync");
    assert_eq!(messages(&place), both);
    place.json(&["sync"]);
    assert_eq!(messages(&place), all, "all of it is here again");
    assert_eq!(place.json(&["select"])["pending"], false);
    let checked = place.run(&["check", "--against-server"]);
    assert_eq!(checked.code, 0, "{checked:?}");
}

#[test]
fn how_far_back_and_whether_with_files_is_said_of_all_or_of_some() {
    let (place, _server, [ana, _]) = mirrored();
    let all = ["select", "--since", "2020-01-01", "--no-media", "--yes"];
    let chosen = place.json(&all);
    let since = json!("2020-01-01T00:00:00Z");
    assert_eq!(chosen["others"]["since"], since);
    assert_eq!(chosen["others"]["media"], false);
    let stats = place.json(&["stats"]);
    assert_eq!(stats["media"], 0, "no files are kept");
    let chosen = place.json(&[
        "select",
        "--with",
        jid(&ana),
        "--from-the-beginning",
        "--yes",
    ]);
    assert_eq!(
        chosen["others"]["since"], since,
        "the others stay as they were"
    );
    assert_eq!(chosen["chats"][0]["since"], Value::Null);
    let shown = place.run(&["select"]);
    assert!(
        shown.out.contains("kept from the beginning, without files"),
        "{shown:?}"
    );
    let without = place.json(&["select", "--without", jid(&ana), "--yes"]);
    assert_eq!(without["chats"][0]["included"], false);
    let checked = place.run(&["check", "--against-server"]);
    assert_eq!(checked.code, 0, "what was freed is not missed: {checked:?}");
    let seen = place.json(&["read", jid(&ana)]);
    assert_eq!(seen["messages"], json!([]), "and not brought back");
}

#[rstest]
#[case::both(&["--media", "--no-media"], 2)]
#[case::everything_and_less(&["--everything", "--since", "2020-01-01"], 2)]
#[case::no_date(&["--since", "yesterday"], 2)]
#[case::no_chat(&["--with", "nobody at all"], 1)]
#[case::no_account(&["--integration", "9"], 1)]
fn what_makes_no_sense_is_refused(#[case] flags: &[&str], #[case] code: i32) {
    let (place, _server, _) = mirrored();
    let said = place.run(&[&["select"], flags].concat());
    assert_eq!(said.code, code, "{said:?}");
    assert_eq!(place.json(&["select"])["chats"], json!([]));
}

#[test]
fn with_several_accounts_it_must_be_said_which() {
    let (place, _server, _) = mirrored();
    let other = RealServer::with_messages(10);
    place.json(&["connect", &other.url, "--token", &other.token]);
    let said = place.run(&["select"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("--integration"), "{said:?}");
    let chosen = place.json(&["select", "--integration", "2", "--no-media"]);
    assert_eq!(chosen["integration_id"], 2);
    assert_eq!(
        place.json(&["select", "--integration", "1"])["others"]["media"],
        true
    );
}
