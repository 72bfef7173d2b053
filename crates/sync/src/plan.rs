//! What there is to pull: from where the mirror and the server stand to steps.
//!
//! Pure: no clock, no randomness, no I/O; the same input gives the same plan.
//!
//! Decisions:
//! - A server that tells no epoch is taken as one long history, until one of its streams ends before
//!   the mirror's cursor: then its data was replaced without a word. The mirror files the new history
//!   under an epoch of our own making (`~1`, `~2`, …), which no server's answer is compared with.
//! - A server that tells the same epoch as before and yet ends before the cursor breaks the protocol.
//!   Starting again would not help (rows of the same history with smaller seqs are old ones), so the
//!   stream is reported and left alone.

use std::collections::BTreeMap;

use threadkeep_mirror::SyncStates;
use threadkeep_protocol::{Seq, Stream, SyncStatus};

/// What marks an epoch that we made for a server that tells none.
const UNTOLD: &str = "~";

/// Where the mirror stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// The history that the cursors belong to; empty where no server told one.
    pub epoch: String,
    /// The cursor of each stream; one that is missing stands at 0.
    pub cursors: BTreeMap<Stream, Seq>,
}

impl Held {
    /// The stream's cursor.
    #[must_use]
    pub fn cursor(&self, stream: Stream) -> Seq {
        self.cursors.get(&stream).copied().unwrap_or_default()
    }
}

impl From<&SyncStates> for Held {
    fn from(states: &SyncStates) -> Self {
        Self {
            epoch: states.epoch.clone(),
            cursors: states
                .iter()
                .map(|(stream, state)| (stream, state.last_seq))
                .collect(),
        }
    }
}

/// What a run has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Which history the cursors belong to.
    pub epoch: EpochAction,
    /// The pulls, in the order of `Stream::ALL`.
    pub steps: Vec<Step>,
    /// Streams that end before the mirror's cursor although the server says that its history is the
    /// same.
    pub regressed: Vec<Regression>,
}

/// What to do about the server's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EpochAction {
    /// The cursors hold; pages are applied under this epoch.
    Keep(String),
    /// The history is another one: all cursors start at 0 under this epoch, and the rows stay.
    Restart(String),
}

/// One stream to pull.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Which.
    pub stream: Stream,
    /// The cursor to begin with.
    pub from: Seq,
    /// How many rows there are to pull, where that can be told before the first page.
    pub total: Option<u64>,
    /// The seq that the stream reaches at least; 0 where the server did not say.
    pub reaches: Seq,
}

/// A stream that ends before the mirror's cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Regression {
    /// Which.
    pub stream: Stream,
    /// The mirror's cursor.
    pub held: Seq,
}

impl EpochAction {
    /// The epoch that pages are applied under.
    #[must_use]
    pub fn epoch(&self) -> &str {
        match self {
            Self::Keep(epoch) | Self::Restart(epoch) => epoch,
        }
    }
}

/// Plans a run. `remote` is absent where the server has no status to tell, as some servers of the
/// first design: then the three streams that every server knows are pulled, with unknown totals.
#[must_use]
pub fn plan(held: &Held, remote: Option<&SyncStatus>) -> Plan {
    let Some(remote) = remote else {
        return Plan {
            epoch: EpochAction::Keep(held.epoch.clone()),
            steps: Stream::SEED
                .into_iter()
                .map(|stream| Step {
                    stream,
                    from: held.cursor(stream),
                    total: None,
                    reaches: 0,
                })
                .collect(),
            regressed: Vec::new(),
        };
    };
    let epoch = epoch_action(held, remote);
    let restarts = matches!(epoch, EpochAction::Restart(_));
    let from = |stream| {
        if restarts { 0 } else { held.cursor(stream) }
    };
    let steps = Stream::ALL
        .into_iter()
        .filter(|&stream| remote.latest_seq(stream) > from(stream))
        .map(|stream| Step {
            stream,
            from: from(stream),
            // Behind a cursor the server's count says little: the first page tells.
            total: (from(stream) == 0)
                .then(|| u64::try_from(remote.count(stream)).ok())
                .flatten()
                .filter(|&count| count > 0),
            reaches: remote.latest_seq(stream),
        })
        .collect();
    let regressed = Stream::ALL
        .into_iter()
        .filter(|&stream| remote.latest_seq(stream) < from(stream))
        .map(|stream| Regression {
            stream,
            held: from(stream),
        })
        .collect();
    Plan {
        epoch,
        steps,
        regressed,
    }
}

fn epoch_action(held: &Held, remote: &SyncStatus) -> EpochAction {
    if is_other_epoch(&held.epoch, &remote.epoch) {
        return EpochAction::Restart(remote.epoch.clone());
    }
    let went_back = Stream::ALL
        .into_iter()
        .any(|stream| remote.latest_seq(stream) < held.cursor(stream));
    if remote.epoch.is_empty() && went_back {
        return EpochAction::Restart(next_untold(&held.epoch));
    }
    EpochAction::Keep(held.epoch.clone())
}

/// Whether what a server tells is another history than the one that the cursors belong to. A server
/// that tells nothing contradicts nothing.
pub(crate) fn is_other_epoch(held: &str, told: &str) -> bool {
    !told.is_empty() && told != held
}

/// The name for the next history of a server that tells none.
fn next_untold(held: &str) -> String {
    let count: u64 = held
        .strip_prefix(UNTOLD)
        .and_then(|count| count.parse().ok())
        .unwrap_or_default();
    format!("{UNTOLD}{}", count + 1)
}

#[cfg(test)]
mod tests;
