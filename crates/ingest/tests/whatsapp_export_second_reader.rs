//! Our reading of exports beside that of two others, which are fetched into the target folder: `whatstk` 0.9.1 from PyPI
//! (GPL-3, so it is not a part of anything here) and `whatsapp-chat-parser` 4.0.2 from npm. They need Python 3, Node.js
//! and a network, so this runs only where it is asked for:
//!
//! ```sh
//! cargo nextest run -p threadkeep-ingest --run-ignored only second_reader
//! ```
//!
//! Where they differ, we hold to ours: `whatstk` turns fancy letters into plain ones (NFKC) and cuts blanks at the ends of
//! a text; neither reads a time before its date, digits of other scripts or a half of the day in other letters.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use jiff::tz::TimeZone;
use serde_json::Value;
use threadkeep_ingest::{Decision, Flow, Format, Input, Limits, Options, Receive, Record, read};

mod written;

use written::{FORMS, chat, export};

const WHATSTK: &str = r#"
import json, sys, warnings
warnings.filterwarnings("ignore")
from whatstk import WhatsAppChat
try:
    frame = WhatsAppChat.from_source(sys.argv[1]).df
    rows = [[d.strftime("%Y-%m-%dT%H:%M"), u, m] for d, u, m in zip(frame.iloc[:, 0], frame.iloc[:, 1], frame.iloc[:, 2])]
    print(json.dumps(rows))
except Exception:
    print("null")
"#;

const CHAT_PARSER: &str = r#"
import { readFileSync } from "node:fs";
import { parseString } from "whatsapp-chat-parser";
const two = (n) => String(n).padStart(2, "0");
const time = (d) => `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}`;
const rows = parseString(readFileSync(process.argv[2], "utf8")).map((m) => [time(m.date), m.author, m.message]);
console.log(JSON.stringify(rows));
"#;

#[derive(Default)]
struct Rows(Vec<[String; 3]>);

impl Receive for Rows {
    fn record(&mut self, _: u64, record: Record) -> Flow {
        if let Record::Message(message) = record {
            let time = message.timestamp.to_string().chars().take(16).collect();
            let sender = message.sender_display_name.unwrap_or_default();
            self.0.push([time, sender, message.content]);
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

fn ours(path: &Path) -> Vec<[String; 3]> {
    let input = Input::open(path, Limits::default()).unwrap();
    let options = Options {
        zone: TimeZone::UTC,
        ..Options::default()
    };
    let mut rows = Rows::default();
    read(Format::WhatsappExport, &input, &options, &mut rows).unwrap();
    rows.0
        .iter_mut()
        .for_each(|row| row[2] = row[2].trim().to_owned());
    rows.0
}

fn run(command: &mut Command) -> String {
    let output = command.env("TZ", "UTC").output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{command:?}: {told}");
    String::from_utf8(output.stdout).unwrap()
}

/// What another reader makes of a text; none where it cannot read it.
fn theirs(output: &str) -> Option<Vec<[String; 3]>> {
    let rows: Value = serde_json::from_str(output).unwrap();
    let cell = |row: &Value, at: usize| row[at].as_str().unwrap_or_default().trim().to_owned();
    let rows = rows
        .as_array()?
        .iter()
        .map(|row| [0, 1, 2].map(|at| cell(row, at)));
    Some(rows.collect())
}

#[test]
#[ignore = "fetches whatstk from PyPI and whatsapp-chat-parser from npm"]
fn second_readers_agree_on_every_form_that_they_know() {
    let room = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("second-readers");
    fs::create_dir_all(&room).unwrap();
    let python = room.join("python/bin/python");
    if !python.exists() {
        run(Command::new("python3")
            .args(["-m", "venv"])
            .arg(room.join("python")));
        run(Command::new(&python).args(["-m", "pip", "-q", "install", "whatstk==0.9.1"]));
    }
    if !room.join("node_modules/whatsapp-chat-parser").exists() {
        fs::write(room.join("package.json"), "{\"private\": true}").unwrap();
        run(Command::new("npm")
            .args([
                "install",
                "--no-audit",
                "--no-fund",
                "whatsapp-chat-parser@4.0.2",
            ])
            .current_dir(&room));
    }
    fs::write(room.join("reader.py"), WHATSTK).unwrap();
    fs::write(room.join("reader.mjs"), CHAT_PARSER).unwrap();
    let (mut agreed, mut known) = ([0, 0], [0, 0]);
    for (seed, form) in FORMS.iter().enumerate() {
        let path = room.join(format!("{}.txt", form.name));
        fs::write(&path, export(form, &chat(seed as u64, 300))).unwrap();
        let ours = ours(&path);
        assert_eq!(ours.len(), 300);
        let outputs = [
            run(Command::new(&python).arg(room.join("reader.py")).arg(&path)),
            run(Command::new("node").arg(room.join("reader.mjs")).arg(&path)),
        ];
        for (reader, output) in outputs.iter().enumerate() {
            let name = ["whatstk", "whatsapp-chat-parser"][reader];
            let Some(theirs) = theirs(output).filter(|rows| rows.len() > 1) else {
                println!("{name} does not read {}", form.name);
                continue;
            };
            known[reader] += 1;
            let mut ours = ours.clone();
            if reader == 0 {
                // `whatstk` writes NFKC, which keeps no fancy letters.
                ours.iter_mut()
                    .for_each(|row| row[2] = row[2].replace("𝓕𝓪𝓷𝓬𝔂", "Fancy"));
            }
            if theirs == ours {
                agreed[reader] += 1;
            } else {
                let at = theirs
                    .iter()
                    .zip(&ours)
                    .position(|(theirs, ours)| theirs != ours);
                println!(
                    "{name} differs on {}: {} of 300, first at {at:?}",
                    form.name,
                    theirs.len()
                );
            }
        }
    }
    println!("agreed {agreed:?} of {known:?}");
    assert!(
        known.iter().all(|known| *known >= 5),
        "each reads several forms: {known:?}"
    );
    assert!(
        agreed.iter().all(|agreed| *agreed >= 5),
        "and as we do: {agreed:?} of {known:?}"
    );
}
