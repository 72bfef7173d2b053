//! `threadkeep search` and `threadkeep index rebuild`.

use serde_json::json;

use crate::place::Place;

fn demo() -> Place {
    let place = Place::new();
    place.json(&["demo"]);
    place
}

#[test]
fn a_search_answers_with_messages_that_can_be_read() {
    let place = demo();
    let found = place.json(&["search", "photo OR garden OR coffee", "--limit", "5"]);
    assert_eq!(
        found["complete"], true,
        "the index is made up first: {found}"
    );
    let hits = found["hits"].as_array().expect("a list");
    assert_eq!(hits.len(), 5, "as many as were asked for");
    assert!(found["about"].as_i64() >= Some(5), "{found}");
    for hit in hits {
        let text = hit["text"].as_str().expect("a text");
        let units: Vec<u16> = text.encode_utf16().collect();
        let start = hit["text_start"].as_u64().expect("a number");
        let marks = hit["marks"].as_array().expect("a list");
        assert!(!marks.is_empty(), "{hit}");
        for mark in marks {
            let [from, to] = [0, 1].map(|at| (mark[at].as_u64().unwrap() - start) as usize);
            let word = String::from_utf16(&units[from..to]).expect("no half of a character");
            let known = ["photo", "garden", "coffee"];
            assert!(
                known.contains(&word.to_lowercase().as_str())
                    || word.to_lowercase().starts_with("coffee"),
                "{word}"
            );
        }
        let (chat, message) = (
            hit["chat"].as_str().unwrap(),
            hit["message"].as_str().unwrap(),
        );
        let around = place.json(&["read", chat, "--around", message, "--limit", "1"]);
        assert_eq!(
            around["messages"][0]["message"], hit["message"],
            "it leads to its place"
        );
        assert_eq!(around["messages"][0]["id"], hit["id"]);
    }
    let next = found["next"].as_str().expect("there is more");
    let more = place.json(&[
        "search",
        "photo OR garden OR coffee",
        "--after",
        next,
        "--limit",
        "5",
    ]);
    assert!(
        more["hits"][0]["at"].as_str() <= hits[4]["at"].as_str(),
        "pages go back in time"
    );
    assert_eq!(place.json(&["stats"])["search_behind"], 0);
}

#[test]
fn what_is_odd_is_no_error() {
    let place = demo();
    for query in [
        "",
        "\"",
        "-",
        "OR",
        "from:nobody x",
        "\u{e000}",
        "NEAR(a b)",
    ] {
        let found = place.run(&["search", "--json", "--", query]).json();
        assert!(found["hits"].is_array(), "{query}: {found}");
    }
    let found = place.json(&["search", "from:nobody"]);
    assert_eq!(found["unknown"], json!(["nobody"]));
    let said = place.run(&["search", "from:nobody"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.err.contains("nothing found"), "{said:?}");
    let said = place.run(&["search", "x", "--after", "nowhere", "--json"]);
    assert_eq!((said.code, said.error_code().as_str()), (1, "bad_cursor"));
}

#[test]
fn times_and_days_are_those_of_the_place() {
    let place = demo();
    let hit = &place.json(&["search", "coffee", "--limit", "1"])["hits"][0];
    let at = hit["at"].as_str().expect("a time");
    let (day, hour) = (&at[..10], &at[11..16]);
    let said = place.run(&["search", "coffee", "--limit", "1"]);
    assert!(said.out.starts_with(&format!("{day} {hour}")), "{said:?}");
    let east = place.run_in("EST-13:00", &["search", "coffee", "--limit", "1"]);
    assert!(
        !east.out.starts_with(&format!("{day} {hour}")),
        "thirteen hours later: {east:?}"
    );
    // Where it is thirteen hours later the day begins thirteen hours earlier.
    let on = format!("coffee on:{}", &east.out[..10]);
    let found = place.run_in("EST-13:00", &["search", &on, "--json"]).json();
    assert_eq!(found["hits"][0]["message"], hit["message"], "{on}");
}

#[test]
fn an_index_that_is_lost_is_made_again() {
    let place = demo();
    let before = place.json(&["search", "coffee", "--limit", "500"]);
    let rebuilt = place.json(&["index", "rebuild"]);
    assert!(rebuilt["messages"].as_i64() > Some(10_000), "{rebuilt}");
    assert_eq!(place.json(&["search", "coffee", "--limit", "500"]), before);
    std::fs::remove_file(place.home().join("db/search.db")).expect("the index is there");
    assert_eq!(place.json(&["search", "coffee", "--limit", "500"]), before);
}
