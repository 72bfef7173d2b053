//! What Nora has already goes into one history by the app: exports that another package made, and a phone's backup
//! and an exported text beside what comes live.

mod refused;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use rstest::rstest;
use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;
use threadkeep_app::{
    ImportGiven,
    view::{ChatQuery, ImportOptions, ImportReport, Outcome},
};
use threadkeep_protocol::{Id, IntegrationId};
use threadkeep_server_store::{NewToken, Scope};
use threadkeep_tests::{Device, TestServer, held_rows};

use crate::one_history::history;

const ANA: &str = "491511111111@s.whatsapp.net";
const BEN: &str = "491512222222@s.whatsapp.net";
const LAKE: &str = "120363020000000009@g.us";

/// Nora's computer, and a folder with what she has.
struct Nora {
    laptop: Device,
    files: TempDir,
}

impl Nora {
    async fn sits_down() -> Self {
        Self {
            laptop: Device::new("Nora's laptop").await,
            files: tempfile::tempdir().expect("a temporary folder can be made"),
        }
    }

    /// Puts a file into a folder of its own, under the name that an export has.
    fn export(&self, folder: &str, chat: &str, text: &[u8]) -> PathBuf {
        let folder = self.files.path().join(folder);
        fs::create_dir_all(&folder).expect("a folder can be made");
        let path = folder.join(format!("WhatsApp Chat with {chat}.txt"));
        fs::write(&path, text).expect("a file can be written");
        path
    }

    async fn import(&self, path: &Path, options: &ImportOptions) -> ImportReport {
        let given = given(path);
        let report = self.laptop.app.import(&given, options, |_| {}).await;
        let report = report.expect("it can be read and taken");
        assert_eq!(report.outcome, Outcome::Completed, "{report:?}");
        assert_eq!(report.faults, 0, "{report:?}");
        report
    }

    async fn messages(&self) -> i64 {
        let accounts = self.laptop.app.accounts().await.expect("accounts");
        accounts.iter().map(|account| account.messages).sum()
    }
}

fn given(path: &Path) -> ImportGiven {
    ImportGiven {
        paths: vec![path.to_owned()],
        key_file: None,
    }
}

fn in_utc() -> ImportOptions {
    ImportOptions {
        zone: Some("UTC".to_owned()),
        ..ImportOptions::default()
    }
}

/// A fixture that lies beside the repository where it may not lie in it.
fn lent(name: &str) -> Option<Vec<u8>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("../../shared/fixtures/whatsapp-export");
    fs::read(path.join(name)).ok()
}

#[rstest]
#[case::in_their_order(["1", "2"])]
#[case::the_later_one_first(["2", "1"])]
#[tokio::test(flavor = "multi_thread")]
async fn two_parts_of_a_chat_end_as_their_union(#[case] order: [&str; 2]) {
    let Some(first) = lent("lorem-merge-part1.txt") else {
        return; // It is not ours to hand on.
    };
    let second = lent("lorem-merge-part2.txt").expect("it lies beside the first");
    let nora = Nora::sits_down().await;
    let part = |name: &str| if name == "1" { &first } else { &second };
    let paths = order.map(|name| nora.export(name, "Lorem", part(name)));
    for path in &paths {
        nora.import(path, &in_utc()).await;
    }
    assert_eq!(nora.messages().await, 600, "each message of both, once");
    for path in &paths {
        let again = nora.import(path, &in_utc()).await;
        assert_eq!((again.saved, again.changed), (0, 0), "a second time");
    }
    assert_eq!(nora.messages().await, 600);
    let chats = nora.laptop.app.chats(ChatQuery::default()).await;
    assert_eq!(chats.expect("the list").chats.len(), 1, "in one chat");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_export_ends_with_its_two_thousand_messages() {
    let Some(text) = lent("lorem-2000.txt") else {
        return;
    };
    let nora = Nora::sits_down().await;
    let path = nora.export("long", "Lorem", &text);
    let report = nora.import(&path, &in_utc()).await;
    assert_eq!((report.messages, nora.messages().await), (2_000, 2_000));
}

/// One of the group's messages: its id, its sender (none for Nora), its minute and second, and its text.
type Line = (&'static str, Option<&'static str>, i64, i64, &'static str);

/// 2024-03-01T10:00:00Z
const BEGUN: i64 = 1_709_287_200;

const SAID: [Line; 7] = [
    ("L1", Some(ANA), 0, 5, "who swims?"),
    ("L2", None, 1, 10, "me"),
    ("L3", Some(BEN), 1, 40, "me"),
    ("L4", Some(ANA), 2, 0, "ok"),
    ("L5", Some(BEN), 2, 30, "ok"),
    ("L6", Some(ANA), 2, 45, "ok"),
    ("L7", None, 9, 0, "see you  there"),
];

/// What the phone tells while it goes on: not the first two.
fn live() -> Vec<u8> {
    let mut events = vec![
        json!({"event": "groups.upsert", "data": [{"id": LAKE, "subject": "Lake trip", "participants": []}]}),
        json!({"event": "contacts.upsert", "data": [{"id": ANA, "name": "Ana"}, {"id": BEN, "name": "Ben"}]}),
    ];
    for (id, sender, minute, second, text) in &SAID[2..] {
        let mut key = json!({"remoteJid": LAKE, "fromMe": sender.is_none(), "id": id});
        if let Some(sender) = sender {
            key["participant"] = json!(sender);
        }
        events.push(
            json!({"event": "messages.upsert", "data": {"type": "notify", "messages": [{
                "key": key,
                "message": {"conversation": text},
                "messageTimestamp": BEGUN + minute * 60 + second,
            }]}}),
        );
    }
    let lines: Vec<String> = events.iter().map(Value::to_string).collect();
    lines.join("\n").into_bytes()
}

/// A phone's database: all but the last message.
fn backup(nora: &Nora) -> PathBuf {
    let path = nora.files.path().join("msgstore.db");
    let conn = Connection::open(&path).expect("a database can be made");
    conn.execute_batch(
        "CREATE TABLE jid (_id INTEGER PRIMARY KEY, user TEXT NOT NULL, server TEXT NOT NULL, raw_string TEXT);
         CREATE TABLE chat (_id INTEGER PRIMARY KEY, jid_row_id INTEGER UNIQUE, subject TEXT);
         CREATE TABLE message (_id INTEGER PRIMARY KEY, chat_row_id INTEGER NOT NULL, from_me INTEGER NOT NULL,
           key_id TEXT NOT NULL, sender_jid_row_id INTEGER, timestamp INTEGER, message_type INTEGER, text_data TEXT);
         INSERT INTO jid VALUES (1, '491511111111', 's.whatsapp.net', '491511111111@s.whatsapp.net'),
           (2, '491512222222', 's.whatsapp.net', '491512222222@s.whatsapp.net'),
           (3, '120363020000000009', 'g.us', '120363020000000009@g.us');
         INSERT INTO chat VALUES (1, 3, 'Lake trip');",
    )
    .expect("tables can be made");
    for (id, sender, minute, second, text) in &SAID[..6] {
        let who = match *sender {
            Some(ANA) => Some(1),
            Some(_) => Some(2),
            None => None,
        };
        conn.execute(
            "INSERT INTO message (chat_row_id, from_me, key_id, sender_jid_row_id, timestamp, message_type, text_data)
             VALUES (1, ?1, ?2, ?3, ?4, 0, ?5)",
            (
                sender.is_none(),
                id,
                who,
                (BEGUN + minute * 60 + second) * 1_000,
                text,
            ),
        )
        .expect("a message can be written");
    }
    path
}

/// The same group as its export has it: all, and one that nobody else has.
fn exported(nora: &Nora) -> PathBuf {
    let name = |sender: &Option<&str>| match *sender {
        Some(ANA) => "Ana",
        Some(_) => "Ben",
        None => "Nora",
    };
    let mut lines = vec!["01.03.24, 09:58 - Ben: anybody there?".to_owned()];
    for (_, sender, minute, _, text) in &SAID {
        let said = text.replace("  ", " ");
        lines.push(format!(
            "01.03.24, 10:{minute:02} - {}: {said}",
            name(sender)
        ));
    }
    lines.push("13.03.24, 10:00 - Ana: it was nice".to_owned());
    nora.export("lake", "Lake trip", lines.join("\n").as_bytes())
}

/// An account on a server, to which Nora's computer may write.
async fn account_of(nora: &Nora, server: &TestServer) -> IntegrationId {
    let account = server.integration("Nora").await;
    let new = NewToken {
        label: "Nora".into(),
        integrations: vec![account],
        scopes: vec![Scope::Read, Scope::Ingest],
        expires_at: None,
    };
    let token = server.store.create_token(new).await.expect("a token").token;
    let connected = nora.laptop.app.connect(&server.url, &token, &[]).await;
    connected.expect("address and token are good");
    account
}

/// What the laptop holds, and by whom each message is known.
async fn end_of(order: [usize; 3]) -> (Vec<Value>, BTreeMap<String, Vec<String>>) {
    let nora = Nora::sits_down().await;
    let server = TestServer::start().await;
    let account = account_of(&nora, &server).await;
    let options = ImportOptions {
        me: Some("Nora".to_owned()),
        ..in_utc()
    };
    for source in order {
        match source {
            0 => {
                let report = server.post_baileys(account, live()).await;
                assert_eq!(report.errors, []);
            }
            1 => drop(nora.import(&backup(&nora), &in_utc()).await),
            _ => drop(nora.import(&exported(&nora), &options).await),
        }
    }
    nora.laptop.sync().await;
    let held = held_rows(&nora.laptop.mirror_file(), 1);
    let mut known = BTreeMap::new();
    for (id, row) in &held.rows[&threadkeep_protocol::Stream::Messages] {
        let id: Id = id.parse().expect("an id");
        let sources = server.store.message_sources(account, id).await;
        let mut names: Vec<String> = sources
            .expect("a message has sources")
            .into_iter()
            .map(|source| source.import.map_or("live".into(), |import| import.format))
            .collect();
        names.sort();
        let said = format!("{} {}", row["timestamp"], row["content"]);
        let twice = known.insert(format!("{said} {}", row["external_message_id"]), names);
        assert_eq!(twice, None, "{said} is there once");
    }
    let mut rows = history(&held.rows);
    // What is left of a chat that was known by its name until it was found, where it was.
    rows.retain(|row| row.get("merged_into").is_none());
    (rows, known)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_its_backup_and_its_exported_text_end_equal_in_all_orders() {
    let orders = [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ];
    let (wanted, known) = end_of(orders[0]).await;
    let by_all = known.values().filter(|names| names.len() == 3).count();
    assert_eq!(
        known.len(),
        9,
        "seven that were said, and two of the text's own"
    );
    assert_eq!(by_all, 4, "what all three have, all three know: {known:#?}");
    for order in &orders[1..] {
        let (rows, names) = end_of(*order).await;
        assert_eq!(names, known, "who knows what, after {order:?}");
        assert_eq!(rows, wanted, "the rows, after {order:?}");
    }
}
