use serde_json::json;

use super::*;
use crate::{
    Rows,
    testing::{Scene, batch, message},
};

#[tokio::test]
async fn every_stream_has_a_cursor_of_its_own() {
    let scene = Scene::new().await;
    scene
        .put_at(
            Rows::Messages(vec![message(10, 1, 5, json!({}))]),
            Some(7),
            "e1",
        )
        .await;
    scene.put_at(Rows::Contacts(vec![]), Some(3), "e1").await;
    let states = scene.mirror.sync_states(scene.account).await.unwrap();
    let seqs: Vec<(Stream, Seq)> = states
        .iter()
        .map(|(s, state)| (s, state.last_seq))
        .collect();
    let expected = [0, 7, 3, 0, 0, 0];
    assert_eq!(
        seqs,
        Stream::ALL.into_iter().zip(expected).collect::<Vec<_>>()
    );
    assert_eq!(states.epoch, "e1");
    let unknown = scene.mirror.sync_states(IntegrationPk(9)).await;
    assert!(
        matches!(unknown, Err(Error::NoIntegration(_))),
        "{unknown:?}"
    );
}

#[tokio::test]
async fn rows_that_came_beside_the_cursor_leave_it_where_it_is() {
    let scene = Scene::new().await;
    scene.put_at(Rows::Messages(vec![]), Some(4), "e1").await;
    scene
        .put(Rows::Messages(vec![message(10, 1, 50, json!({}))]))
        .await;
    let states = scene.mirror.sync_states(scene.account).await.unwrap();
    let messages = states.of(Stream::Messages);
    assert_eq!(
        (messages.last_seq, messages.rows, messages.rows_pulled),
        (4, 1, 1)
    );
}

#[tokio::test]
async fn a_server_that_begins_or_ceases_to_tell_an_epoch_has_not_changed_its_history() {
    let scene = Scene::new().await;
    for (epoch, cursor) in [("", 1), ("e1", 2), ("", 3), ("e1", 4)] {
        let rows = Rows::Messages(vec![message(10, 1, cursor, json!({}))]);
        let applied = scene
            .mirror
            .apply(scene.account, batch(rows, Some(cursor), epoch))
            .await;
        assert!(applied.is_ok(), "{applied:?}");
    }
    assert_eq!(scene.number("SELECT generation FROM integrations").await, 0);
}
