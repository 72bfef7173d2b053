//! Records that cannot be taken.

use threadkeep_protocol::{Message, MessageRecord, ReceiptRecord, ReceiptTimes, Record};
use threadkeep_server_store::{IngestOptions, StoreError};

use crate::bed::{ANA, Bed, GROUP, chat, contact, edit, message, participant, reaction, said};

#[tokio::test]
async fn an_id_that_names_nothing_costs_its_record_and_no_other() {
    let bed = Bed::new().await;
    let nameless = Record::Receipt(ReceiptRecord {
        external_conversation_id: ANA.into(),
        external_message_id: "m".into(),
        receipt: ReceiptTimes::default(),
    });
    let report = bed
        .say([
            said(message("", "m", 1)),
            said(message(ANA, "m1", 1)),
            said(message(ANA, "  ", 1)),
            Record::Conversation(chat("")),
            Record::Contact(contact("")),
            Record::Participant(participant(GROUP, "")),
            edit(ANA, "", "x", 1),
            reaction(ANA, "m1", "", "👍", 1),
            nameless,
            said(message(ANA, "m2", 1)),
        ])
        .await;
    assert_eq!(report.saved, 2);
    let places: Vec<_> = report.errors.iter().map(|error| error.index).collect();
    assert_eq!(
        places,
        vec![0, 2, 3, 4, 5, 6, 7, 8],
        "each is named by its place"
    );
    assert_eq!(bed.rows::<Message>().await.len(), 2);
    assert_eq!(
        bed.count("SELECT count(*) FROM conversations"),
        1,
        "a refused one leaves nothing"
    );
}

#[tokio::test]
async fn a_text_beyond_the_limit_is_refused_by_name_and_not_by_content() {
    let bed = Bed::new().await;
    let content = "x".repeat(16 * 1024 * 1024 + 1);
    let report = bed
        .say([said(MessageRecord {
            content,
            ..message(ANA, "m", 1)
        })])
        .await;
    assert!(
        !report.errors[0].reason.contains("xx"),
        "a reason never quotes what was said"
    );
}

#[tokio::test]
async fn a_row_that_the_database_refuses_costs_its_record_and_no_other() {
    let bed = Bed::new().await;
    bed.tell([said(message(ANA, "known", 1))]).await;
    bed.file()
        .execute_batch(
            "CREATE TRIGGER refuse BEFORE INSERT ON messages WHEN new.external_id = 'cursed'
             BEGIN SELECT raise(ABORT, 'no'); END;",
        )
        .unwrap();
    let records = || {
        [
            said(message(ANA, "m1", 1)),
            said(message(GROUP, "cursed", 2)),
            edit(ANA, "m1", "edited", 5),
            said(message(ANA, "known", 1)),
            said(message(ANA, "m2", 3)),
        ]
    };
    let report = bed.say(records()).await;
    assert_eq!((report.saved, report.updated, report.unchanged), (2, 1, 1));
    assert_eq!(report.errors.len(), 1);
    assert_eq!(report.errors[0].index, 1);
    assert_eq!(bed.message("m1").await.content, "edited");
    assert_eq!(
        bed.count("SELECT count(*) FROM conversations"),
        1,
        "nothing of it is left"
    );
    bed.assert_figures_hold().await;
    let last = bed.last_seq().await;
    bed.say(records()).await;
    assert_eq!(
        bed.last_seq().await,
        last,
        "a replay moves nothing this way either"
    );
}

#[tokio::test]
async fn an_integration_that_is_not_there_is_said_so() {
    let bed = Bed::new().await;
    let nowhere = bed.integration + 1;
    let report = bed
        .store
        .ingest(nowhere, vec![], IngestOptions::default())
        .await;
    assert!(matches!(report, Err(StoreError::UnknownIntegration(id)) if id == nowhere));
    assert!(bed.store.page::<Message>(nowhere, 0, 1).await.is_err());
    assert!(bed.store.status(nowhere).await.is_err());
}
