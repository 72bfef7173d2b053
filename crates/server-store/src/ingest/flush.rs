//! The end of a call: seqs are taken and what differs is written.
//!
//! The seqs of all rows come from the integration's counter in one step, in the same transaction and
//! under the write lock, so that commit order is seq order.

use std::collections::HashMap;

use rusqlite::Connection;
use threadkeep_protocol::{IntegrationId, Seq, Stream, SyncSource, Timestamp};
use uuid::Uuid;

use super::call::Call;
use crate::{
    error::StoreError,
    kept::{Change, Head, Kept, Table},
    mark::hand_out,
    page::BUCKET_BITS,
};

impl Call<'_> {
    /// Writes all rows that differ from the file, and forgets all rows.
    pub fn flush(&mut self) -> Result<(), StoreError> {
        self.link_contacts()?;
        let apart = self.told_apart()?;
        self.vouch()?;
        self.minutes.forget();
        let changes = [
            visible(&self.conversations),
            visible(&self.contacts),
            visible(&self.participants),
            visible(&self.messages),
            visible(&self.media),
            visible(&self.receipts),
        ];
        let last = self.take_seqs(changes.iter().sum())?;
        let mut ledger = Ledger {
            conn: self.conn,
            integration: self.integration,
            now: self.now,
            seq: last,
            ids: Ids::new(),
            moved: HashMap::new(),
        };
        // Parents first, since rows name them.
        ledger.write(&std::mem::take(&mut self.conversations))?;
        ledger.write(&std::mem::take(&mut self.contacts))?;
        ledger.write(&std::mem::take(&mut self.participants))?;
        let messages = std::mem::take(&mut self.messages);
        ledger.write(&messages)?;
        ledger.write(&std::mem::take(&mut self.media))?;
        let receipts = std::mem::take(&mut self.receipts);
        ledger.write(&receipts)?;
        apart.iter().try_for_each(|told| told.write(self.conn))?;
        self.write_loose_names()?;
        for slot in messages.slots() {
            if slot.change() != Change::None {
                self.note_hidden(slot.pk, slot.row.named())?;
            }
        }
        for slot in receipts.slots() {
            if slot.change() != Change::None {
                self.note_hidden(slot.row.message_pk, [slot.row.external_id.as_str()])?;
            }
        }
        self.write_pending()
    }

    /// Takes so many seqs; says the one before the first.
    fn take_seqs(&self, count: i64) -> Result<Seq, StoreError> {
        if count == 0 {
            return Ok(0);
        }
        let history = self
            .messages
            .slots()
            .iter()
            .filter(|slot| slot.is_new() && slot.row.sync_source == SyncSource::HistorySync);
        let history = i64::try_from(history.count()).unwrap_or(i64::MAX);
        let last: Seq = self
            .conn
            .prepare_cached(
                "UPDATE integrations SET last_seq = last_seq + ?2,
                        history_sync_count = history_sync_count + ?3
                 WHERE id = ?1 RETURNING last_seq",
            )?
            .query_row((self.integration, count, history), |row| row.get(0))?;
        hand_out(self.conn, count)?;
        Ok(last - count)
    }
}

fn visible<T: Kept>(table: &Table<T>) -> i64 {
    let moves = |change| matches!(change, Change::New | Change::Visible);
    let moving = table.slots().iter().filter(|slot| moves(slot.change()));
    i64::try_from(moving.count()).unwrap_or(i64::MAX)
}

/// Hands out the seqs that were taken and keeps the figures of the streams.
struct Ledger<'c> {
    conn: &'c Connection,
    integration: IntegrationId,
    now: Timestamp,
    seq: Seq,
    ids: Ids,
    /// How many rows each stretch of seqs has won or lost.
    moved: HashMap<i64, i64>,
}

/// The ids of a call's new rows: one of version 7, and those that follow it. The clock and the system's
/// randomness are asked once, and each goes to the end of its index.
struct Ids(u128);

impl Ids {
    /// The highest of the random bits, so that there is room for more than anybody counts.
    const ROOM: u128 = 1 << 61;

    fn new() -> Self {
        Self(Uuid::now_v7().as_u128() & !Self::ROOM)
    }

    fn next(&mut self) -> Uuid {
        self.0 += 1;
        Uuid::from_u128(self.0)
    }
}

impl Ledger<'_> {
    fn write<T: Kept>(&mut self, table: &Table<T>) -> Result<(), StoreError> {
        if table.slots().is_empty() {
            return Ok(());
        }
        let (before, mut gained) = (self.seq, 0);
        let mut insert = self.conn.prepare_cached(T::INSERT)?;
        let mut update = self.conn.prepare_cached(T::UPDATE)?;
        for slot in table.slots() {
            gained += slot.gained();
            let (statement, seq) = match slot.change() {
                Change::None => continue,
                Change::Hidden => (&mut update, slot.seq),
                Change::Visible => {
                    *self.moved.entry(slot.seq >> BUCKET_BITS).or_default() -= 1;
                    (&mut update, self.next())
                }
                Change::New => (&mut insert, self.next()),
            };
            let id = if slot.is_new() {
                self.ids.next()
            } else {
                Uuid::nil()
            };
            let (integration, now) = (self.integration, self.now);
            slot.row.write(
                statement,
                &Head {
                    pk: slot.pk,
                    id,
                    integration,
                    seq,
                    now,
                },
            )?;
        }
        if self.seq > before {
            self.settle(T::STREAM, gained)
        } else {
            Ok(())
        }
    }

    fn next(&mut self) -> Seq {
        self.seq += 1;
        *self.moved.entry(self.seq >> BUCKET_BITS).or_default() += 1;
        self.seq
    }

    /// Keeps the stream's figures. The stream's last seq is the newest anywhere in it, since every
    /// row that was written after took a greater one.
    fn settle(&mut self, stream: Stream, gained: i64) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE streams SET latest_seq = ?3, row_count = row_count + ?4
                 WHERE integration_id = ?1 AND stream = ?2",
            )?
            .execute((self.integration, stream.name(), self.seq, gained))?;
        let mut bucket = self.conn.prepare_cached(
            "INSERT INTO seq_buckets (integration_id, stream, bucket, row_count)
             VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (integration_id, stream, bucket)
             DO UPDATE SET row_count = row_count + excluded.row_count",
        )?;
        for (place, rows) in self.moved.drain() {
            if rows != 0 {
                bucket.execute((self.integration, stream.name(), place, rows))?;
            }
        }
        Ok(())
    }
}
