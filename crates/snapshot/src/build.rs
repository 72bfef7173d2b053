//! Building a snapshot: follow, index, pack, publish, sweep. Each step leaves what the next build can go on
//! from, wherever it is cut.

use std::{
    future::Future,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use threadkeep_mirror::{
    Batch, IntegrationPk, Mirror, NewIntegration, OpenError, Search, SyncStates,
};
use threadkeep_protocol::{Connection, Integration, IntegrationId, Snapshot, SnapshotKind, Stream};
use tokio_util::sync::CancellationToken;

use crate::{Error, Source, folder::Folder, is_current, pack};

/// How fast it is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// As fast as it can be: somebody waits for it.
    Full,
    /// After each page a rest as long as the page took: others have the machine too.
    Half,
}

/// What a build came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// What is there now.
    pub snapshot: Snapshot,
    /// Whether it was made now; nothing had changed otherwise.
    pub is_new: bool,
}

/// What the mirror has when it has followed its source.
pub(crate) struct Followed {
    mirror: Mirror,
    states: SyncStates,
}

pub(crate) async fn build<S: Source>(
    folder: &Folder,
    integration: IntegrationId,
    source: &S,
    pace: Pace,
    stop: &CancellationToken,
) -> Result<Built, Error> {
    let _held = folder.hold()?;
    folder.sweep()?;
    let followed = follow(folder, integration, source, pace, stop).await;
    let followed = followed.inspect_err(|error| begin_anew_after(folder, error))?;
    let manifest = describe(&followed.states);
    let held = folder.manifest()?;
    if let Some(held) = held.filter(|held| is_same(held, &manifest)) {
        followed.mirror.close().await;
        return Ok(Built {
            snapshot: held,
            is_new: false,
        });
    }
    let indexed = index(folder, followed.mirror, stop).await;
    indexed.inspect_err(|error| begin_anew_after(folder, error))?;
    let snapshot = packed(folder, manifest, stop).await?;
    folder.publish(&snapshot)?;
    folder.sweep()?;
    Ok(Built {
        snapshot,
        is_new: true,
    })
}

/// What is damaged, or does not fit its source, would fail again and again. What may pass is kept.
fn begin_anew_after(folder: &Folder, error: &Error) {
    use threadkeep_mirror::Error as Mirror;
    let is_for_good = match error {
        Error::Unsound => true,
        Error::Mirror(error) => !matches!(
            error,
            Mirror::Full | Mirror::ReadOnly | Mirror::Locked | Mirror::NotIndexing
        ),
        _ => false,
    };
    if is_for_good && let Err(error) = folder.forget() {
        tracing::warn!(%error, "a snapshot's mirror cannot be removed");
    }
}

/// Whether there is nothing in one that is not in the other.
fn is_same(held: &Snapshot, now: &Snapshot) -> bool {
    is_current(held, &now.epoch) && held.cursors == now.cursors
}

/// Brings the mirror up to the end of its source.
pub(crate) async fn follow<S: Source>(
    folder: &Folder,
    integration: IntegrationId,
    source: &S,
    pace: Pace,
    stop: &CancellationToken,
) -> Result<Followed, Error> {
    let first = within(stop, source.page(Stream::ALL[0], 0)).await?;
    let epoch = first.map_err(Error::Source)?.epoch;
    let (mut mirror, mut pk, mut states) = open(folder, integration).await?;
    if !states.epoch.is_empty() && states.epoch != epoch {
        tracing::info!("the server's history was replaced; its snapshot is made anew");
        mirror.close().await;
        folder.forget()?;
        (mirror, pk, states) = open(folder, integration).await?;
    }
    let result = pages(&mirror, pk, &states, &epoch, source, pace, stop).await;
    match result {
        Ok(()) => {
            let states = mirror.sync_states(pk).await?;
            Ok(Followed { mirror, states })
        }
        Err(error) => {
            mirror.close().await;
            Err(error)
        }
    }
}

/// The folder's mirror, which is made anew where it is of no use, and where it stands.
async fn open(
    folder: &Folder,
    integration: IntegrationId,
) -> Result<(Mirror, IntegrationPk, SyncStates), Error> {
    let mirror = match Mirror::open(&folder.mirror()) {
        Ok(mirror) => mirror,
        Err(error @ (OpenError::Full | OpenError::ReadOnly | OpenError::Locked)) => {
            return Err(error.into());
        }
        Err(error) => {
            tracing::warn!(%error, "a snapshot's mirror is made anew");
            folder.forget()?;
            Mirror::open(&folder.mirror())?
        }
    };
    let pk = mirror.put_integration(nameless(integration)).await?;
    let states = mirror.sync_states(pk).await?;
    Ok((mirror, pk, states))
}

/// The account as whoever takes the snapshot replaces it: what they call it is theirs.
fn nameless(id: IntegrationId) -> NewIntegration {
    NewIntegration {
        server: "snapshot".to_owned(),
        integration: Integration {
            id,
            integration_type: String::new(),
            external_id: None,
            display_name: String::new(),
            connection: Connection::Disconnected,
            last_history_sync_at: None,
            history_sync_count: 0,
            last_history_sync_result: None,
            last_backfill_at: None,
            last_backfill_result: None,
        },
    }
}

async fn pages<S: Source>(
    mirror: &Mirror,
    pk: IntegrationPk,
    states: &SyncStates,
    epoch: &str,
    source: &S,
    pace: Pace,
    stop: &CancellationToken,
) -> Result<(), Error> {
    for stream in Stream::ALL {
        let mut since = states.of(stream).last_seq;
        loop {
            let begun = Instant::now();
            let page = within(stop, source.page(stream, since)).await?;
            let page = page.map_err(Error::Source)?;
            if page.epoch != epoch {
                return Err(Error::EpochChanged);
            }
            let goes_on = page.has_more && page.cursor > since;
            since = page.cursor;
            let batch = Batch {
                rows: page.rows,
                cursor: Some(page.cursor),
                epoch: page.epoch,
                at: now(),
            };
            mirror.apply(pk, batch).await?;
            if !goes_on {
                break;
            }
            if pace == Pace::Half {
                within(stop, tokio::time::sleep(begun.elapsed())).await?;
            }
        }
    }
    Ok(())
}

/// Looks whether the mirror is sound, brings the index up to it and closes both, so that their files are all
/// there is.
pub(crate) async fn index(
    folder: &Folder,
    mirror: Mirror,
    stop: &CancellationToken,
) -> Result<(), Error> {
    let search = Search::open(&mirror, &folder.index())?;
    let result = within(stop, async {
        search.caught_up().await?;
        if mirror.check(false).await?.is_empty() {
            Ok(())
        } else {
            Err(Error::Unsound)
        }
    })
    .await;
    search.close().await;
    mirror.close().await;
    result?
}

/// Packs both files.
pub(crate) async fn packed(
    folder: &Folder,
    mut manifest: Snapshot,
    stop: &CancellationToken,
) -> Result<Snapshot, Error> {
    let (folder, stop) = (folder.clone(), stop.clone());
    let packing = tokio::task::spawn_blocking(move || {
        let files = [
            (SnapshotKind::Mirror, folder.mirror()),
            (SnapshotKind::Index, folder.index()),
        ];
        let packed = files
            .into_iter()
            .map(|(kind, file)| pack::pack(&folder, kind, &file, &stop))
            .collect::<Result<Vec<_>, Error>>();
        folder.sync();
        packed
    });
    manifest.files = packing.await??;
    Ok(manifest)
}

/// The manifest of what a mirror holds, with no files yet.
fn describe(states: &SyncStates) -> Snapshot {
    let cursors = states
        .iter()
        .map(|(stream, state)| (stream, state.last_seq));
    Snapshot {
        epoch: states.epoch.clone(),
        seq: states
            .iter()
            .map(|(_, state)| state.last_seq)
            .max()
            .unwrap_or_default(),
        cursors: cursors.collect(),
        rows: states.iter().map(|(_, state)| state.rows).sum(),
        mirror_format: Mirror::newest_format(),
        index_format: Search::format(),
        files: Vec::new(),
    }
}

impl Followed {
    #[cfg(test)]
    pub(crate) fn parts(self) -> (Mirror, Snapshot) {
        let manifest = describe(&self.states);
        (self.mirror, manifest)
    }
}

/// Does it unless it is told to stop.
async fn within<T>(stop: &CancellationToken, work: impl Future<Output = T>) -> Result<T, Error> {
    let done = stop.run_until_cancelled(work).await;
    done.ok_or(Error::Stopped)
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since: Duration| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}
