//! The oracle of search: how many messages hold a word, by a plain look at each, and how many an index finds.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::PathBuf,
};

use anyhow::ensure;
use clap::{Args, ValueEnum};
use rusqlite::{Connection, OpenFlags};
use serde::Serialize;

/// Words whose numbers of hits must agree.
const WORDS: usize = 50;

/// Draw words evenly from the most frequent to the rarest, and count the messages that hold each.
#[derive(Args)]
pub struct Words {
    file: PathBuf,
}

/// Count what an index finds.
#[derive(Args)]
pub struct Hits {
    file: PathBuf,
    #[arg(long, value_enum)]
    table: Table,
    #[arg(long, value_delimiter = ',')]
    words: Vec<String>,
}

/// Whose index it is.
#[derive(Clone, Copy, ValueEnum)]
enum Table {
    /// Ours.
    Words,
    /// The rivals'.
    MessagesFts,
}

/// Messages by word.
#[derive(Debug, Serialize)]
pub struct Counted {
    words: BTreeMap<String, u64>,
}

impl Words {
    pub fn run(self) -> anyhow::Result<Counted> {
        let conn = read(&self.file)?;
        let mut counts: HashMap<String, u64> = HashMap::new();
        let mut select = conn.prepare("SELECT content FROM messages")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let text = row.get_ref(0)?.as_str()?;
            let words = text.split(|c: char| !c.is_alphanumeric());
            // Only what every tokenizer takes for the same word.
            let seen: HashSet<&str> = words
                .filter(|word| word.is_ascii() && !word.is_empty())
                .collect();
            for word in seen {
                match counts.get_mut(word) {
                    Some(count) => *count += 1,
                    None => drop(counts.insert(word.to_owned(), 1)),
                }
            }
        }
        let mut all: Vec<(String, u64)> = counts.into_iter().collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let every = (all.len() / WORDS).max(1);
        let words: BTreeMap<_, _> = all.into_iter().step_by(every).take(WORDS).collect();
        ensure!(!words.is_empty(), "there are no words");
        Ok(Counted { words })
    }
}

impl Hits {
    pub fn run(self) -> anyhow::Result<Counted> {
        let conn = read(&self.file)?;
        let mut count = conn.prepare(match self.table {
            Table::Words => "SELECT count(*) FROM words WHERE words MATCH ?1",
            Table::MessagesFts => "SELECT count(*) FROM messages_fts WHERE messages_fts MATCH ?1",
        })?;
        let mut words = BTreeMap::new();
        for word in self.words {
            let hits = count.query_row([format!("\"{word}\"")], |row| row.get::<_, i64>(0))?;
            words.insert(word, u64::try_from(hits)?);
        }
        Ok(Counted { words })
    }
}

fn read(file: &std::path::Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_look_and_an_index_agree_on_words_beside_other_scripts() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let conn = Connection::open(&file).unwrap();
        conn.execute_batch(
            "CREATE TABLE messages (content TEXT);
             INSERT INTO messages (content) VALUES ('bra bra, 你好'), ('bra brä'), ('stou 👍 bra');
             CREATE VIRTUAL TABLE messages_fts USING fts5 (content);
             INSERT INTO messages_fts (content) SELECT content FROM messages;",
        )
        .unwrap();
        let counted = Words { file: file.clone() }.run().unwrap().words;
        assert_eq!(counted["bra"], 3, "twice in one message is one message");
        assert_eq!(counted["stou"], 1);
        assert!(
            !counted.contains_key("brä"),
            "accents are each tokenizer's own affair"
        );
        let found = Hits {
            file,
            table: Table::MessagesFts,
            words: vec!["stou".to_owned()],
        };
        assert_eq!(found.run().unwrap().words["stou"], 1);
    }
}
