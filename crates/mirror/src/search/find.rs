//! Asking the index. One connection asks, and a new question interrupts the old one: who types wants the
//! answer to the last letter alone.

use std::{
    ops::Range,
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use jiff::Timestamp;
use rusqlite::{Connection, InterruptHandle};

use super::{
    About, ByChat, ChatHits, Found, Hit, Order, SearchPlace, SearchQuery, best,
    by_chat::{self, Group},
    document::Document,
    expression::Expression,
    feed, file, mark, newest,
    query::{Calendar, Query},
    token::Token,
};
use crate::{
    Error, OpenError,
    chat::one_chat,
    message::read::{Extras, Reading, columns},
    people::People,
};

/// Counting stops here.
const COUNTED: u64 = 10_000;

const COUNT: &str = "\
    SELECT count(*) FROM (\
        SELECT 1 FROM words WHERE words MATCH ?1 AND rowid BETWEEN ?2 AND ?3 LIMIT ?4)";

/// Asks one index.
pub(super) struct Finder {
    path: PathBuf,
    /// The connection, and which file of that name it has open.
    open: Mutex<Option<(u64, Connection)>>,
    interrupt: Mutex<Option<InterruptHandle>>,
    /// The number of the latest question.
    latest: AtomicU64,
}

/// A question's place in the row of questions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ticket(u64);

/// A question that is being answered.
pub(super) struct Asking<'a> {
    pub(super) index: &'a Connection,
    pub(super) mirror: &'a Connection,
    pub(super) expression: &'a Expression,
    /// What FTS5 is asked.
    pub(super) text: &'a str,
    finder: &'a Finder,
    ticket: Ticket,
}

/// A message that fits.
pub(super) struct Fit {
    pub(super) document: Document,
    pub(super) passages: Vec<Vec<Token>>,
}

impl Finder {
    pub(super) const fn new(path: PathBuf) -> Self {
        Self {
            path,
            open: Mutex::new(None),
            interrupt: Mutex::new(None),
            latest: AtomicU64::new(0),
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
            page(asking, query, found)
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
    fn check(&self, ticket: Ticket) -> Result<(), Error> {
        if self.latest.load(Ordering::SeqCst) == ticket.0 {
            Ok(())
        } else {
            Err(Error::Superseded)
        }
    }
}

impl Asking<'_> {
    /// Gives up if somebody has asked something else.
    pub(super) fn check(&self) -> Result<(), Error> {
        self.finder.check(self.ticket)
    }

    /// Gives rows of the index, from `?2` to `?3`, in the order of the statement, until `take` has enough.
    pub(super) fn rows(
        &self,
        sql: &str,
        span: Range<i64>,
        mut take: impl FnMut(i64) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        if span.is_empty() {
            return Ok(());
        }
        let mut select = self
            .index
            .prepare_cached(sql)
            .map_err(|error| of_index(error.into()))?;
        let mut rows = select
            .query((self.text, span.start, span.end - 1))
            .map_err(|error| of_index(error.into()))?;
        while let Some(row) = rows.next().map_err(|error| of_index(error.into()))? {
            if !take(row.get(0)?)? {
                break;
            }
        }
        Ok(())
    }

    /// The message as it is now, if it fits.
    pub(super) fn fit(&self, pk: crate::MessagePk) -> Result<Option<Fit>, Error> {
        let Some(document) = feed::one(self.mirror, pk)? else {
            return Ok(None);
        };
        let passages = document.passages();
        let fits = document.is_indexed() && self.expression.fits(&document, &passages);
        Ok(fits.then_some(Fit { document, passages }))
    }

    fn about(&self) -> Result<About, Error> {
        let span = newest::span(self.expression);
        if span.is_empty() {
            return Ok(About::default());
        }
        let limit = i64::try_from(COUNTED + 1).unwrap_or(i64::MAX);
        let hits: i64 = self
            .index
            .prepare_cached(COUNT)
            .and_then(|mut count| {
                count.query_row((self.text, span.start, span.end - 1, limit), |row| {
                    row.get(0)
                })
            })
            .map_err(|error| of_index(error.into()))?;
        let hits = hits.unsigned_abs();
        Ok(About {
            hits: hits.min(COUNTED),
            more: hits > COUNTED,
        })
    }

    /// Chats with their hits, to show.
    fn chats(&self, groups: Vec<Group>) -> Result<Vec<ChatHits>, Error> {
        let mut chats = Vec::with_capacity(groups.len());
        for group in groups {
            let hits = self.hits(&group.fits)?;
            if let Some(first) = hits.first() {
                chats.push(ChatHits {
                    chat: first.chat.clone(),
                    count: group.count,
                    hits,
                });
            }
        }
        Ok(chats)
    }

    /// Messages and chats to show.
    fn hits(&self, fits: &[Fit]) -> Result<Vec<Hit>, Error> {
        let mut reading = Reading::new(self.mirror, Extras::Media);
        let mut people = People::new(self.mirror);
        let mut select = self.mirror.prepare_cached(concat!(
            "SELECT ",
            columns!(),
            " FROM messages AS m WHERE m.pk = ?1"
        ))?;
        let mut hits = Vec::with_capacity(fits.len());
        for fit in fits {
            self.check()?;
            let mut rows = select.query([fit.document.pk])?;
            let (Some(row), Some(chat)) = (
                rows.next()?,
                one_chat(self.mirror, &mut people, fit.document.chat)?,
            ) else {
                continue;
            };
            let (text, file) = self.excerpts(fit);
            hits.push(Hit {
                message: reading.message(row)?,
                chat,
                text,
                file,
            });
        }
        Ok(hits)
    }

    fn excerpts(&self, fit: &Fit) -> (mark::Excerpt, Option<mark::Excerpt>) {
        let document = &fit.document;
        let files = fit.passages.len() - document.files.len();
        let (mut in_text, mut in_files) = (Vec::new(), vec![Vec::new(); document.files.len()]);
        for (passage, tokens) in self.expression.places(&fit.passages) {
            let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
                continue;
            };
            let range = first.at.start..last.at.end;
            match passage.checked_sub(files) {
                Some(file) => in_files[file].push(range),
                None => in_text.push(range),
            }
        }
        let file = in_files.into_iter().zip(&document.files);
        let mut file = file.filter(|(found, _)| !found.is_empty());
        (
            mark::excerpt(&document.text, in_text),
            file.next().map(|(found, name)| mark::excerpt(name, found)),
        )
    }
}

impl Fit {
    pub(super) const fn key(&self) -> crate::MessageKey {
        crate::MessageKey {
            timestamp: self.document.timestamp,
            pk: self.document.pk,
        }
    }
}

/// A page of hits.
fn page(asking: &Asking<'_>, query: &SearchQuery, found: &mut Found) -> Result<(), Error> {
    let limit = match query.limit {
        0 => 50,
        limit => limit.min(500) as usize,
    };
    if query.place.is_none() {
        found.about = Some(asking.about()?);
    }
    let mut fits = match (query.order, query.place) {
        (Order::Newest, place) => {
            let from = match place {
                Some(SearchPlace::Message(key)) => Some(key),
                _ => None,
            };
            newest::fits(asking, from, query.toward, limit + 1)?
        }
        (Order::Best, place) => {
            let behind = match place {
                Some(SearchPlace::Rank(rank)) => rank as usize,
                _ => 0,
            };
            best::fits(asking, behind, limit + 1)?
        }
    };
    let is_more = fits.len() > limit;
    fits.truncate(limit);
    found.next = fits
        .last()
        .filter(|_| is_more)
        .map(|last| match query.order {
            Order::Newest => SearchPlace::Message(last.key()),
            Order::Best => {
                let behind = match query.place {
                    Some(SearchPlace::Rank(rank)) => rank,
                    _ => 0,
                };
                SearchPlace::Rank(behind.saturating_add(u32::try_from(limit).unwrap_or(u32::MAX)))
            }
        });
    found.hits = asking.hits(&fits)?;
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
