//! Turns: what writes much to one account's rows takes turns with whatever else does.
//!
//! A pull, a live pull, a verification and a history request would not corrupt anything side by side
//! (the mirror has one writer), but they would pull the same rows twice and cut each other's epochs.
//!
//! A person goes first: when one asks, what runs in the background is cancelled. It stops between two
//! transactions, so nothing is lost, and goes on at its next turn. What a person stops does not go on by
//! itself: work of the background that was begun before is given no further turn.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use threadkeep_mirror::IntegrationPk;
use tokio::sync::OwnedMutexGuard;
use tokio_util::sync::CancellationToken;

/// Who wants a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Somebody who waits for it.
    Person,
    /// The app by itself, for work that was begun when a person had stopped the account's so often.
    Background { stops: u64 },
}

/// The accounts' turns. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Turns(Arc<Mutex<BTreeMap<IntegrationPk, Place>>>);

#[derive(Debug, Default)]
struct Place {
    /// First come, first served.
    line: Arc<tokio::sync::Mutex<()>>,
    /// What asks background work that has the turn to give it back.
    background: Option<CancellationToken>,
    /// Persons in the line.
    persons: usize,
    /// How often a person has stopped what ran.
    stops: u64,
}

impl Turns {
    /// Waits for the account's turn; none where `stop` is cancelled first, or a person has stopped the
    /// work of the background. The work is to end when the turn's own token is cancelled: by `stop`,
    /// because a person waits, or because one has stopped it.
    pub(crate) async fn take(
        &self,
        account: IntegrationPk,
        who: Who,
        stop: &CancellationToken,
    ) -> Option<Turn> {
        let line = self.at(account, |place| Arc::clone(&place.line));
        let _waiting = (who == Who::Person).then(|| Waiting::new(self, account));
        loop {
            let guard = tokio::select! {
                biased;
                () = stop.cancelled() => return None,
                guard = Arc::clone(&line).lock_owned() => guard,
            };
            let turn = Turn {
                cancel: stop.child_token(),
                account,
                turns: self.clone(),
                _guard: guard,
            };
            let Who::Background { stops } = who else {
                return Some(turn);
            };
            let (was_stopped, has_persons) = self.at(account, |place| {
                place.background = Some(turn.cancel.clone());
                (place.stops != stops, place.persons > 0)
            });
            if was_stopped {
                return None;
            }
            if !has_persons {
                return Some(turn);
            }
            // Back to the end of the line, behind the person.
            drop(turn);
            tokio::task::yield_now().await;
        }
    }

    /// A person wants nothing more of an account just now: what the background has begun ends.
    pub(crate) fn stop(&self, account: IntegrationPk) {
        self.at(account, |place| {
            place.stops += 1;
            if let Some(background) = &place.background {
                background.cancel();
            }
        });
    }

    /// How often a person has stopped the account's work.
    pub(crate) fn stops(&self, account: IntegrationPk) -> u64 {
        self.at(account, |place| place.stops)
    }

    /// Waits until nobody has a turn.
    pub(crate) async fn all_given_back(&self) {
        let lines: Vec<_> = {
            let places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            places
                .values()
                .map(|place| Arc::clone(&place.line))
                .collect()
        };
        for line in lines {
            drop(line.lock().await);
        }
    }

    fn at<T>(&self, account: IntegrationPk, change: impl FnOnce(&mut Place) -> T) -> T {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(places.entry(account).or_default())
    }
}

/// An account's turn; given back when dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    /// Cancelled when the work is to end.
    pub(crate) cancel: CancellationToken,
    account: IntegrationPk,
    turns: Turns,
    _guard: OwnedMutexGuard<()>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns.at(self.account, |place| place.background = None);
    }
}

/// A person in the line, for as long as they wait.
struct Waiting<'a> {
    turns: &'a Turns,
    account: IntegrationPk,
}

impl<'a> Waiting<'a> {
    fn new(turns: &'a Turns, account: IntegrationPk) -> Self {
        turns.at(account, |place| {
            place.persons += 1;
            if let Some(background) = &place.background {
                background.cancel();
            }
        });
        Self { turns, account }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.turns.at(self.account, |place| place.persons -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: IntegrationPk = IntegrationPk(1);
    const BEN: IntegrationPk = IntegrationPk(2);
    const BACKGROUND: Who = Who::Background { stops: 0 };

    #[tokio::test]
    async fn one_account_has_one_turn_and_another_its_own() {
        let turns = Turns::default();
        let stop = CancellationToken::new();
        let first = turns.take(ANA, Who::Person, &stop).await.unwrap();
        let other = turns.take(BEN, Who::Person, &stop).await;
        assert!(other.is_some(), "accounts do not wait for each other");
        let second = turns.take(ANA, Who::Person, &stop);
        tokio::pin!(second);
        let waits = futures_poll(&mut second).await;
        assert!(waits, "the turn is taken");
        assert!(
            !first.cancel.is_cancelled(),
            "one person does not stop another"
        );
        drop(first);
        assert!(second.await.is_some());
    }

    #[tokio::test]
    async fn the_background_yields_to_a_person_and_goes_on_behind_them() {
        let turns = Turns::default();
        let stop = CancellationToken::new();
        let background = turns.take(ANA, BACKGROUND, &stop).await.unwrap();
        let later = turns.take(ANA, BACKGROUND, &stop);
        tokio::pin!(later);
        assert!(futures_poll(&mut later).await, "it is in the line first");
        let person = turns.take(ANA, Who::Person, &stop);
        tokio::pin!(person);
        assert!(futures_poll(&mut person).await);
        assert!(background.cancel.is_cancelled(), "it is asked to end");
        assert!(!stop.is_cancelled(), "nothing else is");
        drop(background);
        let person = tokio::select! {
            turn = &mut person => turn.unwrap(),
            _ = &mut later => panic!("the background goes before a person"),
        };
        assert!(futures_poll(&mut later).await);
        drop(person);
        let later = later.await.unwrap();
        assert!(!later.cancel.is_cancelled(), "nobody waits any more");
    }

    #[tokio::test]
    async fn a_wait_ends_when_it_is_stopped_and_leaves_nothing_behind() {
        let turns = Turns::default();
        let go = CancellationToken::new();
        let held = turns.take(ANA, BACKGROUND, &go).await.unwrap();
        let stop = CancellationToken::new();
        let waiting = turns.take(ANA, Who::Person, &stop);
        tokio::pin!(waiting);
        assert!(futures_poll(&mut waiting).await);
        stop.cancel();
        assert!(waiting.await.is_none());
        drop(held);
        assert!(
            turns.take(ANA, BACKGROUND, &go).await.is_some(),
            "nobody yields to a person who has left"
        );
        turns.all_given_back().await;
    }

    #[tokio::test]
    async fn what_a_person_stops_gets_no_further_turn_and_what_begins_later_does() {
        let turns = Turns::default();
        let go = CancellationToken::new();
        let running = turns.take(ANA, BACKGROUND, &go).await.unwrap();
        let waiting = turns.take(ANA, BACKGROUND, &go);
        tokio::pin!(waiting);
        assert!(futures_poll(&mut waiting).await);
        turns.stop(ANA);
        assert!(running.cancel.is_cancelled(), "what runs is to end");
        assert!(!go.is_cancelled(), "nothing else is");
        drop(running);
        assert!(waiting.await.is_none(), "nor does what waits begin");
        let stops = turns.stops(ANA);
        let later = turns.take(ANA, Who::Background { stops }, &go).await;
        assert!(!later.unwrap().cancel.is_cancelled(), "it is new work");
        assert!(
            turns.take(BEN, BACKGROUND, &go).await.is_some(),
            "other accounts were not meant"
        );
    }

    /// Lets a future run as far as it can; says whether it waits.
    async fn futures_poll<F: Future>(future: &mut std::pin::Pin<&mut F>) -> bool {
        let mut waits = true;
        for _ in 0..3 {
            waits = std::future::poll_fn(|context| {
                std::task::Poll::Ready(future.as_mut().poll(context).is_pending())
            })
            .await;
            tokio::task::yield_now().await;
        }
        waits
    }
}
