//! `threadkeep-server snapshot`.

use clap::Args;
use threadkeep_protocol::IntegrationId;
use threadkeep_server::build_snapshot;
use threadkeep_server_store::StoreError;
use threadkeep_snapshot::Snapshots;
use tokio_util::sync::CancellationToken;

use super::{Outcome, Shared, database, output::Output};

/// Pack an account as files, to be taken at once; safe beside a running server
///
/// `serve` hands them out, and builds those of accounts of more than 50,000 messages by itself.
/// They stay beside the database, in the folder DATABASE.snapshots, which can be deleted while nothing
/// runs: all of it can be made again.
#[derive(Args)]
#[command(after_help = "\
Example:
  threadkeep-server snapshot --integration 1")]
pub(super) struct Snapshot {
    /// The account
    #[arg(long, value_name = "ID")]
    integration: IntegrationId,
}

impl Snapshot {
    pub(super) async fn run(self, shared: &Shared, output: Output) -> anyhow::Result<Outcome> {
        let store = database::open(shared)?;
        let known = store.integration(self.integration).await?;
        known.ok_or(StoreError::UnknownIntegration(self.integration))?;
        let snapshots = Snapshots::new(database::snapshots(shared)?);
        // Dropped when the command is cancelled: what was begun is gone on with next time.
        let stop = CancellationToken::new();
        let _stopped = stop.clone().drop_guard();
        let built = build_snapshot(&store, &snapshots, self.integration, &stop).await?;
        let packed: u64 = built
            .snapshot
            .files
            .iter()
            .map(|file| file.packed_bytes)
            .sum();
        let words = format!(
            "snapshot of integration {}: {} rows, {} bytes{}",
            self.integration,
            built.snapshot.rows,
            packed,
            if built.is_new {
                ""
            } else {
                "; nothing has changed since it was built"
            },
        );
        output.result(&built.snapshot, words)?;
        Ok(Outcome::Done)
    }
}
