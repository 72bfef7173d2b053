use serde_json::json;
use threadkeep_protocol::{Checkpoint, HistoryStatus, Media, Receipt, Stream, View};

use super::*;
use crate::{
    Rows,
    testing::{Scene, batch, conversation, id, message, row},
};

/// Messages of each chat: one a second, the second is the message's number.
const EACH: u64 = 3_000;

/// Chats 1 to 3 with their messages; every tenth has a file and a receipt. All cursors stand at 100,000.
async fn scene() -> Scene {
    let scene = Scene::new().await;
    let conversations = (1..=3).map(|n| conversation(n, i64::try_from(n).unwrap(), json!({})));
    scene
        .put(Rows::Conversations(conversations.collect()))
        .await;
    let numbers = || (1..=3_u64).flat_map(|chat| (0..EACH).map(move |n| (chat, chat * 10_000 + n)));
    let seq = |number: u64| i64::try_from(number).unwrap();
    let messages = numbers().map(|(chat, n)| message(n, chat, seq(n), json!({})));
    let cursor = Some(100_000);
    scene
        .put_at(Rows::Messages(messages.collect()), cursor, "e1")
        .await;
    let tenth = || numbers().filter(|(_, n)| n % 10 == 0).map(|(_, n)| n);
    let media = tenth().map(|n| -> Media {
        let file = json!({"id": id(n), "seq": n, "message_id": id(n), "media_type": "image",
                          "file_name": "a.jpg", "thumbnail": "dGh1bWI="});
        row(file, json!({}))
    });
    scene
        .put_at(Rows::Media(media.collect()), cursor, "e1")
        .await;
    let receipts = tenth().map(|n| -> Receipt {
        let receipt = json!({"id": id(n), "seq": n, "message_id": id(n),
                             "participant_external_id": "1@s.whatsapp.net"});
        row(receipt, json!({}))
    });
    scene
        .put_at(Rows::Receipts(receipts.collect()), cursor, "e1")
        .await;
    scene
}

async fn chat(scene: &Scene, number: u64) -> ConversationPk {
    let found = scene.mirror.find_chat(&id(number).to_string()).await;
    found.unwrap()[0].pk
}

fn at(number: u64) -> Timestamp {
    Timestamp::from_seconds(1_600_000_000 + i64::try_from(number).unwrap())
}

/// Frees to the end; how many messages and files went, in how many transactions.
async fn free(scene: &Scene) -> (Freeing, usize) {
    let mut freeing = Freeing::default();
    let mut steps = 0;
    while !freeing.is_done {
        freeing = scene
            .mirror
            .free_some(scene.account, freeing)
            .await
            .unwrap();
        steps += 1;
    }
    (freeing, steps)
}

/// Chat 1 from its 1,000th message on, chat 2 without files, chat 3 not at all.
async fn narrow(scene: &Scene) -> Selection {
    let late = Rule {
        since: Some(at(11_000)),
        ..Rule::ALL
    };
    let bare = Rule {
        media: false,
        ..Rule::ALL
    };
    let own = [(chat(scene, 1).await, late), (chat(scene, 2).await, bare)];
    Selection::new(Rule::NONE, own)
}

#[tokio::test]
async fn what_a_plan_says_goes_and_nothing_else() {
    let scene = scene().await;
    let (mirror, account) = (&scene.mirror, scene.account);
    let selection = narrow(&scene).await;
    let before = mirror.sync_states(account).await.unwrap();
    let plan = mirror
        .plan_selection(account, selection.clone())
        .await
        .unwrap();
    let rows = scene.number("SELECT count(*) FROM messages").await;
    assert_eq!(rows, 9_000, "a plan changes nothing");
    let expected = Frees {
        chats: 3,
        messages: 1_000 + EACH,
        media: 100 + 300 + 300,
        bytes: plan.frees.bytes,
    };
    assert_eq!(plan.frees, expected);
    assert!(plan.frees.bytes > 100_000 && !plan.fetches);

    mirror.select(account, selection.clone()).await.unwrap();
    let selected = mirror.selection(account).await.unwrap();
    assert_eq!(
        selected.selection, selection,
        "it is read back as it was put"
    );
    assert!(selected.is_pending, "nothing is freed yet");
    let (gone, steps) = free(&scene).await;
    assert_eq!((gone.messages, gone.media), (4_000, 700));
    assert!(steps > 2, "in several transactions");
    assert!(!mirror.selection(account).await.unwrap().is_pending);

    scene.check_counters().await;
    let left =
        "SELECT count(*) FROM messages AS m JOIN conversations AS c ON c.pk = m.conversation_pk";
    assert_eq!(scene.number(left).await, 2_000 + 3_000);
    assert_eq!(scene.number("SELECT count(*) FROM media").await, 200);
    assert_eq!(
        scene.number("SELECT count(*) FROM receipts").await,
        200 + 300
    );
    let oldest = "SELECT min(timestamp) FROM messages";
    assert_eq!(
        scene.number(oldest).await,
        at(11_000).millis(),
        "the bound itself stays"
    );
    let rows = mirror.sync_states(account).await.unwrap();
    for stream in Stream::ALL {
        let (now, then) = (rows.of(stream), before.of(stream));
        assert_eq!(now.last_seq, then.last_seq, "freeing moves no cursor");
    }
    let emptied = mirror.chat(chat(&scene, 3).await).await.unwrap().unwrap();
    assert_eq!(emptied.messages, 0, "the chat itself is still shown");
    assert!(
        mirror
            .plan_selection(account, selection)
            .await
            .unwrap()
            .frees
            .is_nothing()
    );
}

#[tokio::test]
async fn a_stream_never_says_that_it_has_more_than_it_has() {
    let scene = scene().await;
    let (mirror, account) = (&scene.mirror, scene.account);
    assert!(mirror.want(account).await.unwrap().is_plain());
    mirror.select(account, narrow(&scene).await).await.unwrap();
    // Cut in the middle of freeing, and everything is wanted again.
    let cut = mirror.free_some(account, Freeing::default()).await.unwrap();
    assert!(!cut.is_done);
    mirror.select(account, Selection::default()).await.unwrap();
    let wanted = mirror.want(account).await.unwrap();
    assert_eq!(wanted.view, None, "the stream is wanted whole");
    let streams: Vec<Stream> = wanted.streams.iter().map(|stream| stream.stream).collect();
    assert_eq!(streams, [Stream::Messages, Stream::Media, Stream::Receipts]);
    let held = wanted.streams[0].held.clone().unwrap();
    assert!(
        !held.rule(id(3)).included,
        "what was being freed is not counted on"
    );
    assert_eq!(held.rule(id(1)).since, Some(at(11_000)));
    assert!(mirror.selection(account).await.unwrap().is_pending);

    // Half of it comes; then less is wanted, and then all again.
    let some = batch(
        Rows::Messages(vec![message(30_000, 3, 30_000, json!({}))]),
        None,
        "e1",
    );
    mirror.load(account).widen(some, 40_000).await.unwrap();
    let wanted = mirror.want(account).await.unwrap();
    assert_eq!(wanted.streams[0].from, 40_000, "it goes on from there");
    let less = Selection::new(Rule::ALL, [(chat(&scene, 1).await, Rule::NONE)]);
    mirror.select(account, less).await.unwrap();
    let wanted = mirror.want(account).await.unwrap();
    assert_eq!(
        wanted.streams[0].from, 0,
        "another question has another answer"
    );
    let held = wanted.streams[0].held.clone().unwrap();
    assert!(!held.rule(id(3)).included && !held.rule(id(1)).included);

    for stream in streams {
        mirror.widened(account, stream).await.unwrap();
    }
    free(&scene).await;
    assert!(!mirror.selection(account).await.unwrap().is_pending);
    let view = mirror.want(account).await.unwrap().view.unwrap();
    assert_eq!(view, View::new(Rule::ALL, [(id(1), Rule::NONE)]));
}

#[tokio::test]
async fn a_stream_that_was_never_pulled_has_nothing_to_fetch_from_before() {
    let scene = Scene::new().await;
    let (mirror, account) = (&scene.mirror, scene.account);
    for rule in [Rule::NONE, Rule::ALL] {
        mirror
            .select(account, Selection::new(rule, []))
            .await
            .unwrap();
        free(&scene).await;
        assert!(mirror.want(account).await.unwrap().streams.is_empty());
    }
}

#[tokio::test]
async fn a_chat_that_becomes_another_gives_it_its_rule() {
    let scene = scene().await;
    let (mirror, account) = (&scene.mirror, scene.account);
    let (one, two) = (chat(&scene, 1).await, chat(&scene, 2).await);
    let selection = Selection::new(Rule::NONE, [(one, Rule::ALL)]);
    mirror.select(account, selection).await.unwrap();
    free(&scene).await;
    let merged = conversation(1, 200_000, json!({"merged_into": id(2)}));
    scene.put(Rows::Conversations(vec![merged])).await;
    let wanted = mirror.want(account).await.unwrap();
    assert_eq!(
        wanted.view,
        Some(View::new(Rule::NONE, [(id(2), Rule::ALL)]))
    );
    let selection = mirror.selection(account).await.unwrap().selection;
    assert_eq!(selection, Selection::new(Rule::NONE, [(two, Rule::ALL)]));
    assert_eq!(
        wanted.streams.len(),
        3,
        "what the other one had before is fetched"
    );
    // What did not move has no place in any view.
    assert!(mirror.sweep(account).await.unwrap());
    free(&scene).await;
    assert_eq!(scene.number("SELECT count(*) FROM messages").await, 0);
    scene.check_counters().await;
}

#[tokio::test]
async fn what_waits_for_a_message_that_is_not_wanted_goes() {
    let scene = scene().await;
    let (mirror, account) = (&scene.mirror, scene.account);
    let late: Media = row(
        json!({"id": id(99), "seq": 300_000, "message_id": id(77_777), "media_type": "image"}),
        json!({}),
    );
    scene.put(Rows::Media(vec![late])).await;
    assert!(!mirror.sweep(account).await.unwrap());
    let awaited = "SELECT count(*) FROM media WHERE message_pk = 0";
    assert_eq!(
        scene.number(awaited).await,
        1,
        "it is wanted whole: the message will come"
    );
    mirror
        .select(account, Selection::new(Rule::NONE, []))
        .await
        .unwrap();
    mirror.sweep(account).await.unwrap();
    assert_eq!(scene.number(awaited).await, 0);
    scene.check_counters().await;
}

#[tokio::test]
async fn a_checkpoint_may_name_a_message_that_is_left_out() {
    let scene = scene().await;
    let (mirror, account) = (&scene.mirror, scene.account);
    mirror.select(account, narrow(&scene).await).await.unwrap();
    free(&scene).await;
    let chat = chat(&scene, 1).await;
    let told = |number| Checkpoint {
        request: 1,
        status: HistoryStatus::InProgress,
        max_messages: 100,
        last_message_id: Some(format!("EXT{number}")),
        last_timestamp: Some(at(number)),
        ..Checkpoint::default()
    };
    mirror.put_checkpoint(chat, told(10_500)).await.unwrap();
    let kept = mirror.checkpoint(chat).await.unwrap().unwrap();
    assert_eq!(kept.last_message_id, None, "it is not here to be named");
    assert_eq!(kept.last_timestamp, Some(at(10_500)));
    mirror.put_checkpoint(chat, told(11_500)).await.unwrap();
    let kept = mirror.checkpoint(chat).await.unwrap().unwrap();
    assert_eq!(kept.last_message_id.as_deref(), Some("EXT11500"));
}

#[tokio::test]
async fn a_removed_account_leaves_no_choice_behind() {
    let scene = scene().await;
    let (mirror, account) = (&scene.mirror, scene.account);
    mirror.select(account, narrow(&scene).await).await.unwrap();
    mirror.remove_integration(account).await.unwrap();
    for sql in [
        "SELECT count(*) FROM selections",
        "SELECT count(*) FROM views",
    ] {
        assert_eq!(scene.number(sql).await, 0);
    }
    assert!(mirror.selection(account).await.is_err());
}
