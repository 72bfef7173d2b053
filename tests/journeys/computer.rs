//! A person's computer, without the app around the mirror: cuts have to be exact.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
};

use proptest::prelude::*;
use threadkeep_mirror::{IntegrationPk, Mirror, NewIntegration, Selection};
use threadkeep_protocol::{IntegrationId, Rule, View};
use threadkeep_sync::{
    Outcome, PageLimit, Remote, RemoteOptions, SyncOptions, VerifyOptions, sync, verify,
};
use threadkeep_tests::{Rows, assert_at_cursor, assert_same, held_rows, in_view, records::at};
use tokio_util::sync::CancellationToken;

use crate::words::{CHATS, address};

/// What a person wants: of all chats, and of some.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    rule: Rule,
    own: Vec<(usize, Rule)>,
}

impl Choice {
    /// Nothing is left out.
    pub(crate) const fn everything() -> Self {
        Self {
            rule: Rule::ALL,
            own: Vec::new(),
        }
    }
}

pub(crate) fn choice() -> impl Strategy<Value = Choice> {
    let own = proptest::collection::vec((0..CHATS, rule()), 0..4);
    prop_oneof![
        1 => Just(Choice::everything()),
        4 => (rule(), own).prop_map(|(rule, own)| Choice { rule, own }),
    ]
}

fn rule() -> impl Strategy<Value = Rule> {
    // Messages are sent from 0 to 110 seconds.
    let since = proptest::option::of((0..12i64).prop_map(|tens| at(tens * 10)));
    let wide = (since, any::<bool>()).prop_map(|(since, media)| Rule {
        included: true,
        since,
        media,
    });
    prop_oneof![1 => Just(Rule::NONE), 1 => Just(Rule::ALL), 2 => wide]
}

/// A person's computer.
pub(crate) struct Computer {
    pub(crate) name: String,
    pub(crate) file: PathBuf,
    pub(crate) mirror: Mirror,
    pub(crate) remote: Remote,
    pub(crate) account: IntegrationId,
}

impl Computer {
    /// A computer with nothing on it.
    pub(crate) fn new(
        name: &str,
        file: PathBuf,
        url: &str,
        token: &str,
        account: IntegrationId,
    ) -> Self {
        let url = format!("{url}/").parse().expect("an address");
        let remote = Remote::new(url, Some(token.to_owned()), RemoteOptions::default());
        Self {
            name: name.to_owned(),
            mirror: Mirror::open(&file).expect("a new mirror opens"),
            remote: remote.expect("a client"),
            file,
            account,
        }
    }

    /// Starts the app again.
    pub(crate) async fn restart(&mut self) {
        self.mirror.close().await;
        self.mirror = Mirror::open(&self.file).expect("it opens again");
    }

    /// Chooses what is kept, of the chats that are known here. Cut, nothing is freed yet.
    pub(crate) async fn select(&self, choice: &Choice, is_cut: bool) {
        let pk = self.integration().await;
        let mut own = Vec::new();
        for (chat, rule) in &choice.own {
            let found = self.mirror.find_chat(&address(*chat)).await;
            own.extend(
                found
                    .expect("it can be read")
                    .first()
                    .map(|chat| (chat.pk, *rule)),
            );
        }
        let selection = Selection::new(choice.rule, own);
        let plan = self.mirror.plan_selection(pk, selection.clone()).await;
        let plan = plan.expect("it can be read");
        let selected = self.mirror.select(pk, selection).await;
        selected.expect("it can be written");
        let freeing = self.mirror.free(pk, || !is_cut).await;
        let freeing = freeing.expect("it can be written");
        if !is_cut {
            // What was left behind by merges is nothing that a plan speaks of.
            assert!(
                plan.frees.messages <= freeing.messages,
                "{plan:?} {freeing:?}"
            );
            self.assert_sound().await;
        }
    }

    /// What is wanted here, as the server is asked for it.
    pub(crate) async fn view(&self) -> Option<View> {
        let wanted = self.mirror.want(self.integration().await).await;
        wanted.expect("it can be written").view
    }

    /// The law: what is here is what is wanted of the server's rows, up to the cursor.
    pub(crate) async fn assert_lawful(&self, rows: &Rows, is_complete: bool) {
        let view = self.view().await;
        let selected = self.mirror.selection(self.integration().await).await;
        let is_pending = selected.expect("it can be read").is_pending;
        assert!(
            !(is_complete && is_pending),
            "{}: nothing is left to do",
            self.name
        );
        // Cut short, a part of what was wanted before may be here, and of what is wanted now be missing.
        if is_complete || (view.is_none() && !is_pending) {
            let rows = in_view(rows, view.as_ref());
            assert_at_cursor(&rows, &held_rows(&self.file, 1), &self.name);
        }
        self.assert_sound().await;
    }

    /// All that is wanted is here, and nothing else.
    pub(crate) async fn assert_whole(&self, rows: &Rows) {
        let rows = in_view(rows, self.view().await.as_ref());
        assert_same(&rows, &held_rows(&self.file, 1), &self.name);
        self.assert_lawful(&rows, true).await;
    }

    pub(crate) async fn integration(&self) -> IntegrationPk {
        let known = self
            .remote
            .integrations()
            .await
            .expect("the token is good")
            .remove(0);
        let new = NewIntegration {
            server: self.remote.origin().to_owned(),
            integration: known,
        };
        self.mirror
            .put_integration(new)
            .await
            .expect("it takes an account")
    }

    /// Pulls; says whether it was let come to its end.
    pub(crate) async fn pull(&self, page: u32, cut: Option<usize>, lines: bool) -> bool {
        let pk = self.integration().await;
        let options = SyncOptions {
            page_limit: PageLimit::all(page),
            recent_first: None,
            streaming: lines,
            ..SyncOptions::default()
        };
        let cancel = CancellationToken::new();
        let heard = AtomicUsize::new(0);
        let progress = |_| {
            let so_far = heard.fetch_add(1, Ordering::Relaxed) + 1;
            if cut.is_some_and(|limit| so_far >= limit) {
                cancel.cancel();
            }
        };
        let (mirror, remote, stop) = (&self.mirror, &self.remote, cancel.clone());
        let report = sync(mirror, pk, remote, self.account, options, stop, progress).await;
        let ends_well = match report.outcome {
            Outcome::Completed => true,
            Outcome::Cancelled => cut.is_some(),
            _ => false,
        };
        assert!(ends_well, "{} pulls: {:?}", self.name, report.errors);
        report.outcome == Outcome::Completed
    }

    pub(crate) async fn verify(&self, full: bool) {
        let pk = self.integration().await;
        let options = VerifyOptions {
            full,
            ..VerifyOptions::default()
        };
        let (mirror, remote) = (&self.mirror, &self.remote);
        let cancel = CancellationToken::new();
        let report = verify(mirror, pk, remote, self.account, options, cancel, |_| {}).await;
        assert!(report.is_sound(), "{}: {report:?}", self.name);
        let touched = report.streams.iter().map(|one| one.mended + one.removed);
        assert_eq!(
            touched.sum::<u64>(),
            0,
            "there was nothing to mend: {report:?}"
        );
        self.assert_sound().await;
    }

    /// Every counter says what is there, and nothing hangs on nothing.
    pub(crate) async fn assert_sound(&self) {
        let found = self.mirror.check(false).await.expect("it can be read");
        assert_eq!(found, [], "{}", self.name);
    }
}
