//! `threadkeep-server serve`.

use std::{io::ErrorKind, path::PathBuf};

use clap::{ArgAction, Args, builder::BoolishValueParser, value_parser};
use threadkeep_protocol::MAX_HISTORY_MESSAGES;
use threadkeep_server::{
    BACKFILL_COUNT_VARIABLE, BACKFILL_THREADS_VARIABLE, DRY_RUN_VARIABLE, HistoryOptions,
    MAX_BACKFILL_THREADS, MEDIA_VARIABLE, Options, SNAPSHOTS_VARIABLE, SYNC_FULL_HISTORY_VARIABLE,
    SnapshotOptions, serve_with,
};
use tokio::net::TcpListener;

use super::{Outcome, Shared, database, fault::CommandError, output};

/// Run the server until it is told to stop.
///
/// Prints one line, `listening on http://HOST:PORT`, when it is ready. SIGTERM and Ctrl-C let it
/// finish what runs, for at most 30 seconds; a second Ctrl-C does not wait.
#[derive(Args)]
#[command(after_help = "\
Examples:
  threadkeep-server serve
  threadkeep-server serve --listen 127.0.0.1:0 --database sqlite:/srv/threadkeep.db

It speaks plain HTTP. For other computers, put a proxy that speaks TLS in front of it.")]
pub(super) struct Serve {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8750")]
    listen: String,
    /// Tell bridges to bring all history, and backfill by itself when one comes back
    #[arg(long, value_name = "BOOL", env = SYNC_FULL_HISTORY_VARIABLE, default_value = "true",
          value_parser = BoolishValueParser::new(), action = ArgAction::Set)]
    sync_full_history: bool,
    /// Chats that a backfill asks for, the most recent first
    #[arg(long, value_name = "N", env = BACKFILL_THREADS_VARIABLE, default_value = "50",
          value_parser = value_parser!(u32).range(1..=i64::from(MAX_BACKFILL_THREADS)))]
    backfill_threads: u32,
    /// Messages of each chat that a backfill asks for
    #[arg(long, value_name = "N", env = BACKFILL_COUNT_VARIABLE, default_value = "100",
          value_parser = value_parser!(u32).range(1..=i64::from(MAX_HISTORY_MESSAGES)))]
    backfill_count: u32,
    /// Let backfills count what would come and write nothing
    #[arg(long, value_name = "BOOL", env = DRY_RUN_VARIABLE, default_value = "false",
          default_missing_value = "true", num_args = 0..=1,
          value_parser = BoolishValueParser::new(), action = ArgAction::Set)]
    dry_run: bool,
    /// Build snapshots of large accounts in the background, and hand them out
    #[arg(long, value_name = "BOOL", env = SNAPSHOTS_VARIABLE, default_value = "false",
          default_missing_value = "true", num_args = 0..=1,
          value_parser = BoolishValueParser::new(), action = ArgAction::Set)]
    snapshots: bool,
    /// Where the files of messages are kept [default: beside the database]
    #[arg(long, value_name = "DIR", env = MEDIA_VARIABLE)]
    media: Option<PathBuf>,
}

impl Serve {
    pub(super) async fn run(self, shared: &Shared) -> anyhow::Result<Outcome> {
        // From here on, so that a signal that comes early is not lost, nor ends us half open.
        let mut signals = Signals::listen()?;
        let store = database::open(shared)?;
        let listener = self.bind().await?;
        let address = listener.local_addr()?;
        if !address.ip().is_loopback() {
            tracing::warn!("other computers reach this server without encryption");
        }
        output::line(format_args!("listening on http://{address}"))?;
        let options = Options {
            history: self.history(),
            snapshots: self.snapshots(shared)?,
            media: self
                .media
                .clone()
                .filter(|path| !path.as_os_str().is_empty()),
            ..Options::default()
        };
        serve_with(listener, store, options, async move {
            signals.next().await;
            tracing::info!("stopping");
            tokio::spawn(async move {
                signals.next().await;
                std::process::exit(130);
            });
        })
        .await?;
        Ok(Outcome::Done)
    }

    fn snapshots(&self, shared: &Shared) -> anyhow::Result<Option<SnapshotOptions>> {
        if !self.snapshots {
            return Ok(None);
        }
        Ok(Some(SnapshotOptions::new(database::snapshots(shared)?)))
    }

    fn history(&self) -> HistoryOptions {
        HistoryOptions {
            sync_full_history: self.sync_full_history,
            backfill_threads: self.backfill_threads,
            backfill_count: self.backfill_count,
            dry_run: self.dry_run,
            ..HistoryOptions::default()
        }
    }

    async fn bind(&self) -> Result<TcpListener, CommandError> {
        let address = self.listen.clone();
        TcpListener::bind(&self.listen)
            .await
            .map_err(|source| match source.kind() {
                ErrorKind::AddrInUse => CommandError::AddressInUse { address },
                _ => CommandError::Address { address, source },
            })
    }
}

/// The signals that ask for an end.
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {})
    }

    async fn next(&mut self) {
        _ = tokio::signal::ctrl_c().await;
    }
}
