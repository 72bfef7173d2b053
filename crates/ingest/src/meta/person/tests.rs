use rstest::rstest;

use super::*;
use crate::{
    collected::{folder, open},
    meta::{
        Platform,
        thread::{find as threads, head},
    },
};

fn chat(names: &str) -> String {
    let names: Vec<String> = names
        .split_terminator(',')
        .map(|name| format!(r#"{{"name":"{name}"}}"#))
        .collect();
    format!(
        r#"{{"participants":[{}],"messages":[],"title":"t"}}"#,
        names.join(",")
    )
}

fn me(chats: &str, profile: Option<(&str, &str)>) -> Option<String> {
    let texts: Vec<(String, String)> = chats
        .split(';')
        .enumerate()
        .map(|(number, names)| {
            (
                format!("inbox/c_{number}0000000/message_1.json"),
                chat(names),
            )
        })
        .collect();
    let mut files: Vec<(&str, &[u8])> = texts
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_bytes()))
        .collect();
    files.extend(profile.map(|(path, text)| (path, text.as_bytes())));
    let folder = folder(&files);
    let input = open(&folder).unwrap();
    let threads = threads(&input, Some(Platform::Messenger)).unwrap();
    let heads: Vec<Head> = threads
        .iter()
        .map(|thread| head(&input, thread).unwrap().unwrap())
        .collect();
    find(&input, &heads).unwrap()
}

#[rstest]
#[case::in_all("Mi,Ana;Mi,Bo", Some("Mi"))]
#[case::last_or_not("Ana,Mi;Bo,Mi,Ana;Mi,Bo", Some("Mi"))]
#[case::one_chat("Ana,Mi", Some("Mi"))]
#[case::nobody("", None)]
fn without_a_profile_the_chats_tell(#[case] chats: &str, #[case] name: Option<&str>) {
    assert_eq!(me(chats, None).as_deref(), name);
}

#[rstest]
#[case::facebook(
    "profile_information/profile_information.json",
    r#"{"profile_v2": {"name": {"full_name": "Ana", "first_name": "A"}}}"#
)]
#[case::instagram(
    "personal_information/personal_information.json",
    r#"{"profile_user": [{"string_map_data": {"Nome": {"value": "Ana"}}}]}"#
)]
fn a_profile_knows_better(#[case] path: &str, #[case] profile: &str) {
    let chats = "Ana,Mi;Bo,Mi,Ana";
    assert_eq!(me(chats, Some((path, profile))).as_deref(), Some("Ana"));
}

#[test]
fn a_broken_profile_says_nothing() {
    let profile = ("profile_information/profile_information.json", "{\"profile");
    assert_eq!(me("Ana,Mi", Some(profile)).as_deref(), Some("Mi"));
}
