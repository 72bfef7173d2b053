//! The oracle: a time counts only where the client ended with the very rows that the server has.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, ValueEnum};
use rusqlite::{Connection, OpenFlags};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// Digest (id, seq, text) of all messages, in the order of seq.
#[derive(Args)]
pub struct Digest {
    file: PathBuf,
    #[arg(long, value_enum)]
    ids: Ids,
}

/// How a file keeps ids.
#[derive(Clone, Copy, ValueEnum)]
pub enum Ids {
    /// 16 bytes, as the server and the mirror do.
    Blob,
    /// With hyphens, as the rivals do.
    Text,
}

/// What a file holds.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Held {
    messages: u64,
    digest: String,
}

impl Digest {
    pub fn run(self) -> anyhow::Result<Held> {
        let conn = Connection::open_with_flags(&self.file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let id = match self.ids {
            Ids::Blob => "lower(hex(id))",
            Ids::Text => "replace(id, '-', '')",
        };
        held(&conn, id).with_context(|| format!("reading {}", self.file.display()))
    }
}

fn held(conn: &Connection, id: &str) -> rusqlite::Result<Held> {
    let mut all = conn.prepare(&format!(
        "SELECT {id}, seq, coalesce(content, '') FROM messages ORDER BY seq"
    ))?;
    let mut rows = all.query([])?;
    let mut hash = Sha256::new();
    let mut messages = 0;
    while let Some(row) = rows.next()? {
        let (id, seq, text) = (row.get_ref(0)?, row.get::<_, i64>(1)?, row.get_ref(2)?);
        let (id, text) = (id.as_str()?, text.as_str()?);
        hash.update(id);
        hash.update(seq.to_le_bytes());
        // Its length in front: no two lists of rows have the same bytes.
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
        messages += 1;
    }
    let digest = hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(Held { messages, digest })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(id: &str, rows: &str) -> Held {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("CREATE TABLE messages (id, seq INTEGER, content TEXT)")
            .unwrap();
        conn.execute_batch(&format!(
            "INSERT INTO messages (id, seq, content) VALUES {rows}"
        ))
        .unwrap();
        held(&conn, id).unwrap()
    }

    #[test]
    fn the_same_rows_have_the_same_digest_however_ids_are_kept() {
        let blob = digest("lower(hex(id))", "(x'0a0b', 1, 'a'), (x'0c', 2, 'b')");
        let text = digest("replace(id, '-', '')", "('0c', 2, 'b'), ('0a-0b', 1, 'a')");
        assert_eq!(blob, text);
        assert_eq!(blob.messages, 2);
    }

    #[test]
    fn another_text_seq_or_row_has_another_digest() {
        let one = digest("id", "('a', 1, 'x'), ('b', 2, 'y')");
        for other in [
            "('a', 1, 'x'), ('b', 2, 'z')",
            "('a', 1, 'x'), ('b', 3, 'y')",
            "('a', 1, 'x')",
            "('a', 1, 'xb'), ('', 2, 'y')",
        ] {
            assert_ne!(digest("id", other).digest, one.digest, "{other}");
        }
    }
}
