//! The views of clients, and what of a stream is in one.
//!
//! A view never changes, so its id is the hash of its text. It may be forgotten all the same (a limit
//! keeps clients from filling the disk, and a restored file knows only older ones); a client that is
//! told so puts it again.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    fmt::Write,
};

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use threadkeep_protocol::{IntegrationId, Rule, Seq, Timestamp, View};

use crate::{clock::now, error::StoreError, integration::require, store::Store};

/// Views of one integration. More devices than that have no one person.
const KEPT: i64 = 500;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// Which rows of a stream are asked for; all without any of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slice {
    /// Those that this view has …
    pub view: Option<String>,
    /// … and this one had not …
    pub beyond: Option<String>,
    /// … up to this seq …
    pub until_seq: Option<Seq>,
    /// … in this bucket of the digest.
    pub bucket: Option<u8>,
}

impl Slice {
    /// Whether it is the whole stream.
    #[must_use]
    pub const fn is_all(&self) -> bool {
        matches!(
            self,
            Self {
                view: None,
                beyond: None,
                until_seq: None,
                bucket: None,
            }
        )
    }
}

impl Store {
    /// Keeps a view and gives its id, which is the same for views that say the same.
    ///
    /// # Errors
    /// When the integration is unknown or the file cannot be written.
    pub async fn put_view(
        &self,
        integration: IntegrationId,
        view: View,
    ) -> Result<String, StoreError> {
        let document = serde_json::to_string(&view.canonical())?;
        let id = hash(&document);
        let today = now().millis() / DAY_MILLIS;
        let known = id.clone();
        let is_fresh = self.read(move |conn| {
            require(conn, integration)?;
            let put_on: Option<i64> = conn
                .prepare_cached("SELECT put_on FROM views WHERE integration_id = ?1 AND id = ?2")?
                .query_row((integration, known), |row| row.get(0))
                .optional()?;
            Ok(put_on == Some(today))
        });
        // Clients put their view at every run: once a day is enough of writing.
        if !is_fresh.await? {
            let id = id.clone();
            self.write(move |tx| {
                tx.execute(
                    "INSERT INTO views (integration_id, id, document, put_on)
                     VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (integration_id, id) DO UPDATE SET put_on = excluded.put_on",
                    params![integration, id, document, today],
                )?;
                tx.execute(
                    "DELETE FROM views WHERE integration_id = ?1 AND id NOT IN
                        (SELECT id FROM views WHERE integration_id = ?1
                         ORDER BY id = ?2 DESC, put_on DESC LIMIT ?3)",
                    params![integration, id, KEPT],
                )?;
                Ok(tx.commit()?)
            })
            .await?;
        }
        Ok(id)
    }
}

fn hash(document: &str) -> String {
    Sha256::digest(document)
        .iter()
        .fold(String::new(), |mut hex, byte| {
            // Writing to a String cannot fail.
            _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// A view in the keys of this file.
struct Rules {
    default: Rule,
    chats: HashMap<i64, Rule>,
}

impl Rules {
    fn load(conn: &Connection, integration: IntegrationId, id: &str) -> Result<Self, StoreError> {
        let document: Option<String> = conn
            .prepare_cached("SELECT document FROM views WHERE integration_id = ?1 AND id = ?2")?
            .query_row((integration, id), |row| row.get(0))
            .optional()?;
        let document = document.ok_or(StoreError::UnknownView)?;
        let view: View = serde_json::from_str(&document)?;
        let mut find = conn
            .prepare_cached("SELECT pk FROM conversations WHERE id = ?1 AND integration_id = ?2")?;
        let mut chats = HashMap::with_capacity(view.chats.len());
        for chat in &view.chats {
            let pk = find
                .query_row((chat.conversation_id.as_bytes(), integration), |row| {
                    row.get(0)
                })
                .optional()?;
            // A chat that is not here, or not yet, has no messages here.
            if let Some(pk) = pk {
                chats.insert(pk, chat.rule);
            }
        }
        Ok(Self {
            default: view.default,
            chats,
        })
    }

    fn of(&self, chat: i64) -> &Rule {
        self.chats.get(&chat).unwrap_or(&self.default)
    }
}

/// What belongs to the messages of a chat comes and goes with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attached {
    /// The messages themselves, and what says who got them.
    Message,
    /// Their files.
    File,
}

impl Attached {
    fn is_in(self, rule: &Rule, timestamp: Timestamp) -> bool {
        rule.covers(timestamp) && (self == Self::Message || rule.media)
    }
}

/// What a slice lets through.
pub struct Lens {
    /// None: all.
    view: Option<Rules>,
    /// None: nothing was there.
    beyond: Option<Rules>,
    /// Chats that turned out to be another.
    merged: HashSet<i64>,
}

/// A stretch of a chat's time: from here …
pub struct Stretch {
    pub chat: i64,
    pub from: i64,
    /// … to before here.
    pub to: i64,
}

impl Lens {
    pub fn load(
        conn: &Connection,
        integration: IntegrationId,
        slice: &Slice,
    ) -> Result<Self, StoreError> {
        let load = |id: &Option<String>| {
            let id = id.as_deref();
            id.map(|id| Rules::load(conn, integration, id)).transpose()
        };
        let (view, beyond) = (load(&slice.view)?, load(&slice.beyond)?);
        let mut merged = HashSet::new();
        if view.is_some() || beyond.is_some() {
            let mut select = conn.prepare_cached(
                "SELECT pk FROM conversations
                 WHERE merged_into IS NOT NULL AND integration_id = ?1",
            )?;
            let mut rows = select.query([integration])?;
            while let Some(row) = rows.next()? {
                merged.insert(row.get(0)?);
            }
        }
        Ok(Self {
            view,
            beyond,
            merged,
        })
    }

    /// Whether everything comes through.
    pub const fn is_clear(&self) -> bool {
        self.view.is_none() && self.beyond.is_none()
    }

    /// Whether what belongs to a message of this chat and time comes through.
    pub fn passes(&self, what: Attached, chat: i64, timestamp: Timestamp) -> bool {
        let is_in =
            |rules: &Rules| !self.merged.contains(&chat) && what.is_in(rules.of(chat), timestamp);
        self.view.as_ref().is_none_or(is_in) && !self.beyond.as_ref().is_some_and(is_in)
    }

    /// The chats of which something may come through, where they can be named: those with rules of
    /// their own, if what holds for all others lets nothing through.
    pub fn chats(&self, what: Attached) -> Option<Vec<Stretch>> {
        let view = self.view.as_ref()?;
        let old = |chat| self.beyond.as_ref().map(|beyond| beyond.of(chat));
        let default = self.beyond.as_ref().map(|beyond| &beyond.default);
        if stretch(what, &view.default, default).is_some() {
            return None;
        }
        let beyond = self.beyond.iter().flat_map(|beyond| beyond.chats.keys());
        let named: BTreeSet<i64> = view.chats.keys().chain(beyond).copied().collect();
        let stretches = named.into_iter().filter(|chat| !self.merged.contains(chat));
        Some(
            stretches
                .filter_map(|chat| {
                    let (from, to) = stretch(what, view.of(chat), old(chat))?;
                    Some(Stretch { chat, from, to })
                })
                .collect(),
        )
    }
}

/// The times that a rule covers and another one did not; none where there are none.
fn stretch(what: Attached, new: &Rule, old: Option<&Rule>) -> Option<(i64, i64)> {
    let start = |rule: &Rule| {
        let wants = rule.included && (what == Attached::Message || rule.media);
        wants.then(|| rule.since.map_or(i64::MIN, Timestamp::millis))
    };
    let from = start(new)?;
    let to = old.and_then(start).unwrap_or(i64::MAX);
    (from < to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn since(seconds: Option<i64>, media: bool) -> (Option<i64>, bool) {
        (seconds, media)
    }

    fn rule((seconds, media): (Option<i64>, bool)) -> Rule {
        Rule {
            included: true,
            since: seconds.map(Timestamp::from_seconds),
            media,
        }
    }

    #[rstest::rstest]
    #[case::all(since(None, true), None, Some((i64::MIN, i64::MAX)))]
    #[case::new_ones(since(Some(5), true), None, Some((5_000, i64::MAX)))]
    #[case::further_back(since(None, true), Some(since(Some(5), true)), Some((i64::MIN, 5_000)))]
    #[case::a_part_of_it(since(Some(3), true), Some(since(Some(5), true)), Some((3_000, 5_000)))]
    #[case::less(since(Some(5), true), Some(since(Some(3), true)), None)]
    #[case::the_same(since(None, true), Some(since(None, true)), None)]
    fn what_widens_is_a_stretch_of_time(
        #[case] new: (Option<i64>, bool),
        #[case] old: Option<(Option<i64>, bool)>,
        #[case] expected: Option<(i64, i64)>,
    ) {
        let (new, old) = (rule(new), old.map(rule));
        assert_eq!(stretch(Attached::Message, &new, old.as_ref()), expected);
    }

    #[test]
    fn files_that_were_not_wanted_are_missing_from_the_start() {
        let old = rule(since(Some(5), false));
        let new = rule(since(Some(5), true));
        let files = stretch(Attached::File, &new, Some(&old));
        assert_eq!(files, Some((5_000, i64::MAX)));
        assert_eq!(stretch(Attached::Message, &new, Some(&old)), None);
    }
}
