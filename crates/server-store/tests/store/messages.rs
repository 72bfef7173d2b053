//! Message records, edits, revokes, reactions and statuses.

use threadkeep_protocol::{
    DeliveryStatus, Media, MediaRecord, MessageEdit, MessageKind, MessageReaction, MessageRecord,
    Metadata, Record, StatusRecord,
};

use crate::bed::{ANA, BOB, Bed, GROUP, ME, at, edit, message, mine, reaction, revoke, said};

fn status(chat: &str, id: &str, status: DeliveryStatus) -> Record {
    Record::Status(StatusRecord {
        external_conversation_id: chat.into(),
        external_message_id: id.into(),
        delivery_status: Some(status),
        is_starred: None,
    })
}

fn metadata(key: &str) -> Option<Metadata> {
    Some(Metadata::from_iter([(key.to_owned(), 1.into())]))
}

#[tokio::test]
async fn a_replay_changes_nothing_and_moves_no_seq() {
    let bed = Bed::new().await;
    let records = || {
        vec![
            said(message(ANA, "m1", 1)),
            edit(ANA, "m1", "better", 5),
            reaction(ANA, "m1", ME, "👍", 6),
            revoke(ANA, "m2", None),
            said(message(ANA, "m2", 2)),
        ]
    };
    assert_eq!(
        bed.tell(records()).await,
        (3, 2, 0),
        "a change that waits counts as saved"
    );
    let before = (
        bed.last_seq().await,
        bed.seen().await,
        bed.rows::<threadkeep_protocol::Message>().await,
    );
    assert_eq!(bed.tell(records()).await, (0, 0, 5));
    let after = (
        bed.last_seq().await,
        bed.seen().await,
        bed.rows::<threadkeep_protocol::Message>().await,
    );
    assert_eq!(after, before, "neither a seq nor updated_at has moved");
}

#[tokio::test]
async fn a_record_about_a_known_message_fills_and_never_replaces() {
    let bed = Bed::new().await;
    bed.tell([said(message(GROUP, "m", 1))]).await;
    let fuller = MessageRecord {
        content: "another text".into(),
        sender_display_name: Some("Bob".into()),
        reply_to_external_id: Some("m0".into()),
        is_starred: Some(true),
        platform_metadata: metadata("raw"),
        ..message(GROUP, "m", 1)
    };
    assert_eq!(bed.tell([said(fuller)]).await, (0, 1, 0));
    let row = bed.message("m").await;
    assert_eq!(row.content, "text of m", "only an edit replaces a text");
    assert_eq!(row.sender_display_name.as_deref(), Some("Bob"));
    assert_eq!(row.reply_to_external_id.as_deref(), Some("m0"));
    assert!(row.is_starred);
    assert_eq!(row.platform_metadata.unwrap().text(), r#"{"raw":1}"#);
}

#[tokio::test]
async fn what_nobody_understood_at_first_is_filled_once_somebody_does() {
    let bed = Bed::new().await;
    let opaque = MessageRecord {
        message_type: MessageKind::Unknown,
        content: String::new(),
        ..message(ANA, "m", 1)
    };
    bed.tell([said(opaque)]).await;
    bed.tell([said(message(ANA, "m", 1))]).await;
    let row = bed.message("m").await;
    assert_eq!(
        (row.message_type, row.content.as_str()),
        (MessageKind::Text, "text of m")
    );
}

#[tokio::test]
async fn the_latest_edit_wins_and_the_others_are_history() {
    let bed = Bed::new().await;
    bed.tell([said(message(ANA, "m", 1)), edit(ANA, "m", "third", 30)])
        .await;
    assert_eq!(bed.tell([edit(ANA, "m", "second", 20)]).await, (0, 1, 0));
    assert_eq!(
        bed.tell([edit(ANA, "m", "third", 30)]).await,
        (0, 0, 1),
        "the same edit again"
    );
    let row = bed.message("m").await;
    assert_eq!(
        (row.content.as_str(), row.edited_at),
        ("third", Some(at(30)))
    );
    let history = vec![
        MessageEdit {
            content: "text of m".into(),
            at: at(20),
        },
        MessageEdit {
            content: "second".into(),
            at: at(30),
        },
    ];
    assert_eq!(
        row.edits, history,
        "each earlier text with the time at which it was replaced"
    );
    assert_eq!(
        bed.conversation(ANA).await.last_message_preview.as_deref(),
        Some("third"),
        "the preview follows the text"
    );
}

#[tokio::test]
async fn a_record_that_tells_of_edits_is_as_good_as_the_edits() {
    let bed = Bed::new().await;
    let edited = MessageRecord {
        content: "second".into(),
        edited_at: Some(at(20)),
        edits: vec![MessageEdit {
            content: "text of m".into(),
            at: at(20),
        }],
        ..message(ANA, "m", 1)
    };
    bed.tell([said(message(ANA, "m", 1)), edit(ANA, "m", "second", 20)])
        .await;
    assert_eq!(bed.tell([said(edited)]).await, (0, 0, 1));
}

#[tokio::test]
async fn a_revoked_message_has_no_text_and_gets_none_back() {
    let bed = Bed::new().await;
    let full = || MessageRecord {
        message_type: MessageKind::Image,
        platform_metadata: metadata("raw"),
        media: Some(MediaRecord {
            media_type: "image".into(),
            file_name: Some("secret.jpg".into()),
            thumbnail: Some("AAAA".into()),
            file_size: Some(7),
            platform_metadata: metadata("key"),
            ..MediaRecord::default()
        }),
        ..message(ANA, "m", 1)
    };
    bed.tell([said(full()), edit(ANA, "m", "second", 20)]).await;
    assert_eq!(bed.tell([revoke(ANA, "m", Some(40))]).await, (0, 1, 0));
    let replays = [
        said(full()),
        edit(ANA, "m", "third", 60),
        revoke(ANA, "m", Some(40)),
    ];
    assert_eq!(bed.tell(replays).await.0, 0);
    let row = bed.message("m").await;
    assert!(row.is_deleted);
    assert_eq!(row.deleted_at, Some(at(40)));
    assert_eq!(
        (row.content.as_str(), row.edits, row.platform_metadata),
        ("", vec![], None)
    );
    let media = bed.rows::<Media>().await.remove(0);
    assert_eq!(media.file_size, Some(7), "the row stays");
    assert_eq!(
        (media.thumbnail, media.file_name, media.platform_metadata),
        (None, None, None)
    );
    assert_eq!(bed.conversation(ANA).await.last_message_preview, None);
}

#[tokio::test]
async fn a_revoke_without_a_time_takes_the_clock_once_and_gives_way_to_a_told_time() {
    let bed = Bed::new().await;
    bed.tell([said(message(ANA, "m", 1)), revoke(ANA, "m", None)])
        .await;
    let first = bed.message("m").await;
    assert!(first.deleted_at.is_some());
    assert_eq!(bed.tell([revoke(ANA, "m", None)]).await, (0, 0, 1));
    assert_eq!(bed.message("m").await.deleted_at, first.deleted_at);
    bed.tell([revoke(ANA, "m", Some(9))]).await;
    assert_eq!(bed.message("m").await.deleted_at, Some(at(9)));
}

#[tokio::test]
async fn a_person_has_one_reaction_the_latest() {
    let bed = Bed::new().await;
    bed.tell([
        said(message(GROUP, "m", 1)),
        reaction(GROUP, "m", ANA, "❤️", 20),
        reaction(GROUP, "m", ANA, "👍", 10),
        reaction(GROUP, "m", BOB, "😮", 5),
        reaction(GROUP, "m", ME, "🎉", 30),
    ])
    .await;
    let by = |who: &str, emoji: &str, seconds| MessageReaction {
        sender_external_id: who.into(),
        emoji: emoji.into(),
        at: Some(at(seconds)),
    };
    let reactions = bed.message("m").await.reactions;
    assert_eq!(
        reactions,
        vec![by(BOB, "😮", 5), by(ANA, "❤️", 20), by("me", "🎉", 30)]
    );
    bed.tell([reaction(GROUP, "m", ANA, "", 40)]).await;
    assert_eq!(
        bed.tell([reaction(GROUP, "m", ANA, "👍", 35)]).await,
        (0, 0, 1),
        "an older one that comes late does not come back"
    );
    assert_eq!(
        bed.message("m").await.reactions,
        vec![by(BOB, "😮", 5), by("me", "🎉", 30)]
    );
}

#[tokio::test]
async fn a_reaction_that_nobody_sees_moves_no_seq() {
    let bed = Bed::new().await;
    bed.tell([said(message(ANA, "m", 1))]).await;
    let before = bed.message("m").await;
    assert_eq!(
        bed.tell([reaction(ANA, "m", ANA, "", 9)]).await,
        (0, 1, 0),
        "it is remembered"
    );
    assert_eq!(
        bed.message("m").await,
        before,
        "but nothing to see has changed"
    );
}

#[tokio::test]
async fn a_status_only_moves_forward() {
    let bed = Bed::new().await;
    let sent = MessageRecord {
        delivery_status: Some(DeliveryStatus::Sent),
        ..mine(ANA, "m", 1)
    };
    bed.tell([said(sent.clone()), status(ANA, "m", DeliveryStatus::Read)])
        .await;
    let late = [status(ANA, "m", DeliveryStatus::Delivered), said(sent)];
    assert_eq!(bed.tell(late).await, (0, 0, 2));
    assert_eq!(
        bed.message("m").await.delivery_status,
        Some(DeliveryStatus::Read)
    );
}

#[tokio::test]
async fn only_ones_own_messages_show_a_status() {
    let bed = Bed::new().await;
    bed.tell([
        said(message(ANA, "m", 1)),
        status(ANA, "m", DeliveryStatus::Read),
    ])
    .await;
    assert_eq!(bed.message("m").await.delivery_status, None);
}

#[tokio::test]
async fn what_the_own_address_sends_is_from_me() {
    let bed = Bed::new().await;
    let own_device = MessageRecord {
        sender_external_id: Some("491510000000:7@s.whatsapp.net".into()),
        ..message(GROUP, "m", 1)
    };
    bed.tell([said(own_device)]).await;
    let row = bed.message("m").await;
    assert!(row.is_from_me);
    assert_eq!(
        row.sender_external_id, None,
        "one's own messages have no sender"
    );
}

#[tokio::test]
async fn ids_are_unique_in_a_chat_only() {
    let bed = Bed::new().await;
    assert_eq!(
        bed.tell([said(message(ANA, "m", 1)), said(message(BOB, "m", 1))])
            .await
            .0,
        2
    );
}

#[tokio::test]
async fn any_text_is_kept_as_it_is() {
    let bed = Bed::new().await;
    let texts = [
        "a\0b",
        "<b>&amp;</b>",
        "\u{202e}rtl\u{2066}",
        "=1+1",
        "👩‍👩‍👧‍👦",
        "'; DROP TABLE messages; --",
        "\r\n\t",
    ];
    for (n, text) in texts.into_iter().enumerate() {
        let id = format!("m{n}");
        bed.tell([said(MessageRecord {
            content: text.into(),
            ..message(ANA, &id, n as i64)
        })])
        .await;
        assert_eq!(bed.message(&id).await.content, text);
    }
    let long = "x".repeat(10 * 1024 * 1024);
    bed.tell([said(MessageRecord {
        content: long.clone(),
        ..message(ANA, "long", 99)
    })])
    .await;
    assert!(
        bed.message("long").await.content == long,
        "ten megabytes come back whole"
    );
}
