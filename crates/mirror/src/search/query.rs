//! What a person typed becomes a query. Nothing is a mistake: what is no filter is looked for as it stands.
//!
//! Words are joined by *and*; `OR` (in capitals) binds its two neighbours closer than that, as in mail
//! programs; `-` in front leaves out; quotes make a phrase. Whatever stands in a query, FTS5 sees folded
//! words in quotes only.

mod date;
mod filter;
mod lex;

use std::ops::Range;

pub(super) use date::Calendar;
pub(super) use filter::Filter;
#[cfg(test)]
pub(super) use lex::is_quote;

use super::token;
use lex::Piece;

/// So much of an input is read, in characters: more was pasted by mistake.
const LONGEST_INPUT: usize = 2_000;
/// And so many parts of it, so that no expression is too deep for FTS5.
const MOST_PARTS: usize = 64;
/// A word counts as the beginning of one from so many characters on: with fewer half the index matches.
const PREFIX: usize = 3;

/// Words that stand one behind the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) words: Vec<String>,
    /// The last one is only the beginning of a word.
    pub(super) prefix: bool,
}

/// One thing that a message has or has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Phrase(Phrase),
    /// A number typed in groups: the groups, or all of it as one word.
    Number {
        groups: Vec<Phrase>,
        whole: Phrase,
    },
    Filter(Filter),
}

/// Parts of which a message has at least one, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) any: Vec<Part>,
    pub(super) without: bool,
}

/// What is asked for. A message has to fit every group and every date.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Query {
    pub(super) groups: Vec<Group>,
    /// Sent within, in milliseconds.
    pub(super) within: Vec<Range<i64>>,
    /// Not sent within.
    pub(super) without: Vec<Range<i64>>,
}

impl Query {
    pub(super) fn parse(input: &str, calendar: &Calendar) -> Self {
        let input: String = input.chars().take(LONGEST_INPUT).collect();
        let mut query = Self::default();
        let mut joins = false;
        let pieces = lex::pieces(&input);
        for piece in pieces.into_iter().take(MOST_PARTS) {
            match piece {
                Piece::Or => joins = !query.groups.is_empty(),
                Piece::Words {
                    name: Some(name),
                    text,
                    without,
                    ..
                } if date::range(name, text, calendar).is_some() => {
                    // A date is a stretch of the index, not a word in it; it joins nothing.
                    if let Some(range) = date::range(name, text, calendar) {
                        if without {
                            query.without.push(range);
                        } else {
                            query.within.push(range);
                        }
                    }
                    joins = false;
                }
                Piece::Words {
                    name,
                    text,
                    whole,
                    without,
                    open,
                } => {
                    if let Some(part) = part(name, text, whole, open) {
                        query.add(part, without, joins);
                    }
                    joins = false;
                }
            }
        }
        query.join_numbers();
        query
    }

    /// Nothing is asked for.
    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.within.is_empty() && self.without.is_empty()
    }

    fn add(&mut self, part: Part, without: bool, joins: bool) {
        match self.groups.last_mut() {
            Some(group) if joins && group.without == without => group.any.push(part),
            _ => self.groups.push(Group {
                any: vec![part],
                without,
            }),
        }
    }

    /// Numbers typed one behind the other are perhaps one, written with spaces.
    fn join_numbers(&mut self) {
        let mut from = 0;
        while from < self.groups.len() {
            let run = self.groups[from..]
                .iter()
                .map_while(number)
                .cloned()
                .collect::<Vec<Phrase>>();
            let words: Vec<String> = run.iter().flat_map(|p| p.words.clone()).collect();
            if token::is_phone(&words) {
                let prefix = run.last().is_some_and(|last| last.prefix);
                let whole = Phrase {
                    words: vec![words.concat()],
                    prefix,
                };
                let part = Part::Number {
                    groups: run.clone(),
                    whole,
                };
                let group = Group {
                    any: vec![part],
                    without: false,
                };
                self.groups.splice(from..from + run.len(), [group]);
            } else {
                from += run.len();
            }
            from += 1;
        }
    }
}

/// A group that is one number and nothing else.
fn number(group: &Group) -> Option<&Phrase> {
    match group.any.as_slice() {
        [Part::Phrase(phrase)]
            if !group.without && phrase.words.iter().all(|word| token::is_number(word)) =>
        {
            Some(phrase)
        }
        _ => None,
    }
}

/// `open`: the person may still be typing the last word.
fn part(name: Option<&str>, text: &str, whole: &str, open: bool) -> Option<Part> {
    if let Some(name) = name {
        match filter::read(name, text) {
            filter::Read::Filter(filter) => return Some(Part::Filter(filter)),
            filter::Read::Unfinished => return None,
            filter::Read::NoFilter => {}
        }
    }
    let is_beginning = whole.ends_with('*');
    let tokens = token::tokens(whole);
    let last = tokens.last()?;
    let prefix = (open || is_beginning)
        && !last.alone
        && last.word.chars().count() >= PREFIX
        // In `wor)` the word is finished.
        && (is_beginning || last.at.end == whole.len());
    Some(Part::Phrase(Phrase {
        prefix,
        words: tokens.into_iter().map(|token| token.word).collect(),
    }))
}

#[cfg(test)]
mod tests;
