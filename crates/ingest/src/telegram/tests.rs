mod hostile;

use rstest::rstest;
use serde_json::{Value, json};
use threadkeep_protocol::{ConversationKind, Record};

use super::*;
use crate::{
    Decision,
    collected::{Collected, folder, options},
};

const ANA: &str = "user900001";
const ME: &str = "user900007";

fn message(id: i64, from: &str, more: Value) -> Value {
    let mut message = json!({
        "id": id,
        "type": "message",
        "date": "2024-03-01T13:00:00",
        "date_unixtime": (1_709_294_400 + id).to_string(),
        "from": if from == ANA { "Ana Prova" } else { "Mi Self" },
        "from_id": from,
        "text": "",
        "text_entities": [],
    });
    let more = more.as_object().unwrap().clone();
    message.as_object_mut().unwrap().extend(more);
    message
}

fn chat(messages: Vec<Value>) -> Value {
    json!({"name": "Ana Prova", "type": "personal_chat", "id": 900_001, "messages": messages})
}

/// An export in the order in which Telegram writes it: who and which before what.
fn written(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(key, _)| match key.as_str() {
                "messages" => 2,
                "chats" | "left_chats" => 1,
                _ => 0,
            });
            let members = members.iter();
            let members = members.map(|(key, value)| format!("{}: {}", json!(key), written(value)));
            format!("{{\n{}\n}}", members.collect::<Vec<_>>().join(",\n"))
        }
        Value::Array(elements) => {
            let elements = elements.iter().map(written);
            format!("[\n{}\n]", elements.collect::<Vec<_>>().join(",\n"))
        }
        other => other.to_string(),
    }
}

/// One of each kind of message.
fn everything() -> Value {
    chat(vec![
        message(
            1,
            ANA,
            json!({
                "text": ["Look: ", {"type": "bold", "text": "snow"}, " at ", {"type": "text_link", "text": "home", "href": "https://example.org/snow"}],
                "text_entities": [
                    {"type": "plain", "text": "Look: "}, {"type": "bold", "text": "snow"}, {"type": "plain", "text": " at "},
                    {"type": "text_link", "text": "home", "href": "https://example.org/snow"},
                ],
                "reactions": [
                    {"type": "emoji", "count": 1, "emoji": "❤", "recent": [{"from": "Mi Self", "from_id": ME, "date": "2024-03-01T13:05:00"}]},
                ],
            }),
        ),
        message(
            2,
            ME,
            json!({"text": "Oh!", "reply_to_message_id": 1, "edited": "2024-03-01T13:10:00", "edited_unixtime": "1709295000"}),
        ),
        message(
            3,
            ANA,
            json!({"photo": "photos/photo_1@01-03-2024.jpg", "photo_file_size": 5, "width": 640, "height": 480, "text": "the yard"}),
        ),
        message(
            4,
            ANA,
            json!({"file": "(File not included. Change data exporting settings to download.)", "file_name": "plan.pdf", "file_size": 70_000, "mime_type": "application/pdf"}),
        ),
        message(
            5,
            ANA,
            json!({"file": "voice_messages/audio_1.ogg", "media_type": "voice_message", "mime_type": "audio/ogg", "duration_seconds": 7}),
        ),
        message(
            6,
            ANA,
            json!({"file": "stickers/sticker.webp", "media_type": "sticker", "sticker_emoji": "👋", "width": 512, "height": 512}),
        ),
        message(
            7,
            ANA,
            json!({"location_information": {"latitude": 38.71, "longitude": -9.14}, "place_name": "The old mill", "address": "Mill lane 3"}),
        ),
        message(
            8,
            ANA,
            json!({"contact_information": {"first_name": "Bo", "last_name": "Teste", "phone_number": "+351 900 000 000"}}),
        ),
        message(
            9,
            ANA,
            json!({"poll": {"question": "Tea?", "closed": false, "total_voters": 2, "answers": [
                {"text": "Yes", "voters": 2, "chosen": true}, {"text": "No", "voters": 0, "chosen": false},
            ]}}),
        ),
        message(
            10,
            ANA,
            json!({"text": "as they say", "forwarded_from": "Cy Exemplo", "forwarded_from_id": "user900009", "via_bot": "@somebot"}),
        ),
        json!({
            "id": 11, "type": "service", "date": "2024-03-01T14:00:00", "date_unixtime": "1709298000",
            "actor": "Ana Prova", "actor_id": ANA, "action": "phone_call", "duration_seconds": 61, "discard_reason": "hangup",
            "text": "", "text_entities": [],
        }),
        json!({
            "id": 12, "type": "service", "date": "2024-03-01T14:05:00", "date_unixtime": "1709298300",
            "actor": "Mi Self", "actor_id": ME, "action": "pin_message", "message_id": 1, "text": "", "text_entities": [],
        }),
        json!({"id": 13, "type": "unsupported"}),
        message(14, ANA, json!({"giveaway_information": {"quantity": 3}})),
        message(
            15,
            ANA,
            json!({
                "text": "hot",
                "reactions": [
                    {"type": "emoji", "count": 3, "emoji": "🔥", "recent": [{"from": "Ana Prova", "from_id": ANA, "date": "2024-03-01T13:05:00"}]},
                    {"type": "custom_emoji", "count": 1, "document_id": "(File not included. Change data exporting settings to download.)"},
                ],
            }),
        ),
    ])
}

fn files() -> Vec<(&'static str, &'static [u8])> {
    vec![
        ("ChatExport/photos/photo_1@01-03-2024.jpg", b"photo"),
        ("ChatExport/stickers/sticker.webp", b"sticker"),
    ]
}

fn read_all(export: &Value, options: &Options) -> Collected {
    let text = written(export);
    let mut all = files();
    all.push(("ChatExport/result.json", text.as_bytes()));
    Collected::of(&all, options, read)
}

#[test]
fn one_of_each_kind() {
    let read = read_all(&everything(), &options());
    insta::assert_json_snapshot!(read.json());
    assert_eq!(read.errors, [], "nothing of it is wrong");
    assert_eq!(
        read.unknown.into_iter().collect::<Vec<_>>(),
        [
            ("giveaway_information".to_owned(), 1),
            ("unsupported".to_owned(), 1)
        ],
        "what nobody understands is counted under its own name"
    );
    assert_eq!(
        read.contents.len(),
        2,
        "the files that are there are told of"
    );
    assert_eq!(
        read.decided,
        [Decision::Me("Mi Self".into())],
        "in a chat of two the other one is the person"
    );
}

#[test]
fn a_preview_reads_no_files() {
    let options = Options {
        with_content: false,
        ..options()
    };
    let read = read_all(&everything(), &options);
    assert_eq!(read.contents, [], "nothing was hashed");
    let messages = read.messages();
    let media = messages[2].media.as_ref().unwrap();
    assert_eq!((media.file_size, &media.sha256), (Some(5), &None));
}

#[test]
fn a_whole_account() {
    let saved = json!({
        "type": "saved_messages", "id": 900_007,
        "messages": [message(1, ME, json!({"text": "milk"}))],
    });
    let forum = json!({
        "name": "Boats", "type": "private_supergroup", "id": 500,
        "messages": [
            {"id": 1, "type": "service", "date": "2024-03-01T13:00:00", "date_unixtime": "1709294400",
             "actor": "Ana Prova", "actor_id": ANA, "action": "topic_created", "title": "Sails", "text": ""},
            message(2, ANA, json!({"text": "Canvas?", "reply_to_message_id": 1})),
            message(3, ME, json!({"text": "Canvas.", "reply_to_message_id": 2})),
            message(4, "channel500", json!({"text": "as the group", "from": "Boats"})),
        ],
    });
    let left = json!({
        "name": "News", "type": "public_channel", "id": 600,
        "messages": [{"id": 9, "type": "message", "date": "2024-03-01T13:00:00", "text": "Hear"}],
    });
    let account = json!({
        "about": "Here is the data you requested.",
        "personal_information": {"user_id": 900_007, "first_name": "Mi", "last_name": "Self", "phone_number": "+351 911 111 111", "username": "@mi_self"},
        "profile_pictures": [{"photo": "profile_pictures/photo_1.jpg"}],
        "contacts": {"about": "…", "list": [
            {"user_id": 900_001, "first_name": "Ana", "last_name": "Prova", "phone_number": "+351 900 000 001", "date": "2020-01-01T00:00:00"},
            {"date": "2020-01-01T00:00:00"},
        ]},
        "chats": {"about": "…", "list": [saved, chat(vec![message(1, ANA, json!({"text": "Hi"}))]), forum]},
        "left_chats": {"about": "…", "list": [left]},
    });
    let read = read_all(&account, &options());
    insta::assert_json_snapshot!(read.json());
    assert_eq!(read.errors, []);
    assert_eq!(
        read.decided,
        [Decision::Zone("Europe/Berlin".into())],
        "the account says who the person is; one message has no time but a local one"
    );
}

#[test]
fn a_group_alone_does_not_say_who_the_person_is() {
    let group = json!({"name": "Boats", "type": "private_group", "id": 500, "messages": [
        message(1, ME, json!({"text": "Hi"})),
    ]});
    let read = read_all(&group, &options());
    let messages = read.messages();
    assert!(!messages[0].is_from_me, "nobody said that it is their own");
    assert_eq!(messages[0].sender_external_id.as_deref(), Some(ME));

    let told = Options {
        me: Some("Mi Self".into()),
        ..options()
    };
    let read = read_all(&group, &told);
    assert!(read.messages()[0].is_from_me, "the person said it");

    let alone = chat(vec![message(1, ME, json!({"text": "Hi"}))]);
    let (alone, group) = (written(&alone), written(&group));
    let exports = [
        ("a/result.json", group.as_bytes()),
        ("b/result.json", alone.as_bytes()),
    ];
    let read = Collected::of(&exports, &options(), super::read);
    let mine = read.messages().iter().all(|message| message.is_from_me);
    assert!(
        mine,
        "the chat of two is read first and tells of the group's messages too"
    );
}

#[rstest]
#[case::person("personal_chat", ConversationKind::Direct, "user5")]
#[case::bot("bot_chat", ConversationKind::Direct, "user5")]
#[case::group("private_group", ConversationKind::Group, "chat5")]
#[case::supergroup("public_supergroup", ConversationKind::Group, "channel5")]
#[case::channel("private_channel", ConversationKind::Channel, "channel5")]
fn chats_are_named_as_their_senders_are(
    #[case] kind: &str,
    #[case] expected: ConversationKind,
    #[case] id: &str,
) {
    let read = read_all(
        &json!({"name": "X", "type": kind, "id": 5, "messages": []}),
        &options(),
    );
    let (_, Record::Conversation(conversation)) = &read.records[0] else {
        panic!("a chat comes first");
    };
    assert_eq!(conversation.external_conversation_id, id);
    assert_eq!(conversation.conversation_type, Some(expected));
}

#[test]
fn an_export_of_2018_has_numbers_for_senders_and_only_local_times() {
    let old = json!({"name": "Ana Prova", "type": "personal_chat", "id": 900_001, "messages": [{
        "id": 3, "type": "message", "date": "2018-09-01T13:00:00", "edited": "1970-01-01T03:00:00",
        "from": "Ana Prova", "from_id": 900_001, "text": "Hi",
    }]});
    let read = read_all(&old, &options());
    let messages = read.messages();
    assert_eq!(messages[0].sender_external_id.as_deref(), Some(ANA));
    assert_eq!(
        messages[0].timestamp.to_string(),
        "2018-09-01T11:00:00Z",
        "summer time of Berlin"
    );
    assert_eq!(messages[0].edited_at, None, "1970 is how it says never");
}

#[rstest]
#[case::chat(br#"{"name":"A","type":"personal_chat","id":1,"messages":[]}"#, true)]
#[case::chat_cut_short(br#"{"type":"saved_messages","id":1,"messages":[{"id":"#, true)]
#[case::account(br#"{"about":"","personal_information":{"user_id":1"#, true)]
#[case::chats_alone(br#"{"about":"","chats":{"list":["#, true)]
#[case::other_kind(br#"{"type":"personal","id":1,"messages":[]}"#, false)]
#[case::neutral(br#"{"type":"message","id":1}"#, false)]
#[case::baileys(br#"{"chats":[],"messages":{}}"#, false)]
#[case::messenger(br#"{"participants":[],"messages":[]}"#, false)]
#[case::nothing(b"", false)]
fn an_export_is_told_by_what_is_in_it(#[case] text: &[u8], #[case] is_export: bool) {
    let folder = folder(&[("a.json", text)]);
    let file = folder.path().join("a.json");
    let input = Input::open(&file, crate::Limits::default()).unwrap();
    assert_eq!(recognise(&input).unwrap(), is_export);
}
