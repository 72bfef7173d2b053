//! Tells the window what changed, in bursts.

use std::{collections::BTreeSet, time::Duration};

use threadkeep_mirror::{ChangeKind, Mirror};
use tokio::sync::watch;

use crate::App;

/// The shortest time between two words about changes: a pull commits far more often, and no eye
/// follows more than a few refreshes a second.
const PAUSE: Duration = Duration::from_millis(120);

/// More chats than these are not worth naming.
const NAMED_CHATS: usize = 100;

/// What changed since the word before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The place in the mirror's list of changes.
    pub id: i64,
    /// The local ids of the chats touched; empty with `all`.
    pub chats: Vec<String>,
    /// Too many to name: everything may have changed.
    pub all: bool,
}

/// Changes of the mirror as they come. It holds no mirror open: it ends when the app closes it.
#[derive(Debug)]
pub struct ChangeStream {
    mirror: Mirror,
    latest: watch::Receiver<i64>,
    seen: i64,
}

impl App {
    /// Changes from now on.
    #[must_use]
    pub fn changes(&self) -> ChangeStream {
        let mut latest = self.mirror.subscribe();
        let seen = *latest.borrow_and_update();
        ChangeStream {
            mirror: self.mirror.clone(),
            latest,
            seen,
        }
    }
}

impl ChangeStream {
    /// The next burst of changes; none once the mirror is closed.
    pub async fn next(&mut self) -> Option<Changed> {
        self.latest.changed().await.ok()?;
        tokio::time::sleep(PAUSE).await;
        self.latest.borrow_and_update();
        let changes = self.mirror.changes_since(self.seen).await.ok()?;
        self.seen = changes.latest;
        let mut chats = BTreeSet::new();
        let mut all = changes.truncated;
        for change in &changes.changes {
            match change.kind {
                ChangeKind::Conversation => drop(chats.insert(change.pk)),
                ChangeKind::Conversations | ChangeKind::Contacts | ChangeKind::Integration => {
                    all = true
                }
                ChangeKind::SyncState | ChangeKind::Run => {}
            }
        }
        all |= chats.len() > NAMED_CHATS;
        let named = if all { BTreeSet::new() } else { chats };
        Some(Changed {
            id: self.seen,
            chats: named.iter().map(i64::to_string).collect(),
            all,
        })
    }
}
