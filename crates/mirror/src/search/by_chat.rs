//! Hits by chat: how many each has, and its newest ones.
//!
//! The newest ten thousand are counted, as the index has them; what is shown of them is compared with the
//! messages as they are now.

use std::collections::HashMap;

use super::{
    Hit,
    asking::{Asking, Fit},
    candidate::{self, Candidate},
    document::of_row,
    feed, newest,
};
use crate::{ChatRow, ConversationPk, Error, MessagePk};

/// Counting stops here.
const COUNTED: usize = 10_000;

/// So many rows of the index are looked up at once, and those of the same day.
const LOOKED_UP: usize = 500;

/// So many chats are named, and so many hits of each shown.
const CHATS: usize = 200;
const SHOWN: usize = 3;

/// The hits of a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatHits {
    /// The chat.
    pub chat: ChatRow,
    /// How many it has, about.
    pub count: u64,
    /// Its newest ones.
    pub hits: Vec<Hit>,
}

/// What was found, by chat.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ByChat {
    /// The chat with the newest hit first.
    pub chats: Vec<ChatHits>,
    /// There are more hits, or more chats, than were counted.
    pub more: bool,
    /// About how many messages the index has not seen; 0 only when it has seen all.
    pub behind: u64,
    /// There is an index.
    pub is_indexed: bool,
    /// Names in filters that nobody and nothing is called by.
    pub unknown: Vec<String>,
}

/// The hits of a chat before they are read.
pub(super) struct Group {
    pub(super) count: u64,
    pub(super) fits: Vec<Fit>,
}

/// Returns the groups, the newest first, and whether there is more than was counted.
pub(super) fn groups(asking: &Asking<'_>) -> Result<(Vec<Group>, bool), Error> {
    let mut counting = Counting {
        asking,
        day: 0,
        gathered: Vec::new(),
        seen: 0,
        places: HashMap::new(),
        groups: Vec::new(),
    };
    let span = newest::span(asking.expression);
    asking.rows(newest::FALLING, span, |row| counting.take(row))?;
    let seen = counting.seen;
    counting.settle()?;
    let mut groups = counting.groups;
    // An index that is behind may have counted what fits no longer.
    groups.retain(|group| !group.fits.is_empty());
    let is_more = seen > COUNTED || groups.len() > CHATS;
    groups.truncate(CHATS);
    Ok((groups, is_more))
}

struct Counting<'a> {
    asking: &'a Asking<'a>,
    day: i64,
    /// Of whole days, but for the last one.
    gathered: Vec<MessagePk>,
    seen: usize,
    places: HashMap<ConversationPk, usize>,
    groups: Vec<Group>,
}

impl Counting<'_> {
    /// Returns whether counting goes on.
    fn take(&mut self, row: i64) -> Result<bool, Error> {
        let (day, pk) = of_row(row);
        if day != self.day && self.gathered.len() >= LOOKED_UP {
            self.settle()?;
        }
        self.day = day;
        self.asking.check()?;
        self.seen += 1;
        if self.seen > COUNTED {
            return Ok(false);
        }
        self.gathered.push(pk);
        Ok(true)
    }

    /// Puts the hits of some days in order and adds them to their chats.
    fn settle(&mut self) -> Result<(), Error> {
        let mut found = candidate::read(self.asking.mirror, &self.gathered)?;
        self.gathered.clear();
        found.sort_unstable_by_key(|candidate| std::cmp::Reverse(candidate.key));
        for candidate in found {
            self.add(candidate)?;
        }
        Ok(())
    }

    fn add(&mut self, Candidate { key, chat }: Candidate) -> Result<(), Error> {
        let place = *self.places.entry(chat).or_insert_with(|| {
            self.groups.push(Group {
                count: 0,
                fits: Vec::new(),
            });
            self.groups.len() - 1
        });
        let group = &mut self.groups[place];
        group.count += 1;
        if group.fits.len() < SHOWN && place < CHATS {
            let document = feed::one(self.asking.mirror, key.pk)?;
            match document.and_then(|document| self.asking.fit(document)) {
                Some(fit) => group.fits.push(fit),
                None => group.count -= 1,
            }
        }
        Ok(())
    }
}
