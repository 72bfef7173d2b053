//! What people have already, on its way in.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::Stdio,
};

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
#[case::half_a_zip("PK\u{3}\u{4}", "bad_zip")]
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

/// A Telegram chat with a picture.
const WITH_PICTURE: &str = r#"{"name":"Ana","type":"personal_chat","id":100,"messages":[
    {"id":1,"type":"message","date":"2024-01-02T03:04:05","date_unixtime":"1704164645","from":"Ana","from_id":"user100",
     "text":"look","text_entities":[{"type":"plain","text":"look"}]},
    {"id":2,"type":"message","date":"2024-01-02T03:05:05","date_unixtime":"1704164705","from":"Ana","from_id":"user100",
     "photo":"photos/photo_1.jpg","width":8,"height":8,"text":"","text_entities":[]}]}"#;

/// Noor exported a chat without its pictures, and later again as a zip with them.
#[test]
fn a_picture_that_was_missing_is_found_by_a_later_import_and_can_be_opened() {
    let place = Place::new();
    let bare = write(&place, "bare/result.json", WITH_PICTURE);
    let said = done(&import(&place, &[&bare]));
    assert_eq!(
        said["attachments"],
        json!({"named": 1, "missing": 1}),
        "it is said that it is missing"
    );
    let listed = |place: &Place| place.run(&["media", "list", "Ana", "--json"]).json();
    assert_ne!(listed(&place)[0]["state"], "here");

    let picture = [b"\xff\xd8\xff".as_slice(), &[7; 5_000]].concat();
    let mut zip = zip::ZipWriter::new(fs::File::create(place.file("whole.zip")).unwrap());
    for (name, bytes) in [
        ("x/result.json", WITH_PICTURE.as_bytes()),
        ("x/photos/photo_1.jpg", &picture),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
    let whole = place.file("whole.zip");
    let said = done(&import(&place, &[whole.to_str().unwrap()]));
    assert_eq!(
        said["messages"]["saved"], 0,
        "the messages are those of before: {said}"
    );
    assert_eq!(
        (&said["attachments"]["missing"], &said["files_brought"]),
        (&json!(0), &json!(1))
    );
    done(&place.run(&["media", "fetch", "--chat", "Ana", "--json"]));
    let id = listed(&place)[0]["id"]
        .as_str()
        .expect("it is listed")
        .to_owned();
    let saved = place.run(&[
        "media",
        "save",
        &id,
        "--to",
        place.file("").to_str().unwrap(),
        "--json",
    ]);
    let path = done(&saved)["path"]
        .as_str()
        .expect("it says where")
        .to_owned();
    assert_eq!(
        fs::read(path).unwrap(),
        picture,
        "its bytes are those of the zip"
    );
}

/// The computer loses power in the middle of Ida's import; she runs it again.
#[test]
fn an_import_that_was_killed_is_completed_by_the_next() {
    let place = Place::new();
    let lines: Vec<String> = (0..12_000)
        .map(|number| message(&format!("A{number}"), "said").to_string())
        .collect();
    let file = write(&place, "many.ndjson", &lines.join("\n"));
    let mut running = place
        .command(&["import", &file, "--progress-json"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let told = BufReader::new(running.stderr.take().unwrap()).lines();
    // The server has taken a part of it; whether all, decides who is faster, and either end is a good one.
    let part = told
        .map(Result::unwrap)
        .find(|line| line.contains(r#""stage":"import""#));
    assert!(part.is_some(), "it says how far it is");
    running.kill().unwrap();
    running.wait().unwrap();

    let whole = done(&import(&place, &[&file]));
    assert_eq!(whole["messages"]["read"], 12_000);
    let stats = place.run(&["stats", "--json"]).json();
    assert_eq!(
        stats["messages"], 12_000,
        "none is missing and none is there twice"
    );
    let again = done(&import(&place, &[&file]));
    assert_eq!(
        (&again["records"]["saved"], &again["records"]["updated"]),
        (&json!(0), &json!(0))
    );
}

#[test]
fn an_import_is_listed_and_taken_back() {
    let place = Place::new();
    let store = write(&place, "store.json", STORE);
    let first = done(&import(&place, &[&store]));
    let messages = || place.run(&["stats", "--json"]).json()["messages"].clone();
    let brought = messages();
    let listed = || place.run(&["imports", "list", "--json"]).json();
    assert_eq!(listed()[0]["state"], "complete", "{}", listed());
    assert_eq!(listed()[0]["files"], json!(["store.json"]));

    let id = first["id"].as_str().unwrap();
    assert_eq!(listed()[0]["id"], id, "the answer named it");
    let undone = place.run(&["imports", "undo", id, "--json"]);
    assert_eq!(undone.code, 0, "{}\n{}", undone.out, undone.err);
    assert_eq!(messages(), 0, "nobody else knew what it brought");
    assert_eq!(listed()[0]["state"], "undone");
    let none = place.run(&["imports", "undo", "99", "--json"]);
    assert_eq!(none.code, 1, "there is none of that number: {}", none.out);

    done(&import(&place, &[&store]));
    assert_eq!(
        messages(),
        brought,
        "what was taken back can be brought in again"
    );
}
