//! Any order of arrival, with any duplicates and however transactions are shared, ends in the same mirror.

use proptest::prelude::*;
use serde_json::json;

use super::{media, participant, receipt};
use crate::{
    Rows,
    testing::{Scene, batch, check_counters, contact, conversation, dump, id, message},
};

/// A step of a made-up history: a row of some stream.
fn any_rows() -> impl Strategy<Value = Rows> {
    // A server counts from one.
    let seq = 1..40i64;
    let chat = 1..4u64;
    prop_oneof![
        (chat.clone(), seq.clone(), 0..3i64, any::<bool>()).prop_map(|(n, seq, unread, merged)| {
            let merged_into = (merged && n == 3).then(|| id(1));
            let fields = json!({
                "name": format!("v{seq}"), "unread_count": unread, "merged_into": merged_into,
            });
            Rows::Conversations(vec![conversation(n, seq, fields)])
        }),
        (10..20u64, chat.clone(), seq.clone(), 0..4i64).prop_map(|(n, chat, seq, at)| {
            let fields = json!({
                "content": format!("v{seq}"),
                "timestamp": threadkeep_protocol::Timestamp::from_seconds(at),
                "sender_external_id": format!("{}@lid", n % 3),
                "sender_display_name": format!("n{at}"),
            });
            Rows::Messages(vec![message(n, chat, seq, fields)])
        }),
        (50..53u64, seq.clone(), any::<bool>()).prop_map(|(n, seq, known)| {
            let fields = json!({
                "lid": known.then(|| format!("{}@lid", n % 3)),
                "merged_into": (!known && n == 50).then(|| id(51)),
                "display_name": format!("c{seq}"),
            });
            Rows::Contacts(vec![contact(
                n,
                seq,
                &format!("49{n}@s.whatsapp.net"),
                fields,
            )])
        }),
        (60..63u64, chat, seq.clone())
            .prop_map(|(n, chat, seq)| Rows::Participants(vec![participant(n, chat, seq)])),
        (70..73u64, 10..20u64, seq.clone())
            .prop_map(|(n, of, seq)| Rows::Media(vec![media(n, of, seq)])),
        (80..83u64, 10..20u64, seq)
            .prop_map(|(n, of, seq)| Rows::Receipts(vec![receipt(n, of, seq)])),
    ]
}

/// A row has one state per seq: of two that claim the same, the first one is what the server said.
fn consistent(rows: Vec<Rows>) -> Vec<Rows> {
    let mut seen = std::collections::HashSet::new();
    rows.into_iter()
        .filter(|rows| {
            let key = match rows {
                Rows::Conversations(rows) => (rows[0].id, rows[0].seq),
                Rows::Messages(rows) => (rows[0].id, rows[0].seq),
                Rows::Contacts(rows) => (rows[0].id, rows[0].seq),
                Rows::Participants(rows) => (rows[0].id, rows[0].seq),
                Rows::Media(rows) => (rows[0].id, rows[0].seq),
                Rows::Receipts(rows) => (rows[0].id, rows[0].seq),
            };
            seen.insert(key)
        })
        .collect()
}

/// How rows share transactions.
#[derive(Debug, Clone, Copy)]
enum Shared {
    Not,
    /// As a load, which is settled where a bit says so.
    Until(u64),
}

fn applied_in_order(history: &[Rows], shared: Shared) -> serde_json::Value {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let scene = Scene::new().await;
        let load = scene.mirror.load(scene.account);
        for (place, rows) in history.iter().enumerate() {
            let Shared::Until(settled) = shared else {
                scene.put(rows.clone()).await;
                continue;
            };
            load.apply(batch(rows.clone(), None, "e1")).await.unwrap();
            if settled >> (place % 64) & 1 == 1 {
                load.settle().await.unwrap();
            }
        }
        load.settle().await.unwrap();
        scene
            .mirror
            .read(|conn| {
                check_counters(conn);
                Ok(dump(conn))
            })
            .await
            .unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_order_with_any_duplicates_ends_in_the_same_mirror_however_transactions_are_shared(
        (history, mixed) in prop::collection::vec(any_rows(), 1..40)
            .prop_map(consistent)
            .prop_flat_map(|history| {
                let twice: Vec<Rows> = history.iter().chain(&history).cloned().collect();
                (Just(history), Just(twice).prop_shuffle())
            }),
        settled in any::<u64>(),
    ) {
        let plainly = applied_in_order(&history, Shared::Not);
        for shared in [Shared::Not, Shared::Until(settled)] {
            prop_assert_eq!(&applied_in_order(&mixed, shared), &plainly);
        }
    }
}
