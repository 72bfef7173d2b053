//! The sync server: routes over the store, alone or inside the app.
//!
//! Purpose: HTTP in front of `threadkeep_server_store::Store`: who asks, what may they see, and the
//! protocol's answers. What a row is and when it moves is the store's business.
//!
//! Invariants:
//! - An integration that is not the token's and one that does not exist get the same answer, 404, so
//!   that nobody can find out who else is here.
//! - Every error is `application/problem+json` with a stable code; nothing that is logged or answered
//!   holds content or a token.
//! - No connection lives by doing nothing: headers, bodies and answers that stand still are closed.
//!
//! Rejected: `axum::serve`. It has no header timeout, so that a few thousand silent connections hold
//! it for good; the accept loop in `connection` is ours for that reason.

mod accept;
mod access;
mod backfill;
mod connection;
mod digest;
mod encoding;
mod guard;
mod history;
mod imports;
mod ingest;
mod intake;
mod lines;
mod link;
mod live;
mod media;
mod openapi;
mod options;
mod pages;
mod problem;
mod ranged;
mod recent;
mod report;
mod route;
mod router;
mod snapshot;
mod threads;
mod trace;
mod views;

use std::future::Future;

use threadkeep_server_store::Store;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use connection::ServeError;
pub use options::{
    BACKFILL_COUNT_VARIABLE, BACKFILL_THREADS_VARIABLE, DRY_RUN_VARIABLE, HistoryOptions,
    MAX_BACKFILL_THREADS, MEDIA_VARIABLE, Options, SNAPSHOTS_VARIABLE, SYNC_FULL_HISTORY_VARIABLE,
    SnapshotOptions,
};
pub use report::{merge, split};
pub use snapshot::build_snapshot;

/// Serves the store on the listener until `shutdown` resolves; then stops accepting, finishes what
/// runs (at most `Options::drain`), and returns.
///
/// # Errors
/// When the listener is of no use to begin with.
pub async fn serve(
    listener: TcpListener,
    store: Store,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    serve_with(listener, store, Options::default(), shutdown).await
}

/// The same with other limits, or for an app that embeds the server (`Options::embedded`).
///
/// # Errors
/// When the listener is of no use to begin with.
pub async fn serve_with(
    listener: TcpListener,
    store: Store,
    options: Options,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    // What ran when the server before this one ended runs no more.
    if let Err(error) = store.interrupt_history().await {
        tracing::warn!(%error, "requests for older messages stay as they were left");
    }
    let stopping = CancellationToken::new();
    let _stopped = stopping.clone().drop_guard();
    let asking = history::keep_asking(store.clone(), options.history, stopping.clone());
    tokio::spawn(asking);
    tokio::spawn(imports::go_on_undoing(store.clone(), stopping.clone()));
    tokio::spawn(media::sweep(store.clone(), options.contents(&store)));
    if let Some(snapshots) = options.snapshots.clone() {
        let building = snapshot::keep_built(store.clone(), snapshots, stopping.clone());
        tokio::spawn(building);
    }
    let router = router::routes(store, &options, stopping.clone());
    connection::serve(listener, router, &options, stopping, shutdown).await
}
