//! What every connection is told, in the order that matters: `busy_timeout` before anything that can
//! meet a lock, and `journal_mode` by the writer alone, since setting it needs the writer's lock.

use rusqlite::{Connection, config::DbConfig};

/// How long a connection waits for a lock, in milliseconds.
const BUSY_TIMEOUT: i64 = 5_000;

/// How large the log stays once it is empty, in bytes.
const JOURNAL_SIZE_LIMIT: i64 = 64 * 1024 * 1024;

/// Pages that the writer keeps in memory, in KiB: the leaves of the reading index that a bulk load
/// comes back to.
const WRITER_CACHE_KIB: i64 = 32 * 1024;

/// For the connection that writes.
pub(crate) fn writer(conn: &Connection) -> rusqlite::Result<()> {
    common(conn)?;
    // Answers with the mode that it came to, so it is asked, not executed.
    conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    conn.pragma_update(None, "wal_autocheckpoint", 0)?;
    conn.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    Ok(())
}

/// For a connection that only reads.
pub(crate) fn reader(conn: &Connection) -> rusqlite::Result<()> {
    common(conn)?;
    conn.pragma_update(None, "query_only", true)
}

/// For the connection that folds the log into the file. It waits briefly only: while it waits for
/// readers it keeps the writer waiting.
pub(crate) fn checkpointer(conn: &Connection) -> rusqlite::Result<()> {
    common(conn)?;
    conn.pragma_update(None, "busy_timeout", 100)
}

fn common(conn: &Connection) -> rusqlite::Result<()> {
    conn.pragma_update(None, "busy_timeout", BUSY_TIMEOUT)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.pragma_update(None, "cell_size_check", true)?;
    conn.pragma_update(None, "mmap_size", 0)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "journal_size_limit", JOURNAL_SIZE_LIMIT)?;
    if cfg!(target_os = "macos") {
        // fsync on macOS leaves data in the drive's cache.
        conn.pragma_update(None, "checkpoint_fullfsync", true)?;
    }
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // One plan for all values. Else SQLite looks at what is bound (a partial index that it may allow, a
    // limit, a number that may be rare) and plans anew for each value: 40 µs, ten times the query itself.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, StatementStatus};

    use crate::testing::Scene;

    /// How often SQLite plans anew for another value of a statement's one parameter.
    fn plans_anew(conn: &Connection, sql: &str) -> i32 {
        let mut statement = conn.prepare(sql).unwrap();
        for value in 0..3 {
            let mut rows = statement.query([value]).unwrap();
            while rows.next().unwrap().is_some() {}
        }
        statement.get_status(StatementStatus::RePrepare)
    }

    #[tokio::test]
    async fn a_statement_has_one_plan_for_all_values() {
        let scene = Scene::new().await;
        let read = scene.mirror.read(|conn| {
            for sql in [
                "SELECT pk FROM media WHERE message_pk = ?1",
                "SELECT pk FROM messages ORDER BY pk LIMIT ?1",
                "SELECT a.pk FROM addresses AS a LEFT JOIN contacts AS k ON k.pk = a.contact_pk \
                 LEFT JOIN addresses AS ka ON ka.pk = k.address_pk WHERE a.pk = ?1",
            ] {
                assert_eq!(
                    plans_anew(conn, sql),
                    0,
                    "a window runs its like 50 times: {sql}"
                );
            }
            Ok(())
        });
        read.await.unwrap();
    }

    fn read_back(conn: &Connection) -> String {
        let pragmas = [
            "journal_mode",
            "synchronous",
            "foreign_keys",
            "trusted_schema",
            "cell_size_check",
            "mmap_size",
            "temp_store",
            "journal_size_limit",
            "busy_timeout",
            "query_only",
            "wal_autocheckpoint",
            "checkpoint_fullfsync",
        ];
        pragmas
            .map(|name| {
                let value = conn
                    .pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0));
                match value {
                    Ok(rusqlite::types::Value::Integer(number)) => format!("{name}={number}"),
                    Ok(rusqlite::types::Value::Text(text)) => format!("{name}={text}"),
                    // SQLite answers nothing for mmap_size where mapping is off altogether.
                    other => format!("{name}={other:?}"),
                }
            })
            .join(" ")
    }

    #[tokio::test]
    async fn every_connection_is_as_it_was_told() {
        let scene = Scene::new().await;
        let fullfsync = i32::from(cfg!(target_os = "macos"));
        let common = "journal_mode=wal synchronous=2 foreign_keys=1 trusted_schema=0 \
                      cell_size_check=1 mmap_size=0 temp_store=2 journal_size_limit=67108864 \
                      busy_timeout=5000";
        let writer = scene
            .mirror
            .write(|writing| Ok(read_back(writing.conn)))
            .await
            .unwrap();
        assert_eq!(
            writer,
            format!("{common} query_only=0 wal_autocheckpoint=0 checkpoint_fullfsync={fullfsync}")
        );
        // More than run at once, so that a fresh and a used connection are both asked.
        for _ in 0..6 {
            let reader = scene.mirror.read(|conn| Ok(read_back(conn))).await.unwrap();
            assert!(
                reader.starts_with(&format!("{common} query_only=1")),
                "{reader}"
            );
        }
        let refused = scene
            .mirror
            .read(|conn| Ok(conn.execute("DELETE FROM settings", [])?))
            .await;
        assert!(
            matches!(refused, Err(crate::Error::ReadOnly)),
            "{refused:?}"
        );
    }

    #[test]
    fn sqlite_is_new_enough_for_a_log_that_two_connections_fold() {
        // 3.51.3 mended a race between a writer and a checkpoint that could damage the file.
        assert!(
            rusqlite::version_number() >= 3_051_003,
            "{}",
            rusqlite::version()
        );
    }
}
