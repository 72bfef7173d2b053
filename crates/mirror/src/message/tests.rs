use proptest::prelude::*;
use serde_json::json;
use threadkeep_protocol::Timestamp;

use super::*;
use crate::{
    ChatQuery, Rows,
    testing::{Scene, contact, id, message, row},
};

async fn only_chat(scene: &Scene) -> ConversationPk {
    scene.mirror.chats(ChatQuery::default()).await.unwrap()[0].pk
}

/// A chat whose messages have these times, in seconds, and its messages in order.
async fn chat_of(times: &[i64]) -> (Scene, ConversationPk) {
    let scene = Scene::new().await;
    let rows = times
        .iter()
        .zip(10..)
        .map(|(&at, number)| {
            message(
                number,
                1,
                1,
                json!({"timestamp": Timestamp::from_seconds(at)}),
            )
        })
        .collect();
    scene.put(Rows::Messages(rows)).await;
    // Another chat around it in the index, whose messages must never show.
    scene
        .put(Rows::Messages(vec![message(
            5000,
            2,
            1,
            json!({"timestamp": Timestamp::from_seconds(3)}),
        )]))
        .await;
    let chat = scene.mirror.find_chat(&id(1).to_string()).await.unwrap()[0].pk;
    (scene, chat)
}

async fn read(scene: &Scene, chat: ConversationPk, anchor: Anchor, limit: u32) -> MessagePage {
    scene
        .mirror
        .messages(chat, MessageQuery { anchor, limit })
        .await
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn walking_either_way_gives_every_message_once(
        times in prop::collection::vec(0..6i64, 1..40), limit in 1..9u32
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (down, up) = runtime.block_on(async {
            let (scene, chat) = chat_of(&times).await;
            let mut down = Vec::new();
            let mut page = read(&scene, chat, Anchor::Oldest, limit).await;
            assert_eq!(page.older, None, "nothing lies before the beginning");
            loop {
                down.extend(page.messages.iter().map(|message| message.key));
                assert!(down.len() <= times.len(), "a walk that stands still never ends");
                let Some(key) = page.newer else { break };
                page = read(&scene, chat, Anchor::After(key), limit).await;
            }
            let mut up = Vec::new();
            let mut page = read(&scene, chat, Anchor::Newest, limit).await;
            assert_eq!(page.newer, None, "nothing lies behind the end");
            loop {
                up.extend(page.messages.iter().rev().map(|message| message.key));
                assert!(up.len() <= times.len(), "a walk that stands still never ends");
                let Some(key) = page.older else { break };
                page = read(&scene, chat, Anchor::Before(key), limit).await;
            }
            up.reverse();
            (down, up)
        });
        prop_assert_eq!(down.len(), times.len());
        prop_assert!(down.is_sorted() && down.windows(2).all(|pair| pair[0] != pair[1]));
        prop_assert_eq!(down, up);
    }
}

#[tokio::test]
async fn a_message_is_shown_with_its_surroundings() {
    let (scene, chat) = chat_of(&[1, 2, 2, 2, 3, 4]).await;
    let all = read(&scene, chat, Anchor::Oldest, 50).await.messages;
    let page = read(&scene, chat, Anchor::Around(all[2].pk), 4).await;
    assert_eq!(
        page.messages,
        all[0..4],
        "two before it, itself, one after it"
    );
    assert_eq!((page.older, page.newer), (None, Some(all[3].key)));
    let foreign = scene.number("SELECT max(pk) FROM messages").await;
    let nothing = read(&scene, chat, Anchor::Around(MessagePk(foreign)), 4).await;
    assert_eq!(
        nothing.messages,
        [],
        "a message of another chat is not in this one"
    );
}

#[tokio::test]
async fn a_date_begins_at_its_first_message() {
    let (scene, chat) = chat_of(&[1, 2, 2, 4]).await;
    let page = read(&scene, chat, Anchor::Date(2_000), 2).await;
    let times: Vec<i64> = page
        .messages
        .iter()
        .map(|message| message.timestamp)
        .collect();
    assert_eq!(times, [2_000, 2_000]);
    assert!(page.older.is_some() && page.newer.is_some());
    let between = read(&scene, chat, Anchor::Date(2_001), 9).await;
    assert_eq!(between.messages[0].timestamp, 4_000);
    assert_eq!(
        read(&scene, chat, Anchor::Date(9_000), 9).await.messages,
        []
    );
}

#[tokio::test]
async fn every_window_is_a_seek_in_the_reading_index() {
    let scene = Scene::new().await;
    let plan = async |sql: &'static str| {
        let plan = scene.mirror.read(move |conn| {
            let mut explain = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let rows = explain.query_map((1, 1, 1, 1), |row| row.get::<_, String>(3))?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?.join("\n"))
        });
        plan.await.unwrap()
    };
    let index = "SEARCH m USING INDEX messages_reading (conversation_pk=? AND ";
    for (sql, seek) in [
        (window::BEFORE.moment, "timestamp=? AND pk<?)"),
        (window::BEFORE.beyond, "timestamp<?)"),
        (window::AFTER.moment, "timestamp=? AND pk>?)"),
        (window::AFTER.beyond, "timestamp>?)"),
    ] {
        assert_eq!(
            plan(sql).await,
            format!("{index}{seek}"),
            "and no sorting behind it"
        );
    }
}

#[tokio::test]
async fn nothing_of_a_message_is_lost_on_the_way() {
    let scene = Scene::new().await;
    let fields = json!({
        "message_type": "image", "content": "<b>caption</b>\u{0}\u{202e}", "is_forwarded": true,
        "is_starred": true, "is_deleted": true, "deleted_at": "2024-01-03T00:00:00Z",
        "edited_at": "2024-01-02T00:00:00Z", "reply_to_external_id": "Q", "reply_to_preview": "quoted",
        "sender_external_id": "100@lid", "sender_display_name": "ana",
        "reactions": [
            {"sender_external_id": "100@lid", "emoji": "👍", "at": "2024-01-01T00:00:00Z"},
            {"sender_external_id": "me", "emoji": "❤️"},
            {"sender_external_id": "499@s.whatsapp.net", "emoji": "😀"},
        ],
        "edits": [{"content": "before", "at": "2024-01-02T00:00:00Z"}],
        "sync_source": "history_sync", "platform_metadata": {"raw": [1, {"deep": null}]},
    });
    scene
        .put(Rows::Messages(vec![message(10, 1, 1, fields)]))
        .await;
    let lid = json!({"lid": "100@lid", "display_name": "Ana"});
    scene
        .put(Rows::Contacts(vec![contact(
            50,
            4,
            "491@s.whatsapp.net",
            lid,
        )]))
        .await;
    let chat = only_chat(&scene).await;
    let page = read(&scene, chat, Anchor::Newest, 1).await;
    insta::assert_json_snapshot!(page.messages[0]);
}

#[tokio::test]
async fn ones_own_message_is_from_me_and_says_how_far_it_got() {
    let scene = Scene::new().await;
    let fields = json!({
        "is_from_me": true, "sender_external_id": "490@s.whatsapp.net", "delivery_status": "read",
    });
    let nobody = json!({"message_type": "system"});
    scene
        .put(Rows::Messages(vec![
            message(10, 1, 1, fields),
            message(11, 1, 2, nobody),
        ]))
        .await;
    let chat = only_chat(&scene).await;
    let messages = read(&scene, chat, Anchor::Newest, 9).await.messages;
    assert_eq!(
        (messages[0].sender.as_str(), messages[0].from_me),
        ("me", true)
    );
    assert_eq!(messages[0].status, Some(DeliveryStatus::Read));
    assert_eq!(
        (messages[1].sender.as_str(), messages[1].status),
        ("", None)
    );
}

#[tokio::test]
async fn a_message_is_found_by_number_uuid_or_the_platforms_name() {
    let (scene, chat) = chat_of(&[1, 2]).await;
    let last = read(&scene, chat, Anchor::Newest, 1)
        .await
        .messages
        .remove(0);
    for text in [
        last.pk.to_string(),
        last.id.to_string(),
        last.external_id.clone(),
    ] {
        assert_eq!(
            scene.mirror.find_message(chat, &text).await.unwrap(),
            Some(last.pk),
            "{text}"
        );
    }
    assert_eq!(
        scene.mirror.find_message(chat, "EXT5000").await.unwrap(),
        None,
        "another chat's"
    );
}

#[test]
fn a_key_survives_the_way_through_a_program() {
    let key = MessageKey {
        timestamp: -5,
        pk: MessagePk(7),
    };
    assert_eq!(key.to_string().parse::<MessageKey>().unwrap(), key);
    let json = serde_json::to_string(&Anchor::Before(key)).unwrap();
    assert_eq!(
        serde_json::from_str::<Anchor>(&json).unwrap(),
        Anchor::Before(key)
    );
    assert!("yesterday".parse::<MessageKey>().is_err());
}

#[tokio::test]
async fn quoted_messages_are_found_behind_the_window_that_answers_them() {
    let (scene, chat) = chat_of(&[1, 2, 3, 4]).await;
    let all = read(&scene, chat, Anchor::Oldest, 9).await.messages;
    let wanted = ["EXT10", "EXT13", "EXT5000"].map(String::from).to_vec();
    let found = scene
        .mirror
        .find_quoted(chat, all[2].key, wanted)
        .await
        .unwrap();
    assert!(found.is_all, "the beginning of the chat was in reach");
    let found: Vec<MessagePk> = found.found.iter().map(|quoted| quoted.pk).collect();
    assert_eq!(
        found,
        [all[0].pk],
        "neither a later message nor another chat's"
    );
}

#[tokio::test]
async fn a_stretch_of_time_is_active_when_something_was_said_in_it() {
    let (scene, chat) = chat_of(&[10, 20, 20, 39]).await;
    let bounds = vec![0, 10_000, 20_000, 30_000, 40_000, 50_000];
    assert_eq!(
        scene.mirror.activity(chat, bounds).await.unwrap(),
        [false, true, true, true, false],
        "a message at a bound is in the stretch that begins there, and another chat's in none"
    );
    let nothing = scene.mirror.activity(chat, vec![5]).await.unwrap();
    assert!(nothing.is_empty(), "one bound encloses nothing");
}

#[tokio::test]
async fn activity_is_a_seek_for_each_stretch_however_long_the_chat() {
    let scene = Scene::new().await;
    let plan = scene.mirror.read(|conn| {
        let mut explain = conn.prepare(&format!("EXPLAIN QUERY PLAN {}", activity::WITHIN))?;
        let rows = explain.query_map((1, 1, 1), |row| row.get::<_, String>(3))?;
        Ok(rows.collect::<Result<Vec<_>, _>>()?.join("\n"))
    });
    let plan = plan.await.unwrap();
    assert!(
        plan.contains(
            "SEARCH messages USING COVERING INDEX messages_reading \
             (conversation_pk=? AND timestamp>? AND timestamp<?)"
        ),
        "{plan}"
    );
}

#[tokio::test]
async fn those_who_are_mentioned_have_names() {
    let scene = Scene::new().await;
    scene
        .put(Rows::Messages(vec![message(10, 1, 1, json!({}))]))
        .await;
    let known = json!({"lid": "100@lid", "display_name": "Ana"});
    let rows = vec![contact(50, 4, "491@s.whatsapp.net", known)];
    scene.put(Rows::Contacts(rows)).await;
    let chat = only_chat(&scene).await;
    let jids = ["100@lid", "491@s.whatsapp.net", "4930123456@s.whatsapp.net"].map(String::from);
    let names = scene.mirror.names_in(chat, jids.to_vec()).await.unwrap();
    assert_eq!(
        names,
        ["Ana", "Ana", "+4930123456"],
        "by contact under either address, else by number"
    );
}

#[tokio::test]
async fn files_and_receipts_of_a_window_are_each_with_their_message() {
    let scene = Scene::new().await;
    let own = |n: u64| n.is_multiple_of(2);
    let messages = (10..16).map(|n| {
        let at = Timestamp::from_seconds(n as i64);
        message(n, 1, 1, json!({"is_from_me": own(n), "timestamp": at}))
    });
    scene.put(Rows::Messages(messages.collect())).await;
    // The later one first, so that the order is not that of arrival.
    let media = [(31, 11), (30, 11), (32, 14)].map(|(n, of)| {
        let base = json!({"id": id(n), "seq": 1, "message_id": id(of), "media_type": "image"});
        row(base, json!({"file_name": format!("{n}.jpg")}))
    });
    scene.put(Rows::Media(media.to_vec())).await;
    let receipts = [(41, 12), (40, 12), (42, 14)].map(|(n, of)| {
        let base = json!({"id": id(n), "seq": 1, "message_id": id(of)});
        row(
            base,
            json!({"participant_external_id": format!("{n}@s.whatsapp.net")}),
        )
    });
    scene.put(Rows::Receipts(receipts.to_vec())).await;
    let chat = only_chat(&scene).await;
    let page = scene.mirror.messages(chat, MessageQuery::default()).await;
    let shown: Vec<_> = page
        .unwrap()
        .messages
        .into_iter()
        .map(|message| {
            let files = message.media.into_iter().map(|file| file.file_name);
            let people = message.receipts.into_iter().map(|receipt| receipt.jid);
            (files.collect::<Vec<_>>(), people.collect::<Vec<_>>())
        })
        .collect();
    let of = |files: &[&str], people: &[&str]| {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        (owned(files), owned(people))
    };
    assert_eq!(
        shown,
        [
            of(&[], &[]),
            of(&["30.jpg", "31.jpg"], &[]),
            of(&[], &["40@s.whatsapp.net", "41@s.whatsapp.net"]),
            of(&[], &[]),
            of(&["32.jpg"], &["42@s.whatsapp.net"]),
            of(&[], &[]),
        ]
    );
}
