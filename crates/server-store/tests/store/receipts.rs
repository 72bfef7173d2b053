//! Who got and read what.

use rstest::rstest;
use threadkeep_protocol::{
    DeliveryStatus, MessageRecord, Receipt, ReceiptRecord, ReceiptTimes, Record,
};

use crate::bed::{ANA, BOB, Bed, GROUP, ME, at, message, mine, read_by, said};

fn told(chat: &str, times: ReceiptTimes) -> Record {
    Record::Receipt(ReceiptRecord {
        external_conversation_id: chat.into(),
        external_message_id: "m".into(),
        receipt: times,
    })
}

#[tokio::test]
async fn each_time_is_set_once_and_the_earliest_stays() {
    let bed = Bed::new().await;
    bed.tell([said(mine(GROUP, "m", 1)), read_by(GROUP, "m", ANA, 20)])
        .await;
    assert_eq!(
        bed.tell([read_by(GROUP, "m", ANA, 30)]).await,
        (0, 0, 1),
        "read again later"
    );
    let delivered = ReceiptTimes {
        participant_external_id: "491511111111:3@s.whatsapp.net".into(),
        delivered_at: Some(at(5)),
        ..ReceiptTimes::default()
    };
    assert_eq!(
        bed.tell([told(GROUP, delivered)]).await,
        (0, 1, 0),
        "her other device is she"
    );
    let rows = bed.rows::<Receipt>().await;
    assert_eq!(rows.len(), 1, "one row a message and person");
    assert_eq!(
        (rows[0].delivered_at, rows[0].read_at),
        (Some(at(5)), Some(at(20)))
    );
}

#[rstest]
#[case::direct(ANA, ANA, Some(DeliveryStatus::Read))]
#[case::group(GROUP, BOB, None)]
#[case::own_other_device(ANA, ME, None)]
#[tokio::test]
async fn being_read_moves_the_status_in_direct_chats_only(
    #[case] chat: &str,
    #[case] reader: &str,
    #[case] status: Option<DeliveryStatus>,
) {
    let bed = Bed::new().await;
    bed.tell([said(mine(chat, "m", 1)), read_by(chat, "m", reader, 20)])
        .await;
    assert_eq!(bed.message("m").await.delivery_status, status);
}

#[tokio::test]
async fn receipts_inside_a_message_record_are_receipts() {
    let bed = Bed::new().await;
    let times = ReceiptTimes {
        participant_external_id: ANA.into(),
        played_at: Some(at(8)),
        ..ReceiptTimes::default()
    };
    let nobody = ReceiptTimes {
        read_at: Some(at(9)),
        ..ReceiptTimes::default()
    };
    let record = MessageRecord {
        receipts: vec![times, nobody],
        ..mine(ANA, "m", 1)
    };
    assert_eq!(
        bed.tell([said(record)]).await,
        (1, 0, 0),
        "a record counts once"
    );
    assert_eq!(
        bed.rows::<Receipt>().await.len(),
        1,
        "a receipt of nobody is none"
    );
    assert_eq!(
        bed.message("m").await.delivery_status,
        Some(DeliveryStatus::Played)
    );
}

#[tokio::test]
async fn a_receipt_that_says_no_time_says_nothing() {
    let bed = Bed::new().await;
    bed.tell([said(message(ANA, "m", 1))]).await;
    let nothing = ReceiptTimes {
        participant_external_id: ANA.into(),
        ..ReceiptTimes::default()
    };
    assert_eq!(bed.tell([told(ANA, nothing)]).await, (0, 0, 1));
}
