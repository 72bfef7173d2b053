//! Task 5: windows of one long chat, against the same rows by a bare statement.

use std::{path::PathBuf, time::Instant};

use anyhow::{Context, ensure};
use clap::Args;
use rusqlite::{Connection, OpenFlags, types::ValueRef};
use serde::Serialize;
use threadkeep_mirror::{Anchor, ChatQuery, MessagePk, MessageQuery, Mirror};

use crate::made::{self, Chats};

const WINDOW: u32 = 50;

/// Read windows at random places of a chat that holds everything.
#[derive(Args)]
pub struct Read {
    /// Filled where there is none.
    #[arg(long)]
    mirror: PathBuf,
    #[arg(long)]
    messages: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long, default_value_t = 2_000)]
    jumps: usize,
}

/// Milliseconds of each window, by what was asked for.
#[derive(Default, Serialize)]
pub struct Windows {
    chat: i64,
    jump: Vec<f64>,
    date: Vec<f64>,
    hit: Vec<f64>,
    /// The same rows as a jump, all their columns, by one prepared statement.
    bare: Vec<f64>,
    /// The place of the first of them in the reading index, and no row.
    seek: Vec<f64>,
}

impl Read {
    pub async fn run(self) -> anyhow::Result<Windows> {
        if !self.mirror.exists() {
            made::mirror(&self.mirror, self.messages, self.seed, Chats::One).await?;
        }
        let mirror = Mirror::open(&self.mirror)?;
        let chats = mirror.chats(ChatQuery::default()).await?;
        let chat = chats.first().context("there is no chat")?.pk;
        let conn = Connection::open_with_flags(&self.mirror, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let mut at = conn.prepare("SELECT timestamp FROM messages WHERE pk = ?1")?;
        let mut bare = conn.prepare(
            "SELECT * FROM messages WHERE conversation_pk = ?1 AND timestamp < ?2 \
             ORDER BY timestamp DESC, pk DESC LIMIT ?3",
        )?;
        let mut seek = conn.prepare(
            "SELECT pk FROM messages WHERE conversation_pk = ?1 AND timestamp < ?2 \
             ORDER BY timestamp DESC, pk DESC LIMIT 1",
        )?;
        let mut windows = Windows {
            chat: chat.0,
            ..Windows::default()
        };
        let all = i64::try_from(self.messages)?;
        for place in 0..self.jumps {
            // A prime apart: all over the chat, the same for every client.
            let pk = 1 + i64::try_from(place)? * 7_919_317 % all;
            let timestamp: i64 = at.query_row([pk], |row| row.get(0))?;
            let key = format!("{timestamp}.{pk}").parse()?;
            for (anchor, times) in [
                (Anchor::Before(key), &mut windows.jump),
                (Anchor::Date(timestamp), &mut windows.date),
                (Anchor::Around(MessagePk(pk)), &mut windows.hit),
            ] {
                let query = MessageQuery {
                    anchor,
                    limit: WINDOW,
                };
                let begun = Instant::now();
                let page = mirror.messages(chat, query).await?;
                times.push(begun.elapsed().as_secs_f64() * 1_000.0);
                let has = page.messages.iter().any(|row| row.pk.0 == pk);
                let is_before = matches!(anchor, Anchor::Before(_));
                ensure!(has != is_before, "{anchor:?} brought another window");
            }
            let begun = Instant::now();
            let mut rows = bare.query((chat.0, timestamp, WINDOW))?;
            let mut bytes = 0;
            while let Some(row) = rows.next()? {
                for column in 0..21 {
                    if let ValueRef::Text(text) = row.get_ref(column)? {
                        bytes += text.len();
                    }
                }
            }
            windows.bare.push(begun.elapsed().as_secs_f64() * 1_000.0);
            ensure!(bytes > 0 || pk == 1, "the bare statement brought nothing");
            let begun = Instant::now();
            let mut rows = seek.query((chat.0, timestamp))?;
            rows.next()?;
            windows.seek.push(begun.elapsed().as_secs_f64() * 1_000.0);
        }
        Ok(windows)
    }
}
