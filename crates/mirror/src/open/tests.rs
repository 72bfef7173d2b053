use std::path::PathBuf;

use refinery::Migration;
use tempfile::TempDir;

use super::*;
use crate::{ChatQuery, Mirror, NewRun, Outcome, testing::account};

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mirror.db");
    (folder, path)
}

fn names(folder: &TempDir) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The format of this version of the program.
fn newest() -> u32 {
    migration::newest(&migration::known())
}

/// The migrations of a later version of the program.
fn later() -> Vec<Migration> {
    let mut migrations = migration::known();
    let next = newest() + 1;
    migrations.push(
        Migration::unapplied(
            &format!("V{next}__later"),
            "ALTER TABLE settings ADD COLUMN later TEXT NOT NULL DEFAULT '';",
        )
        .unwrap(),
    );
    migrations
}

#[test]
fn the_schema_is_the_one_that_was_agreed_on() {
    let (_folder, path) = place();
    let mirror = Mirror::open(&path).unwrap();
    drop(mirror);
    let conn = Connection::open(&path).unwrap();
    let mut select = conn
        .prepare(
            "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema \
             WHERE name NOT LIKE 'sqlite_%' AND name <> 'refinery_schema_history' ORDER BY 1, 2",
        )
        .unwrap();
    let schema: Vec<String> = select
        .query_map([], |row| row.get(3))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    insta::assert_snapshot!(schema.join(";\n"));
    let loose: i64 = conn
        .query_row(
            "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' \
             AND strict = 0 AND name NOT LIKE 'sqlite_%' AND name <> 'refinery_schema_history'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(loose, 0, "every table is STRICT");
}

#[test]
fn a_new_file_has_every_migration_and_opening_it_again_adds_none() {
    let (folder, path) = place();
    for _ in 0..2 {
        let mirror = Mirror::open(&path).unwrap();
        assert_eq!(
            mirror.format().version,
            migration::newest(&migration::known())
        );
    }
    let conn = Connection::open(&path).unwrap();
    let applied: i64 = conn
        .query_row("SELECT count(*) FROM refinery_schema_history", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(applied, i64::try_from(migration::known().len()).unwrap());
    drop(conn);
    assert_eq!(
        names(&folder),
        ["mirror.db"],
        "no copy, no log and no half-made file is left"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path) = place();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let mirror = Mirror::open(&path).unwrap();
    mirror
        .put_integration(account("embedded", 1))
        .await
        .unwrap();
    for name in names(&folder) {
        assert_eq!(mode(&folder.path().join(&name)), 0o600, "{name}");
    }
    drop(mirror);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    drop(Mirror::open(&path).unwrap());
    assert_eq!(
        mode(&path),
        0o600,
        "what somebody opened to others is closed again"
    );
}

#[test]
fn what_is_no_mirror_is_named_and_left_as_it_is() {
    let (_folder, path) = place();
    let foreign = {
        let (_folder, path) = place();
        let conn = Connection::open(&path).unwrap();
        conn.execute_batch("CREATE TABLE theirs (x)").unwrap();
        drop(conn);
        fs::read(&path).unwrap()
    };
    let cases: [(&[u8], &str); 4] = [
        (b"", "mirror_empty"),
        (
            b"some notes, certainly no database",
            "mirror_not_a_database",
        ),
        (
            b"SQLite format 3\0 and then nothing",
            "mirror_not_a_database",
        ),
        (&foreign, "mirror_not_a_mirror"),
    ];
    for (content, code) in cases {
        fs::write(&path, content).unwrap();
        for error in [
            Mirror::open(&path).err().unwrap(),
            Mirror::open_read_only(&path).err().unwrap(),
        ] {
            assert_eq!(error.code(), code);
        }
        assert_eq!(
            fs::read(&path).unwrap(),
            content,
            "{code}: the file was not touched"
        );
    }
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(matches!(Mirror::open(&path), Err(OpenError::IsAFolder)));
    fs::remove_dir(&path).unwrap();
    assert!(matches!(
        Mirror::open_read_only(&path),
        Err(OpenError::Missing)
    ));
    assert!(!path.exists(), "reading makes no file");
    let nowhere = path.join("no folder").join("mirror.db");
    assert!(matches!(Mirror::open(&nowhere), Err(OpenError::Io(_))));
}

#[test]
fn damage_behind_the_head_is_an_error_and_not_a_new_file() {
    let (_folder, path) = place();
    drop(Mirror::open(&path).unwrap());
    let mut content = fs::read(&path).unwrap();
    content[100..4096].fill(0xA5);
    fs::write(&path, &content).unwrap();
    let error = Mirror::open(&path).err().unwrap();
    assert_eq!(error.code(), "mirror_damaged", "{error}");
    assert_eq!(fs::read(&path).unwrap(), content);
}

#[test]
fn what_a_killed_creation_left_is_no_mirror_and_in_nobodys_way() {
    let (folder, path) = place();
    fs::write(files::beside(&path, ".new"), b"half a file").unwrap();
    fs::write(files::beside(&path, ".new-journal"), b"half a journal").unwrap();
    drop(Mirror::open(&path).unwrap());
    assert_eq!(names(&folder), ["mirror.db"]);
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_read_and_never_written() {
    let (_folder, path) = place();
    let mirror = Mirror::open_with(&path, &later()).unwrap();
    mirror
        .put_integration(account("embedded", 1))
        .await
        .unwrap();
    mirror.close().await;
    drop(mirror);
    let before = fs::read(&path).unwrap();
    let newest = migration::newest(&migration::known());
    match Mirror::open(&path) {
        Err(OpenError::Newer { version, supported }) => {
            assert_eq!((version, supported), (newest + 1, newest));
        }
        other => panic!("{:?}", other.err()),
    }
    let mirror = Mirror::open_read_only(&path).unwrap();
    assert_eq!(mirror.format().version, newest + 1, "it says which version");
    assert_eq!(mirror.integrations().await.unwrap().len(), 1);
    let refused = mirror.put_integration(account("embedded", 2)).await;
    assert!(
        matches!(refused, Err(crate::Error::ReadOnly)),
        "{refused:?}"
    );
    drop(mirror);
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn before_a_migration_the_file_is_copied_and_the_copy_opens() {
    let (folder, path) = place();
    let mirror = Mirror::open(&path).unwrap();
    mirror
        .put_integration(account("embedded", 1))
        .await
        .unwrap();
    drop(mirror);
    drop(Mirror::open_with(&path, &later()).unwrap());
    let copy = folder
        .path()
        .join(format!("mirror.db.v{}.backup", newest()));
    let copy = Mirror::open_read_only(&copy).unwrap();
    assert_eq!(copy.format().version, newest());
    assert_eq!(copy.integrations().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_migration_that_fails_leaves_the_file_readable_and_as_it_was() {
    let (_folder, path) = place();
    let mirror = Mirror::open(&path).unwrap();
    mirror
        .put_integration(account("embedded", 1))
        .await
        .unwrap();
    drop(mirror);
    let mut migrations = later();
    let broken = format!("V{}__broken", newest() + 2);
    migrations.push(Migration::unapplied(&broken, "CREATE TABLE settings (x);").unwrap());
    let error = Mirror::open_with(&path, &migrations).err().unwrap();
    assert_eq!(error.code(), "mirror_migration");
    let mirror = Mirror::open_read_only(&path).unwrap();
    assert_eq!(
        mirror.format().version,
        newest(),
        "the good half of the group was rolled back too"
    );
    assert_eq!(mirror.integrations().await.unwrap().len(), 1);
    drop(mirror);
    drop(Mirror::open(&path).unwrap());
}

#[test]
fn a_history_of_migrations_that_differs_is_refused() {
    let (_folder, path) = place();
    drop(Mirror::open(&path).unwrap());
    let conn = Connection::open(&path).unwrap();
    conn.execute("UPDATE refinery_schema_history SET checksum = '1'", [])
        .unwrap();
    drop(conn);
    assert!(matches!(Mirror::open(&path), Err(OpenError::Migration(_))));
}

#[tokio::test]
async fn a_run_that_was_never_ended_was_interrupted() {
    let (_folder, path) = place();
    let mirror = Mirror::open(&path).unwrap();
    let integration = mirror
        .put_integration(account("embedded", 1))
        .await
        .unwrap();
    let new = NewRun {
        integration,
        mode: "manual".into(),
        at: 7,
    };
    mirror.start_run(new).await.unwrap();
    assert_eq!(mirror.runs(9).await.unwrap()[0].outcome, Outcome::Running);
    drop(mirror);
    let mirror = Mirror::open(&path).unwrap();
    assert_eq!(
        mirror.runs(9).await.unwrap()[0].outcome,
        Outcome::Interrupted
    );
}

#[test]
fn a_file_that_somebody_else_holds_is_locked() {
    let (_folder, path) = place();
    drop(Mirror::open(&path).unwrap());
    let other = Connection::open(&path).unwrap();
    other
        .execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")
        .unwrap();
    assert!(matches!(Mirror::open(&path), Err(OpenError::Locked)));
}

/// Root may write anywhere, so the test runs itself again as somebody who may not.
#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_is_read() {
    use std::os::unix::{fs::PermissionsExt, process::CommandExt};
    const PLACE: &str = "THREADKEEP_TEST_READ_ONLY_FOLDER";
    if let Some(path) = std::env::var_os(PLACE) {
        return read_only_folder(Path::new(&path));
    }
    let (folder, path) = place();
    drop(Mirror::open(&path).unwrap());
    let runner = folder.path().join("runner");
    fs::copy(std::env::current_exe().unwrap(), &runner).unwrap();
    let set_mode =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    set_mode(&path, 0o444);
    set_mode(&runner, 0o555);
    set_mode(folder.path(), 0o555);
    let mut child = std::process::Command::new(&runner);
    child
        .args([
            "--exact",
            "open::tests::a_folder_that_may_not_be_written_is_read",
        ])
        .env(PLACE, &path)
        .current_dir("/");
    if fs::File::create(folder.path().join("probe")).is_ok() {
        child.uid(65_534).gid(65_534);
    }
    let output = child.output().unwrap();
    set_mode(folder.path(), 0o755);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
}

#[cfg(unix)]
fn read_only_folder(path: &Path) {
    let probe = path.with_file_name("written");
    assert!(
        fs::File::create(probe).is_err(),
        "the folder may not be written"
    );
    assert!(matches!(Mirror::open(path), Err(OpenError::ReadOnly)));
    let beside = path.with_file_name("another.db");
    assert!(matches!(Mirror::open(&beside), Err(OpenError::ReadOnly)));
    let mirror = Mirror::open_read_only(path).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        assert_eq!(mirror.chats(ChatQuery::default()).await.unwrap(), []);
        assert!(mirror.format().read_only);
    });
}

#[test]
fn a_path_with_every_kind_of_sign_is_a_uri() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a b%20?x=1#ü.db");
    drop(Mirror::open(&path).unwrap());
    let conn = Access::Immutable.connect(&path).unwrap();
    assert_eq!(migration::version(&conn).unwrap(), newest());
}
