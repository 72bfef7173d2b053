//! Nadia takes her chats with her, in forms that other programs read.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::mpsc,
};

use scraper::{ElementRef, Html, Selector};
use serde_json::Value;
use threadkeep_app::{
    App, Error,
    view::{ExportFormat, ExportQuery, ExportReport, Language},
};
use threadkeep_tests::{Device, TestServer, fixture};

/// Nadia's laptop with what a phone said: many scripts, markup, formulas, tricks with paths and directions.
async fn filled() -> (Device, TestServer) {
    let server = TestServer::start().await;
    let integration = server.integration("Nadia's phone").await;
    server
        .post_baileys(integration, fixture("baileys/events.ndjson"))
        .await;
    let laptop = Device::new("Nadia's laptop").await;
    laptop.connect(&server, integration).await;
    laptop.sync().await;
    (laptop, server)
}

async fn export(app: &App, format: ExportFormat, to: &Path) -> ExportReport {
    let query = ExportQuery {
        format,
        ..ExportQuery::default()
    };
    app.export(query, to, |_| {}).await.expect("it is written")
}

fn text<'v>(line: &'v Value, field: &str) -> &'v str {
    line[field].as_str().unwrap_or_default()
}

/// As a page or a text shows ends of lines.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_tables_finds_every_message_and_no_formula() {
    let (laptop, _server) = filled().await;
    let truth = laptop.export().await;
    let to = laptop.home().join("table.csv");
    let report = export(&laptop.app, ExportFormat::Csv, &to).await;
    assert_eq!(report.messages, truth.len() as i64);

    let mut table = csv::Reader::from_path(&to).expect("it is a table");
    let columns = table.headers().expect("it has a first row").clone();
    let column = |name: &str| {
        columns
            .iter()
            .position(|each| each == name)
            .expect("a column")
    };
    let rows: Vec<_> = table
        .records()
        .map(|row| row.expect("a whole row"))
        .collect();
    assert_eq!(rows.len(), truth.len(), "a row is a message");
    let mut marked = 0;
    for (row, line) in rows.iter().zip(&truth) {
        for cell in row {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']),
                "{cell:?}"
            );
        }
        let plain = |name: &str| {
            let cell = &row[column(name)];
            cell.strip_prefix('\'').unwrap_or(cell)
        };
        for name in [
            "chat",
            "chat_name",
            "id",
            "at",
            "sender",
            "sender_name",
            "type",
            "text",
            "reply_to",
        ] {
            assert_eq!(plain(name), text(line, name), "{name} of {line}");
        }
        marked += usize::from(row[column("text")].starts_with('\''));
    }
    assert!(marked > 0, "the phone has said formulas");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_finds_every_text_and_nothing_to_run() {
    let (laptop, _server) = filled().await;
    let truth = laptop.export().await;
    let to = laptop.home().join("pages");
    let report = export(&laptop.app, ExportFormat::Html, &to).await;
    assert!(report.is_folder);

    let index = parsed(&to.join("index.html"));
    let chats: Vec<PathBuf> = all(&index, ".chats > li > a")
        .into_iter()
        .filter_map(|link| Some(to.join(decoded(link.attr("href")?))))
        .collect();
    let mut written = BTreeMap::<String, Vec<(String, String)>>::new();
    for file in &chats {
        let page = parsed(file);
        assert_harmless(&page, file);
        let name = all(&page, "h1")
            .first()
            .expect("a title")
            .text()
            .collect::<String>();
        let said = all(&page, ".bubble").into_iter().map(|bubble| {
            let words = |selector: &str| {
                let found = bubble.select(&selected(selector)).next();
                found.map_or_else(String::new, |found| found.text().collect())
            };
            (words(".text > .said"), words(".gone"))
        });
        written.entry(name).or_default().extend(said);
    }
    let mut told = BTreeMap::<String, Vec<&Value>>::new();
    for line in &truth {
        if !matches!(text(line, "type"), "system" | "call") {
            told.entry(shown(text(line, "chat_name")))
                .or_default()
                .push(line);
        }
    }
    assert_eq!(
        written.keys().collect::<Vec<_>>(),
        told.keys().collect::<Vec<_>>(),
        "a page is a chat"
    );
    let mut compared = 0;
    for (name, lines) in &told {
        assert_eq!(
            written[name].len(),
            lines.len(),
            "every message of {name:?}"
        );
        for ((said, gone), line) in written[name].iter().zip(lines) {
            if line["deleted"] == true {
                assert_eq!(gone, "This message was deleted", "{line}");
            } else if text(line, "type") == "text" {
                let original = text(line, "text");
                assert_eq!(letters(said), letters(&shown(original)), "{line}");
                compared += 1;
            }
        }
    }
    assert!(compared > 1_000, "there were texts to compare: {compared}");
}

/// Without the signs that become bold words, code and lists, and without whom it mentions by a number.
fn letters(text: &str) -> String {
    let mut words: Vec<&str> = text.split('@').collect();
    let first = words.remove(0).to_owned();
    let rest = words
        .iter()
        .map(|word| word.trim_start_matches(|c: char| c.is_ascii_digit()));
    let whole: String = std::iter::once(first.as_str()).chain(rest).collect();
    let is_sign = |c: char| c.is_ascii_digit() || "*_~`>- \n.".contains(c);
    whole.chars().filter(|&c| !is_sign(c)).collect()
}

/// As a page shows a text: ends of lines of one sort, and drawings for what steers machines.
fn shown(text: &str) -> String {
    let drawn = |c: char| match c {
        '\n' | '\t' => c,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32).expect("a drawing"),
        '\u{7f}'..='\u{9f}' => '\u{fffd}',
        _ => c,
    };
    lines(text).chars().map(drawn).collect()
}

fn parsed(file: &Path) -> Html {
    let text = fs::read_to_string(file);
    Html::parse_document(&text.unwrap_or_else(|error| panic!("{}: {error}", file.display())))
}

fn selected(selector: &str) -> Selector {
    Selector::parse(selector).expect("a selector")
}

fn all<'p>(page: &'p Html, selector: &str) -> Vec<ElementRef<'p>> {
    page.select(&selected(selector)).collect()
}

fn decoded(address: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = address.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex = [rest.next().expect("a digit"), rest.next().expect("a digit")];
            let hex = std::str::from_utf8(&hex).expect("two digits");
            bytes.push(u8::from_str_radix(hex, 16).expect("two digits"));
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).expect("a name")
}

/// Nothing of a page runs, is fetched, or leads to what does.
fn assert_harmless(page: &Html, file: &Path) {
    let policy = all(page, "meta[http-equiv='Content-Security-Policy']");
    let policy = policy
        .first()
        .and_then(|meta| meta.attr("content"))
        .unwrap_or_default();
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    assert!(!policy.contains("script-src"), "{policy}");
    for element in all(page, "*") {
        let name = element.value().name();
        assert!(
            !matches!(
                name,
                "script" | "iframe" | "object" | "embed" | "base" | "form" | "link"
            ),
            "{name} in {}",
            file.display()
        );
        for (attribute, value) in element.value().attrs() {
            assert!(
                !attribute.starts_with("on"),
                "{attribute}={value} in {}",
                file.display()
            );
            match attribute {
                "href" => {
                    let is_beside = value.starts_with('#')
                        || value.starts_with("../index.html")
                        || value.contains(".html#m");
                    let leads_out = ["http://", "https://", "mailto:"]
                        .iter()
                        .any(|scheme| value.to_ascii_lowercase().starts_with(scheme));
                    assert!(is_beside || leads_out, "{value} in {}", file.display());
                }
                "src" => assert!(value.starts_with("data:image/"), "{value}"),
                "style" | "srcset" | "action" | "background" => panic!("{attribute}={value}"),
                _ => {}
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_plain_text_finds_as_many_messages_as_there_are() {
    let (laptop, _server) = filled().await;
    let truth = laptop.export().await;
    let to = laptop.home().join("texts");
    export(&laptop.app, ExportFormat::Txt, &to).await;
    let begins = |line: &&str| {
        let line = line.trim_start_matches(['\u{200e}', '\u{200f}']);
        line.starts_with('[') && line.as_bytes().get(21) == Some(&b']')
    };
    let mut messages = 0;
    for file in fs::read_dir(&to).expect("the folder is there") {
        let path = file.expect("a file").path();
        let text = fs::read_to_string(path).expect("it is text");
        messages += text.split('\n').filter(begins).count();
    }
    assert_eq!(messages, truth.len(), "no text reads as two messages");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_chat_of_some_days_is_one_file() {
    let (laptop, _server) = filled().await;
    let truth = laptop.export().await;
    let times: Vec<i64> = {
        let name = text(&truth[0], "chat");
        let of_chat = truth.iter().filter(|line| text(line, "chat") == name);
        of_chat.map(|line| millis(text(line, "at"))).collect()
    };
    let chat = laptop
        .app
        .find_chat(text(&truth[0], "chat"))
        .await
        .expect("it is here");
    let query = ExportQuery {
        chat_id: Some(chat.id),
        since: Some(times[times.len() / 4]),
        until: Some(times[times.len() / 2]),
        format: ExportFormat::Html,
        byte_order_mark: false,
        language: Language::En,
        files: true,
    };
    let within = |&&at: &&i64| query.since <= Some(at) && Some(at) < query.until;
    let expected = times.iter().filter(within).count();
    let plan = laptop
        .app
        .plan_export(&query)
        .await
        .expect("it can be planned");
    assert_eq!((plan.is_folder, plan.chats), (false, 1));
    assert_eq!(plan.messages, expected as i64);
    let to = laptop
        .app
        .export_place(&query, &laptop.home())
        .await
        .expect("a place");
    let report = laptop
        .app
        .export(query, &to, |_| {})
        .await
        .expect("it is written");
    assert_eq!(report.messages, plan.messages);
    assert_eq!(all(&parsed(&to), ".row").len(), expected);
    assert_eq!(laptop.app.last_export(), Some(to));
}

fn millis(at: &str) -> i64 {
    let at: jiff::Timestamp = at.parse().expect("a time");
    at.as_millisecond()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_export_leaves_what_was_there_and_nothing_else() {
    let (laptop, _server) = filled().await;
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("out.jsonl");
    fs::write(&to, "what was there").expect("it is written");
    let (halfway, is_halfway) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    let may_go_on = std::sync::Mutex::new(may_go_on);
    let progress = move |progress: threadkeep_app::view::ExportProgress| {
        if progress.done > 0 && halfway.send(()).is_ok() {
            // It waits in the middle for as long as this test needs.
            _ = may_go_on.lock().expect("nobody else waits").recv();
        }
    };
    let stop = async {
        tokio::task::spawn_blocking(move || is_halfway.recv())
            .await
            .expect("it waits")
            .expect("it comes so far");
        assert_eq!(names(folder.path()).len(), 2, "one lies beside the other");
        let beside = folder.path().join("b");
        let other = laptop.app.export(ExportQuery::default(), &beside, |_| {});
        assert!(
            matches!(other.await, Err(Error::Exporting)),
            "one at a time"
        );
        laptop.app.cancel_export();
        drop(go_on);
    };
    let running = laptop.app.export(ExportQuery::default(), &to, progress);
    let (ended, ()) = tokio::join!(running, stop);
    assert!(matches!(ended, Err(Error::ExportCancelled)), "{ended:?}");
    assert_eq!(names(folder.path()), ["out.jsonl"]);
    assert_eq!(
        fs::read_to_string(&to).expect("it is there"),
        "what was there"
    );
    export(&laptop.app, ExportFormat::Jsonl, &to).await;
    assert!(
        fs::metadata(&to).expect("it is there").len() > 100_000,
        "the next one is whole"
    );
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
    entries
        .map(|entry| name(entry).to_string_lossy().into_owned())
        .collect()
}
