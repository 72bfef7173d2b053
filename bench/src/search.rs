//! Task 6: search in a mirror of made-up messages, against `LIKE`, against `ORDER BY rank` in the same
//! index, and against what any answer costs at least: walking the list of a word's messages.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::ensure;
use clap::Args;
use jiff::tz::TimeZone;
use rusqlite::{Connection, OpenFlags};
use serde::Serialize;
use threadkeep_mirror::{ConversationPk, Mirror, Order, Search as Index, SearchQuery, Toward};

use crate::{
    made::{self, Chats},
    meter::{Meter, Used},
};

/// Questions that are asked of each kind; the slow rivals get a part of them.
const QUESTIONS: usize = 200;
const SLOW_QUESTIONS: usize = 10;
const LIKE_QUESTIONS: usize = 3;
/// Words whose numbers of hits must agree with a plain look at every message.
const ORACLE: usize = 50;
const HITS: u32 = 20;
/// An index that was not written for so long is at rest.
const REST: Duration = Duration::from_secs(5);

/// Fill a mirror, index it, search in it.
#[derive(Args)]
pub struct Search {
    /// The mirror; filled where there is none.
    #[arg(long)]
    mirror: PathBuf,
    #[arg(long)]
    index: PathBuf,
    #[arg(long)]
    messages: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Ask ours alone
    #[arg(long)]
    alone: bool,
}

/// What was measured.
#[derive(Serialize)]
pub struct Searched {
    messages: u64,
    text_bytes: u64,
    index_bytes: u64,
    indexing: Used,
    kinds: Vec<Kind>,
}

/// Milliseconds for questions of one kind.
#[derive(Serialize)]
struct Kind {
    name: &'static str,
    example: String,
    ours: Times,
    best: Times,
    rank: Option<Times>,
    like: Option<Times>,
    /// `count(*)` over the words' messages.
    count: Option<Times>,
}

#[derive(Serialize)]
struct Times {
    p50: f64,
    p99: f64,
    max: f64,
}

impl Search {
    pub async fn run(self) -> anyhow::Result<Searched> {
        if !self.mirror.exists() {
            made::mirror(&self.mirror, self.messages, self.seed, Chats::Many).await?;
        }
        let mirror = Mirror::open(&self.mirror)?;
        let meter = Meter::start();
        let index = Index::open(&mirror, &self.index)?;
        index.caught_up().await?;
        let indexing = meter.read();
        rested(&self.index).await?;
        index.close().await;
        let index_bytes = index.bytes();
        drop(index);

        let look = Index::look(&mirror, &self.index);
        let words = Words::of(&self.mirror, &self.index)?;
        words.agree(&look).await?;
        let mut kinds = Vec::new();
        let asked = words.questions().into_iter();
        // A few messages have no rare words.
        for (name, questions) in asked.filter(|(_, questions)| !questions.is_empty()) {
            kinds.push(self.kind(name, &questions, &look).await?);
        }
        Ok(Searched {
            messages: mirror.stats().await?.counts.messages,
            text_bytes: words.text_bytes,
            index_bytes,
            indexing,
            kinds,
        })
    }
}

/// Waits until the index is as it is left to who searches later: its segments are merged once nothing comes any
/// more, and each one that is left is looked into by each question.
async fn rested(index: &Path) -> anyhow::Result<()> {
    let conn = read(index)?;
    // It moves with each commit of another connection.
    let version = || conn.pragma_query_value(None, "data_version", |row| row.get::<_, i64>(0));
    let mut before = version()?;
    loop {
        tokio::time::sleep(REST).await;
        let now = version()?;
        if now == before {
            return Ok(());
        }
        before = now;
    }
}

/// What can be asked.
struct Words {
    /// Words of ASCII letters, the most frequent first, with the number of their messages.
    by_frequency: Vec<(String, u64)>,
    /// Texts taken evenly from all.
    texts: Vec<String>,
    text_bytes: u64,
    chats: Vec<i64>,
}

/// What is asked, and where.
struct Question {
    text: String,
    chat: Option<i64>,
}

impl Words {
    /// Counts words by a plain look at every message.
    fn of(mirror: &Path, index: &Path) -> anyhow::Result<Self> {
        ensure!(index.exists(), "nothing was indexed");
        let conn = read(mirror)?;
        let mut counts: HashMap<String, u64> = HashMap::new();
        let (mut texts, mut text_bytes) = (Vec::new(), 0);
        let total: i64 = conn.query_row("SELECT max(pk) FROM messages", [], |row| row.get(0))?;
        let every = (total / 5_000).max(1);
        let mut select = conn.prepare("SELECT pk, content FROM messages")?;
        let mut rows = select.query([])?;
        let mut seen = HashSet::new();
        while let Some(row) = rows.next()? {
            let text: String = row.get(1)?;
            text_bytes += text.len() as u64;
            seen.clear();
            // A word beside a letter beyond ASCII is another word when accents are gone.
            for word in text.split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric()) {
                if word.is_ascii() && !word.is_empty() {
                    seen.insert(word.to_ascii_lowercase());
                }
            }
            for word in seen.drain() {
                *counts.entry(word).or_default() += 1;
            }
            if row.get::<_, i64>(0)? % every == 0 {
                texts.push(text);
            }
        }
        let mut by_frequency: Vec<(String, u64)> = counts.into_iter().collect();
        by_frequency.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let chats = conn
            .prepare("SELECT pk FROM conversations ORDER BY pk LIMIT 200")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(Self {
            by_frequency,
            texts,
            text_bytes,
            chats,
        })
    }

    /// The search has as many hits as there are messages. A word that is another one's without its
    /// accents may have more.
    async fn agree(&self, index: &Index) -> anyhow::Result<()> {
        let rare = self.by_frequency.iter().filter(|(_, count)| *count < 900);
        let every = (self.by_frequency.len() / ORACLE).max(1);
        for (word, count) in rare.step_by(every) {
            let found = index
                .find(question(&format!("{word} "), None, Order::Newest))
                .await?;
            let about = found.about.map_or(0, |about| about.hits);
            ensure!(
                about >= *count && about <= *count + *count / 2 + 20,
                "{word}: {about} hits, {count} messages"
            );
        }
        Ok(())
    }

    fn questions(&self) -> Vec<(&'static str, Vec<Question>)> {
        let band = |from: usize, to: usize| -> Vec<&str> {
            let to = to.min(self.by_frequency.len());
            let words = &self.by_frequency[from.min(to)..to];
            words.iter().map(|(word, _)| word.as_str()).collect()
        };
        let (top, often, seldom) = (band(0, 10), band(50, 150), band(500, 1_500));
        let rare = band(12_000, 14_000);
        let ask = |texts: Vec<String>| -> Vec<Question> {
            texts
                .into_iter()
                .cycle()
                .take(QUESTIONS)
                .map(|text| Question { text, chat: None })
                .collect()
        };
        let whole = |words: &[&str]| words.iter().map(|word| format!("{word} ")).collect();
        let pairs = |a: &[&str], b: &[&str]| -> Vec<String> {
            a.iter()
                .zip(b.iter().skip(1))
                .map(|(a, b)| format!("{a} {b} "))
                .collect()
        };
        let phrases = self.texts.iter().filter_map(|text| {
            let mut words = text.split(' ').skip(3);
            Some(format!("\"{} {}\"", words.next()?, words.next()?))
        });
        let prefixes = often.iter().chain(&seldom).filter(|word| word.len() >= 3);
        let han = self.texts.iter().filter_map(|text| {
            let han = text
                .chars()
                .filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c));
            let pair: String = han.take(2).collect();
            (pair.chars().count() == 2 && text.contains(&pair)).then_some(pair)
        });
        let in_chat = top.iter().cycle().zip(self.chats.iter().cycle());
        vec![
            ("top 10 words", ask(whole(&top))),
            ("words 50–150", ask(whole(&often))),
            ("words 500–1,500", ask(whole(&seldom))),
            ("rare words", ask(whole(&rare))),
            ("two words", ask(pairs(&often, &seldom))),
            ("two frequent words", ask(pairs(&top, &top))),
            ("phrase", ask(phrases.take(QUESTIONS).collect())),
            (
                "prefix of 3",
                ask(prefixes.map(|word| word[..3].to_owned()).collect()),
            ),
            ("two Han signs", ask(han.take(QUESTIONS).collect())),
            (
                "in a year",
                ask(often.iter().map(|word| format!("{word} on:2015")).collect()),
            ),
            (
                "in one chat",
                in_chat
                    .take(QUESTIONS)
                    .map(|(word, chat)| Question {
                        text: format!("{word} "),
                        chat: Some(*chat),
                    })
                    .collect(),
            ),
        ]
    }
}

impl Search {
    async fn kind(
        &self,
        name: &'static str,
        questions: &[Question],
        look: &Index,
    ) -> anyhow::Result<Kind> {
        let mut took = [Vec::new(), Vec::new()];
        for (order, took) in [Order::Newest, Order::Best].into_iter().zip(&mut took) {
            for asked in questions {
                let query = question(&asked.text, asked.chat, order);
                let begun = Instant::now();
                look.find(query).await?;
                took.push(begun.elapsed().as_secs_f64() * 1_000.0);
            }
        }
        let [ours, best] = took.map(Times::of);
        let words: Vec<&Question> = questions
            .iter()
            .filter(|asked| asked.chat.is_none())
            .collect();
        let plain = |asked: &Question| {
            let text = asked.text.trim().replace('"', "");
            text.split(' ')
                .filter(|word| !word.contains(':'))
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let rivals = if self.alone { 0 } else { usize::MAX };
        let conn = read(&self.index)?;
        // The rivals' words are good for FTS5 as they stand: ASCII letters, or single signs set apart.
        let quoted = |asked: &Question| {
            let is_phrase = asked.text.starts_with('"');
            let words = plain(asked).into_iter().map(|word| {
                if word.is_ascii() {
                    word.to_ascii_lowercase()
                } else {
                    word.chars().map(String::from).collect::<Vec<_>>().join(" ")
                }
            });
            let words: Vec<String> = words.collect();
            if is_phrase {
                format!("\"{}\"", words.join(" "))
            } else {
                words
                    .iter()
                    .map(|word| format!("\"{word}\""))
                    .collect::<Vec<_>>()
                    .join(" AND ")
            }
        };
        let mut count = Vec::new();
        for asked in words.iter().take(rivals.min(QUESTIONS / 4)) {
            let sql = "SELECT count(*) FROM words WHERE words MATCH ?1";
            count.push(timed(&conn, sql, &quoted(asked))?);
        }
        let mut rank = Vec::new();
        for asked in words.iter().take(rivals.min(SLOW_QUESTIONS)) {
            let sql = "SELECT count(*) FROM (SELECT rowid FROM words WHERE words MATCH ?1 ORDER BY rank LIMIT 20)";
            rank.push(timed(&conn, sql, &quoted(asked))?);
        }
        let conn = read(&self.mirror)?;
        let mut like = Vec::new();
        for asked in words.iter().take(rivals.min(LIKE_QUESTIONS)) {
            let sql = "SELECT count(*) FROM (SELECT pk FROM messages WHERE content LIKE ?1 \
                   ORDER BY timestamp DESC LIMIT 20)";
            like.push(timed(&conn, sql, &format!("%{}%", plain(asked).join("%")))?);
        }
        let some = |times: Vec<f64>| (!times.is_empty()).then(|| Times::of(times));
        Ok(Kind {
            name,
            example: questions
                .first()
                .map_or_else(String::new, |asked| asked.text.clone()),
            ours,
            best,
            rank: some(rank),
            like: some(like),
            count: some(count),
        })
    }
}

fn question(text: &str, chat: Option<i64>, order: Order) -> SearchQuery {
    SearchQuery {
        text: text.to_owned(),
        chat: chat.map(ConversationPk),
        order,
        place: None,
        toward: Toward::Older,
        limit: HITS,
        zone: TimeZone::UTC,
        now: 0,
    }
}

fn timed(conn: &Connection, sql: &str, text: &str) -> anyhow::Result<f64> {
    let begun = Instant::now();
    conn.prepare_cached(sql)?.query_row([text], |_| Ok(()))?;
    Ok(begun.elapsed().as_secs_f64() * 1_000.0)
}

fn read(path: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

impl Times {
    fn of(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = (times.len().saturating_sub(1)) as f64 * share;
            times.get(place.round() as usize).copied().unwrap_or(0.0)
        };
        Self {
            p50: at(0.5),
            p99: at(0.99),
            max: at(1.0),
        }
    }
}
