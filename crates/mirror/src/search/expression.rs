//! A query with its names looked up: what FTS5 is asked, and the same question to a message at hand.

use std::ops::Range;

use rusqlite::Connection;

use super::{
    document::{Document, Scope},
    names,
    query::{Part, Phrase, Query},
    token::Token,
};
use crate::{ConversationPk, Error};

/// One thing that a message has or has not.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Phrase(Phrase),
    /// All of them, or the one.
    Number(Vec<Phrase>, Phrase),
    Scopes(Vec<Scope>),
}

/// A query that can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Expression {
    with: Vec<Vec<Test>>,
    without: Vec<Vec<Test>>,
    within: Vec<Range<i64>>,
    not_within: Vec<Range<i64>>,
    everything: Vec<Scope>,
    /// Filters that name nobody and nothing.
    pub(super) unknown: Vec<String>,
}

impl Expression {
    /// Looks up what the filters name; `chat` is where alone to look.
    pub(super) fn new(
        conn: &Connection,
        query: &Query,
        chat: Option<ConversationPk>,
    ) -> Result<Self, Error> {
        let mut expression = Self {
            with: Vec::new(),
            without: Vec::new(),
            within: query.within.clone(),
            not_within: query.without.clone(),
            everything: names::everything(conn)?,
            unknown: Vec::new(),
        };
        if let Some(chat) = chat {
            let here = Test::Scopes(vec![Scope::Chat(chat)]);
            expression.with.push(vec![here]);
        }
        for group in &query.groups {
            let mut any = Vec::new();
            for part in &group.any {
                any.push(match part {
                    Part::Phrase(phrase) => Test::Phrase(phrase.clone()),
                    Part::Number { groups, whole } => Test::Number(groups.clone(), whole.clone()),
                    Part::Filter(filter) => {
                        let scopes = names::scopes(conn, filter)?;
                        if scopes.is_empty() {
                            expression.unknown.extend(filter.name().map(str::to_owned));
                        }
                        Test::Scopes(scopes)
                    }
                });
            }
            if group.without {
                expression.without.push(any);
            } else {
                expression.with.push(any);
            }
        }
        Ok(expression)
    }

    /// What FTS5 is asked; none where no message can fit.
    pub(super) fn text(&self) -> Option<String> {
        let all;
        let mut with: Vec<&[Test]> = self.with.iter().map(Vec::as_slice).collect();
        if with.is_empty() {
            // FTS5 can leave out, but not from nothing.
            all = [Test::Scopes(self.everything.clone())];
            with.push(&all);
        }
        let mut text = String::new();
        for (place, any) in with.into_iter().enumerate() {
            if place > 0 {
                text.push_str(" AND ");
            }
            let any = alternatives(any)?;
            text.push_str(&any);
        }
        let without: Vec<String> = self
            .without
            .iter()
            .filter_map(|any| alternatives(any))
            .collect();
        if !without.is_empty() {
            text = format!("({text}) NOT ({})", without.join(" OR "));
        }
        Some(text)
    }

    /// The times between which all lies that can fit, in milliseconds.
    pub(super) fn span(&self) -> Range<i64> {
        let start = self.within.iter().map(|range| range.start).max();
        let end = self.within.iter().map(|range| range.end).min();
        start.unwrap_or(i64::MIN)..end.unwrap_or(i64::MAX)
    }

    pub(super) fn fits_time(&self, timestamp: i64) -> bool {
        self.within.iter().all(|range| range.contains(&timestamp))
            && !self
                .not_within
                .iter()
                .any(|range| range.contains(&timestamp))
    }

    /// Whether the message fits.
    pub(super) fn fits(&self, document: &Document, passages: &[Vec<Token>]) -> bool {
        let any = |tests: &Vec<Test>| tests.iter().any(|test| test.fits(document, passages));
        self.fits_time(document.timestamp)
            && self.with.iter().all(any)
            && !self.without.iter().any(any)
    }

    /// Where the words stand that are looked for, in passages and words of each.
    pub(super) fn places<'p>(&self, passages: &'p [Vec<Token>]) -> Vec<(usize, &'p [Token])> {
        let mut places = Vec::new();
        for phrase in self.phrases() {
            for (passage, tokens) in passages.iter().enumerate() {
                places.extend(phrase.places(tokens).map(|found| (passage, found)));
            }
        }
        places
    }

    /// The words and phrases that a message should have.
    pub(super) fn phrases(&self) -> impl Iterator<Item = &Phrase> {
        self.with.iter().flatten().flat_map(|test| match test {
            Test::Phrase(phrase) => vec![phrase],
            Test::Number(groups, whole) => groups.iter().chain([whole]).collect(),
            Test::Scopes(_) => Vec::new(),
        })
    }
}

impl Test {
    fn fits(&self, document: &Document, passages: &[Vec<Token>]) -> bool {
        let has = |phrase: &Phrase| {
            passages
                .iter()
                .any(|tokens| phrase.places(tokens).next().is_some())
        };
        match self {
            Self::Phrase(phrase) => has(phrase),
            Self::Number(groups, whole) => has(whole) || groups.iter().all(has),
            Self::Scopes(scopes) => scopes.iter().any(|scope| document.has(*scope)),
        }
    }

    fn write(&self) -> Option<String> {
        match self {
            Self::Phrase(one) => Some(phrase(one)),
            Self::Number(groups, whole) => {
                let groups: Vec<String> = groups.iter().map(phrase).collect();
                Some(format!("({} OR ({}))", phrase(whole), groups.join(" AND ")))
            }
            Self::Scopes(scopes) => {
                let scopes: Vec<String> = scopes
                    .iter()
                    .map(|scope| {
                        let mut text = String::from('"');
                        scope.write(&mut text);
                        text.push('"');
                        text
                    })
                    .collect();
                (!scopes.is_empty()).then(|| format!("({})", scopes.join(" OR ")))
            }
        }
    }
}

/// One or the other; none where nothing can be.
fn alternatives(any: &[Test]) -> Option<String> {
    let any: Vec<String> = any.iter().filter_map(Test::write).collect();
    (!any.is_empty()).then(|| format!("({})", any.join(" OR ")))
}

fn phrase(phrase: &Phrase) -> String {
    // Folded words hold no quotes; doubled all the same, where a reader need not know that.
    let words = phrase.words.join(" ").replace('"', "\"\"");
    let star = if phrase.prefix { " *" } else { "" };
    format!("\"{words}\"{star}")
}

impl Phrase {
    /// Where it stands among words.
    pub(super) fn places<'t>(
        &self,
        tokens: &'t [Token],
    ) -> impl Iterator<Item = &'t [Token]> + use<'_, 't> {
        // A phrase has words: the parser makes no other.
        tokens
            .windows(self.words.len().max(1))
            .filter(|window| self.is(window))
    }

    fn is(&self, window: &[Token]) -> bool {
        let last = self.words.len().saturating_sub(1);
        self.words
            .iter()
            .zip(window)
            .enumerate()
            .all(|(at, (word, token))| {
                token.word == *word || (self.prefix && at == last && token.word.starts_with(word))
            })
    }
}
