//! Looking for damage, and comparing with the server.

use rstest::rstest;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::place::{Place, RealServer};

/// A home that has pulled everything.
fn synced() -> (Place, RealServer) {
    let (place, server) = (Place::new(), RealServer::with_messages(300));
    place.json(&["connect", &server.url, "--token", &server.token]);
    place.json(&["sync"]);
    (place, server)
}

impl Place {
    /// What a hand does to the mirror.
    fn damage(&self, sql: &str) {
        let file = self.json(&["stats"])["path"].as_str().unwrap().to_owned();
        let conn = Connection::open(file).unwrap();
        conn.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        conn.execute_batch(sql).unwrap();
        assert!(conn.changes() > 0, "the damage is done: {sql}");
    }

    /// What `check` says, and how it exits.
    fn check(&self, arguments: &[&str]) -> (i32, Value) {
        let said = self.run(&[&["check", "--json"], arguments].concat());
        (said.code, said.json())
    }
}

#[test]
fn what_is_sound_is_said_to_be() {
    let (place, _server) = synced();
    for full in [&[][..], &["--full"]] {
        let (code, answer) = place.check(full);
        assert_eq!(code, 0);
        assert_eq!(answer, json!({"sound": true, "findings": []}));
    }
    let (code, answer) = place.check(&["--against-server"]);
    assert_eq!(code, 0, "{answer}");
    let account = &answer["accounts"][0];
    assert_eq!(
        (&account["sound"], &account["mended"]),
        (&json!(true), &json!(0))
    );
    assert_eq!(
        account["streams"][1]["rows"], 300,
        "each message was compared"
    );
    let words = place.run(&["check", "--against-server"]);
    assert!(words.out.contains("the same as on the server"), "{words:?}");
    assert!(words.out.contains("the file is sound"), "{words:?}");
}

#[rstest]
#[case::dropped("DELETE FROM messages WHERE pk IN (5, 77)", 2)]
#[case::a_chat("DELETE FROM conversations", 301)]
#[case::another_version("UPDATE messages SET seq = 1 WHERE pk = 5", 1)]
#[test]
fn what_a_hand_has_done_is_found_and_mended(#[case] sql: &str, #[case] rows: i64) {
    let (place, _server) = synced();
    place.damage(sql);
    let (code, answer) = place.check(&["--against-server", "--dry-run"]);
    assert_eq!(code, 3, "something is wrong and stays: {answer}");
    assert_eq!(answer["sound"], false);
    let (code, again) = place.check(&["--against-server", "--dry-run"]);
    assert_eq!(
        (code, &again["accounts"][0]["streams"]),
        (3, &answer["accounts"][0]["streams"])
    );

    let (code, answer) = place.check(&["--against-server"]);
    assert_eq!(code, 0, "all was mended: {answer}");
    assert_eq!(answer["accounts"][0]["mended"], rows);
    assert_eq!(place.check(&["--full"]).0, 0);
    assert_eq!(place.json(&["stats"])["messages"], 300);
}

#[test]
fn what_the_server_never_had_is_removed() {
    let (place, _server) = synced();
    place.damage(
        "INSERT INTO messages (id, integration_pk, generation, seq, conversation_pk, timestamp) \
         SELECT randomblob(16), integration_pk, generation, 1, conversation_pk, 1 FROM messages LIMIT 3",
    );
    let (code, answer) = place.check(&["--against-server"]);
    assert_eq!(code, 0, "{answer}");
    assert_eq!(answer["accounts"][0]["removed"], 3, "{answer}");
    assert_eq!(place.json(&["stats"])["messages"], 300);
}

#[test]
fn an_altered_text_is_found_by_a_full_comparison() {
    let (place, _server) = synced();
    place.damage("UPDATE messages SET content = 'forged' WHERE pk = 5");
    assert_eq!(place.check(&["--against-server"]).0, 0, "no sum sees it");
    let (code, answer) = place.check(&["--full", "--against-server", "--dry-run"]);
    assert_eq!((code, &answer["accounts"][0]["mended"]), (3, &json!(1)));
    let (code, answer) = place.check(&["--full", "--against-server"]);
    assert_eq!((code, &answer["accounts"][0]["mended"]), (0, &json!(1)));
    let (code, _) = place.check(&["--full", "--against-server", "--dry-run"]);
    assert_eq!(code, 0);
}

#[test]
fn damage_is_found_without_a_server() {
    let (place, server) = synced();
    drop(server);
    place.damage("DELETE FROM conversations");
    let (code, answer) = place.check(&[]);
    assert_eq!((code, &answer["sound"]), (3, &json!(false)));
    assert!(
        answer["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|finding| finding["kind"] == "orphans" && finding["count"] == 300),
        "{answer}"
    );
    let words = place.run(&["check"]);
    assert!(
        words.out.contains("messages without a chat (300)"),
        "{words:?}"
    );
}

#[test]
fn a_server_that_is_gone_fails_in_a_sentence() {
    let (place, server) = synced();
    drop(server);
    let said = place.run(&["check", "--against-server", "--json"]);
    assert_eq!(said.code, 1);
    said.assert_one_sentence();
    assert_eq!(
        said.json()["accounts"][0]["errors"][0]["code"],
        "unreachable"
    );
}

#[rstest]
#[case(&["check", "--dry-run"])]
#[case(&["check", "--integration", "1"])]
#[test]
fn what_only_means_something_with_a_server_needs_one(#[case] arguments: &[&str]) {
    assert_eq!(Place::new().run(arguments).code, 2);
}
