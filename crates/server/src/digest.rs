//! What a stream holds, for a client that wants to know whether it holds the same.

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use serde::Deserialize;
use threadkeep_protocol::{Stream, StreamDigest};
use threadkeep_server_store::{Scope, Store};

use crate::{
    access::{Caller, Named},
    problem::Failure,
    route::Operation,
};

#[derive(Deserialize)]
pub(crate) struct Asked {
    view: Option<String>,
}

pub(crate) fn operation() -> Operation {
    Operation::scoped::<StreamDigest>(Scope::Read, "sync", "What a stream holds, in 256 sums")
        .describe(
            "A row falls into the bucket of the last byte of its id. A bucket's `digest` is the wrapping \
             64-bit sum, over its rows, of xxh3-64 of the id's 16 bytes and the seq's 8 in little endian; \
             16 hexadecimal digits, since no JSON number carries it. Whoever has pulled to `latest_seq` \
             must have the same; the rows of a bucket that differs are asked for with `bucket`. The \
             content of a row is in no sum.",
        )
        .text("view", "The id of a view: only what is in it.")
}

pub(crate) async fn digest(
    State(store): State<Store>,
    caller: Caller,
    Named((stream, integration)): Named<(String, String)>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<StreamDigest>, Failure> {
    let integration = caller.reach(Scope::Read, &integration)?;
    let stream: Stream = stream.parse().map_err(|_| Failure::not_found())?;
    let Query(asked) = asked.map_err(|_| Failure::bad_request("The query cannot be read."))?;
    Ok(Json(store.digest(integration, stream, asked.view).await?))
}
