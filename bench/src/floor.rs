//! What no client can do better: a round trip to the server and one write that reaches the disk.

use std::{fs::File, io::Write, path::PathBuf, time::Instant};

use clap::Args;
use serde::Serialize;
use threadkeep_sync::{Remote, RemoteOptions};
use url::Url;

/// Bytes of a message as it is stored, about.
const ROW: usize = 500;

/// Time a round trip and an fsync.
#[derive(Args)]
pub struct Floor {
    #[arg(long)]
    url: Url,
    #[arg(long)]
    file: PathBuf,
    /// Messages that are written at once
    #[arg(long)]
    rows: usize,
    #[arg(long, default_value_t = 200)]
    times: usize,
}

/// Milliseconds of each time.
#[derive(Serialize)]
pub struct Floors {
    milliseconds: Vec<f64>,
}

impl Floor {
    pub async fn run(self) -> anyhow::Result<Floors> {
        let remote = Remote::new(self.url, None, RemoteOptions::default())?;
        let mut file = File::create(&self.file)?;
        let bytes = vec![b'x'; ROW * self.rows];
        let mut milliseconds = Vec::with_capacity(self.times);
        // The first one makes the connection.
        remote.health().await?;
        for _ in 0..self.times {
            let begun = Instant::now();
            remote.health().await?;
            file.write_all(&bytes)?;
            file.sync_data()?;
            milliseconds.push(begun.elapsed().as_secs_f64() * 1_000.0);
        }
        Ok(Floors { milliseconds })
    }
}
