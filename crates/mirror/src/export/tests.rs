use std::sync::{Arc, Mutex};

use serde_json::json;
use threadkeep_protocol::Timestamp;

use super::*;
use crate::{
    Rows,
    testing::{Scene, account, batch, conversation, message},
};

type Lines = Arc<Mutex<Vec<(String, String)>>>;

async fn exported(scene: &Scene, query: ExportQuery) -> (u64, Vec<(String, String)>) {
    let lines = Lines::default();
    let sink = Arc::clone(&lines);
    let count = scene
        .mirror
        .export(query, move |line| {
            let line = (line.chat.to_owned(), line.message.external_id.clone());
            sink.lock().unwrap().push(line);
            Ok(())
        })
        .await
        .unwrap();
    let lines = lines.lock().unwrap().clone();
    (count, lines)
}

async fn filled() -> Scene {
    let scene = Scene::new().await;
    scene
        .put(Rows::Conversations(vec![
            conversation(1, 1, json!({"external_conversation_id": "b@g.us"})),
            conversation(
                2,
                2,
                json!({"external_conversation_id": "a@g.us", "name": "A"}),
            ),
        ]))
        .await;
    let at = |seconds| json!({"timestamp": Timestamp::from_seconds(seconds)});
    // Of one moment, and the later name came first.
    scene
        .put(Rows::Messages(vec![message(12, 1, 3, at(5))]))
        .await;
    scene
        .put(Rows::Messages(vec![
            message(11, 1, 4, at(5)),
            message(10, 1, 5, at(9)),
            message(13, 2, 6, at(7)),
        ]))
        .await;
    scene
}

#[tokio::test]
async fn the_order_is_chat_time_name_however_it_came() {
    let scene = filled().await;
    let (count, lines) = exported(&scene, ExportQuery::default()).await;
    let expected = [
        ("a@g.us", "EXT13"),
        ("b@g.us", "EXT11"),
        ("b@g.us", "EXT12"),
        ("b@g.us", "EXT10"),
    ];
    assert_eq!(count, 4);
    assert_eq!(
        lines,
        expected.map(|(chat, id)| (chat.to_owned(), id.to_owned()))
    );
}

#[tokio::test]
async fn a_query_narrows_it() {
    let scene = filled().await;
    let other = scene
        .mirror
        .put_integration(account("https://example.org", 1))
        .await
        .unwrap();
    let rows = Rows::Messages(vec![message(10, 1, 1, json!({}))]);
    scene
        .mirror
        .apply(other, batch(rows, None, ""))
        .await
        .unwrap();
    let chat = scene.mirror.find_chat("A").await.unwrap()[0].pk;
    let narrow = async |query| exported(&scene, query).await.0;
    assert_eq!(narrow(ExportQuery::default()).await, 5);
    let of_one = ExportQuery {
        chat: Some(chat),
        ..ExportQuery::default()
    };
    assert_eq!(narrow(of_one).await, 1);
    let of_other = ExportQuery {
        integration: Some(other),
        ..ExportQuery::default()
    };
    assert_eq!(narrow(of_other).await, 1);
    let since = ExportQuery {
        integration: Some(scene.account),
        since: Some(7_000),
        ..ExportQuery::default()
    };
    assert_eq!(narrow(since).await, 2, "the moment itself belongs to it");
    let until = ExportQuery {
        integration: Some(scene.account),
        until: Some(7_000),
        ..ExportQuery::default()
    };
    assert_eq!(narrow(until).await, 2, "the moment itself does not");
}

#[tokio::test]
async fn the_size_is_what_an_export_gives() {
    let scene = filled().await;
    let between = |since, until| ExportQuery {
        since,
        until,
        ..ExportQuery::default()
    };
    for (query, chats) in [
        (ExportQuery::default(), 2),
        (between(Some(7_000), None), 2),
        (between(None, Some(7_000)), 1),
        (between(Some(6_000), Some(6_500)), 0),
    ] {
        let size = scene.mirror.export_size(query).await.unwrap();
        assert_eq!(size.messages, exported(&scene, query).await.0, "{query:?}");
        assert_eq!(size.chats, chats, "{query:?}");
    }
}

#[tokio::test]
async fn what_the_sink_says_ends_it() {
    let scene = filled().await;
    let mut left = 2;
    let failed = scene
        .mirror
        .export(ExportQuery::default(), move |_| {
            left -= 1;
            if left == 0 {
                Err(io::ErrorKind::StorageFull.into())
            } else {
                Ok(())
            }
        })
        .await;
    assert!(matches!(failed, Err(Error::Sink(_))), "{failed:?}");
}
