use serde_json::json;
use threadkeep_protocol::Timestamp;

use super::*;
use crate::{
    Rows,
    testing::{Scene, contact, conversation, id, message},
};

fn names(chats: &[ChatRow]) -> Vec<&str> {
    chats.iter().map(|chat| chat.name.as_str()).collect()
}

async fn list(scene: &Scene, query: ChatQuery) -> Vec<ChatRow> {
    scene.mirror.chats(query).await.unwrap()
}

#[tokio::test]
async fn a_chat_is_called_by_the_best_name_that_is_known() {
    let scene = Scene::new().await;
    let jid = "491@s.whatsapp.net";
    scene
        .put(Rows::Conversations(vec![conversation(1, 1, json!({}))]))
        .await;
    assert_eq!(
        names(&list(&scene, ChatQuery::default()).await),
        ["+491"],
        "by number"
    );
    let sent = json!({"sender_external_id": jid, "sender_display_name": "seen"});
    scene
        .put(Rows::Messages(vec![message(10, 1, 1, sent)]))
        .await;
    assert_eq!(names(&list(&scene, ChatQuery::default()).await), ["seen"]);
    scene
        .put(Rows::Contacts(vec![contact(
            50,
            1,
            jid,
            json!({"push_name": "push"}),
        )]))
        .await;
    assert_eq!(names(&list(&scene, ChatQuery::default()).await), ["push"]);
    let fields = json!({"push_name": "push", "display_name": "book"});
    scene
        .put(Rows::Contacts(vec![contact(50, 2, jid, fields)]))
        .await;
    assert_eq!(names(&list(&scene, ChatQuery::default()).await), ["book"]);
    scene
        .put(Rows::Conversations(vec![conversation(
            1,
            2,
            json!({"name": "own"}),
        )]))
        .await;
    assert_eq!(names(&list(&scene, ChatQuery::default()).await), ["own"]);
}

#[tokio::test]
async fn pinned_chats_come_first_and_then_the_latest() {
    let scene = Scene::new().await;
    let at = Timestamp::from_seconds;
    scene
        .put(Rows::Conversations(vec![
            conversation(1, 1, json!({"name": "old", "last_message_at": at(10)})),
            conversation(2, 2, json!({"name": "pinned", "is_pinned": true})),
            conversation(3, 3, json!({"name": "new", "last_message_at": at(30)})),
            // The server says nothing of its last message, as a simple server may.
            conversation(4, 4, json!({"name": "silent"})),
        ]))
        .await;
    scene
        .put(Rows::Messages(vec![message(
            10,
            4,
            5,
            json!({"timestamp": at(20)}),
        )]))
        .await;
    let chats = list(&scene, ChatQuery::default()).await;
    assert_eq!(names(&chats), ["pinned", "new", "silent", "old"]);
    assert_eq!(chats[2].preview, "text 10");
}

#[tokio::test]
async fn the_preview_is_of_the_later_of_what_the_server_says_and_what_came() {
    let scene = Scene::new().await;
    let said = json!({
        "last_message_at": Timestamp::from_seconds(20), "last_message_preview": "said",
    });
    scene
        .put(Rows::Conversations(vec![conversation(1, 1, said)]))
        .await;
    let put = async |number, at, fields: serde_json::Value| {
        let mut row = message(number, 1, 1, fields);
        row.timestamp = Timestamp::from_seconds(at);
        scene.put(Rows::Messages(vec![row])).await;
        list(&scene, ChatQuery::default()).await.remove(0)
    };
    let before = put(10, 10, json!({"content": "earlier"})).await;
    assert_eq!((before.preview.as_str(), before.last_kind), ("said", None));
    let same = put(11, 20, json!({"content": "the whole text"})).await;
    assert_eq!(
        (same.preview.as_str(), same.last_kind),
        ("said", Some(MessageKind::Text))
    );
    let later = put(
        12,
        30,
        json!({"content": "later\nline", "is_from_me": true}),
    )
    .await;
    assert_eq!(
        (later.preview.as_str(), later.last_from_me),
        ("later line", true)
    );
    let deleted = put(13, 40, json!({"content": "gone", "is_deleted": true})).await;
    assert_eq!((deleted.preview.as_str(), deleted.last_deleted), ("", true));
}

#[tokio::test]
async fn in_a_group_the_list_says_who_spoke_last() {
    let scene = Scene::new().await;
    let group = json!({"conversation_type": "group", "name": "Choir"});
    scene
        .put(Rows::Conversations(vec![conversation(1, 1, group)]))
        .await;
    let sent = json!({"sender_external_id": "492@s.whatsapp.net", "sender_display_name": "Bo"});
    scene
        .put(Rows::Messages(vec![message(10, 1, 1, sent)]))
        .await;
    let chats = list(&scene, ChatQuery::default()).await;
    assert_eq!(
        (chats[0].kind, chats[0].last_sender.as_str()),
        (ConversationKind::Group, "Bo")
    );
    let member = |number: u64, left: Option<&str>| {
        let base = json!({"id": id(number), "seq": 1, "conversation_id": id(1), "left_at": left});
        let address = json!({"external_participant_id": format!("{number}@lid")});
        crate::testing::row(base, address)
    };
    let gone = member(62, Some("2024-01-01T00:00:00Z"));
    scene
        .put(Rows::Participants(vec![
            member(60, None),
            member(61, None),
            gone,
        ]))
        .await;
    let chats = list(&scene, ChatQuery::default()).await;
    assert_eq!(chats[0].participants, 2, "who has left is not in it");
}

#[tokio::test]
async fn filters_leave_what_they_say() {
    let scene = Scene::new().await;
    scene
        .put(Rows::Conversations(vec![
            conversation(1, 1, json!({"name": "Unread", "unread_count": 2})),
            conversation(2, 2, json!({"name": "Marked", "unread_count": -1})),
            conversation(3, 3, json!({"name": "Group", "conversation_type": "group"})),
            conversation(4, 4, json!({"name": "Away", "is_archived": true})),
            conversation(5, 5, json!({"name": "Moved", "merged_into": id(1)})),
        ]))
        .await;
    let filtered = async |filter| {
        let query = ChatQuery {
            filter,
            ..ChatQuery::default()
        };
        let chats = list(&scene, query).await;
        let mut names: Vec<String> = chats.into_iter().map(|chat| chat.name).collect();
        names.sort();
        names
    };
    assert_eq!(
        filtered(ChatFilter::All).await,
        ["Away", "Group", "Marked", "Unread"]
    );
    assert_eq!(filtered(ChatFilter::Unread).await, ["Marked", "Unread"]);
    assert_eq!(filtered(ChatFilter::Groups).await, ["Group"]);
    assert_eq!(filtered(ChatFilter::Archived).await, ["Away"]);
    let inbox = filtered(ChatFilter::Inbox).await;
    assert_eq!(
        inbox,
        ["Group", "Marked", "Unread"],
        "all but what is put away"
    );
    let text = |text: &str| ChatQuery {
        text: Some(text.into()),
        ..ChatQuery::default()
    };
    assert_eq!(names(&list(&scene, text("GROU")).await), ["Group"]);
    assert_eq!(
        names(&list(&scene, text("493@s")).await),
        ["Group"],
        "by address too"
    );
    assert_eq!(
        names(&list(&scene, text("+493")).await),
        ["Group"],
        "and by number"
    );
    let other = ChatQuery {
        integration: Some(IntegrationPk(scene.account.0 + 1)),
        ..ChatQuery::default()
    };
    assert_eq!(list(&scene, other).await, []);
}

#[tokio::test]
async fn pages_of_the_list_give_every_chat_once() {
    let scene = Scene::new().await;
    let rows = (1..=57)
        .map(|n| {
            let at = Timestamp::from_seconds(i64::try_from(n % 5).unwrap());
            conversation(
                n,
                1,
                json!({"is_pinned": n % 7 == 0, "last_message_at": at}),
            )
        })
        .collect();
    scene.put(Rows::Conversations(rows)).await;
    let whole = list(
        &scene,
        ChatQuery {
            limit: 100,
            ..ChatQuery::default()
        },
    )
    .await;
    let mut paged = Vec::new();
    loop {
        let query = ChatQuery {
            after: paged.last().map(ChatRow::cursor),
            limit: 10,
            ..ChatQuery::default()
        };
        let page = list(&scene, query).await;
        if page.is_empty() {
            break;
        }
        paged.extend(page);
    }
    assert_eq!(whole.len(), 57);
    assert_eq!(paged, whole);
}

#[tokio::test]
async fn the_list_is_read_along_its_index_and_never_sorted() {
    let scene = Scene::new().await;
    let plan = scene
        .mirror
        .read(|conn| {
            let mut explain = conn.prepare(&format!("EXPLAIN QUERY PLAN {}", list::LIST))?;
            let rows = explain.query_map((0, 0, 0, 0, 0, 0), |row| row.get::<_, String>(3))?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?.join("\n"))
        })
        .await
        .unwrap();
    assert!(
        plan.contains("conversations_list (hidden=? AND (top,last_at)<"),
        "{plan}"
    );
    assert!(
        !plan.contains("TEMP B-TREE") && !plan.contains("SCAN"),
        "{plan}"
    );
}

#[tokio::test]
async fn a_chat_is_found_by_what_a_person_has_at_hand() {
    let scene = Scene::new().await;
    scene
        .put(Rows::Conversations(vec![
            conversation(1, 1, json!({"name": "Ana"})),
            conversation(2, 2, json!({"name": "ana"})),
            conversation(3, 3, json!({})),
        ]))
        .await;
    let lid = json!({"lid": "100@lid"});
    scene
        .put(Rows::Contacts(vec![contact(
            50,
            4,
            "493@s.whatsapp.net",
            lid,
        )]))
        .await;
    scene
        .put(Rows::Messages(vec![message(
            9,
            3,
            5,
            json!({"sender_external_id": "100@lid"}),
        )]))
        .await;
    let find = async |text: &str| {
        let found = scene.mirror.find_chat(text).await.unwrap();
        found.into_iter().map(|chat| chat.id).collect::<Vec<_>>()
    };
    assert_eq!(find("Ana").await, [id(1)], "the exact name decides");
    let mut both = find("ANA").await;
    both.sort();
    assert_eq!(both, [id(1), id(2)], "else whatever the case");
    assert_eq!(find(&id(2).to_string()).await, [id(2)]);
    assert_eq!(find("491@s.whatsapp.net").await, [id(1)]);
    assert_eq!(
        find("100@lid").await,
        [id(3)],
        "another address of the same person"
    );
    assert_eq!(find("+493").await, [id(3)]);
    let pk = scene.mirror.find_chat("Ana").await.unwrap()[0].pk;
    assert_eq!(find(&pk.to_string()).await, [id(1)]);
    assert!(find("nobody").await.is_empty());
    assert_eq!(scene.mirror.chat(pk).await.unwrap().unwrap().name, "Ana");
    assert_eq!(scene.mirror.chat(ConversationPk(99)).await.unwrap(), None);
}
