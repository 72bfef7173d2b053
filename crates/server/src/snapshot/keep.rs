//! Building snapshots: by itself while the server runs, and when an operator says so.

use threadkeep_protocol::IntegrationId;
use threadkeep_server_store::Store;
use threadkeep_snapshot::{Built, Error, Pace, Snapshots, is_due};
use tokio_util::sync::CancellationToken;

use super::source::Stored;
use crate::SnapshotOptions;

/// Why a round over all integrations ended.
#[derive(Debug, thiserror::Error)]
enum Ended {
    #[error(transparent)]
    Store(#[from] threadkeep_server_store::StoreError),
    #[error(transparent)]
    Snapshot(#[from] Error),
}

/// Brings the snapshot of an integration up to date at once.
///
/// # Errors
/// When another program is at it, it was stopped, or a disk fails.
pub async fn build_snapshot(
    store: &Store,
    snapshots: &Snapshots,
    integration: IntegrationId,
    stop: &CancellationToken,
) -> Result<Built, Error> {
    let source = Stored { store, integration };
    snapshots
        .build(integration, &source, Pace::Full, stop)
        .await
}

/// Builds what is due, one after another, until it is told to stop.
pub(crate) async fn keep_built(store: Store, options: SnapshotOptions, stop: CancellationToken) {
    let snapshots = options.snapshots();
    loop {
        match round(&store, &snapshots, &options, &stop).await {
            Ok(()) => {}
            Err(Ended::Snapshot(Error::Stopped)) => return,
            Err(error) => tracing::warn!(%error, "snapshots cannot be looked after"),
        }
        if tokio::time::timeout(options.every, stop.cancelled())
            .await
            .is_ok()
        {
            return;
        }
    }
}

async fn round(
    store: &Store,
    snapshots: &Snapshots,
    options: &SnapshotOptions,
    stop: &CancellationToken,
) -> Result<(), Ended> {
    let accounts = store.all_integrations().await?;
    let ids: Vec<IntegrationId> = accounts.iter().map(|account| account.id).collect();
    snapshots.keep_only(&ids)?;
    for integration in ids {
        let status = store.status(integration).await?;
        if !is_due(
            snapshots.manifest(integration)?.as_ref(),
            &status,
            options.worth_it,
        ) {
            continue;
        }
        let source = Stored { store, integration };
        match snapshots
            .build(integration, &source, Pace::Half, stop)
            .await
        {
            Ok(built) => tracing::info!(integration, seq = built.snapshot.seq, "built a snapshot"),
            Err(Error::Stopped) => return Err(Error::Stopped.into()),
            // One that fails keeps no other from its own.
            Err(error) => tracing::warn!(integration, %error, "a snapshot was not built"),
        }
    }
    Ok(())
}
