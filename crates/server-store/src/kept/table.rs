//! The rows of one table that a call has touched.
//!
//! Rows are loaded once, changed in memory, compared with what was loaded, and written at the end: so
//! that a row moves once a call however many records touch it, not at all when they cancel out, and a
//! record that is refused has written nothing. New rows get their key at once (the call holds the
//! write lock, so nobody else takes it) and can be referred to before they are written.

use std::{collections::HashMap, hash::Hash};

use rusqlite::{Connection, OptionalExtension, Params, Row, Statement};
use threadkeep_protocol::{Id, IntegrationId, Seq, Stream, Timestamp};

use crate::error::StoreError;

/// A row as it is kept.
pub trait Kept: Clone + PartialEq {
    /// What names it within its integration.
    type Key: Eq + Hash;
    /// Where it travels, and the name of its table.
    const STREAM: Stream;
    /// Loads by primary key.
    const BY_PK: &'static str;
    /// Takes primary key, id, integration, seq, now, and then its own columns.
    const INSERT: &'static str;
    /// Takes the same.
    const UPDATE: &'static str;

    /// What names it.
    fn key(&self) -> Self::Key;
    /// Loads by what names it.
    fn find(
        conn: &Connection,
        integration: IntegrationId,
        key: &Self::Key,
    ) -> Result<Option<Loaded<Self>>, StoreError>;
    /// From the columns that `BY_PK` selects behind `pk` and `seq`.
    fn read(row: &Row<'_>) -> Result<Self, StoreError>;
    /// Whether all that told of it was taken back.
    fn is_withdrawn(&self) -> bool;
    /// Whether a reader of the stream sees the same.
    fn looks_like(&self, other: &Self) -> bool;
    /// Runs `INSERT` or `UPDATE`, prepared.
    fn write(&self, statement: &mut Statement<'_>, head: &Head) -> Result<(), StoreError>;
}

/// A row that was found in the file.
pub struct Loaded<T> {
    pk: i64,
    seq: Seq,
    row: T,
}

/// What is written with every row.
pub struct Head {
    pub pk: i64,
    pub id: Id,
    pub integration: IntegrationId,
    pub seq: Seq,
    pub now: Timestamp,
}

/// Runs a query for one row.
pub fn load<T: Kept>(
    conn: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Option<Loaded<T>>, StoreError> {
    let found = conn
        .prepare_cached(sql)?
        .query_row(params, |row| {
            let (pk, seq) = (row.get(0)?, row.get(1)?);
            Ok(T::read(row).map(|row| Loaded { pk, seq, row }))
        })
        .optional()?;
    found.transpose()
}

/// A row of a call.
pub struct Slot<T> {
    pub pk: i64,
    /// 0 where it is new.
    pub seq: Seq,
    pub row: T,
    stored: Option<T>,
    /// It is to be sent again, as it is.
    is_resent: bool,
}

/// What a call did to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    None,
    /// Nothing that a reader sees: the row keeps its seq.
    Hidden,
    /// Something that a reader sees.
    Visible,
    /// It made it.
    New,
}

impl<T: Kept> Slot<T> {
    /// What became of the row since it was loaded.
    pub fn change(&self) -> Change {
        match &self.stored {
            None => Change::New,
            Some(_) if self.is_resent => Change::Visible,
            Some(stored) if *stored == self.row => Change::None,
            Some(stored) if stored.looks_like(&self.row) => Change::Hidden,
            Some(_) => Change::Visible,
        }
    }

    /// Gives the row a new seq though nothing in it has changed, for readers who had no reason to take
    /// it under the old one.
    pub const fn resend(&mut self) {
        self.is_resent = true;
    }

    /// Whether the call made it.
    pub const fn is_new(&self) -> bool {
        self.stored.is_none()
    }

    /// As it was in the file.
    pub const fn stored(&self) -> Option<&T> {
        self.stored.as_ref()
    }

    /// How many rows more readers have.
    pub fn gained(&self) -> i64 {
        let was_there = self.stored.as_ref().is_some_and(|row| !row.is_withdrawn());
        i64::from(!self.row.is_withdrawn()) - i64::from(was_there)
    }
}

/// The rows of one table that a call has touched.
pub struct Table<T: Kept> {
    slots: Vec<Slot<T>>,
    by_pk: HashMap<i64, usize>,
    /// `None`: known to be nowhere.
    by_key: HashMap<T::Key, Option<usize>>,
    last_pk: Option<i64>,
}

impl<T: Kept> Default for Table<T> {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            by_pk: HashMap::new(),
            by_key: HashMap::new(),
            last_pk: None,
        }
    }
}

impl<T: Kept> Table<T> {
    /// The row of that name, from memory or the file.
    pub fn find(
        &mut self,
        conn: &Connection,
        integration: IntegrationId,
        key: T::Key,
    ) -> Result<Option<&mut Slot<T>>, StoreError> {
        let place = match self.by_key.get(&key) {
            Some(place) => *place,
            None => match T::find(conn, integration, &key)? {
                // It may be here under a name that it was given since: then nothing has the old one.
                Some(loaded) if self.by_pk.contains_key(&loaded.pk) => {
                    self.by_key.insert(key, None);
                    None
                }
                Some(loaded) => {
                    let place = self.hold(loaded);
                    self.by_key.insert(key, Some(place));
                    Some(place)
                }
                None => {
                    self.by_key.insert(key, None);
                    None
                }
            },
        };
        Ok(place.map(|place| &mut self.slots[place]))
    }

    /// The row of that primary key, which must exist.
    pub fn get(&mut self, conn: &Connection, pk: i64) -> Result<&mut Slot<T>, StoreError> {
        let place = match self.by_pk.get(&pk) {
            Some(place) => *place,
            None => {
                let loaded =
                    load::<T>(conn, T::BY_PK, [pk])?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
                let key = loaded.row.key();
                let place = self.hold(loaded);
                self.by_key.insert(key, Some(place));
                place
            }
        };
        Ok(&mut self.slots[place])
    }

    /// Adds a row that is known to be new.
    pub fn add(&mut self, conn: &Connection, row: T) -> Result<&mut Slot<T>, StoreError> {
        let last = match self.last_pk {
            Some(last) => last,
            None => conn
                .prepare_cached(&format!(
                    "SELECT coalesce(max(pk), 0) FROM {}",
                    T::STREAM.name()
                ))?
                .query_row([], |row| row.get(0))?,
        };
        let pk = last + 1;
        self.last_pk = Some(pk);
        let place = self.slots.len();
        self.by_key.insert(row.key(), Some(place));
        self.by_pk.insert(pk, place);
        self.slots.push(Slot {
            pk,
            seq: 0,
            row,
            stored: None,
            is_resent: false,
        });
        Ok(&mut self.slots[place])
    }

    /// Notes that nothing has this name, which saves looking.
    pub fn rule_out(&mut self, key: T::Key) {
        self.by_key.entry(key).or_insert(None);
    }

    /// Changes what a row is named by.
    pub fn rename(
        &mut self,
        conn: &Connection,
        pk: i64,
        change: impl FnOnce(&mut T),
    ) -> Result<(), StoreError> {
        let row = &mut self.get(conn, pk)?.row;
        let before = row.key();
        change(row);
        let after = row.key();
        let place = self.by_pk[&pk];
        self.by_key.insert(before, None);
        self.by_key.insert(after, Some(place));
        Ok(())
    }

    /// All that were touched.
    pub fn slots(&self) -> &[Slot<T>] {
        &self.slots
    }

    /// All that were touched, to change.
    pub fn slots_mut(&mut self) -> &mut [Slot<T>] {
        &mut self.slots
    }

    fn hold(&mut self, loaded: Loaded<T>) -> usize {
        let place = self.slots.len();
        self.by_pk.insert(loaded.pk, place);
        let stored = Some(loaded.row.clone());
        self.slots.push(Slot {
            pk: loaded.pk,
            seq: loaded.seq,
            row: loaded.row,
            stored,
            is_resent: false,
        });
        place
    }
}
