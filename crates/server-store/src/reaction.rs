//! Who reacted to a message, in the form in which a message keeps it.
//!
//! A reaction that was taken back stays, with an empty emoji: else a late older one would bring it
//! back. Of two by one sender the later wins; at the same time a removal wins, then the greater
//! emoji, so that the outcome never depends on the order of arrival. One without a time is older than
//! any with one.

use serde::{Deserialize, Serialize};
use threadkeep_protocol::{MessageReaction, Timestamp};

/// Sender, emoji, milliseconds.
type Kept = (String, String, Option<i64>);

/// All reactions to a message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reactions(Vec<Kept>);

impl Reactions {
    /// From the column.
    pub fn read(column: &str) -> serde_json::Result<Self> {
        if column.is_empty() {
            Ok(Self::default())
        } else {
            serde_json::from_str(column).map(Self)
        }
    }

    /// For the column.
    pub fn write(&self) -> serde_json::Result<String> {
        if self.0.is_empty() {
            Ok(String::new())
        } else {
            serde_json::to_string(&self.0)
        }
    }

    /// Takes one in; says whether that changed anything.
    pub fn add(&mut self, sender: String, emoji: String, at: Option<Timestamp>) -> bool {
        let new = (sender, emoji, at.map(Timestamp::millis));
        match self.0.iter_mut().find(|kept| kept.0 == new.0) {
            Some(kept) if rank(kept) >= rank(&new) => return false,
            Some(kept) => *kept = new,
            None => self.0.push(new),
        }
        self.0.sort_unstable();
        true
    }

    /// Everybody who ever reacted.
    pub fn senders(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|kept| kept.0.as_str())
    }

    /// Gives a sender another address; says whether that changed anything.
    pub fn readdress(&mut self, from: &str, to: &str) -> bool {
        let Some(place) = self.0.iter().position(|kept| kept.0 == from) else {
            return false;
        };
        let (_, emoji, at) = self.0.remove(place);
        self.add(to.to_owned(), emoji, at.map(Timestamp::from_millis));
        true
    }

    /// Takes in what else is said of the same message; says whether that changed anything.
    pub fn absorb(&mut self, other: &Self) -> bool {
        let mut changed = false;
        for (sender, emoji, at) in other.0.iter().cloned() {
            changed |= self.add(sender, emoji, at.map(Timestamp::from_millis));
        }
        changed
    }

    /// Those in force, oldest first.
    pub fn in_force(self) -> Vec<MessageReaction> {
        let mut kept: Vec<_> = self
            .0
            .into_iter()
            .filter(|kept| !kept.1.is_empty())
            .collect();
        kept.sort_by(|a, b| (a.2, &a.0).cmp(&(b.2, &b.0)));
        let reaction = |(sender_external_id, emoji, at): Kept| MessageReaction {
            sender_external_id,
            emoji,
            at: at.map(Timestamp::from_millis),
        };
        kept.into_iter().map(reaction).collect()
    }
}

fn rank(kept: &Kept) -> (Option<i64>, bool, &str) {
    (kept.2, kept.1.is_empty(), &kept.1)
}

/// The reactions in force, straight from the column.
pub fn on_the_wire(column: &str) -> serde_json::Result<Vec<MessageReaction>> {
    if column.is_empty() {
        Ok(Vec::new())
    } else {
        Ok(Reactions::read(column)?.in_force())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Option<Timestamp> {
        Some(Timestamp::from_millis(millis))
    }

    #[test]
    fn a_late_older_reaction_does_not_come_back_after_its_removal() {
        let mut reactions = Reactions::default();
        assert!(reactions.add("a".into(), String::new(), at(5)));
        assert!(!reactions.add("a".into(), "👍".into(), at(4)));
        assert_eq!(on_the_wire(&reactions.write().unwrap()).unwrap(), vec![]);
    }

    #[test]
    fn the_same_reaction_again_changes_nothing() {
        let mut reactions = Reactions::default();
        assert!(reactions.add("a".into(), "👍".into(), at(4)));
        assert!(!reactions.add("a".into(), "👍".into(), at(4)));
        assert!(
            !reactions.add("a".into(), "👍".into(), None),
            "one without a time is the older"
        );
        assert_eq!(reactions.in_force().len(), 1);
    }

    #[test]
    fn two_addresses_of_one_person_become_one_reaction_the_later() {
        let mut reactions = Reactions::default();
        reactions.add("lid".into(), "👍".into(), at(4));
        reactions.add("phone".into(), "❤️".into(), at(5));
        assert!(reactions.readdress("lid", "phone"));
        let left = reactions.in_force();
        assert_eq!((left.len(), left[0].emoji.as_str()), (1, "❤️"));
    }
}
