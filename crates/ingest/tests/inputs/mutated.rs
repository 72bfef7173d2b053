//! Good inputs, made bad byte by byte: whatever comes of it is said, and nothing panics.

use proptest::prelude::*;
use threadkeep_ingest::{Format, Options, Summary, read, recognise};

use super::*;

const EVENT: &str = r#"{"event":"messages.upsert","data":{"messages":[{"key":{"remoteJid":"1@s.whatsapp.net","fromMe":false,"id":"A"},"message":{"conversation":"hi"},"messageTimestamp":1600000000}],"type":"notify"}}"#;
const STORE: &str = r#"{"chats":[{"id":"1@s.whatsapp.net","name":"Ana"}],"contacts":{"1@s.whatsapp.net":{"name":"Ana"}},"messages":{"1@s.whatsapp.net":[{"key":{"remoteJid":"1@s.whatsapp.net","id":"A"},"message":{"imageMessage":{"caption":"x"}},"messageTimestamp":{"low":1,"high":0}}]}}"#;
const RECORDS: &str = r#"{"type":"message","external_conversation_id":"a","external_message_id":"1","content":"hi","timestamp":"2020-01-01T00:00:00Z"}"#;
const TELEGRAM: &str = r#"{"name":"Ana","type":"personal_chat","id":1,"messages":[{"id":1,"type":"message","date_unixtime":"1700000000","from":"Ana","from_id":"user1","text":["a",{"type":"bold","text":"b"}],"photo":"p.jpg"}]}"#;
const TEXT: &str = "12/31/20, 9:41 PM - Ana: Happy new year\n12/31/20, 9:42 PM - Ana: and\nmore\n1/1/21, 12:01 AM - Robin: you too\n1/1/21, 12:02 AM - Ana: IMG-1.jpg (file attached)\n";
const CARD: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana Souza\r\nN:Souza;Ana;;;\r\nTEL;TYPE=CELL:+351 912 000 001\r\nEND:VCARD\r\n";
const MESSENGER: &str = r#"{"participants":[{"name":"Ana"},{"name":"Robin"}],"messages":[{"sender_name":"Ana","timestamp_ms":1700000000000,"content":"Ol\u00c3\u00a1","photos":[{"uri":"p.jpg"}]}],"title":"Ana","thread_path":"inbox/ana_1"}"#;

const SEEDS: [&str; 7] = [EVENT, STORE, RECORDS, TELEGRAM, TEXT, CARD, MESSENGER];

/// A change of some bytes: another one, one more, one less, a piece twice, an end.
#[derive(Debug, Clone)]
enum Change {
    Set(usize, u8),
    Insert(usize, u8),
    Remove(usize),
    Repeat(usize, usize),
    Cut(usize),
}

fn change() -> impl Strategy<Value = Change> {
    let byte = prop_oneof![
        any::<u8>(),
        prop::sample::select(br#"{}[]",:\0/-_ "#.to_vec())
    ];
    prop_oneof![
        4 => (any::<usize>(), byte.clone()).prop_map(|(at, byte)| Change::Set(at, byte)),
        2 => (any::<usize>(), byte).prop_map(|(at, byte)| Change::Insert(at, byte)),
        2 => any::<usize>().prop_map(Change::Remove),
        1 => (any::<usize>(), 1..40_usize).prop_map(|(at, count)| Change::Repeat(at, count)),
        1 => any::<usize>().prop_map(Change::Cut),
    ]
}

fn changed(seed: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for change in changes.iter().cloned() {
        let length = bytes.len().max(1);
        match change {
            Change::Set(at, byte) => {
                if let Some(place) = bytes.get_mut(at % length) {
                    *place = byte;
                }
            }
            Change::Insert(at, byte) => bytes.insert(at % (bytes.len() + 1), byte),
            Change::Remove(at) if !bytes.is_empty() => {
                bytes.remove(at % length);
            }
            Change::Remove(_) => {}
            Change::Repeat(at, count) => {
                let from = at % (bytes.len() + 1);
                let to = (from + count).min(bytes.len());
                let piece = bytes[from..to].to_vec();
                bytes.splice(to..to, piece);
            }
            Change::Cut(at) => bytes.truncate(at % (bytes.len() + 1)),
        }
    }
    bytes
}

/// Reads it as what it is taken for, and as everything else.
fn read_as_all(path: &Path) {
    let Ok(input) = Input::open(path, Limits::default()) else {
        return;
    };
    drop(recognise(&input));
    for format in Format::all() {
        drop(read(
            format,
            &input,
            &Options::default(),
            &mut Summary::default(),
        ));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_changed_text_makes_a_reader_panic(
        seed in prop::sample::select(SEEDS.to_vec()),
        changes in prop::collection::vec(change(), 1..12),
    ) {
        let home = folder();
        read_as_all(&write(home.path(), "input", &changed(seed.as_bytes(), &changes)));
    }

    #[test]
    fn no_changed_zip_makes_a_reader_panic(
        seed in prop::sample::select(SEEDS.to_vec()),
        changes in prop::collection::vec(change(), 1..6),
    ) {
        let home = folder();
        let zip = zip_of(&[("chat/result.json", seed.as_bytes()), ("_chat.txt", seed.as_bytes()), ("p.jpg", b"\xff\xd8")]);
        read_as_all(&write(home.path(), "x.zip", &changed(&zip, &changes)));
    }
}
