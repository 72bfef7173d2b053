//! A view: which chats a client wants, how far back, and whether with their files.
//!
//! A view never changes: the server keeps it under the hash of what it says, and a client that wants
//! something else puts another one. Conversations, contacts and participants come whole in every view,
//! since a person must see what there is to choose from; messages, media and receipts are those that
//! the rule of their chat covers. A chat that turned out to be another has none in a view: what it had
//! is in the other one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Id, Timestamp, row::is_false};

/// The most chats that a view may have rules of their own for.
pub const MAX_VIEW_CHATS: usize = 10_000;

/// What is wanted of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rule {
    /// Whether anything is.
    pub included: bool,
    /// Only messages from then on; all without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Whether with what is known of their files, thumbnails among it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub media: bool,
}

/// What is wanted of one chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChatRule {
    /// Which.
    pub conversation_id: Id,
    /// What of it.
    #[serde(flatten)]
    pub rule: Rule,
}

/// What a client wants of an integration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct View {
    /// For chats that have no rule of their own, those that begin later too.
    pub default: Rule,
    /// Rules of their own, one a chat.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chats: Vec<ChatRule>,
}

/// The answer of `PUT /views/{integration_id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StoredView {
    /// The view's id, for `view` and `beyond`.
    pub view: String,
}

impl Rule {
    /// Everything.
    pub const ALL: Self = Self {
        included: true,
        since: None,
        media: true,
    };

    /// Nothing.
    pub const NONE: Self = Self {
        included: false,
        since: None,
        media: false,
    };

    /// Whether it covers a message of this time.
    #[must_use]
    pub fn covers(&self, timestamp: Timestamp) -> bool {
        self.included && self.since.is_none_or(|since| timestamp >= since)
    }

    /// Whether it covers all that the other one does.
    #[must_use]
    pub fn is_as_wide_as(&self, other: &Self) -> bool {
        self.and(other) == other.plain()
    }

    /// What both cover.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let both = Self {
            included: self.included && other.included,
            since: self.since.max(other.since),
            media: self.media && other.media,
        };
        both.plain()
    }

    /// The least rule that covers what either does.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        match (self.included, other.included) {
            (false, _) => other.plain(),
            (_, false) => self.plain(),
            _ => Self {
                included: true,
                since: self.since.min(other.since),
                media: self.media || other.media,
            },
        }
    }

    /// What covers nothing says so in one way only.
    #[must_use]
    pub const fn plain(&self) -> Self {
        if self.included { *self } else { Self::NONE }
    }
}

impl View {
    /// Everything.
    #[must_use]
    pub const fn everything() -> Self {
        Self {
            default: Rule::ALL,
            chats: Vec::new(),
        }
    }

    /// Of a default and rules of their own. Of two for one chat the last counts.
    #[must_use]
    pub fn new(default: Rule, chats: impl IntoIterator<Item = (Id, Rule)>) -> Self {
        let default = default.plain();
        let chats: BTreeMap<Id, Rule> = chats.into_iter().collect();
        Self {
            default,
            chats: chats
                .into_iter()
                .map(|(conversation_id, rule)| ChatRule {
                    conversation_id,
                    rule: rule.plain(),
                })
                .filter(|chat| chat.rule != default)
                .collect(),
        }
    }

    /// The same in the one form that what it says can have: by it, equal views are recognised.
    #[must_use]
    pub fn canonical(&self) -> Self {
        Self::new(self.default, self.rules())
    }

    /// What is wanted of a chat.
    #[must_use]
    pub fn rule(&self, conversation: Id) -> Rule {
        let own = self.rules().find(|(id, _)| *id == conversation);
        own.map_or(self.default, |(_, rule)| rule)
    }

    /// What both cover.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let (ours, theirs) = (self.by_chat(), other.by_chat());
        let chats = ours.keys().chain(theirs.keys()).map(|id| {
            let our = ours.get(id).unwrap_or(&self.default);
            let their = theirs.get(id).unwrap_or(&other.default);
            (*id, our.and(their))
        });
        Self::new(self.default.and(&other.default), chats)
    }

    /// The rules of their own, by chat.
    #[must_use]
    pub fn by_chat(&self) -> BTreeMap<Id, Rule> {
        self.rules().collect()
    }

    fn rules(&self) -> impl Iterator<Item = (Id, Rule)> {
        self.chats
            .iter()
            .map(|chat| (chat.conversation_id, chat.rule))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rules() -> impl Strategy<Value = Rule> {
        (any::<bool>(), proptest::option::of(0..4_i64), any::<bool>()).prop_map(
            |(included, since, media)| Rule {
                included,
                since: since.map(Timestamp::from_seconds),
                media,
            },
        )
    }

    fn views() -> impl Strategy<Value = View> {
        let chats = proptest::collection::vec((0..4_u128, rules()), 0..4);
        (rules(), chats).prop_map(|(default, chats)| {
            let chats = chats.into_iter();
            View::new(default, chats.map(|(id, rule)| (Id::from_u128(id), rule)))
        })
    }

    /// What a rule covers, counted out: messages and files of each second.
    fn covered(rule: &Rule) -> Vec<(bool, bool)> {
        (0..5)
            .map(|second| {
                let covers = rule.covers(Timestamp::from_seconds(second));
                (covers, covers && rule.media)
            })
            .collect()
    }

    proptest! {
        #[test]
        fn and_is_what_both_cover(a in views(), b in views()) {
            let both = a.and(&b);
            for id in (0..5).map(Id::from_u128) {
                let expected: Vec<_> = covered(&a.rule(id)).into_iter().zip(covered(&b.rule(id)))
                    .map(|(a, b)| (a.0 && b.0, a.1 && b.1))
                    .collect();
                prop_assert_eq!(covered(&both.rule(id)), expected);
            }
            prop_assert_eq!(both.canonical(), both);
        }

        #[test]
        fn or_covers_what_either_does(a in rules(), b in rules()) {
            let either = a.or(&b);
            for (either, (a, b)) in covered(&either).into_iter().zip(covered(&a).into_iter().zip(covered(&b))) {
                prop_assert!(either.0 == (a.0 || b.0) && either.1 >= (a.1 || b.1));
            }
            prop_assert!(either.is_as_wide_as(&a) && either.is_as_wide_as(&b));
        }

        #[test]
        fn what_says_the_same_looks_the_same(view in views()) {
            let text = serde_json::to_string(&view).unwrap();
            let read: View = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&read, &view);
            let mut shuffled = view.clone();
            shuffled.chats.reverse();
            shuffled.chats.push(ChatRule { conversation_id: Id::from_u128(9), rule: view.default });
            prop_assert_eq!(shuffled.canonical(), view);
        }
    }

    #[test]
    fn the_order_of_times_is_that_of_options() {
        assert!(
            None < Some(Timestamp::from_millis(i64::MIN)),
            "`and` and `or` rest on it"
        );
    }
}
