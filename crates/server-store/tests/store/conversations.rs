//! Conversations: what is said of them and what follows from their messages.

use rstest::rstest;
use threadkeep_protocol::{
    Conversation, ConversationKind, ConversationRecord, Message, MessageRecord, Metadata, Record,
    SyncSource,
};

use crate::bed::{ANA, Bed, GROUP, at, chat, edit, message, mine, reaction, said};

fn unread(count: i64, seconds: Option<i64>) -> Record {
    let last_activity_at = seconds.map(at);
    Record::Conversation(ConversationRecord {
        unread_count: Some(count),
        last_activity_at,
        ..chat(ANA)
    })
}

fn added(count: i64, seconds: Option<i64>) -> Record {
    let last_activity_at = seconds.map(at);
    Record::Conversation(ConversationRecord {
        unread_added: Some(count),
        last_activity_at,
        ..chat(ANA)
    })
}

#[rstest]
#[case::direct(ANA, ConversationKind::Direct)]
#[case::hidden("100000000000009@lid", ConversationKind::Direct)]
#[case::group(GROUP, ConversationKind::Group)]
#[case::broadcast("status@broadcast", ConversationKind::Broadcast)]
#[case::channel("120363000000000000@newsletter", ConversationKind::Channel)]
#[tokio::test]
async fn a_message_makes_its_conversation(#[case] address: &str, #[case] kind: ConversationKind) {
    let bed = Bed::new().await;
    bed.tell([said(message(address, "m", 1))]).await;
    let row = bed.conversation(address).await;
    assert_eq!((row.conversation_type, row.name), (kind, None));
    assert_eq!(
        (row.unread_count, row.integration_type.as_str()),
        (0, "whatsapp")
    );
}

#[tokio::test]
async fn what_follows_from_messages_moves_the_conversation_once_a_call() {
    let bed = Bed::new().await;
    bed.tell([Record::Conversation(chat(ANA))]).await;
    let before = bed.last_seq().await;
    bed.tell((1..=50).map(|n| said(message(ANA, &format!("m{n:02}"), n))))
        .await;
    let row = bed.conversation(ANA).await;
    assert_eq!(
        bed.last_seq().await - before,
        50 + 1 + 1,
        "messages, the conversation, the sender"
    );
    assert_eq!(row.total_message_count, 50);
    assert_eq!(
        (row.oldest_message_at, row.last_message_at),
        (Some(at(1)), Some(at(50)))
    );
    assert_eq!(row.last_activity_at, Some(at(50)));
    assert_eq!(row.last_message_preview.as_deref(), Some("text of m50"));
    bed.tell([said(message(ANA, "old", -100))]).await;
    let later = bed.conversation(ANA).await;
    assert_eq!(
        (later.oldest_message_at, later.last_message_at),
        (Some(at(-100)), Some(at(50)))
    );
    bed.assert_figures_hold().await;
}

#[tokio::test]
async fn a_change_that_the_conversation_does_not_show_leaves_it() {
    let bed = Bed::new().await;
    bed.tell([said(message(ANA, "m1", 1)), said(message(ANA, "m2", 2))])
        .await;
    let before = bed.conversation(ANA).await;
    bed.tell([
        edit(ANA, "m1", "other", 9),
        reaction(ANA, "m2", ANA, "👍", 9),
    ])
    .await;
    assert_eq!(bed.conversation(ANA).await, before);
}

#[tokio::test]
async fn what_cancels_out_within_a_call_moves_nothing() {
    let bed = Bed::new().await;
    bed.tell([Record::Conversation(ConversationRecord {
        name: Some("A".into()),
        ..chat(GROUP)
    })])
    .await;
    let before = bed.conversation(GROUP).await;
    let named = |name: &str| {
        Record::Conversation(ConversationRecord {
            name: Some(name.into()),
            ..chat(GROUP)
        })
    };
    bed.tell([named("B"), named("A")]).await;
    assert_eq!(bed.conversation(GROUP).await, before);
}

#[rstest]
#[case::live(SyncSource::Realtime, false, 1)]
#[case::own(SyncSource::Realtime, true, 0)]
#[case::history(SyncSource::HistorySync, false, 0)]
#[tokio::test]
async fn a_chat_that_a_live_message_opens_is_unread(
    #[case] sync_source: SyncSource,
    #[case] is_from_me: bool,
    #[case] expected: i64,
) {
    let bed = Bed::new().await;
    let record = if is_from_me {
        mine(ANA, "m", 1)
    } else {
        message(ANA, "m", 1)
    };
    bed.tell([said(MessageRecord {
        sync_source,
        ..record
    })])
    .await;
    assert_eq!(bed.conversation(ANA).await.unread_count, expected);
    bed.tell([added(1, Some(1))]).await;
    let counted = bed.conversation(ANA).await.unread_count;
    assert_eq!(
        counted, 1,
        "the message that opened the chat is not counted twice"
    );
}

#[tokio::test]
async fn unread_messages_are_added_once() {
    let bed = Bed::new().await;
    bed.tell([unread(2, Some(10))]).await;
    assert_eq!(bed.tell([added(1, Some(20))]).await, (0, 1, 0));
    assert_eq!(
        bed.tell([added(1, Some(20)), added(1, Some(15))]).await,
        (0, 0, 2),
        "replays"
    );
    assert_eq!(bed.conversation(ANA).await.unread_count, 3);
    bed.tell([said(message(ANA, "m", 30)), added(1, Some(30))])
        .await;
    let counted = bed.conversation(ANA).await.unread_count;
    assert_eq!(
        counted, 4,
        "the message itself does not count as having been counted"
    );
    bed.tell([added(9, None)]).await;
    assert_eq!(
        bed.conversation(ANA).await.unread_count,
        9,
        "without a time, at least so many"
    );
}

#[rstest]
#[case::older(Some(5), 3)]
#[case::equal(Some(10), 7)]
#[case::newer(Some(20), 7)]
#[case::untimed(None, 7)]
#[tokio::test]
async fn an_older_count_does_not_override_a_newer_one(
    #[case] seconds: Option<i64>,
    #[case] expected: i64,
) {
    let bed = Bed::new().await;
    bed.tell([unread(3, Some(10))]).await;
    bed.tell([unread(7, seconds)]).await;
    assert_eq!(bed.conversation(ANA).await.unread_count, expected);
}

#[tokio::test]
async fn reading_a_chat_survives_a_replay_of_the_history_before_it() {
    let bed = Bed::new().await;
    bed.tell([unread(3, Some(10))]).await;
    bed.tell([unread(0, None)]).await;
    assert_eq!(bed.tell([unread(3, Some(10))]).await, (0, 0, 1));
    assert_eq!(bed.conversation(ANA).await.unread_count, 0);
}

#[tokio::test]
async fn a_log_with_a_reading_in_it_ends_the_same_when_it_is_taken_in_again() {
    let bed = Bed::new().await;
    let log = [
        unread(3, Some(10)),
        unread(0, None),
        added(1, Some(11)),
        added(1, Some(12)),
        added(1, Some(12)),
    ];
    bed.tell(log.clone()).await;
    let first = bed.conversation(ANA).await;
    assert_eq!(first.unread_count, 2, "what came twice counts once");
    for _ in 0..2 {
        bed.tell(log.clone()).await;
        let again = bed.conversation(ANA).await;
        assert_eq!((again.unread_count, again.seq), (2, first.seq));
    }
    bed.tell([unread(0, None)]).await;
    bed.tell([added(1, Some(12))]).await;
    assert_eq!(
        bed.conversation(ANA).await.unread_count,
        0,
        "by itself, what was counted once is not counted again"
    );
}

#[tokio::test]
async fn activity_only_moves_forward() {
    let bed = Bed::new().await;
    bed.tell([unread(0, Some(10)), unread(0, Some(5))]).await;
    assert_eq!(bed.conversation(ANA).await.last_activity_at, Some(at(10)));
}

#[tokio::test]
async fn absent_fields_say_nothing_and_metadata_adds_up() {
    let bed = Bed::new().await;
    let metadata = |key: &str| Some(Metadata::from_iter([(key.to_owned(), true.into())]));
    let full = ConversationRecord {
        name: Some("Friends".into()),
        is_archived: Some(true),
        is_muted: Some(true),
        mute_until: Some(at(99)),
        platform_metadata: metadata("a"),
        ..chat(GROUP)
    };
    bed.tell([Record::Conversation(full)]).await;
    assert_eq!(
        bed.tell([Record::Conversation(chat(GROUP))]).await,
        (0, 0, 1)
    );
    let more = ConversationRecord {
        platform_metadata: metadata("b"),
        ..chat(GROUP)
    };
    bed.tell([Record::Conversation(more)]).await;
    let row = bed.conversation(GROUP).await;
    assert_eq!(
        (row.name.as_deref(), row.is_archived),
        (Some("Friends"), true)
    );
    assert_eq!(
        row.platform_metadata.unwrap().text(),
        r#"{"a":true,"b":true}"#
    );
    let loud = ConversationRecord {
        is_muted: Some(false),
        ..chat(GROUP)
    };
    bed.tell([Record::Conversation(loud)]).await;
    assert_eq!(
        bed.conversation(GROUP).await.mute_until,
        None,
        "unmuted is not muted until"
    );
}

#[tokio::test]
async fn a_deleted_chat_stays_a_row_and_comes_back_with_a_new_message() {
    let bed = Bed::new().await;
    bed.tell([said(message(ANA, "m1", 1))]).await;
    let delete = ConversationRecord {
        is_deleted: Some(true),
        ..chat(ANA)
    };
    bed.tell([Record::Conversation(delete)]).await;
    let row = bed.conversation(ANA).await;
    assert!(row.is_deleted && row.deleted_at.is_some());
    let live = |id: &str, timestamp| {
        let sync_source = SyncSource::Realtime;
        said(MessageRecord {
            timestamp,
            sync_source,
            ..message(ANA, id, 0)
        })
    };
    bed.tell([live("m0", at(0))]).await;
    assert!(
        bed.conversation(ANA).await.is_deleted,
        "a message from before the deletion"
    );
    let later = threadkeep_protocol::Timestamp::from_millis(row.deleted_at.unwrap().millis() + 1);
    bed.tell([live("m3", later)]).await;
    assert!(
        !bed.conversation(ANA).await.is_deleted,
        "somebody wrote since"
    );
}

#[tokio::test]
async fn an_old_log_of_a_chat_that_was_deleted_and_came_back_ends_with_the_chat() {
    let bed = Bed::new().await;
    let live = |id: &str, seconds| {
        said(MessageRecord {
            sync_source: SyncSource::Realtime,
            ..message(ANA, id, seconds)
        })
    };
    let delete = Record::Conversation(ConversationRecord {
        is_deleted: Some(true),
        ..chat(ANA)
    });
    let log = [live("m1", 1), delete.clone(), live("m2", 2)];
    bed.tell(log.clone()).await;
    assert!(
        !bed.conversation(ANA).await.is_deleted,
        "both were years before today, and the message was the later"
    );
    let seq = bed.conversation(ANA).await.seq;
    bed.tell(log).await;
    let row = bed.conversation(ANA).await;
    assert_eq!(
        (row.is_deleted, row.seq),
        (false, seq),
        "a replay undoes nothing and moves nothing"
    );

    bed.tell([delete]).await;
    bed.tell([live("m2", 2)]).await;
    assert!(
        bed.conversation(ANA).await.is_deleted,
        "a message that comes twice is no new one"
    );
}

#[tokio::test]
async fn a_dry_run_reports_what_would_happen_and_keeps_nothing() {
    let bed = Bed::new().await;
    let records = vec![(0, said(message(ANA, "m", 1))), (1, edit(ANA, "m", "b", 2))];
    let options = threadkeep_server_store::IngestOptions {
        dry_run: true,
        ..Default::default()
    };
    let report = bed
        .store
        .ingest(bed.integration, records, options)
        .await
        .unwrap();
    assert_eq!((report.saved, report.updated), (1, 1));
    assert_eq!(bed.last_seq().await, 0);
    assert!(bed.rows::<Message>().await.is_empty() && bed.rows::<Conversation>().await.is_empty());
}

#[tokio::test]
async fn an_old_list_of_chats_sent_again_undoes_nothing() {
    let bed = Bed::new().await;
    let listed = Record::Conversation(ConversationRecord {
        name: Some("Flat".into()),
        is_archived: Some(false),
        unread_count: Some(3),
        last_activity_at: Some(at(100)),
        ..chat(GROUP)
    });
    let tidied = Record::Conversation(ConversationRecord {
        name: Some("Lisbon flat".into()),
        is_archived: Some(true),
        unread_count: Some(0),
        ..chat(GROUP)
    });
    bed.tell([listed.clone()]).await;
    bed.tell([tidied.clone()]).await;
    let before = bed.last_seq().await;
    for record in [listed, tidied] {
        assert_eq!(bed.tell([record]).await, (0, 0, 1), "it is known already");
    }
    assert_eq!(bed.last_seq().await, before, "no row moved");
    let row = bed.conversation(GROUP).await;
    assert_eq!(row.name.as_deref(), Some("Lisbon flat"));
    assert_eq!((row.is_archived, row.unread_count), (true, 0));
}

#[tokio::test]
async fn an_old_list_of_chats_tells_what_nobody_has_told() {
    let bed = Bed::new().await;
    bed.tell([unread(0, None)]).await;
    let listed = Record::Conversation(ConversationRecord {
        name: Some("Ana".into()),
        is_pinned: Some(true),
        last_activity_at: Some(at(100)),
        ..chat(ANA)
    });
    bed.tell([listed]).await;
    let row = bed.conversation(ANA).await;
    assert_eq!((row.name.as_deref(), row.is_pinned), (Some("Ana"), true));
}
