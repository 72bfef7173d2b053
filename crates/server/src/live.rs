//! `GET /live/{integration_id}`: server-sent events for as long as the client stays.
//!
//! Invariants:
//! - A client costs one place and one value, however slow it is: events are made from the latest
//!   standing when the connection has room for them, and from nothing older. One that reads nothing at
//!   all is closed like every answer that nobody reads (`connection::stall`).
//! - A connection ends with the server, with the account, and with the token: that is looked at again
//!   at each heartbeat.

mod event;

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderName, HeaderValue, header},
    response::Response,
};
use futures_util::stream;
use threadkeep_protocol::IntegrationId;
use threadkeep_server_store::{Grant, Scope, Standing, Store, Watch};
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, Interval, MissedTickBehavior, interval_at, sleep_until},
};
use tokio_util::sync::CancellationToken;

use crate::{
    access::{Caller, Named},
    problem::Failure,
    route::Operation,
    router::Shared,
};

/// Between two words about changes: a busy account changes far more often than anyone can pull.
const MIN_INTERVAL: Duration = Duration::from_millis(100);

/// When a client that found no place may ask again.
const FULL_SECONDS: u32 = 10;

/// A comment: it keeps proxies from closing the connection, and tells a client that it still stands.
const HEARTBEAT: &[u8] = b":\n\n";

pub(crate) async fn follow(
    State(shared): State<Shared>,
    caller: Caller,
    Named(integration): Named<String>,
) -> Result<Response, Failure> {
    let integration = caller.reach(Scope::Read, &integration)?;
    let place = Arc::clone(&shared.live).try_acquire_owned().map_err(|_| {
        Failure::unavailable(
            "Too many clients are connected for live events.",
            FULL_SECONDS,
        )
    })?;
    let feed = Feed {
        watch: shared.store.watch(integration).await?,
        told: None,
        next_at: Instant::now(),
        heartbeat: heartbeat(shared.heartbeat),
        stopping: shared.stopping,
        store: shared.store,
        grant: caller.0,
        integration,
        _place: place,
    };
    let events = stream::unfold(feed, async |mut feed| {
        let bytes = feed.next().await?;
        Some((Ok::<_, std::convert::Infallible>(bytes), feed))
    });
    let mut response = Response::new(Body::from_stream(events));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream"),
    );
    // nginx and its kin hold answers back until they are long enough.
    headers.insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
    Ok(response)
}

/// What the document says of `follow`.
pub(crate) fn operation() -> Operation {
    Operation::scoped::<()>(Scope::Read, "sync", "Events that say when to pull")
        .describe(
            "`change` (data: where each stream stands, as in `/sync/status`) comes upon connecting \
             and whenever rows have changed, at most ten times a second and with the latest state \
             only. `connection` (data: `{\"connection\": …}`) tells the state of whoever feeds the \
             integration, `history` (data: `{\"conversation_id\", \"checkpoint\"}`) that a request for \
             older messages has moved. A comment every 15 seconds shows that the connection still stands. There \
             is nothing to resume: a client that was away pulls by cursor.",
        )
        .text_only("text/event-stream", "Server-sent events, without an end.")
}

fn heartbeat(period: Duration) -> Interval {
    let mut heartbeat = interval_at(Instant::now() + period, period);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    heartbeat
}

/// What one client is told.
struct Feed {
    watch: Watch,
    /// The standing that the client knows.
    told: Option<Arc<Standing>>,
    next_at: Instant,
    heartbeat: Interval,
    stopping: CancellationToken,
    store: Store,
    grant: Grant,
    integration: IntegrationId,
    _place: OwnedSemaphorePermit,
}

impl Feed {
    /// The next bytes; none at the end. Asked only when the connection has room.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            let next_at = self.next_at;
            let changed = async {
                sleep_until(next_at).await;
                self.watch.next().await
            };
            tokio::select! {
                biased;
                () = self.stopping.cancelled() => return None,
                standing = changed => {
                    let standing = standing?;
                    let events = event::between(self.told.as_deref(), &standing);
                    self.told = Some(standing);
                    if !events.is_empty() {
                        self.next_at = Instant::now() + MIN_INTERVAL;
                        return Some(events.into());
                    }
                }
                _ = self.heartbeat.tick() => {
                    return self.may_stay().await.then(|| HEARTBEAT.into());
                }
            }
        }
    }

    async fn may_stay(&self) -> bool {
        match self.store.renew(&self.grant).await {
            Ok(grant) => grant.is_some_and(|grant| grant.may(Scope::Read, self.integration)),
            // Asked again at the next heartbeat; until then the token is what it was.
            Err(error) => error.is_transient(),
        }
    }
}

#[cfg(test)]
mod tests;
