//! Staying current: listening, pulling when something has changed, and listening again when the
//! connection is lost.
//!
//! Listening only makes pulls happen sooner. Each connection begins with a full look, which brings what
//! came while nobody listened; after that an event names the streams that have moved, and only these are
//! asked for. Events that come during a pull are seen as one after it. A server without live events is
//! looked at now and then instead.
//!
//! Invariants: a run that was begun is awaited, also when listening ends under it, so that its account
//! of itself is written; every wait ends when it is cancelled; what waiting cannot mend (a token that is
//! refused, an account that is gone) ends it with a sentence.
//!
//! Rejected: pulling what an event carries (events would need the guarantees that cursors have), and
//! reading `Last-Event-ID` (there is nothing to resume: the cursor is the only truth).

use std::{future::Future, pin::Pin, time::Duration};

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use threadkeep_mirror::{Outcome, RunError};
use threadkeep_protocol::{Connection, IntegrationId, Stream, SyncStatus};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{Held, Live, LiveEvent, Remote, RunReport, SyncError, plan::is_other_epoch};

/// How patient a follower is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FollowOptions {
    /// After so long without a byte a connection counts as dead. Servers say something every 15 seconds.
    pub stall: Duration,
    /// The wait before listening again, before jitter; it doubles each time …
    pub min_delay: Duration,
    /// … up to this.
    pub max_delay: Duration,
    /// A connection that held so long counts as a good one: the waits begin anew behind it.
    pub steady: Duration,
    /// How often a server without live events is looked at.
    pub poll: Duration,
    /// The longest wait that a server may ask for.
    pub retry_after_cap: Duration,
}

impl Default for FollowOptions {
    fn default() -> Self {
        Self {
            stall: Duration::from_secs(45),
            min_delay: Duration::from_secs(1),
            max_delay: Duration::from_secs(60),
            steady: Duration::from_secs(60),
            poll: Duration::from_secs(30),
            retry_after_cap: Duration::from_secs(15 * 60),
        }
    }
}

/// What a follower says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Followed {
    /// On the way, or on the way again.
    Connecting,
    /// What comes is heard of, and everything before it is here, unless a person has stopped its pull.
    Following,
    /// Everything is here; the server has no live events and is looked at now and then.
    Polling,
    /// The server cannot be followed at present; it is tried again.
    Offline(RunError),
    /// Whether whoever feeds the account is online.
    Connection(Connection),
}

/// Why a connection is no more.
enum Lost {
    Cancelled,
    /// Trying again makes sense.
    Broken {
        error: RunError,
        /// Not before this, where the server said so.
        asked: Option<Duration>,
        /// It had come about, and what was pulled beside it went well.
        was_open: bool,
    },
    /// The server has no live events; it was looked at.
    Silent,
    /// Trying again makes no sense.
    Over(RunError),
}

/// Follows an account until it is cancelled.
///
/// `pull` brings everything that is new; it is given where the server stands where that is known. Where
/// it gives nothing, or a run that was cancelled, somebody wants nothing more just now: it is called again
/// when there is something new. It must end soon after `cancel`. `tell` should return soon.
///
/// # Errors
/// What waiting does not mend, such as a refused token.
pub async fn follow<Pull, Run>(
    remote: &Remote,
    integration: IntegrationId,
    options: &FollowOptions,
    cancel: &CancellationToken,
    pull: Pull,
    tell: impl Fn(Followed) + Send + Sync,
) -> Result<(), RunError>
where
    Pull: Fn(Option<SyncStatus>) -> Run + Send + Sync,
    Run: Future<Output = Option<RunReport>> + Send,
{
    let follower = Follower {
        remote,
        integration,
        options,
        cancel,
        pull,
        tell,
    };
    follower.run().await
}

struct Follower<'a, Pull, Tell> {
    remote: &'a Remote,
    integration: IntegrationId,
    options: &'a FollowOptions,
    cancel: &'a CancellationToken,
    pull: Pull,
    tell: Tell,
}

impl<Pull, Run, Tell> Follower<'_, Pull, Tell>
where
    Pull: Fn(Option<SyncStatus>) -> Run + Send + Sync,
    Run: Future<Output = Option<RunReport>> + Send,
    Tell: Fn(Followed) + Send + Sync,
{
    async fn run(&self) -> Result<(), RunError> {
        let mut waits = self.waits();
        let mut hiccups = 0;
        (self.tell)(Followed::Connecting);
        loop {
            let begun = Instant::now();
            let lost = self.listen().await;
            if begun.elapsed() >= self.options.steady {
                waits = self.waits();
                hiccups = 0;
            }
            let wait = match lost {
                Lost::Cancelled => return Ok(()),
                Lost::Over(error) => return Err(error),
                Lost::Silent => {
                    waits = self.waits();
                    hiccups = 0;
                    self.options.poll
                }
                Lost::Broken {
                    error,
                    asked,
                    was_open,
                } => {
                    tracing::debug!(code = error.code, "a live connection was lost");
                    hiccups += 1;
                    // A good connection may break; that is news only if it cannot be made again.
                    (self.tell)(if was_open && hiccups == 1 {
                        Followed::Connecting
                    } else {
                        Followed::Offline(error)
                    });
                    let wait = waits.next().unwrap_or(self.options.max_delay);
                    let asked = asked.unwrap_or_default();
                    wait.max(asked.min(self.options.retry_after_cap))
                }
            };
            tokio::select! {
                biased;
                () = self.cancel.cancelled() => return Ok(()),
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Doubled and jittered: many clients that lost the same server do not come back at once.
    fn waits(&self) -> ExponentialBackoff {
        ExponentialBuilder::new()
            .with_jitter()
            .with_factor(2.0)
            .with_min_delay(self.options.min_delay)
            .with_max_delay(self.options.max_delay)
            .without_max_times()
            .build()
    }

    /// One connection, from its beginning to its end.
    async fn listen(&self) -> Lost {
        let connecting = self.remote.live(self.integration, self.options.stall);
        let connected = tokio::select! {
            biased;
            () = self.cancel.cancelled() => return Lost::Cancelled,
            connected = connecting => connected,
        };
        match connected {
            Ok(live) => self.hear(live).await,
            Err(error) if error.has_no_live() => self.look().await,
            Err(error) => lost(&error, false),
        }
    }

    /// Without live events: looks once.
    async fn look(&self) -> Lost {
        let Some(report) = (self.pull)(None).await else {
            return self.unasked();
        };
        match report.outcome {
            Outcome::Failed => failed(report),
            Outcome::Cancelled => self.unasked(),
            _ => {
                (self.tell)(Followed::Polling);
                Lost::Silent
            }
        }
    }

    /// A pull that was kept from running, or cut short: by our end, or by somebody who wants no more now.
    fn unasked(&self) -> Lost {
        if self.cancel.is_cancelled() {
            Lost::Cancelled
        } else {
            Lost::Silent
        }
    }

    /// Hears events and pulls, at the same time.
    async fn hear(&self, mut live: Live) -> Lost {
        let mut course = Course::default();
        // Whatever came while nobody listened.
        let mut pulling: Option<Pin<Box<Run>>> = Some(Box::pin((self.pull)(None)));
        loop {
            let step = tokio::select! {
                biased;
                () = self.cancel.cancelled() => Step::End(Lost::Cancelled),
                report = running(&mut pulling) => Step::Pulled(report),
                event = live.next() => Step::Heard(event),
            };
            let end = match step {
                Step::Pulled(report) => {
                    pulling = None;
                    self.take(&mut course, report)
                }
                Step::Heard(Ok(Some(LiveEvent::Change(status)))) => {
                    course.told = Some(*status);
                    None
                }
                Step::Heard(Ok(Some(LiveEvent::Connection(connection)))) => {
                    (self.tell)(Followed::Connection(connection));
                    None
                }
                Step::Heard(Ok(None)) => Some(lost(&self.remote.hung_up(), true)),
                Step::Heard(Err(error)) => Some(lost(&error, true)),
                Step::End(lost) => Some(lost),
            };
            if let Some(end) = end {
                if let Some(pulling) = pulling {
                    pulling.await;
                }
                return end;
            }
            if pulling.is_none()
                && let Some(known) = course.next()
            {
                pulling = Some(Box::pin((self.pull)(known)));
            }
        }
    }

    /// What a pull means for the connection that it ran beside.
    fn take(&self, course: &mut Course, report: Option<RunReport>) -> Option<Lost> {
        match report {
            Some(report) if report.outcome == Outcome::Failed => Some(failed(report)),
            Some(report) if report.outcome != Outcome::Cancelled => {
                course.held = Some(Held {
                    epoch: report.epoch,
                    cursors: report.cursors,
                });
                (self.tell)(Followed::Following);
                None
            }
            _ => {
                // What was heard beside it is part of what was stopped.
                *course = Course::default();
                (self.tell)(Followed::Following);
                None
            }
        }
    }
}

enum Step {
    Pulled(Option<RunReport>),
    Heard(Result<Option<LiveEvent>, SyncError>),
    End(Lost),
}

/// The pull that runs, where one does.
async fn running<Run: Future>(pulling: &mut Option<Pin<Box<Run>>>) -> Run::Output {
    match pulling {
        Some(pulling) => pulling.as_mut().await,
        None => std::future::pending().await,
    }
}

/// What is here, and what is told to be there.
#[derive(Debug, Default)]
struct Course {
    /// Where the mirror stands; unknown before the first pull and behind one that was stopped.
    held: Option<Held>,
    /// The latest word of the server that no pull has followed.
    told: Option<SyncStatus>,
}

impl Course {
    /// Whether there is something to pull, and with which knowledge of the server.
    fn next(&mut self) -> Option<Option<SyncStatus>> {
        let mut told = self.told.take()?;
        let Some(held) = &self.held else {
            return Some(None);
        };
        if is_other_epoch(&held.epoch, &told.epoch) {
            return Some(None);
        }
        let mut is_ahead = false;
        for stream in Stream::ALL {
            // A pull may have brought more than a word that was sent before it ended: such a word is
            // old, it does not say that the server has lost something.
            let seq = told.latest_seq(stream).max(held.cursor(stream));
            is_ahead |= seq > held.cursor(stream);
            told.set(stream, seq, told.count(stream));
        }
        is_ahead.then_some(Some(told))
    }
}

fn lost(error: &SyncError, was_open: bool) -> Lost {
    let told = RunError {
        code: error.code().to_owned(),
        message: error.to_string(),
    };
    if error.is_final() {
        Lost::Over(told)
    } else {
        Lost::Broken {
            error: told,
            asked: error.retry_after(),
            was_open,
        }
    }
}

/// A pull that failed by itself.
fn failed(report: RunReport) -> Lost {
    let error = report.errors.into_iter().next_back().unwrap_or(RunError {
        code: "internal".to_owned(),
        message: "The sync ended without a word; what is already here is safe".to_owned(),
    });
    if SyncError::FINAL.contains(&error.code.as_str()) {
        Lost::Over(error)
    } else {
        Lost::Broken {
            error,
            asked: None,
            was_open: false,
        }
    }
}
