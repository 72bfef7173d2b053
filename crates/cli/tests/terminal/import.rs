//! What people have already, on its way in.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::place::{Place, Said};

const STORE: &str = include_str!("../../../../tests/fixtures/baileys/baileys_store.json");

fn message(id: &str, text: &str) -> Value {
    json!({
        "type": "message",
        "external_conversation_id": "15550002222@s.whatsapp.net",
        "external_message_id": id,
        "sender_external_id": "15550002222@s.whatsapp.net",
        "content": text,
        "timestamp": "2024-01-02T03:04:05Z",
    })
}

fn write(place: &Place, name: &str, text: &str) -> String {
    let path = place.file(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn import(place: &Place, arguments: &[&str]) -> Said {
    place.run(&[&["import", "--json"], arguments].concat())
}

fn done(said: &Said) -> Value {
    assert_eq!(said.code, 0, "{}\n{}", said.out, said.err);
    said.json()
}

#[test]
fn a_store_is_brought_in_once() {
    let place = Place::new();
    let store = write(&place, "something", STORE);
    let looked = done(&import(&place, &[&store, "--dry-run"]));
    assert_eq!(looked["dry_run"], true);
    assert_eq!(looked["format"], "baileys-store", "told by what is in it");
    let accounts = place.run(&["accounts", "--json"]).json();
    assert_eq!(accounts, json!([]), "a look makes nothing");

    let first = done(&import(&place, &[&store]));
    let read = looked["messages"]["read"].as_i64().unwrap();
    assert!(read > 100, "{first}");
    assert_eq!(
        first["messages"], looked["messages"],
        "what was said would come came"
    );
    assert_eq!(first["outcome"], "completed");
    let stats = place.run(&["stats", "--json"]).json();
    assert!(
        stats["messages"].as_i64().unwrap() > 100,
        "it can be read here: {stats}"
    );

    let again = done(&import(&place, &[&store]));
    assert_eq!(
        again["records"]["saved"], 0,
        "the same again changes nothing: {again}"
    );
    assert_eq!(again["records"]["updated"], 0);
    assert_eq!(again["messages"]["saved"], 0);
    let after = place.run(&["stats", "--json"]).json();
    assert_eq!(after["messages"], stats["messages"]);
    let scratch = place.home().join("scratch");
    assert!(
        !scratch.exists() || fs::read_dir(scratch).unwrap().count() == 0,
        "nothing is left behind"
    );
}

#[test]
fn several_at_once_and_a_folder_are_read_together() {
    let place = Place::new();
    let one = write(
        &place,
        "one.json",
        &json!([message("A", "one")]).to_string(),
    );
    write(
        &place,
        "folder/deep/two.ndjson",
        &message("B", "two").to_string(),
    );
    write(&place, "folder/notes.txt", "milk, eggs");
    let folder = place.file("folder");
    let said = done(&import(&place, &[&one, folder.to_str().unwrap()]));
    assert_eq!(said["messages"]["saved"], 2, "{said}");
    let read = place
        .run(&["read", "15550002222@s.whatsapp.net", "--json"])
        .json();
    assert_eq!(read["messages"].as_array().unwrap().len(), 2);
}

#[rstest::rstest]
#[case::cut_short(&STORE[..STORE.len() / 2], "unreadable_file")]
#[case::something_else("Dear diary", "unknown_format")]
#[case::half_a_zip("PK\u{3}\u{4}", "unreadable_file")]
fn what_cannot_be_read_whole_changes_nothing(#[case] text: &str, #[case] code: &str) {
    let place = Place::new();
    let good = write(
        &place,
        "folder/good.json",
        &json!([message("A", "one")]).to_string(),
    );
    let good = Path::new(&good)
        .parent()
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned();
    let bad = write(&place, "bad", text);
    let said = import(&place, &[&good, &bad]);
    assert_eq!(said.code, 1, "{}", said.out);
    assert_eq!(said.json()["error"]["code"], code);
    assert!(said.err.contains("bad"), "it is named: {}", said.err);
    assert_eq!(
        place.run(&["accounts", "--json"]).json(),
        json!([]),
        "the good one waits for the bad one"
    );
}

#[test]
fn a_bad_record_costs_only_itself() {
    let place = Place::new();
    let file = write(
        &place,
        "some.ndjson",
        &format!("{}\n{{\"type\":\"song\"}}\n", message("A", "one")),
    );
    let said = import(&place, &[&file]);
    assert_eq!(said.code, 3, "done in part: {}", said.err);
    assert_eq!(said.json()["messages"]["saved"], 1);
    assert_eq!(said.json()["error_count"], 1);
    let words = place.run(&["import", &file]);
    assert!(
        words.out.contains("not taken: some.ndjson, place 2"),
        "{}",
        words.out
    );
}

#[rstest::rstest]
#[case::format(&["--as", "docx"], "no_format")]
#[case::zone(&["--zone", "Mars/Base"], "no_zone")]
#[case::chat(&["--chat", "nobody"], "no_chat")]
#[case::account(&["--into", "9"], "no_account")]
fn what_makes_no_sense_is_said(#[case] how: &[&str], #[case] code: &str) {
    let place = Place::new();
    let file = write(&place, "a.json", &json!([message("A", "one")]).to_string());
    let said = import(&place, &[&[file.as_str()], how].concat());
    assert_eq!(
        (said.code, &said.json()["error"]["code"]),
        (1, &json!(code)),
        "{}",
        said.err
    );
}
