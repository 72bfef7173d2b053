//! What of an account is kept on this computer: which chats, how far back, with files or not.

use threadkeep_mirror::{ConversationPk, IntegrationPk, IntegrationRow, Selection};
use threadkeep_protocol::{MAX_VIEW_CHATS, Rule, Timestamp};
use threadkeep_sync::SyncError;
use tokio_util::sync::CancellationToken;

use crate::{
    App, Error,
    chat::read_chat,
    turn::Who,
    view::{ChatRule, Freed, KeepRule, SelectionAsked, SelectionPlan, SelectionView},
};

impl App {
    /// What of an account is kept here.
    ///
    /// # Errors
    /// When there is no such account or the mirror cannot be read.
    pub async fn selection(&self, account: &str) -> Result<SelectionView, Error> {
        let row = self.account(account).await?;
        let selected = self.mirror.selection(row.pk).await?;
        let mut chats = Vec::new();
        for (pk, rule) in selected.selection.chats() {
            let chat = self.mirror.chat(*pk).await?;
            chats.push(ChatRule {
                chat_id: pk.to_string(),
                title: chat.map(|chat| chat.name).unwrap_or_default(),
                rule: shown(*rule),
            });
        }
        Ok(SelectionView {
            account_id: row.pk.to_string(),
            rule: shown(selected.selection.rule()),
            chats,
            pending: selected.is_pending,
        })
    }

    /// What it would do to choose this; nothing is changed.
    ///
    /// # Errors
    /// When there is no such account or chat, there are more rules than a server takes, or the mirror
    /// cannot be read.
    pub async fn plan_selection(
        &self,
        account: &str,
        asked: SelectionAsked,
    ) -> Result<SelectionPlan, Error> {
        let row = self.account(account).await?;
        let selection = self.asked(row.pk, asked).await?;
        let plan = self.mirror.plan_selection(row.pk, selection).await?;
        Ok(SelectionPlan {
            frees: Freed {
                chats: number(plan.frees.chats),
                messages: number(plan.frees.messages),
                media: number(plan.frees.media),
                bytes: number(plan.frees.bytes),
            },
            fetches: plan.fetches,
        })
    }

    /// Chooses what of an account is kept here, and frees what is not. What is wanted and not here comes
    /// with the next pull, which begins at once where the account is kept current.
    ///
    /// # Errors
    /// When something would be freed and `may_free` is not said, there is no such account or chat, there
    /// are more rules than a server takes (nothing has changed then), or the mirror cannot be written.
    pub async fn select(
        &self,
        account: &str,
        asked: SelectionAsked,
        may_free: bool,
    ) -> Result<SelectionView, Error> {
        let row = self.account(account).await?;
        let selection = self.asked(row.pk, asked).await?;
        let stop = self.closing.child_token();
        let turn = self.turns.take(row.pk, Who::Person, &stop).await;
        let turn = turn.ok_or(SyncError::Cancelled)?;
        if !may_free {
            let plan = self.mirror.plan_selection(row.pk, selection.clone());
            let frees = plan.await?.frees;
            if !frees.is_nothing() {
                return Err(Error::WouldFree {
                    messages: frees.messages,
                    media: frees.media,
                    chats: frees.chats,
                });
            }
        }
        self.mirror.select(row.pk, selection).await?;
        // Who is stopped goes on with the next pull.
        let goes_on = || !turn.cancel.is_cancelled();
        self.mirror.free(row.pk, goes_on).await?;
        drop(turn);
        let account = row.pk.to_string();
        self.fetch_behind(row).await?;
        self.selection(&account).await
    }

    /// Wants all of a chat from now on: a person has asked for what its rule leaves out.
    pub(crate) async fn want_all_of(
        &self,
        account: IntegrationPk,
        chat: ConversationPk,
        stop: &CancellationToken,
    ) -> Result<(), Error> {
        let turn = self.turns.take(account, Who::Person, stop).await;
        let _turn = turn.ok_or(SyncError::Cancelled)?;
        let selection = self.mirror.selection(account).await?.selection;
        let rule = selection.of(chat);
        if rule.included && rule.since.is_none() {
            return Ok(());
        }
        let others = selection.rule();
        let wide = Rule {
            included: true,
            since: None,
            media: if rule.included {
                rule.media
            } else {
                others.media || !others.included
            },
        };
        let selection = selection.with(chat, wide);
        Ok(self.mirror.select(account, selection).await?)
    }

    /// Has an account that is kept current look at its server once more.
    async fn fetch_behind(&self, row: IntegrationRow) -> Result<(), Error> {
        if self.mirror.selection(row.pk).await?.is_pending {
            self.follow_anew(row).await;
        }
        Ok(())
    }

    /// What a person asked for, in names of the mirror.
    async fn asked(
        &self,
        account: IntegrationPk,
        asked: SelectionAsked,
    ) -> Result<Selection, Error> {
        let mut chats = Vec::with_capacity(asked.chats.len());
        for each in asked.chats {
            let pk = read_chat(&each.chat_id)?;
            let chat = self.mirror.chat(pk).await?;
            if chat.is_none_or(|chat| chat.integration != account) {
                return Err(Error::NoChat(each.chat_id));
            }
            chats.push((pk, read(each.rule)));
        }
        let selection = Selection::new(read(asked.rule), chats);
        if selection.chats().len() > MAX_VIEW_CHATS {
            return Err(Error::TooManyRules);
        }
        Ok(selection)
    }
}

fn read(rule: KeepRule) -> Rule {
    Rule {
        included: rule.included,
        since: rule.since.map(Timestamp::from_millis),
        media: rule.media,
    }
}

fn shown(rule: Rule) -> KeepRule {
    KeepRule {
        included: rule.included,
        since: rule.since.map(Timestamp::millis),
        media: rule.media,
    }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
