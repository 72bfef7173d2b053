//! What a stream holds, in sums, and the rows of one of them.

use threadkeep_protocol::{
    Buckets, Contact, Conversation, Media, MediaRecord, Message, MessageRecord, Participant,
    Receipt, Record, Stream,
};
use threadkeep_server_store::{Slice, StoredRow};

use crate::bed::{ANA, BOB, Bed, GROUP, edit, message, mine, participant, read_by, said};

/// A few rows of every stream.
async fn filled() -> Bed {
    let bed = Bed::new().await;
    let with_file = |id: &str, seconds| MessageRecord {
        media: Some(MediaRecord {
            media_type: "image".into(),
            ..MediaRecord::default()
        }),
        ..mine(GROUP, id, seconds)
    };
    let mut records = vec![
        Record::Participant(participant(GROUP, ANA)),
        Record::Participant(participant(GROUP, BOB)),
    ];
    for number in 0..40 {
        let id = format!("m{number}");
        records.push(said(with_file(&id, number)));
        records.push(said(message(ANA, &id, number)));
        records.push(read_by(GROUP, &id, BOB, number + 1));
    }
    bed.tell(records).await;
    bed
}

/// What a client makes of the rows that it pulled.
async fn pulled<R: StoredRow>(bed: &Bed) -> Buckets {
    let mut buckets = Buckets::default();
    for row in bed.rows::<R>().await {
        buckets.add(row.id(), row.seq());
    }
    buckets
}

async fn assert_agrees<R: StoredRow>(bed: &Bed) {
    let digest = bed
        .store
        .digest(bed.integration, R::STREAM, None)
        .await
        .unwrap();
    let (stream, status) = (R::STREAM, bed.store.status(bed.integration).await.unwrap());
    assert_eq!(digest.buckets, pulled::<R>(bed).await, "{stream}");
    assert!(digest.count > 0, "{stream}: there is something to sum up");
    assert!(
        digest.is_sound(),
        "{stream}: the books are those of the rows"
    );
    assert_eq!(digest.latest_seq, status.latest_seq(stream), "{stream}");
    assert_eq!(digest.epoch, status.epoch);
}

#[tokio::test]
async fn whoever_has_pulled_everything_has_the_same_sums() {
    let bed = filled().await;
    for _ in 0..2 {
        assert_agrees::<Conversation>(&bed).await;
        assert_agrees::<Message>(&bed).await;
        assert_agrees::<Contact>(&bed).await;
        assert_agrees::<Participant>(&bed).await;
        assert_agrees::<Media>(&bed).await;
        assert_agrees::<Receipt>(&bed).await;
        // What was kept from the first time must not outlive a change.
        bed.tell([
            edit(GROUP, "m7", "edited", 900),
            said(message(BOB, "new", 901)),
        ])
        .await;
    }
}

#[tokio::test]
async fn the_pages_of_a_bucket_are_its_rows_and_no_others() {
    let bed = filled().await;
    let all = bed.rows::<Message>().await;
    let digest = bed
        .store
        .digest(bed.integration, Stream::Messages, None)
        .await
        .unwrap();
    let mut seen = 0;
    for bucket in 0..=u8::MAX {
        let expected: Vec<&Message> = all
            .iter()
            .filter(|row| Buckets::of(&row.id) == bucket)
            .collect();
        let (mut since, mut rows) = (0, Vec::new());
        loop {
            let page = bed
                .store
                .page_of::<Message>(
                    bed.integration,
                    Slice {
                        bucket: Some(bucket),
                        ..Slice::default()
                    },
                    since,
                    1,
                )
                .await
                .unwrap();
            let left = expected.len() - rows.len();
            assert_eq!(page.total_count, left as i64, "rows past the cursor");
            assert_eq!(page.has_more, left > 1);
            since = page.latest_seq;
            rows.extend(page.rows);
            if !page.has_more {
                break;
            }
        }
        assert_eq!(rows.iter().collect::<Vec<_>>(), expected);
        assert_eq!(rows.len() as u64, digest.buckets.bucket(bucket).count);
        seen += rows.len();
    }
    assert_eq!(seen, all.len());
}

#[tokio::test]
async fn a_hand_at_the_file_shows_at_once() {
    let bed = filled().await;
    let digest = async || {
        bed.store
            .digest(bed.integration, Stream::Messages, None)
            .await
            .unwrap()
    };
    let before = digest().await;
    bed.file()
        .execute("UPDATE messages SET seq = -5 WHERE external_id = 'm3' AND seq = (SELECT max(seq) FROM messages WHERE external_id = 'm3')", ())
        .unwrap();
    let altered = digest().await;
    assert_eq!(altered.latest_seq, before.latest_seq, "nobody took a seq");
    assert_eq!(altered.buckets.differing(&before.buckets).len(), 1);
    bed.file()
        .execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM messages WHERE external_id = 'm4'")
        .unwrap();
    let dropped = digest().await;
    assert!(before.is_sound());
    assert!(!dropped.is_sound(), "the books tell that rows were lost");
}

#[tokio::test]
async fn sums_are_of_one_moment_while_others_write() {
    let bed = filled().await;
    let (store, integration) = (bed.store.clone(), bed.integration);
    let writing = tokio::spawn(async move {
        for number in 0..60 {
            let record = said(message(ANA, &format!("w{number}"), 1_000 + number));
            store
                .ingest(integration, vec![(0, record)], Default::default())
                .await
                .unwrap();
        }
    });
    let mut asked = 0;
    while !writing.is_finished() || asked == 0 {
        let digest = bed
            .store
            .digest(bed.integration, Stream::Messages, None)
            .await
            .unwrap();
        assert!(
            digest.is_sound(),
            "sums, count and cursor are of one moment: {digest:?}"
        );
        asked += 1;
    }
    writing.await.unwrap();
}

#[tokio::test]
async fn what_nobody_has_sums_to_nothing() {
    let bed = Bed::new().await;
    let digest = bed
        .store
        .digest(bed.integration, Stream::Receipts, None)
        .await
        .unwrap();
    assert_eq!((digest.count, digest.latest_seq), (0, 0));
    assert_eq!(digest.buckets, Buckets::default());
    assert!(bed.store.digest(99, Stream::Receipts, None).await.is_err());
}
