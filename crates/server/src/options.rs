//! The limits of a running server.

use std::{env, path::PathBuf, str::FromStr, time::Duration};

use threadkeep_content::Contents;
use threadkeep_protocol::MAX_HISTORY_MESSAGES;
use threadkeep_server_store::{StepLimits, Store};
use threadkeep_snapshot::{Snapshots, WORTH_IT};

/// The limits of a running server; the defaults are what `threadkeep-server serve` uses.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long a connection may stand still: before its first byte, within its headers, between two
    /// requests, at the start of a body, and with an answer that nobody reads. Proxies keep idle
    /// connections for about a minute and cope with a shorter one; phones on bad networks do not cope
    /// with less than some ten seconds.
    pub patience: Duration,
    /// How long what runs may go on after the shutdown was asked for.
    pub drain: Duration,
    /// After so long an answer in lines ends at its next cursor line and the client asks again, so that a
    /// token that was revoked meanwhile reads no further.
    pub longest_answer: Duration,
    /// Connections at a time. More wait in the operating system's queue.
    pub max_connections: usize,
    /// Of these, those that may stay for live events. Each holds its connection for as long as its
    /// client runs, so the rest is what requests are answered on.
    pub max_live: usize,
    /// How often a client of live events hears something even if nothing changes.
    pub heartbeat: Duration,
    /// Where set, requests must name one of these hosts, and those of web pages are refused: a page
    /// that a browser on this computer shows must not reach a server on its loopback address, not
    /// even by a name that it has made to point there.
    pub allowed_hosts: Option<Vec<String>>,
    /// How older history is asked for.
    pub history: HistoryOptions,
    /// Where snapshots are kept and when they are built; none are without it.
    pub snapshots: Option<SnapshotOptions>,
    /// Where the bytes of media are kept; beside the database without it.
    pub media: Option<PathBuf>,
    /// The largest file that is taken in, in bytes.
    pub max_media: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            patience: Duration::from_secs(20),
            drain: Duration::from_secs(30),
            longest_answer: Duration::from_secs(60),
            max_connections: 1_024,
            max_live: 768,
            heartbeat: Duration::from_secs(15),
            allowed_hosts: None,
            history: HistoryOptions::default(),
            snapshots: None,
            media: None,
            max_media: 2 * 1024 * 1024 * 1024,
        }
    }
}

impl Options {
    /// For a server inside an app, on a loopback address.
    #[must_use]
    pub fn embedded() -> Self {
        let hosts = ["127.0.0.1", "localhost", "[::1]"];
        Self {
            max_connections: 64,
            max_live: 32,
            allowed_hosts: Some(hosts.map(str::to_owned).into()),
            history: HistoryOptions::from_environment(),
            ..Self::default()
        }
    }

    /// Where the bytes of media are kept.
    #[must_use]
    pub fn contents(&self, store: &Store) -> Contents {
        let beside = || {
            let mut name = store.path().as_os_str().to_owned();
            name.push(".media");
            name.into()
        };
        Contents::new(self.media.clone().unwrap_or_else(beside))
    }
}

/// Where the bytes of media are kept, if not beside the database.
pub const MEDIA_VARIABLE: &str = "THREADKEEP_MEDIA";

/// Whether snapshots are built and handed out. A standing server does when an operator says so: they make a first
/// pull 2.7 times as fast, and take about twice the disk that the account's mirror takes. The server inside an app never
/// does: its one client is on the same computer.
pub const SNAPSHOTS_VARIABLE: &str = "THREADKEEP_SNAPSHOTS";

/// Where snapshots are kept and when they are built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotOptions {
    /// The folder, which is made when it is needed.
    pub folder: PathBuf,
    /// For accounts of at least so many messages.
    pub worth_it: i64,
    /// How often it is looked whether one is due.
    pub every: Duration,
}

impl SnapshotOptions {
    /// In this folder.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            worth_it: WORTH_IT,
            every: Duration::from_secs(60),
        }
    }

    pub(crate) fn snapshots(&self) -> Snapshots {
        Snapshots::new(self.folder.clone())
    }
}

/// The most chats of one backfill.
pub const MAX_BACKFILL_THREADS: u32 = 1_000;

/// Whether feeders bring all history, and backfills begin by themselves.
pub const SYNC_FULL_HISTORY_VARIABLE: &str = "THREADKEEP_SYNC_FULL_HISTORY";
/// Messages of each chat that a backfill asks for.
pub const BACKFILL_COUNT_VARIABLE: &str = "THREADKEEP_BACKFILL_COUNT";
/// Chats that a backfill asks for.
pub const BACKFILL_THREADS_VARIABLE: &str = "THREADKEEP_BACKFILL_THREADS";
/// Whether a backfill only counts.
pub const DRY_RUN_VARIABLE: &str = "THREADKEEP_DRY_RUN";

/// How older history is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryOptions {
    /// Feeders are told to bring all history when they link an account, and when one comes back after it
    /// was away a backfill begins by itself.
    pub sync_full_history: bool,
    /// Chats of a backfill whose request names no number.
    pub backfill_threads: u32,
    /// Messages of each chat of a backfill whose request names no number.
    pub backfill_count: u32,
    /// A backfill whose request does not say counts and writes nothing.
    pub dry_run: bool,
    /// The longest pause before each chat of a backfill; its length is random.
    pub backfill_pause: Duration,
    /// How long a feeder that was asked may take before it is asked again.
    pub lease: Duration,
    /// How long a question waits for a feeder to take it before its request is interrupted.
    pub unfed: Duration,
}

impl Default for HistoryOptions {
    fn default() -> Self {
        Self {
            sync_full_history: true,
            backfill_threads: 50,
            backfill_count: 100,
            dry_run: false,
            backfill_pause: Duration::from_secs(3),
            lease: Duration::from_secs(60),
            unfed: Duration::from_secs(120),
        }
    }
}

impl HistoryOptions {
    /// The defaults, with what the environment says. What makes no sense there is said in the log and
    /// otherwise ignored: a server inside an app has nobody to refuse to.
    #[must_use]
    pub fn from_environment() -> Self {
        Self::from_variables(|name| env::var(name).ok())
    }

    fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Self {
        let defaults = Self::default();
        let yes = |name, default| read(&variable, name, yes_or_no).unwrap_or(default);
        let number = |text: &str| u32::from_str(text).ok();
        let count = |name, most| {
            let within = |text: &str| number(text).filter(|count| (1..=most).contains(count));
            read(&variable, name, within)
        };
        Self {
            sync_full_history: yes(SYNC_FULL_HISTORY_VARIABLE, defaults.sync_full_history),
            dry_run: yes(DRY_RUN_VARIABLE, defaults.dry_run),
            backfill_threads: count(BACKFILL_THREADS_VARIABLE, MAX_BACKFILL_THREADS)
                .unwrap_or(defaults.backfill_threads),
            backfill_count: count(BACKFILL_COUNT_VARIABLE, MAX_HISTORY_MESSAGES)
                .unwrap_or(defaults.backfill_count),
            ..defaults
        }
    }

    pub(crate) const fn limits(&self) -> StepLimits {
        StepLimits {
            lease: self.lease,
            unfed: self.unfed,
        }
    }
}

fn read<T>(
    variable: &impl Fn(&str) -> Option<String>,
    name: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    let text = variable(name).filter(|text| !text.trim().is_empty())?;
    let value = parse(text.trim());
    if value.is_none() {
        tracing::warn!("{name} makes no sense and is ignored");
    }
    value
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(pairs: &[(&str, &str)]) -> HistoryOptions {
        HistoryOptions::from_variables(|asked| {
            let found = pairs.iter().find(|(name, _)| *name == asked);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_environment_sets_the_defaults() {
        let options = told(&[
            (SYNC_FULL_HISTORY_VARIABLE, "off"),
            (BACKFILL_THREADS_VARIABLE, "7"),
            (BACKFILL_COUNT_VARIABLE, " 250 "),
            (DRY_RUN_VARIABLE, "TRUE"),
        ]);
        assert!(!options.sync_full_history && options.dry_run);
        assert_eq!((options.backfill_threads, options.backfill_count), (7, 250));
        assert_eq!(told(&[]), HistoryOptions::default());
    }

    #[rstest::rstest]
    #[case(SYNC_FULL_HISTORY_VARIABLE, "perhaps")]
    #[case(BACKFILL_THREADS_VARIABLE, "0")]
    #[case(BACKFILL_THREADS_VARIABLE, "1001")]
    #[case(BACKFILL_COUNT_VARIABLE, "-5")]
    #[case(BACKFILL_COUNT_VARIABLE, "10001")]
    #[case(DRY_RUN_VARIABLE, "")]
    fn what_makes_no_sense_there_is_ignored(#[case] name: &str, #[case] value: &str) {
        assert_eq!(told(&[(name, value)]), HistoryOptions::default());
    }
}
