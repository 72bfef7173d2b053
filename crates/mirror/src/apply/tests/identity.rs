//! Rows that turn out to be the same, or not the same, as others.

use serde_json::json;
use threadkeep_protocol::Stream;

use super::{media, participant, receipt};
use crate::{
    Error, IntegrationPk, Rows,
    testing::{Scene, account, batch, contact, conversation, id, message},
};

#[tokio::test]
async fn people_of_whom_only_the_name_is_known_are_told_apart_by_it() {
    let scene = Scene::new().await;
    let named = |name: &str| json!({"sender_external_id": null, "sender_display_name": name});
    let own = json!({"sender_display_name": "Me", "is_from_me": true});
    let rows = [named("Ana Souza"), named("Bob"), named("~ana souza"), own];
    let rows = (1..)
        .zip(1..)
        .zip(rows)
        .map(|((n, seq), row)| message(n, 1, seq, row));
    scene.put(Rows::Messages(rows.collect())).await;
    let chats = scene
        .mirror
        .chats(crate::ChatQuery::default())
        .await
        .unwrap();
    let page = scene
        .mirror
        .messages(chats[0].pk, crate::MessageQuery::default());
    let page = page.await.unwrap().messages;
    let of = |n: usize| page[n].sender.as_str();
    assert_eq!(page[1].sender_name, "Bob", "the name that the text gives");
    assert_eq!(of(0), of(2), "a tilde and capitals make nobody else");
    assert_ne!(of(0), of(1), "another name is another person");
    assert_eq!(of(3), "me", "one's own name is nobody else");
}

#[tokio::test]
async fn a_hidden_id_that_turns_out_to_be_a_phone_number_is_one_updated_address() {
    let scene = Scene::new().await;
    let from_lid = json!({"sender_external_id": "100@lid", "sender_display_name": "ana"});
    scene
        .put(Rows::Messages(vec![message(10, 1, 1, from_lid)]))
        .await;
    scene
        .put(Rows::Contacts(vec![contact(50, 2, "100@lid", json!({}))]))
        .await;
    scene
        .put(Rows::Contacts(vec![
            contact(
                51,
                3,
                "491@s.whatsapp.net",
                json!({"lid": "100@lid", "display_name": "Ana B"}),
            ),
            contact(50, 4, "100@lid", json!({"merged_into": id(51)})),
        ]))
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
    assert_eq!(page.messages[0].sender, "491@s.whatsapp.net");
    assert_eq!(page.messages[0].sender_name, "Ana B");
    let versions = "SELECT count(*) FROM messages WHERE seq = 1";
    assert_eq!(
        scene.number(versions).await,
        1,
        "the message itself was not rewritten"
    );
}

#[tokio::test]
async fn a_contact_merged_away_leads_to_the_one_that_it_became() {
    let scene = Scene::new().await;
    let sent = json!({"sender_external_id": "100@lid"});
    scene
        .put(Rows::Messages(vec![message(10, 1, 1, sent)]))
        .await;
    // The target comes last and names no hidden id: only the merge leads there.
    for row in [
        contact(50, 2, "100@lid", json!({"merged_into": id(51)})),
        contact(51, 3, "491@s.whatsapp.net", json!({"merged_into": id(52)})),
        contact(52, 4, "492@s.whatsapp.net", json!({"push_name": "Bo"})),
    ] {
        scene.put(Rows::Contacts(vec![row])).await;
    }
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
    assert_eq!(page.messages[0].sender, "492@s.whatsapp.net");
    assert_eq!(page.messages[0].sender_name, "Bo");
}

#[tokio::test]
async fn a_message_that_moves_with_a_merge_of_chats_is_counted_once() {
    let scene = Scene::new().await;
    scene
        .put(Rows::Conversations(vec![
            conversation(1, 1, json!({"unread_count": 3})),
            conversation(2, 2, json!({"unread_count": 1})),
        ]))
        .await;
    scene
        .put(Rows::Messages(vec![message(10, 1, 3, json!({}))]))
        .await;
    scene
        .put(Rows::Messages(vec![message(10, 2, 4, json!({}))]))
        .await;
    scene
        .put(Rows::Conversations(vec![conversation(
            1,
            5,
            json!({"merged_into": id(2)}),
        )]))
        .await;
    let chats = scene
        .mirror
        .chats(crate::ChatQuery::default())
        .await
        .unwrap();
    assert_eq!(
        chats.len(),
        1,
        "a chat that became another one is not listed"
    );
    assert_eq!((chats[0].id, chats[0].messages), (id(2), 1));
    assert_eq!(scene.mirror.stats().await.unwrap().unread, 1);
    scene.check_counters().await;
}

#[tokio::test]
async fn another_history_of_the_server_is_refused_until_the_cursors_restart() {
    let scene = Scene::new().await;
    let old = || message(10, 1, 900, json!({"content": "old"}));
    scene
        .put_at(Rows::Messages(vec![old()]), Some(900), "e1")
        .await;
    let new = message(10, 1, 3, json!({"content": "new"}));
    let refused = scene
        .mirror
        .apply(
            scene.account,
            batch(Rows::Messages(vec![new.clone()]), Some(3), "e2"),
        )
        .await;
    assert!(matches!(refused, Err(Error::OtherEpoch)), "{refused:?}");

    scene
        .mirror
        .restart_cursors(scene.account, "e2".into())
        .await
        .unwrap();
    scene
        .mirror
        .restart_cursors(scene.account, "e2".into())
        .await
        .unwrap();
    let state = scene.mirror.sync_states(scene.account).await.unwrap();
    assert_eq!(
        (state.epoch.as_str(), state.of(Stream::Messages).last_seq),
        ("e2", 0)
    );
    assert_eq!(state.of(Stream::Messages).rows, 1, "the rows stay");
    let applied = scene.put_at(Rows::Messages(vec![new]), Some(3), "e2").await;
    assert_eq!(
        applied.updated, 1,
        "3 of the new history is later than 900 of the old one"
    );
    assert_eq!(
        scene
            .number("SELECT count(*) FROM messages WHERE content = 'new'")
            .await,
        1
    );
    assert_eq!(scene.number("SELECT generation FROM integrations").await, 1);
}

#[tokio::test]
async fn a_rebuilt_server_may_give_everything_another_id() {
    let scene = Scene::new().await;
    scene
        .put(Rows::Conversations(vec![conversation(1, 1, json!({}))]))
        .await;
    let ours = json!({"is_from_me": true});
    scene
        .put(Rows::Messages(vec![
            message(10, 1, 2, ours.clone()),
            message(11, 1, 3, json!({})),
        ]))
        .await;
    scene
        .put(Rows::Contacts(vec![contact(
            50,
            4,
            "491@s.whatsapp.net",
            json!({}),
        )]))
        .await;
    scene
        .put(Rows::Participants(vec![participant(60, 1, 5)]))
        .await;
    scene.put(Rows::Media(vec![media(90, 10, 6)])).await;
    scene.put(Rows::Receipts(vec![receipt(91, 10, 7)])).await;
    let before = scene.mirror.stats().await.unwrap().counts;
    scene
        .mirror
        .restart_cursors(scene.account, "e2".into())
        .await
        .unwrap();

    // What the platform calls them is the same. One message comes before its conversation does.
    let renamed = |number: u64, seq| {
        message(
            number + 1000,
            1001,
            seq,
            json!({
                "external_message_id": format!("EXT{number}"), "is_from_me": number == 10,
                "timestamp": threadkeep_protocol::Timestamp::from_seconds(
                    1_600_000_000 + i64::try_from(number).unwrap()),
            }),
        )
    };
    let put = async |rows| scene.put_at(rows, None, "e2").await;
    put(Rows::Messages(vec![renamed(10, 1)])).await;
    let jid = json!({"external_conversation_id": "491@s.whatsapp.net"});
    put(Rows::Conversations(vec![conversation(1001, 2, jid)])).await;
    put(Rows::Messages(vec![renamed(11, 3)])).await;
    put(Rows::Contacts(vec![contact(
        1050,
        4,
        "491@s.whatsapp.net",
        json!({}),
    )]))
    .await;
    let mut member = participant(60, 1001, 5);
    member.id = id(1060);
    put(Rows::Participants(vec![member])).await;
    put(Rows::Media(vec![media(1090, 1010, 6)])).await;
    put(Rows::Receipts(vec![receipt(1091, 1010, 7)])).await;

    assert_eq!(
        scene.mirror.stats().await.unwrap().counts,
        before,
        "nothing is there twice"
    );
    scene.check_counters().await;
    let chats = scene
        .mirror
        .chats(crate::ChatQuery::default())
        .await
        .unwrap();
    assert_eq!(
        (chats.len(), chats[0].id, chats[0].messages),
        (1, id(1001), 2)
    );
    let page = scene
        .mirror
        .messages(chats[0].pk, crate::MessageQuery::default())
        .await
        .unwrap();
    assert_eq!(page.messages[0].id, id(1010));
    assert_eq!(
        (
            page.messages[0].media.len(),
            page.messages[0].receipts.len()
        ),
        (1, 1)
    );
}

#[tokio::test]
async fn one_server_under_two_addresses_is_two_accounts_with_the_same_ids() {
    let scene = Scene::new().await;
    let other = scene
        .mirror
        .put_integration(account("https://example.org", 1))
        .await
        .unwrap();
    for pk in [scene.account, other] {
        let rows = Rows::Messages(vec![message(10, 1, 1, json!({}))]);
        let applied = scene
            .mirror
            .apply(pk, batch(rows, Some(1), "e1"))
            .await
            .unwrap();
        assert_eq!(applied.saved, 1);
    }
    assert_eq!(scene.number("SELECT count(*) FROM messages").await, 2);
    let unknown = scene
        .mirror
        .apply(IntegrationPk(99), batch(Rows::Messages(vec![]), None, ""))
        .await;
    assert!(
        matches!(unknown, Err(Error::NoIntegration(IntegrationPk(99)))),
        "{unknown:?}"
    );
}
