//! How far a run is, in true numbers: rows that are in the mirror, of rows that the server has.
//!
//! Totals grow when the server grows and are never smaller than what is done, so that no bar runs past
//! its end. Where a server counts nothing a total stays unknown; it is not guessed.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use serde::Serialize;
use threadkeep_mirror::{IntegrationPk, SyncStates};
use threadkeep_protocol::Stream;

use crate::{clock::Stopwatch, plan::Step};

/// Fast enough for an eye, slow enough for a channel to a window.
const MIN_INTERVAL: Duration = Duration::from_millis(100);

/// What a run is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Files that hold everything; they are counted in bytes.
    Snapshot,
    /// A stream; it is counted in rows.
    #[serde(untagged)]
    Stream(Stream),
}

impl Stage {
    /// A stable name for a program.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Snapshot => "snapshot",
            Self::Stream(stream) => stream.name(),
        }
    }
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Progress {
    /// Of which account.
    pub integration: IntegrationPk,
    /// What is being fetched.
    pub stage: Stage,
    /// Rows of it that are in the mirror, of those that this run has to bring; bytes of a snapshot that
    /// have come.
    pub done: u64,
    /// Rows of it that this run has to bring; bytes of a snapshot.
    pub total: Option<u64>,
    /// Since the stage began; 0 of a snapshot.
    pub rows_per_second: f64,
    /// Rows of all stages that are in the mirror.
    pub overall_done: u64,
    /// Rows of all stages that this run has to pull; unknown while one of them is.
    pub overall_total: Option<u64>,
    /// The run waits for so many seconds before it asks the server again.
    pub retry_in: Option<f64>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    /// Rows that came at one go, before what is pulled.
    brought: u64,
    done: u64,
    total: Option<u64>,
}

impl Count {
    const fn done(self) -> u64 {
        self.brought + self.done
    }

    fn total(self) -> Option<u64> {
        self.total.map(|total| self.brought + total)
    }
}

#[derive(Debug)]
struct Run {
    stages: BTreeMap<Stream, Count>,
    /// Bytes of a snapshot: those that are here, and all.
    fetched: (u64, u64),
    current: Stage,
    stage_time: Stopwatch,
    last_sent: Option<Stopwatch>,
}

impl Run {
    fn was_just_told(&self) -> bool {
        let told = self.last_sent;
        told.is_some_and(|told| told.elapsed() < MIN_INTERVAL)
    }
}

/// Counts, and tells who listens.
pub(crate) struct Meter<'a> {
    integration: IntegrationPk,
    listener: &'a (dyn Fn(Progress) + Send + Sync),
    run: Mutex<Run>,
}

impl<'a> Meter<'a> {
    pub(crate) fn new(
        integration: IntegrationPk,
        listener: &'a (dyn Fn(Progress) + Send + Sync),
    ) -> Self {
        Self {
            integration,
            listener,
            run: Mutex::new(Run {
                stages: BTreeMap::new(),
                fetched: (0, 0),
                current: Stage::Stream(Stream::Conversations),
                stage_time: Stopwatch::start(),
                last_sent: None,
            }),
        }
    }

    /// Begins, or begins again, with what the plan knows.
    pub(crate) fn plan(&self, steps: &[Step]) {
        self.with(|run| {
            run.stages = steps
                .iter()
                .map(|step| {
                    let count = Count {
                        total: step.total,
                        ..Count::default()
                    };
                    (step.stream, count)
                })
                .collect();
        });
    }

    /// Bytes of a snapshot are here; told unless something was just told, and always at the beginning and at the end.
    pub(crate) fn fetched(&self, here: u64, total: u64) {
        self.tell(|run| {
            (run.fetched, run.current) = ((here, total), Stage::Snapshot);
            let is_edge = here == 0 || here == total;
            (is_edge || !run.was_just_told()).then_some(None)
        });
    }

    /// Rows came at one go, before what was planned: always told, stage by stage.
    pub(crate) fn brought(&self, held: &SyncStates) {
        let came = || held.iter().filter(|(_, state)| state.rows > 0);
        self.with(|run| {
            for (stream, state) in came() {
                let none = Count {
                    total: Some(0),
                    ..Count::default()
                };
                run.stages.entry(stream).or_insert(none).brought = state.rows;
            }
        });
        for (stream, _) in came() {
            self.tell(|run| {
                run.current = Stage::Stream(stream);
                run.stage_time = Stopwatch::start();
                Some(None)
            });
        }
    }

    /// A stage begins: always told.
    pub(crate) fn begin(&self, stream: Stream) {
        self.tell(|run| {
            run.current = Stage::Stream(stream);
            run.stage_time = Stopwatch::start();
            Some(None)
        });
    }

    /// Rows are in the mirror; told unless something was just told.
    pub(crate) fn applied(&self, stream: Stream, rows: u64, total: Option<u64>) {
        self.tell(|run| {
            let stage = run.stages.entry(stream).or_default();
            stage.done += rows;
            stage.total = total.or(stage.total).map(|total| total.max(stage.done));
            (!run.was_just_told()).then_some(None)
        });
    }

    /// A stage ends: always told. What came is what there was.
    pub(crate) fn finish(&self, stream: Stream) {
        self.tell(|run| {
            let stage = run.stages.entry(stream).or_default();
            stage.total = Some(stage.done);
            Some(None)
        });
    }

    /// The server is to be asked again after a while: always told.
    pub(crate) fn waiting(&self, wait: Duration) {
        self.tell(|_| Some(Some(wait.as_secs_f64())));
    }

    fn with<T>(&self, change: impl FnOnce(&mut Run) -> T) -> T {
        change(&mut self.run.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the numbers and tells them where `change` says so, with the wait that it says. The
    /// listener is called with the lock released: it may take its time.
    fn tell(&self, change: impl FnOnce(&mut Run) -> Option<Option<f64>>) {
        let progress = self.with(|run| {
            let retry_in = change(run)?;
            run.last_sent = Some(Stopwatch::start());
            Some(self.progress(run, retry_in))
        });
        if let Some(progress) = progress {
            (self.listener)(progress);
        }
    }

    fn progress(&self, run: &Run, retry_in: Option<f64>) -> Progress {
        let (done, total, rows) = match run.current {
            Stage::Snapshot => (run.fetched.0, Some(run.fetched.1), 0),
            Stage::Stream(stream) => {
                let count = run.stages.get(&stream).copied().unwrap_or_default();
                (count.done(), count.total(), count.done)
            }
        };
        let seconds = run.stage_time.elapsed().as_secs_f64();
        Progress {
            integration: self.integration,
            stage: run.current,
            done,
            total,
            rows_per_second: if seconds > 0.0 {
                rows as f64 / seconds
            } else {
                0.0
            },
            overall_done: run.stages.values().map(|count| count.done()).sum(),
            overall_total: run.stages.values().map(|count| count.total()).sum(),
            retry_in,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHATS: Stage = Stage::Stream(Stream::Conversations);
    const MESSAGES: Stage = Stage::Stream(Stream::Messages);

    fn step(stream: Stream, total: Option<u64>) -> Step {
        Step {
            stream,
            from: 0,
            total,
            reaches: 0,
        }
    }

    /// What a listener hears, as (stage, done, total, overall done, overall total).
    type Heard = (Stage, u64, Option<u64>, u64, Option<u64>);

    fn heard(steps: &[Step], run: impl FnOnce(&Meter<'_>)) -> Vec<Heard> {
        let heard = Mutex::new(Vec::new());
        let listener = |p: Progress| {
            heard
                .lock()
                .unwrap()
                .push((p.stage, p.done, p.total, p.overall_done, p.overall_total));
        };
        let meter = Meter::new(IntegrationPk(1), &listener);
        meter.plan(steps);
        run(&meter);
        heard.into_inner().unwrap()
    }

    #[test]
    fn the_first_and_the_last_of_a_stage_are_always_told() {
        let steps = [
            step(Stream::Conversations, Some(2)),
            step(Stream::Messages, Some(10)),
        ];
        let heard = heard(&steps, |meter| {
            meter.begin(Stream::Conversations);
            meter.applied(Stream::Conversations, 2, Some(2));
            meter.finish(Stream::Conversations);
            meter.begin(Stream::Messages);
        });
        assert_eq!(heard.first(), Some(&(CHATS, 0, Some(2), 0, Some(12))));
        assert!(heard.contains(&(CHATS, 2, Some(2), 2, Some(12))));
        assert_eq!(heard.last(), Some(&(MESSAGES, 0, Some(10), 2, Some(12))));
    }

    #[test]
    fn a_thousand_pages_at_once_are_not_a_thousand_events() {
        let heard = heard(&[step(Stream::Messages, Some(1_000))], |meter| {
            meter.begin(Stream::Messages);
            for _ in 0..1_000 {
                meter.applied(Stream::Messages, 1, None);
            }
            meter.finish(Stream::Messages);
        });
        assert!(heard.len() < 1_000, "{} events", heard.len());
        assert_eq!(heard.last().map(|last| last.1), Some(1_000));
    }

    #[test]
    fn a_total_grows_with_the_server_and_never_falls_behind() {
        let heard = heard(&[step(Stream::Messages, Some(5))], |meter| {
            meter.begin(Stream::Messages);
            meter.applied(Stream::Messages, 5, Some(8));
            meter.applied(Stream::Messages, 9, Some(8));
            meter.waiting(Duration::from_secs(1));
        });
        assert_eq!(heard.last(), Some(&(MESSAGES, 14, Some(14), 14, Some(14))));
    }

    #[test]
    fn an_unknown_total_stays_unknown() {
        let steps = [
            step(Stream::Conversations, Some(5)),
            step(Stream::Messages, None),
        ];
        let heard = heard(&steps, |meter| meter.begin(Stream::Conversations));
        assert_eq!(heard, [(CHATS, 0, Some(5), 0, None)]);
    }

    #[test]
    fn bytes_of_files_are_no_rows() {
        let heard = heard(&[step(Stream::Messages, Some(5))], |meter| {
            meter.fetched(0, 100);
            meter.fetched(100, 100);
        });
        assert_eq!(
            heard,
            [
                (Stage::Snapshot, 0, Some(100), 0, Some(5)),
                (Stage::Snapshot, 100, Some(100), 0, Some(5)),
            ]
        );
    }
}
