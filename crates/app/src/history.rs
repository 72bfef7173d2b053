//! Older messages of a chat, on demand: ask, follow, cancel, go on.
//!
//! A request lives on the server; an app that follows it pulls what it brings. Closing the app ends the
//! following and not the request: whoever opens it again sees how far it has come.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use threadkeep_mirror::{ChatRow, ConversationPk, IntegrationRow};
use threadkeep_protocol::{Checkpoint, HistoryQuery, HistoryStatus, MAX_HISTORY_MESSAGES};
use threadkeep_sync::{Look, Record, Remote, SyncError, SyncOptions, Thread};
use tokio_util::sync::CancellationToken;

use crate::{
    App, Error,
    chat::read_chat,
    embedded::EMBEDDED,
    turn::Who,
    view::{self, Gap, History},
};

/// Between two looks at a request that runs. A phone takes longer for its answer.
const LOOK: Duration = Duration::from_millis(500);

/// How long somebody who opens a chat waits for its server; then what was last heard is shown.
const PATIENCE: Duration = Duration::from_secs(5);

/// How much to bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryGoal {
    /// At most so many messages, 1 to 10,000.
    Messages(u32),
    /// Everything, by as many requests as it takes.
    Beginning,
}

/// The chats whose requests this app follows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Followed(Arc<Mutex<BTreeSet<ConversationPk>>>);

impl Followed {
    fn has(&self, chat: ConversationPk) -> bool {
        let followed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        followed.contains(&chat)
    }

    /// None where it is followed already.
    fn begin(&self, chat: ConversationPk) -> Option<Following> {
        let mut followed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        followed.insert(chat).then(|| Following {
            followed: self.clone(),
            chat,
        })
    }
}

/// A request that is being followed, until this is dropped.
struct Following {
    followed: Followed,
    chat: ConversationPk,
}

impl Drop for Following {
    fn drop(&mut self) {
        let mut followed = self
            .followed
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        followed.remove(&self.chat);
    }
}

impl App {
    /// Where the request for older messages of a chat stands: as its server says, or as it was last
    /// heard where the server cannot be asked.
    ///
    /// # Errors
    /// When there is no such chat, or the mirror cannot be read.
    pub async fn history(&self, chat: &str) -> Result<History, Error> {
        let chat = self.history_chat(chat).await?;
        let account = self.history_account(&chat).await?;
        let kept = self.mirror.checkpoint(chat.pk).await?.unwrap_or_default();
        if self.followed.has(chat.pk) {
            return self.shown(chat.pk, kept, true).await;
        }
        // Opening a chat is no reason to start the server inside the app; where it does not run,
        // neither does the request.
        if account.server == EMBEDDED && !self.embedded.is_running().await {
            return self.shown(chat.pk, stopped(kept), true).await;
        }
        let told = tokio::time::timeout(PATIENCE, self.ask_where(&account, &chat));
        match told.await {
            Ok(Ok(told)) => self.shown(chat.pk, told, true).await,
            Ok(Err(Error::Sync(error))) if error.is_absence() => {
                self.shown(chat.pk, kept, false).await
            }
            _ => self.shown(chat.pk, kept, true).await,
        }
    }

    /// Asks for older messages and follows the request to its end; `progress` hears of every step.
    /// While this app follows one already, it answers how that stands. From then on all of the chat is
    /// kept here, whatever the selection left out of it.
    ///
    /// # Errors
    /// When there is no such chat, its server cannot be asked or knows no such requests, or what came
    /// cannot be pulled. A request that was begun goes on all the same.
    pub async fn load_history<P>(
        &self,
        chat: &str,
        goal: HistoryGoal,
        resume: bool,
        progress: P,
    ) -> Result<History, Error>
    where
        P: Fn(History) + Send + Sync,
    {
        let row = self.history_chat(chat).await?;
        let account = self.history_account(&row).await?;
        let Some(_following) = self.followed.begin(row.pk) else {
            return self.history(chat).await;
        };
        let remote = self.remote(&account).await?;
        let cancel = self.closing.child_token();
        self.want_all_of(account.pk, row.pk, &cancel).await?;
        let mut query = HistoryQuery {
            max_messages: match goal {
                HistoryGoal::Messages(count) => count,
                HistoryGoal::Beginning => MAX_HISTORY_MESSAGES,
            },
            resume,
        };
        loop {
            remote
                .ask_history(account.integration_id, row.id, query)
                .await
                .map_err(no_history)?;
            let ended = self.follow_request(&account, &row, &remote, &cancel, &progress);
            let ended = ended.await?;
            let goes_on = goal == HistoryGoal::Beginning
                && ended.status == HistoryStatus::Completed
                && !ended.history_complete;
            if !goes_on {
                return self.shown(row.pk, ended, true).await;
            }
            query.resume = false;
        }
    }

    /// Cancels the request for older messages of a chat. What has come stays, and it can go on.
    ///
    /// # Errors
    /// When there is no such chat, or its server cannot be asked.
    pub async fn cancel_history(&self, chat: &str) -> Result<History, Error> {
        let row = self.history_chat(chat).await?;
        let account = self.history_account(&row).await?;
        let remote = self.remote(&account).await?;
        let cancelled = remote
            .cancel_history(account.integration_id, row.id)
            .await
            .map_err(no_history)?;
        if !self.followed.has(row.pk) {
            let cancel = self.closing.child_token();
            self.look_at_request(&account, &row, &remote, &cancel)
                .await?;
        }
        self.shown(row.pk, cancelled, true).await
    }

    /// Until it no longer runs.
    async fn follow_request(
        &self,
        account: &IntegrationRow,
        chat: &ChatRow,
        remote: &Remote,
        cancel: &CancellationToken,
        progress: &(impl Fn(History) + Send + Sync),
    ) -> Result<Checkpoint, Error> {
        let mut last = None;
        loop {
            let now = self.look_at_request(account, chat, remote, cancel).await?;
            if last.as_ref() != Some(&now) {
                progress(self.shown(chat.pk, now.clone(), true).await?);
                last = Some(now.clone());
            }
            if now.status != HistoryStatus::InProgress {
                return Ok(now);
            }
            tokio::select! {
                () = cancel.cancelled() => return Err(SyncError::Cancelled.into()),
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// One look, at the account's turn.
    async fn look_at_request(
        &self,
        account: &IntegrationRow,
        chat: &ChatRow,
        remote: &Remote,
        cancel: &CancellationToken,
    ) -> Result<Checkpoint, Error> {
        let turn = self.turns.take(account.pk, Who::Person, cancel).await;
        let turn = turn.ok_or(SyncError::Cancelled)?;
        let thread = Thread {
            mirror: &self.mirror,
            account: account.pk,
            chat: chat.pk,
            remote,
            integration: account.integration_id,
            conversation: chat.id,
        };
        let options = SyncOptions {
            mode: "history".to_owned(),
            // A deep history takes hundreds of looks.
            record: Record::Changes,
            ..self.sync_settings().await?.within_bounds().options()
        };
        match thread.look(options, &turn.cancel).await? {
            Look::Kept(now) => Ok(now),
            Look::Behind(report) => Err(match report.errors.into_iter().next() {
                Some(error) => Error::Behind {
                    code: error.code,
                    message: error.message,
                },
                None => SyncError::Cancelled.into(),
            }),
        }
    }

    async fn ask_where(
        &self,
        account: &IntegrationRow,
        chat: &ChatRow,
    ) -> Result<Checkpoint, Error> {
        let remote = self.remote(account).await?;
        Ok(remote.history(account.integration_id, chat.id).await?)
    }

    async fn history_chat(&self, chat: &str) -> Result<ChatRow, Error> {
        let row = self.mirror.chat(read_chat(chat)?).await?;
        row.ok_or_else(|| Error::NoChat(chat.to_owned()))
    }

    async fn history_account(&self, chat: &ChatRow) -> Result<IntegrationRow, Error> {
        self.account(&chat.integration.to_string()).await
    }

    /// The checkpoint beside what the mirror has of the chat now.
    async fn shown(
        &self,
        chat: ConversationPk,
        told: Checkpoint,
        can_ask: bool,
    ) -> Result<History, Error> {
        let row = self.mirror.chat(chat).await?;
        let row = row.ok_or_else(|| Error::NoChat(chat.to_string()))?;
        Ok(History {
            chat_id: chat.to_string(),
            status: status(told.status),
            messages_synced: told.messages_synced,
            max_messages: told.max_messages,
            progress_percent: told.progress_percent.min(100),
            last_message_id: told.last_message_id,
            last_timestamp: told.last_timestamp.map(|time| time.millis()),
            error_message: told.error_message,
            history_complete: told.history_complete || row.history_complete,
            gaps: gaps(&row),
            since: (row.oldest_message_at != 0).then_some(row.oldest_message_at),
            can_ask,
            followed: self.followed.has(chat),
        })
    }
}

pub(crate) fn gaps(row: &ChatRow) -> Vec<Gap> {
    let gaps = row.gaps.iter();
    gaps.map(|&(after, before)| Gap { after, before }).collect()
}

/// What ran on a server that does not run was interrupted with it.
fn stopped(mut kept: Checkpoint) -> Checkpoint {
    if kept.status == HistoryStatus::InProgress {
        kept.status = HistoryStatus::Interrupted;
    }
    kept
}

/// A server of the first design has no such requests.
fn no_history(error: SyncError) -> Error {
    if error.is_absence() {
        Error::NoHistory
    } else {
        error.into()
    }
}

const fn status(status: HistoryStatus) -> view::HistoryStatus {
    match status {
        HistoryStatus::NotStarted => view::HistoryStatus::NotStarted,
        HistoryStatus::InProgress => view::HistoryStatus::InProgress,
        HistoryStatus::Interrupted => view::HistoryStatus::Interrupted,
        HistoryStatus::Cancelled => view::HistoryStatus::Cancelled,
        HistoryStatus::Completed => view::HistoryStatus::Completed,
        HistoryStatus::Failed => view::HistoryStatus::Failed,
    }
}
