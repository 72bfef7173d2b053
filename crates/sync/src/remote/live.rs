//! Live events: one long answer in which the server says that there is something to pull.
//!
//! Invariants: a connection that says nothing for a while is given up, though it may look open for
//! hours (a laptop that slept, a router that forgot it); what an event may hold is bounded; an event
//! that we do not know is passed over, one that cannot be read ends the connection, and the next one
//! begins with a full look.

use std::time::Duration;

use reqwest::{
    Response,
    header::{ACCEPT, HeaderValue},
};
use threadkeep_protocol::{
    Connection, ConnectionState, IntegrationId, LIVE_CHANGE, LIVE_CONNECTION, SyncStatus,
};
use tokio::time::{Instant, timeout_at};

use super::{Remote, answer::is_events, fault};
use crate::SyncError;

mod event;

use event::{Block, Blocks};

/// What a server says while one listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiveEvent {
    /// Where the streams stand now.
    Change(Box<SyncStatus>),
    /// Whether whoever feeds the account is online.
    Connection(Connection),
}

/// An open connection for live events.
#[derive(Debug)]
pub struct Live {
    remote: Remote,
    response: Response,
    blocks: Blocks,
    stall: Duration,
    /// When the silence has lasted too long.
    deadline: Instant,
}

impl Remote {
    /// Listens to an account. The server ends a silence every 15 seconds; after `stall` without a byte
    /// the connection is taken for dead.
    ///
    /// # Errors
    /// When the server cannot be asked, has no live events or no such account, or refuses the token.
    pub async fn live(
        &self,
        integration: IntegrationId,
        stall: Duration,
    ) -> Result<Live, SyncError> {
        let url = self.url(&["live", &integration.to_string()]);
        let request = self
            .listener()?
            .get(url)
            .header(ACCEPT, HeaderValue::from_static("text/event-stream"));
        let deadline = Instant::now() + stall;
        let response = timeout_at(deadline, request.send())
            .await
            .map_err(|_| self.timed_out())?
            .map_err(|error| fault::of_request(error, self.origin()))?;
        Ok(Live {
            response: self.accept(response, is_events)?,
            remote: self.clone(),
            blocks: Blocks::default(),
            stall,
            deadline,
        })
    }
}

impl Live {
    /// The next event; none when the server has ended the connection in good order. Nothing is lost
    /// when the wait is dropped.
    ///
    /// # Errors
    /// When the connection breaks, stands still, or brings what cannot be read.
    pub async fn next(&mut self) -> Result<Option<LiveEvent>, SyncError> {
        loop {
            while let Some(block) = self.blocks.next() {
                if let Some(event) = self.read(&block)? {
                    return Ok(Some(event));
                }
            }
            let chunk = timeout_at(self.deadline, self.response.chunk())
                .await
                .map_err(|_| self.remote.timed_out())?
                .map_err(|error| fault::of_body(error, self.remote.origin()))?;
            let Some(chunk) = chunk else {
                return Ok(None);
            };
            self.deadline = Instant::now() + self.stall;
            if !self.blocks.push(&chunk) {
                return Err(SyncError::TooLarge {
                    origin: self.remote.origin().to_owned(),
                    limit: event::MAX_BYTES,
                });
            }
        }
    }

    /// What a block says; nothing where it is of a kind that we do not know.
    fn read(&self, block: &Block) -> Result<Option<LiveEvent>, SyncError> {
        let unreadable = |source| self.remote.unreadable("a live event", source);
        Ok(match block.name.as_str() {
            LIVE_CHANGE => {
                let status = serde_json::from_str(&block.data).map_err(unreadable)?;
                Some(LiveEvent::Change(Box::new(status)))
            }
            LIVE_CONNECTION => {
                let state: ConnectionState =
                    serde_json::from_str(&block.data).map_err(unreadable)?;
                Some(LiveEvent::Connection(state.connection))
            }
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests;
