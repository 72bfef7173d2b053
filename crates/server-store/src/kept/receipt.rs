//! Receipts as they are kept.

use rusqlite::{Connection, Row, Statement, params};
use serde::{Deserialize, Serialize};
use threadkeep_protocol::{DeliveryStatus, IntegrationId, Stream, Timestamp};

use super::{Head, Kept, Loaded, earliest, load, millis};
use crate::{error::StoreError, row::time_or_none_at};

/// Who got and read a message. Each time is set once, to the earliest that was told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    #[serde(skip)]
    pub message_pk: i64,
    pub external_id: String,
    pub delivered_at: Option<Timestamp>,
    pub read_at: Option<Timestamp>,
    pub played_at: Option<Timestamp>,
    #[serde(skip)]
    pub is_withdrawn: bool,
}

macro_rules! columns {
    () => {
        "pk, seq, message_pk, external_id, delivered_at, read_at, played_at, is_withdrawn"
    };
}

const BY_ADDRESS: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM receipts WHERE message_pk = ?1 AND external_id = ?2"
);

impl Receipt {
    /// Takes in what is not known yet; says whether that changed anything.
    pub fn absorb(&mut self, other: &Self) -> bool {
        let mut changed = earliest(&mut self.delivered_at, other.delivered_at);
        changed |= earliest(&mut self.read_at, other.read_at);
        changed |= earliest(&mut self.played_at, other.played_at);
        changed
    }

    /// How far the message got with this person.
    pub fn status(&self) -> Option<DeliveryStatus> {
        [
            (self.played_at, DeliveryStatus::Played),
            (self.read_at, DeliveryStatus::Read),
            (self.delivered_at, DeliveryStatus::Delivered),
        ]
        .into_iter()
        .find_map(|(at, status)| at.map(|_| status))
    }
}

impl Kept for Receipt {
    type Key = (i64, String);
    const STREAM: Stream = Stream::Receipts;
    const BY_PK: &'static str = concat!("SELECT ", columns!(), " FROM receipts WHERE pk = ?1");
    const INSERT: &'static str = "INSERT INTO receipts (pk, id, integration_id, seq, created_at,
            updated_at, message_pk, external_id, delivered_at, read_at, played_at,
            is_withdrawn)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    const UPDATE: &'static str = "UPDATE receipts SET seq = ?4,
            updated_at = CASE WHEN seq = ?4 THEN updated_at ELSE ?5 END, message_pk = ?6,
            external_id = ?7, delivered_at = ?8, read_at = ?9, played_at = ?10,
            is_withdrawn = ?11
         WHERE pk = ?1";

    fn key(&self) -> (i64, String) {
        (self.message_pk, self.external_id.clone())
    }

    fn find(
        conn: &Connection,
        _integration: IntegrationId,
        key: &(i64, String),
    ) -> Result<Option<Loaded<Self>>, StoreError> {
        load(conn, BY_ADDRESS, (key.0, &key.1))
    }

    fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            message_pk: row.get(2)?,
            external_id: row.get(3)?,
            delivered_at: time_or_none_at(row, 4)?,
            read_at: time_or_none_at(row, 5)?,
            played_at: time_or_none_at(row, 6)?,
            is_withdrawn: row.get(7)?,
        })
    }

    fn is_withdrawn(&self) -> bool {
        self.is_withdrawn
    }

    fn looks_like(&self, other: &Self) -> bool {
        self == other
    }

    fn write(&self, statement: &mut Statement<'_>, head: &Head) -> Result<(), StoreError> {
        statement.execute(params![
            head.pk,
            head.id.as_bytes(),
            head.integration,
            head.seq,
            head.now.millis(),
            self.message_pk,
            self.external_id,
            millis(self.delivered_at),
            millis(self.read_at),
            millis(self.played_at),
            self.is_withdrawn,
        ])?;
        Ok(())
    }
}
