//! A question that is being answered: the rows of the index that fit it, and what is shown of them.

use std::ops::Range;

use rusqlite::Connection;

use super::{
    About, ChatHits, Hit,
    by_chat::Group,
    document::Document,
    expression::Expression,
    feed,
    find::{Finder, Ticket, of_index},
    mark, newest,
    token::Token,
};
use crate::{
    Error,
    chat::one_chat,
    message::read::{Extras, Reading, columns},
    people::People,
};

/// Counting stops here.
const COUNTED: u64 = 10_000;

const COUNT: &str = "\
    SELECT count(*) FROM (\
        SELECT 1 FROM words WHERE words MATCH ?1 AND rowid BETWEEN ?2 AND ?3 LIMIT ?4)";

/// A question that is being answered.
pub(super) struct Asking<'a> {
    pub(super) index: &'a Connection,
    pub(super) mirror: &'a Connection,
    pub(super) expression: &'a Expression,
    /// What FTS5 is asked.
    pub(super) text: &'a str,
    pub(super) finder: &'a Finder,
    pub(super) ticket: Ticket,
}

/// A message that fits.
pub(super) struct Fit {
    pub(super) document: Document,
    pub(super) passages: Vec<Vec<Token>>,
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

    pub(super) fn about(&self) -> Result<About, Error> {
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
    pub(super) fn chats(&self, groups: Vec<Group>) -> Result<Vec<ChatHits>, Error> {
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
    pub(super) fn hits(&self, fits: &[Fit]) -> Result<Vec<Hit>, Error> {
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
