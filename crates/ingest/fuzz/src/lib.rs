//! What the fuzz targets do with their bytes: one function a target, each through the crate's public functions.
//!
//! `npm run fuzz` runs them with libFuzzer; `tests/fuzzed.rs` of the crate runs the same functions over the committed
//! inputs, so that whatever was found once stays found without it.
//!
//! What must hold, besides that nothing panics, hangs or takes all memory: a record can be written as JSON and read back,
//! for that is how it goes to a server; and no more is said to have been read than there is.

mod rows;

use std::{
    cell::RefCell,
    fs,
    io::Read,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use tempfile::TempDir;
use threadkeep_ingest::{
    Decision, Flow, Format, Input, Key, Limits, Options, Receive, Record, detect, read as read_as,
    recognise as formats_of,
};

/// A target and what it does.
pub type Target = (&'static str, fn(&[u8]));

/// All of them; each has a file in `fuzz_targets` and a folder in `seeds`.
pub const TARGETS: [Target; 18] = [
    ("recognise", recognise),
    ("zip", zip),
    ("whatsapp_export", whatsapp_export),
    ("whatsapp_android", whatsapp_android),
    ("whatsapp_android_names", whatsapp_android_names),
    ("whatsapp_android_rows", whatsapp_android_rows),
    ("whatsapp_backup", whatsapp_backup),
    ("whatsapp_ios", whatsapp_ios),
    ("whatsapp_ios_names", whatsapp_ios_names),
    ("whatsapp_ios_rows", whatsapp_ios_rows),
    ("baileys_store", baileys_store),
    ("baileys_events", baileys_events),
    ("telegram", telegram),
    ("messenger", messenger),
    ("instagram", instagram),
    ("signal", signal),
    ("vcard", vcard),
    ("neutral", neutral),
];

/// Opens the backups among the seeds.
const KEY: &[u8] = b"2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a";

/// A hundredth of what is allowed, so that what grows without end is seen soon.
const LIMITS: Limits = Limits {
    entries: 2_000,
    entry_bytes: 64 << 20,
    total_bytes: 128 << 20,
    ratio: 250,
};

/// Telling formats apart, and reading it as whatever it is taken for.
pub fn recognise(bytes: &[u8]) {
    let _ = detect(bytes);
    PLACE.with_borrow_mut(|place| {
        place.write("input", bytes);
        let Ok(input) = Input::open(&place.path("input"), LIMITS) else {
            return;
        };
        for format in formats_of(&input).unwrap_or_default() {
            place.read(format, &input);
        }
    });
}

/// A zip: its names, all that is in it, and reading it as whatever it is taken for.
pub fn zip(bytes: &[u8]) {
    PLACE.with_borrow_mut(|place| {
        place.write("input.zip", bytes);
        let Ok(input) = Input::open(&place.path("input.zip"), LIMITS) else {
            return;
        };
        for entry in input.entries() {
            assert!(
                !entry.path.starts_with('/') && entry.path.split('/').all(|part| part != ".."),
                "an entry leads out"
            );
            if let Ok(mut stream) = input.read(entry) {
                let read = std::io::copy(
                    &mut stream.by_ref().take(LIMITS.entry_bytes + 1),
                    &mut std::io::sink(),
                );
                assert!(
                    read.is_err() || read.is_ok_and(|read| read <= entry.bytes),
                    "more came than was announced"
                );
            }
        }
        for format in formats_of(&input).unwrap_or_default() {
            place.read(format, &input);
        }
    });
}

/// The text of an exported chat.
pub fn whatsapp_export(bytes: &[u8]) {
    alone("WhatsApp Chat with Ana.txt", Format::WhatsappExport, bytes);
}

/// `msgstore.db`.
pub fn whatsapp_android(bytes: &[u8]) {
    alone("msgstore.db", Format::WhatsappAndroid, bytes);
}

/// `wa.db`, beside messages.
pub fn whatsapp_android_names(bytes: &[u8]) {
    static MESSAGES: OnceLock<Vec<u8>> = OnceLock::new();
    let messages = MESSAGES.get_or_init(|| rows::ANDROID.empty());
    beside(
        &[("msgstore.db", messages), ("wa.db", bytes)],
        Format::WhatsappAndroid,
    );
}

/// Rows of any values in the tables of `msgstore.db` and `wa.db`.
pub fn whatsapp_android_rows(bytes: &[u8]) {
    let database = rows::ANDROID.with(bytes);
    beside(
        &[("msgstore.db", &database), ("wa.db", &database)],
        Format::WhatsappAndroid,
    );
}

/// An encrypted backup.
pub fn whatsapp_backup(bytes: &[u8]) {
    alone("msgstore.db.crypt15", Format::WhatsappAndroid, bytes);
}

/// `ChatStorage.sqlite`.
pub fn whatsapp_ios(bytes: &[u8]) {
    alone("ChatStorage.sqlite", Format::WhatsappIos, bytes);
}

/// The databases of names, beside messages.
pub fn whatsapp_ios_names(bytes: &[u8]) {
    static MESSAGES: OnceLock<Vec<u8>> = OnceLock::new();
    let messages = MESSAGES.get_or_init(|| rows::IOS.empty());
    beside(
        &[
            ("ChatStorage.sqlite", messages),
            ("ContactsV2.sqlite", bytes),
            ("LID.sqlite", bytes),
        ],
        Format::WhatsappIos,
    );
}

/// Rows of any values in the tables of `ChatStorage.sqlite`.
pub fn whatsapp_ios_rows(bytes: &[u8]) {
    alone(
        "ChatStorage.sqlite",
        Format::WhatsappIos,
        &rows::IOS.with(bytes),
    );
}

/// `baileys_store.json`.
pub fn baileys_store(bytes: &[u8]) {
    alone("baileys_store.json", Format::BaileysStore, bytes);
}

/// Events of a Baileys socket.
pub fn baileys_events(bytes: &[u8]) {
    alone("events.ndjson", Format::BaileysEvents, bytes);
}

/// `result.json`.
pub fn telegram(bytes: &[u8]) {
    alone("result.json", Format::Telegram, bytes);
}

/// A chat of a download from Facebook.
pub fn messenger(bytes: &[u8]) {
    let path = "facebook-mi/messages/inbox/ana_1234567890/message_1.json";
    beside(&[(path, bytes)], Format::Messenger);
}

/// A chat of a download from Instagram.
pub fn instagram(bytes: &[u8]) {
    let path = "your_instagram_activity/messages/inbox/ana_17000000000000001/message_1.json";
    beside(&[(path, bytes)], Format::Instagram);
}

/// `main.jsonl`.
pub fn signal(bytes: &[u8]) {
    beside(&[("main.jsonl", bytes)], Format::Signal);
}

/// An address book.
pub fn vcard(bytes: &[u8]) {
    alone("contacts.vcf", Format::Vcard, bytes);
}

/// Neutral records.
pub fn neutral(bytes: &[u8]) {
    alone("records.ndjson", Format::Neutral, bytes);
}

/// Reads a file that was given alone.
fn alone(name: &str, format: Format, bytes: &[u8]) {
    PLACE.with_borrow_mut(|place| {
        place.write(name, bytes);
        let Ok(input) = Input::open(&place.path(name), LIMITS) else {
            return;
        };
        let _ = formats_of(&input);
        place.read(format, &input);
    });
}

/// Reads files that lie in one folder.
fn beside(files: &[(&str, &[u8])], format: Format) {
    PLACE.with_borrow_mut(|place| {
        for (name, bytes) in files {
            place.write(&format!("{format}/{name}"), bytes);
        }
        let input = Input::open(&place.path(format.name()), LIMITS).expect("the folder is there");
        place.read(format, &input);
    });
}

thread_local! {
    // One for all inputs of a process: making a folder takes longer than reading what is in it.
    static PLACE: RefCell<Place> = RefCell::new(Place::new());
}

/// Where the bytes lie as the files that they are taken for.
struct Place {
    folder: TempDir,
    options: Options,
}

impl Place {
    fn new() -> Self {
        Self {
            folder: TempDir::new().expect("a folder can be made"),
            options: Options {
                zone: jiff::tz::TimeZone::UTC,
                me: Some("Robin".to_owned()),
                key: Some(Key::new(KEY.to_vec())),
                ..Options::default()
            },
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).expect("a folder can be made");
        fs::write(path, bytes).expect("a file can be written");
    }

    fn read(&self, format: Format, input: &Input) {
        let mut looked = Looked {
            entries: input.entries().len(),
        };
        let _ = read_as(format, input, &self.options, &mut looked);
    }
}

/// Looks at what a reader hands on.
struct Looked {
    entries: usize,
}

impl Receive for Looked {
    fn record(&mut self, _: u64, record: Record) -> Flow {
        let json = serde_json::to_vec(&record).expect("a record can be written");
        if let Err(error) = serde_json::from_slice::<Record>(&json) {
            panic!("a record cannot be read back: {error}");
        }
        Flow::Continue(())
    }

    fn content(&mut self, sha256: &str, entry: usize) {
        assert_eq!(sha256.len(), 64, "a hash is one");
        assert!(entry < self.entries, "a file is one of the input's");
    }

    fn file(&mut self, entry: usize) {
        assert!(entry < self.entries, "a file is one of the input's");
    }

    fn skip(&mut self) {}

    fn unknown(&mut self, _: &str) {}

    fn error(&mut self, _: u64, _: String) {}

    fn decided(&mut self, _: Decision) {}

    fn advance(&mut self, done: u64, total: u64) -> Flow {
        assert!(done <= total, "no more was read than there is");
        Flow::Continue(())
    }
}
