use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::{
    Decision, Input, Limits, Options, ReadError,
    collected::{Collected, folder, open, options},
};

/// The newest messages of a chat, one of each kind, with texts as Meta writes them.
const NEWEST: &str = r#"{
  "participants": [{"name": "Ren\u00c3\u00a9 Prova"}, {"name": "Mi Self"}],
  "messages": [
    {"sender_name": "Mi Self", "timestamp_ms": 1709294409000, "content": "Caf\u00c3\u00a9? \u00f0\u009f\u0098\u0080",
     "reactions": [{"reaction": "\u00e2\u009d\u00a4", "actor": "Ren\u00c3\u00a9 Prova", "timestamp": 1709294410},
                   {"reaction": "\u00f0\u009f\u0091\u008d", "actor": "Mi Self"}], "is_geoblocked_for_viewer": false},
    {"sender_name": "Ren\u00c3\u00a9 Prova", "timestamp_ms": 1709294408000, "content": "look",
     "photos": [{"uri": "your_activity_across_facebook/messages/inbox/reneprova_1234567890/photos/1.jpg", "creation_timestamp": 1709294408},
                {"uri": "your_activity_across_facebook/messages/inbox/reneprova_1234567890/photos/2.jpg", "creation_timestamp": 1709294408}]},
    {"sender_name": "Ren\u00c3\u00a9 Prova", "timestamp_ms": 1709294407000, "sticker": {"uri": "your_activity_across_facebook/messages/stickers_used/9.png"}},
    {"sender_name": "Ren\u00c3\u00a9 Prova", "timestamp_ms": 1709294406000, "audio_files": [{"uri": "your_activity_across_facebook/messages/inbox/reneprova_1234567890/audio/a.mp4"}]},
    {"sender_name": "Ren\u00c3\u00a9 Prova", "timestamp_ms": 1709294405000, "content": "You should see this", "share": {"link": "https://example.org/"}},
    {"sender_name": "Ren\u00c3\u00a9 Prova", "timestamp_ms": 1709294404000, "call_duration": 125},
    {"sender_name": "Mi Self", "timestamp_ms": 1709294403000, "is_unsent": true},
    {"sender_name": "Mi Self", "timestamp_ms": 1709294402000, "content": "second", "type": "Generic"},
    {"sender_name": "Mi Self", "timestamp_ms": 1709294402000, "content": "first", "type": "Generic"}
  ],
  "title": "Ren\u00c3\u00a9 Prova", "is_still_participant": true, "thread_path": "inbox/reneprova_1234567890", "magic_words": []
}"#;

/// The messages before those.
const OLDER: &str = r#"{
  "participants": [{"name": "Ren\u00c3\u00a9 Prova"}, {"name": "Mi Self"}],
  "messages": [
    {"sender_name": "Ren\u00c3\u00a9 Prova", "timestamp_ms": 1709294402000, "content": "even before"},
    {"sender_name": "Ren\u00c3\u00a9 Prova", "timestamp_ms": 1709294401000, "wave": {"at": "you"}},
    {"sender_name": "Ren\u00c3\u00a9 Prova", "content": "no time"}
  ],
  "title": "Ren\u00c3\u00a9 Prova", "thread_path": "inbox/reneprova_1234567890"
}"#;

const ROOT: &str = "facebook-mi/your_activity_across_facebook/messages";

fn download() -> Vec<(String, Vec<u8>)> {
    let file = |path: &str, bytes: &str| (format!("{ROOT}/{path}"), bytes.as_bytes().to_vec());
    vec![
        file("inbox/reneprova_1234567890/message_1.json", NEWEST),
        file("inbox/reneprova_1234567890/message_2.json", OLDER),
        file("inbox/reneprova_1234567890/photos/1.jpg", "one"),
        file("inbox/reneprova_1234567890/audio/a.mp4", "sound"),
        file("stickers_used/9.png", "sticker"),
    ]
}

fn read_all(files: &[(String, Vec<u8>)], options: &Options, platform: Platform) -> Collected {
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
        .collect();
    let read = match platform {
        Platform::Messenger => crate::messenger::read,
        Platform::Instagram => crate::instagram::read,
    };
    Collected::of(&files, options, read)
}

#[test]
fn one_of_each_kind() {
    let read = read_all(&download(), &options(), Platform::Messenger);
    insta::assert_json_snapshot!(read.json());
    insta::assert_debug_snapshot!((read.errors, read.unknown, read.decided));
    assert_eq!(
        read.contents.len(),
        3,
        "the files that are there are told of"
    );
}

#[test]
fn a_chat_alone_is_the_same_as_in_the_whole_download() {
    let whole = read_all(&download(), &options(), Platform::Messenger);
    let alone: Vec<(String, Vec<u8>)> = download()
        .into_iter()
        .filter_map(|(path, bytes)| {
            let inside = path.strip_prefix(&format!("{ROOT}/inbox/reneprova_1234567890/"))?;
            Some((inside.to_owned(), bytes))
        })
        .collect();
    let alone = read_all(&alone, &options(), Platform::Messenger);
    let ids = |read: &Collected| -> Vec<(String, String, bool)> {
        let messages = read.messages().into_iter();
        messages
            .map(|m| {
                let has_file = m.media.as_ref().is_some_and(|media| media.sha256.is_some());
                (
                    m.external_conversation_id.clone(),
                    m.external_message_id.clone(),
                    has_file && m.message_type != threadkeep_protocol::MessageKind::Sticker,
                )
            })
            .collect()
    };
    assert_eq!(
        ids(&alone),
        ids(&whole),
        "its ids and its own files are the same"
    );
}

#[test]
fn messages_keep_their_ids_when_newer_ones_push_them_into_the_next_file() {
    let before = read_all(&download(), &options(), Platform::Messenger);
    let mut files = download();
    let newer = r#"{"sender_name": "Mi Self", "timestamp_ms": 1709294500000, "content": "new"},"#;
    // The newest message of the second file was the last of the first.
    let first = NEWEST.replace("\"messages\": [", &format!("\"messages\": [{newer}"));
    let moved = r#"{"sender_name": "Mi Self", "timestamp_ms": 1709294402000, "content": "first", "type": "Generic"}"#;
    let first = first.replace(&format!(",\n    {moved}"), "");
    let second = OLDER.replace("\"messages\": [", &format!("\"messages\": [{moved},"));
    files[0].1 = first.into_bytes();
    files[1].1 = second.into_bytes();
    let after = read_all(&files, &options(), Platform::Messenger);
    let said = |read: &Collected| -> std::collections::BTreeMap<String, String> {
        let messages = read.messages().into_iter();
        messages
            .map(|m| (m.external_message_id.clone(), m.content.clone()))
            .collect()
    };
    let (before, mut after) = (said(&before), said(&after));
    assert_eq!(after.remove("1709294500000").as_deref(), Some("new"));
    assert_eq!(before, after, "nothing else has moved");
}

#[test]
fn an_encrypted_chat() {
    let chat = r#"{"participants": ["René Prova", "Mi Self"], "threadName": "René Prova_3", "messages": [
        {"isUnsent": false, "media": [], "reactions": [{"actor": "Mi Self", "reaction": "❤"}], "senderName": "René Prova", "text": "Café", "timestamp": 1709294400000, "type": "text"},
        {"isUnsent": false, "media": [{"uri": "./media/a.jpeg"}, {"uri": "./media/b.mp4"}], "reactions": [], "senderName": "Mi Self", "text": "", "timestamp": 1709294401000, "type": "media"},
        {"isUnsent": true, "media": [], "reactions": [], "senderName": "Mi Self", "text": "", "timestamp": 1709294402000, "type": "text"},
        {"isUnsent": false, "media": [], "reactions": [], "senderName": "Mi Self", "text": "", "timestamp": 1709294403000, "type": "placeholder"}
    ]}"#;
    let files = [
        (
            "messages/René Prova_3.json".to_owned(),
            chat.as_bytes().to_vec(),
        ),
        ("messages/media/a.jpeg".to_owned(), b"picture".to_vec()),
    ];
    let read = read_all(&files, &options(), Platform::Messenger);
    insta::assert_json_snapshot!(read.json());
    assert_eq!(
        read.unknown.into_iter().collect::<Vec<_>>(),
        [("placeholder".to_owned(), 1)]
    );
}

#[rstest]
#[case::by_the_folder(
    "your_instagram_activity/messages/inbox/a_1234567890/message_1.json",
    "{}",
    Platform::Instagram
)]
#[case::by_its_files(
    "messages/inbox/a_1234567890/message_1.json",
    r#"{"photos": [{"uri": "your_instagram_activity/x"}]}"#,
    Platform::Instagram
)]
#[case::by_the_id(
    "messages/inbox/a_17841234567890123/message_1.json",
    "{}",
    Platform::Instagram
)]
#[case::by_the_folder(
    "your_facebook_activity/messages/inbox/a_17841234567890123/message_1.json",
    "{}",
    Platform::Messenger
)]
#[case::by_default(
    "messages/inbox/a_1234567890/message_1.json",
    "{}",
    Platform::Messenger
)]
fn the_platform_is_told(#[case] path: &str, #[case] message: &str, #[case] platform: Platform) {
    let text = format!(r#"{{"participants":[{{"name":"A"}}],"messages":[{message}],"title":"A"}}"#);
    let folder = folder(&[(path, text.as_bytes())]);
    let input = open(&folder).unwrap();
    for other in [Platform::Messenger, Platform::Instagram] {
        assert_eq!(recognise(&input, other).unwrap(), other == platform);
    }
}

#[rstest]
#[case::chat(r#"{"participants":[{"name":"A"}],"messages":[{"send"#, true)]
#[case::encrypted(r#"{"participants":["A"],"threadName":"A_1","messages":[]}"#, true)]
#[case::telegram(r#"{"name":"A","type":"personal_chat","id":1,"messages":[]}"#, false)]
#[case::baileys(r#"{"chats":[],"messages":{}}"#, false)]
#[case::people_alone(r#"{"participants":[]}"#, false)]
#[case::group(r#"{"participants":{},"messages":[]}"#, false)]
fn a_chat_is_told_by_what_is_in_it(#[case] text: &str, #[case] is_chat: bool) {
    let folder = folder(&[("x.json", text.as_bytes())]);
    let input = Input::open(&folder.path().join("x.json"), Limits::default()).unwrap();
    assert_eq!(recognise(&input, Platform::Messenger).unwrap(), is_chat);
}

#[test]
fn pages_are_refused_in_words() {
    let path = format!("{ROOT}/inbox/reneprova_1234567890/message_1.html");
    let folder = folder(&[(path.as_str(), b"<html>")]);
    let input = open(&folder).unwrap();
    assert!(
        recognise(&input, Platform::Messenger).unwrap(),
        "it is seen for what it is"
    );
    assert!(!recognise(&input, Platform::Instagram).unwrap());
    let mut nothing = Collected::default();
    let refused = read(&input, Platform::Messenger, &options(), &mut nothing).unwrap_err();
    assert!(matches!(refused, ReadError::Pages("Facebook")));
    assert!(
        refused.to_string().contains("JSON"),
        "and what to do is said: {refused}"
    );
}

#[test]
fn the_person_may_say_who_they_are() {
    let options = Options {
        me: Some("René Prova".into()),
        ..options()
    };
    let read = read_all(&download(), &options, Platform::Messenger);
    assert_eq!(read.decided, [Decision::Me("René Prova".into())]);
    let mine = read.messages().into_iter().filter(|m| m.is_from_me).count();
    assert_eq!(mine, 8, "all that the other one wrote");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_changed_in_it_nothing_panics(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut text = NEWEST.as_bytes().to_vec();
        for (place, byte) in &changes {
            let place = place.index(text.len());
            text[place] = *byte;
        }
        text.truncate(cut.index(text.len() * 4).min(text.len()));
        let folder = folder(&[("inbox/a_1234567890/message_1.json", &text)]);
        let input = open(&folder).unwrap();
        let _ = recognise(&input, Platform::Messenger);
        let _ = read(&input, Platform::Messenger, &options(), &mut Collected::default());
    }
}
