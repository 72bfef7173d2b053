//! Older history on demand: what all of its tests share.

mod answers;
mod backfill;
mod states;
mod whole;

use std::time::Duration;

use threadkeep_protocol::{Checkpoint, FeederRequest, HistoryAnswer, Record, SyncSource};
use threadkeep_server_store::{Asker, NewHistory, StepLimits};

use crate::bed::*;

const LIMITS: StepLimits = StepLimits {
    lease: Duration::from_secs(3_600),
    unfed: Duration::from_secs(3_600),
};

impl Bed {
    /// A chat whose newest messages are here, at the seconds from `from` to `to`.
    async fn with_chat(from: i64, to: i64) -> Self {
        let bed = Self::new().await;
        bed.tell(batch(ANA, from..=to)).await;
        bed
    }

    async fn ask(&self, max_messages: u32, resume: bool) -> Checkpoint {
        let new = NewHistory {
            conversation: self.conversation(ANA).await.id,
            max_messages,
            resume,
            asker: Asker::Client,
        };
        self.store.ask_history(self.integration, new).await.unwrap()
    }

    async fn checkpoint(&self) -> Checkpoint {
        let id = self.conversation(ANA).await.id;
        self.store.history(self.integration, id).await.unwrap()
    }

    async fn take(&self) -> Vec<FeederRequest> {
        let taken = self.store.take_requests(self.integration, LIMITS).await;
        taken.unwrap()
    }

    async fn take_one(&self) -> FeederRequest {
        let mut taken = self.take().await;
        assert_eq!(taken.len(), 1, "one question is open: {taken:?}");
        taken.remove(0)
    }

    /// The phone answers with the messages of these seconds.
    async fn answer(
        &self,
        request: &FeederRequest,
        seconds: impl Iterator<Item = i64>,
        complete: bool,
    ) {
        let mut records = batch(ANA, seconds);
        records.push(result(request, complete));
        self.tell(records).await;
    }

    async fn gaps(&self) -> Vec<(i64, i64)> {
        let gaps = self.conversation(ANA).await.gaps;
        let seconds =
            |time: threadkeep_protocol::Timestamp| (time.millis() - at(0).millis()) / 1_000;
        gaps.into_iter()
            .map(|(after, before)| (seconds(after), seconds(before)))
            .collect()
    }

    fn connection_is(&self, state: &str) {
        let changed = self
            .file()
            .execute("UPDATE integrations SET connection = ?1", [state]);
        assert_eq!(changed.unwrap(), 1);
    }
}

fn batch(chat: &str, seconds: impl Iterator<Item = i64>) -> Vec<Record> {
    let old = |second| {
        let mut record = message(chat, &format!("m{second}"), second);
        record.sync_source = SyncSource::Backfill;
        said(record)
    };
    seconds.map(old).collect()
}

fn live(second: i64) -> Record {
    let mut record = message(ANA, &format!("m{second}"), second);
    record.sync_source = SyncSource::Realtime;
    said(record)
}

fn result(request: &FeederRequest, complete: bool) -> Record {
    Record::HistoryResult(HistoryAnswer {
        request: Some(request.id),
        complete,
        ..HistoryAnswer::default()
    })
}
