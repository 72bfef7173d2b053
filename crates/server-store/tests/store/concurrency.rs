//! Several writers, in one process and in two.

use std::collections::HashSet;

use threadkeep_protocol::{Message, MessageRecord};
use threadkeep_server_store::{IngestOptions, Store};

use crate::bed::{ANA, Bed, message, said};

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_write_one_file_and_a_reader_misses_nothing() {
    let bed = Bed::new().await;
    let beside = Store::open(&bed.path).unwrap();
    let integration = bed.integration;
    let write = |store: Store, who: usize| async move {
        for n in 0..60 {
            let record = |id: String| MessageRecord {
                ..message(ANA, &id, n)
            };
            let records = (0..5)
                .map(|i| (i, said(record(format!("{who}-{n}-{i}")))))
                .collect();
            store
                .ingest(integration, records, IngestOptions::default())
                .await
                .unwrap();
        }
    };
    let writers = [
        tokio::spawn(write(bed.store.clone(), 0)),
        tokio::spawn(write(bed.store.clone(), 1)),
        tokio::spawn(write(beside.clone(), 2)),
        tokio::spawn(write(beside, 3)),
    ];
    let mut seen = HashSet::new();
    let mut cursor = 0;
    loop {
        let done = writers.iter().all(tokio::task::JoinHandle::is_finished);
        let page = bed
            .store
            .page::<Message>(integration, cursor, 7)
            .await
            .unwrap();
        assert!(
            page.rows.iter().all(|row| row.seq > cursor),
            "nothing turns up behind the cursor"
        );
        seen.extend(page.rows.iter().map(|row| row.external_message_id.clone()));
        cursor = page.latest_seq;
        if done && !page.has_more {
            break;
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(
        seen.len(),
        4 * 60 * 5,
        "a reader that only pulls by cursor has every message"
    );
    let seqs: i64 = bed.count("SELECT count(DISTINCT seq) FROM messages");
    assert_eq!(seqs, 4 * 60 * 5, "no seq twice");
    bed.assert_figures_hold().await;
}

#[tokio::test]
async fn accounts_do_not_see_each_other() {
    let bed = Bed::new().await;
    let other = crate::bed::integrate(&bed.store).await;
    bed.tell([said(message(ANA, "m", 1))]).await;
    let page = bed.store.page::<Message>(other, 0, 10).await.unwrap();
    assert!(page.rows.is_empty());
    let records = vec![(0, said(message(ANA, "m", 1)))];
    let report = bed
        .store
        .ingest(other, records, IngestOptions::default())
        .await
        .unwrap();
    assert_eq!(
        report.saved, 1,
        "the same address in another account is another conversation"
    );
    assert_eq!(bed.rows::<Message>().await.len(), 1);
}
