//! The bytes of media: who may have them, and who learns that they are here.

use threadkeep_protocol::{Media, MediaRecord, MessageKind, Record};
use threadkeep_server_store::StoreError;

use crate::bed::{ANA, Bed, message, revoke, said};

const HASH: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

fn picture(name: &str, sha256: Option<&str>) -> Record {
    let mut message = message(ANA, name, 1);
    message.message_type = MessageKind::Image;
    message.media = Some(MediaRecord {
        sha256: sha256.map(str::to_owned),
        ..MediaRecord::default()
    });
    said(message)
}

async fn rows(bed: &Bed) -> Vec<Media> {
    bed.rows::<Media>().await
}

#[tokio::test]
async fn the_row_moves_once_when_its_bytes_come() {
    let bed = Bed::new().await;
    bed.tell([picture("a", Some(HASH))]).await;
    let before = rows(&bed).await.remove(0);
    let keep = || {
        bed.store
            .keep_content(bed.integration, before.id, HASH.into(), 3)
    };
    keep().await.unwrap();
    let after = rows(&bed).await.remove(0);
    assert!(after.has_content && after.seq > before.seq);
    assert_eq!(
        after.file_size,
        Some(3),
        "what was not announced is known now"
    );
    keep().await.unwrap();
    assert_eq!(rows(&bed).await.remove(0), after, "twice is once");
    bed.tell([picture("a", Some(HASH))]).await;
    assert_eq!(
        rows(&bed).await.remove(0),
        after,
        "nor does a replay take it back"
    );
}

#[tokio::test]
async fn only_what_was_announced_is_noted() {
    let bed = Bed::new().await;
    bed.tell([picture("a", None), picture("b", Some(HASH))])
        .await;
    let found = rows(&bed).await;
    for (row, hash) in [(&found[0], HASH), (&found[1], &HASH.replace('b', "c"))] {
        let kept = bed
            .store
            .keep_content(bed.integration, row.id, hash.to_owned(), 3)
            .await;
        assert!(matches!(kept, Err(StoreError::UnknownMedia)), "{kept:?}");
    }
    assert_eq!(rows(&bed).await, found);
}

#[tokio::test]
async fn what_was_taken_back_has_no_bytes_and_names_none() {
    let bed = Bed::new().await;
    bed.tell([picture("a", Some(&HASH.to_ascii_uppercase()))])
        .await;
    let row = rows(&bed).await.remove(0);
    bed.store
        .keep_content(bed.integration, row.id, HASH.into(), 3)
        .await
        .unwrap();
    let named = || {
        bed.store
            .named_contents(vec![HASH.into(), HASH.replace('b', "c")])
    };
    assert_eq!(
        named().await.unwrap().into_iter().collect::<Vec<_>>(),
        [HASH]
    );
    bed.tell([revoke(ANA, "a", None)]).await;
    assert!(!rows(&bed).await.remove(0).has_content);
    assert!(named().await.unwrap().is_empty(), "the bytes may be swept");
    let announced = bed.store.announced(bed.integration, row.id).await;
    assert!(matches!(announced, Err(StoreError::UnknownMedia)));
}
