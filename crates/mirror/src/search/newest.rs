//! Hits by time. The index gives days in order; within a day the mirror says the time. What the mirror is asked
//! is asked for many rows at a time.

use std::ops::Range;

use super::{
    Toward,
    asking::{Asking, Fit},
    candidate,
    document::{day, first_row, of_row},
    expression::Expression,
    feed,
};
use crate::{Error, MessageKey, MessagePk};

pub(super) const FALLING: &str = "\
    SELECT rowid FROM words WHERE words MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid DESC";
const RISING: &str = "\
    SELECT rowid FROM words WHERE words MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid";

/// What is wanted of the hits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    /// Beyond this one.
    pub(super) from: Option<MessageKey>,
    pub(super) toward: Toward,
    /// So many.
    pub(super) limit: usize,
}

/// What was found.
pub(super) struct Walked {
    pub(super) fits: Vec<Fit>,
    /// How many rows of the index there are, where all were walked.
    pub(super) rows: Option<u64>,
}

/// Rows of the index among which all that can fit lies.
pub(super) fn span(expression: &Expression) -> Range<i64> {
    let time = expression.span();
    if time.is_empty() {
        return 0..0;
    }
    first_row(day(time.start))..first_row(day(time.end - 1) + 1)
}

/// Messages that fit.
pub(super) fn walk(asking: &Asking<'_>, wish: Wish) -> Result<Walked, Error> {
    let mut span = span(asking.expression);
    let sql = match wish.toward {
        Toward::Older => FALLING,
        Toward::Newer => RISING,
    };
    match (wish.from, wish.toward) {
        (Some(from), Toward::Older) => {
            span.end = span.end.min(first_row(day(from.timestamp) + 1));
        }
        (Some(from), Toward::Newer) => {
            span.start = span.start.max(first_row(day(from.timestamp)));
        }
        (None, _) => {}
    }
    let mut days = Days {
        asking,
        wish,
        day: 0,
        gathered: Vec::new(),
        fits: Vec::new(),
    };
    let mut rows = 0;
    let is_all = asking.rows(sql, span, |row| {
        rows += 1;
        days.take(row)
    })?;
    days.settle()?;
    Ok(Walked {
        fits: days.fits,
        rows: is_all.then_some(rows),
    })
}

struct Days<'a> {
    asking: &'a Asking<'a>,
    wish: Wish,
    day: i64,
    /// Of whole days, but for the last one.
    gathered: Vec<MessagePk>,
    fits: Vec<Fit>,
}

impl Days<'_> {
    /// How many hits there is room for.
    const fn room(&self) -> usize {
        self.wish.limit.saturating_sub(self.fits.len())
    }

    /// Returns whether more rows are wanted.
    fn take(&mut self, row: i64) -> Result<bool, Error> {
        self.asking.check()?;
        let (day, pk) = of_row(row);
        if day != self.day && self.gathered.len() >= self.room() {
            self.settle()?;
        }
        self.day = day;
        self.gathered.push(pk);
        Ok(self.room() > 0)
    }

    /// Puts the hits of some days in order and keeps those that there is room for.
    fn settle(&mut self) -> Result<(), Error> {
        let mirror = self.asking.mirror;
        let candidates = candidate::read(mirror, &self.gathered)?;
        self.gathered.clear();
        let mut keys: Vec<MessageKey> = candidates.into_iter().map(|one| one.key).collect();
        if let Some(from) = self.wish.from {
            keys.retain(|key| match self.wish.toward {
                Toward::Older => *key < from,
                Toward::Newer => *key > from,
            });
        }
        keys.sort_unstable();
        if self.wish.toward == Toward::Older {
            keys.reverse();
        }
        let mut pks = keys.into_iter().map(|key| key.pk);
        while self.room() > 0 {
            // Nearly all of them fit: an index that is behind knows no more than that they once did.
            let next: Vec<MessagePk> = pks.by_ref().take(self.room()).collect();
            if next.is_empty() {
                break;
            }
            for document in feed::some(mirror, &next)? {
                self.asking.check()?;
                self.fits.extend(self.asking.fit(document));
            }
        }
        Ok(())
    }
}
