//! Rows by cursor.

use proptest::prelude::*;
use threadkeep_protocol::{Message, MessageRecord, Seq, Stream};

use crate::bed::{ANA, BOB, Bed, GROUP, edit, message, reaction, said};

async fn by_pages(bed: &Bed, limit: u32) -> Vec<Message> {
    let (mut rows, mut cursor): (Vec<Message>, Seq) = (Vec::new(), 0);
    loop {
        let page = bed
            .store
            .page::<Message>(bed.integration, cursor, limit)
            .await
            .unwrap();
        let left = bed.file().query_row(
            "SELECT count(*) FROM messages WHERE seq > ?1",
            [cursor],
            |row| row.get::<_, i64>(0),
        );
        assert_eq!(
            page.total_count,
            left.unwrap(),
            "how many lie past {cursor}"
        );
        assert_eq!(
            page.latest_seq,
            page.rows.last().map_or(cursor, |row| row.seq)
        );
        cursor = page.latest_seq;
        rows.extend(page.rows);
        if !page.has_more {
            return rows;
        }
    }
}

#[tokio::test]
async fn pages_of_any_size_give_each_row_once_in_order_of_seq() {
    let bed = Bed::new().await;
    // More than two stretches of 4,096 seqs, and some rows moved out of the first.
    bed.tell((0..9_000).map(|n| said(message([ANA, BOB][n % 2], &n.to_string(), n as i64))))
        .await;
    bed.tell((0..300).map(|n| edit([ANA, BOB][n % 2], &n.to_string(), "moved", 99_999)))
        .await;
    bed.assert_figures_hold().await;
    let whole = bed.rows::<Message>().await;
    assert!(
        whole.is_sorted_by(|a, b| a.seq < b.seq),
        "strictly ascending"
    );
    for limit in [997, 4_096, 8_999, 9_000] {
        assert_eq!(by_pages(&bed, limit).await, whole, "in pages of {limit}");
    }
}

#[tokio::test]
async fn a_row_that_moves_is_given_again_past_the_cursor() {
    let bed = Bed::new().await;
    bed.tell([said(message(ANA, "m1", 1)), said(message(ANA, "m2", 2))])
        .await;
    let first = bed
        .store
        .page::<Message>(bed.integration, 0, 10)
        .await
        .unwrap();
    bed.tell([edit(ANA, "m1", "b", 5)]).await;
    let next = bed
        .store
        .page::<Message>(bed.integration, first.latest_seq, 10)
        .await
        .unwrap();
    assert_eq!(next.rows.len(), 1);
    assert_eq!(
        (next.rows[0].id, next.rows[0].content.as_str()),
        (first.rows[0].id, "b")
    );
    assert_eq!(next.rows[0].created_at, first.rows[0].created_at);
    let end = bed
        .store
        .page::<Message>(bed.integration, next.latest_seq, 10)
        .await
        .unwrap();
    assert_eq!(
        (
            end.rows.len(),
            end.latest_seq,
            end.has_more,
            end.total_count
        ),
        (0, next.latest_seq, false, 0)
    );
}

#[tokio::test]
async fn ids_ascend_in_the_order_in_which_rows_were_made() {
    let bed = Bed::new().await;
    for call in 0..20 {
        bed.tell((0..100).map(|n| said(message(ANA, &format!("{call}-{n}"), n))))
            .await;
    }
    let rows = bed.rows::<Message>().await;
    assert!(rows.is_sorted_by(|a, b| a.id < b.id));
    assert_eq!(rows[0].id.get_version_num(), 7);
}

#[tokio::test]
async fn a_page_ends_early_rather_than_fill_the_memory() {
    let bed = Bed::new().await;
    for n in 0..4 {
        let content = "x".repeat(9 * 1024 * 1024);
        bed.tell([said(MessageRecord {
            content,
            ..message(ANA, &n.to_string(), n)
        })])
        .await;
    }
    let page = bed
        .store
        .page::<Message>(bed.integration, 0, 1_000)
        .await
        .unwrap();
    assert_eq!(
        (page.rows.len(), page.has_more, page.total_count),
        (2, true, 4)
    );
    assert_eq!(by_pages(&bed, 1_000).await.len(), 4, "and goes on");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(12) })]

    #[test]
    fn the_kept_figures_are_what_counting_gives(
        calls in prop::collection::vec(prop::collection::vec((0_u8..4, 0_u8..12, 0_i64..9), 1..12), 1..8),
        limit in 1_u32..9,
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let bed = Bed::new().await;
            for call in calls {
                bed.say(call.into_iter().map(|(kind, id, time)| {
                    let id = id.to_string();
                    match kind {
                        0 => said(message(ANA, &id, time)),
                        1 => said(message(GROUP, &id, time)),
                        2 => edit(ANA, &id, &format!("at {time}"), time),
                        _ => reaction(GROUP, &id, BOB, "👍", time),
                    }
                })).await;
                bed.assert_figures_hold().await;
            }
            assert_eq!(by_pages(&bed, limit).await, bed.rows::<Message>().await);
        });
    }
}

#[tokio::test]
async fn a_call_moves_each_row_once_also_those_of_a_chat_that_is_new_in_it() {
    let bed = Bed::new().await;
    bed.tell((0..20).map(|n| said(message(ANA, &n.to_string(), n))))
        .await;
    let status = bed.store.status(bed.integration).await.unwrap();
    let rows: i64 = Stream::ALL.iter().map(|&stream| status.count(stream)).sum();
    assert_eq!(bed.last_seq().await, rows, "one seq a row");
}
