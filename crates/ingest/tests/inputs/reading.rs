//! What is read as a stream is what is read as a whole.

use threadkeep_ingest::{
    Decision, Flow, Format, Options, ReadError, Receive, Record, Summary, read, recognise,
    translate,
};

use super::*;

/// Gathers everything, and stops after so many records.
#[derive(Default)]
struct Gathered {
    records: Vec<(usize, Record)>,
    errors: Vec<(usize, String)>,
    skipped: u64,
    unknown: u64,
    most: Option<usize>,
    done: u64,
}

impl Receive for Gathered {
    fn record(&mut self, place: u64, record: Record) -> Flow {
        self.records.push((usize::try_from(place).unwrap(), record));
        match self.most {
            Some(most) if self.records.len() >= most => Flow::Break(()),
            _ => Flow::Continue(()),
        }
    }

    fn content(&mut self, _sha256: &str, _entry: usize) {}

    fn skip(&mut self) {
        self.skipped += 1;
    }

    fn unknown(&mut self, _what: &str) {
        self.unknown += 1;
    }

    fn error(&mut self, place: u64, reason: String) {
        self.errors.push((usize::try_from(place).unwrap(), reason));
    }

    fn decided(&mut self, _decision: Decision) {}

    fn advance(&mut self, done: u64, total: u64) -> Flow {
        assert!(
            done <= total && done >= self.done,
            "progress goes on and ends at the end"
        );
        self.done = done;
        Flow::Continue(())
    }
}

const EVENTS: &[u8] = include_bytes!("../../../../tests/fixtures/baileys/events.ndjson");
const STORE: &[u8] = include_bytes!("../../../../tests/fixtures/baileys/baileys_store.json");

/// Neutral records over the size that is read at once.
fn many_records(before: &str, between: &str, after: &str) -> Vec<u8> {
    let record = |number: usize| {
        format!(
            r#"{{"type":"message","external_conversation_id":"a@s.whatsapp.net","external_message_id":"{number}","content":"{}","timestamp":"2020-01-01T00:00:00Z"}}"#,
            "word ".repeat(200)
        )
    };
    let mut records: Vec<String> = (0..5_000).map(record).collect();
    records[77] = r#"{"type":"message","timestamp":tru}"#.to_owned();
    format!("{before}{}{after}", records.join(between)).into_bytes()
}

fn streams_as_a_whole(format: Format, bytes: &[u8]) {
    let home = folder();
    // Nothing in the names says what it is.
    let plain = write(home.path(), "something", bytes);
    let packed = write(
        home.path(),
        "packed",
        &zip_of(&[("a/b.json", bytes), ("a/c.jpg", b"{}")]),
    );
    for path in [plain, packed] {
        let input = open(&path);
        assert_eq!(recognise(&input).unwrap(), [format]);
        let mut gathered = Gathered::default();
        read(format, &input, &Options::default(), &mut gathered).unwrap();
        let whole = translate(format, bytes).unwrap();
        assert_eq!(gathered.records, whole.records);
        let errors: Vec<_> = whole
            .errors
            .into_iter()
            .map(|error| (error.index, error.reason))
            .collect();
        assert_eq!(gathered.errors, errors);
        assert_eq!(gathered.skipped, whole.skipped);
        assert_eq!(gathered.unknown, whole.unknown.values().sum::<u64>());
        assert_eq!(gathered.done, bytes.len() as u64, "all of it was read");
    }
}

#[test]
fn events_are_read_line_by_line() {
    streams_as_a_whole(Format::BaileysEvents, EVENTS);
}

#[test]
fn a_store_is_read_element_by_element() {
    streams_as_a_whole(Format::BaileysStore, STORE);
}

#[rstest::rstest]
#[case::lines("", "\n", "\n")]
#[case::array("[", ",", "]")]
#[case::envelope("{\"version\": 1, \"records\": [", ",\n", "], \"end\": {}}")]
fn neutral_records_are_read_one_by_one(
    #[case] before: &str,
    #[case] between: &str,
    #[case] after: &str,
) {
    streams_as_a_whole(Format::Neutral, &many_records(before, between, after));
}

#[test]
fn one_record_on_several_lines_is_read() {
    let text = "{\n\"type\": \"contact\",\n\"external_contact_id\": \"a@s.whatsapp.net\"\n}";
    streams_as_a_whole(Format::Neutral, text.as_bytes());
}

#[test]
fn a_receiver_that_has_enough_stops_the_reader() {
    let home = folder();
    let input = open(&write(home.path(), "store", STORE));
    let mut gathered = Gathered {
        most: Some(3),
        ..Gathered::default()
    };
    let ended = read(
        Format::BaileysStore,
        &input,
        &Options::default(),
        &mut gathered,
    );
    assert!(matches!(ended, Err(ReadError::Stopped)), "{ended:?}");
    assert_eq!(gathered.records.len(), 3, "nothing comes after the stop");
}

#[rstest::rstest]
#[case(Format::BaileysStore, b"[1, 2]")]
#[case(Format::BaileysStore, b"{\"chats\": [")]
#[case(Format::Neutral, b"[{\"type\": \"contact\"}, 2")]
fn a_format_that_was_named_and_is_not_there_is_an_error(
    #[case] format: Format,
    #[case] bytes: &[u8],
) {
    let home = folder();
    let input = open(&write(home.path(), "file", bytes));
    let ended = read(
        format,
        &input,
        &Options::default(),
        &mut Gathered::default(),
    );
    assert!(matches!(ended, Err(ReadError::Translate(_))), "{ended:?}");
}

#[test]
fn a_summary_says_what_a_person_wants_to_know() {
    let home = folder();
    let input = open(&write(home.path(), "store", STORE));
    let mut summary = Summary::default();
    read(
        Format::BaileysStore,
        &input,
        &Options::default(),
        &mut summary,
    )
    .unwrap();
    let whole = translate(Format::BaileysStore, STORE).unwrap();
    let messages = whole
        .records
        .iter()
        .filter(|(_, record)| matches!(record, Record::Message(_)));
    assert_eq!(summary.messages, messages.count() as u64);
    assert_eq!(
        summary
            .chats
            .values()
            .map(|chat| chat.messages)
            .sum::<u64>(),
        summary.messages
    );
    assert_eq!(summary.kinds.values().sum::<u64>(), summary.messages);
    assert!(summary.people() > 0 && summary.chats.values().any(|chat| chat.name.is_some()));
    let (first, last) = summary.period.expect("messages have times");
    let bounds = summary.chats.values().filter_map(|chat| chat.period);
    assert!(
        bounds
            .into_iter()
            .all(|(from, to)| first <= from && to <= last && from <= to)
    );
    assert_eq!(
        summary.files(&input),
        (0, 0),
        "a store names files and has none"
    );
    assert!(summary.missing_files() > 0);
}
