//! All routes, as one table, from which the router and the OpenAPI document are made.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::FromRef,
    http::{HeaderValue, header},
    middleware,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use threadkeep_content::Contents;
use threadkeep_protocol::{Checkpoint, Dashboard, Integration, SyncStatus};
use threadkeep_server_store::{Scope, Store};
use threadkeep_snapshot::Snapshots;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower_http::{catch_panic::CatchPanicLayer, set_header::SetResponseHeaderLayer};

use crate::{
    HistoryOptions, Options, SnapshotOptions, backfill,
    backfill::Backfills,
    digest, guard, history, imports, ingest, link, live, media, openapi, pages, problem,
    problem::Failure,
    recent,
    route::{Operation, Route},
    snapshot, threads, trace, views,
};

/// Bodies that are being read and taken at a time: each may hold 32 MiB and its records.
const INTAKES: usize = 8;

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) intakes: Arc<Semaphore>,
    pub(crate) patience: Duration,
    pub(crate) longest_answer: Duration,
    /// Places for clients that stay for live events.
    pub(crate) live: Arc<Semaphore>,
    pub(crate) heartbeat: Duration,
    /// The server is to stop: what could go on for long comes to an end of its own.
    pub(crate) stopping: CancellationToken,
    pub(crate) history: HistoryOptions,
    pub(crate) backfills: Backfills,
    pub(crate) snapshots: Option<Snapshots>,
    pub(crate) contents: Contents,
    pub(crate) max_media: u64,
}

impl FromRef<Shared> for Store {
    fn from_ref(shared: &Shared) -> Self {
        shared.store.clone()
    }
}

/// Every way in.
pub(crate) fn table() -> Vec<Route> {
    vec![
        Route::get(
            "/health",
            health,
            Operation::open::<Health>("server", "Whether the server answers"),
        ),
        Route::get(
            "/openapi.json",
            openapi::document,
            Operation::open::<BTreeMap<String, Value>>("server", "This document"),
        ),
        Route::get(
            "/integrations",
            pages::integrations,
            Operation::scoped::<Vec<Integration>>(
                Scope::Read,
                "sync",
                "The accounts that the token may read",
            ),
        ),
        Route::get(
            "/sync/status/{integration_id}",
            pages::status,
            Operation::scoped::<SyncStatus>(Scope::Read, "sync", "Where each stream stands"),
        ),
        Route::get(
            "/sync/{stream}/{integration_id}",
            pages::stream,
            pages::operation(),
        ),
        Route::get(
            "/sync/digest/{stream}/{integration_id}",
            digest::digest,
            digest::operation(),
        ),
        Route::get(
            "/sync/messages/{integration_id}/{conversation_id}",
            recent::messages,
            recent::operation(),
        ),
        Route::get(
            "/snapshots/{integration_id}",
            snapshot::manifest,
            snapshot::describing(),
        ),
        Route::get(
            "/snapshots/{integration_id}/{file}",
            snapshot::file,
            snapshot::handing_out(),
        ),
        Route::get(
            "/media/{integration_id}/{media_id}",
            media::get,
            media::handing_out(),
        ),
        Route::get(
            "/media/{integration_id}/{media_id}/thumbnail",
            media::thumbnail,
            media::showing(),
        ),
        Route::put(
            "/media/{integration_id}/{media_id}",
            media::put,
            media::taking(),
        ),
        Route::get("/live/{integration_id}", live::follow, live::operation()),
        Route::put(
            "/integrations/{integration_id}/connection",
            link::put,
            link::operation(),
        ),
        Route::put("/views/{integration_id}", views::put, views::operation()),
        Route::get(
            "/threads/{integration_id}",
            threads::list,
            threads::listing(),
        ),
        Route::get(
            "/threads/{integration_id}/{conversation_id}/messages",
            threads::messages,
            threads::messages_listing(),
        ),
        Route::get(
            "/status/dashboard",
            threads::dashboard,
            Operation::scoped::<Dashboard>(
                Scope::Read,
                "operators",
                "The accounts of the token at one look",
            ),
        ),
        Route::post(
            "/history/{integration_id}/{conversation_id}",
            history::ask,
            history::asking(),
        ),
        Route::get(
            "/history/{integration_id}/{conversation_id}",
            history::look,
            Operation::scoped::<Checkpoint>(
                Scope::Read,
                "history",
                "Where a request for older messages stands",
            ),
        ),
        Route::delete(
            "/history/{integration_id}/{conversation_id}",
            history::cancel,
            history::cancelling(),
        ),
        Route::post(
            "/backfill/{integration_id}",
            backfill::start,
            backfill::starting(),
        ),
        Route::get(
            "/ingest/{integration_id}/requests",
            history::requests,
            history::waiting(),
        ),
        Route::post(
            "/imports/{integration_id}",
            imports::begin,
            imports::beginning(),
        ),
        Route::get(
            "/imports/{integration_id}",
            imports::list,
            imports::listing(),
        ),
        Route::patch(
            "/imports/{integration_id}/{import_id}",
            imports::end,
            imports::ending(),
        ),
        Route::delete(
            "/imports/{integration_id}/{import_id}",
            imports::undo,
            imports::undoing(),
        ),
        Route::get(
            "/messages/{integration_id}/{message_id}/sources",
            imports::sources,
            imports::asking_for_sources(),
        ),
        Route::post(
            "/ingest/{integration_id}",
            ingest::neutral,
            ingest::of_neutral(),
        ),
        Route::post(
            "/ingest/{integration_id}/baileys",
            ingest::baileys,
            ingest::of_baileys(),
        ),
    ]
}

pub(crate) fn routes(store: Store, options: &Options, stopping: CancellationToken) -> Router {
    let shared = Shared {
        contents: options.contents(&store),
        max_media: options.max_media,
        store,
        intakes: Arc::new(Semaphore::new(INTAKES)),
        patience: options.patience,
        longest_answer: options.longest_answer,
        live: Arc::new(Semaphore::new(options.max_live)),
        heartbeat: options.heartbeat,
        stopping,
        history: options.history,
        backfills: Backfills::default(),
        snapshots: options.snapshots.as_ref().map(SnapshotOptions::snapshots),
    };
    let mut router = Router::new();
    for route in table() {
        router = router.route(route.path, route.handler);
    }
    let router = router
        .fallback(async || Failure::not_found())
        .method_not_allowed_fallback(async || Failure::method_not_allowed())
        .with_state(shared);
    let router = match &options.allowed_hosts {
        Some(hosts) => {
            let hosts: Arc<[String]> = hosts.as_slice().into();
            router.layer(middleware::from_fn_with_state(hosts, guard::check))
        }
        None => router,
    };
    dressed(router)
}

/// What every answer goes through, those for no route too.
fn dressed(router: Router) -> Router {
    router
        .layer(CatchPanicLayer::custom(problem::after_panic))
        .layer(middleware::from_fn(trace::log))
        .layer(SetResponseHeaderLayer::overriding(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(SetResponseHeaderLayer::overriding(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ))
}

/// That the server answers.
#[derive(Serialize, JsonSchema)]
struct Health {
    /// `ok`
    status: &'static str,
    version: &'static str,
}

async fn health() -> Json<Health> {
    Json(Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
    })
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request, routing::get};
    use threadkeep_protocol::{Code, Problem};
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_problem_without_its_words() {
        async fn fails() {
            panic!("the words of a private message");
        }
        let router = dressed(Router::new().route("/", get(fails)));
        let response = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), 500);
        assert_eq!(
            response.headers()[header::CONTENT_TYPE],
            "application/problem+json"
        );
        let body = axum::body::to_bytes(response.into_body(), 10_000)
            .await
            .unwrap();
        let problem: Problem = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem.code, Code::Internal);
        assert!(!String::from_utf8_lossy(&body).contains("private"));
    }
}
