//! Imports: what they bring, whom they agree with, and how they are taken back; long because each is held against the same people.

use threadkeep_protocol::{
    Contact, ContactRecord, Conversation, ConversationKind, ConversationRecord, ImportState,
    MediaRecord, MessageRecord, Record, Stream, SyncSource,
};
use threadkeep_server_store::{IngestOptions, StoreError};

use crate::bed::{
    ANA, BOB, Bed, GROUP, chat, contact, in_minute, loose, message, mine, reaction, revoke, said,
};

fn at_minute(chat: &str, id: &str, text: &str, minute: i64, second: i64) -> MessageRecord {
    MessageRecord {
        content: text.into(),
        sender_display_name: chat.eq(ANA).then(|| "Ana".into()),
        timestamp: in_minute(minute, second),
        ..message(chat, id, 0)
    }
}

fn backup(record: MessageRecord) -> Record {
    said(MessageRecord {
        sync_source: SyncSource::Import,
        ..record
    })
}

#[tokio::test]
async fn what_only_an_import_brought_goes_with_it_and_comes_with_the_next() {
    let bed = Bed::new().await;
    bed.tell([said(message(ANA, "a", 1))]).await;
    let before = bed.seen().await;
    let records = || {
        [
            Record::Contact(ContactRecord {
                display_name: Some("Bob".into()),
                ..contact(BOB)
            }),
            backup(message(GROUP, "b", 2)),
            backup(MessageRecord {
                media: Some(MediaRecord::default()),
                ..message(ANA, "c", 3)
            }),
        ]
    };
    let first = bed.import("msgstore").await;
    let report = bed.tell_as(first, records()).await;
    assert_eq!(report.saved, 3, "none of it was known");
    let with = bed.seen().await;
    bed.assert_figures_hold().await;

    bed.undo(first).await;
    assert_eq!(bed.seen().await, before, "as though it had never come");
    bed.assert_figures_hold().await;
    for stream in Stream::ALL {
        let digest = bed
            .store
            .digest(bed.integration, stream, None)
            .await
            .unwrap();
        assert!(digest.is_sound(), "{stream} is counted without what went");
    }
    let last = bed.last_seq().await;
    bed.undo(first).await;
    assert_eq!(bed.last_seq().await, last, "it is undone once");

    let again = bed.import("msgstore").await;
    bed.tell_as(again, records()).await;
    assert_eq!(bed.seen().await, with, "the same file brings the same");
    bed.assert_figures_hold().await;
    let last = bed.last_seq().await;
    let third = bed.import("msgstore").await;
    let report = bed.tell_as(third, records()).await;
    assert_eq!((report.saved, report.updated, report.unchanged), (0, 0, 3));
    assert_eq!(
        bed.last_seq().await,
        last,
        "and moves nothing when it is there"
    );
    let known = bed.message("c").await;
    assert_eq!(bed.sources(known.id).await, ["msgstore", "msgstore"]);
}

#[tokio::test]
async fn what_others_know_stays_without_what_the_import_changed() {
    let bed = Bed::new().await;
    let text = MessageRecord {
        content: "as sent".into(),
        ..message(ANA, "a", 1)
    };
    bed.tell([
        said(text.clone()),
        Record::Contact(ContactRecord {
            display_name: Some("Ana".into()),
            about: Some("here".into()),
            ..contact(ANA)
        }),
    ])
    .await;
    let before = bed.seen().await;
    let import = bed.import("msgstore").await;
    bed.tell_as(
        import,
        [
            backup(MessageRecord {
                is_forwarded: Some(true),
                media: Some(MediaRecord::default()),
                ..text
            }),
            reaction(ANA, "a", ANA, "👍", 5),
            Record::Contact(ContactRecord {
                display_name: Some("Ana S.".into()),
                about: Some("gone".into()),
                ..contact(ANA)
            }),
        ],
    )
    .await;
    let row = bed.message("a").await;
    assert!(row.is_forwarded && row.reactions.len() == 1, "it fills");
    assert_eq!(bed.sources(row.id).await, ["account", "msgstore"]);
    bed.tell([Record::Contact(ContactRecord {
        about: Some("back".into()),
        ..contact(ANA)
    })])
    .await;

    bed.undo(import).await;
    let after: Contact = bed.contact(ANA).await;
    assert_eq!(after.display_name.as_deref(), Some("Ana"), "put back");
    assert_eq!(
        after.about.as_deref(),
        Some("back"),
        "said since, so it stays"
    );
    bed.tell([Record::Contact(ContactRecord {
        about: Some("here".into()),
        ..contact(ANA)
    })])
    .await;
    assert_eq!(bed.seen().await, before);
    bed.assert_figures_hold().await;
}

#[tokio::test]
async fn a_text_and_the_live_message_are_one_whichever_came_first() {
    let live = [
        said(at_minute(ANA, "A1", "good  morning", 5, 12)),
        said(at_minute(ANA, "A2", "ok", 5, 20)),
        said(at_minute(ANA, "A3", "ok", 5, 40)),
    ];
    let text = [
        said(loose(ANA, "1", Some("Ana"), "good morning", 5)),
        said(loose(ANA, "2", Some("Ana"), "ok", 5)),
        said(loose(ANA, "3", Some("Ana"), "ok", 5)),
        said(loose(ANA, "4", Some("Ana"), "only in the text", 6)),
    ];
    let (one, two) = (Bed::new().await, Bed::new().await);
    one.tell(live.clone()).await;
    let import = one.import("txt").await;
    let report = one.tell_as(import, text.clone()).await;
    assert_eq!((report.saved, report.unchanged), (1, 3), "three are known");
    let import = two.import("txt").await;
    two.tell_as(import, text).await;
    let before: Vec<_> = two.messages().await.iter().map(|row| row.id).collect();
    two.tell(live).await;
    let after: Vec<_> = two.messages().await;
    assert_eq!(after.len(), 4);
    assert!(
        after.iter().all(|row| before.contains(&row.id)),
        "rows keep their ids when they turn out to be strict ones"
    );
    assert_eq!(one.seen().await, two.seen().await);
    for bed in [&one, &two] {
        bed.assert_figures_hold().await;
        let row = bed.message("A1").await;
        assert_eq!(
            row.timestamp,
            in_minute(5, 12),
            "the time is the better one's"
        );
        assert_eq!(row.content, "good  morning", "and so is the text");
        assert_eq!(bed.sources(row.id).await, ["account", "txt"]);
        assert_eq!(
            bed.conversation(ANA).await.oldest_message_at,
            Some(in_minute(5, 12))
        );
    }
}

#[tokio::test]
async fn two_overlapping_texts_are_one_and_go_one_by_one() {
    let bed = Bed::new().await;
    let (old, new) = (bed.import("old").await, bed.import("new").await);
    let line = |n: i64| {
        said(loose(
            GROUP,
            &n.to_string(),
            Some("Bob"),
            &format!("line {n}"),
            n,
        ))
    };
    bed.tell_as(old, (0..6).map(line)).await;
    let report = bed.tell_as(new, (4..9).map(line)).await;
    assert_eq!((report.saved, report.unchanged), (3, 2));
    assert_eq!(bed.messages().await.len(), 9);
    bed.undo(old).await;
    let left: Vec<_> = bed
        .messages()
        .await
        .into_iter()
        .map(|row| row.content)
        .collect();
    assert_eq!(left, ["line 4", "line 5", "line 6", "line 7", "line 8"]);
    bed.undo(new).await;
    assert_eq!(bed.seen().await, Vec::<String>::new(), "the chat goes too");
    bed.assert_figures_hold().await;
}

#[tokio::test]
async fn a_deletion_is_not_undone_by_a_text_that_still_has_the_words() {
    let (one, two) = (Bed::new().await, Bed::new().await);
    let strict = || said(at_minute(ANA, "A1", "regretted", 5, 12));
    let text = || said(loose(ANA, "1", Some("Ana"), "regretted", 5));
    one.tell([strict(), revoke(ANA, "A1", Some(400))]).await;
    let import = one.import("txt").await;
    one.tell_as(import, [text()]).await;
    let import = two.import("txt").await;
    two.tell_as(import, [text()]).await;
    two.tell([strict()]).await;
    two.tell([revoke(ANA, "A1", Some(400))]).await;
    for bed in [&one, &two] {
        let rows = bed.messages().await;
        assert_eq!(rows.len(), 1, "it is the one that was deleted");
        assert_eq!((rows[0].is_deleted, rows[0].content.as_str()), (true, ""));
    }
    assert_eq!(one.seen().await, two.seen().await);
}

#[tokio::test]
async fn undoing_the_better_source_leaves_what_the_worse_one_said() {
    let bed = Bed::new().await;
    let (txt, store) = (bed.import("txt").await, bed.import("msgstore").await);
    bed.tell_as(txt, [said(loose(ANA, "1", Some("Ana"), "hello", 5))])
        .await;
    let before = bed.seen().await;
    bed.tell_as(store, [backup(at_minute(ANA, "A1", "hello", 5, 33))])
        .await;
    assert_eq!(bed.messages().await[0].external_message_id, "A1");
    bed.undo(store).await;
    let now = bed.seen().await;
    let messages = |seen: &[String]| -> Vec<String> {
        let messages = seen.iter().filter(|row| row.starts_with("message"));
        messages.cloned().collect()
    };
    assert_eq!(messages(&now), messages(&before));
    bed.assert_figures_hold().await;
    let again = bed.import("msgstore").await;
    bed.tell_as(again, [backup(at_minute(ANA, "A1", "hello", 5, 33))])
        .await;
    let rows = bed.messages().await;
    assert_eq!(
        (rows.len(), rows[0].external_message_id.as_str()),
        (1, "A1")
    );
    bed.assert_figures_hold().await;
}

fn group(external_id: &str, name: &str) -> Record {
    Record::Conversation(ConversationRecord {
        conversation_type: Some(ConversationKind::Group),
        name: Some(name.into()),
        ..chat(external_id)
    })
}

#[tokio::test]
async fn a_chat_with_only_a_name_is_the_one_chat_of_that_name_in_either_order() {
    let strict = [
        group(GROUP, "Friends  of Ana"),
        said(at_minute(GROUP, "A1", "hello", 5, 12)),
    ];
    let text = [
        group("name:friends of ana", "Friends of Ana"),
        said(loose("name:friends of ana", "1", Some("Bob"), "hello", 5)),
        said(loose("name:friends of ana", "2", Some("Bob"), "more", 6)),
    ];
    let (one, two) = (Bed::new().await, Bed::new().await);
    one.tell(strict.clone()).await;
    let import = one.import("txt").await;
    one.tell_as(import, text.clone()).await;
    let import = two.import("txt").await;
    two.tell_as(import, text.clone()).await;
    two.tell(strict).await;
    for bed in [&one, &two] {
        bed.assert_figures_hold().await;
        let rows = bed.messages().await;
        assert_eq!(rows.len(), 2, "one is both, one is only in the text");
        let group = bed.conversation(GROUP).await;
        assert!(rows.iter().all(|row| row.conversation_id == group.id));
        assert_eq!(bed.sources(rows[0].id).await, ["account", "txt"]);
    }
    let last = one.last_seq().await;
    let again = one.import("txt").await;
    one.tell_as(again, text).await;
    assert_eq!(
        one.last_seq().await,
        last,
        "the same text again changes nothing"
    );
    one.undo(again).await;
    assert_eq!(one.last_seq().await, last, "and nothing goes with it");
}

#[tokio::test]
async fn no_file_renames_a_chat_that_the_account_has_named() {
    let file = || {
        [
            group(GROUP, "Flat 2021"),
            said(loose(GROUP, "1", Some("Bob"), "hello", 5)),
        ]
    };
    let live = || [group(GROUP, "Lisbon flat")];
    let (one, two) = (Bed::new().await, Bed::new().await);
    one.tell(live()).await;
    let import = one.import("txt").await;
    one.tell_as(import, file()).await;
    let import = two.import("txt").await;
    two.tell_as(import, file()).await;
    let alone = two.conversation(GROUP).await.name;
    assert_eq!(
        alone.as_deref(),
        Some("Flat 2021"),
        "there is no other name"
    );
    two.tell(live()).await;
    for bed in [&one, &two] {
        let name = bed.conversation(GROUP).await.name;
        assert_eq!(
            name.as_deref(),
            Some("Lisbon flat"),
            "nobody knows how old the file's is"
        );
    }
}

#[tokio::test]
async fn where_two_chats_have_the_name_a_third_stays_apart() {
    let bed = Bed::new().await;
    bed.tell([
        group(GROUP, "Team"),
        group("120363020000000004@g.us", "team"),
    ])
    .await;
    let import = bed.import("txt").await;
    let record = said(loose("name:team", "1", Some("Bob"), "hello", 5));
    bed.tell_as(import, [group("name:team", "Team"), record])
        .await;
    let rows = bed.rows::<Conversation>().await;
    assert!(rows.iter().all(|row| row.merged_into.is_none()));
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_and_what_conflicts() {
    let bed = Bed::new().await;
    bed.tell([said(message(ANA, "a", 1)), said(mine(ANA, "b", 2))])
        .await;
    let last = bed.last_seq().await;
    let records = [
        said(message(ANA, "a", 1)),
        said(MessageRecord {
            content: "otherwise".into(),
            ..mine(ANA, "b", 2)
        }),
        said(message(ANA, "c", 3)),
    ];
    let options = IngestOptions {
        dry_run: true,
        ..IngestOptions::default()
    };
    let records = records.into_iter().enumerate().collect();
    let report = bed
        .store
        .ingest(bed.integration, records, options)
        .await
        .unwrap();
    assert_eq!(
        (report.saved, report.unchanged, report.conflicting),
        (1, 2, 1)
    );
    assert_eq!(bed.last_seq().await, last);
}

#[tokio::test]
async fn an_import_that_has_ended_takes_nothing_in() {
    let bed = Bed::new().await;
    let import = bed.import("txt").await;
    let end = |state| bed.store.end_import(bed.integration, import, state);
    assert_eq!(
        end(ImportState::Complete).await.unwrap().state,
        ImportState::Complete
    );
    assert!(end(ImportState::Complete).await.is_ok(), "said again");
    let other = end(ImportState::Cancelled).await.unwrap_err();
    assert!(matches!(
        other,
        StoreError::ImportEnded(ImportState::Complete)
    ));
    let options = IngestOptions {
        import: Some(import),
        ..IngestOptions::default()
    };
    let records = vec![(0, said(message(ANA, "a", 1)))];
    let refused = bed.store.ingest(bed.integration, records, options).await;
    assert!(matches!(refused, Err(StoreError::ImportEnded(_))));
    let unknown = bed.store.import(bed.integration, import + 1).await;
    assert!(matches!(unknown, Err(StoreError::UnknownImport)));
}
