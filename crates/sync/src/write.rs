//! The half of a run that writes: pages become transactions.
//!
//! A stream's first page is a transaction of its own, so that something shows at once; after that pages
//! share transactions (a load of the mirror's), so that the cost of a commit is shared while nobody waits
//! for a page that has not come. Rows and cursor commit together in the mirror.

use threadkeep_mirror::{Batch, IntegrationPk, Load, Mirror};
use threadkeep_protocol::Stream;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{
    SyncError, clock,
    progress::Meter,
    pull::{Event, PulledPage},
    report::Ledger,
};

/// What writing needs to know.
pub(crate) struct Writer<'a> {
    pub mirror: &'a Mirror,
    pub integration: IntegrationPk,
    pub epoch: &'a str,
    /// What comes is from before the cursors, which stay.
    pub widens: bool,
    pub cancel: &'a CancellationToken,
    pub meter: &'a Meter<'a>,
    pub ledger: &'a mut Ledger,
}

impl Writer<'_> {
    /// Writes what comes until nothing more does. An error ends the run.
    pub(crate) async fn run(mut self, events: mpsc::Receiver<Event>) -> Result<(), SyncError> {
        let load = self.mirror.load(self.integration);
        let written = self.all(&load, events).await;
        // What was written before a run failed or was stopped is kept.
        let settled = load.settle().await;
        written.and(settled.map_err(SyncError::from))
    }

    async fn all(
        &mut self,
        load: &Load,
        mut events: mpsc::Receiver<Event>,
    ) -> Result<(), SyncError> {
        let mut stage = None;
        while let Some(event) = events.recv().await {
            // What is here and not yet written comes again with the next run.
            if self.cancel.is_cancelled() {
                return Err(SyncError::Cancelled);
            }
            let stream = event.stream();
            let is_first = stage != Some(stream);
            if is_first {
                self.meter.begin(stream);
                stage = Some(stream);
            }
            match event {
                Event::Page(page) => {
                    self.page(load, stream, page).await?;
                    if is_first {
                        load.settle().await?;
                    }
                }
                Event::Finished(stream) => {
                    load.settle().await?;
                    self.meter.finish(stream);
                    self.ledger.steps_finished += 1;
                }
                Event::StreamFailed(stream, error) => self.ledger.stream_failed(stream, &error),
            }
        }
        Ok(())
    }

    /// The page keeps its room until its rows are written.
    async fn page(
        &mut self,
        load: &Load,
        stream: Stream,
        page: PulledPage,
    ) -> Result<(), SyncError> {
        let rows = page.rows.len() as u64;
        let batch = Batch {
            rows: page.rows,
            cursor: (!self.widens).then_some(page.cursor),
            epoch: self.epoch.to_owned(),
            at: clock::now().millis(),
        };
        let applied = if self.widens {
            load.widen(batch, page.cursor).await?
        } else {
            load.apply(batch).await?
        };
        self.ledger.add(applied, 1);
        self.meter.applied(stream, rows, page.total);
        Ok(())
    }
}

impl Event {
    fn stream(&self) -> Stream {
        match self {
            Self::Page(page) => page.rows.stream(),
            Self::Finished(stream) | Self::StreamFailed(stream, _) => *stream,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use threadkeep_mirror::{NewIntegration, Rows};
    use threadkeep_protocol::Conversation;
    use tokio::sync::Semaphore;

    use super::*;

    fn page(seq: i64) -> Event {
        let row: Conversation = serde_json::from_value(serde_json::json!({
            "id": uuid::Uuid::from_u128(1),
            "seq": seq,
            "external_conversation_id": "1@g.us",
        }))
        .unwrap();
        let room = Arc::new(Semaphore::new(1));
        Event::Page(PulledPage {
            rows: Rows::Conversations(vec![row]),
            cursor: seq,
            total: None,
            _room: room.try_acquire_owned().unwrap(),
        })
    }

    #[tokio::test]
    async fn pages_that_still_wait_when_a_run_is_stopped_make_it_a_stopped_one() {
        let folder = tempfile::tempdir().unwrap();
        let mirror = Mirror::open(&folder.path().join("mirror.db")).unwrap();
        let integration = serde_json::json!({"id": 1, "integration_type": "whatsapp"});
        let pk = mirror
            .put_integration(NewIntegration {
                server: "http://here".into(),
                integration: serde_json::from_value(integration).unwrap(),
            })
            .await
            .unwrap();
        let cancel = CancellationToken::new();
        // Stopped while the first page is written; the whole pull is over by then.
        let stop_at_once = |_| cancel.cancel();
        let meter = Meter::new(pk, &stop_at_once);
        let mut ledger = Ledger::default();
        let (sender, receiver) = mpsc::channel(4);
        for event in [page(1), page(2), Event::Finished(Stream::Conversations)] {
            sender.try_send(event).ok().unwrap();
        }
        drop(sender);
        let writer = Writer {
            mirror: &mirror,
            integration: pk,
            epoch: "",
            widens: false,
            cancel: &cancel,
            meter: &meter,
            ledger: &mut ledger,
        };
        let result = writer.run(receiver).await;
        assert!(matches!(result, Err(SyncError::Cancelled)), "{result:?}");
        let states = mirror.sync_states(pk).await.unwrap();
        assert_eq!(
            states.of(Stream::Conversations).last_seq,
            1,
            "what was begun is committed"
        );
        assert_eq!(ledger.pages, 1);
    }
}
