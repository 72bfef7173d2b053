//! Our side of the benchmarks. `bench/bench.mjs` runs it and its rivals in turn; each command prints one
//! JSON line, and each client is a process of its own, so that its memory and CPU time are its own.

mod digest;
mod fill;
mod limit;
mod meter;
mod pull;
mod relay;
mod search;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "threadkeep-bench", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Fill(fill::Fill),
    Pull(pull::Pull),
    Limit(limit::Limit),
    Digest(digest::Digest),
    Search(search::Search),
    Relay(relay::Relay),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let result = match Cli::parse().command {
        Command::Fill(fill) => serde_json::to_value(fill.run().await?),
        Command::Pull(pull) => serde_json::to_value(pull.run().await?),
        Command::Limit(limit) => serde_json::to_value(limit.run()?),
        Command::Digest(digest) => serde_json::to_value(digest.run()?),
        Command::Search(search) => serde_json::to_value(search.run().await?),
        Command::Relay(relay) => return relay.run().await,
    };
    println!("{}", result?);
    Ok(())
}
