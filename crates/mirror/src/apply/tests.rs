mod identity;
mod order;

use serde_json::json;
use threadkeep_protocol::{Participant, Receipt, Stream};

use super::*;
use crate::testing::{Scene, batch, conversation, id, message, row};

fn media(number: u64, of: u64, seq: Seq) -> Media {
    row(
        json!({"id": id(number), "seq": seq, "message_id": id(of), "media_type": "image"}),
        json!({"file_name": format!("v{seq}.jpg"), "file_size": seq}),
    )
}

fn receipt(number: u64, of: u64, seq: Seq) -> Receipt {
    row(
        json!({"id": id(number), "seq": seq, "message_id": id(of)}),
        json!({"participant_external_id": "491@s.whatsapp.net", "read_at": "2024-01-01T00:00:00Z"}),
    )
}

fn participant(number: u64, of: u64, seq: Seq) -> Participant {
    row(
        json!({"id": id(number), "seq": seq, "conversation_id": id(of)}),
        json!({"external_participant_id": format!("5{number}@lid"), "role": "admin"}),
    )
}

#[tokio::test]
async fn a_replayed_batch_changes_nothing() {
    let scene = Scene::new().await;
    let rows = || {
        Rows::Messages(
            (10..20)
                .map(|n| message(n, 1, n as i64, json!({})))
                .collect(),
        )
    };
    let first = scene.put_at(rows(), Some(19), "e1").await;
    let before = scene.dump().await;
    let again = scene.put_at(rows(), Some(19), "e1").await;
    assert_eq!((first.saved, first.updated, first.unchanged), (10, 0, 0));
    assert_eq!((again.saved, again.updated, again.unchanged), (0, 0, 10));
    assert_eq!(scene.dump().await, before);
}

#[tokio::test]
async fn a_page_that_was_read_before_a_row_was_withdrawn_does_not_bring_it_back() {
    let scene = Scene::new().await;
    let old = |n: u64| message(n, 1, n as i64, json!({}));
    scene
        .put_at(Rows::Messages(vec![old(10), old(11)]), Some(11), "e1")
        .await;
    // What the newest messages are, as the server says just before it takes an import back …
    let newest = || Rows::Messages(vec![old(10), old(11), old(12), old(30)]);
    // … and the pull has that already: of a row that was here, and of one that never was.
    let gone = |n, seq| message(n, 1, seq, json!({"is_withdrawn": true}));
    scene
        .put_at(
            Rows::Messages(vec![gone(11, 20), gone(12, 21)]),
            Some(21),
            "e1",
        )
        .await;
    let applied = scene.put(newest()).await;
    assert_eq!(
        (applied.saved, applied.unchanged),
        (1, 1),
        "what lies past the cursor is new, what is here is as it was"
    );
    let back = "SELECT count(*) FROM messages WHERE external_id IN ('EXT11', 'EXT12')";
    assert_eq!(scene.number(back).await, 0, "what was withdrawn stays away");
    scene.check_counters().await;
}

#[tokio::test]
async fn two_versions_in_one_batch_leave_the_later_one() {
    let scene = Scene::new().await;
    let applied = scene
        .put(Rows::Messages(vec![
            message(10, 1, 9, json!({"content": "late"})),
            message(10, 1, 2, json!({"content": "early"})),
        ]))
        .await;
    assert_eq!((applied.saved, applied.updated), (1, 1));
    let late = "SELECT count(*) FROM messages WHERE content = 'late' AND seq = 9";
    assert_eq!(scene.number(late).await, 1);
}

#[tokio::test]
async fn rows_and_cursor_move_together_or_not_at_all() {
    let scene = Scene::new().await;
    scene
        .put_at(
            Rows::Messages(vec![message(10, 1, 5, json!({}))]),
            Some(5),
            "e1",
        )
        .await;
    let before = scene.dump().await;
    // A trigger stands for whatever may fail in the middle of a batch: a full disk, a damaged page.
    scene
        .mirror
        .write(|writing| {
            writing.conn.execute_batch(
                "CREATE TRIGGER fail BEFORE INSERT ON messages WHEN NEW.external_id = 'EXT15' \
                 BEGIN SELECT RAISE(ABORT, 'no'); END",
            )?;
            Ok(())
        })
        .await
        .unwrap();
    let rows = (11..20)
        .map(|n| message(n, 2, n as i64, json!({})))
        .collect();
    let failed = scene
        .mirror
        .apply(scene.account, batch(Rows::Messages(rows), Some(19), "e1"))
        .await;
    assert!(matches!(failed, Err(Error::Sqlite(_))), "{failed:?}");
    assert_eq!(
        scene.dump().await,
        before,
        "not one row of the batch stayed"
    );
    let state = scene.mirror.sync_states(scene.account).await.unwrap();
    assert_eq!(
        state.of(Stream::Messages).last_seq,
        5,
        "nor did the cursor move"
    );

    scene
        .mirror
        .write(|writing| Ok(writing.conn.execute_batch("DROP TRIGGER fail")?))
        .await
        .unwrap();
    let rows = (11..20)
        .map(|n| message(n, 2, n as i64, json!({})))
        .collect();
    let applied = scene.put_at(Rows::Messages(rows), Some(19), "e1").await;
    assert_eq!(
        applied.saved, 9,
        "the caches forgot the placeholder that was rolled back"
    );
    scene.check_counters().await;
}

#[tokio::test]
async fn a_panic_in_the_writer_rolls_back_and_the_thread_goes_on() {
    let scene = Scene::new().await;
    let before = scene.dump().await;
    let account = scene.account;
    let failed = scene
        .mirror
        .write(move |writing| -> Result<(), Error> {
            writing.conversation(account, id(7))?;
            panic!("a fault");
        })
        .await;
    assert!(
        matches!(&failed, Err(Error::Panicked(text)) if text == "a fault"),
        "{failed:?}"
    );
    assert_eq!(scene.dump().await, before);
    let applied = scene
        .put(Rows::Messages(vec![message(10, 7, 1, json!({}))]))
        .await;
    assert_eq!(applied.saved, 1);
}

#[tokio::test]
async fn a_placeholder_is_filled_by_its_row() {
    let scene = Scene::new().await;
    scene
        .put(Rows::Messages(vec![message(10, 1, 5, json!({}))]))
        .await;
    let chats = scene
        .mirror
        .chats(crate::ChatQuery::default())
        .await
        .unwrap();
    assert_eq!(chats.len(), 1, "what came is shown, named or not");
    assert_eq!(chats[0].jid, "");
    let stats = scene.mirror.stats().await.unwrap();
    assert_eq!(
        stats.counts.conversations, 0,
        "a placeholder is no row of the server"
    );

    let filled = scene
        .put(Rows::Conversations(vec![conversation(
            1,
            1,
            json!({"name": "Ana"}),
        )]))
        .await;
    assert_eq!((filled.saved, filled.updated), (1, 0));
    let chats = scene
        .mirror
        .chats(crate::ChatQuery::default())
        .await
        .unwrap();
    assert_eq!(
        (chats.len(), chats[0].name.as_str(), chats[0].messages),
        (1, "Ana", 1)
    );
}

#[tokio::test]
async fn files_and_receipts_wait_for_their_message_over_a_restart() {
    let scene = Scene::new().await;
    scene.put(Rows::Media(vec![media(90, 10, 1)])).await;
    scene.put(Rows::Receipts(vec![receipt(91, 10, 2)])).await;
    let Scene {
        mirror,
        account,
        folder,
    } = scene;
    mirror.close().await;
    drop(mirror);
    let mirror = crate::Mirror::open(&folder.path().join("mirror.db")).unwrap();
    let scene = Scene {
        mirror,
        account,
        folder,
    };
    scene
        .put(Rows::Messages(vec![message(
            10,
            1,
            3,
            json!({"is_from_me": true}),
        )]))
        .await;
    let chat = scene
        .mirror
        .chats(crate::ChatQuery::default())
        .await
        .unwrap()[0]
        .pk;
    let page = scene
        .mirror
        .messages(chat, crate::MessageQuery::default())
        .await
        .unwrap();
    assert_eq!(page.messages[0].media[0].file_name, "v1.jpg");
    assert_eq!(page.messages[0].receipts[0].jid, "491@s.whatsapp.net");
}

#[tokio::test]
async fn a_cursor_does_not_go_back() {
    let scene = Scene::new().await;
    scene.put_at(Rows::Contacts(vec![]), Some(9), "").await;
    let back = scene
        .mirror
        .apply(scene.account, batch(Rows::Contacts(vec![]), Some(8), ""))
        .await;
    assert!(
        matches!(back, Err(Error::CursorBack { held: 9, given: 8 })),
        "{back:?}"
    );
}
