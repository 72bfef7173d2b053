//! Several things at once.

use threadkeep_ingest::{Format, Found, find};

use super::*;

const STORE: &[u8] = br#"{"chats": [], "messages": {"a@g.us": []}}"#;
const EVENT: &[u8] = br#"{"event": "chats.upsert", "data": []}"#;

fn found(paths: &[PathBuf]) -> Vec<(Vec<String>, Vec<Format>)> {
    let all = find(paths, Limits::default(), None).expect("all of it can be read");
    let entries = |found: &Found| paths_of(&found.input);
    all.iter()
        .map(|found| (entries(found), found.formats.clone()))
        .collect()
}

fn paths_of(input: &Input) -> Vec<String> {
    paths(input).into_iter().map(str::to_owned).collect()
}

#[test]
fn files_are_one_input_and_folders_and_zips_are_one_each() {
    let home = folder();
    let given = [
        write(home.path(), "store.json", STORE),
        write(home.path(), "events.json", EVENT),
        write(home.path(), "x.zip", &zip_of(&[("store.json", STORE)])),
        write(home.path(), "sub/events.json", EVENT)
            .parent()
            .unwrap()
            .to_owned(),
    ];
    let both = vec![Format::BaileysEvents, Format::BaileysStore];
    let mut all = found(&given);
    let turned: Vec<_> = given.iter().rev().cloned().collect();
    let mut other = found(&turned);
    for side in [&mut all, &mut other] {
        for (entries, _) in side.iter_mut() {
            entries.sort();
        }
        side.sort();
    }
    assert_eq!(all, other, "the order of what is given says nothing");
    assert_eq!(
        all,
        [
            (vec!["events.json".to_owned()], vec![Format::BaileysEvents]),
            (
                vec!["events.json".to_owned(), "store.json".to_owned()],
                both
            ),
            (vec!["store.json".to_owned()], vec![Format::BaileysStore]),
        ]
    );
}

#[test]
fn a_folder_of_downloads_gives_its_zips() {
    let home = folder();
    write(home.path(), "one.zip", &zip_of(&[("store.json", STORE)]));
    write(home.path(), "other.zip", &zip_of(&[("events.json", EVENT)]));
    write(home.path(), "broken.zip", b"PK\x03\x04 and no more");
    write(home.path(), "holiday.jpg", b"\xff\xd8");
    write(
        home.path(),
        "deeper/sent.zip",
        &zip_of(&[("store.json", STORE)]),
    );
    let formats: Vec<_> = found(&[home.path().to_owned()])
        .into_iter()
        .map(|one| one.1)
        .collect();
    assert_eq!(formats, [[Format::BaileysStore], [Format::BaileysEvents]]);
}

#[test]
fn an_export_keeps_the_zips_that_were_sent_in_it_shut() {
    let home = folder();
    write(home.path(), "store.json", STORE);
    write(
        home.path(),
        "theirs.zip",
        &zip_of(&[("events.json", EVENT)]),
    );
    let all = found(&[home.path().to_owned()]);
    assert_eq!(all.len(), 1, "what somebody sent may be somebody else's");
    assert_eq!(all[0].1, [Format::BaileysStore]);
}

#[test]
fn what_nobody_knows_is_said_to_be_nothing() {
    let home = folder();
    let file = write(home.path(), "notes.txt", b"milk, eggs");
    assert_eq!(found(&[file]), [(vec!["notes.txt".to_owned()], vec![])]);
}
