//! A row of the statement that reads messages, with names.

use std::borrow::Cow;

use threadkeep_protocol::{DeliveryStatus, Timestamp};

use super::{protobuf::Wire, select::Column};
use crate::database::Cells;

/// From 1970 to 2001, where Apple's times begin, in seconds.
const APPLE_EPOCH: f64 = 978_307_200.0;
/// Both bits are set on a message that was forwarded.
const FORWARDED: i64 = 0x180;

#[derive(Clone, Copy)]
pub(super) struct Message<'a>(pub(super) Cells<'a>);

impl<'a> Message<'a> {
    pub(super) fn text(self, column: Column) -> Option<Cow<'a, str>> {
        self.0.text(column as usize)
    }

    pub(super) fn number(self, column: Column) -> Option<i64> {
        self.0.number(column as usize)
    }

    pub(super) fn real(self, column: Column) -> Option<f64> {
        self.0.real(column as usize)
    }

    pub(super) fn wire(self, column: Column) -> Wire<'a> {
        Wire(self.0.bytes(column as usize))
    }

    /// Where it stands in its table.
    pub(super) fn place(self) -> u64 {
        let pk = self.number(Column::Pk).unwrap_or_default();
        u64::try_from(pk).unwrap_or_default()
    }

    pub(super) fn is_from_me(self) -> bool {
        self.number(Column::IsFromMe).unwrap_or_default() != 0
    }

    pub(super) fn is_starred(self) -> bool {
        self.number(Column::IsStarred).unwrap_or_default() != 0
    }

    pub(super) fn is_forwarded(self) -> bool {
        self.number(Column::Flags).unwrap_or_default() & FORWARDED == FORWARDED
    }

    /// When it was sent; 1970 where nothing says so.
    pub(super) fn time(self) -> Timestamp {
        self.real(Column::Date).map(time).unwrap_or_default()
    }

    /// How far one's own message got. Other numbers are not understood, and say nothing.
    pub(super) fn status(self) -> Option<DeliveryStatus> {
        match self.number(Column::Status).filter(|_| self.is_from_me())? {
            1 => Some(DeliveryStatus::Sent),
            6 => Some(DeliveryStatus::Delivered),
            8 => Some(DeliveryStatus::Read),
            _ => None,
        }
    }
}

/// A time of Apple's, in whole seconds as the platform's own are, so that a message has one time in every source.
pub(super) fn time(seconds: f64) -> Timestamp {
    // A cast saturates.
    Timestamp::from_seconds((seconds + APPLE_EPOCH).floor() as i64)
}
