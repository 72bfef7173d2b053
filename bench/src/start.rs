//! Task 7: from the start of a program to its first list of chats.

use std::{path::PathBuf, time::Instant};

use clap::Args;
use rusqlite::{Connection, OpenFlags};
use serde::Serialize;
use threadkeep_app::{App, view::ChatQuery};
use threadkeep_home::Home;

use crate::meter::{Meter, Used};

/// Open a data folder as the window does, and list the first chats.
#[derive(Args)]
pub struct Start {
    #[arg(long)]
    home: PathBuf,
    /// Only open the file and read its first page: what no program can do without
    #[arg(long)]
    bare: bool,
}

/// What it took.
#[derive(Serialize)]
pub struct Started {
    milliseconds: f64,
    chats: usize,
    #[serde(flatten)]
    used: Used,
}

impl Start {
    pub async fn run(self) -> anyhow::Result<Started> {
        let meter = Meter::start();
        let begun = Instant::now();
        if self.bare {
            let file = Home::resolve(Some(self.home))?.mirror_file();
            let conn = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
            return Ok(Started {
                milliseconds: begun.elapsed().as_secs_f64() * 1_000.0,
                chats: 0,
                used: meter.read(),
            });
        }
        let app = App::open(Some(self.home), "bench").await?;
        let page = app.chats(ChatQuery::default()).await?;
        let milliseconds = begun.elapsed().as_secs_f64() * 1_000.0;
        let used = meter.read();
        app.close().await;
        Ok(Started {
            milliseconds,
            chats: page.chats.len(),
            used,
        })
    }
}
