//! Hits by time. The index gives days in order; within a day the mirror says the time.

use std::ops::Range;

use super::{
    Toward,
    asking::{Asking, Fit},
    document::{day, first_row, of_row},
    expression::Expression,
};
use crate::{Error, IntegrationPk, MessageKey, MessagePk};

pub(super) const FALLING: &str = "\
    SELECT rowid FROM words WHERE words MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid DESC";
const RISING: &str = "\
    SELECT rowid FROM words WHERE words MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid";

/// Rows of the index among which all that can fit lies.
pub(super) fn span(expression: &Expression) -> Range<i64> {
    let time = expression.span();
    if time.is_empty() {
        return 0..0;
    }
    first_row(day(time.start))..first_row(day(time.end - 1) + 1)
}

/// Messages that fit, beyond `from`, at most `limit`.
pub(super) fn fits(
    asking: &Asking<'_>,
    from: Option<MessageKey>,
    toward: Toward,
    limit: usize,
) -> Result<Vec<Fit>, Error> {
    let mut span = span(asking.expression);
    let sql = match toward {
        Toward::Older => FALLING,
        Toward::Newer => RISING,
    };
    match (from, toward) {
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
        removing: removing(asking)?,
        from,
        toward,
        limit,
        day: 0,
        of_day: Vec::new(),
        fits: Vec::new(),
    };
    asking.rows(sql, span, |row| days.take(row))?;
    days.settle()?;
    Ok(days.fits)
}

struct Days<'a> {
    asking: &'a Asking<'a>,
    /// Accounts that are being removed, and shown nowhere.
    removing: Vec<IntegrationPk>,
    from: Option<MessageKey>,
    toward: Toward,
    limit: usize,
    day: i64,
    of_day: Vec<MessagePk>,
    fits: Vec<Fit>,
}

impl Days<'_> {
    /// Returns whether there is room for more.
    fn take(&mut self, row: i64) -> Result<bool, Error> {
        let (day, pk) = of_row(row);
        if day != self.day {
            self.settle()?;
            self.day = day;
            self.asking.check()?;
        }
        self.of_day.push(pk);
        Ok(self.fits.len() < self.limit)
    }

    /// Puts the hits of a day in order and keeps those that there is room for.
    fn settle(&mut self) -> Result<(), Error> {
        let mut select = self
            .asking
            .mirror
            .prepare_cached("SELECT timestamp, integration_pk FROM messages WHERE pk = ?1")?;
        let mut keys = Vec::with_capacity(self.of_day.len());
        for pk in self.of_day.drain(..) {
            let mut rows = select.query([pk])?;
            let Some(row) = rows.next()? else { continue };
            let key = MessageKey {
                timestamp: row.get(0)?,
                pk,
            };
            let is_beyond = self.from.is_none_or(|from| match self.toward {
                Toward::Older => key < from,
                Toward::Newer => key > from,
            });
            if is_beyond && !self.removing.contains(&row.get(1)?) {
                keys.push(key);
            }
        }
        keys.sort_unstable();
        if self.toward == Toward::Older {
            keys.reverse();
        }
        for key in keys {
            if self.fits.len() == self.limit {
                break;
            }
            self.asking.check()?;
            self.fits.extend(self.asking.fit(key.pk)?);
        }
        Ok(())
    }
}

pub(super) fn removing(asking: &Asking<'_>) -> Result<Vec<IntegrationPk>, Error> {
    let mut select = asking
        .mirror
        .prepare_cached("SELECT pk FROM integrations WHERE removing = 1")?;
    let rows = select.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
