//! What came of each conversation in a call: what it makes whole, and which requests it answers.

use std::collections::HashMap;

use rusqlite::Connection;
use threadkeep_protocol::{HistoryAnswer, Record, SyncSource};

use super::{
    call::Call,
    outcome::{Outcome, Refusal},
};
use crate::{
    coverage::{Coverage, Stretch},
    error::StoreError,
    history::{self, Brought, Step},
};

/// What came in a call, by conversation, and what it answers.
#[derive(Default)]
pub struct Arrivals {
    by_conversation: HashMap<i64, Arrival>,
    answers: Vec<(Step, HistoryAnswer)>,
    /// Messages of the platform's first history.
    pub history: u64,
}

/// What came of one conversation.
#[derive(Default)]
struct Arrival {
    /// New live messages: time and key.
    live: Vec<(i64, i64)>,
    /// The ends of what came as history, known messages included.
    oldest: Option<(i64, i64)>,
    newest: Option<i64>,
    new: u32,
}

impl Arrivals {
    /// A message came. One without a time says nothing of when.
    pub fn note(
        &mut self,
        conversation: i64,
        (at, message): (i64, i64),
        source: SyncSource,
        is_new: bool,
    ) {
        self.history += u64::from(source == SyncSource::HistorySync);
        let arrival = self.by_conversation.entry(conversation).or_default();
        if source != SyncSource::Realtime {
            arrival.new += u32::from(is_new);
            arrival.widen(at, message);
        } else if is_new {
            arrival.live.push((at, message));
        }
    }

    /// The question that a conversation's messages in this call are the answer to, where none of them
    /// is to be kept.
    pub fn dry_before(&self, conversation: i64) -> Option<i64> {
        let mut answers = self.answers.iter();
        let (step, _) =
            answers.find(|(step, _)| step.is_dry && step.conversation == conversation)?;
        Some(step.before_at.unwrap_or(i64::MAX))
    }

    /// A message that would have come.
    pub fn count(&mut self, conversation: i64) {
        self.by_conversation.entry(conversation).or_default().new += 1;
    }

    /// Expects the answers that another call of the same request expects.
    pub fn expect_the_same(&mut self, other: &Self) {
        self.answers.clone_from(&other.answers);
    }

    pub const fn has_answers(&self) -> bool {
        !self.answers.is_empty()
    }

    /// Adds what a later record of the same request brought.
    pub fn extend(&mut self, later: Self) {
        // It expected the same, and perhaps one more.
        if later.answers.len() > self.answers.len() {
            self.answers = later.answers;
        }
        self.history += later.history;
        for (conversation, arrival) in later.by_conversation {
            let known = self.by_conversation.entry(conversation).or_default();
            known.live.extend(arrival.live);
            known.new += arrival.new;
            if let (Some((at, message)), Some(newest)) = (arrival.oldest, arrival.newest) {
                known.widen(at, message);
                known.newest = known.newest.max(Some(newest));
            }
        }
    }
}

impl Arrival {
    fn widen(&mut self, at: i64, message: i64) {
        if at <= 0 {
            return;
        }
        if self.oldest.is_none_or(|(oldest, _)| at < oldest) {
            self.oldest = Some((at, message));
        }
        self.newest = self.newest.max(Some(at));
    }

    /// What came as history, from its oldest message to its newest.
    fn part(&self, presence: i64) -> Option<Stretch> {
        let ((from, first), to) = (self.oldest?, self.newest?);
        Some(Stretch {
            from,
            to,
            first,
            presence,
        })
    }

    /// What is older than the message that a question names is its answer, whatever the feeder calls it.
    fn answers(&mut self, before: Option<i64>) {
        let before = before.unwrap_or(i64::MAX);
        let live = std::mem::take(&mut self.live);
        let (old, live): (Vec<_>, Vec<_>) = live.into_iter().partition(|(at, _)| *at <= before);
        self.new += u32::try_from(old.len()).unwrap_or(u32::MAX);
        for (at, message) in old {
            self.widen(at, message);
        }
        self.live = live;
    }
}

/// What is whole now and which requests go on, to be written once the rows are.
#[must_use = "a request stands still until its steps are taken"]
#[derive(Default)]
pub struct Settled {
    coverage: Vec<(i64, Coverage)>,
    steps: Vec<(Step, HistoryAnswer, Brought)>,
}

impl Settled {
    /// Writes it down. The rows that it names are written by now.
    pub fn write(self, conn: &Connection) -> Result<(), StoreError> {
        for (conversation, coverage) in self.coverage {
            coverage.store(conn, conversation)?;
        }
        for (step, answer, brought) in self.steps {
            history::advance(conn, &step, &answer, &brought)?;
        }
        Ok(())
    }
}

impl Call<'_> {
    /// Notes which request this call answers; done before its messages are taken.
    pub fn expect(&mut self, record: &Record) -> Result<Outcome, Refusal> {
        match record {
            Record::HistoryAsked(asked) => {
                let noted = history::note_session(
                    self.conn,
                    self.integration,
                    asked.request,
                    &asked.session,
                )?;
                if !noted {
                    return Err(Refusal::Record("there is no such request".to_owned()));
                }
                Ok(Outcome::Unchanged)
            }
            Record::HistoryResult(answer) => self.expect_answer(answer),
            _ => Ok(Outcome::Unchanged),
        }
    }

    fn expect_answer(&mut self, answer: &HistoryAnswer) -> Result<Outcome, Refusal> {
        let named = answer.external_conversation_id.as_deref();
        let conversation = named.map(|address| self.resolve(address)).transpose()?;
        let found =
            history::find_step(self.conn, self.integration, answer, conversation.as_deref())?;
        let Some(step) = found else {
            if answer.request.is_some() {
                return Err(Refusal::Record("there is no such request".to_owned()));
            }
            // Another program's question: what it brings is taken, nothing of ours moves.
            return Ok(Outcome::Unchanged);
        };
        let twice = self
            .arrivals
            .answers
            .iter()
            .any(|(known, _)| known.id == step.id);
        if twice {
            return Ok(Outcome::Unchanged);
        }
        self.arrivals.answers.push((step, answer.clone()));
        Ok(Outcome::of_change(step.is_open))
    }

    /// Settles what is whole now. The conversations change with it, so this comes before the rows are
    /// written; the steps come after.
    pub fn settle(&mut self) -> Result<Settled, StoreError> {
        let Arrivals {
            mut by_conversation,
            answers,
            ..
        } = std::mem::take(&mut self.arrivals);
        let mut settled = Settled::default();
        for (step, answer) in answers {
            let mut arrival = by_conversation
                .remove(&step.conversation)
                .unwrap_or_default();
            arrival.answers(step.before_at);
            let brought =
                self.settle_arrival(step.conversation, arrival, Some((&step, &answer)))?;
            settled
                .coverage
                .extend(brought.coverage.map(|kept| (step.conversation, kept)));
            if step.is_open {
                settled.steps.push((step, answer, brought.brought));
            }
        }
        for (conversation, arrival) in by_conversation {
            let came = self.settle_arrival(conversation, arrival, None)?;
            settled
                .coverage
                .extend(came.coverage.map(|kept| (conversation, kept)));
        }
        Ok(settled)
    }

    /// What came of one conversation, as the answer to a question or by itself.
    fn settle_arrival(
        &mut self,
        conversation: i64,
        mut arrival: Arrival,
        answered: Option<(&Step, &HistoryAnswer)>,
    ) -> Result<Came, StoreError> {
        let before = Coverage::load(self.conn, conversation)?;
        let mut coverage = before.clone();
        let part = arrival.part(self.presence);
        match (answered, part) {
            (Some((step, _)), Some(part)) if !step.is_dry => {
                // It reaches to the message that it was asked before, unless it is about something newer.
                let to = step.before_at.filter(|before| part.from <= *before);
                coverage.answered(Stretch {
                    to: to.unwrap_or(part.to),
                    ..part
                });
            }
            (None, Some(part)) => coverage.sent(part),
            _ => {}
        }
        let reach = |coverage: &Coverage| coverage.newest().map(|stretch| stretch.from);
        let moved = reach(&coverage) != reach(&before);
        arrival.live.sort_unstable();
        for (at, message) in arrival.live.into_iter().filter(|(at, _)| *at > 0) {
            coverage.came(at, message, self.presence);
        }
        if let Some((step, answer)) = answered
            && answer.complete
            && answer.error.is_none()
            && !step.is_dry
        {
            self.conversation(conversation)?.history_complete = true;
        }
        let is_other = coverage != before;
        if is_other {
            self.conversation(conversation)?.gaps = coverage.gaps_text()?;
        }
        Ok(Came {
            brought: Brought {
                new: arrival.new,
                oldest: arrival.oldest,
                moved,
            },
            coverage: is_other.then_some(coverage),
        })
    }

    /// Two conversations turned out to be one.
    pub fn merge_history(&mut self, loser: i64, winner: i64) -> Result<(), StoreError> {
        history::merge(self.conn, loser, winner)?;
        let before = Coverage::load(self.conn, winner)?;
        let mut coverage = before.clone();
        coverage.absorb(&Coverage::load(self.conn, loser)?);
        // Learned before any message of the call is taken, so both conversations are in the file.
        Coverage::default().store(self.conn, loser)?;
        if coverage != before {
            coverage.store(self.conn, winner)?;
            self.conversation(winner)?.gaps = coverage.gaps_text()?;
        }
        Ok(())
    }
}

/// What came of one conversation, settled.
struct Came {
    brought: Brought,
    /// What is whole now, where that has changed.
    coverage: Option<Coverage>,
}
