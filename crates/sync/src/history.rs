//! Following a request for older messages: where it stands on the server, its rows, then the checkpoint.
//!
//! Invariant: a checkpoint is kept only after a pull that began when it was already so, and brought all
//! that there was: the rows that it speaks of have a seq up to its own.

use threadkeep_mirror::{ConversationPk, IntegrationPk, Mirror, Outcome};
use threadkeep_protocol::{Checkpoint, Id, IntegrationId};
use tokio_util::sync::CancellationToken;

use crate::{Remote, RunReport, SyncError, SyncOptions, retry::retry, sync};

/// One conversation, here and on its server.
#[derive(Debug, Clone, Copy)]
pub struct Thread<'a> {
    /// The mirror.
    pub mirror: &'a Mirror,
    /// The account in it.
    pub account: IntegrationPk,
    /// The conversation in it.
    pub chat: ConversationPk,
    /// The server.
    pub remote: &'a Remote,
    /// The account there.
    pub integration: IntegrationId,
    /// The conversation there.
    pub conversation: Id,
}

/// How one look at a request went.
#[derive(Debug)]
pub enum Look {
    /// The rows are here and the checkpoint is kept.
    Kept(Checkpoint),
    /// The rows could not all be brought; the checkpoint is not kept, and the report says why.
    Behind(RunReport),
}

impl Thread<'_> {
    /// Looks where the request stands, pulls what it has brought, and keeps the checkpoint. Where
    /// nothing has moved since the last look there is nothing to pull.
    ///
    /// # Errors
    /// When the server cannot be asked or the mirror cannot be written.
    pub async fn look(
        &self,
        options: SyncOptions,
        cancel: &CancellationToken,
    ) -> Result<Look, SyncError> {
        let attempt = || self.remote.history(self.integration, self.conversation);
        let now = retry(&options.retry, cancel, |_, _| {}, attempt).await?;
        let kept = self.mirror.checkpoint(self.chat).await?;
        if kept.is_some_and(|kept| has_not_moved(&kept, &now)) {
            return Ok(Look::Kept(now));
        }
        let report = sync(
            self.mirror,
            self.account,
            self.remote,
            self.integration,
            options,
            cancel.clone(),
            |_| {},
        )
        .await;
        if report.outcome != Outcome::Completed {
            return Ok(Look::Behind(report));
        }
        self.mirror.put_checkpoint(self.chat, now.clone()).await?;
        Ok(Look::Kept(now))
    }
}

/// That nothing older exists is a word of the chat's row, which the pull brings.
fn has_not_moved(kept: &Checkpoint, now: &Checkpoint) -> bool {
    (kept.request, kept.status, kept.updated_at, kept.seq)
        == (now.request, now.status, now.updated_at, now.seq)
}
