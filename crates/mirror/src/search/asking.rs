//! A question that is being answered: the rows of the index that fit it, and what is shown of them.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
};

use rusqlite::Connection;

use super::{
    About, ChatHits, Hit,
    by_chat::Group,
    document::Document,
    expression::Expression,
    find::{Finder, Ticket, of_index},
    mark, newest,
    token::Token,
};
use crate::{
    ConversationPk, Error, MessagePk, MessageRow,
    chat::{named, one_chat},
    message::read::{Extras, Reading},
    people::People,
    row,
};

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

    /// Gives rows of the index, from `?2` to `?3`, in the order of the statement, until `take` has enough. Says
    /// whether those were all.
    pub(super) fn rows(
        &self,
        sql: &str,
        span: Range<i64>,
        mut take: impl FnMut(i64) -> Result<bool, Error>,
    ) -> Result<bool, Error> {
        if span.is_empty() {
            return Ok(true);
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
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// How many rows there are, counted up to `most`. It begins anew, with the oldest: FTS5 goes forward in half
    /// the time that it takes to go back.
    pub(super) fn about(&self, most: u64) -> Result<About, Error> {
        let span = newest::span(self.expression);
        if span.is_empty() {
            return Ok(About::default());
        }
        let limit = row::signed(most + 1);
        let rows = self
            .index
            .prepare_cached(COUNT)
            .and_then(|mut count| {
                count.query_row((self.text, span.start, span.end - 1, limit), |row| {
                    row.get(0)
                })
            })
            .map_err(|error| of_index(error.into()))?;
        Ok(About::of(row::unsigned(rows), most))
    }

    /// A message as it is now, if it fits.
    pub(super) fn fit(&self, document: Document) -> Option<Fit> {
        let passages = document.passages();
        let fits = document.is_indexed() && self.expression.fits(&document, &passages);
        fits.then_some(Fit { document, passages })
    }

    /// Chats with their hits, to show.
    pub(super) fn chats(&self, groups: Vec<Group>) -> Result<Vec<ChatHits>, Error> {
        let mut people = People::new(self.mirror);
        let (mut sizes, mut fits) = (Vec::with_capacity(groups.len()), Vec::new());
        for group in groups {
            sizes.push((group.count, group.fits.len()));
            fits.extend(group.fits);
        }
        let mut hits = self.hits(&fits)?.into_iter();
        let mut chats = Vec::with_capacity(sizes.len());
        for (count, size) in sizes {
            self.check()?;
            let hits: Vec<Hit> = hits.by_ref().take(size).flatten().collect();
            if let Some(first) = hits.first()
                && let Some(chat) = one_chat(self.mirror, &mut people, first.chat.pk)?
            {
                chats.push(ChatHits { chat, count, hits });
            }
        }
        Ok(chats)
    }

    /// Messages and their chats to show, each in the place of what fits; none where one is not there.
    pub(super) fn hits(&self, fits: &[Fit]) -> Result<Vec<Option<Hit>>, Error> {
        self.check()?;
        let pks: Vec<MessagePk> = fits.iter().map(|fit| fit.document.pk).collect();
        let mut reading = Reading::new(self.mirror, Extras::Later);
        let mut messages = reading.messages(&pks)?;
        reading.add_media(&mut messages)?;
        let messages = messages.into_iter().map(|message| (message.pk, message));
        let mut messages: HashMap<MessagePk, MessageRow> = messages.collect();
        let chats: BTreeSet<ConversationPk> = fits.iter().map(|fit| fit.document.chat).collect();
        let chats: Vec<ConversationPk> = chats.into_iter().collect();
        let chats = named(self.mirror, &chats)?;
        let hit = |fit: &Fit| {
            let (text, file) = self.excerpts(fit);
            Some(Hit {
                message: messages.remove(&fit.document.pk)?,
                chat: chats.get(&fit.document.chat)?.clone(),
                text,
                file,
            })
        };
        Ok(fits.iter().map(hit).collect())
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
