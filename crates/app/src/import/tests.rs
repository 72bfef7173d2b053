mod shown;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use tempfile::TempDir;

use super::ImportGiven;
use crate::{
    App,
    view::{ImportKey, ImportOptions, ImportPhase, ImportProgress, Outcome},
};

const ANA: &str = "351912000001@s.whatsapp.net";

/// A data folder of Ida's, and a folder with what she has.
struct Ida {
    app: App,
    files: TempDir,
    _home: TempDir,
}

impl Ida {
    async fn sits_down() -> Self {
        let home = tempfile::tempdir().unwrap();
        let app = App::open(Some(home.path().to_owned()), "a test").await;
        Self {
            app: app.unwrap(),
            files: tempfile::tempdir().unwrap(),
            _home: home,
        }
    }

    /// Writes neutral records: so many messages of a chat, from a number on.
    fn file(&self, name: &str, from: usize, count: usize) -> PathBuf {
        let messages = (from..from + count).map(|number| {
            format!(
                r#"{{"type":"message","external_conversation_id":"{ANA}","external_message_id":"A{number}","sender_external_id":"{ANA}","message_type":"text","content":"said {number}","timestamp":"2024-03-{:02}T10:00:00Z"}}"#,
                1 + number % 28
            )
        });
        let name_of = format!(
            r#"{{"type":"contact","external_contact_id":"{ANA}","display_name":"Ana Souza"}}"#
        );
        let lines: Vec<String> = std::iter::once(name_of).chain(messages).collect();
        self.write(name, &lines.join("\n"))
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.files.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    async fn accounts(&self) -> usize {
        self.app.accounts().await.unwrap().len()
    }

    async fn messages(&self) -> i64 {
        let accounts = self.app.accounts().await.unwrap();
        accounts.iter().map(|account| account.messages).sum()
    }
}

fn given(paths: &[&Path]) -> ImportGiven {
    ImportGiven {
        paths: paths.iter().map(|path| path.to_path_buf()).collect(),
        key_file: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_before_is_what_happens_and_the_second_time_nothing_does() {
    let ida = Ida::sits_down().await;
    let file = ida.file("ana.ndjson", 0, 3_000);
    let what = given(&[&file]);
    let options = ImportOptions::default();

    let preview = ida
        .app
        .preview_import(&what, &options, |_| {})
        .await
        .unwrap();
    assert_eq!(ida.accounts().await, 0, "looking makes no account");
    assert_eq!(preview.account_id, None, "one would be made");
    assert_eq!(
        (preview.messages, preview.new, preview.known),
        (3_000, 3_000, 0)
    );
    assert_eq!(preview.files[0].formats, ["neutral"]);
    assert_eq!(
        preview.chats[0].name, "Ana Souza",
        "a direct chat is called as the person"
    );
    assert_eq!(preview.chats[0].joins, None);

    let said = Arc::new(Mutex::new(Vec::new()));
    let hear = Arc::clone(&said);
    let report = ida
        .app
        .import(&what, &options, move |word| hear.lock().unwrap().push(word))
        .await;
    let report = report.unwrap();
    assert_eq!(report.outcome, Outcome::Completed, "{report:?}");
    assert_eq!(report.messages, 3_000);
    assert_eq!(
        ida.messages().await,
        3_000,
        "they are here, not only on the server"
    );
    let said = said.lock().unwrap().clone();
    assert!(
        said.iter()
            .any(|word| word.phase == ImportPhase::Messages && word.messages > 0)
    );
    assert!(said.iter().any(|word| word.phase == ImportPhase::Syncing));
    assert!(
        said.iter()
            .all(|word| word.total == 0 || word.done <= word.total)
    );

    let again = ida
        .app
        .preview_import(&what, &options, |_| {})
        .await
        .unwrap();
    assert_eq!((again.new, again.changed, again.known), (0, 0, 3_000));
    assert_eq!(
        again.account_id.as_deref(),
        Some(report.account_id.as_str())
    );
    let joined = again.chats[0].joins.as_ref().map(|join| join.name.as_str());
    assert_eq!(joined, Some("Ana Souza"));
    let twice = ida.app.import(&what, &options, |_| {}).await.unwrap();
    assert_eq!((twice.saved, twice.changed), (0, 0));
    assert_eq!((ida.accounts().await, ida.messages().await), (1, 3_000));
    ida.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_read_twice_at_most_and_to_their_end_before_anything_is_sent() {
    let ida = Ida::sits_down().await;
    let file = ida.file("ana.ndjson", 0, 3_000);
    let (what, options) = (given(&[&file]), ImportOptions::default());
    let phases = async || {
        let said = Arc::new(Mutex::new(Vec::new()));
        let hear = Arc::clone(&said);
        let tell = move |word: ImportProgress| hear.lock().unwrap().push(word.phase);
        ida.app.import(&what, &options, tell).await.unwrap();
        said.lock().unwrap().clone()
    };
    assert!(
        phases().await.contains(&ImportPhase::Checking),
        "nobody has looked"
    );
    let look = async || ida.app.preview_import(&what, &options, |_| {}).await;
    look().await.unwrap();
    assert!(
        !phases().await.contains(&ImportPhase::Checking),
        "somebody just has"
    );
    assert!(
        phases().await.contains(&ImportPhase::Checking),
        "that was an import ago"
    );
    look().await.unwrap();
    ida.file("ana.ndjson", 0, 3_001);
    assert!(
        phases().await.contains(&ImportPhase::Checking),
        "the file is another one by now"
    );
    ida.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_overlap_count_what_is_in_both_once() {
    let ida = Ida::sits_down().await;
    let (one, other) = (ida.file("one", 0, 60), ida.file("other", 40, 60));
    let what = given(&[&one, &other]);
    let options = ImportOptions::default();
    let preview = ida
        .app
        .preview_import(&what, &options, |_| {})
        .await
        .unwrap();
    assert_eq!((preview.messages, preview.new), (100, 100));
    ida.app.import(&what, &options, |_| {}).await.unwrap();
    assert_eq!(ida.messages().await, 100);
    ida.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_file_that_cannot_be_read_keeps_all_from_being_brought_in() {
    let ida = Ida::sits_down().await;
    let good = ida.file("ana.ndjson", 0, 10);
    let bad = ida.write("shopping.txt", "milk\nbread\n");
    let missing = ida.files.path().join("gone.zip");
    let what = given(&[&good, &bad, &missing]);
    let options = ImportOptions::default();
    let preview = ida
        .app
        .preview_import(&what, &options, |_| {})
        .await
        .unwrap();
    let codes: Vec<_> = preview
        .files
        .iter()
        .map(|file| file.problem.as_ref().map(|problem| problem.code.as_str()))
        .collect();
    assert_eq!(
        codes,
        [None, Some("unknown_format"), Some("file_not_found")]
    );
    assert_eq!(preview.messages, 10, "what can be read is shown");

    let refused = ida.app.import(&what, &options, |_| {}).await.unwrap_err();
    assert_eq!(refused.code(), "unknown_format");
    assert!(
        refused.to_string().starts_with("shopping.txt: "),
        "{refused}"
    );
    assert_eq!(ida.accounts().await, 0, "no account was made for it");
    ida.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_account_is_made_where_one_is_wished_for() {
    let ida = Ida::sits_down().await;
    let file = ida.file("ana.ndjson", 0, 5);
    let what = given(&[&file]);
    let options = ImportOptions::default();
    let first = ida.app.import(&what, &options, |_| {}).await.unwrap();
    let apart = ImportOptions {
        new_account: true,
        ..ImportOptions::default()
    };
    let second = ida.app.import(&what, &apart, |_| {}).await.unwrap();
    assert_ne!(first.account_id, second.account_id);
    assert_eq!((ida.accounts().await, ida.messages().await), (2, 10));
    let names: Vec<_> = ida.app.accounts().await.unwrap();
    assert_ne!(
        names[0].display_name, names[1].display_name,
        "they can be told apart"
    );
    ida.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_takes_no_import() {
    let ida = Ida::sits_down().await;
    let sample = ida.app.add_sample().await.unwrap();
    let file = ida.file("ana.ndjson", 0, 5);
    let what = given(&[&file]);
    let options = ImportOptions {
        account_id: Some(sample.id.clone()),
        ..ImportOptions::default()
    };
    let refused = ida.app.import(&what, &options, |_| {}).await.unwrap_err();
    assert_eq!(refused.code(), "other_platform");
    let by_itself = ida
        .app
        .import(&what, &ImportOptions::default(), |_| {})
        .await;
    assert_ne!(by_itself.unwrap().account_id, sample.id);
    ida.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_stopped_says_so_and_goes_on_when_it_is_run_again() {
    let ida = Ida::sits_down().await;
    let file = ida.file("ana.ndjson", 0, 20_000);
    let what = given(&[&file]);
    let app = Arc::new(ida.app);
    let stopper = Arc::clone(&app);
    // The first chunk is taken, and others are not.
    let stopped = app
        .import(&what, &ImportOptions::default(), move |word| {
            if word.phase == ImportPhase::Messages && word.messages > 0 {
                stopper.cancel_sync();
            }
        })
        .await
        .unwrap();
    assert_eq!(stopped.outcome, Outcome::Cancelled);
    assert!(
        stopped.messages > 0 && stopped.messages < 20_000,
        "{stopped:?}"
    );
    let whole = app
        .import(&what, &ImportOptions::default(), |_| {})
        .await
        .unwrap();
    assert_eq!(whole.outcome, Outcome::Completed);
    assert!(
        whole.known >= stopped.messages,
        "what had come was there: {whole:?}"
    );
    let accounts = app.accounts().await.unwrap();
    assert_eq!(accounts[0].messages, 20_000);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_look_ends_the_one_before() {
    let ida = Ida::sits_down().await;
    let file = ida.file("ana.ndjson", 0, 20_000);
    let what = given(&[&file]);
    let app = &ida.app;
    let first = app
        .preview_import(&what, &ImportOptions::default(), |_| app.cancel_preview())
        .await;
    assert_eq!(first.unwrap_err().code(), "import_cancelled");
    let second = app
        .preview_import(&what, &ImportOptions::default(), |_| {})
        .await;
    assert_eq!(second.unwrap().messages, 20_000);
    ida.app.close().await;
}

#[test]
fn a_key_is_not_printed() {
    let options = ImportOptions {
        key: Some(ImportKey("00112233".to_owned())),
        ..ImportOptions::default()
    };
    assert!(!format!("{options:?}").contains("0011"));
}
