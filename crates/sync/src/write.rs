//! The half of a run that writes: pages become transactions.
//!
//! A stream's first page is a transaction of its own, so that something shows at once; after that the
//! pages that are ready, up to ten, share one, so that the cost of a commit is shared while nobody
//! waits for a page that has not come. Rows and cursor commit together in the mirror.

use threadkeep_mirror::{Batch, IntegrationPk, Mirror, Rows};
use threadkeep_protocol::Stream;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{
    SyncError, clock,
    progress::Meter,
    pull::{Event, PulledPage},
    report::Ledger,
};

/// Pages that share a transaction at most.
pub(crate) const MAX_GROUP: usize = 10;

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
    pub(crate) async fn run(mut self, mut events: mpsc::Receiver<Event>) -> Result<(), SyncError> {
        let mut stage = None;
        let mut next = events.recv().await;
        while let Some(event) = next.take() {
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
                    let group_size = if is_first { 1 } else { MAX_GROUP };
                    next = self.write(stream, page, group_size, &mut events).await?;
                }
                Event::Finished(stream) => {
                    self.meter.finish(stream);
                    self.ledger.steps_finished += 1;
                }
                Event::StreamFailed(stream, error) => self.ledger.stream_failed(stream, &error),
            }
            if next.is_none() {
                next = events.recv().await;
            }
        }
        Ok(())
    }

    /// Writes a page and those of its stream that are ready behind it; gives back the event that ended
    /// the group.
    async fn write(
        &mut self,
        stream: Stream,
        first: PulledPage,
        group_size: usize,
        events: &mut mpsc::Receiver<Event>,
    ) -> Result<Option<Event>, SyncError> {
        let mut group = vec![first];
        let mut next = None;
        while group.len() < group_size {
            match events.try_recv() {
                Ok(Event::Page(page)) if page.rows.stream() == stream => group.push(page),
                Ok(event) => {
                    next = Some(event);
                    break;
                }
                Err(_) => break,
            }
        }
        self.commit(stream, group).await?;
        Ok(next)
    }

    async fn commit(
        &mut self,
        stream: Stream,
        mut group: Vec<PulledPage>,
    ) -> Result<(), SyncError> {
        let pages = group.len() as u64;
        let Some(last) = group.last() else {
            return Ok(());
        };
        let (cursor, total) = (last.cursor, last.total);
        let rows = merge(&mut group);
        let count = rows.len() as u64;
        let batch = Batch {
            rows,
            cursor: (!self.widens).then_some(cursor),
            epoch: self.epoch.to_owned(),
            at: clock::now().millis(),
        };
        let applied = if self.widens {
            self.mirror.widen(self.integration, batch, cursor).await?
        } else {
            self.mirror.apply(self.integration, batch).await?
        };
        self.ledger.add(applied, pages);
        self.meter.applied(stream, count, total);
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

/// The rows of pages of one stream, in order. The pages keep their room until they are dropped.
fn merge(group: &mut [PulledPage]) -> Rows {
    let mut merged = Rows::Conversations(Vec::new());
    for page in group {
        let rows = std::mem::replace(&mut page.rows, Rows::Conversations(Vec::new()));
        if merged.is_empty() {
            merged = rows;
            continue;
        }
        match (&mut merged, rows) {
            (Rows::Conversations(all), Rows::Conversations(rows)) => all.extend(rows),
            (Rows::Messages(all), Rows::Messages(rows)) => all.extend(rows),
            (Rows::Contacts(all), Rows::Contacts(rows)) => all.extend(rows),
            (Rows::Participants(all), Rows::Participants(rows)) => all.extend(rows),
            (Rows::Media(all), Rows::Media(rows)) => all.extend(rows),
            (Rows::Receipts(all), Rows::Receipts(rows)) => all.extend(rows),
            // A group is of one stream.
            _ => {}
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use threadkeep_mirror::NewIntegration;
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
