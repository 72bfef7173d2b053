//! Any order, any repetition, any split into calls: the same rows.
//!
//! The records of a case are about the same few messages and agree in what cannot be ordered: a
//! message has one original text, a chat one name. What is said without a time and contradicts itself
//! holds in the order of arrival, by design, and is not generated.

use proptest::{prelude::*, sample::Index};
use threadkeep_protocol::{
    ContactRecord, ConversationRecord, DeliveryStatus, MediaRecord, MessageEdit, MessageReaction,
    MessageRecord, ParticipantRecord, ReceiptTimes, Record, Role, StatusRecord,
};

use crate::bed::{
    ANA, ANA_LID, BOB, Bed, GROUP, address, at, chat, contact, edit, message, mine, participant,
    reaction, read_by, revoke, said,
};

const CHATS: [&str; 3] = [ANA, ANA_LID, GROUP];
const PEOPLE: [&str; 4] = [ANA, ANA_LID, BOB, "me"];
const STATUSES: [DeliveryStatus; 3] = [
    DeliveryStatus::Sent,
    DeliveryStatus::Delivered,
    DeliveryStatus::Read,
];

/// A message as one source or another tells of it: the same message, some more and some less.
fn telling(chat: usize, id: usize, detail: u8, time: i64) -> Record {
    let name = format!("m{id}");
    let own = id == 0;
    let chat = CHATS[chat];
    let base = if own {
        mine(chat, &name, 1)
    } else {
        message(chat, &name, id as i64 + 1)
    };
    let sender = [ANA, ANA_LID][usize::from(detail & 1)];
    let mut record = MessageRecord {
        sender_external_id: (!own).then(|| sender.to_owned()),
        sender_display_name: (detail & 2 != 0).then(|| "Ana".to_owned()),
        is_forwarded: (detail & 4 != 0).then_some(true),
        ..base
    };
    if detail & 8 != 0 {
        record.media = Some(MediaRecord {
            media_type: "image".into(),
            file_size: Some(9),
            thumbnail: Some("AA".into()),
            ..Default::default()
        });
        record.delivery_status = Some(STATUSES[time as usize % 3]);
    }
    if detail & 16 != 0 {
        record.edits = vec![MessageEdit {
            content: record.content.clone(),
            at: at(100 + time),
        }];
        record.content = format!("edit {time}");
        record.edited_at = Some(at(100 + time));
    }
    if detail & 32 != 0 {
        let sender_external_id = PEOPLE[time as usize % 4].to_owned();
        record.reactions = vec![MessageReaction {
            sender_external_id,
            emoji: "🎉".into(),
            at: Some(at(time)),
        }];
        record.receipts = vec![ReceiptTimes {
            participant_external_id: sender.into(),
            delivered_at: Some(at(time)),
            ..Default::default()
        }];
    }
    if detail >= 224 {
        record.is_deleted = Some(true);
        record.deleted_at = Some(at(300 + time));
    }
    said(record)
}

fn a_record() -> impl Strategy<Value = Record> {
    let what = (
        0_u8..16,
        0_usize..3,
        0_usize..3,
        0_usize..4,
        0_i64..6,
        any::<u8>(),
    );
    what.prop_map(|(kind, chat_at, id, who, time, detail)| {
        let (to, name, who) = (CHATS[chat_at], format!("m{id}"), PEOPLE[who]);
        match kind {
            0..=5 => telling(chat_at, id, detail, time),
            6 => edit(to, &name, &format!("edit {time}"), 100 + time),
            7 => revoke(to, &name, Some(300 + time)),
            8 | 9 => reaction(to, &name, who, ["", "👍", "❤️"][detail as usize % 3], time),
            10 if who != "me" => read_by(to, &name, who, time),
            10 | 11 => Record::Status(StatusRecord {
                external_conversation_id: to.into(),
                external_message_id: name,
                delivery_status: Some(STATUSES[time as usize % 3]),
                is_starred: (detail & 1 != 0).then_some(true),
            }),
            12 => Record::Conversation(ConversationRecord {
                last_activity_at: Some(at(500 + time)),
                unread_count: Some(time),
                is_pinned: (to == GROUP).then_some(true),
                name: (to == GROUP).then(|| "Friends".to_owned()),
                ..chat(to)
            }),
            13 if who != "me" => Record::Participant(ParticipantRecord {
                role: Some(Role::Admin),
                joined_at: Some(at(7)),
                ..participant(GROUP, who)
            }),
            14 if who != "me" => Record::Contact(ContactRecord {
                display_name: Some(if who == BOB { "Bob" } else { "Ana S." }.to_owned()),
                push_name: (detail & 1 != 0).then(|| "A.".to_owned()),
                ..contact(who)
            }),
            _ => address(ANA_LID, ANA),
        }
    })
}

/// In calls of these sizes, over and over.
async fn tell_in_calls(bed: &Bed, records: &[Record], sizes: &[usize]) {
    let mut rest = records;
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            return;
        }
        let (call, after) = rest.split_at((*size).min(rest.len()));
        bed.tell(call.iter().cloned()).await;
        rest = after;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn any_order_any_repetition_and_any_split_end_in_the_same_rows(
        records in prop::collection::vec(a_record(), 1..24),
        places in prop::collection::vec(any::<Index>(), 24),
        repeats in prop::collection::vec(any::<Index>(), 0..8),
        sizes in prop::collection::vec(1_usize..9, 1..5),
        other_sizes in prop::collection::vec(1_usize..9, 1..5),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        runtime.block_on(async {
            // The two ids are one person in the end, in either case.
            let mut records = records;
            records.push(address(ANA_LID, ANA));
            let mut shuffled = records.clone();
            for (n, place) in places.iter().enumerate().take(shuffled.len()) {
                let other = place.index(shuffled.len());
                shuffled.swap(n, other);
            }
            for repeat in &repeats {
                let again = shuffled[repeat.index(shuffled.len())].clone();
                shuffled.push(again);
            }
            let (one, two) = (Bed::new().await, Bed::new().await);
            tell_in_calls(&one, &records, &sizes).await;
            tell_in_calls(&two, &shuffled, &other_sizes).await;
            let (these, those) = (one.seen().await, two.seen().await);
            let only = |a: &[String], b: &[String]| -> Vec<String> {
                a.iter().filter(|row| !b.contains(row)).cloned().collect()
            };
            let differ = (only(&these, &those), only(&those, &these));
            assert_eq!(differ, (vec![], vec![]), "the order does not matter");
            assert_eq!(these.len(), those.len());
            one.assert_figures_hold().await;
            two.assert_figures_hold().await;

            let last = one.last_seq().await;
            for call in shuffled.chunks(3) {
                let (saved, updated, _) = one.tell(call.iter().cloned()).await;
                assert_eq!((saved, updated), (0, 0), "a replay says what is known");
            }
            assert_eq!(one.last_seq().await, last, "and moves no seq");
        });
    }
}
