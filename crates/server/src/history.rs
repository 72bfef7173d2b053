//! Older history on demand: a client asks, looks and cancels; whoever feeds the account asks what there
//! is to do, and answers by an ingest.

use std::time::Duration;

use axum::{
    Json,
    body::Body,
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode},
};
use serde::Deserialize;
use serde_json::Value;
use threadkeep_protocol::{
    Checkpoint, FeederRequests, HistoryQuery, Id, MAX_HISTORY_MESSAGES, MAX_WAIT_SECONDS,
};
use threadkeep_server_store::{Asker, NewHistory, Scope, Store};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::{
    HistoryOptions,
    access::{Caller, Named},
    intake,
    problem::Failure,
    route::{Form, Operation, schema},
    router::Shared,
};

pub(crate) fn asking() -> Operation {
    let form = Form {
        media_type: "application/json",
        holds: schema::<HistoryQuery>,
    };
    Operation::scoped::<Checkpoint>(Scope::Read, "history", "Ask for older messages")
        .describe(
            "Whoever feeds the account is asked for messages that are older than those that are here, \
             gaps first, until so many have come or nothing older is left. While a request of the \
             conversation runs it is the answer. One that was interrupted or cancelled goes on with \
             `resume`; one that ended begins anew.",
        )
        .takes("How many at most.", vec![form])
        .accepted("The request, as it now stands.")
}

pub(crate) fn cancelling() -> Operation {
    Operation::scoped::<Checkpoint>(
        Scope::Read,
        "history",
        "Cancel a request for older messages",
    )
    .describe("What has come stays. A request that does not run is left as it is.")
}

pub(crate) fn waiting() -> Operation {
    Operation::scoped::<FeederRequests>(Scope::Ingest, "ingest", "What a feeder is to bring")
        .describe(
            "Each request is the caller's for `lease_seconds`, and is answered by an ingest of its \
             messages with a record `history_result`.",
        )
        .seconds("wait", "How long to wait for something to do; at most 30.")
}

/// `POST /history/{integration_id}/{conversation_id}`
pub(crate) async fn ask(
    State(shared): State<Shared>,
    caller: Caller,
    Named((integration, conversation)): Named<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Checkpoint>), Failure> {
    let integration = caller.reach(Scope::Read, &integration)?;
    let conversation = named(&conversation)?;
    let asked = asked(&intake::read(&headers, body, shared.patience).await?)?;
    let new = NewHistory {
        conversation,
        max_messages: asked.max_messages,
        resume: asked.resume,
        asker: Asker::Client,
    };
    let checkpoint = shared.store.ask_history(integration, new).await?;
    Ok((StatusCode::ACCEPTED, Json(checkpoint)))
}

/// `GET /history/{integration_id}/{conversation_id}`
pub(crate) async fn look(
    State(store): State<Store>,
    caller: Caller,
    Named((integration, conversation)): Named<(String, String)>,
) -> Result<Json<Checkpoint>, Failure> {
    let integration = caller.reach(Scope::Read, &integration)?;
    Ok(Json(
        store.history(integration, named(&conversation)?).await?,
    ))
}

/// `DELETE /history/{integration_id}/{conversation_id}`
pub(crate) async fn cancel(
    State(store): State<Store>,
    caller: Caller,
    Named((integration, conversation)): Named<(String, String)>,
) -> Result<Json<Checkpoint>, Failure> {
    let integration = caller.reach(Scope::Read, &integration)?;
    let conversation = named(&conversation)?;
    Ok(Json(store.cancel_history(integration, conversation).await?))
}

fn named(conversation: &str) -> Result<Id, Failure> {
    conversation.parse().map_err(|_| Failure::not_found())
}

/// Read by hand: a number that is none gets our answer, in words.
fn asked(body: &[u8]) -> Result<HistoryQuery, Failure> {
    let body: Value = serde_json::from_slice(body)
        .map_err(|_| Failure::bad_request("The body must be {\"max_messages\": 1000}."))?;
    let range = 1..=u64::from(MAX_HISTORY_MESSAGES);
    let max_messages = body["max_messages"]
        .as_u64()
        .filter(|count| range.contains(count))
        .and_then(|count| u32::try_from(count).ok());
    let resume = match &body["resume"] {
        Value::Null => Some(false),
        resume => resume.as_bool(),
    };
    Ok(HistoryQuery {
        max_messages: max_messages.ok_or_else(|| {
            Failure::bad_request(format!(
                "max_messages must be a whole number from 1 to {MAX_HISTORY_MESSAGES}."
            ))
        })?,
        resume: resume.ok_or_else(|| Failure::bad_request("resume must be true or false."))?,
    })
}

#[derive(Deserialize)]
pub(crate) struct Waits {
    wait: Option<String>,
}

impl Waits {
    fn wait(&self) -> Result<Duration, Failure> {
        let Some(text) = &self.wait else {
            return Ok(Duration::ZERO);
        };
        let seconds: u64 = text
            .parse()
            .map_err(|_| Failure::bad_request("wait must be a whole number of seconds."))?;
        Ok(Duration::from_secs(seconds.min(MAX_WAIT_SECONDS)))
    }
}

/// `GET /ingest/{integration_id}/requests`: answers as soon as there is something to do, and with
/// nothing once the wait is over or the server is going away.
pub(crate) async fn requests(
    State(shared): State<Shared>,
    caller: Caller,
    Named(integration): Named<String>,
    waits: Result<Query<Waits>, QueryRejection>,
) -> Result<Json<FeederRequests>, Failure> {
    let integration = caller.reach(Scope::Ingest, &integration)?;
    let Query(waits) = waits.map_err(|_| Failure::bad_request("The query cannot be read."))?;
    let until = Instant::now() + waits.wait()?;
    let mut moves = shared.store.history_moves();
    loop {
        moves.mark_unchanged();
        let limits = shared.history.limits();
        let requests = shared.store.take_requests(integration, limits).await?;
        let is_over = Instant::now() >= until || shared.stopping.is_cancelled();
        if is_over || !requests.is_empty() {
            return Ok(Json(FeederRequests {
                sync_full_history: shared.history.sync_full_history,
                requests,
            }));
        }
        tokio::select! {
            () = shared.stopping.cancelled() => {}
            _ = timeout_at(until, moves.changed()) => {}
        }
    }
}

/// Looks after questions that nobody answers, until the server goes away.
pub(crate) async fn keep_asking(store: Store, options: HistoryOptions, stop: CancellationToken) {
    let pause = (options.lease / 4).clamp(Duration::from_millis(20), Duration::from_secs(5));
    while tokio::time::timeout(pause, stop.cancelled()).await.is_err() {
        if let Err(error) = store.sweep_requests(options.limits()).await {
            tracing::warn!(%error, "requests for older messages cannot be looked after");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case::one(r#"{"max_messages": 1}"#, Some((1, false)))]
    #[case::the_most(r#"{"max_messages": 10000, "resume": true}"#, Some((10_000, true)))]
    #[case::none(r#"{"max_messages": 0}"#, None)]
    #[case::too_many(r#"{"max_messages": 10001}"#, None)]
    #[case::negative(r#"{"max_messages": -1}"#, None)]
    #[case::a_fraction(r#"{"max_messages": 1.5}"#, None)]
    #[case::a_text(r#"{"max_messages": "50"}"#, None)]
    #[case::left_out("{}", None)]
    #[case::a_resume_that_is_none(r#"{"max_messages": 1, "resume": "yes"}"#, None)]
    #[case::no_object("[1]", None)]
    #[case::nothing("", None)]
    fn a_request_is_for_one_to_ten_thousand(#[case] body: &str, #[case] read: Option<(u32, bool)>) {
        let asked = asked(body.as_bytes()).ok();
        assert_eq!(asked.map(|asked| (asked.max_messages, asked.resume)), read);
    }
}
