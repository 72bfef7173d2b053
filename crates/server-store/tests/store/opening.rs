//! The file: made, opened again, refused.

use std::fs;

use rusqlite::Connection;
use threadkeep_protocol::Message;
use threadkeep_server_store::{OpenError, Store};

use crate::bed::{ANA, Bed, message, said};

#[tokio::test]
async fn what_was_kept_is_there_after_opening_again() {
    let bed = Bed::new().await;
    bed.tell([said(message(ANA, "m", 1))]).await;
    let again = Store::open(&bed.path).unwrap();
    let page = again.page::<Message>(bed.integration, 0, 10).await.unwrap();
    assert_eq!(page.rows, bed.rows::<Message>().await);
    assert_eq!(
        again.epoch().await.unwrap(),
        bed.store.epoch().await.unwrap()
    );
    assert_eq!(page.epoch, bed.store.epoch().await.unwrap());
    let other = Bed::new().await;
    assert_ne!(
        other.store.epoch().await.unwrap(),
        page.epoch,
        "another file, another history"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_reads_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let bed = Bed::new().await;
    bed.tell([said(message(ANA, "m", 1))]).await;
    let mut seen = 0;
    for entry in fs::read_dir(bed.path.parent().unwrap()).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        seen += 1;
    }
    assert!(seen >= 2, "the file and its log");
}

#[tokio::test]
async fn a_newer_file_is_refused_and_left_as_it_is() {
    let bed = Bed::new().await;
    let path = bed.path.with_file_name("newer.db");
    bed.file()
        .execute("VACUUM INTO ?1", [path.to_str().unwrap()])
        .unwrap();
    Connection::open(&path)
        .unwrap()
        .execute_batch(
            "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
             VALUES (99, 'later', '2030-01-01T00:00:00Z', '1')",
        )
        .unwrap();
    let before = fs::read(&path).unwrap();
    assert!(matches!(
        Store::open(&path),
        Err(OpenError::Newer { version: 99 })
    ));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn what_is_no_database_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    let text = "dear diary, ".repeat(500);
    fs::write(&path, &text).unwrap();
    assert!(matches!(Store::open(&path), Err(OpenError::Foreign { .. })));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    assert!(matches!(
        Store::open(&folder.path().join("no/such/folder.db")),
        Err(OpenError::Io { .. })
    ));
}

#[tokio::test]
async fn every_migration_is_embedded_and_applied() {
    let bed = Bed::new().await;
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../migrations/server_sqlite"
    );
    let files = fs::read_dir(folder).unwrap().count();
    let applied = bed.count("SELECT count(*) FROM refinery_schema_history");
    assert_eq!(applied, files as i64);
}

#[tokio::test]
async fn two_processes_may_open_a_new_file_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.db");
    let opening: Vec<_> = (0..6)
        .map(|_| {
            let path = path.clone();
            std::thread::spawn(move || Store::open(&path).unwrap())
        })
        .collect();
    let mut epochs = Vec::new();
    for store in opening {
        epochs.push(store.join().unwrap().epoch().await.unwrap());
    }
    epochs.dedup();
    assert_eq!(epochs.len(), 1, "and they agree on its history");
}

#[tokio::test]
async fn the_tables_are_these() {
    let bed = Bed::new().await;
    let file = bed.file();
    let mut statement = file
        .prepare(
            "SELECT sql FROM sqlite_schema
             WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'refinery_%'
             ORDER BY type DESC, name",
        )
        .unwrap();
    let tables = statement
        .query_map([], |row| row.get::<_, String>(0))
        .unwrap();
    let tables: Vec<_> = tables.map(Result::unwrap).collect();
    let is_table = |sql: &&String| sql.starts_with("CREATE TABLE");
    assert!(
        tables
            .iter()
            .filter(is_table)
            .all(|sql| sql.contains("STRICT"))
    );
    insta::assert_snapshot!(tables.join(";\n\n"));
}
