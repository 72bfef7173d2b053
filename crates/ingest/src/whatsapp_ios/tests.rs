//! Databases are made here, after the published schema: no sample of a real one is free to be given away.

use std::{fs, path::Path};

use rusqlite::{Connection, params};
use threadkeep_protocol::{MessageRecord, Record};

use super::*;
use crate::collected::{Collected, seed};

mod agreement;
mod attached;
mod chats_and_people;
mod content;
mod files;
mod hostile;
mod identity;

const ANA: &str = "4915550001@s.whatsapp.net";
const ANA_LID: &str = "100000000000001@lid";
const BEN: &str = "4915550002@s.whatsapp.net";
const GROUP: &str = "120363000000000001@g.us";
/// 2020-09-13T12:26:40Z, in Apple's seconds and with a fraction.
const AT: f64 = 1_600_000_000.0 - 978_307_200.0 + 0.75;

const SCHEMA: &str = include_str!("tests/schema.sql");

/// An archive that is being written.
struct Archive {
    folder: tempfile::TempDir,
    db: Connection,
}

/// The columns of a message that a test is about.
#[derive(Clone)]
struct Row<'a> {
    kind: i64,
    event: i64,
    chat: Option<i64>,
    member: Option<i64>,
    is_from_me: bool,
    text: Option<&'a str>,
    stanza: Option<&'a str>,
    from: Option<&'a str>,
    media: Option<i64>,
    info: Option<i64>,
}

impl Default for Row<'_> {
    fn default() -> Self {
        Self {
            kind: 0,
            event: 0,
            chat: Some(1),
            member: None,
            is_from_me: false,
            text: None,
            stanza: Some("3A0001"),
            from: None,
            media: None,
            info: None,
        }
    }
}

impl Archive {
    /// One with a chat with Ana (1) and a group (2) of her and Ben.
    fn new() -> Self {
        let archive = Self::empty();
        archive.chat(1, ANA, "Ana");
        archive.chat(2, GROUP, "Hiking");
        for (pk, jid) in [(1, ANA), (2, BEN)] {
            archive.run(
                "INSERT INTO ZWAGROUPMEMBER (Z_PK, ZCHATSESSION, ZMEMBERJID, ZISACTIVE, ZISADMIN, ZCONTACTNAME)
                 VALUES (?1, 2, ?2, 1, 0, '')",
                params![pk, jid],
            );
        }
        archive
    }

    fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Connection::open(folder.path().join("ChatStorage.sqlite")).unwrap();
        db.execute_batch(SCHEMA).unwrap();
        Self { folder, db }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn run(&self, sql: &str, values: impl rusqlite::Params) {
        self.db.execute(sql, values).unwrap();
    }

    fn chat(&self, pk: i64, jid: &str, name: &str) {
        self.run(
            "INSERT INTO ZWACHATSESSION (Z_PK, ZCONTACTJID, ZPARTNERNAME, ZLASTMESSAGEDATE)
             VALUES (?1, ?2, ?3, ?4)",
            params![pk, jid, name, AT],
        );
    }

    fn message(&self, row: &Row<'_>) -> i64 {
        self.run(
            "INSERT INTO ZWAMESSAGE (ZMESSAGETYPE, ZGROUPEVENTTYPE, ZCHATSESSION, ZGROUPMEMBER, ZISFROMME,
                ZMESSAGEDATE, ZTEXT, ZSTANZAID, ZFROMJID, ZMEDIAITEM, ZMESSAGEINFO)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                row.kind, row.event, row.chat, row.member, row.is_from_me, AT, row.text, row.stanza, row.from,
                row.media, row.info
            ],
        );
        self.db.last_insert_rowid()
    }

    /// A media item of these columns.
    fn media(&self, columns: &str, values: impl rusqlite::Params) -> i64 {
        let count = columns.split(',').count();
        let places: Vec<String> = (1..=count).map(|place| format!("?{place}")).collect();
        let places = places.join(", ");
        self.run(
            &format!("INSERT INTO ZWAMEDIAITEM ({columns}) VALUES ({places})"),
            values,
        );
        self.db.last_insert_rowid()
    }

    fn info(&self, receipt_info: &[u8]) -> i64 {
        self.run(
            "INSERT INTO ZWAMESSAGEINFO (ZRECEIPTINFO) VALUES (?1)",
            [receipt_info],
        );
        self.db.last_insert_rowid()
    }

    fn read(&self) -> Told {
        let told = self.try_read().unwrap();
        assert_eq!(told.errors, [""; 0], "everything in it can be read");
        told
    }

    fn try_read(&self) -> Result<Told, ReadError> {
        read_at(self.path(), &Options::default())
    }

    /// The one message in it.
    fn one(&self) -> MessageRecord {
        let mut messages = self.read().messages();
        assert_eq!(messages.len(), 1, "one message was written");
        messages.remove(0)
    }
}

fn read_at(path: &Path, options: &Options) -> Result<Told, ReadError> {
    let input = Input::open(path, Limits::default())?;
    seed::keep(&input);
    let mut collected = Collected::default();
    read(&input, options, &mut collected)?;
    Ok(Told {
        records: without_places(collected.records),
        contents: collected.contents,
        skipped: collected.skipped,
        unknown: collected.unknown.into_keys().collect(),
        errors: without_places(collected.errors),
    })
}

fn without_places<T>(told: Vec<(u64, T)>) -> Vec<T> {
    told.into_iter().map(|(_, what)| what).collect()
}

/// Everything that was said.
#[derive(Debug, PartialEq)]
struct Told {
    records: Vec<Record>,
    contents: Vec<(String, usize)>,
    skipped: u64,
    unknown: Vec<String>,
    errors: Vec<String>,
}

impl Told {
    fn messages(&self) -> Vec<MessageRecord> {
        let messages = self.records.iter().filter_map(|record| match record {
            Record::Message(message) => Some((**message).clone()),
            _ => None,
        });
        messages.collect()
    }
}

/// A protobuf field that holds bytes.
fn field(number: u64, bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let bytes = bytes.as_ref();
    let mut field = varint(number << 3 | 2);
    field.extend(varint(bytes.len() as u64));
    field.extend(bytes);
    field
}

/// A protobuf field that holds a number.
fn number(number: u64, value: u64) -> Vec<u8> {
    [varint(number << 3), varint(value)].concat()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

#[test]
fn it_is_told_from_its_tables() {
    let archive = Archive::new();
    let renamed = archive.path().join("mine.db");
    fs::copy(archive.path().join("ChatStorage.sqlite"), &renamed).unwrap();
    for path in [archive.path(), &renamed] {
        let input = Input::open(path, Limits::default()).unwrap();
        assert!(
            recognise(&input).unwrap(),
            "{} holds the tables",
            path.display()
        );
    }
    let other = tempfile::tempdir().unwrap();
    fs::write(
        other.path().join("ChatStorage.sqlite"),
        "ZWAMESSAGE ZWACHATSESSION",
    )
    .unwrap();
    let db = Connection::open(other.path().join("other.db")).unwrap();
    db.execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
    let input = Input::open(other.path(), Limits::default()).unwrap();
    assert!(
        !recognise(&input).unwrap(),
        "a name is no content, and another database another"
    );
}

#[test]
fn reading_stops_when_the_receiver_has_had_enough() {
    let archive = Archive::new();
    archive.message(&Row {
        text: Some("Hello"),
        ..Row::default()
    });
    let input = Input::open(archive.path(), Limits::default()).unwrap();
    let mut told = Collected {
        enough: Some(1),
        ..Collected::default()
    };
    let result = read(&input, &Options::default(), &mut told);
    assert!(matches!(result, Err(ReadError::Stopped)), "{result:?}");
    assert_eq!(told.records.len(), 1, "nothing comes behind the stop");
}

#[test]
fn what_cannot_be_read_is_somebody_elses() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export.zip");
    let mut zip = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for name in ["notes.db", "contacts.vcf"] {
        zip.start_file(name, stored).unwrap();
        std::io::Write::write_all(&mut zip, b"these bytes are what was packed").unwrap();
    }
    zip.finish().unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let places: Vec<usize> = memchr::memmem::find_iter(&bytes, b"these").collect();
    for place in places {
        bytes[place] = b'T';
    }
    fs::write(&path, bytes).unwrap();
    let input = Input::open(&path, Limits::default()).unwrap();
    assert!(
        !recognise(&input).unwrap(),
        "a damaged file beside an export is no reason to refuse the export"
    );
    assert!(!crate::vcard::recognise(&input).unwrap());
}
