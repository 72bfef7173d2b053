//! Connections: accepting them, letting none live by doing nothing, and ending them well.

mod stall;

use std::{
    future::Future,
    io::{self, ErrorKind},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use self::stall::Stall;
use crate::Options;

/// The server could not be run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The listener does not know its own address: it is no listening socket.
    #[error("cannot listen: {0}")]
    Listener(#[source] io::Error),
}

/// Request line and headers together. The protocol's longest are far below; an answer 431 follows.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// Without a free file handle there is nothing to do but wait for one.
const ACCEPT_PAUSE: Duration = Duration::from_millis(500);

pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    options: &Options,
    stop: CancellationToken,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    listener.local_addr().map_err(ServeError::Listener)?;
    let places = Arc::new(Semaphore::new(options.max_connections));
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = accepted => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                let connection = run(stream, router.clone(), options.patience, stop.clone());
                connections.spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Err(error) if concerns_one_peer(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "cannot accept connections for the moment");
                tokio::select! {
                    () = &mut shutdown => break,
                    () = sleep(ACCEPT_PAUSE) => {}
                }
            }
        }
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    stop.cancel();
    finish(connections, options.drain).await;
    Ok(())
}

/// Waits for what runs, as long as it may.
async fn finish(mut connections: JoinSet<()>, drain: Duration) {
    let all = async { while connections.join_next().await.is_some() {} };
    if timeout(drain, all).await.is_err() {
        let left = connections.len();
        tracing::warn!(left, "connections were closed before they were done");
        connections.shutdown().await;
    }
}

/// The peer was gone before we took it; the next one is fine.
fn concerns_one_peer(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::ConnectionRefused
    )
}

async fn run(stream: TcpStream, router: Router, patience: Duration, stopped: CancellationToken) {
    // Answers are written whole or by the span; waiting for more to send would only delay them. A socket that does
    // not take the option still works.
    _ = stream.set_nodelay(true);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(
            TokioIo::new(Stall::new(stream, patience)),
            TowerToHyperService::new(router),
        );
    let mut connection = pin!(connection);
    // Every wait in either branch has an end: for a head by its timeout, for a body and a reader by
    // `intake` and `Stall`, for a live event by the same token; `finish` bounds them all once more.
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stopped.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}
