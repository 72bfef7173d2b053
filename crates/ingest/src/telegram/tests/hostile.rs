use proptest::prelude::*;
use threadkeep_protocol::{MessageKind, Record};

use super::{everything, written};
use crate::{
    Decision, Flow, ReadError, Receive, TranslateError,
    collected::{Collected, folder, open, options},
    telegram::{account, read, recognise},
};

#[test]
fn one_bad_message_costs_only_itself() {
    let text = br#"{"name":"Ana","type":"personal_chat","id":1,"messages":[
        {"id":1,"type":"message","date_unixtime":"1709294400","from_id":"user1","text":"a\x1Fb"},
        {"id":2,"type":"message","text":"\xff"},
        "nothing",
        {"type":"message","text":"no id"},
        {"id":5,"type":"message","text":{"a":1}, "date":"yesterday"},
        {"id":6,"type":"message","date_unixtime":"1709294406","from_id":"user1","text":"b"}
    ]}"#;
    let mut broken = text.to_vec();
    let place = broken.windows(4).position(|w| w == b"\\xff").unwrap();
    broken.splice(place..place + 4, [0xff]);
    let read = Collected::of(&[("result.json", &broken)], &options(), read);
    let texts: Vec<_> = read.messages().iter().map(|m| m.content.clone()).collect();
    assert_eq!(texts, ["a\u{1f}b", "", "b"]);
    insta::assert_debug_snapshot!(read.errors);
}

#[test]
fn reading_stops_where_it_is_told_to() {
    let text = written(&everything());
    let folder = folder(&[("result.json", text.as_bytes())]);
    let mut collected = Collected {
        enough: Some(4),
        ..Collected::default()
    };
    let stopped = read(&open(&folder).unwrap(), &options(), &mut collected);
    assert!(matches!(stopped, Err(ReadError::Stopped)));
    assert_eq!(collected.records.len(), 4);
}

#[test]
fn an_export_that_is_cut_short_says_so() {
    let text = written(&everything());
    let folder = folder(&[("result.json", &text.as_bytes()[..text.len() / 2])]);
    let mut collected = Collected::default();
    let error = read(&open(&folder).unwrap(), &options(), &mut collected).unwrap_err();
    assert!(
        matches!(error, ReadError::Translate(TranslateError::Truncated)),
        "it must not pass for a whole one: {error}"
    );
}

/// Receives and forgets.
struct Nothing;

impl Receive for Nothing {
    fn record(&mut self, _: u64, record: Record) -> Flow {
        if let Record::Message(message) = record {
            let is_raw = message
                .platform_metadata
                .is_some_and(|m| m.contains_key("raw"));
            let is_text = message.message_type == MessageKind::Text;
            assert!(!(is_raw && is_text), "only what has no words is kept raw");
        }
        Flow::Continue(())
    }
    fn content(&mut self, _: &str, _: usize) {}
    fn skip(&mut self) {}
    fn unknown(&mut self, _: &str) {}
    fn error(&mut self, _: u64, _: String) {}
    fn decided(&mut self, _: Decision) {}
    fn advance(&mut self, _: u64, _: u64) -> Flow {
        Flow::Continue(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_changed_in_it_nothing_panics(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut text = written(&everything()).into_bytes();
        for (place, byte) in &changes {
            let place = place.index(text.len());
            text[place] = *byte;
        }
        text.truncate(cut.index(text.len() * 4).min(text.len()));
        let folder = folder(&[("result.json", &text)]);
        let input = open(&folder).unwrap();
        let entries = input.entries().to_vec();
        let _ = account::read(&input, &entries, &options(), &mut Nothing);
        let _ = recognise(&input);
    }
}
