//! Our side of the benchmarks. `bench/bench.mjs` runs it and its rivals in turn; each command prints one
//! JSON line, and each client is a process of its own, so that its memory and CPU time are its own.

mod archive;
mod digest;
mod feed;
mod fill;
mod floor;
mod hits;
mod import;
mod input;
mod limit;
mod live;
mod made;
mod meter;
mod pull;
mod read;
mod relay;
mod search;
mod snapshot;
mod start;

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
    LimitIndex(limit::LimitIndex),
    Digest(digest::Digest),
    Words(hits::Words),
    Hits(hits::Hits),
    Search(search::Search),
    CopyFiles(snapshot::CopyFiles),
    Relay(relay::Relay),
    Feed(feed::Feed),
    Read(read::Read),
    Start(start::Start),
    Live(live::Live),
    Floor(floor::Floor),
    Archive(archive::Archive),
    ReadArchive(import::ReadArchive),
    Import(import::Import),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let result = match Cli::parse().command {
        Command::Fill(fill) => serde_json::to_value(fill.run().await?),
        Command::Pull(pull) => serde_json::to_value(pull.run().await?),
        Command::Limit(limit) => serde_json::to_value(limit.run()?),
        Command::LimitIndex(limit) => serde_json::to_value(limit.run()?),
        Command::Digest(digest) => serde_json::to_value(digest.run()?),
        Command::Words(words) => serde_json::to_value(words.run()?),
        Command::Hits(hits) => serde_json::to_value(hits.run()?),
        Command::Search(search) => serde_json::to_value(search.run().await?),
        Command::CopyFiles(copy) => serde_json::to_value(copy.run()?),
        Command::Live(live) => serde_json::to_value(live.run().await?),
        Command::Floor(floor) => serde_json::to_value(floor.run().await?),
        Command::Archive(archive) => serde_json::to_value(archive.run()?),
        Command::ReadArchive(read) => serde_json::to_value(read.run()?),
        Command::Import(import) => serde_json::to_value(import.run().await?),
        Command::Read(read) => serde_json::to_value(read.run().await?),
        Command::Start(start) => serde_json::to_value(start.run().await?),
        Command::Relay(relay) => return relay.run().await,
        Command::Feed(feed) => return feed.run().await,
    };
    println!("{}", result?);
    Ok(())
}
