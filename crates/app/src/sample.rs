//! The sample archive: an invented life, made by a seeded generator, that takes the same way in as
//! everything else, so that looking around shows what syncing shows.

use std::collections::HashMap;

use threadkeep_content::Hash;
use threadkeep_ingest::sample;
use threadkeep_protocol::{IntegrationId, Media, Page, Stream};
use threadkeep_sync::{Remote, RemoteOptions};

use crate::{
    App, Error,
    account::{SAMPLE, find_or_create},
    view::Account,
};

/// The seed of the archive that everybody sees.
const SEED: u64 = 1;

/// Records in one request: a request is one transaction, and is held in memory.
const RECORDS_PER_REQUEST: usize = 2_000;

/// Rows of files that are looked at at a time.
const ROWS_PER_PAGE: u32 = 5_000;

impl App {
    /// Makes the sample archive on the server inside the app. What is made is not pulled yet: that is
    /// the next sync's work, and the account shows only once there is everything to pull. Asked again,
    /// it completes what a crash cut short: a replay changes nothing.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub async fn add_sample(&self) -> Result<Account, Error> {
        let store = self.embedded.open().await?.store;
        let integration = find_or_create(&store, SAMPLE, "Sample archive").await?;
        // Opened again: the key of before does not fit an account that was just made.
        let door = self.embedded.open().await?;
        let remote = Remote::new(door.address, Some(door.token), RemoteOptions::default())?;
        let (records, files) = sample::with_files(SEED);
        for chunk in records.chunks(RECORDS_PER_REQUEST) {
            remote.ingest(integration.id, chunk).await?;
        }
        bring(&remote, integration.id, files).await?;
        self.adopt(integration).await
    }

    /// The same for a data folder that must be empty.
    ///
    /// # Errors
    /// `NotEmpty` when there is an account already.
    pub async fn demo(&self) -> Result<Account, Error> {
        if !self.accounts().await?.is_empty() {
            return Err(Error::NotEmpty(self.home.path().display().to_string()));
        }
        self.add_sample().await
    }

    /// Removes the sample archive, here and on the server inside the app.
    ///
    /// # Errors
    /// When a sync runs or a file cannot be written.
    pub async fn remove_sample(&self) -> Result<(), Error> {
        for account in self
            .accounts()
            .await?
            .iter()
            .filter(|account| account.is_sample)
        {
            self.remove_account(&account.id).await?;
        }
        Ok(())
    }
}

/// Brings the bytes of files to the rows that announce them.
async fn bring(
    remote: &Remote,
    integration: IntegrationId,
    files: Vec<Vec<u8>>,
) -> Result<(), Error> {
    let mut files: HashMap<String, Vec<u8>> = files
        .into_iter()
        .map(|bytes| (Hash::of(&bytes).to_string(), bytes))
        .collect();
    let mut since = 0;
    loop {
        let page = remote
            .page(Stream::Media, integration, since, ROWS_PER_PAGE)
            .await?;
        // Our own server's answers are pages; without one there is nothing to bring.
        let Ok(page) = serde_json::from_slice::<Page<Media>>(&page) else {
            return Ok(());
        };
        for row in page.rows.into_iter().filter(|row| !row.has_content) {
            if let Some(bytes) = row.sha256.and_then(|hash| files.remove(&hash)) {
                remote.put_media(integration, row.id, bytes).await?;
            }
        }
        if !page.has_more || page.latest_seq <= since {
            return Ok(());
        }
        since = page.latest_seq;
    }
}
