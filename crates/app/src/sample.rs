//! The sample archive: an invented life, made by a seeded generator, that takes the same way in as
//! everything else, so that looking around shows what syncing shows.

use threadkeep_ingest::sample;
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
        for chunk in sample::sample(SEED).chunks(RECORDS_PER_REQUEST) {
            remote.ingest(integration.id, chunk).await?;
        }
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
