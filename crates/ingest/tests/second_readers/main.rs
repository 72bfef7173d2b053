//! Our reading of exported texts beside that of two others. `whatsapp-chat-parser` is one of the packages of this
//! repository's own `node_modules`; `whatstk` is under the GPL, so it is fetched from PyPI into the target folder and is
//! no part of anything here. Where one cannot be had, `npm test` says so and it is no fault, unless
//! `THREADKEEP_SAMPLES` is set.
//!
//! Where they differ, we hold to ours, and why stands in a table: a difference that is not in it fails.

mod npm;
mod pypi;
#[path = "../python/mod.rs"]
mod python;
#[path = "../written/mod.rs"]
mod written;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use jiff::tz::TimeZone;
use threadkeep_ingest::{Decision, Flow, Format, Input, Limits, Options, Receive, Record, read};

use python::missing;
use written::{FORMS, Form, chat, export};

/// The minute, who, and what.
type Row = [String; 3];

/// What the others are known to do with a form of headers.
enum Known {
    /// It reads what we read.
    Same,
    /// It reads nothing of it, or something else, because of this.
    Other(&'static str),
}

#[derive(Default)]
struct Rows(Vec<Row>);

impl Receive for Rows {
    fn record(&mut self, _: u64, record: Record) -> Flow {
        if let Record::Message(message) = record {
            let time = message.timestamp.to_string().chars().take(16).collect();
            let sender = message.sender_display_name.unwrap_or_default();
            self.0
                .push([time, sender, message.content.trim().to_owned()]);
        }
        Flow::Continue(())
    }

    fn content(&mut self, _: &str, _: usize) {}

    fn skip(&mut self) {}

    fn unknown(&mut self, _: &str) {}

    fn error(&mut self, place: u64, reason: String) {
        panic!("line {place}: {reason}");
    }

    fn decided(&mut self, _: Decision) {}

    fn advance(&mut self, _: u64, _: u64) -> Flow {
        Flow::Continue(())
    }
}

fn ours(path: &Path) -> Vec<Row> {
    let input = Input::open(path, Limits::default()).unwrap();
    let options = Options {
        zone: TimeZone::UTC,
        ..Options::default()
    };
    let mut rows = Rows::default();
    read(Format::WhatsappExport, &input, &options, &mut rows).unwrap();
    rows.0
}

/// What another reader's program prints, file by file; none where it cannot read one.
fn theirs(program: &mut Command, files: &[PathBuf]) -> Vec<Option<Vec<Row>>> {
    let output = program.env("TZ", "UTC").args(files).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{program:?}: {told}");
    let read: Vec<Option<Vec<[Option<String>; 3]>>> =
        serde_json::from_slice(&output.stdout).unwrap();
    let cell = |cell: Option<String>| cell.unwrap_or_default().trim().to_owned();
    let rows = |rows: Vec<[Option<String>; 3]>| rows.into_iter().map(|row| row.map(cell)).collect();
    read.into_iter().map(|read| read.map(rows)).collect()
}

/// A folder with an export of each form, and their files.
fn exports() -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let written = |(seed, form): (usize, &Form)| {
        let path = folder.path().join(format!("{}.txt", form.name));
        fs::write(&path, export(form, &chat(seed as u64, 300))).unwrap();
        path
    };
    let files = FORMS.iter().enumerate().map(written).collect();
    (folder, files)
}

/// Exports of another make, where they lie beside the repository.
fn fixtures() -> Vec<PathBuf> {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures/whatsapp-export");
    let names = [
        "lorem-2000.txt",
        "lorem-merge-part1.txt",
        "lorem-merge-part2.txt",
    ];
    let files = names.map(|name| root.join(name)).into_iter();
    files.filter(|path| path.exists()).collect()
}

/// What differs between two readings, if anything does.
fn difference(ours: &[Row], theirs: &[Row]) -> Option<String> {
    let differing = ours
        .iter()
        .zip(theirs)
        .position(|(ours, theirs)| ours != theirs);
    match differing {
        Some(number) => Some(format!(
            "message {number} is {:?}, and {:?} for us",
            theirs[number], ours[number]
        )),
        None if ours.len() != theirs.len() => Some(format!(
            "{} messages, and {} for us",
            theirs.len(),
            ours.len()
        )),
        None => None,
    }
}

/// Holds all forms, and the exports of another make, against what is known of them.
fn compare(
    read: impl Fn(&[PathBuf]) -> Vec<Option<Vec<Row>>>,
    known: impl Fn(&str) -> Known,
    alike: impl Fn(Row) -> Row,
) {
    let (_folder, mut files) = exports();
    files.extend(fixtures());
    let mut wrong = Vec::new();
    for (path, theirs) in files.iter().zip(read(&files)) {
        let ours: Vec<Row> = ours(path).into_iter().map(&alike).collect();
        let name = path.file_stem().unwrap().to_string_lossy();
        let difference = difference(&ours, &theirs.unwrap_or_default());
        match (known(&name), difference) {
            (Known::Same, Some(difference)) => wrong.push(format!("{name}: {difference}")),
            (Known::Other(why), None) => {
                wrong.push(format!("{name}: the same by now, though {why}"))
            }
            (Known::Same, None) | (Known::Other(_), Some(_)) => {}
        }
    }
    assert_eq!(wrong, [""; 0], "what differs is explained");
}
