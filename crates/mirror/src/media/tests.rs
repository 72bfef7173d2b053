use serde_json::{Value, json};
use threadkeep_protocol::{Media, Message};

use super::*;
use crate::{
    Rows,
    testing::{Scene, conversation, id, message, row},
};

const HASH: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// A chat of pictures, one a second, whose bytes the server has.
async fn scene(pictures: u64) -> Scene {
    let scene = Scene::new().await;
    scene
        .put(Rows::Conversations(vec![conversation(1, 1, json!({}))]))
        .await;
    let messages: Vec<Message> = (0..pictures)
        .map(|n| {
            let at = format!("2024-05-01T10:00:{n:02}Z");
            message(
                100 + n,
                1,
                1,
                json!({"message_type": "image", "timestamp": at}),
            )
        })
        .collect();
    scene.put(Rows::Messages(messages)).await;
    let files = (0..pictures).map(|n| picture(n, 1, json!({}))).collect();
    scene.put(Rows::Media(files)).await;
    scene
}

fn picture(n: u64, seq: i64, changes: Value) -> Media {
    let base = json!({
        "id": id(200 + n), "seq": seq, "message_id": id(100 + n), "media_type": "image",
        "sha256": HASH.to_ascii_uppercase(), "file_size": 1_000 + n, "has_content": true,
    });
    row(base, changes)
}

impl Scene {
    async fn absent(&self, largest: i64) -> Vec<MediaPk> {
        let found = self.mirror.absent_media(largest, 100).await.unwrap();
        found.into_iter().map(|each| each.pk).collect()
    }

    async fn wanted(&self, now: i64) -> Vec<MediaPk> {
        let found = self.mirror.wanted_media(now, 100).await.unwrap();
        found.into_iter().map(|each| each.pk).collect()
    }

    async fn file(&self, pk: MediaPk) -> MediaFile {
        self.mirror.media_file(pk).await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn the_newest_come_first_and_what_is_large_does_not_come_by_itself() {
    let scene = scene(4).await;
    let all = scene.absent(i64::MAX).await;
    assert_eq!(all.len(), 4);
    assert!(
        all.is_sorted_by(|one, next| one > next),
        "the newest first: {all:?}"
    );
    assert_eq!(
        scene.absent(1_001).await.len(),
        2,
        "of 1,000 and 1,001 bytes"
    );
    assert!(
        scene.wanted(i64::MAX).await.is_empty(),
        "nobody asked for any"
    );
}

#[tokio::test]
async fn what_is_asked_for_waits_fails_is_due_again_and_comes() {
    let scene = scene(2).await;
    let pk = scene.absent(i64::MAX).await[1];
    let changes = scene.mirror.subscribe();
    scene.mirror.want_media(pk).await.unwrap();
    assert!(
        changes.has_changed().unwrap(),
        "whoever shows it hears of it"
    );
    assert_eq!(scene.wanted(0).await, [pk]);
    assert!(!scene.absent(i64::MAX).await.contains(&pk));

    scene
        .mirror
        .media_failed(pk, "timeout".into(), 5_000)
        .await
        .unwrap();
    let file = scene.file(pk).await;
    assert_eq!(
        (file.media.local, file.media.error.as_str()),
        (LocalState::Failed, "timeout")
    );
    assert!(scene.wanted(4_999).await.is_empty(), "not due yet");
    let due = scene.mirror.wanted_media(5_000, 9).await.unwrap();
    assert_eq!(
        (due[0].pk, due[0].attempts, due[0].is_wanted),
        (pk, 1, false)
    );
    assert_eq!(scene.mirror.next_retry().await.unwrap(), Some(5_000));

    scene.mirror.want_media(pk).await.unwrap();
    assert_eq!(
        scene.wanted(0).await,
        [pk],
        "asked for again it is due at once"
    );
    scene
        .mirror
        .media_came(pk, due[0].sha256.clone())
        .await
        .unwrap();
    assert_eq!(scene.file(pk).await.media.local, LocalState::Here);
    assert!(scene.wanted(i64::MAX).await.is_empty());
    let counts = scene.mirror.media_counts().await.unwrap();
    assert_eq!((counts.here, counts.absent, counts.waiting), (1, 1, 0));
    scene
        .mirror
        .media_failed(pk, "late".into(), 0)
        .await
        .unwrap();
    assert_eq!(
        scene.file(pk).await.media.local,
        LocalState::Here,
        "what is here stays"
    );
    scene.mirror.media_lost(pk).await.unwrap();
    assert_eq!(
        scene.absent(i64::MAX).await.len(),
        2,
        "unless it turns out not to be"
    );
}

#[tokio::test]
async fn who_changes_their_mind_leaves_it_where_it_was() {
    let scene = scene(1).await;
    let pk = scene.absent(i64::MAX).await[0];
    scene.mirror.want_media(pk).await.unwrap();
    scene.mirror.leave_media(pk).await.unwrap();
    assert_eq!(scene.file(pk).await.media.local, LocalState::Absent);
}

#[tokio::test]
async fn other_bytes_are_not_here_and_what_was_gone_may_be_back() {
    let scene = scene(2).await;
    let [other, gone] = scene.absent(i64::MAX).await[..] else {
        panic!("two")
    };
    scene.mirror.media_came(other, HASH.into()).await.unwrap();
    scene.mirror.media_gone(gone).await.unwrap();
    assert!(scene.absent(i64::MAX).await.is_empty());
    let changed = picture(1, 5, json!({"sha256": HASH.replace('b', "c")}));
    let back = picture(0, 6, json!({}));
    scene.put(Rows::Media(vec![changed, back])).await;
    assert_eq!(scene.absent(i64::MAX).await, [other, gone]);
    let older = picture(0, 7, json!({"file_name": "renamed.png"}));
    scene.mirror.media_came(gone, HASH.into()).await.unwrap();
    scene.put(Rows::Media(vec![older])).await;
    assert_eq!(
        scene.file(gone).await.media.local,
        LocalState::Here,
        "the same bytes stay"
    );
}

#[tokio::test]
async fn what_was_taken_back_is_neither_fetched_nor_kept() {
    let scene = scene(2).await;
    let [newer, older] = scene.absent(i64::MAX).await[..] else {
        panic!("two")
    };
    scene.mirror.media_came(newer, HASH.into()).await.unwrap();
    let named = || {
        scene
            .mirror
            .named_contents(vec![HASH.into(), HASH.replace('b', "c")])
    };
    assert_eq!(
        named().await.unwrap().into_iter().collect::<Vec<_>>(),
        [HASH]
    );
    let taken_back = (0..2)
        .map(|n| {
            message(
                100 + n,
                1,
                9,
                json!({"message_type": "image", "is_deleted": true}),
            )
        })
        .collect();
    scene.put(Rows::Messages(taken_back)).await;
    assert!(named().await.unwrap().is_empty(), "its bytes may be swept");
    assert!(scene.absent(i64::MAX).await.is_empty());
    scene.mirror.want_media(older).await.unwrap();
    assert!(scene.wanted(0).await.is_empty());
    assert!(scene.file(newer).await.is_deleted);
}

#[tokio::test]
async fn pictures_are_leafed_through_in_the_order_of_the_chat() {
    let scene = scene(3).await;
    let words = message(
        50,
        1,
        1,
        json!({"timestamp": "2024-05-01T10:00:01Z", "content": "hm"}),
    );
    scene.put(Rows::Messages(vec![words])).await;
    let first = scene.absent(i64::MAX).await[2];
    let file = scene.file(first).await;
    let chat = file.chat;
    let (mut at, mut seen) = (file.message, Vec::new());
    while let Some(next) = scene
        .mirror
        .picture_beside(chat, at, Beside::Newer)
        .await
        .unwrap()
    {
        seen.push(next.id);
        at = next.pk;
    }
    assert_eq!(seen, [id(101), id(102)], "the words in between are none");
    let back = scene
        .mirror
        .picture_beside(chat, at, Beside::Older)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(back.id, id(101));
    let all = scene.mirror.chat_media(chat, 10).await.unwrap();
    assert_eq!(
        all.iter().map(|row| row.id).collect::<Vec<_>>(),
        [id(102), id(101), id(100)]
    );
}
