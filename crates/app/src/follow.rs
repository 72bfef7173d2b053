//! Staying current: each account's server is listened to in the background, and what is new is pulled
//! when it comes. The engine knows how (`threadkeep_sync::follow`); here it gets an account's server, its
//! turn, and somebody who hears how it stands.
//!
//! A person's sync goes first: a pull of the background yields to it and is made up for afterwards, unless
//! the person stops theirs; then nothing is pulled before the server has something new. The sample
//! archive never changes, so nobody listens to it.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use threadkeep_mirror::{IntegrationPk, IntegrationRow, Mirror};
use threadkeep_protocol::SyncStatus;
use threadkeep_sync::{
    self as engine, FollowOptions, Followed, Outcome, Progress, Record, Remote, RunError,
    SyncOptions,
};
use tokio::{sync::watch, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{
    App, Error,
    account::{SAMPLE, problem, remote},
    embedded::{EMBEDDED, Embedded},
    secret::Secrets,
    setting::chosen,
    sync::{progress_of, report},
    turn::{Turns, Who},
    view::{Link, LinkChange, LinkState, Problem, RunReport, SyncProgress},
};

/// The setting's name in the mirror. Following is on unless it is `off`.
const SETTING: &str = "following";
const OFF: &str = "off";

type Links = BTreeMap<IntegrationPk, Link>;
type Listener = Arc<dyn Fn(Word) + Send + Sync>;

/// What is told of live pulls.
#[derive(Debug, Clone)]
pub enum Word {
    /// One is under way.
    Progress(SyncProgress),
    /// One is over.
    Pulled(RunReport),
}

/// Those who listen.
#[derive(Debug, Default)]
pub(crate) struct Followers {
    /// New accounts are followed too.
    is_on: AtomicBool,
    running: Mutex<BTreeMap<IntegrationPk, Running>>,
    links: watch::Sender<Links>,
}

#[derive(Debug)]
struct Running {
    cancel: CancellationToken,
    task: JoinHandle<()>,
}

impl Followers {
    pub(crate) fn link(&self, account: IntegrationPk) -> Link {
        self.links
            .borrow()
            .get(&account)
            .cloned()
            .unwrap_or_default()
    }

    /// Ends a follower and what it has begun; says whether there was one.
    pub(crate) async fn stop(&self, account: IntegrationPk) -> bool {
        let running = self.running().remove(&account);
        let Some(running) = running else {
            return false;
        };
        running.cancel.cancel();
        // One that panicked has ended too.
        _ = running.task.await;
        true
    }

    /// Whether somebody listens.
    fn has(&self, account: IntegrationPk) -> bool {
        let running = self.running();
        let follower = running.get(&account);
        follower.is_some_and(|follower| !follower.task.is_finished())
    }

    /// The same for an account that is to be no more.
    pub(crate) async fn forget(&self, account: IntegrationPk) {
        self.stop(account).await;
        self.links
            .send_if_modified(|links| links.remove(&account).is_some());
    }

    pub(crate) async fn stop_all(&self) {
        let all: Vec<IntegrationPk> = {
            let running = self.running();
            running
                .values()
                .for_each(|follower| follower.cancel.cancel());
            running.keys().copied().collect()
        };
        for account in all {
            self.stop(account).await;
        }
    }

    fn running(&self) -> MutexGuard<'_, BTreeMap<IntegrationPk, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// Keeps all accounts current from now on, those too that are added later, unless a person has
    /// switched that off. Returns at once; `links` tells how it goes.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn stay_current(&self) -> Result<(), Error> {
        if self.read_only.is_some() || !self.is_following_wanted().await? {
            return Ok(());
        }
        self.followers.is_on.store(true, Ordering::Relaxed);
        self.follow(None, |_| {}).await
    }

    /// Keeps one account current, or all, and tells of each pull.
    ///
    /// # Errors
    /// When there is no such account or the mirror cannot be read.
    pub async fn follow<L>(&self, account: Option<&str>, listener: L) -> Result<(), Error>
    where
        L: Fn(Word) + Send + Sync + 'static,
    {
        let listener: Listener = Arc::new(listener);
        let rows = match account {
            Some(id) => vec![self.account(id).await?],
            None => self.mirror.integrations().await?,
        };
        for row in rows {
            self.start_follower(row, Arc::clone(&listener)).await;
        }
        Ok(())
    }

    /// Whether accounts are to be kept current.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn is_following_wanted(&self) -> Result<bool, Error> {
        Ok(self.mirror.setting(SETTING).await?.as_deref() != Some(OFF))
    }

    /// Switches staying current on or off, for good.
    ///
    /// # Errors
    /// When the mirror cannot be written.
    pub async fn set_following(&self, on: bool) -> Result<(), Error> {
        let value = if on { "on" } else { OFF };
        self.mirror.set_setting(SETTING, value.to_owned()).await?;
        if on {
            return self.stay_current().await;
        }
        self.followers.is_on.store(false, Ordering::Relaxed);
        self.followers.stop_all().await;
        Ok(())
    }

    /// Waits until nobody listens any more: each follower has met what only a person can mend.
    pub async fn nobody_follows(&self) {
        let mut links = self.followers.links.subscribe();
        let off = |links: &Links| links.values().all(|link| link.state == LinkState::Off);
        // The sender lives as long as the app.
        _ = links.wait_for(off).await;
    }

    /// How the ways to the servers stand, from now on.
    #[must_use]
    pub fn links(&self) -> LinkStream {
        LinkStream {
            links: self.followers.links.subscribe(),
            told: Links::new(),
        }
    }

    /// An account was added, or its token is another. One that was never brought here is not followed
    /// before a person's first sync, whose progress they want to see and whose end may be theirs.
    pub(crate) async fn follow_anew(&self, row: IntegrationRow) {
        let was_followed = self.followers.stop(row.pk).await;
        let is_begun = was_followed || row.last_sync_at != 0 || row.server == EMBEDDED;
        if is_begun && self.followers.is_on.load(Ordering::Relaxed) {
            self.start_follower(row, Arc::new(|_| {})).await;
        }
    }

    /// A person's sync has brought an account here: from now on it stays current.
    pub(crate) async fn follow_on(&self, row: IntegrationRow) {
        if !self.followers.has(row.pk) && self.followers.is_on.load(Ordering::Relaxed) {
            self.start_follower(row, Arc::new(|_| {})).await;
        }
    }

    async fn start_follower(&self, row: IntegrationRow, listener: Listener) {
        if row.integration_type == SAMPLE || self.closing.is_cancelled() {
            return;
        }
        self.followers.stop(row.pk).await;
        let cancel = self.closing.child_token();
        let pk = row.pk;
        let follower = Follower {
            mirror: self.mirror.clone(),
            secrets: self.secrets.clone(),
            embedded: Arc::clone(&self.embedded),
            turns: self.turns.clone(),
            links: self.followers.links.clone(),
            row,
            cancel: cancel.clone(),
            listener,
        };
        follower.tell(LinkState::Connecting, None);
        let task = tokio::spawn(follower.run());
        self.followers
            .running()
            .insert(pk, Running { cancel, task });
    }
}

/// Who keeps one account current.
struct Follower {
    mirror: Mirror,
    secrets: Secrets,
    embedded: Arc<Embedded>,
    turns: Turns,
    links: watch::Sender<Links>,
    row: IntegrationRow,
    cancel: CancellationToken,
    listener: Listener,
}

impl Follower {
    async fn run(self) {
        match self.follow().await {
            Ok(()) => self.tell(LinkState::Off, None),
            Err(problem) => {
                tracing::warn!(code = problem.code, "an account is not followed any more");
                self.tell(LinkState::Off, Some(problem));
            }
        }
    }

    async fn follow(&self) -> Result<(), Problem> {
        let reached = tokio::select! {
            biased;
            () = self.cancel.cancelled() => return Ok(()),
            reached = remote(&self.secrets, &self.embedded, &self.row) => reached,
        };
        let remote = reached.map_err(|error| problem(&error))?;
        let options = FollowOptions::default();
        let ended = engine::follow(
            &remote,
            self.row.integration_id,
            &options,
            &self.cancel,
            |standing| self.pull(&remote, standing),
            |word| self.hear(word),
        );
        ended.await.map_err(told)
    }

    /// One pull, at the account's turn; made up for where it had to yield to a person.
    async fn pull(
        &self,
        remote: &Remote,
        mut standing: Option<SyncStatus>,
    ) -> Option<engine::RunReport> {
        let stops = self.turns.stops(self.row.pk);
        loop {
            let run = self.pull_once(remote, stops, standing.take()).await?;
            let is_over = run.outcome != Outcome::Cancelled || self.cancel.is_cancelled();
            if is_over || self.turns.stops(self.row.pk) != stops {
                return Some(run);
            }
        }
    }

    async fn pull_once(
        &self,
        remote: &Remote,
        stops: u64,
        standing: Option<SyncStatus>,
    ) -> Option<engine::RunReport> {
        let pk = self.row.pk;
        let who = Who::Background { stops };
        let turn = self.turns.take(pk, who, &self.cancel).await?;
        let options = SyncOptions {
            mode: "live".to_owned(),
            record: Record::Changes,
            standing,
            // A mirror that cannot be read fails the pull, which says so.
            ..chosen(&self.mirror).await.unwrap_or_default().options()
        };
        let tell = |word: Progress| (self.listener)(Word::Progress(progress_of(&word)));
        let (id, cancel) = (self.row.integration_id, turn.cancel.clone());
        let run = engine::sync(&self.mirror, pk, remote, id, options, cancel, tell).await;
        (self.listener)(Word::Pulled(report(pk, run.clone())));
        Some(run)
    }

    fn hear(&self, word: Followed) {
        match word {
            Followed::Connecting => self.tell(LinkState::Connecting, None),
            Followed::Following => self.tell(LinkState::Following, None),
            Followed::Polling => self.tell(LinkState::Polling, None),
            Followed::Offline(error) => self.tell(LinkState::Offline, Some(told(error))),
            Followed::Connection(connection) => {
                // A mirror that cannot be written fails the next pull, which says so.
                _ = self.mirror.note_connection(self.row.pk, connection);
            }
        }
    }

    fn tell(&self, state: LinkState, problem: Option<Problem>) {
        let link = Link { state, problem };
        self.links.send_if_modified(|links| {
            let before = links.insert(self.row.pk, link.clone());
            before.as_ref() != Some(&link)
        });
    }
}

fn told(error: RunError) -> Problem {
    Problem {
        code: error.code,
        message: error.message,
    }
}

/// How the ways to the servers stand, as it changes.
#[derive(Debug)]
pub struct LinkStream {
    links: watch::Receiver<Links>,
    told: Links,
}

impl LinkStream {
    /// What has changed since the last call; none once the app is gone.
    pub async fn next(&mut self) -> Option<Vec<LinkChange>> {
        loop {
            self.links.changed().await.ok()?;
            let now = self.links.borrow_and_update().clone();
            let changes: Vec<LinkChange> = now
                .iter()
                .filter(|(account, link)| self.told.get(account) != Some(link))
                .map(|(account, link)| LinkChange {
                    account_id: account.to_string(),
                    link: link.clone(),
                })
                .collect();
            self.told = now;
            if !changes.is_empty() {
                return Some(changes);
            }
        }
    }
}
