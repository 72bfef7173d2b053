//! A server that commits on command: each line on its standard input is a burst of changes, and it answers
//! with the moment at which they were committed. What a client takes from there on is its own.

use std::{
    net::Ipv4Addr,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use clap::Args;
use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};
use threadkeep_home::Home;
use threadkeep_ingest::sample;
use threadkeep_protocol::{Edit, IntegrationId, MessageRecord, Record, SyncSource, Timestamp};
use threadkeep_server::{Options, serve_with};
use threadkeep_server_store::{IngestOptions, Store};
use tokio::net::TcpListener;

use crate::{input, meter::now};

/// One change of so many is a new text for a message that was there before, the others are new messages.
const EDITS: usize = 10;
/// Changes are drawn from so many chats, however many there are: what a burst costs must not hang on that.
const CHATS: i64 = 50;
const APART: usize = 7_919;

/// Serve a filled home, and commit bursts of changes as they are asked for.
#[derive(Args)]
pub struct Feed {
    #[arg(long)]
    home: PathBuf,
    #[arg(long)]
    integration: IntegrationId,
    #[arg(long, default_value_t = 2)]
    seed: u64,
}

/// A wish: so many changes, all with this word in their texts.
#[derive(Deserialize)]
struct Wish {
    changes: usize,
    word: String,
    /// The chat that the last of the new messages goes to.
    chat: String,
}

#[derive(Serialize)]
struct Committed {
    /// Microseconds since 1970.
    at: u64,
    /// What the commit itself took.
    milliseconds: f64,
}

/// The messages that are there: chat and name.
struct Held(Vec<(String, String)>);

impl Feed {
    /// Runs until its input ends; prints its address first.
    pub async fn run(self) -> anyhow::Result<()> {
        let file = Home::resolve(Some(self.home))?.server_file();
        let held = Held::of(&file)?;
        let store = Store::open(&file)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        println!("serving on http://{}", listener.local_addr()?);
        let serving = serve_with(
            listener,
            store.clone(),
            Options::default(),
            std::future::pending(),
        );
        tokio::spawn(serving);
        let mut drawn = sample::bulk(self.seed, 10_000_000).filter_map(|record| match record {
            Record::Message(message) => Some(*message),
            _ => None,
        });
        let mut lines = input::lines();
        let (mut number, mut time) = (0, i64::try_from(now() / 1_000)?);
        while let Some(line) = lines.recv().await {
            let wish: Wish = serde_json::from_str(&line)?;
            let mut records = Vec::with_capacity(wish.changes);
            for place in 0..wish.changes {
                (number, time) = (number + 1, time + 1);
                let is_last = place + 1 == wish.changes;
                let message = drawn.next().context("the generator has ended")?;
                let text = format!("{} {}", wish.word, message.content);
                let (chat, name) = held.draw(number);
                records.push(if place % EDITS == EDITS - 1 && !is_last {
                    edit(chat, name, text, time)
                } else {
                    let chat = if is_last { &wish.chat } else { chat };
                    new(message, chat, &format!("L{time:012X}"), text, time)
                });
            }
            let begun = now();
            let report = store
                .ingest(
                    self.integration,
                    records.into_iter().enumerate().collect(),
                    IngestOptions::default(),
                )
                .await?;
            let at = now();
            ensure!(
                report.errors.is_empty() && report.saved + report.updated > 0,
                "a made-up change was refused: {report:?}"
            );
            let milliseconds = (at - begun) as f64 / 1_000.0;
            println!(
                "{}",
                serde_json::to_string(&Committed { at, milliseconds })?
            );
        }
        Ok(())
    }
}

fn new(drawn: MessageRecord, chat: &str, name: &str, content: String, time: i64) -> Record {
    Record::Message(Box::new(MessageRecord {
        external_conversation_id: chat.to_owned(),
        external_message_id: name.to_owned(),
        sender_external_id: drawn.sender_external_id.map(|_| chat.to_owned()),
        content,
        timestamp: Timestamp::from_millis(time),
        sync_source: SyncSource::default(),
        is_loose: false,
        ..drawn
    }))
}

fn edit(chat: &str, name: &str, content: String, time: i64) -> Record {
    Record::Edit(Edit {
        external_conversation_id: chat.to_owned(),
        external_message_id: name.to_owned(),
        content,
        at: Timestamp::from_millis(time),
    })
}

impl Held {
    fn of(file: &Path) -> anyhow::Result<Self> {
        let conn = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let mut select = conn.prepare(
            "SELECT c.external_id, m.external_id FROM conversations AS c \
             JOIN messages AS m ON m.conversation_pk = c.pk \
             WHERE c.pk IN (SELECT pk FROM conversations ORDER BY pk LIMIT ?1) \
             ORDER BY m.external_id",
        )?;
        let held: Vec<_> = select
            .query_map([CHATS], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        ensure!(!held.is_empty(), "the server has no messages");
        Ok(Self(held))
    }

    fn draw(&self, number: usize) -> (&str, &str) {
        // A prime apart: one after the other they lie all over the files.
        let (chat, name) = &self.0[number * APART % self.0.len()];
        (chat, name)
    }
}
