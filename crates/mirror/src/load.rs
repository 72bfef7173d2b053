//! Loads: batches that follow one another at once, as those of a first pull.
//!
//! Batches of a load share transactions that grow with the load: each commit writes most pages of the
//! reading index and settles most chats however few rows it has, and with a commit for every ten thousand
//! rows a million messages of 5,000 chats took three times as long, and ten million worse.
//!
//! Invariants:
//! - A cursor commits with its rows here too: a kill costs what was not committed, and no more.
//! - Nobody waits for an open transaction: any other write commits it first, and so does the writer
//!   itself when no batch comes for a moment.
//! - Rows that were taken and then lost (a full disk at the commit) fail the load's next batch: it cannot
//!   go on behind a gap.

use std::{
    ops::RangeInclusive,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use threadkeep_protocol::Seq;

use crate::{
    Applied, Batch, Error, IntegrationPk, Mirror, apply, row, selection, writer::Then,
    writing::Writing,
};

/// A transaction of a load has a quarter of what the load brought before, within these bounds. The lower
/// one is what a commit should be shared by at least; the upper one is what a kill may cost.
const ROWS: RangeInclusive<u64> = 20_000..=250_000;

/// A load of one account. Dropping it leaves nothing open for long.
#[derive(Debug)]
pub struct Load {
    mirror: Mirror,
    integration: IntegrationPk,
    fate: Arc<Fate>,
}

/// What became of a load's rows.
#[derive(Debug, Default)]
pub(crate) struct Fate {
    /// Rows that were taken.
    taken: AtomicU64,
    lost: Mutex<Option<Loss>>,
}

#[derive(Debug)]
enum Loss {
    Untold(Error),
    Told,
}

impl Mirror {
    /// Begins a load.
    #[must_use]
    pub fn load(&self, pk: IntegrationPk) -> Load {
        Load {
            mirror: self.clone(),
            integration: pk,
            fate: Arc::default(),
        }
    }
}

impl Load {
    /// Applies rows and moves the cursor as `Mirror::apply` does; readers may see both some batches later.
    ///
    /// # Errors
    /// As `Mirror::apply`, and when an earlier batch is lost. What was not committed is lost then, and the
    /// load is over.
    pub async fn apply(&self, batch: Batch) -> Result<Applied, Error> {
        let pk = self.integration;
        let rows = batch.rows.len();
        self.take(rows, move |writing| apply::apply(writing, pk, batch))
            .await
    }

    /// Applies rows that the wanted view has beyond the held one, up to `to`, and notes how far that has
    /// come; the cursor stays.
    ///
    /// # Errors
    /// As `apply`.
    pub async fn widen(&self, batch: Batch, to: Seq) -> Result<Applied, Error> {
        let pk = self.integration;
        let rows = batch.rows.len();
        self.take(rows, move |writing| {
            selection::widen(writing, pk, batch, to)
        })
        .await
    }

    /// Commits all that was applied.
    ///
    /// # Errors
    /// When it is lost.
    pub async fn settle(&self) -> Result<(), Error> {
        let fate = Arc::clone(&self.fate);
        self.mirror
            .queue_load(Then::Commit(fate), |_| Ok(()))?
            .await
            .map_err(|_| Error::Closed)?
    }

    async fn take<F>(&self, rows: usize, job: F) -> Result<Applied, Error>
    where
        F: FnOnce(&mut Writing<'_>) -> Result<Applied, Error> + Send + 'static,
    {
        let fate = Arc::clone(&self.fate);
        let rows = row::unsigned(row::signed(rows));
        self.mirror
            .queue_load(Then::Wait { fate, rows }, job)?
            .await
            .map_err(|_| Error::Closed)?
    }
}

impl Fate {
    /// Fails where rows of the load are lost; at first with the reason.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(loss) = lost.take() else {
            return Ok(());
        };
        *lost = Some(Loss::Told);
        Err(match loss {
            Loss::Untold(error) => error,
            Loss::Told => Error::Lost,
        })
    }

    /// The rows that were not committed are lost, for a reason that whoever loads has not heard.
    pub(crate) fn lose(&self, error: Error) {
        *self.lost.lock().unwrap_or_else(PoisonError::into_inner) = Some(Loss::Untold(error));
    }

    /// The rows that were not committed are lost; whoever loads hears why.
    pub(crate) fn lose_openly(&self) {
        *self.lost.lock().unwrap_or_else(PoisonError::into_inner) = Some(Loss::Told);
    }

    /// Counts rows that were taken. Returns how many of them a transaction should have.
    pub(crate) fn take(&self, rows: u64) -> u64 {
        let before = self.taken.fetch_add(rows, Ordering::Relaxed);
        (before / 4).clamp(*ROWS.start(), *ROWS.end())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use threadkeep_protocol::Stream;

    use super::*;
    use crate::{
        Rows,
        testing::{Scene, account, batch, message},
    };

    fn messages(numbers: RangeInclusive<u64>) -> Batch {
        let last = i64::try_from(*numbers.end()).ok();
        let rows = numbers.map(|n| message(n, n % 3, n as i64, json!({})));
        batch(Rows::Messages(rows.collect()), last, "e1")
    }

    /// The cursor, and how many messages are there.
    async fn standing(scene: &Scene) -> (i64, i64) {
        let cursor = "SELECT last_seq FROM sync_state WHERE stream = 'messages'";
        let count = "SELECT count(*) FROM messages";
        (scene.number(cursor).await, scene.number(count).await)
    }

    #[tokio::test]
    async fn another_write_commits_what_a_load_has_left_open() {
        let scene = Scene::new().await;
        let load = scene.mirror.load(scene.account);
        load.apply(messages(1..=10)).await.unwrap();
        load.apply(messages(11..=30)).await.unwrap();
        scene
            .mirror
            .put_integration(account("embedded", 2))
            .await
            .unwrap();
        assert_eq!(standing(&scene).await, (30, 30));
        scene.check_counters().await;
    }

    #[tokio::test]
    async fn what_a_load_brought_is_committed_though_nothing_follows() {
        let scene = Scene::new().await;
        let mut changed = scene.mirror.subscribe();
        changed.borrow_and_update();
        let load = scene.mirror.load(scene.account);
        load.apply(messages(1..=10)).await.unwrap();
        drop(load);
        changed.changed().await.unwrap();
        assert_eq!(standing(&scene).await, (10, 10));

        let load = scene.mirror.load(scene.account);
        load.apply(messages(11..=20)).await.unwrap();
        scene.mirror.close().await;
        assert_eq!(standing(&scene).await, (20, 20), "closing keeps it");
        scene.check_counters().await;
    }

    #[tokio::test]
    async fn two_loads_keep_their_rows_apart() {
        let scene = Scene::new().await;
        let other = scene.mirror.put_integration(account("embedded", 2)).await;
        let loads = [scene.account, other.unwrap()].map(|pk| scene.mirror.load(pk));
        for part in 0..4 {
            let load = &loads[part % 2];
            let first = 10 * part as u64;
            load.apply(messages(first + 1..=first + 10)).await.unwrap();
        }
        for load in &loads {
            load.settle().await.unwrap();
        }
        let cursors = "SELECT sum(last_seq) FROM sync_state WHERE stream = 'messages'";
        assert_eq!(scene.number(cursors).await, 30 + 40);
        scene.check_counters().await;
    }

    #[tokio::test]
    async fn a_load_cannot_go_on_behind_rows_that_were_lost() {
        let scene = Scene::new().await;
        let execute = |sql: &'static str| {
            scene
                .mirror
                .write(move |writing| Ok(writing.conn.execute_batch(sql)?))
        };
        let load = scene.mirror.load(scene.account);
        load.apply(messages(1..=10)).await.unwrap();
        load.settle().await.unwrap();
        // Stands for a disk that is full at the commit: chats are settled only then.
        let fail = "CREATE TRIGGER fail BEFORE UPDATE ON conversations \
                    BEGIN SELECT RAISE(ABORT, 'no'); END";
        execute(fail).await.unwrap();
        load.apply(messages(11..=20)).await.unwrap();
        execute("DROP TRIGGER fail").await.unwrap();
        assert_eq!(
            standing(&scene).await,
            (10, 10),
            "rows and cursor went back"
        );

        let failed = load.apply(messages(21..=30)).await;
        assert!(matches!(failed, Err(Error::Sqlite(_))), "{failed:?}");
        let failed = load.settle().await;
        assert!(matches!(failed, Err(Error::Lost)), "{failed:?}");
        assert_eq!(standing(&scene).await, (10, 10), "there is no gap");

        // The next run.
        let load = scene.mirror.load(scene.account);
        load.apply(messages(11..=30)).await.unwrap();
        load.settle().await.unwrap();
        assert_eq!(standing(&scene).await, (30, 30));
        let states = scene.mirror.sync_states(scene.account).await.unwrap();
        assert_eq!(states.of(Stream::Messages).rows, 30);
        scene.check_counters().await;
    }
}
