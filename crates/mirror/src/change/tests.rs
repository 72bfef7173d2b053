use serde_json::json;

use super::*;
use crate::{
    Rows,
    testing::{Scene, account, conversation, message},
};

#[tokio::test]
async fn a_change_names_what_a_window_has_to_refresh() {
    let scene = Scene::new().await;
    let mut latest = scene.mirror.subscribe();
    let before = *latest.borrow_and_update();
    let rows = (0..30)
        .map(|n| message(10 + n, 1 + n % 2, 3, json!({})))
        .collect();
    scene.put(Rows::Messages(rows)).await;
    assert!(latest.has_changed().unwrap(), "whoever listens is told");
    let changes = scene.mirror.changes_since(before).await.unwrap();
    let kinds: Vec<ChangeKind> = changes.changes.iter().map(|change| change.kind).collect();
    let chat = ChangeKind::Conversation;
    assert_eq!(
        kinds,
        [chat, chat, ChangeKind::SyncState],
        "thirty messages touch two chats"
    );
    assert_eq!(changes.latest, *latest.borrow());
    assert!(!changes.truncated);
    let none = scene.mirror.changes_since(changes.latest).await.unwrap();
    assert!(none.changes.is_empty() && !none.truncated);
}

#[tokio::test]
async fn very_many_chats_are_one_change() {
    let scene = Scene::new().await;
    let before = scene.mirror.changes_since(0).await.unwrap().latest;
    let rows = (0..1_000)
        .map(|n| conversation(10 + n, 3, json!({})))
        .collect();
    scene.put(Rows::Conversations(rows)).await;
    let changes = scene.mirror.changes_since(before).await.unwrap().changes;
    let kinds: Vec<ChangeKind> = changes.iter().map(|change| change.kind).collect();
    assert_eq!(kinds, [ChangeKind::Conversations, ChangeKind::SyncState]);
}

#[tokio::test]
async fn who_was_away_too_long_is_told_to_refresh_everything() {
    let scene = Scene::new().await;
    for _ in 0..3 {
        scene
            .mirror
            .write(|writing| {
                (0..6_000).for_each(|pk| writing.change(ChangeKind::Run, pk));
                Ok(())
            })
            .await
            .unwrap();
    }
    assert_eq!(scene.number("SELECT count(*) FROM changes").await, KEPT);
    assert!(scene.mirror.changes_since(1).await.unwrap().truncated);
    let latest = scene.mirror.changes_since(0).await.unwrap().latest;
    assert!(
        !scene
            .mirror
            .changes_since(latest - KEPT)
            .await
            .unwrap()
            .truncated
    );
    let future = scene.mirror.changes_since(latest + 5).await.unwrap();
    assert!(future.truncated, "an id of another file means nothing here");
}

#[tokio::test]
async fn ids_go_on_after_a_restart() {
    let scene = Scene::new().await;
    let latest = scene.mirror.changes_since(0).await.unwrap().latest;
    scene
        .mirror
        .write(|writing| Ok(writing.conn.execute_batch("DELETE FROM changes")?))
        .await
        .unwrap();
    scene.mirror.close().await;
    let mirror = Mirror::open(&scene.folder.path().join("mirror.db")).unwrap();
    assert_eq!(*mirror.subscribe().borrow(), latest);
    mirror
        .put_integration(account("embedded", 1))
        .await
        .unwrap();
    assert_eq!(*mirror.subscribe().borrow(), latest + 1);
}
