//! Files in a terminal: listed, brought, saved.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::place::Place;

fn states(files: &Value) -> BTreeMap<String, usize> {
    let mut states = BTreeMap::new();
    for file in files.as_array().into_iter().flatten() {
        *states
            .entry(file["state"].as_str().unwrap_or_default().to_owned())
            .or_default() += 1;
    }
    states
}

#[test]
fn the_files_of_the_sample_are_listed_brought_and_saved() {
    let place = Place::new();
    place.json(&["demo"]);
    let chats = place.json(&["chats"]);
    let ids = chats.as_array().into_iter().flatten();
    let files_of = |id: &str| place.json(&["media", "list", id, "--limit", "200"]);
    let chat = ids
        .filter_map(|chat| chat["id"].as_str())
        .find(|id| states(&files_of(id)).contains_key("on_server"))
        .expect("a chat has files on the server");
    let list = || files_of(chat);
    let before = states(&list());
    assert!(
        before["on_server"] > 0,
        "some are on the server: {before:?}"
    );
    assert_eq!(before.get("here"), None, "none is here yet");

    let came = place.json(&["media", "fetch", "--chat", chat]);
    assert_eq!(
        came["fetched"], before["on_server"],
        "those of one chat come"
    );
    assert_eq!(states(&list())["here"], before["on_server"]);
    let rest = place.json(&["media", "fetch", "--up-to", "1"]);
    assert!(
        rest["fetched"].as_u64() > Some(5),
        "and those of all others"
    );
    assert_eq!(rest["failed"], 0);
    assert_eq!(
        place.json(&["media", "fetch"])["fetched"],
        0,
        "nothing is left"
    );
    assert!(place.json(&["stats"])["bytes"]["media"].as_i64() > Some(100_000));

    let files = list();
    let here = files
        .as_array()
        .into_iter()
        .flatten()
        .find(|file| file["state"] == "here");
    let here = here.expect("one is here");
    let to = place.file("saved").display().to_string();
    let saved = place.json(&["media", "save", here["id"].as_str().unwrap(), "--to", &to]);
    let bytes = std::fs::read(saved["path"].as_str().unwrap()).expect("it was saved");
    assert_eq!(Some(bytes.len() as u64), here["bytes"].as_u64(), "whole");
    let no_such = place.run(&["media", "save", "999999", "--json"]);
    assert_eq!(
        (no_such.code, no_such.error_code().as_str()),
        (1, "no_media")
    );
}
