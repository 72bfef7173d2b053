//! Exports that another package made, read where they lie.

use std::{collections::BTreeSet, path::PathBuf};

use threadkeep_ingest::{Decision, Flow, Format, Input, Limits, Options, Receive, Record};
use threadkeep_protocol::MessageRecord;

/// Keeps all that is handed on.
#[derive(Default)]
struct Kept {
    messages: Vec<MessageRecord>,
    errors: Vec<(u64, String)>,
    decisions: Vec<Decision>,
}

impl Receive for Kept {
    fn record(&mut self, _: u64, record: Record) -> Flow {
        if let Record::Message(message) = record {
            self.messages.push(*message);
        }
        Flow::Continue(())
    }

    fn content(&mut self, _: &str, _: usize) {}

    fn skip(&mut self) {}

    fn unknown(&mut self, _: &str) {}

    fn error(&mut self, place: u64, reason: String) {
        self.errors.push((place, reason));
    }

    fn decided(&mut self, decision: Decision) {
        self.decisions.push(decision);
    }

    fn advance(&mut self, _: u64, _: u64) -> Flow {
        Flow::Continue(())
    }
}

/// A fixture that lies beside the repository where it may not lie in it.
fn fixture(name: &str) -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let shared = root
        .join("../../../shared/fixtures/whatsapp-export")
        .join(name);
    shared.exists().then_some(shared)
}

fn read(name: &str, options: &Options) -> Option<Kept> {
    let path = fixture(name)?;
    let input = Input::open(&path, Limits::default()).unwrap();
    assert_eq!(
        threadkeep_ingest::recognise(&input).unwrap(),
        [Format::WhatsappExport],
        "by what is in it"
    );
    let mut kept = Kept::default();
    threadkeep_ingest::read(Format::WhatsappExport, &input, options, &mut kept).unwrap();
    Some(kept)
}

/// As many as whatstk reads: the last message has no line end, so that `wc -l` counts one less.
#[test]
fn all_messages_of_the_long_one_are_read() {
    let Some(kept) = read("lorem-2000.txt", &Options::default()) else {
        return;
    };
    assert_eq!(kept.messages.len(), 2_000);
    assert_eq!(kept.errors, []);
    let ids = ids(&kept);
    assert_eq!(ids.len(), 2_000, "no two messages have one id");
    let order = Decision::DateOrder {
        order: "YYYY-MM-DD".to_owned(),
        is_proven: true,
    };
    assert!(
        kept.decisions.contains(&order),
        "a year of four digits comes first: {:?}",
        kept.decisions
    );
    let times: Vec<_> = kept
        .messages
        .iter()
        .map(|message| message.timestamp)
        .collect();
    assert!(
        times.is_sorted(),
        "the order of the lines is that of the times"
    );
    let senders: BTreeSet<_> = kept
        .messages
        .iter()
        .filter_map(|m| m.sender_display_name.as_deref())
        .collect();
    assert_eq!(
        senders,
        BTreeSet::from(["+1 123 456 789", "Giuseppe", "John", "Mary"])
    );
    let address = kept
        .messages
        .iter()
        .find_map(|message| message.sender_external_id.as_deref());
    assert_eq!(
        address,
        Some("1123456789@s.whatsapp.net"),
        "a number is an address"
    );
}

#[test]
fn two_parts_are_their_union_whatever_comes_first_and_how_often() {
    let options = Options {
        chat: Some("120363000000000001@g.us".to_owned()),
        ..Options::default()
    };
    let parts = ["lorem-merge-part1.txt", "lorem-merge-part2.txt"];
    let [Some(one), Some(two)] = parts.map(|part| read(part, &options)) else {
        return;
    };
    assert_eq!((one.messages.len(), two.messages.len()), (300, 300));
    let union: BTreeSet<_> = ids(&one).union(&ids(&two)).cloned().collect();
    assert_eq!(union.len(), 600, "they have no minute in common");
    let again = read("lorem-merge-part1.txt", &options).unwrap();
    assert_eq!(ids(&again), ids(&one), "a second reading has the same ids");
    assert_eq!(again.messages, one.messages, "and the same records");
}

fn ids(kept: &Kept) -> BTreeSet<String> {
    kept.messages
        .iter()
        .map(|message| message.external_message_id.clone())
        .collect()
}
