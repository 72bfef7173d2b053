//! One history: a live account, a backup, two overlapping texts and an address book, in any order, any
//! repetition and any split into calls, end in the same rows, known by the same sources.

use proptest::{prelude::*, sample::Index};
use threadkeep_protocol::{
    ContactRecord, ConversationKind, ConversationRecord, MediaRecord, MessageRecord, Record,
    SyncSource,
};

use crate::bed::{
    ANA, ANA_LID, BOB, Bed, GROUP, address, chat, contact, in_minute, loose, message, said,
};

const CAT: &str = "491513333333@s.whatsapp.net";
const TEXTS: [&str; 3] = ["ok", "good  morning", "see you"];
/// Two go by one name.
const NAMES: [(&str, &str); 3] = [(ANA, "Ana"), (BOB, "Bob"), (CAT, "Bob")];
const SOURCES: [&str; 5] = ["account", "msgstore", "txt one", "txt two", "vcard"];

/// What sources call people and chats.
#[derive(Debug, Clone, Copy)]
struct Manner {
    /// What comes live says what people call themselves, so that names are learned from it.
    gives_names: bool,
    /// What comes live knows Ana by her hidden id.
    hides_ana: bool,
    /// The texts do not know which chats they are.
    chats_by_name: bool,
}

/// What was really said.
#[derive(Debug, Clone)]
struct Fact {
    chat: &'static str,
    minute: i64,
    second: i64,
    text: usize,
    /// None: me.
    sender: Option<usize>,
    is_live: bool,
    is_in_backup: bool,
    is_deleted: bool,
}

fn a_fact() -> impl Strategy<Value = Fact> {
    let what = (
        any::<bool>(),
        0_i64..4,
        0_i64..60,
        0_usize..3,
        0_usize..4,
        0_u8..32,
    );
    what.prop_map(|(is_group, minute, second, text, sender, flags)| Fact {
        chat: if is_group { GROUP } else { ANA },
        minute,
        second,
        text,
        sender: match sender {
            3 => None,
            _ if is_group => Some(sender),
            _ => Some(0),
        },
        is_live: flags & 1 != 0,
        is_in_backup: flags & 2 != 0,
        is_deleted: flags >= 28,
    })
}

fn a_manner() -> impl Strategy<Value = Manner> {
    any::<[bool; 3]>().prop_map(|[gives_names, hides_ana, chats_by_name]| Manner {
        gives_names,
        hides_ana,
        chats_by_name,
    })
}

fn strict(number: usize, fact: &Fact) -> MessageRecord {
    let sender = fact.sender.map(|sender| NAMES[sender].0.to_owned());
    MessageRecord {
        is_from_me: sender.is_none(),
        sender_external_id: sender,
        content: TEXTS[fact.text].into(),
        timestamp: in_minute(fact.minute, fact.second),
        ..message(fact.chat, &format!("A{number:02}"), 0)
    }
}

/// The records of each source.
fn told(facts: &[Fact], manner: Manner) -> [Vec<Record>; 5] {
    let mut told = [const { Vec::new() }; 5];
    let mut seen: Vec<(&str, Option<&str>, i64, usize, usize)> = Vec::new();
    told[0].push(group(GROUP));
    if manner.chats_by_name {
        for source in [2, 3] {
            told[source].push(group("name:team"));
        }
    }
    told[4] = people();
    for (number, fact) in facts.iter().enumerate() {
        let record = strict(number, fact);
        if fact.is_live {
            let is_hidden = manner.hides_ana && fact.sender == Some(0);
            let hidden = || ANA_LID.to_owned();
            let is_with_ana = manner.hides_ana && fact.chat == ANA;
            told[0].push(said(MessageRecord {
                external_conversation_id: if is_with_ana { ANA_LID } else { fact.chat }.into(),
                sender_external_id: if is_hidden {
                    Some(hidden())
                } else {
                    record.sender_external_id.clone()
                },
                sender_display_name: (fact.sender.filter(|_| manner.gives_names))
                    .map(|sender| NAMES[sender].1.to_owned()),
                is_deleted: fact.is_deleted.then_some(true),
                deleted_at: fact.is_deleted.then(|| in_minute(90, 0)),
                content: if fact.is_deleted {
                    String::new()
                } else {
                    record.content.clone()
                },
                ..record.clone()
            }));
        }
        if fact.is_in_backup {
            told[1].push(said(MessageRecord {
                sync_source: SyncSource::Import,
                is_forwarded: Some(true),
                media: (fact.text == 2).then(MediaRecord::default),
                ..record
            }));
        }
        // The second text begins where the first still goes on; both end with whole minutes.
        for (source, is_in) in [(2, fact.minute < 3), (3, fact.minute >= 2)] {
            if is_in {
                let name = fact.sender.map(|sender| NAMES[sender].1);
                let equal = (fact.chat, name, fact.minute, fact.text, source);
                let ordinal = seen.iter().filter(|one| **one == equal).count();
                seen.push(equal);
                let chat = match (manner.chats_by_name, fact.chat) {
                    (true, ANA) => "name:ana",
                    (true, _) => "name:team",
                    (false, chat) => chat,
                };
                let id = format!("{name:?} {} {} {ordinal}", fact.minute, fact.text);
                let text = TEXTS[fact.text].replace("  ", " ");
                told[source].push(said(loose(chat, &id, name, &text, fact.minute)));
            }
        }
    }
    told
}

fn group(address: &str) -> Record {
    Record::Conversation(ConversationRecord {
        conversation_type: Some(ConversationKind::Group),
        name: Some("Team".into()),
        ..chat(address)
    })
}

/// An address book, and whose hidden id is whose.
fn people() -> Vec<Record> {
    let names = NAMES.map(|(address, name)| {
        Record::Contact(ContactRecord {
            display_name: Some(name.into()),
            ..contact(address)
        })
    });
    names.into_iter().chain([address(ANA_LID, ANA)]).collect()
}

async fn tell_all(bed: &Bed, calls: &[(usize, Vec<Record>)]) {
    let mut imports = Vec::new();
    for format in &SOURCES[1..] {
        imports.push(bed.import(format).await);
    }
    for (source, records) in calls {
        match source {
            0 => {
                bed.tell(records.clone()).await;
            }
            source => {
                bed.tell_as(imports[source - 1], records.clone()).await;
            }
        }
    }
}

/// What a reader sees, and who knows it.
async fn known(bed: &Bed) -> Vec<String> {
    let mut seen = bed.seen().await;
    for row in bed.messages().await {
        let sources = bed.sources(row.id).await;
        seen.push(format!(
            "{} is known by {sources:?}",
            row.external_message_id
        ));
    }
    seen.sort();
    seen
}

fn in_calls(told: &[Vec<Record>; 5], sizes: &[usize]) -> Vec<(usize, Vec<Record>)> {
    let mut calls = Vec::new();
    for (source, records) in told.iter().enumerate() {
        let mut rest = records.as_slice();
        for size in sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (call, after) = rest.split_at((*size).min(rest.len()));
            calls.push((source, call.to_vec()));
            rest = after;
        }
    }
    calls
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn sources_end_in_one_history_in_any_order(
        facts in prop::collection::vec(a_fact(), 1..14),
        manner in a_manner(),
        places in prop::collection::vec(any::<Index>(), 24),
        repeats in prop::collection::vec(any::<Index>(), 0..4),
        sizes in prop::collection::vec(1_usize..6, 1..4),
        other_sizes in prop::collection::vec(1_usize..6, 1..4),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        runtime.block_on(async {
            let mut facts = facts;
            facts.sort_by_key(|fact| (fact.minute, fact.second));
            let told = told(&facts, manner);
            let straight = in_calls(&told, &sizes);
            let mut shuffled = in_calls(&told, &other_sizes);
            for (n, place) in places.iter().enumerate().take(shuffled.len()) {
                let other = place.index(shuffled.len());
                shuffled.swap(n, other);
            }
            for repeat in repeats.iter().filter(|_| !told.iter().all(Vec::is_empty)) {
                let again = shuffled[repeat.index(shuffled.len())].clone();
                shuffled.push(again);
            }
            let (one, two) = (Bed::new().await, Bed::new().await);
            tell_all(&one, &straight).await;
            tell_all(&two, &shuffled).await;
            let (these, those) = (known(&one).await, known(&two).await);
            let only = |a: &[String], b: &[String]| -> Vec<String> {
                a.iter().filter(|row| !b.contains(row)).cloned().collect()
            };
            assert_eq!((only(&these, &those), only(&those, &these)), (vec![], vec![]));
            assert_eq!(these.len(), those.len());
            one.assert_figures_hold().await;
            two.assert_figures_hold().await;
        });
    }
}
