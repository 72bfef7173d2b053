//! What somebody would give who means harm, or whose file was cut: each thing with the words that a person gets. What
//! stands behind each refusal is tested where it is made; this is the table.

use rstest::rstest;
use rusqlite::Connection;
use threadkeep_ingest::{Format, Options, Summary, read, recognise};
use zip::CompressionMethod;

use super::{
    zips::{central, put},
    *,
};

/// A file of an input that is to be.
struct Given {
    name: &'static str,
    bytes: Vec<u8>,
}

fn given(name: &'static str, bytes: impl Into<Vec<u8>>) -> Given {
    Given {
        name,
        bytes: bytes.into(),
    }
}

/// What comes of reading it as a format: the words of the refusal, or what was read.
fn outcome(given: &Given, format: Format) -> Result<Summary, String> {
    let home = folder();
    let path = write(home.path(), given.name, &given.bytes);
    let words = |error: &dyn std::error::Error| {
        error
            .to_string()
            .replace(&path.display().to_string(), "FILE")
    };
    let input = Input::open(&path, Limits::default()).map_err(|error| words(&error))?;
    recognise(&input).map_err(|error| words(&error))?;
    let mut summary = Summary::default();
    let options = Options {
        zone: jiff::tz::TimeZone::UTC,
        ..Options::default()
    };
    read(format, &input, &options, &mut summary).map_err(|error| words(&error))?;
    Ok(summary)
}

const LINE: &str = "31/12/20, 21:41 - Ana: Happy new year\n";

fn chat_in_zip() -> Vec<u8> {
    zip_of(&[("_chat.txt", LINE.repeat(1_000).as_bytes())])
}

fn bomb() -> Given {
    given("x.zip", zip_of(&[("_chat.txt", &vec![b' '; 70 << 20])]))
}

/// It says that little comes, and a lot does.
fn bomb_that_hides() -> Given {
    let mut bytes = chat_in_zip();
    let at = central(&bytes, 0);
    put(&mut bytes, at + 24, 60);
    given("x.zip", bytes)
}

fn shared_bytes() -> Given {
    let mut bytes = zip_of(&[("a", LINE.as_bytes()), ("b", LINE.as_bytes())]);
    let at = central(&bytes, 1);
    put(&mut bytes, at + 42, 0);
    given("x.zip", bytes)
}

fn million_entries() -> Given {
    let mut bytes = chat_in_zip();
    let end = bytes.len() - 22;
    put(&mut bytes, end + 12, 200_001 * 1024);
    given("x.zip", bytes)
}

fn password() -> Given {
    let mut bytes = chat_in_zip();
    let at = central(&bytes, 0);
    bytes[at + 8] |= 1;
    given("x.zip", bytes)
}

fn packed_otherwise() -> Given {
    let mut bytes = chat_in_zip();
    let at = central(&bytes, 0);
    bytes[at + 10] = 12;
    bytes[8] = 12;
    given("x.zip", bytes)
}

fn changed_bytes() -> Given {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file("_chat.txt", stored).unwrap();
    zip.write_all(LINE.as_bytes()).unwrap();
    let mut bytes = zip.finish().unwrap().into_inner();
    let at = bytes.windows(5).position(|five| five == b"Happy").unwrap();
    bytes[at] = b'h';
    given("x.zip", bytes)
}

fn database(statements: &str) -> Vec<u8> {
    let home = folder();
    let path = home.path().join("made.db");
    Connection::open(&path)
        .unwrap()
        .execute_batch(statements)
        .unwrap();
    std::fs::read(path).unwrap()
}

const TABLES: &str = "
    CREATE TABLE jid (_id INTEGER PRIMARY KEY, user TEXT, server TEXT, raw_string TEXT);
    CREATE TABLE chat (_id INTEGER PRIMARY KEY, jid_row_id INTEGER);
    CREATE TABLE message (_id INTEGER PRIMARY KEY, chat_row_id INTEGER, from_me INTEGER, key_id TEXT, timestamp INTEGER,
      message_type INTEGER, text_data TEXT, sender_jid_row_id INTEGER);
    INSERT INTO jid VALUES (1, '1', 's.whatsapp.net', '1@s.whatsapp.net');
    INSERT INTO chat VALUES (1, 1);
    INSERT INTO message WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
      SELECT i, 1, 0, 'K' || i, 1600000000000, 0, 'text ' || i, 0 FROM n;";

fn truncated_database() -> Given {
    let bytes = database(TABLES);
    given("msgstore.db", &bytes[..bytes.len() / 2])
}

/// Tables that are programs.
fn database_of_views() -> Given {
    given(
        "msgstore.db",
        database(
            "CREATE TABLE jid (_id INTEGER PRIMARY KEY, raw_string TEXT);
             CREATE VIEW message AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
               SELECT i AS _id, 1 AS chat_row_id, 'k' AS key_id, 1 AS sender_jid_row_id FROM n;",
        ),
    )
}

/// The first page says that the tree of the schema goes on in itself.
fn database_in_circles() -> Given {
    let mut bytes = database(TABLES);
    let size = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    for page in 1..bytes.len() / size {
        // An inner page whose rightmost child is itself.
        let number = u32::try_from(page + 1).unwrap();
        let at = page * size;
        bytes[at..at + 12].copy_from_slice(&[5, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0]);
        bytes[at + 8..at + 12].copy_from_slice(&number.to_be_bytes());
    }
    given("msgstore.db", bytes)
}

fn store(text: &str) -> Given {
    given("baileys_store.json", text)
}

#[rstest]
#[case::zip_bomb(
    bomb(),
    Format::WhatsappExport,
    "FILE is made to fill a disk, as no export is"
)]
#[case::zip_bomb_by_its_actual_bytes(
    bomb_that_hides(),
    Format::WhatsappExport,
    "_chat.txt has more than 60 bytes: more than it announces, or than a chat needs"
)]
#[case::zip_bomb_of_shared_bytes(
    shared_bytes(),
    Format::WhatsappExport,
    "FILE is made to fill a disk, as no export is"
)]
#[case::million_entries(
    million_entries(),
    Format::WhatsappExport,
    "it holds more than 200000 files"
)]
#[case::password(
    password(),
    Format::WhatsappExport,
    "FILE is protected by a password; unpack it, and give the folder"
)]
#[case::packed_otherwise(
    packed_otherwise(),
    Format::WhatsappExport,
    "FILE is cut short or damaged, or is a kind of zip that is not read"
)]
#[case::truncated_zip(given("x.zip", &chat_in_zip()[..200]), Format::WhatsappExport, "FILE is cut short or damaged, or is a kind of zip that is not read")]
#[case::changed_bytes_of_a_zip(
    changed_bytes(),
    Format::WhatsappExport,
    "_chat.txt cannot be read to its end"
)]
#[case::truncated_database(
    truncated_database(),
    Format::WhatsappAndroid,
    "msgstore.db is damaged, or no msgstore.db after all"
)]
#[case::database_in_circles(
    database_in_circles(),
    Format::WhatsappAndroid,
    "msgstore.db is damaged, or no msgstore.db after all"
)]
#[case::database_of_views(
    database_of_views(),
    Format::WhatsappAndroid,
    "this database of WhatsApp holds no messages: choose the one called msgstore"
)]
#[case::truncated_json(
    store(r#"{"chats": [], "messages": {"1@s.whatsapp.net": [{"key":"#),
    Format::BaileysStore,
    "The input ends in the middle, as a file does that was cut short or is still being written. Nothing was changed."
)]
#[case::brackets_without_end(given("result.json", format!(r#"{{"name": "Ana", "type": "personal_chat", "id": 1, "messages": {}"#, "[".repeat(1 << 20))), Format::Telegram, "The input ends in the middle, as a file does that was cut short or is still being written. Nothing was changed.")]
#[case::wrong_encoding(given("chat.txt", b"31/12/20, 21:41 - J\xf6rg: sch\xf6n\n".repeat(50)), Format::WhatsappExport, "The text is in an encoding that no export has, and signs of it would be lost. Export the chat again, or save it as UTF-8. Nothing was changed.")]
#[case::nothing_of_it(
    given("chat.txt", "hello"),
    Format::WhatsappExport,
    "The input holds no message of an exported chat. Nothing was changed."
)]
fn what_is_refused_is_refused_in_words(
    #[case] given: Given,
    #[case] format: Format,
    #[case] words: &str,
) {
    let refused = outcome(&given, format);
    let refused = refused.map(|summary| summary.messages);
    assert_eq!(refused, Err(words.to_owned()));
}

/// What costs only itself, with its words, and how many messages are read all the same.
#[rstest]
#[case::huge_line(given("chat.txt", format!("{LINE}31/12/20, 21:42 - Ana: {}\n{LINE}", "x".repeat(9 << 20))), Format::WhatsappExport, 3, "a line is longer than 4194304 bytes, and what came behind them was left out")]
#[case::huge_message(given("chat.txt", format!("{LINE}{}{LINE}", "more words than a message has\n".repeat(300_000))), Format::WhatsappExport, 2, "a message is longer than 4194304 bytes, and the rest of it was left out")]
#[case::bytes_that_are_no_text(given("chat.txt", [LINE.repeat(500).as_bytes(), b"31/12/20, 21:42 - Ana: \xff\n"].concat()), Format::WhatsappExport, 501, "it is not UTF-8, and what could not be read was replaced")]
#[case::huge_record(given("records.ndjson", format!("{RECORD}\n{{\"type\":\"contact\",\"external_contact_id\":\"{}\"}}\n{RECORD}\n", "x".repeat(5 << 20))), Format::Neutral, 2, "it is longer than 4194304 bytes")]
#[case::deep_record(given("records.ndjson", format!("{RECORD}\n{{\"type\":\"contact\",\"a\":{}}}\n", "[".repeat(500) + &"]".repeat(500))), Format::Neutral, 1, "it is nested deeper than 64")]
fn what_costs_only_itself_is_said_in_words(
    #[case] given: Given,
    #[case] format: Format,
    #[case] messages: u64,
    #[case] words: &str,
) {
    let read = outcome(&given, format).expect("the rest of it is read");
    let reasons: Vec<&str> = read
        .errors
        .iter()
        .map(|(_, reason)| reason.as_str())
        .collect();
    assert_eq!((read.messages, reasons), (messages, vec![words]));
}

const RECORD: &str = r#"{"type":"message","external_conversation_id":"a","external_message_id":"1","content":"hi","timestamp":"2020-01-01T00:00:00Z"}"#;

/// Names that lead out, links, and names that some system reserves: nothing is written to where a name says, so the first
/// two are left out and counted, and the last are names.
#[test]
fn names_are_only_names() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    zip.add_symlink("link.txt", "/etc/passwd", options).unwrap();
    for name in [
        "../../out.txt",
        "/etc/out.txt",
        "C:\\out.txt",
        "CON/aux.txt",
        "nul",
        "_chat.txt",
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(LINE.as_bytes()).unwrap();
    }
    let home = folder();
    let input = open(&write(
        home.path(),
        "x.zip",
        &zip.finish().unwrap().into_inner(),
    ));
    assert_eq!(paths(&input), ["CON/aux.txt", "nul", "_chat.txt"]);
    assert_eq!(input.left_out(), 4);
    let mut summary = Summary::default();
    read(
        Format::WhatsappExport,
        &input,
        &Options::default(),
        &mut summary,
    )
    .unwrap();
    assert_eq!(
        summary.messages, 2,
        "the chats inside are read, whatever they are called"
    );
}
