//! The commands, one file each, and what all of them share: flags, exit codes, and how a failure is said.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong usage (clap), 3 done in part, 130 cancelled.

mod completions;
mod database;
mod epoch;
mod fault;
mod ingest;
mod integration;
mod output;
mod serve;
mod snapshot;
mod token;

use std::{path::PathBuf, process::ExitCode};

use clap::{ArgAction, Args, Parser, Subcommand};
use threadkeep_home::Home;

use self::{database::Database, fault::Fault, output::Output};

/// The sync server: keeps what bridges and imports bring, and hands it to Threadkeep by cursor.
#[derive(Parser)]
#[command(
    name = "threadkeep-server",
    version,
    propagate_version = true,
    max_term_width = 100,
    after_help = "\
A server from nothing to the first messages:
  threadkeep-server integration create --type whatsapp --name \"My phone\"
  threadkeep-server ingest events.ndjson --integration 1
  threadkeep-server token create --integration 1 --scope read
  threadkeep-server serve
Then, where the app is:
  threadkeep connect http://127.0.0.1:8750 --token TOKEN

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done in part, 130 cancelled."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    shared: Shared,
    #[command(subcommand)]
    command: Command,
}

/// Flags that every command takes, anywhere on the line.
#[derive(Args)]
#[command(next_help_heading = "Options of every command")]
struct Shared {
    /// The folder that holds the data [default: the operating system's place] [env: THREADKEEP_HOME]
    #[arg(long, global = true, value_name = "DIR")]
    home: Option<PathBuf>,
    /// The database [default: sqlite: and server/server.db in the home]
    #[arg(long, global = true, value_name = "sqlite:PATH")]
    database: Option<Database>,
    /// Print one JSON document on standard output
    #[arg(long, global = true)]
    json: bool,
    /// Print nothing but results and errors
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say more on standard error; twice for even more
    #[arg(long, short, global = true, action = ArgAction::Count)]
    verbose: u8,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server until it is told to stop
    Serve(serve::Serve),
    /// The linked accounts that this server keeps
    #[command(subcommand)]
    Integration(integration::Integration),
    /// Who may read and write what
    #[command(subcommand)]
    Token(token::Token),
    /// Which history this server tells, and how to begin another one
    #[command(subcommand)]
    Epoch(epoch::Epoch),
    /// Take in files; safe beside a running server
    Ingest(ingest::Ingest),
    Snapshot(snapshot::Snapshot),
    /// Print a completion script for a shell
    Completions(completions::Completions),
}

/// How a command that did not fail ended.
enum Outcome {
    Done,
    /// Some of it could not be done, and it has been said which.
    InPart,
}

pub(crate) fn run(cli: Cli) -> ExitCode {
    log_to_stderr(&cli.shared);
    let output = Output::new(cli.shared.json, cli.shared.quiet);
    match execute(cli, output) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::InPart) => ExitCode::from(3),
        Err(error) => {
            let fault = Fault::of(&error);
            output.fault(&fault);
            tracing::debug!("caused by: {error:?}");
            ExitCode::from(fault.exit)
        }
    }
}

fn execute(cli: Cli, output: Output) -> anyhow::Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let Cli { shared, command } = cli;
    let outcome = runtime.block_on(async {
        match command {
            Command::Serve(serve) => serve.run(&shared).await,
            Command::Integration(command) => cancellable(command.run(&shared, output)).await,
            Command::Token(command) => cancellable(command.run(&shared, output)).await,
            Command::Epoch(command) => cancellable(command.run(&shared, output)).await,
            Command::Ingest(command) => cancellable(command.run(&shared, output)).await,
            Command::Snapshot(command) => cancellable(command.run(&shared, output)).await,
            Command::Completions(command) => command.run(),
        }
    });
    // What still runs on a blocking thread (the reading of a file) has nothing left to say.
    runtime.shutdown_background();
    outcome
}

/// Runs a command until it ends or is interrupted. An interrupted transaction leaves nothing behind.
async fn cancellable(
    command: impl Future<Output = anyhow::Result<Outcome>>,
) -> anyhow::Result<Outcome> {
    tokio::select! {
        // First, so that the signal is heard before the command does anything.
        biased;
        _ = tokio::signal::ctrl_c() => Err(fault::CommandError::Cancelled.into()),
        outcome = command => outcome,
    }
}

fn log_to_stderr(shared: &Shared) {
    let level = match (shared.quiet, shared.verbose) {
        (true, _) => tracing::Level::ERROR,
        (false, 0) => tracing::Level::WARN,
        (false, 1) => tracing::Level::INFO,
        (false, _) => tracing::Level::DEBUG,
    };
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .with_max_level(level)
        .init();
}

impl Shared {
    fn home(&self) -> anyhow::Result<Home> {
        Ok(Home::resolve(self.home.clone())?)
    }
}
