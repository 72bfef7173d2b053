//! Of which stretches of a conversation every message is here.
//!
//! A stretch is joined with what it overlaps or touches, so between two there is always a gap: time of
//! which nobody has said that all is here. What comes by itself, live or in the platform's first
//! history, is taken as whole for as long as the feeder stays (one *presence*); what the feeder brings
//! after it has been away is not known to follow on what was here before. The answer to a request
//! reaches from its oldest message to the one that the request named.

use rusqlite::{Connection, params};

use crate::error::StoreError;

/// A stretch without a gap, in milliseconds, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    pub from: i64,
    pub to: i64,
    /// The message at its beginning.
    pub first: i64,
    /// The feeder's stay in which it last grew by itself.
    pub presence: i64,
}

/// The stretches of one conversation, oldest first and apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage(Vec<Stretch>);

impl Coverage {
    /// A message that came by itself. It carries on what came before it in the same presence, and is no
    /// reason to suspect a gap where it is older than all that is here.
    pub fn came(&mut self, at: i64, message: i64, presence: i64) {
        if self.0.iter().any(|s| s.from <= at && at <= s.to) {
            return;
        }
        let above = self.0.partition_point(|s| s.from < at);
        let below = above.checked_sub(1);
        let is_own = |place: usize| self.0.get(place).is_some_and(|s| s.presence == presence);
        if below.is_some_and(is_own) {
            self.0[above - 1].to = at;
        } else if is_own(above) || (below.is_none() && above < self.0.len()) {
            self.0[above].from = at;
            self.0[above].first = message;
        } else {
            let alone = Stretch {
                from: at,
                to: at,
                first: message,
                presence,
            };
            self.0.insert(above, alone);
        }
        self.join(presence);
    }

    /// A part of the platform's history that came by itself: whole in itself, and with its neighbours of
    /// the same presence.
    pub fn sent(&mut self, part: Stretch) {
        self.add(part);
        self.join(part.presence);
    }

    /// An answer: whole from its oldest message to the one it was asked before.
    pub fn answered(&mut self, part: Stretch) {
        self.add(part);
    }

    /// Takes in what is known of another conversation that turned out to be this one.
    pub fn absorb(&mut self, other: &Self) {
        for part in &other.0 {
            self.sent(*part);
        }
    }

    /// The newest stretch: what is older than it is what a request asks for next, so that gaps are
    /// closed before the beginning is looked for.
    pub fn newest(&self) -> Option<&Stretch> {
        self.0.last()
    }

    /// From where to where something may be missing, both ends excluded.
    pub fn gaps(&self) -> Vec<(i64, i64)> {
        let pairs = self.0.windows(2);
        pairs.map(|pair| (pair[0].to, pair[1].from)).collect()
    }

    /// The gaps as their column: empty where there are none.
    pub fn gaps_text(&self) -> Result<String, StoreError> {
        match self.gaps() {
            gaps if gaps.is_empty() => Ok(String::new()),
            gaps => Ok(serde_json::to_string(&gaps)?),
        }
    }

    fn add(&mut self, mut part: Stretch) {
        self.0.retain(|known| {
            let apart = known.to < part.from || part.to < known.from;
            if !apart {
                if known.from < part.from {
                    (part.from, part.first) = (known.from, known.first);
                }
                part.to = part.to.max(known.to);
                part.presence = part.presence.max(known.presence);
            }
            apart
        });
        let place = self.0.partition_point(|known| known.from < part.from);
        self.0.insert(place, part);
    }

    /// Joins neighbours of one presence.
    fn join(&mut self, presence: i64) {
        self.0.dedup_by(|next, before| {
            let same = next.presence == presence && before.presence == presence;
            if same {
                before.to = next.to;
            }
            same
        });
    }

    pub fn load(conn: &Connection, conversation: i64) -> Result<Self, StoreError> {
        let stretches = conn
            .prepare_cached(
                "SELECT from_at, to_at, first_pk, presence FROM coverage
                 WHERE conversation_pk = ?1 ORDER BY from_at",
            )?
            .query_map([conversation], |row| {
                Ok(Stretch {
                    from: row.get(0)?,
                    to: row.get(1)?,
                    first: row.get(2)?,
                    presence: row.get(3)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
        Ok(Self(stretches))
    }

    pub fn store(&self, conn: &Connection, conversation: i64) -> Result<(), StoreError> {
        conn.prepare_cached("DELETE FROM coverage WHERE conversation_pk = ?1")?
            .execute([conversation])?;
        let mut insert = conn.prepare_cached(
            "INSERT INTO coverage (conversation_pk, from_at, to_at, first_pk, presence)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for s in &self.0 {
            insert.execute(params![conversation, s.from, s.to, s.first, s.presence])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
