//! Backfill: asking for older messages of the newest chats, one after the other, in the background.
//!
//! Invariants: one backfill of an account at a time, two of its chats at a time, with a pause of random
//! length between them, since a phone that is asked for everything at once answers nothing. A phone that
//! does not answer is not asked for the remaining chats.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde_json::Value;
use threadkeep_protocol::{
    BackfillQuery, BackfillResult, BackfillStarted, Checkpoint, HistoryStatus, IntegrationId,
    MAX_HISTORY_MESSAGES, ThreadResult,
};
use threadkeep_server_store::{Asker, NewHistory, Scope, Store, StoreError, Thread};
use tokio_util::sync::CancellationToken;

use crate::{
    HistoryOptions, MAX_BACKFILL_THREADS,
    access::{Caller, Named},
    intake,
    problem::Failure,
    route::{Form, Operation, schema},
    router::Shared,
};

pub(crate) fn starting() -> Operation {
    let form = Form {
        media_type: "application/json",
        holds: schema::<BackfillQuery>,
    };
    Operation::scoped::<BackfillStarted>(
        Scope::Ingest,
        "history",
        "Ask for older messages of the newest chats",
    )
    .describe(
        "It goes on in the background; what it did is the account's `last_backfill_result`. A dry run \
         counts what would come and keeps none of it.",
    )
    .may_take("Which chats and how much; the server's defaults where it does not say.", vec![form])
    .accepted("It runs.")
}

/// Whoever answers may be another process on the same file, which wakes nobody here.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// The backfills that run, by account.
#[derive(Clone, Default)]
pub(crate) struct Backfills(Arc<Mutex<BTreeMap<IntegrationId, BackfillStarted>>>);

/// `POST /backfill/{integration_id}`
pub(crate) async fn start(
    State(shared): State<Shared>,
    caller: Caller,
    Named(integration): Named<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<BackfillStarted>), Failure> {
    let integration = caller.reach(Scope::Ingest, &integration)?;
    let body = intake::read(&headers, body, shared.patience).await?;
    let asked = if body.trim_ascii().is_empty() {
        BackfillQuery::default()
    } else {
        // By way of an object: serde would take a list for one.
        let asked = serde_json::from_slice(&body).map(Value::Object);
        asked.and_then(serde_json::from_value).map_err(|_| {
            Failure::bad_request(
                "The body must be {\"threads\": 50, \"count\": 100, \"dry_run\": false}.",
            )
        })?
    };
    within("threads", asked.threads, MAX_BACKFILL_THREADS)?;
    within("count", asked.count, MAX_HISTORY_MESSAGES)?;
    Ok((
        StatusCode::ACCEPTED,
        Json(begin(&shared, integration, asked)),
    ))
}

fn within(name: &str, number: Option<u32>, most: u32) -> Result<(), Failure> {
    if number.is_none_or(|number| (1..=most).contains(&number)) {
        return Ok(());
    }
    Err(Failure::bad_request(format!(
        "{name} must be a whole number from 1 to {most}."
    )))
}

/// Starts a backfill unless one runs.
pub(crate) fn begin(
    shared: &Shared,
    integration: IntegrationId,
    asked: BackfillQuery,
) -> BackfillStarted {
    let defaults = &shared.history;
    let started = BackfillStarted {
        threads: asked.threads.unwrap_or(defaults.backfill_threads),
        count: asked.count.unwrap_or(defaults.backfill_count),
        dry_run: asked.dry_run.unwrap_or(defaults.dry_run),
        already_running: false,
    };
    let running = shared.backfills.clone();
    {
        let mut running = running.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = running.get(&integration) {
            return BackfillStarted {
                already_running: true,
                ..*known
            };
        }
        running.insert(integration, started);
    }
    let run = Run {
        store: shared.store.clone(),
        options: shared.history,
        stop: shared.stopping.clone(),
        integration,
        started,
        unanswered: AtomicBool::new(false),
    };
    tokio::spawn(async move {
        if let Err(error) = run.whole().await {
            tracing::warn!(%error, integration, "a backfill failed");
        }
        let mut running = running.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.remove(&integration);
    });
    started
}

struct Run {
    store: Store,
    options: HistoryOptions,
    stop: CancellationToken,
    integration: IntegrationId,
    started: BackfillStarted,
    /// The phone does not answer: the remaining chats are left for another time.
    unanswered: AtomicBool,
}

impl Run {
    async fn whole(&self) -> Result<(), StoreError> {
        let threads = self
            .store
            .backfill_threads(self.integration, self.started.threads)
            .await?;
        let queue = Mutex::new(threads.into_iter());
        let (mut one, other) = tokio::join!(self.work(&queue), self.work(&queue));
        one.extend(other);
        let result = BackfillResult {
            threads: one.len() as i64,
            messages: one.iter().map(|thread| thread.messages).sum(),
            errors: one.iter().filter(|thread| thread.error.is_some()).count() as i64,
            dry_run: self.started.dry_run,
            thread_results: one,
        };
        tracing::info!(
            integration = self.integration,
            threads = result.threads,
            messages = result.messages,
            errors = result.errors,
            dry_run = result.dry_run,
            "a backfill is done"
        );
        self.store.note_backfill(self.integration, result).await
    }

    /// Asks for one chat after the other, as long as there are any.
    async fn work(&self, queue: &Mutex<std::vec::IntoIter<Thread>>) -> Vec<ThreadResult> {
        let mut results = Vec::new();
        loop {
            let pause = self.options.backfill_pause.mul_f64(random());
            if tokio::time::timeout(pause, self.stop.cancelled())
                .await
                .is_ok()
            {
                return results;
            }
            let is_over = self.unanswered.load(Ordering::Relaxed);
            let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(thread) = (!is_over).then(next).flatten() else {
                return results;
            };
            match self.thread(&thread).await {
                Ok(Some(result)) => results.push(result),
                Ok(None) => return results,
                Err(error) => results.push(ThreadResult {
                    external_conversation_id: thread.external_id,
                    messages: 0,
                    error: Some(error.to_string()),
                }),
            }
        }
    }

    /// Asks for one chat and waits for the end; none where the server goes away first.
    async fn thread(&self, thread: &Thread) -> Result<Option<ThreadResult>, StoreError> {
        let new = NewHistory {
            conversation: thread.conversation,
            max_messages: self.started.count,
            resume: false,
            asker: Asker::Backfill {
                dry_run: self.started.dry_run,
            },
        };
        let asked = self.store.ask_history(self.integration, new).await?;
        let Some(ended) = self.ended(asked).await? else {
            return Ok(None);
        };
        if ended.status == HistoryStatus::Interrupted {
            self.unanswered.store(true, Ordering::Relaxed);
        }
        let is_done = ended.status == HistoryStatus::Completed;
        let stopped = || format!("It was stopped: {}.", ended.status.name());
        Ok(Some(ThreadResult {
            external_conversation_id: thread.external_id.clone(),
            messages: i64::from(ended.messages_synced),
            error: (!is_done).then(|| ended.error_message.clone().unwrap_or_else(stopped)),
        }))
    }

    async fn ended(&self, mut checkpoint: Checkpoint) -> Result<Option<Checkpoint>, StoreError> {
        let mut moves = self.store.history_moves();
        loop {
            moves.mark_unchanged();
            checkpoint = self.store.history_request(checkpoint.request).await?;
            if checkpoint.status != HistoryStatus::InProgress {
                return Ok(Some(checkpoint));
            }
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return Ok(None),
                _ = tokio::time::timeout(LOOK_AGAIN, moves.changed()) => {}
            }
        }
    }
}

/// From 0 to 1. Without random bytes the pause is its longest, which does no harm.
fn random() -> f64 {
    getrandom::u32().map_or(1.0, |number| f64::from(number) / f64::from(u32::MAX))
}
