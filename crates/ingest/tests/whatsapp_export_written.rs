//! What is written as a phone writes it is read back, and nothing else stops the reader.

use jiff::tz::TimeZone;
use proptest::prelude::*;
use threadkeep_ingest::{
    Decision, Flow, Format, Input, Limits, Options, ReadError, Receive, Record, read,
};
use threadkeep_protocol::MessageRecord;

mod written;

use written::{FORMS, Message, chat, export};

#[derive(Default)]
struct Kept {
    messages: Vec<MessageRecord>,
    errors: Vec<String>,
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
        self.errors.push(format!("{place}: {reason}"));
    }

    fn decided(&mut self, _: Decision) {}

    fn advance(&mut self, _: u64, _: u64) -> Flow {
        Flow::Continue(())
    }
}

fn try_read(bytes: &[u8]) -> (Result<(), ReadError>, Kept) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let input = Input::open(file.path(), Limits::default()).unwrap();
    let options = Options {
        zone: TimeZone::UTC,
        ..Options::default()
    };
    let mut kept = Kept::default();
    let result = read(Format::WhatsappExport, &input, &options, &mut kept);
    (result, kept)
}

fn read_back(text: &str) -> Vec<(String, String, String)> {
    let (result, kept) = try_read(text.as_bytes());
    result.unwrap();
    assert_eq!(kept.errors, Vec::<String>::new());
    let messages = kept.messages.into_iter();
    messages
        .map(|message| {
            let time: String = message.timestamp.to_string().chars().take(19).collect();
            (
                time,
                message.sender_display_name.unwrap_or_default(),
                message.content,
            )
        })
        .collect()
}

#[test]
fn every_form_is_read_back_as_it_was_written() {
    for (seed, form) in FORMS.iter().enumerate() {
        let messages = chat(seed as u64, 400);
        // Only iPhones write seconds.
        let second = |at: jiff::civil::DateTime| {
            if form.name.starts_with("ios") {
                at.second()
            } else {
                0
            }
        };
        let expected: Vec<_> = messages
            .iter()
            .map(|Message { at, sender, text }| {
                let time = at.strftime("%Y-%m-%dT%H:%M");
                (
                    format!("{time}:{:02}", second(*at)),
                    sender.clone(),
                    text.clone(),
                )
            })
            .collect();
        assert_eq!(
            read_back(&export(form, &messages)),
            expected,
            "{}",
            form.name
        );
    }
}

/// Texts of any signs, but for those that WhatsApp itself takes away or writes.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{1,60}",
        "[ -~]{1,40}",
        "(\\PC{0,20}\n){1,4}\\PC{1,10}",
        Just("x".repeat(5_000)),
    ]
    .prop_filter(
        "another header, or WhatsApp's own words",
        |text: &String| {
            let is_header = |line: &str| {
                line.trim_start_matches('[')
                    .starts_with(|c: char| c.is_numeric())
            };
            !text.lines().any(is_header)
                && !text.contains(['\u{200e}', '\u{200f}', '\r'])
                && !text.ends_with('>')
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_back(texts in prop::collection::vec(text(), 1..8), form in 0..FORMS.len()) {
        let start = chat(1, texts.len());
        let messages: Vec<_> = start.into_iter().zip(texts).map(|(message, text)| Message { sender: "Ana".to_owned(), text, ..message }).collect();
        let read = read_back(&export(&FORMS[form], &messages));
        let texts: Vec<_> = read.iter().map(|(_, _, text)| text.as_str()).collect();
        let expected: Vec<_> = messages.iter().map(|message| message.text.as_str()).collect();
        prop_assert_eq!(texts, expected);
    }

    #[test]
    fn no_bytes_stop_it_with_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), form in 0..FORMS.len()) {
        let start = export(&FORMS[form], &chat(2, 2)).into_bytes();
        _ = try_read(&[start, bytes.clone()].concat());
        _ = try_read(&bytes);
    }

    #[test]
    fn no_piece_of_headers_stops_it_with_a_panic(pieces in prop::collection::vec("[\\[\\]0-9٠-٩/. :,،\\-APMصم年월\u{200e}\u{202f}<>a\n(]{1,30}", 0..12)) {
        let text = format!("1/2/20, 9:41 - {}", pieces.concat());
        _ = try_read(text.as_bytes());
    }
}

#[test]
fn a_hostile_text_costs_only_itself() {
    let text = "\u{feff}31/12/20, 21:41 - Ana: first\n\
        31/12/20, 21:41 - : nobody\n\
        31/12/20, 21:41 - Ana:\n\
        31/12/20, 21:41 - Ana: ../../etc/passwd (file attached)\n\
        31/12/20, 21:41 - Ana: <attached: ../../x.jpg>\n\
        31/12/20, 21:41 - Ana: \u{202e}gpj.exe (file attached)\n\
        31/12/20, 21:41 - Ana: IMG-20201231-WA0001.jpg (file attached)\n\
        99/99/99, 99:99 - Ana: no date\n\
        31/12/20, 21:42 - Ana: \0\u{1}\u{7f}\n\
        31/12/20, 21:42 - \u{202a}+49 151 1111\u{2011}1111\u{202c}: number\n\
        31/12/20, 21:42 - Ana: https://maps.google.com/?q=nan,inf\n\
        31/12/20, 21:42 - Ana: Location: https://maps.google.com/?q=1e999,-1\n\
        31/12/20, 21:42 - Ana: POLL:\nquestion\nOPTION: a (99999999999999999999 votes)\n\
        31/12/20, 21:43 - Ana: last";
    let (result, kept) = try_read(text.as_bytes());
    result.unwrap();
    let lines: Vec<String> = kept
        .messages
        .iter()
        .map(|message| {
            let file = message
                .media
                .as_ref()
                .and_then(|media| media.file_name.as_deref());
            let metadata = message
                .platform_metadata
                .as_ref()
                .map(|metadata| serde_json::to_string(metadata).unwrap());
            format!(
                "{} {:?} {:?} {:?} file {file:?} {}",
                message.timestamp,
                message.message_type,
                message.sender_display_name,
                message.content,
                metadata.unwrap_or_default()
            )
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}
