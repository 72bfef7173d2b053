use serde_json::json;

use super::*;
use crate::{
    Rows,
    testing::{Scene, conversation, id, message},
};

async fn scene() -> (Scene, ConversationPk) {
    let scene = Scene::new().await;
    scene
        .put(Rows::Conversations(vec![conversation(1, 1, json!({}))]))
        .await;
    scene
        .put(Rows::Messages(vec![message(
            1,
            1,
            2,
            json!({"external_message_id": "A", "timestamp": "2024-01-01T00:00:00Z"}),
        )]))
        .await;
    let chat = scene.mirror.find_chat(&id(1).to_string()).await.unwrap();
    (scene, chat[0].pk)
}

fn told(request: i64, status: HistoryStatus) -> Checkpoint {
    let now = Some(Timestamp::from_millis(1_700_000_000_000));
    Checkpoint {
        request,
        status,
        max_messages: 100,
        messages_synced: 7,
        progress_percent: 7,
        error_message: (status == HistoryStatus::Failed).then(|| "why".to_owned()),
        created_at: now,
        updated_at: now,
        completed_at: now.filter(|_| status == HistoryStatus::Completed),
        ..Checkpoint::default()
    }
}

#[tokio::test]
async fn a_checkpoint_is_read_back_as_it_was_told() {
    let (scene, chat) = scene().await;
    assert_eq!(scene.mirror.checkpoint(chat).await.unwrap(), None);
    let told = Checkpoint {
        last_message_id: Some("A".into()),
        last_timestamp: Some("2024-01-01T00:00:00Z".parse().unwrap()),
        seq: 2,
        ..told(3, HistoryStatus::InProgress)
    };
    scene
        .mirror
        .put_checkpoint(chat, told.clone())
        .await
        .unwrap();
    assert_eq!(scene.mirror.checkpoint(chat).await.unwrap(), Some(told));
}

#[tokio::test]
async fn states_that_were_not_heard_of_are_passed_through() {
    let (scene, chat) = scene().await;
    for from in HistoryStatus::ALL {
        for to in HistoryStatus::ALL {
            for request in [1, 2] {
                scene
                    .mirror
                    .put_checkpoint(chat, told(1, from))
                    .await
                    .unwrap();
                scene
                    .mirror
                    .put_checkpoint(chat, told(request, to))
                    .await
                    .unwrap();
                let held = scene.mirror.checkpoint(chat).await.unwrap();
                let wanted = match to {
                    HistoryStatus::NotStarted => held.clone(),
                    _ => Some(told(request, to)),
                };
                assert_eq!(held, wanted, "{from:?} → {to:?}, request {request}");
            }
        }
    }
}

#[tokio::test]
async fn a_checkpoint_never_names_a_message_that_is_not_here() {
    let (scene, chat) = scene().await;
    let ahead = Checkpoint {
        last_message_id: Some("B".into()),
        last_timestamp: Some("2023-01-01T00:00:00Z".parse().unwrap()),
        ..told(1, HistoryStatus::InProgress)
    };
    let refused = scene.mirror.put_checkpoint(chat, ahead).await;
    assert!(refused.is_err(), "its row has not come");
    assert_eq!(scene.mirror.checkpoint(chat).await.unwrap(), None);
}

#[rstest::rstest]
#[case("UPDATE sync_checkpoints SET status = 'completed', completed_at = 1")]
#[case("UPDATE sync_checkpoints SET progress_percent = 101")]
#[case("UPDATE sync_checkpoints SET messages_synced = -1")]
#[case("UPDATE sync_checkpoints SET last_message_id = 'A', last_timestamp = 0")]
#[tokio::test]
async fn the_file_itself_refuses_what_no_request_may_be(#[case] sql: &'static str) {
    let (scene, chat) = scene().await;
    let interrupted = told(1, HistoryStatus::Interrupted);
    scene
        .mirror
        .put_checkpoint(chat, interrupted)
        .await
        .unwrap();
    let written = scene
        .mirror
        .write(move |writing| Ok(writing.conn.execute(sql, [])?));
    assert!(written.await.is_err(), "{sql}");
}

#[tokio::test]
async fn gaps_come_with_the_chat() {
    let (scene, chat) = scene().await;
    let gaps = json!({"gaps": [["2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z"]]});
    scene
        .put(Rows::Conversations(vec![conversation(1, 3, gaps)]))
        .await;
    let row = scene.mirror.chat(chat).await.unwrap().unwrap();
    assert_eq!(row.gaps, [(1_704_067_200_000, 1_704_153_600_000)]);
    scene
        .put(Rows::Conversations(vec![conversation(1, 4, json!({}))]))
        .await;
    let row = scene.mirror.chat(chat).await.unwrap().unwrap();
    assert_eq!(row.gaps, [], "what was closed is no gap any more");
}
