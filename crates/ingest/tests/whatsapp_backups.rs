//! Backups that the app's own format was worked out from: those of wa-crypt-tools 0.1.0 on PyPI. They are under the
//! GPL, so they are fetched into the target folder, once, and are no part of this repository.

mod python;

use std::{
    fs,
    path::{Path, PathBuf},
};

use threadkeep_ingest::{
    Decision, Flow, Format, Input, Key, Limits, Options, ReadError, Receive, Record, read,
    recognise,
};

use python::{missing, run};

const PACKAGE: &str = "wa-crypt-tools==0.1.0";
const DIGEST: &str = "13f93694ac650715039df6de10b1c18b7b0c2f74fe050277ccf1e1e211af889e";

/// The folder of the samples; `None` where they cannot be had, which is no fault where nobody has set `THREADKEEP_SAMPLES`.
fn samples() -> Option<PathBuf> {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wa-crypt-tools");
    let samples = cache.join("wa_crypt_tools-0.1.0/tests/res");
    // Renamed last, so that what is there is whole, whoever else is fetching it.
    if !samples.exists()
        && let Err(reason) = fetch(&cache)
    {
        missing(PACKAGE, &reason);
        return None;
    }
    Some(samples)
}

fn fetch(cache: &Path) -> Result<(), String> {
    let fresh =
        tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).map_err(|error| error.to_string())?;
    let wanted = fresh.path().join("wanted.txt");
    fs::write(&wanted, format!("{PACKAGE} --hash=sha256:{DIGEST}\n"))
        .map_err(|error| error.to_string())?;
    let run = |arguments: &[&str]| run(fresh.path(), arguments);
    run(&[
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--no-binary",
        ":all:",
        "--require-hashes",
        "-r",
        "wanted.txt",
    ])?;
    run(&[
        "-m",
        "tarfile",
        "-e",
        "wa_crypt_tools-0.1.0.tar.gz",
        "samples",
    ])?;
    match fs::rename(fresh.path().join("samples"), cache) {
        Err(error) if !cache.exists() => Err(error.to_string()),
        _ => Ok(()),
    }
}

#[derive(Default)]
struct Told {
    records: Vec<(u64, Record)>,
    unknown: Vec<String>,
    errors: Vec<(u64, String)>,
}

impl Receive for Told {
    fn record(&mut self, place: u64, record: Record) -> Flow {
        self.records.push((place, record));
        Flow::Continue(())
    }

    fn content(&mut self, _: &str, _: usize) {}

    fn skip(&mut self) {}

    fn unknown(&mut self, what: &str) {
        self.unknown.push(what.to_owned());
    }

    fn error(&mut self, place: u64, reason: String) {
        self.errors.push((place, reason));
    }

    fn decided(&mut self, _: Decision) {}

    fn advance(&mut self, _: u64, _: u64) -> Flow {
        Flow::Continue(())
    }
}

fn told(path: &Path, key: Option<&Path>) -> Result<Told, ReadError> {
    let input = Input::open(path, Limits::default())?;
    assert_eq!(
        recognise(&input)?,
        [Format::WhatsappAndroid],
        "{} is told by its content",
        path.display()
    );
    let options = Options {
        key: key.map(|key| Key::new(fs::read(key).expect("the key is there"))),
        ..Options::default()
    };
    let mut told = Told::default();
    read(Format::WhatsappAndroid, &input, &options, &mut told)?;
    Ok(told)
}

#[test]
fn each_backup_holds_what_the_database_holds() {
    let Some(samples) = samples() else {
        return;
    };
    let of = |name: &str| samples.join(name);
    let open = told(&of("msgstore.db"), None).expect("the database is whole");
    assert_eq!(open.errors, [], "all of it can be read");
    assert_eq!(open.unknown, [""; 0], "and is known");
    let messages: Vec<_> = open
        .records
        .iter()
        .filter_map(|(_, record)| match record {
            Record::Message(message) => Some(&**message),
            _ => None,
        })
        .collect();
    assert_eq!(messages.len(), 9, "of the ten rows the first holds a place");
    for message in &messages {
        assert_eq!(message.external_conversation_id, "status@broadcast");
        assert_eq!(
            message.sender_external_id.as_deref(),
            Some("0@s.whatsapp.net")
        );
        let media = message.media.as_ref().expect("each is a picture or a film");
        assert!(media.sha256.is_some(), "whose hash is told");
    }
    for (backup, key) in [
        ("msgstore.db.crypt12", "key"),
        ("msgstore.db.crypt14", "key"),
        ("msgstore-noexpiry.db.crypt14", "key"),
        ("msgstore.db.crypt15", "encrypted_backup.key"),
    ] {
        let told = told(&of(backup), Some(&of(key))).expect("the key opens it");
        assert!(
            told.records == open.records,
            "{backup} is the same database"
        );
    }
    let digits = tempfile::NamedTempFile::new().expect("a file can be made");
    let root = fs::read(of("encrypted_backup.key")).expect("the key is there");
    let hex: String = root[27..]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    fs::write(digits.path(), hex).expect("the file can be written");
    let by_digits =
        told(&of("msgstore.db.crypt15"), Some(digits.path())).expect("64 digits are a key");
    assert!(by_digits.records == open.records);
    // All in one test: each process would fetch the samples for itself.
    for (backup, key) in [
        ("msgstore.db.crypt14", "encrypted_backup.key"),
        ("msgstore.db.crypt15", "key"),
        ("msgstore.db.crypt12", "test.json"),
    ] {
        let refused = told(&of(backup), Some(&of(key)));
        assert!(
            matches!(refused, Err(ReadError::WrongKey)),
            "{backup} with {key}"
        );
    }
}
