//! How far an import is.

use std::sync::OnceLock;

use super::tally::number;
use crate::view::{ImportPhase, ImportProgress, SyncProgress};

/// Tells whoever waits how far it is.
pub(super) struct Importing<P> {
    pub(super) progress: P,
    /// The messages that were sent, once all were.
    sent: OnceLock<u64>,
}

impl<P: Fn(ImportProgress)> Importing<P> {
    pub(super) const fn new(progress: P) -> Self {
        let sent = OnceLock::new();
        Self { progress, sent }
    }

    pub(super) fn tell(&self, phase: ImportPhase, messages: u64, done: u64, total: u64) {
        (self.progress)(ImportProgress {
            phase,
            messages: number(messages),
            done: number(done),
            total: number(total),
        });
    }

    /// Everything is sent. What is left is to bring it here.
    pub(super) fn sent(&self, messages: u64) {
        _ = self.sent.set(messages);
        self.tell(ImportPhase::Syncing, messages, 0, 0);
    }

    /// Something was brought here, which is worth a word once nothing else goes on.
    pub(super) fn pulled(&self, word: &SyncProgress) {
        if let Some(messages) = self.sent.get() {
            (self.progress)(ImportProgress {
                phase: ImportPhase::Syncing,
                messages: number(*messages),
                done: word.overall_done,
                total: word.overall_total.unwrap_or(0),
            });
        }
    }
}
