//! Asking the index. One connection asks, and a new question interrupts the old one: who types wants the
//! answer to the last letter alone.

use std::{
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use jiff::Timestamp;
use rusqlite::{Connection, InterruptHandle};

use super::{
    About, ByChat, Found, Order, SearchPlace, SearchQuery, Toward,
    asking::Asking,
    best, by_chat,
    expression::Expression,
    feed, file,
    newest::{self, Wish},
    query::{Calendar, Query},
};
use crate::{Error, OpenError};

/// Asks one index.
pub(super) struct Finder {
    path: PathBuf,
    /// The connection, and which file of that name it has open.
    open: Mutex<Option<(u64, Connection)>>,
    interrupt: Mutex<Option<InterruptHandle>>,
    /// The number of the latest question.
    latest: AtomicU64,
    /// Hits are counted up to here.
    counted: u64,
}

/// A question's place in the row of questions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ticket(u64);

impl Finder {
    pub(super) const fn new(path: PathBuf, counted: u64) -> Self {
        Self {
            path,
            open: Mutex::new(None),
            interrupt: Mutex::new(None),
            latest: AtomicU64::new(0),
            counted,
        }
    }

    /// Announces a question, and interrupts the one before.
    pub(super) fn ticket(&self) -> Ticket {
        let ticket = Ticket(self.latest.fetch_add(1, Ordering::SeqCst) + 1);
        let interrupt = self.interrupt.lock();
        if let Some(handle) = &*interrupt.unwrap_or_else(PoisonError::into_inner) {
            handle.interrupt();
        }
        ticket
    }

    pub(super) fn release(&self) {
        *self
            .interrupt
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = None;
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Answers. `made` counts the files that have had the name.
    pub(super) fn find(
        &self,
        mirror: &Connection,
        query: &SearchQuery,
        ticket: Ticket,
        made: u64,
    ) -> Result<Found, Error> {
        self.ask(mirror, query, ticket, made, &mut |asking, found| {
            page(asking, query, self.counted, found)
        })
    }

    /// Answers by chat.
    pub(super) fn by_chat(
        &self,
        mirror: &Connection,
        query: &SearchQuery,
        ticket: Ticket,
        made: u64,
    ) -> Result<ByChat, Error> {
        let (mut chats, mut more) = (Vec::new(), false);
        let found = self.ask(mirror, query, ticket, made, &mut |asking, found| {
            let (groups, is_more) = by_chat::groups(asking)?;
            (chats, more) = (asking.chats(groups)?, is_more);
            found.about = Some(About::default());
            Ok(())
        })?;
        Ok(ByChat {
            chats,
            more,
            behind: found.behind,
            is_indexed: found.about.is_some(),
            unknown: found.unknown,
        })
    }

    /// Lets `answer` have the question where there is an index and a message can fit.
    fn ask(
        &self,
        mirror: &Connection,
        query: &SearchQuery,
        ticket: Ticket,
        made: u64,
        answer: &mut dyn FnMut(&Asking<'_>, &mut Found) -> Result<(), Error>,
    ) -> Result<Found, Error> {
        let calendar = calendar(query);
        let parsed = Query::parse(&query.text, &calendar);
        let expression = Expression::new(mirror, &parsed, query.chat)?;
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        self.check(ticket)?;
        if open.as_ref().is_none_or(|(of, _)| *of != made) {
            let mirror_id = feed::mirror_id(mirror)?;
            let conn = file::for_reading(&self.path, &mirror_id).map_err(of_index)?;
            *self
                .interrupt
                .lock()
                .unwrap_or_else(PoisonError::into_inner) =
                conn.as_ref().map(Connection::get_interrupt_handle);
            *open = conn.map(|conn| (made, conn));
        }
        let mut found = Found {
            unknown: expression.unknown.clone(),
            ..Found::default()
        };
        let Some((_, index)) = &*open else {
            found.behind = feed::left(mirror, file::Cursor::default())?;
            return Ok(found);
        };
        let mut answered = || {
            // All that is asked of the index is asked of it as it is at one moment.
            let index = &index
                .unchecked_transaction()
                .map_err(|error| of_index(error.into()))?;
            let cursor = file::cursor(index).map_err(|error| of_index(error.into()))?;
            found.behind = feed::left(mirror, cursor)?;
            let Some(text) = expression.text().filter(|_| !parsed.is_empty()) else {
                found.about = Some(About::default());
                return Ok(());
            };
            let asking = Asking {
                index,
                mirror,
                expression: &expression,
                text: &text,
                finder: self,
                ticket,
            };
            answer(&asking, &mut found)
        };
        let answered = answered();
        if matches!(answered, Err(Error::Index(_))) {
            *open = None;
        }
        answered.map(|()| found)
    }

    /// Whether the question is still the latest.
    pub(super) fn check(&self, ticket: Ticket) -> Result<(), Error> {
        if self.latest.load(Ordering::SeqCst) == ticket.0 {
            Ok(())
        } else {
            Err(Error::Superseded)
        }
    }
}

/// A page of hits.
fn page(
    asking: &Asking<'_>,
    query: &SearchQuery,
    counted: u64,
    found: &mut Found,
) -> Result<(), Error> {
    let limit = match query.limit {
        0 => 50,
        limit => limit.min(500) as usize,
    };
    let (from, rank) = match query.place {
        Some(SearchPlace::Message(key)) => (Some(key), 0),
        Some(SearchPlace::Rank(rank)) => (None, rank),
        None => (None, 0),
    };
    let (from, toward, wanted) = match query.order {
        Order::Newest => (from, query.toward, limit + 1),
        Order::Best => (None, Toward::Older, best::WEIGHED),
    };
    let walked = newest::walk(
        asking,
        Wish {
            from,
            toward,
            limit: wanted,
        },
    )?;
    if query.place.is_none() {
        found.about = Some(match walked.rows {
            Some(rows) => About::of(rows, counted),
            None => asking.about(counted)?,
        });
    }
    let mut fits = match query.order {
        Order::Newest => walked.fits,
        Order::Best => best::of(asking.expression, walked.fits, rank as usize, limit + 1),
    };
    let is_more = fits.len() > limit;
    fits.truncate(limit);
    found.next = fits
        .last()
        .filter(|_| is_more)
        .map(|last| match query.order {
            Order::Newest => SearchPlace::Message(last.key()),
            Order::Best => {
                SearchPlace::Rank(rank.saturating_add(u32::try_from(limit).unwrap_or(u32::MAX)))
            }
        });
    found.hits = asking.hits(&fits)?.into_iter().flatten().collect();
    Ok(())
}

fn calendar(query: &SearchQuery) -> Calendar {
    let now = Timestamp::from_millisecond(query.now).unwrap_or(Timestamp::UNIX_EPOCH);
    Calendar {
        today: now.to_zoned(query.zone.clone()).date(),
        zone: query.zone.clone(),
    }
}

/// An error of the index's file, and not of the mirror's.
pub(super) fn of_index(error: Error) -> Error {
    match error {
        Error::Damaged(error) => Error::Index(OpenError::Damaged(error)),
        Error::Sqlite(error) => Error::Index(OpenError::Sqlite(error)),
        other => other,
    }
}
