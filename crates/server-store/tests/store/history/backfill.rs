//! Backfills, and what an account tells of itself.

use threadkeep_protocol::HistoryStatus;
use threadkeep_server_store::{Asker, IngestOptions, NewHistory};

use super::*;

#[tokio::test]
async fn a_dry_backfill_counts_and_keeps_nothing() {
    let bed = Bed::with_chat(101, 110).await;
    let (rows, seq) = (bed.seen().await, bed.last_seq().await);
    let threads = bed
        .store
        .backfill_threads(bed.integration, 10)
        .await
        .unwrap();
    assert_eq!(threads.len(), 1);
    let new = NewHistory {
        conversation: threads[0].conversation,
        max_messages: 80,
        resume: false,
        asker: Asker::Backfill { dry_run: true },
    };
    let asked = bed.store.ask_history(bed.integration, new).await.unwrap();
    let request = bed.take_one().await;
    assert_eq!(
        request.count, 80,
        "all at once: there is nothing to go on from"
    );
    let mut records = batch(ANA, 21..=103);
    records.push(result(&request, true));
    records.push(live(120));
    bed.tell(records).await;
    let done = bed.store.history_request(asked.request).await.unwrap();
    assert_eq!(
        (done.status, done.messages_synced),
        (HistoryStatus::Completed, 80)
    );
    assert_eq!(
        bed.checkpoint().await.status,
        HistoryStatus::NotStarted,
        "what a backfill does is not a person's request"
    );
    let mut with_live = rows.len();
    with_live += 1;
    assert_eq!(
        bed.seen().await.len(),
        with_live,
        "only the live message is kept"
    );
    assert!(bed.last_seq().await > seq);
    assert!(!bed.conversation(ANA).await.history_complete);
}

#[tokio::test]
async fn a_person_goes_before_a_backfill() {
    let bed = Bed::with_chat(101, 110).await;
    let new = NewHistory {
        conversation: bed.conversation(ANA).await.id,
        max_messages: 80,
        resume: false,
        asker: Asker::Backfill { dry_run: false },
    };
    let backfill = bed.store.ask_history(bed.integration, new).await.unwrap();
    let persons = bed.ask(100, false).await;
    assert_ne!(persons.request, backfill.request);
    let stopped = bed.store.history_request(backfill.request).await.unwrap();
    assert_eq!(stopped.status, HistoryStatus::Cancelled);
    let waiting = bed.store.ask_history(bed.integration, new).await.unwrap();
    assert_eq!(
        waiting.request, persons.request,
        "and a backfill waits for a person's"
    );
}

#[tokio::test]
async fn the_account_tells_what_its_last_history_did() {
    let bed = Bed::new().await;
    bed.tell(["a", "b"].map(|id| said(message(ANA, id, 1))))
        .await;
    let look = async || {
        bed.store
            .integration(bed.integration)
            .await
            .unwrap()
            .unwrap()
    };
    let told = look().await;
    let result = told.last_history_sync_result.unwrap();
    assert_eq!((result.saved, result.total, result.dry_run), (2, 2, false));
    assert!(told.last_history_sync_at.is_some());
    assert_eq!(told.history_sync_count, 2);

    let dry = IngestOptions {
        dry_run: true,
        skipped: 3,
        unreadable: 1,
        import: None,
    };
    let record = said(message(ANA, "c", 2));
    let ingested = bed
        .store
        .ingest(bed.integration, vec![(0, record)], dry)
        .await;
    assert_eq!(ingested.unwrap().saved, 1);
    let after = look().await;
    let result = after.last_history_sync_result.unwrap();
    assert_eq!((result.saved, result.skipped, result.errors), (1, 3, 1));
    assert_eq!((result.total, result.dry_run), (5, true));
    assert_eq!(after.history_sync_count, 2, "nothing came of it");
}
