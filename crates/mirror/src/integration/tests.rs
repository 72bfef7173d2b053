use serde_json::json;

use super::*;
use crate::{
    ExportQuery, Rows,
    testing::{Scene, account, batch, contact, conversation, message},
};

#[tokio::test]
async fn the_same_account_of_the_same_server_is_one_row() {
    let scene = Scene::new().await;
    let mut renamed = account("embedded", 1);
    renamed.integration.display_name = "Renamed".into();
    renamed.integration.connection = Connection::LoggedOut;
    let again = scene.mirror.put_integration(renamed).await.unwrap();
    let other = scene
        .mirror
        .put_integration(account("https://example.org", 1))
        .await
        .unwrap();
    assert_eq!(again, scene.account);
    assert_ne!(other, scene.account);
    let rows = scene.mirror.integrations().await.unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(
        (rows[0].display_name.as_str(), rows[0].connection),
        ("Renamed", Connection::LoggedOut)
    );
}

async fn fill(scene: &Scene, pk: IntegrationPk, messages: u64) {
    let apply = async |rows| scene.mirror.apply(pk, batch(rows, None, "")).await.unwrap();
    apply(Rows::Conversations(vec![conversation(
        1,
        1,
        json!({"unread_count": 1}),
    )]))
    .await;
    apply(Rows::Contacts(vec![contact(
        2,
        2,
        "491@s.whatsapp.net",
        json!({}),
    )]))
    .await;
    let sent = json!({"sender_external_id": "491@s.whatsapp.net"});
    apply(Rows::Messages(
        (0..messages)
            .map(|n| message(10 + n, 1, 3, sent.clone()))
            .collect(),
    ))
    .await;
}

#[tokio::test]
async fn a_removal_takes_everything_of_one_account_and_nothing_of_another() {
    let scene = Scene::new().await;
    let other = scene
        .mirror
        .put_integration(account("https://example.org", 1))
        .await
        .unwrap();
    fill(&scene, scene.account, 4_500).await;
    fill(&scene, other, 3).await;
    let new = crate::NewRun {
        integration: scene.account,
        mode: "manual".into(),
        at: 1,
    };
    scene.mirror.start_run(new).await.unwrap();
    let removed = scene
        .mirror
        .remove_integration(scene.account)
        .await
        .unwrap();
    assert_eq!(
        (removed.conversations, removed.messages, removed.others),
        (1, 4_500, 1)
    );
    let stats = scene.mirror.stats().await.unwrap();
    assert_eq!(
        (stats.counts.messages, stats.counts.contacts, stats.unread),
        (3, 1, 1)
    );
    for table in [
        "conversations",
        "messages",
        "contacts",
        "addresses",
        "sync_state",
    ] {
        let owners = scene
            .mirror
            .read(move |conn| {
                let sql = format!("SELECT group_concat(DISTINCT integration_pk) FROM {table}");
                Ok(conn.query_row(&sql, [], |row| row.get::<_, String>(0))?)
            })
            .await
            .unwrap();
        assert_eq!(owners, other.to_string(), "{table}");
    }
    let again = scene.mirror.remove_integration(scene.account).await;
    assert!(matches!(again, Err(Error::NoIntegration(_))), "{again:?}");
}

#[tokio::test]
async fn an_account_that_is_being_removed_is_shown_nowhere_and_gone_after_a_restart() {
    let scene = Scene::new().await;
    fill(&scene, scene.account, 3).await;
    let pk = scene.account;
    // The first step of a removal, and then a kill.
    scene
        .mirror
        .write(move |writing| begin_removal(writing, pk))
        .await
        .unwrap();
    let mirror = &scene.mirror;
    assert_eq!(mirror.integrations().await.unwrap(), []);
    assert_eq!(mirror.stats().await.unwrap().counts.messages, 0);
    assert_eq!(mirror.chats(crate::ChatQuery::default()).await.unwrap(), []);
    assert_eq!(mirror.find_chat("491@s.whatsapp.net").await.unwrap(), []);
    assert_eq!(
        mirror
            .export(ExportQuery::default(), |_| Ok(()))
            .await
            .unwrap(),
        0
    );
    let rows = Rows::Messages(vec![message(99, 1, 9, json!({}))]);
    let refused = mirror.apply(pk, batch(rows, None, "")).await;
    assert!(
        matches!(refused, Err(Error::NoIntegration(_))),
        "{refused:?}"
    );
    let again = mirror
        .put_integration(account("embedded", 1))
        .await
        .unwrap();
    assert_ne!(again, pk, "who connects again starts anew");

    mirror.close().await;
    let folder = scene.folder;
    drop(scene.mirror);
    let mirror = Mirror::open(&folder.path().join("mirror.db")).unwrap();
    // A write of its own waits for what was queued before it.
    mirror
        .put_integration(account("embedded", 1))
        .await
        .unwrap();
    let left = mirror
        .read(|conn| {
            Ok(conn.query_row("SELECT count(*) FROM messages", [], |row| {
                row.get::<_, i64>(0)
            })?)
        })
        .await
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn the_state_of_the_bridge_is_noted_and_told_once() {
    let scene = Scene::new().await;
    let state = async || {
        let rows = scene.mirror.integrations().await.unwrap();
        let changes = scene.mirror.changes_since(0).await.unwrap();
        (rows[0].connection, changes.latest)
    };
    let (_, before) = state().await;
    for connection in [Connection::Pairing, Connection::Connected] {
        scene
            .mirror
            .note_connection(scene.account, connection)
            .unwrap();
    }
    scene
        .mirror
        .note_connection(scene.account, Connection::Connected)
        .unwrap();
    // A write behind them, which is awaited.
    scene.mirror.set_setting("x", String::new()).await.unwrap();
    let (connection, after) = state().await;
    assert_eq!(connection, Connection::Connected, "the last word holds");
    assert_eq!(after, before + 2, "and what is known is not told again");
}
