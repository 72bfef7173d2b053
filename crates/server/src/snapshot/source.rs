//! The store's streams, as a snapshot follows them.

use std::error::Error as Cause;

use threadkeep_protocol::{
    Contact, Conversation, IntegrationId, Media, Message, Participant, Receipt, Seq, Stream,
};
use threadkeep_server_store::{Slice, Store, StoreError, StoredRow};
use threadkeep_snapshot::{Pulled, Rows, Source};

/// Rows of a page: few enough that a page holds nobody up.
const ROWS: u32 = 10_000;

/// An integration's rows in a store.
pub(super) struct Stored<'s> {
    pub(super) store: &'s Store,
    pub(super) integration: IntegrationId,
}

impl Stored<'_> {
    async fn of<R: StoredRow>(
        &self,
        since: Seq,
        rows: fn(Vec<R>) -> Rows,
    ) -> Result<Pulled, StoreError> {
        let page = self
            .store
            .span::<R>(self.integration, Slice::default(), since, ROWS)
            .await?;
        Ok(Pulled {
            rows: rows(page.rows),
            cursor: page.latest_seq,
            has_more: page.has_more,
            epoch: page.epoch,
        })
    }
}

impl Source for Stored<'_> {
    async fn page(
        &self,
        stream: Stream,
        since: Seq,
    ) -> Result<Pulled, Box<dyn Cause + Send + Sync>> {
        let page = match stream {
            Stream::Conversations => self.of::<Conversation>(since, Rows::Conversations).await,
            Stream::Messages => self.of::<Message>(since, Rows::Messages).await,
            Stream::Contacts => self.of::<Contact>(since, Rows::Contacts).await,
            Stream::Participants => self.of::<Participant>(since, Rows::Participants).await,
            Stream::Media => self.of::<Media>(since, Rows::Media).await,
            Stream::Receipts => self.of::<Receipt>(since, Rows::Receipts).await,
        };
        Ok(page?)
    }
}
