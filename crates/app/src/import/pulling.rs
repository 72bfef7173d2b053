//! What the server has taken is brought here while it takes the rest.

use threadkeep_mirror::IntegrationRow;
use threadkeep_server_store::Store;
use threadkeep_sync::{self as engine, Beside, Progress, Remote, SyncOptions};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::progress::Importing;
use crate::{
    App, Error,
    embedded::EMBEDDED,
    sync::{progress_of, report},
    view::{ImportProgress, RunReport},
};

/// A look costs some requests and commits, and brings each chat anew that has got messages.
const MESSAGES_PER_LOOK: u64 = 20_000;

/// Says that the server has so many messages by now, where it is worth a look.
pub(super) fn say(came: &watch::Sender<u64>, messages: u64) {
    came.send_if_modified(|said| {
        let is_worth_it = messages >= *said + MESSAGES_PER_LOOK;
        if is_worth_it {
            *said = messages;
        }
        is_worth_it
    });
}

impl App {
    /// What the server of an account keeps, where it is the one inside the app.
    pub(super) async fn store_of(&self, row: &IntegrationRow) -> Result<Option<Store>, Error> {
        if row.server != EMBEDDED {
            return Ok(None);
        }
        Ok(Some(self.embedded.open().await?.store))
    }

    /// How bringing an account here is to go while it is imported into: what comes first is read first.
    pub(super) async fn beside_import(&self) -> Result<SyncOptions, Error> {
        Ok(SyncOptions {
            mode: "import".to_owned(),
            recent_first: None,
            snapshot: None,
            ..self.sync_settings().await?.options()
        })
    }

    /// Brings here what the server has, from the first word that there is something to the end. None where nothing
    /// was said.
    pub(super) async fn pull_beside<P: Fn(ImportProgress) + Send + Sync>(
        &self,
        row: &IntegrationRow,
        remote: &Remote,
        options: SyncOptions,
        mut news: watch::Receiver<u64>,
        cancel: &CancellationToken,
        importing: &Importing<P>,
    ) -> Option<RunReport> {
        news.changed().await.ok()?;
        // The look that this is worth has yet to come.
        news.mark_changed();
        let beside = Beside {
            news,
            cancel: cancel.clone(),
        };
        let tell = |word: Progress| importing.pulled(&progress_of(&word));
        let id = row.integration_id;
        let run =
            engine::sync_beside(&self.mirror, row.pk, remote, id, options, beside, tell).await;
        Some(report(row.pk, run))
    }
}
