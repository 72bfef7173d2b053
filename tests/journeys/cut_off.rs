//! Lena's computer loses power in the middle of an import, and another time while an import is taken back.
//!
//! Both are done by processes that are killed (SIGKILL). What had come of the import is listed, can be taken back, and
//! is gone on with by the same file; an undoing goes on by itself when the server starts again, and ends as one ends
//! that nothing has cut off.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;
use threadkeep_app::{
    App, ImportGiven,
    view::{ImportOptions, ImportState, Outcome},
};
use threadkeep_ingest::sample::bulk;
use threadkeep_protocol::{self as protocol, IntegrationId, NewImport, Record};
use threadkeep_server_store::{IngestOptions, NewIntegration, NewToken, Scope, Store};
use threadkeep_tests::{
    Rows, held_rows,
    records::{ANA, contact, said},
    server_rows,
};

/// Enough for many slices, of which each takes back a thousand.
const BROUGHT: usize = 30_000;
/// More than a chunk.
const IN_FILE: usize = 45_000;
/// So many undoings may be over before the kill comes.
const TRIES: usize = 25;

/// A process that dies with the test.
struct Process(Child);

impl Process {
    fn start(program: &str, arguments: &[&str]) -> (Self, String) {
        let child = Command::new(program)
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn();
        let mut child = child.expect("the process starts");
        let mut said = BufReader::new(child.stdout.take().expect("its output is a pipe"));
        let mut line = String::new();
        said.read_line(&mut line).expect("it says something");
        (Self(child), line.trim().to_owned())
    }

    fn kill(mut self) {
        self.0.kill().expect("it can be killed");
        self.0.wait().expect("it ends");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A server's database, and what opens it.
struct Shelf {
    folder: TempDir,
    account: IntegrationId,
    token: String,
    import: i64,
}

impl Shelf {
    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A database with a live account, and an import of much that the account knows in part.
    async fn filled() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let store = Store::open(&folder.path().join("filled.db")).expect("a new store opens");
        let new = NewIntegration {
            integration_type: "whatsapp".into(),
            display_name: "Lena".into(),
            external_id: None,
        };
        let account = store.create_integration(new).await.expect("an account").id;
        let new = NewToken {
            label: "test".into(),
            integrations: vec![account],
            scopes: vec![Scope::Read, Scope::Ingest],
            expires_at: None,
        };
        let token = store.create_token(new).await.expect("a token").token;
        let own: Vec<Record> = bulk(3, 2_000)
            .chain([contact(ANA, "Ana"), said(ANA, "a1", 15)])
            .collect();
        tell(&store, account, own, None).await;
        let begun = store.begin_import(account, NewImport::default()).await;
        let import = begun.expect("an import begins").id;
        for records in bulk(3, BROUGHT).collect::<Vec<_>>().chunks(10_000) {
            tell(&store, account, records.to_vec(), Some(import)).await;
        }
        tell(&store, account, vec![contact(ANA, "Anna")], Some(import)).await;
        let ended = store.end_import(account, import, protocol::ImportState::Complete);
        ended.await.expect("it ends");
        drop(store);
        Self {
            folder,
            account,
            token,
            import,
        }
    }

    /// A copy under another name.
    fn copy(&self, name: &str) -> PathBuf {
        let copy = self.file(name);
        for part in ["", "-wal", "-shm", ".mark"] {
            drop(fs::remove_file(format!("{}{part}", copy.display())));
        }
        Connection::open(self.file("filled.db"))
            .and_then(|conn| conn.execute("VACUUM INTO ?1", [copy.to_str()]))
            .expect("the copy can be made");
        copy
    }
}

async fn tell(store: &Store, account: IntegrationId, records: Vec<Record>, import: Option<i64>) {
    let records = records.into_iter().enumerate().collect();
    let options = IngestOptions {
        import,
        ..IngestOptions::default()
    };
    let report = store.ingest(account, records, options).await;
    assert_eq!(report.expect("the store takes records").errors, []);
}

/// Where the import stands, and how many messages it has left; nothing while the file cannot be read.
fn standing(file: &Path, import: i64) -> Option<(String, i64)> {
    let conn = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    let state = conn.query_row("SELECT state FROM imports WHERE id = ?1", [import], |row| {
        row.get(0)
    });
    let left = conn.query_row(
        "SELECT (SELECT count(*) FROM messages WHERE origin = ?1)
              + (SELECT count(DISTINCT message_pk) FROM tellings WHERE source = ?1)",
        [import],
        |row| row.get(0),
    );
    Some((state.ok()?, left.ok()?))
}

/// What is left, without the numbers under which it came.
async fn left(file: &Path, account: IntegrationId) -> Rows {
    let store = Store::open(file).expect("the store opens");
    let mut rows = server_rows(&store, account).await;
    for rows in rows.values_mut() {
        rows.retain(|_, row| row.get("is_withdrawn").is_none());
        for row in rows.values_mut() {
            let fields = row.as_object_mut().expect("rows are objects");
            fields.remove("seq");
            fields.remove("updated_at");
        }
    }
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undoing_that_is_killed_goes_on_when_the_server_starts_and_ends_as_any_other() {
    let shelf = Shelf::filled().await;
    let straight = shelf.copy("straight.db");
    let store = Store::open(&straight).expect("the copy opens");
    let undone = store.undo_import(shelf.account, shelf.import).await;
    assert_eq!(
        undone.expect("it is there").state,
        protocol::ImportState::Undone
    );
    drop(store);
    let wanted = left(&straight, shelf.account).await;

    let keeper = env!("CARGO_BIN_EXE_keeper");
    let mut cut = None;
    for round in 0..TRIES {
        let file = shelf.copy(&format!("cut-{round}.db"));
        let name = file.to_str().expect("a path in UTF-8").to_owned();
        let (process, said) = Process::start(keeper, &[&name, "127.0.0.1:0"]);
        let address = said.strip_prefix("listening ").expect("its address");
        let url = format!(
            "http://{address}/imports/{}/{}",
            shelf.account, shelf.import
        );
        let asked = reqwest::Client::new()
            .delete(url)
            .bearer_auth(&shelf.token)
            .send();
        // It answers when all is done, which nobody waits for.
        let asked = tokio::spawn(asked);
        let (_, all) = standing(&shelf.file("filled.db"), shelf.import).expect("the original");
        while standing(&file, shelf.import)
            .is_none_or(|(state, left)| state == "complete" || (state == "undoing" && left == all))
        {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        process.kill();
        drop(asked.await);
        let (state, left) = standing(&file, shelf.import).expect("the file");
        if state == "undoing" {
            assert!(left > 0 && left < all, "in the middle: {left} of {all}");
            cut = Some(file);
            break;
        }
    }
    let file = cut.expect("one of the kills comes before the end");

    let name = file.to_str().expect("a path in UTF-8").to_owned();
    let (process, _) = Process::start(keeper, &[&name, "127.0.0.1:0"]);
    let deadline = tokio::time::Instant::now() + Duration::from_secs(120);
    while standing(&file, shelf.import).is_none_or(|(state, _)| state != "undone") {
        assert!(
            tokio::time::Instant::now() < deadline,
            "nobody has asked again, and it goes on"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    process.kill();
    let ended = left(&file, shelf.account).await;
    for (stream, rows) in &wanted {
        assert_eq!(&ended[stream], rows, "{stream} after a kill, and without");
    }
}

/// Writes neutral records: so many messages of one chat.
fn file_of(folder: &Path, count: usize) -> PathBuf {
    let path = folder.join("ana.ndjson");
    let mut file = fs::File::create(&path).expect("a file can be made");
    for record in [contact(ANA, "Ana")]
        .into_iter()
        .chain((0..count).map(|n| said(ANA, &format!("a{n}"), n as i64)))
    {
        let line = serde_json::to_string(&record).expect("a record is JSON");
        writeln!(file, "{line}").expect("it can be written");
    }
    path
}

/// All that the mirror holds, by what it says.
fn held(home: &Path) -> Vec<String> {
    let home = threadkeep_home::Home::resolve(Some(home.to_owned())).expect("a path is given");
    let held = held_rows(&home.mirror_file(), 1);
    let rows = held.rows.into_values().flat_map(|rows| rows.into_values());
    let mut rows: Vec<String> = rows
        .map(|mut row| {
            let fields = row.as_object_mut().expect("rows are objects");
            for own in ["id", "seq", "conversation_id", "message_id", "contact_id"] {
                fields.remove(own);
            }
            row.to_string()
        })
        .collect();
    rows.sort();
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_killed_can_be_gone_on_with_and_taken_back() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = file_of(folder.path(), IN_FILE);
    let given = ImportGiven {
        paths: vec![file.clone()],
        key_file: None,
    };
    let options = ImportOptions::default();
    let (home, other) = (folder.path().join("home"), folder.path().join("other"));

    // How it ends where nothing cuts it off.
    let app = App::open(Some(other.clone()), "Lena").await.expect("opens");
    let report = app.import(&given, &options, |_| {}).await.expect("goes");
    assert_eq!(report.outcome, Outcome::Completed);
    app.close().await;
    drop(app);
    let wanted = held(&other);

    let name = |path: &Path| path.to_str().expect("a path in UTF-8").to_owned();
    let arguments = [name(&home), name(&file)];
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (process, said) = Process::start(env!("CARGO_BIN_EXE_importer"), &arguments);
    assert!(said.starts_with("brought "), "{said}");
    process.kill();

    let app = App::open(Some(home.clone()), "Lena").await.expect("opens");
    app.sync(None, |_| {}).await.expect("there is an account");
    let account = app.accounts().await.expect("accounts")[0].clone();
    let count = account.messages as usize;
    assert!(count > 0 && count < IN_FILE, "a part came: {count}");
    let imports = app.imports(&account.id).await.expect("imports");
    let states: Vec<ImportState> = imports.iter().map(|import| import.state).collect();
    assert_eq!(
        states,
        [ImportState::Cancelled],
        "nobody brings more of it, and it says so"
    );

    let again = app.import(&given, &options, |_| {}).await.expect("goes");
    assert_eq!(again.outcome, Outcome::Completed);
    assert!(
        again.known as usize >= count,
        "what had come was known: {again:?}"
    );
    let listed = app.imports(&account.id).await.expect("imports");
    assert_eq!(listed.len(), 2);
    app.close().await;
    drop(app);
    assert_eq!(held(&home), wanted, "nothing is there twice");

    let app = App::open(Some(home.clone()), "Lena").await.expect("opens");
    for import in &listed {
        let undone = app.undo_import(&account.id, &import.id, |_| {}).await;
        assert_eq!(undone.expect("it can be").outcome, Outcome::Completed);
    }
    let accounts = app.accounts().await.expect("accounts");
    assert_eq!(accounts[0].messages, 0, "both parts are taken back");
    app.close().await;
}
