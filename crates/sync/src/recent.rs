//! The newest messages of the newest chats, beside the long pull of an empty mirror, so that there is
//! something to read within a second.
//!
//! They move no cursor, and a row weighs by its seq whatever way it came: the long pull brings them again,
//! and nothing is doubled or lost by it. So this is a courtesy: whatever goes wrong with it goes wrong in
//! silence, and the long pull tells if there is something to tell.

use std::sync::atomic::{AtomicUsize, Ordering};

use threadkeep_mirror::{Applied, Batch, IntegrationPk, Mirror, Rows};
use threadkeep_protocol::{Id, IntegrationId, Rule, Stream, View};
use tokio_util::sync::CancellationToken;

use crate::{
    RecentFirst, Remote, SyncError, clock,
    options::SyncOptions,
    plan::{Step, is_other_epoch},
    report::Tally,
    retry::retry,
};

impl RecentFirst {
    /// How many messages it fetches at most.
    fn messages_in_all(self) -> u64 {
        u64::from(self.chats) * u64::from(self.messages)
    }

    /// Whether it gains anything: there is nothing to read yet, and much to come.
    pub(crate) fn is_worth_it(self, steps: &[Step], held_messages: u64) -> bool {
        let pull = steps.iter().find(|step| step.stream == Stream::Messages);
        pull.is_some_and(|pull| {
            pull.from == 0
                && held_messages < self.messages_in_all()
                && pull
                    .total
                    .is_none_or(|total| total > self.messages_in_all())
        })
    }
}

/// What fetching needs to know.
pub(crate) struct Recents<'a> {
    pub mirror: &'a Mirror,
    pub pk: IntegrationPk,
    pub remote: &'a Remote,
    pub integration: IntegrationId,
    pub options: &'a SyncOptions,
    pub epoch: &'a str,
    pub stop: &'a CancellationToken,
    pub tally: &'a Tally,
    /// Messages of a chat.
    pub messages: u32,
    /// What is wanted; none for everything.
    pub view: Option<&'a View>,
}

impl Recents<'_> {
    /// Fetches and applies the newest messages of these chats, a few chats at a time.
    pub(crate) async fn fetch(&self, chats: &[Id]) -> Applied {
        let next = AtomicUsize::new(0);
        let some = || self.one_by_one(chats, &next);
        let (a, b, c, d) = tokio::join!(some(), some(), some(), some());
        let mut applied = Applied::default();
        for some in [a, b, c, d] {
            applied += some;
        }
        applied
    }

    /// Takes the next chat as long as there is one and nothing goes wrong.
    async fn one_by_one(&self, chats: &[Id], next: &AtomicUsize) -> Applied {
        let mut applied = Applied::default();
        while let Some(chat) = chats.get(next.fetch_add(1, Ordering::Relaxed)) {
            match self.chat(*chat).await {
                Ok(chat) => applied += chat,
                Err(error) => {
                    tracing::debug!(code = error.code(), "newest messages did not come first");
                    next.store(chats.len(), Ordering::Relaxed);
                }
            }
        }
        applied
    }

    async fn chat(&self, chat: Id) -> Result<Applied, SyncError> {
        let ask = || {
            self.tally.request();
            self.remote
                .recent(self.integration, chat, None, self.messages)
        };
        let recent = retry(&self.options.retry, self.stop, |_, _| {}, ask).await?;
        if is_other_epoch(self.epoch, &recent.epoch) {
            let epoch = recent.epoch;
            return Err(SyncError::EpochChanged { epoch });
        }
        let rule = self.view.map_or(Rule::ALL, |view| view.rule(chat));
        let mut messages = recent.messages;
        messages.retain(|message| rule.covers(message.timestamp));
        let batch = Batch {
            rows: Rows::Messages(messages),
            cursor: None,
            epoch: self.epoch.to_owned(),
            at: clock::now().millis(),
        };
        Ok(self.mirror.apply(self.pk, batch).await?)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::much_to_come(0, Some(100_000), 0, true)]
    #[case::nobody_knows_how_much(0, None, 0, true)]
    #[case::as_quick_without(0, Some(2_500), 0, false)]
    #[case::begun_and_cut_short(0, Some(100_000), 2_499, true)]
    #[case::there_is_something_to_read(0, Some(100_000), 2_500, false)]
    #[case::the_pull_goes_on(7, None, 0, false)]
    fn it_is_for_an_empty_mirror_and_a_long_pull(
        #[case] from: i64,
        #[case] total: Option<u64>,
        #[case] held: u64,
        #[case] worth: bool,
    ) {
        let pull = Step {
            stream: Stream::Messages,
            from,
            total,
            reaches: 0,
        };
        assert_eq!(RecentFirst::default().is_worth_it(&[pull], held), worth);
        assert!(
            !RecentFirst::default().is_worth_it(&[], held),
            "no messages to pull"
        );
    }
}
