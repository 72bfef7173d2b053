//! The newest messages of a conversation.

use threadkeep_server_store::Before;

use crate::bed::{ANA, BOB, Bed, message, said};

#[tokio::test]
async fn they_come_newest_first_and_only_of_that_conversation() {
    let bed = Bed::new().await;
    let records = (0..40).map(|n| said(message([ANA, BOB][n % 2], &n.to_string(), (n / 4) as i64)));
    bed.tell(records).await;
    let chat = bed.conversation(ANA).await.id;
    let (mut ids, mut before) = (Vec::new(), Before::END);
    loop {
        let found = bed.store.recent(bed.integration, chat, before, 3).await;
        let page = found.unwrap().expect("it is there");
        ids.extend(
            page.messages
                .iter()
                .map(|row| row.external_message_id.clone()),
        );
        let Some(next) = page.next_before else { break };
        before = next.parse().unwrap();
    }
    let expected: Vec<String> = (0..40).step_by(2).rev().map(|n| n.to_string()).collect();
    assert_eq!(
        ids, expected,
        "two of each moment, split by the pages, none twice"
    );
}

#[tokio::test]
async fn finding_them_neither_sorts_nor_reads_the_whole_conversation() {
    let bed = Bed::new().await;
    let plan: Vec<String> = bed
        .file()
        .prepare(
            "EXPLAIN QUERY PLAN SELECT content FROM messages
             WHERE conversation_pk = 1 AND (timestamp, pk) < (2, 3)
             ORDER BY timestamp DESC, pk DESC LIMIT 50",
        )
        .unwrap()
        .query_map([], |row| row.get(3))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(plan.len(), 1, "no sorting besides: {plan:?}");
    assert!(
        plan[0].contains("messages_by_time (conversation_pk=? AND timestamp<?)"),
        "{plan:?}"
    );
}
