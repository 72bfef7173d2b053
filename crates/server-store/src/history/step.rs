//! The questions to whoever feeds an account: handing them out, and giving them up.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, params};
use threadkeep_protocol::{Anchor, FeederRequest, HistoryStatus, IntegrationId, Timestamp};

use super::{STEP_ATTEMPTS, STEP_MESSAGES, millis_after, stop};
use crate::{
    clock::now, coverage::Coverage, error::StoreError, integration::require, store::Store,
};

/// How long and how often a feeder is asked.
#[derive(Debug, Clone, Copy)]
pub struct StepLimits {
    /// How long a feeder that has a question may take.
    pub lease: Duration,
    /// How long a question waits for a feeder to take it.
    pub unfed: Duration,
}

impl Store {
    /// Hands out what is open and with nobody. Each is the caller's for `limits.lease`.
    ///
    /// # Errors
    /// When the integration is unknown or the file cannot be written.
    pub async fn take_requests(
        &self,
        integration: IntegrationId,
        limits: StepLimits,
    ) -> Result<Vec<FeederRequest>, StoreError> {
        // Waiting feeders look often, and a look must not take the write lock.
        let is_any = self
            .read(move |tx| {
                require(tx, integration)?;
                Ok(!offered(tx, integration)?.is_empty())
            })
            .await?;
        if !is_any {
            return Ok(Vec::new());
        }
        self.write(move |tx| {
            let until = millis_after(now(), limits.lease);
            let mut requests = Vec::new();
            for id in offered(&tx, integration)? {
                tx.prepare_cached(
                    "UPDATE history_steps SET attempts = attempts + 1, leased_until = ?2
                     WHERE id = ?1",
                )?
                .execute((id, until))?;
                requests.push(question(&tx, id, limits.lease)?);
            }
            tx.commit()?;
            Ok(requests)
        })
        .await
    }

    /// Looks after questions that got no answer: one whose time is up is open to the next feeder, and
    /// after `STEP_ATTEMPTS` times, or when no feeder comes at all, its request is interrupted. Says
    /// whether anything changed.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn sweep_requests(&self, limits: StepLimits) -> Result<bool, StoreError> {
        let is_any = self
            .read(move |tx| Ok(!late(tx, limits)?.is_empty()))
            .await?;
        if !is_any {
            return Ok(false);
        }
        self.write(move |tx| {
            for late in late(&tx, limits)? {
                release(&tx, &late)?;
            }
            tx.commit()?;
            Ok(())
        })
        .await?;
        self.history_moved();
        Ok(true)
    }
}

/// Opens the next question of a request that wants so many more.
pub(super) fn open(conn: &Connection, checkpoint: i64, left: u32) -> Result<(), StoreError> {
    let (conversation, is_dry): (i64, bool) = conn
        .prepare_cached("SELECT conversation_pk, dry_run FROM history_checkpoints WHERE id = ?1")?
        .query_row([checkpoint], |row| Ok((row.get(0)?, row.get(1)?)))?;
    // What is only counted cannot be asked on from, so all of it is asked for at once.
    let wanted = if is_dry {
        left
    } else {
        left.min(STEP_MESSAGES)
    };
    let coverage = Coverage::load(conn, conversation)?;
    let before = coverage.newest();
    conn.prepare_cached(
        "INSERT INTO history_steps (checkpoint_id, integration_id, before_pk, before_at, wanted,
                created_at)
         SELECT ?1, integration_id, ?2, ?3, ?4, ?5 FROM history_checkpoints WHERE id = ?1",
    )?
    .execute(params![
        checkpoint,
        before.map(|stretch| stretch.first),
        before.map(|stretch| stretch.from),
        wanted,
        now().millis()
    ])?;
    Ok(())
}

/// A question that nobody answered in time.
struct Late {
    step: i64,
    checkpoint: i64,
    attempts: u32,
}

/// Offers a question once more, or gives it up.
fn release(conn: &Connection, late: &Late) -> Result<(), StoreError> {
    if late.attempts == 0 {
        let why = "No phone or bridge has asked what there is to do. Start it, then go on.";
        return stop(conn, late.checkpoint, HistoryStatus::Interrupted, Some(why));
    }
    if late.attempts >= STEP_ATTEMPTS {
        let why = "The phone did not answer. Look whether it is online, then go on.";
        return stop(conn, late.checkpoint, HistoryStatus::Interrupted, Some(why));
    }
    conn.prepare_cached("UPDATE history_steps SET leased_until = NULL WHERE id = ?1")?
        .execute([late.step])?;
    Ok(())
}

fn offered(conn: &Connection, integration: IntegrationId) -> Result<Vec<i64>, StoreError> {
    let ids = conn
        .prepare_cached(
            "SELECT id FROM history_steps
             WHERE integration_id = ?1 AND state = 'open' AND leased_until IS NULL ORDER BY id",
        )?
        .query_map([integration], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(ids)
}

fn late(conn: &Connection, limits: StepLimits) -> Result<Vec<Late>, StoreError> {
    let now = now().millis();
    let unfed = i64::try_from(limits.unfed.as_millis()).unwrap_or(i64::MAX);
    let late = conn
        .prepare_cached(
            "SELECT id, checkpoint_id, attempts FROM history_steps
             WHERE state = 'open' AND (
                 leased_until <= ?1
                 OR (attempts = 0 AND created_at <= ?2)
             ) ORDER BY id",
        )?
        .query_map((now, now.saturating_sub(unfed)), |row| {
            Ok(Late {
                step: row.get(0)?,
                checkpoint: row.get(1)?,
                attempts: row.get(2)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(late)
}

fn question(conn: &Connection, id: i64, lease: Duration) -> Result<FeederRequest, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT s.id, c.external_id, s.wanted, s.attempts, m.external_id, m.timestamp,
                    m.is_from_me, m.sender_external_id
             FROM history_steps AS s
             JOIN history_checkpoints AS h ON h.id = s.checkpoint_id
             JOIN conversations AS c ON c.pk = h.conversation_pk
             LEFT JOIN messages AS m ON m.pk = s.before_pk
             WHERE s.id = ?1",
        )?
        .query_row([id], |row| {
            Ok(FeederRequest {
                id: row.get(0)?,
                external_conversation_id: row.get(1)?,
                before: anchor(row)?,
                count: row.get(2)?,
                attempt: row.get(3)?,
                lease_seconds: lease.as_secs().max(1),
            })
        })
        .optional()?
        .ok_or(rusqlite::Error::QueryReturnedNoRows)?)
}

fn anchor(row: &Row<'_>) -> rusqlite::Result<Option<Anchor>> {
    let Some(external_message_id) = row.get(4)? else {
        return Ok(None);
    };
    Ok(Some(Anchor {
        external_message_id,
        timestamp: Timestamp::from_millis(row.get(5)?),
        is_from_me: row.get(6)?,
        sender_external_id: row.get(7)?,
    }))
}
