//! `PUT /integrations/{integration_id}/connection`: whoever feeds an account says whether it is online.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use serde::Deserialize;
use threadkeep_protocol::{BackfillQuery, ConnectionState};
use threadkeep_server_store::Scope;

use crate::{
    access::{Caller, Named},
    backfill, intake,
    problem::Failure,
    route::{Form, Operation, schema},
    router::Shared,
};

/// As text: a state that is none is refused, where a reader of a newer server's answer would shrug.
#[derive(Deserialize)]
struct Told {
    connection: String,
}

/// What the document says of `put`.
pub(crate) fn operation() -> Operation {
    Operation::scoped::<ConnectionState>(
        Scope::Ingest,
        "ingest",
        "Whether whoever feeds the integration is online",
    )
    .describe(
        "What comes while it is online is taken as whole. When it comes back after it was away, what \
         was missed is looked for: a backfill begins, unless the server was told not to.",
    )
    .takes(
        "The state.",
        vec![Form {
            media_type: "application/json",
            holds: schema::<ConnectionState>,
        }],
    )
}

pub(crate) async fn put(
    State(shared): State<Shared>,
    caller: Caller,
    Named(integration): Named<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<ConnectionState>, Failure> {
    let integration = caller.reach(Scope::Ingest, &integration)?;
    let bytes = intake::read(&headers, body, shared.patience).await?;
    let told: Told = serde_json::from_slice(&bytes)
        .map_err(|_| Failure::bad_request("The body must be {\"connection\": \"…\"}."))?;
    let connection = told.connection.parse().map_err(|_| {
        Failure::bad_request(
            "connection must be connected, connecting, pairing, logged_out or disconnected.",
        )
    })?;
    let is_back = shared.store.set_connection(integration, connection).await?;
    if is_back && shared.history.sync_full_history {
        backfill::begin(&shared, integration, BackfillQuery::default());
    }
    Ok(Json(ConnectionState { connection }))
}
