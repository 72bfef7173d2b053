//! Snapshots: handing them out, and what keeps them (`keep`).
//!
//! Files are read by the name that the manifest gives them and by no other. A `Range` that cannot be
//! understood or met is ignored, as HTTP allows: the whole file comes, and its status says so. What was
//! opened goes on when a new pack takes its place. A token that is revoked while a file is on its way
//! reads that file to its end.

mod keep;
mod source;

use axum::{Json, extract::State, http::HeaderMap, response::Response};
use threadkeep_protocol::{IntegrationId, Snapshot};
use threadkeep_server_store::Scope;
use threadkeep_snapshot::{Snapshots, is_current};
use tokio::fs::File;

pub use keep::build_snapshot;
pub(crate) use keep::keep_built;

use crate::{
    access::{Caller, Named},
    problem::Failure,
    ranged::{self, Whole},
    route::Operation,
    router::Shared,
};

/// What the document says of `manifest`.
pub(crate) fn describing() -> Operation {
    Operation::scoped::<Snapshot>(
        Scope::Read,
        "sync",
        "What there is of the integration as files",
    )
    .describe(
        "For a client that has nothing of the integration yet: a mirror and its search index, up to \
         the cursors. `not_found` where there are none, which is no fault: the streams have it all.",
    )
}

pub(crate) async fn manifest(
    State(shared): State<Shared>,
    caller: Caller,
    Named(integration): Named<String>,
) -> Result<Json<Snapshot>, Failure> {
    let integration = caller.reach(Scope::Read, &integration)?;
    let (_, manifest) = held(&shared, integration).await?;
    Ok(Json(manifest))
}

/// What the document says of `file`.
pub(crate) fn handing_out() -> Operation {
    Operation::scoped::<()>(Scope::Read, "sync", "A file of a snapshot")
        .describe(
            "By the name that the snapshot gives it. `Range` with one range of bytes is answered with 206, \
             under `If-Range` only for the very same file; its `ETag` is its hash.",
        )
        .text_only("application/zstd", "The file, packed with zstd.")
}

pub(crate) async fn file(
    State(shared): State<Shared>,
    caller: Caller,
    Named((integration, name)): Named<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let integration = caller.reach(Scope::Read, &integration)?;
    let (snapshots, manifest) = held(&shared, integration).await?;
    let about = manifest.named(&name).ok_or_else(Failure::not_found)?;
    // Gone since the manifest was read: another pack has taken its place.
    let file = File::open(snapshots.packed(integration, &about.name)).await;
    let whole = Whole {
        length: about.packed_bytes,
        tag: &about.sha256,
        media_type: "application/zstd",
    };
    ranged::answer(file.map_err(|_| Failure::not_found())?, &whole, &headers)
        .await
        .map_err(|error| {
            tracing::error!(%error, "a snapshot cannot be read");
            Failure::internal()
        })
}

/// What there is of an integration, if it is of the history that the server tells.
async fn held(
    shared: &Shared,
    integration: IntegrationId,
) -> Result<(Snapshots, Snapshot), Failure> {
    let epoch = shared.store.status(integration).await?.epoch;
    let snapshots = shared.snapshots.clone().ok_or_else(Failure::not_found)?;
    let look = snapshots.clone();
    let manifest = tokio::task::spawn_blocking(move || look.manifest(integration)).await;
    let manifest = manifest.map_err(|_| Failure::internal())?;
    let manifest = manifest.map_err(|error| {
        tracing::error!(%error, "a snapshot cannot be read");
        Failure::internal()
    })?;
    manifest
        .filter(|manifest| is_current(manifest, &epoch))
        .map(|manifest| (snapshots, manifest))
        .ok_or_else(Failure::not_found)
}
