//! The texts that a message has had, in the form in which a message keeps them.
//!
//! On the wire an edit is the text that was replaced and when it was. That form cannot take a late
//! edit in: it does not say from when the first text held, or whether it is known at all. So each text
//! is kept with the time from which it held (none for the original), the present one in the message's
//! own columns, and the wire's form is read off. Texts are ordered by (time, text), so that the
//! outcome never depends on the order of arrival.

use serde::{Deserialize, Serialize};
use threadkeep_protocol::{MessageEdit, Timestamp};

/// Milliseconds from which it held (none: from the beginning), text.
type Version = (Option<i64>, String);

/// All texts of a message, in order; the last one is the present one. Never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions(Vec<Version>);

/// No text: what is left of a deleted message.
impl Default for Versions {
    fn default() -> Self {
        Self(vec![(None, String::new())])
    }
}

impl Versions {
    /// Of one who has not said what the text is.
    pub const fn unsaid() -> Self {
        Self(Vec::new())
    }

    /// All texts, the present one last.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|version| version.1.as_str())
    }

    /// From the columns.
    pub fn read(
        earlier: &str,
        content: String,
        edited_at: Option<i64>,
    ) -> serde_json::Result<Self> {
        let mut versions: Vec<Version> = if earlier.is_empty() {
            Vec::new()
        } else {
            serde_json::from_str(earlier)?
        };
        versions.push((edited_at, content));
        Ok(Self(versions))
    }

    /// What a message record says: its text, and earlier ones where it names them.
    pub fn told(content: &str, edited_at: Option<Timestamp>, edits: &[MessageEdit]) -> Self {
        let mut versions = Vec::with_capacity(edits.len() + 1);
        let mut from = None;
        for edit in edits {
            versions.push((from, edit.content.clone()));
            from = Some(edit.at.millis());
        }
        versions.push((
            edited_at.map(Timestamp::millis).or(from),
            content.to_owned(),
        ));
        let mut told = Self(versions);
        told.0.sort();
        told.0.dedup();
        told
    }

    /// For the column: all but the present one.
    pub fn earlier(&self) -> serde_json::Result<String> {
        match self.0.split_last() {
            None | Some((_, [])) => Ok(String::new()),
            Some((_, earlier)) => serde_json::to_string(earlier),
        }
    }

    /// The present text.
    pub fn content(&self) -> &str {
        self.0.last().map_or("", |version| &version.1)
    }

    /// From when the present text holds, where it is not the original.
    pub fn edited_at(&self) -> Option<i64> {
        self.0.last().and_then(|version| version.0)
    }

    /// Takes an edit in; says whether that changed anything.
    pub fn edit(&mut self, content: String, at: Timestamp) -> bool {
        let new = (Some(at.millis()), content);
        match self.0.binary_search(&new) {
            Ok(_) => false,
            Err(place) => {
                self.0.insert(place, new);
                true
            }
        }
    }

    /// Takes in what another statement about the same message says. An original is taken where none
    /// is known, or only an empty one; it never replaces another.
    pub fn absorb(&mut self, other: &Self) -> bool {
        let mut changed = false;
        for (from, content) in &other.0 {
            changed |= match from {
                Some(at) => self.edit(content.clone(), Timestamp::from_millis(*at)),
                None => self.original(content),
            };
        }
        changed
    }

    fn original(&mut self, content: &str) -> bool {
        match self.0.first_mut() {
            Some((None, known)) if known.is_empty() && !content.is_empty() => {
                content.clone_into(known);
                true
            }
            Some((None, _)) => false,
            _ => {
                self.0.insert(0, (None, content.to_owned()));
                true
            }
        }
    }
}

/// The replaced texts, oldest first, straight from the columns. An edit that changed nothing (two
/// sources tell of one edit with two times) is none.
pub fn on_the_wire(
    earlier: &str,
    content: &str,
    edited_at: Option<i64>,
) -> serde_json::Result<Vec<MessageEdit>> {
    if earlier.is_empty() {
        return Ok(Vec::new());
    }
    let versions: Vec<Version> = serde_json::from_str(earlier)?;
    let mut ends: Vec<Version> = versions.iter().skip(1).cloned().collect();
    ends.push((edited_at, content.to_owned()));
    let edits = versions
        .into_iter()
        .zip(ends)
        .filter(|((_, text), (_, next))| text != next);
    let edit = |((_, content), (at, _)): (Version, Version)| MessageEdit {
        content,
        at: Timestamp::from_millis(at.unwrap_or_default()),
    };
    Ok(edits.map(edit).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn wire(versions: &Versions) -> (String, Vec<(String, i64)>) {
        let earlier = versions.earlier().unwrap();
        let edits = on_the_wire(&earlier, versions.content(), versions.edited_at()).unwrap();
        let edits = edits
            .into_iter()
            .map(|edit| (edit.content, edit.at.millis()))
            .collect();
        (versions.content().to_owned(), edits)
    }

    #[test]
    fn an_older_edit_that_comes_late_goes_into_the_history_only() {
        let mut versions = Versions::told("one", None, &[]);
        assert!(versions.edit("three".into(), at(30)));
        assert!(versions.edit("two".into(), at(20)));
        assert!(
            !versions.edit("three".into(), at(30)),
            "the same edit again is nothing new"
        );
        let history = vec![("one".to_owned(), 20), ("two".to_owned(), 30)];
        assert_eq!(wire(&versions), ("three".to_owned(), history));
    }

    #[test]
    fn an_original_that_comes_after_its_edits_goes_before_them() {
        let mut versions = Versions::told("two", Some(at(20)), &[]);
        versions.edit("three".into(), at(30));
        assert!(versions.absorb(&Versions::told("one", None, &[])));
        let history = vec![("one".to_owned(), 20), ("two".to_owned(), 30)];
        assert_eq!(wire(&versions), ("three".to_owned(), history));
        assert!(
            !versions.absorb(&Versions::told("another", None, &[])),
            "a text is never replaced"
        );
    }

    #[test]
    fn the_history_of_a_message_record_is_the_same_as_its_edits_one_by_one() {
        let edits = [
            MessageEdit {
                content: "one".into(),
                at: at(20),
            },
            MessageEdit {
                content: "two".into(),
                at: at(30),
            },
        ];
        let told = Versions::told("three", Some(at(30)), &edits);
        let mut applied = Versions::told("one", None, &[]);
        applied.edit("two".into(), at(20));
        applied.edit("three".into(), at(30));
        assert_eq!(told, applied);
    }

    #[test]
    fn what_is_kept_is_read_back() {
        let mut versions = Versions::told("one", None, &[]);
        versions.edit("two".into(), at(20));
        let (content, edited_at) = (versions.content().to_owned(), versions.edited_at());
        let back = Versions::read(&versions.earlier().unwrap(), content, edited_at).unwrap();
        assert_eq!(back, versions);
    }

    #[test]
    fn one_edit_told_with_two_times_is_one_in_the_history() {
        let mut versions = Versions::told("one", None, &[]);
        versions.edit("two".into(), at(20));
        versions.edit("two".into(), at(21));
        assert_eq!(
            wire(&versions),
            ("two".to_owned(), vec![("one".to_owned(), 20)])
        );
    }
}
