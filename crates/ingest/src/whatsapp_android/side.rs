//! A table that hangs on the messages, read along with them.
//!
//! Both are ordered by the message's row, so one look ahead at each table is enough: no query for a message, no list
//! in memory, and one pass over each table, with or without an index on it.

use rusqlite::{Row, Rows, Statement};

use super::database::int;

/// The rows of one table; the first column is the message's row.
pub(super) struct Side<'s, T> {
    rows: Option<Rows<'s>>,
    read: fn(&Row<'_>) -> T,
    pending: Option<(i64, T)>,
}

impl<'s, T> Side<'s, T> {
    pub(super) fn open(
        statement: Option<&'s mut Statement<'_>>,
        read: fn(&Row<'_>) -> T,
    ) -> rusqlite::Result<Self> {
        let rows = statement.map(|statement| statement.query([])).transpose()?;
        let mut side = Self {
            rows,
            read,
            pending: None,
        };
        side.advance()?;
        Ok(side)
    }

    fn advance(&mut self) -> rusqlite::Result<()> {
        self.pending = match self.rows.as_mut() {
            None => None,
            Some(rows) => {
                let row = rows.next()?;
                row.map(|row| (int(row, 0).unwrap_or(i64::MIN), (self.read)(row)))
            }
        };
        if self.pending.is_none() {
            self.rows = None;
        }
        Ok(())
    }

    /// All that hangs on a message. Messages are asked for in the order of their rows.
    pub(super) fn all(&mut self, message: i64) -> rusqlite::Result<Vec<T>> {
        let mut found = Vec::new();
        while let Some((at, value)) = self.pending.take_if(|(at, _)| *at <= message) {
            if at == message {
                found.push(value);
            }
            self.advance()?;
        }
        Ok(found)
    }

    /// What hangs on a message, where it can only be one thing; of several the last.
    pub(super) fn one(&mut self, message: i64) -> rusqlite::Result<Option<T>> {
        self.all(message).map(|mut found| found.pop())
    }
}
