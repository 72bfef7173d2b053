//! Imports: begun, ended and taken back; and by whom a message is known.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use serde::de::DeserializeOwned;
use threadkeep_protocol::{Import, ImportStep, MessageSource, NewImport};
use threadkeep_server_store::{Scope, Store, StoreError};
use tokio_util::sync::CancellationToken;

use crate::{
    access::{Caller, Named},
    intake,
    problem::Failure,
    route::{Form, Operation, schema},
    router::Shared,
};

pub(crate) fn beginning() -> Operation {
    let form = Form {
        media_type: "application/json",
        holds: schema::<NewImport>,
    };
    Operation::scoped::<Import>(Scope::Ingest, "imports", "Begin an import")
        .describe("Records are sent to `/ingest/{integration_id}?import=ID` until it is ended.")
        .takes("What is imported.", vec![form])
}

pub(crate) fn listing() -> Operation {
    Operation::scoped::<Vec<Import>>(
        Scope::Read,
        "imports",
        "The imports of an account, oldest first",
    )
}

pub(crate) fn ending() -> Operation {
    let form = Form {
        media_type: "application/json",
        holds: schema::<ImportStep>,
    };
    Operation::scoped::<Import>(Scope::Ingest, "imports", "End an import")
        .describe(
            "`complete` or `cancelled`, from `running`; nothing is taken in under it any more. What has \
             come stays until the import is deleted.",
        )
        .takes("Where it goes.", vec![form])
}

pub(crate) fn undoing() -> Operation {
    Operation::scoped::<Import>(Scope::Ingest, "imports", "Take an import back")
        .describe(
            "What only this import brought goes, on every client (`is_withdrawn`); what others know too \
             stays, and fields that it changed become what they were, where nobody has said something \
             since. It goes on when the caller does not wait for it. Cut off by the server's end it is \
             `undoing`, and goes on when the server starts again.",
        )
}

pub(crate) fn asking_for_sources() -> Operation {
    Operation::scoped::<Vec<MessageSource>>(Scope::Read, "imports", "By whom a message is known")
}

/// `POST /imports/{integration_id}`
pub(crate) async fn begin(
    State(shared): State<Shared>,
    caller: Caller,
    Named(integration): Named<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Import>, Failure> {
    let integration = caller.reach(Scope::Ingest, &integration)?;
    let new: NewImport = read(&shared, &headers, body).await?;
    Ok(Json(shared.store.begin_import(integration, new).await?))
}

/// `GET /imports/{integration_id}`
pub(crate) async fn list(
    State(shared): State<Shared>,
    caller: Caller,
    Named(integration): Named<String>,
) -> Result<Json<Vec<Import>>, Failure> {
    let integration = caller.reach(Scope::Read, &integration)?;
    Ok(Json(shared.store.imports(integration).await?))
}

/// `PATCH /imports/{integration_id}/{import_id}`
pub(crate) async fn end(
    State(shared): State<Shared>,
    caller: Caller,
    Named((integration, import)): Named<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Import>, Failure> {
    let integration = caller.reach(Scope::Ingest, &integration)?;
    let import = named(&import)?;
    let step: ImportStep = read(&shared, &headers, body).await?;
    let ended = shared.store.end_import(integration, import, step.state);
    Ok(Json(ended.await?))
}

/// `DELETE /imports/{integration_id}/{import_id}`
pub(crate) async fn undo(
    State(shared): State<Shared>,
    caller: Caller,
    Named((integration, import)): Named<(String, String)>,
) -> Result<Json<Import>, Failure> {
    let integration = caller.reach(Scope::Ingest, &integration)?;
    let import = named(&import)?;
    // Half an undoing is what nobody wants: it goes on when the caller hangs up.
    let undoing = tokio::spawn(async move { shared.store.undo_import(integration, import).await });
    Ok(Json(undoing.await.map_err(|_| Failure::internal())??))
}

/// `GET /messages/{integration_id}/{message_id}/sources`
pub(crate) async fn sources(
    State(shared): State<Shared>,
    caller: Caller,
    Named((integration, message)): Named<(String, String)>,
) -> Result<Json<Vec<MessageSource>>, Failure> {
    let integration = caller.reach(Scope::Read, &integration)?;
    let message = message.parse().map_err(|_| Failure::not_found())?;
    let sources = shared.store.message_sources(integration, message);
    Ok(Json(sources.await?))
}

/// Goes on with what was being taken back when the server before this one ended. It stops between two slices, and the
/// next server goes on.
pub(crate) async fn go_on_undoing(store: Store, stopping: CancellationToken) {
    if let Err(error) = undo_the_rest(&store, &stopping).await {
        tracing::warn!(%error, "an import stays half taken back until it is asked for again");
    }
}

async fn undo_the_rest(store: &Store, stopping: &CancellationToken) -> Result<(), StoreError> {
    for (integration, import) in store.undoing().await? {
        tracing::info!(import, "taking back the rest of an import");
        while !stopping.is_cancelled() && store.undo_some(integration, import).await? {}
    }
    Ok(())
}

fn named(import: &str) -> Result<i64, Failure> {
    import.parse().map_err(|_| Failure::not_found())
}

async fn read<T: DeserializeOwned>(
    shared: &Shared,
    headers: &HeaderMap,
    body: Body,
) -> Result<T, Failure> {
    let bytes = intake::read(headers, body, shared.patience).await?;
    serde_json::from_slice(&bytes)
        .map_err(|error| Failure::bad_request(format!("The body cannot be read: {error}.")))
}
