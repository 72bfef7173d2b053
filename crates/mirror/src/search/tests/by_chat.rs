//! Hits by chat, and looking up beside the search field.

use serde_json::json;

use super::*;
use crate::testing::conversation;

fn at(number: u64, chat: u64, seconds: i64) -> Message {
    let time = threadkeep_protocol::Timestamp::from_seconds(seconds);
    said(
        number,
        chat,
        json!({"content": format!("soup {number}"), "timestamp": time}),
    )
}

async fn soups() -> Place {
    let place = Place::new().await;
    let chats = ["Ana", "Ben"].iter().zip(1..);
    let chats = chats.map(|(name, number)| {
        conversation(
            number,
            i64::try_from(number).unwrap(),
            json!({"name": name}),
        )
    });
    place.scene.put(Rows::Conversations(chats.collect())).await;
    place
        .put(vec![
            at(1, 1, 1_000),
            at(2, 1, 900_000),
            at(3, 1, 900_100),
            at(4, 1, 900_050),
            at(5, 2, 5_000_000),
            at(6, 1, 100_000_000),
        ])
        .await;
    place
}

#[tokio::test]
async fn hits_are_counted_by_chat_and_the_newest_of_each_are_shown() {
    let place = soups().await;
    place.caught_up().await;
    let found = place.search.by_chat(query("soup")).await.unwrap();
    let shown: Vec<(&str, u64, Vec<&str>)> = found
        .chats
        .iter()
        .map(|one| {
            let hits = one.hits.iter().map(|hit| hit.message.content.as_str());
            (one.chat.name.as_str(), one.count, hits.collect())
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("Ana", 5, vec!["soup 6", "soup 3", "soup 4"]),
            ("Ben", 1, vec!["soup 5"]),
        ],
        "the chat with the newest hit first; within a day by time, not by arrival"
    );
    assert!(found.is_indexed && !found.more && found.behind == 0);
    assert_eq!(marked(&found.chats[0].hits[0].text), ["soup"]);
}

#[tokio::test]
async fn what_nobody_is_called_is_said_by_chat_too() {
    let place = soups().await;
    place.caught_up().await;
    let found = place
        .search
        .by_chat(query("soup from:zorro"))
        .await
        .unwrap();
    assert_eq!(
        (found.chats.len(), found.unknown),
        (0, vec!["zorro".to_owned()])
    );
}

#[tokio::test]
async fn looking_up_takes_no_search_its_place() {
    let place = soups().await;
    place.caught_up().await;
    let typed = place.search.find(query("soup"));
    let of_one = SearchQuery {
        limit: 2,
        ..query("soup in:Ana")
    };
    let (typed, first) = tokio::join!(typed, place.search.look_up(of_one.clone()));
    assert_eq!(typed.unwrap().hits.len(), 6, "it was not superseded");
    let first = first.unwrap();
    assert_eq!(names(&first), ["6", "3"]);
    let rest = SearchQuery {
        place: first.next,
        limit: 50,
        ..of_one
    };
    assert_eq!(
        names(&place.search.look_up(rest).await.unwrap()),
        ["4", "2", "1"]
    );
}
