//! One file on its way, from the account's own server.

use std::{collections::BTreeMap, sync::Arc};

use threadkeep_content::{Contents, Hash};
use threadkeep_mirror::{IntegrationPk, IntegrationRow, MediaPk, Mirror, Queued};
use threadkeep_sync::{MediaError, RetryPolicy, WantedFile, fetch_media};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{
    Error,
    account::remote,
    embedded::{EMBEDDED, Embedded},
    secret::Secrets,
    view::MediaProgress,
};

/// Why a file did not come.
pub(super) enum Failed {
    /// The account's server cannot even be asked.
    Account(Error),
    File(MediaError),
}

/// One file on its way.
pub(super) struct Fetch {
    pub(super) mirror: Mirror,
    pub(super) secrets: Secrets,
    pub(super) embedded: Arc<Embedded>,
    pub(super) contents: Contents,
    pub(super) nearby: Contents,
    pub(super) progress: watch::Sender<BTreeMap<MediaPk, MediaProgress>>,
    pub(super) policy: RetryPolicy,
    pub(super) cancel: CancellationToken,
}

impl Fetch {
    pub(super) async fn one(&self, queued: &Queued, hash: Hash) -> Result<(), Failed> {
        let row = self
            .account(queued.integration)
            .await
            .map_err(Failed::Account)?;
        if row.server == EMBEDDED && self.link(hash).await {
            return Ok(());
        }
        let remote = remote(&self.secrets, &self.embedded, &row).await;
        let remote = remote.map_err(Failed::Account)?;
        let wanted = WantedFile {
            integration: row.integration_id,
            id: queued.id,
            hash,
            length: u64::try_from(queued.file_size)
                .ok()
                .filter(|length| *length > 0),
        };
        let total = (queued.file_size > 0).then_some(queued.file_size);
        let told = |received: u64| {
            let progress = MediaProgress {
                id: queued.pk.to_string(),
                received: i64::try_from(received).unwrap_or(i64::MAX),
                total,
            };
            self.progress
                .send_modify(|all| drop(all.insert(queued.pk, progress)));
        };
        told(0);
        fetch_media(
            &remote,
            &self.contents,
            &wanted,
            &self.policy,
            &self.cancel,
            told,
        )
        .await
        .map_err(Failed::File)
    }

    async fn account(&self, pk: IntegrationPk) -> Result<IntegrationRow, Error> {
        let rows = self.mirror.integrations().await?;
        let found = rows.into_iter().find(|row| row.pk == pk);
        found.ok_or_else(|| Error::NoAccount(pk.to_string()))
    }

    /// What the server inside the app keeps need not lie on this disk twice.
    async fn link(&self, hash: Hash) -> bool {
        let (contents, nearby) = (self.contents.clone(), self.nearby.clone());
        let linked = tokio::task::spawn_blocking(move || contents.link_from(&nearby, &hash));
        matches!(linked.await, Ok(Ok(true)))
    }
}
