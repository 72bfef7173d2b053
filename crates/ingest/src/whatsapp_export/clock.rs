//! From what a phone's clock showed to moments, in the order in which the messages stand.

use jiff::{
    civil::{Date, DateTime},
    tz::{AmbiguousOffset, TimeZone},
};
use threadkeep_protocol::Timestamp;

use super::header::Time;

/// A zone, and the moment of the message before.
pub(super) struct Clock {
    zone: TimeZone,
    last: Option<(DateTime, i64)>,
    /// The moment that is given next where a message has the time of the one before.
    next: i64,
}

impl Clock {
    pub(super) const fn new(zone: TimeZone) -> Self {
        Self {
            zone,
            last: None,
            next: i64::MIN,
        }
    }

    /// The moment of a message.
    ///
    /// Messages of one minute, or of one second, get milliseconds in their order: nothing else says which came first. An
    /// hour that a clock showed twice is the first one until a message would be earlier than the one above it; one that
    /// it left out is read by the offset of before.
    pub(super) fn moment(&mut self, date: Date, time: Time) -> Timestamp {
        let second = time.second.unwrap_or(0);
        let shown = date.at(time.hour as i8, time.minute as i8, second as i8, 0);
        let start = match self.last {
            Some((last, start)) if last == shown => start,
            _ => self.start(shown),
        };
        let length = if time.second.is_some() { 1_000 } else { 60_000 };
        let at = if (start..start + length).contains(&self.next) {
            self.next
        } else {
            start
        };
        self.last = Some((shown, start));
        self.next = (at + 1).min(start + length - 1);
        Timestamp::from_millis(at)
    }

    fn start(&self, shown: DateTime) -> i64 {
        let read = self.zone.to_ambiguous_timestamp(shown);
        let offset = read.offset();
        let compatible = read.compatible().map_or(0, jiff::Timestamp::as_millisecond);
        let AmbiguousOffset::Fold { after, .. } = offset else {
            return compatible;
        };
        // Only within the repeated hour does an earlier time say that it is the second round.
        let is_second = self
            .last
            .is_some_and(|(_, last)| compatible < last && last - compatible <= 3_600_000);
        let later = after
            .to_timestamp(shown)
            .map_or(compatible, jiff::Timestamp::as_millisecond);
        if is_second { later } else { compatible }
    }
}

#[cfg(test)]
mod tests;
