//! Which file comes next, and who fetches it: some at a time, what a person asked for first.
//!
//! A server that cannot be reached is left alone for a while, longer each time, and its files with it: ten
//! thousand of them would each fail on their own. What a person asks for ends every such wait. A file that
//! fails for a reason of its own is tried again some times, ever later, and then only when asked for.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use threadkeep_content::{Contents, Hash};
use threadkeep_mirror::{IntegrationPk, Mirror, Queued};
use threadkeep_sync::{MediaError, RetryPolicy, SyncError};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

use super::{
    chosen,
    downloads::{Downloads, Fetching},
    fetch::{Failed, Fetch},
};
use crate::{App, Error, embedded::Embedded, secret::Secrets};

/// Fetched at a time. More make each slower and the server no faster.
const AT_A_TIME: usize = 4;

/// Looked up at a time, of those that nobody asked for.
const SOME: u32 = 200;

/// Between two looks at those: while much is pulled, each page brings some.
const LOOKS: Duration = Duration::from_secs(3);

/// How long a server that cannot be reached is left alone, the first time and at most.
const PAUSE: Duration = Duration::from_secs(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);

/// After so many failures a file is fetched only when it is asked for.
const ATTEMPTS: u32 = 5;
const FIRST_RETRY: Duration = Duration::from_secs(5 * 60);

/// The shortest time between two looks.
const SHORTEST: Duration = Duration::from_millis(120);

/// Which files are fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// Those asked for, and what is chosen to come by itself; goes on until the app closes.
    AsChosen,
    /// Those asked for, and all of at most so many bytes; ends when none is left.
    UpTo(i64),
    /// Those asked for; ends when none is left.
    Wanted,
}

/// Who fetches.
pub(crate) struct Queue {
    mirror: Mirror,
    secrets: Secrets,
    embedded: Arc<Embedded>,
    contents: Contents,
    /// What the server inside the app keeps.
    nearby: Contents,
    downloads: Downloads,
    closing: CancellationToken,
    policy: RetryPolicy,
}

/// A server that is left alone.
struct Pause {
    until: Instant,
    length: Duration,
}

/// What the queue knows beside the mirror.
struct Standing {
    which: Which,
    backlog: VecDeque<Queued>,
    /// The backlog may lack something.
    is_stale: bool,
    /// There were more than were looked up.
    has_more: bool,
    /// Not before this is it looked up again.
    next_look: Instant,
    paused: HashMap<IntegrationPk, Pause>,
    running: JoinSet<(Queued, Result<(), Failed>)>,
}

impl Standing {
    /// Whether another look is worth it.
    fn is_due(&self) -> bool {
        self.is_stale || (self.has_more && self.backlog.is_empty())
    }
}

impl Queue {
    pub(crate) fn new(app: &App) -> Self {
        Self {
            mirror: app.mirror.clone(),
            secrets: app.secrets.clone(),
            embedded: Arc::clone(&app.embedded),
            contents: app.contents.clone(),
            nearby: app.embedded.contents(),
            downloads: app.downloads.clone(),
            closing: app.closing.clone(),
            policy: RetryPolicy::default(),
        }
    }

    pub(crate) async fn run(self, which: Which) {
        let mut standing = Standing {
            which,
            backlog: VecDeque::new(),
            is_stale: true,
            has_more: false,
            next_look: Instant::now(),
            paused: HashMap::new(),
            running: JoinSet::new(),
        };
        if let Err(error) = self.work(&mut standing).await {
            tracing::warn!(%error, "no more files are fetched");
        }
        self.downloads.stop_all();
        while let Some(done) = standing.running.join_next().await {
            self.forget(done.ok());
        }
    }

    async fn work(&self, standing: &mut Standing) -> Result<(), Error> {
        let mut changes = self.mirror.subscribe();
        loop {
            if self.downloads.is_asked.swap(false, Ordering::Relaxed) {
                standing.paused.clear();
            }
            while standing.running.len() < AT_A_TIME {
                let Some(next) = self.next(standing).await? else {
                    break;
                };
                self.start(standing, next);
            }
            if standing.which != Which::AsChosen && standing.running.is_empty() {
                return Ok(());
            }
            let wake = self.wake(standing).await?;
            tokio::select! {
                biased;
                () = self.closing.cancelled() => return Ok(()),
                Some(done) = standing.running.join_next() => {
                    if let Some((queued, result)) = self.forget(done.ok()) {
                        self.settle(standing, &queued, result).await?;
                    }
                }
                () = self.downloads.nudge.notified() => {
                    standing.is_stale = true;
                    standing.next_look = Instant::now();
                }
                changed = changes.changed() => {
                    standing.is_stale = true;
                    // The mirror is closed, and so is the app.
                    if changed.is_err() {
                        return Ok(());
                    }
                }
                () = sleep_until(wake) => {}
            }
        }
    }

    /// What is to be fetched next, if there is anything just now.
    async fn next(&self, standing: &mut Standing) -> Result<Option<Queued>, Error> {
        let now = Instant::now();
        let is_free = |queued: &Queued, paused: &HashMap<IntegrationPk, Pause>| {
            let is_paused = paused
                .get(&queued.integration)
                .is_some_and(|pause| pause.until > now);
            let running = self.downloads.running();
            let is_taken = running.contains_key(&queued.pk)
                || running
                    .values()
                    .any(|other| other.hash.to_string() == queued.sha256);
            !is_paused && !is_taken
        };
        let wanted = self.mirror.wanted_media(millis(), SOME).await?;
        if let Some(next) = wanted
            .into_iter()
            .find(|one| is_free(one, &standing.paused))
        {
            return Ok(Some(next));
        }
        let is_time = standing.next_look <= now || standing.which != Which::AsChosen;
        if standing.is_due() && is_time {
            standing.backlog = match self.largest(standing.which).await? {
                Some(largest) => self.mirror.absent_media(largest, SOME).await?.into(),
                None => VecDeque::new(),
            };
            standing.is_stale = false;
            standing.has_more = standing.backlog.len() == SOME as usize;
            standing.next_look = now + LOOKS;
        }
        let place = standing
            .backlog
            .iter()
            .position(|one| is_free(one, &standing.paused));
        Ok(place.and_then(|place| standing.backlog.remove(place)))
    }

    async fn largest(&self, which: Which) -> Result<Option<i64>, Error> {
        Ok(match which {
            Which::AsChosen => chosen(&self.mirror).await?.largest(),
            Which::UpTo(largest) => Some(largest),
            Which::Wanted => None,
        })
    }

    /// When to look again though nothing is said to have changed.
    async fn wake(&self, standing: &Standing) -> Result<Instant, Error> {
        let now = Instant::now();
        let mut wake = now + LONGEST_PAUSE;
        if standing.is_due() {
            wake = wake.min(standing.next_look.max(now + SHORTEST));
        }
        let pauses = standing.paused.values().map(|pause| pause.until);
        if let Some(until) = pauses.filter(|until| *until > now).min() {
            wake = wake.min(until);
        }
        if let Some(due) = self.mirror.next_retry().await? {
            let left = u64::try_from(due - millis()).unwrap_or(0);
            wake = wake.min((now + Duration::from_millis(left.min(3_600_000))).max(now + LOOKS));
        }
        Ok(wake)
    }

    fn start(&self, standing: &mut Standing, queued: Queued) {
        let Ok(hash) = queued.sha256.parse::<Hash>() else {
            standing.running.spawn(async move {
                let wrong = Failed::File(MediaError::Wrong);
                (queued, Err(wrong))
            });
            return;
        };
        let cancel = self.closing.child_token();
        let fetching = Fetching {
            hash,
            cancel: cancel.clone(),
        };
        self.downloads.running().insert(queued.pk, fetching);
        let fetch = Fetch {
            mirror: self.mirror.clone(),
            secrets: self.secrets.clone(),
            embedded: Arc::clone(&self.embedded),
            contents: self.contents.clone(),
            nearby: self.nearby.clone(),
            progress: self.downloads.progress.clone(),
            policy: self.policy,
            cancel,
        };
        standing.running.spawn(async move {
            let result = fetch.one(&queued, hash).await;
            (queued, result)
        });
    }

    fn forget<T>(&self, done: Option<(Queued, T)>) -> Option<(Queued, T)> {
        let (queued, result) = done?;
        self.downloads.running().remove(&queued.pk);
        self.downloads
            .progress
            .send_if_modified(|all| all.remove(&queued.pk).is_some());
        Some((queued, result))
    }

    async fn settle(
        &self,
        standing: &mut Standing,
        queued: &Queued,
        result: Result<(), Failed>,
    ) -> Result<(), Error> {
        let failed = match result {
            Ok(()) => {
                standing.paused.remove(&queued.integration);
                self.mirror
                    .media_came(queued.pk, queued.sha256.clone())
                    .await?;
                return Ok(());
            }
            Err(Failed::File(MediaError::Remote(SyncError::Cancelled))) => return Ok(()),
            Err(failed) => failed,
        };
        let code = match &failed {
            Failed::Account(error) => error.code().to_owned(),
            Failed::File(error) => error.code().to_owned(),
        };
        tracing::warn!(code, "a file did not come");
        let until = match &failed {
            Failed::File(error) if error.is_gone() => {
                self.mirror.media_gone(queued.pk).await?;
                return Ok(());
            }
            Failed::File(error @ (MediaError::Full | MediaError::Disk(_))) => {
                tracing::warn!(%error, "files wait");
                pause(standing, queued.integration)
            }
            Failed::File(error) if !error.is_of_the_server() => {
                let retry_at = retry_at(queued.attempts);
                self.mirror.media_failed(queued.pk, code, retry_at).await?;
                return Ok(());
            }
            Failed::File(_) | Failed::Account(_) => pause(standing, queued.integration),
        };
        // What nobody asked for stays as it was, except where a person must know why nothing comes.
        let is_told = queued.is_wanted || standing.which != Which::AsChosen;
        if is_told || code == "disk_full" {
            let retry_at = millis().saturating_add(wait_millis(until));
            self.mirror.media_failed(queued.pk, code, retry_at).await?;
        } else {
            standing.is_stale = true;
        }
        Ok(())
    }
}

/// Leaves an account's server alone, each time twice as long.
fn pause(standing: &mut Standing, account: IntegrationPk) -> Instant {
    let now = Instant::now();
    let before = standing.paused.get(&account);
    // Several that were under way together fail together.
    if let Some(before) = before.filter(|pause| pause.until > now) {
        return before.until;
    }
    let length = before.map_or(PAUSE, |pause| (pause.length * 2).min(LONGEST_PAUSE));
    let until = now + length;
    standing.paused.insert(account, Pause { until, length });
    until
}

fn retry_at(attempts: u32) -> i64 {
    if attempts + 1 >= ATTEMPTS {
        return i64::MAX;
    }
    let wait = FIRST_RETRY * 4_u32.pow(attempts);
    millis().saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
}

fn wait_millis(until: Instant) -> i64 {
    let wait = until.saturating_duration_since(Instant::now());
    i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)
}

fn millis() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
