//! The messages that may still be answered: as far back as the reader looks for them, and no further, so
//! that a chat of a million takes no more memory than that.

use std::collections::{HashMap, VecDeque};

use threadkeep_mirror::{MessagePk, MessageRow};

/// How far back an answered message is looked for, in messages.
const REACH: usize = 5_000;

/// Where an answered message stands, and who sent it.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) pk: MessagePk,
    /// Its page, counted from 0.
    pub(super) page: usize,
    pub(super) sender: String,
    pub(super) sender_name: String,
    pub(super) from_me: bool,
}

#[derive(Debug, Default)]
pub(super) struct Recent {
    order: VecDeque<String>,
    known: HashMap<String, Known>,
}

impl Recent {
    pub(super) fn find(&self, external_id: &str) -> Option<&Known> {
        self.known.get(external_id)
    }

    pub(super) fn note(&mut self, row: &MessageRow, page: usize) {
        if row.external_id.is_empty() {
            return;
        }
        if self.order.len() >= REACH
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        self.order.push_back(row.external_id.clone());
        self.known.insert(
            row.external_id.clone(),
            Known {
                pk: row.pk,
                page,
                sender: row.sender.clone(),
                sender_name: row.sender_name.clone(),
                from_me: row.from_me,
            },
        );
    }
}
