//! Fills a server's database with made-up messages.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use clap::Args;
use serde::Serialize;
use threadkeep_home::Home;
use threadkeep_ingest::sample;
use threadkeep_server_store::{IngestOptions, NewIntegration, NewToken, Scope, Store};

/// Records of one transaction: rows of a chat meet their neighbours, where ten million lie in 50,000 chats.
const BATCH: usize = 100_000;

/// Fill an empty home with made-up messages, and print an integration and a token to read them with.
#[derive(Args)]
pub struct Fill {
    #[arg(long)]
    home: PathBuf,
    #[arg(long)]
    messages: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What a client needs to know.
#[derive(Serialize)]
pub struct Filled {
    integration: i64,
    token: String,
    records: usize,
    database: PathBuf,
}

impl Fill {
    pub async fn run(self) -> anyhow::Result<Filled> {
        let home = Home::resolve(Some(self.home))?;
        home.create()?;
        let database = home.server_file();
        ensure!(
            !database.exists(),
            "{} is there already",
            database.display()
        );
        let store = Store::open(&database)?;
        let integration = store
            .create_integration(NewIntegration {
                integration_type: "whatsapp".to_owned(),
                display_name: "Benchmark".to_owned(),
                external_id: None,
            })
            .await?
            .id;
        let mut all = sample::bulk(self.seed, self.messages).enumerate();
        let mut records = 0;
        loop {
            let batch: Vec<_> = all.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                break;
            }
            records += batch.len();
            let report = store
                .ingest(integration, batch, IngestOptions::default())
                .await?;
            let refused = report.errors.first().map(|error| &error.reason);
            ensure!(
                refused.is_none(),
                "a made-up record was refused: {refused:?}"
            );
        }
        ensure!(records > 0, "the generator made nothing");
        let token = store
            .create_token(NewToken {
                label: "benchmark".to_owned(),
                integrations: vec![integration],
                scopes: vec![Scope::Read],
                expires_at: None,
            })
            .await
            .context("making a token")?
            .token;
        Ok(Filled {
            integration,
            token,
            records,
            database,
        })
    }
}
