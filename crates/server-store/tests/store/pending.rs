//! Changes that come before their message.

use rstest::rstest;
use threadkeep_protocol::{DeliveryStatus, Message, Record, StatusRecord};

use crate::bed::{
    ANA, ANA_LID, Bed, GROUP, address, at, edit, message, mine, reaction, read_by, revoke, said,
};

fn starred() -> Record {
    Record::Status(StatusRecord {
        external_conversation_id: ANA.into(),
        external_message_id: "m".into(),
        delivery_status: Some(DeliveryStatus::Delivered),
        is_starred: Some(true),
    })
}

#[rstest]
#[case::edit(edit(ANA, "m", "b", 5))]
#[case::revoke(revoke(ANA, "m", Some(5)))]
#[case::reaction(reaction(ANA, "m", ANA, "👍", 5))]
#[case::receipt(read_by(ANA, "m", ANA, 5))]
#[case::status(starred())]
#[tokio::test]
async fn a_change_waits_for_its_message(#[case] change: Record) {
    let after = Bed::new().await;
    after.tell([said(mine(ANA, "m", 1))]).await;
    after.tell([change.clone()]).await;

    let before = Bed::new().await;
    assert_eq!(before.tell([change.clone()]).await, (1, 0, 0));
    assert!(
        before.rows::<Message>().await.is_empty(),
        "a change makes no message"
    );
    assert_eq!(
        before.tell([change.clone()]).await,
        (0, 0, 1),
        "the same one waits once"
    );
    before.tell([said(mine(ANA, "m", 1))]).await;
    assert_eq!(
        before.count("SELECT count(*) FROM pending"),
        0,
        "it waits no longer"
    );
    assert_eq!(before.seen().await, after.seen().await);
    assert_eq!(before.tell([change]).await, (0, 0, 1));

    let together = Bed::new().await;
    together
        .tell([
            starred(),
            edit(ANA, "x", "other", 2),
            said(mine(ANA, "m", 1)),
        ])
        .await;
    assert_eq!(
        together.count("SELECT count(*) FROM pending"),
        1,
        "another's change still waits"
    );
}

#[tokio::test]
async fn what_waits_under_a_hidden_id_is_found_under_the_phone_address() {
    let bed = Bed::new().await;
    bed.tell([
        edit(ANA_LID, "m", "b", 5),
        reaction(GROUP, "g", ANA_LID, "👍", 5),
    ])
    .await;
    bed.tell([address(ANA_LID, ANA)]).await;
    bed.tell([
        edit(ANA_LID, "m", "b", 5),
        reaction(GROUP, "g", ANA, "👍", 5),
    ])
    .await;
    assert_eq!(
        bed.count("SELECT count(*) FROM pending"),
        2,
        "a replay waits no second time"
    );
    bed.tell([said(message(ANA, "m", 1)), said(message(GROUP, "g", 1))])
        .await;
    assert_eq!(bed.message("m").await.content, "b");
    assert_eq!(bed.message("g").await.reactions[0].sender_external_id, ANA);
}

#[tokio::test]
async fn what_waits_under_the_phone_address_meets_a_message_from_under_the_hidden_id() {
    let bed = Bed::new().await;
    bed.tell([said(message(ANA_LID, "m", 1)), edit(ANA, "m", "b", 5)])
        .await;
    assert_eq!(bed.message("m").await.content, "text of m");
    bed.tell([address(ANA_LID, ANA)]).await;
    let row = bed.message("m").await;
    assert_eq!((row.content.as_str(), row.edited_at), ("b", Some(at(5))));
}
