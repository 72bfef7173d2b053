//! Conversation records.

use threadkeep_protocol::{ConversationRecord, Metadata, Timestamp, loose};

use super::{
    call::Call,
    outcome::{Outcome, Refusal, must_name},
};
use crate::{
    error::StoreError,
    kept::{ACCOUNT, Conversation, Said, fill, latest, replace, set},
};

impl Call<'_> {
    pub fn take_conversation(&mut self, record: &ConversationRecord) -> Result<Outcome, Refusal> {
        must_name(&record.external_conversation_id, "external_conversation_id")?;
        let now = self.now;
        let address = self.resolve(&record.external_conversation_id)?;
        let is_live = self.source == ACCOUNT;
        let (conversation, is_new) = self.conversation_at(&address)?;
        let mut recounted = self.recounted.get(&conversation).copied();
        let row = self.conversation(conversation)?;
        // A name by which a chat was found says nothing new of it.
        let is_found_by_name =
            address.starts_with(loose::CHAT_PREFIX) && row.external_id != address;
        if is_found_by_name {
            return Ok(Outcome::Unchanged);
        }
        let mut changed = describe(row, record, is_live);
        changed |= count_unread(row, record, &mut recounted, is_live);
        changed |= latest(&mut row.last_activity_at, record.last_activity_at);
        changed |= match record.is_deleted {
            Some(said) => delete(row, said, now),
            None => false,
        };
        changed |= add_metadata(
            &mut row.platform_metadata,
            record.platform_metadata.as_ref(),
        )?;
        if record.is_deleted == Some(true) {
            self.deleted.insert(conversation);
        }
        if let Some(since) = recounted {
            self.recounted.insert(conversation, since);
        }
        Ok(Outcome::of(is_new, changed))
    }
}

/// What is said of it; a field that is absent says nothing.
fn describe(row: &mut Conversation, record: &ConversationRecord, is_live: bool) -> bool {
    let mut changed = false;
    if let Some(kind) = record.conversation_type {
        changed |= set(&mut row.kind, kind);
    }
    changed |= name(row, record, is_live);
    changed |= flag(row, record, is_live);
    if let Some(complete) = record.history_complete {
        changed |= set(&mut row.history_complete, complete);
    }
    changed
}

/// Names that were said later are known already: an old list of chats, sent once more, undoes no
/// renaming. What is missing it may still tell.
fn name(row: &mut Conversation, record: &ConversationRecord, is_live: bool) -> bool {
    let name = record.name.as_ref().filter(|name| !name.is_empty());
    let fields = [
        (&mut row.name, name),
        (&mut row.description, record.description.as_ref()),
        (&mut row.avatar_url, record.avatar_url.as_ref()),
    ];
    if fields.iter().all(|(_, said)| said.is_none()) {
        return false;
    }
    let said = said(row.names_said, row.last_activity_at, record, is_live);
    let holds = said >= row.names_said;
    let mut changed = false;
    for (field, told) in fields {
        changed |= if holds {
            replace(field, told)
        } else {
            fill(field, told)
        };
    }
    row.names_said = row.names_said.max(said);
    changed
}

/// The same for archived, pinned and muted, which are never missing.
fn flag(row: &mut Conversation, record: &ConversationRecord, is_live: bool) -> bool {
    let fields = [
        (&mut row.is_archived, record.is_archived),
        (&mut row.is_pinned, record.is_pinned),
        (&mut row.is_muted, record.is_muted),
    ];
    if fields.iter().all(|(_, said)| said.is_none()) && record.mute_until.is_none() {
        return false;
    }
    let said = said(row.flags_said, row.last_activity_at, record, is_live);
    if said < row.flags_said {
        return false;
    }
    let mut changed = false;
    for (field, told) in fields {
        changed |= told.is_some_and(|told| set(field, told));
    }
    changed |= replace(&mut row.mute_until, record.mute_until.as_ref());
    if record.is_muted == Some(false) && record.mute_until.is_none() {
        changed |= set(&mut row.mute_until, None);
    }
    row.flags_said = said;
    changed
}

/// How late a record says what it says. Without a time it is of now, that is after all that has
/// happened in the conversation; what somebody brings from a file is of nobody knows when, before all that.
fn said(
    known: Said,
    last_activity_at: Option<Timestamp>,
    record: &ConversationRecord,
    is_live: bool,
) -> Said {
    match record.last_activity_at {
        None if is_live => Said {
            at: known.at.max(last_activity_at),
            untimed: true,
        },
        at => Said { at, untimed: false },
    }
}

/// A count gives way to one that was said later. What came on top counts once. Behind a count without a
/// time what the same call adds comes later, whatever is known already: else a log that is taken in
/// again would end with its last reading of the chat.
fn count_unread(
    row: &mut Conversation,
    record: &ConversationRecord,
    recounted: &mut Option<Option<Timestamp>>,
    is_live: bool,
) -> bool {
    let mut changed = false;
    if let Some(count) = record.unread_count {
        let said = said(row.unread_said, row.last_activity_at, record, is_live);
        if said >= row.unread_said {
            changed |= set(&mut row.unread_count, count.max(0));
            row.unread_said = said;
            *recounted = said.untimed.then_some(None);
        }
    }
    match (record.unread_added, record.last_activity_at) {
        (Some(added), None) => {
            let count = row.unread_count.max(added);
            changed |= set(&mut row.unread_count, count);
        }
        (Some(added), at) if at > recounted.unwrap_or(row.unread_said.at) => {
            row.unread_count = row.unread_count.saturating_add(added.max(0));
            row.unread_said = Said {
                at: at.max(row.unread_said.at),
                untimed: false,
            };
            *recounted = recounted.map(|_| at);
            changed = true;
        }
        _ => {}
    }
    changed
}

fn delete(row: &mut Conversation, said: bool, now: Timestamp) -> bool {
    let changed = set(&mut row.is_deleted, said);
    if changed {
        row.deleted_at = said.then_some(now);
    }
    changed
}

/// Adds what the platform said to what it said before: a partial source erases nothing.
pub fn add_metadata(kept: &mut String, said: Option<&Metadata>) -> Result<bool, StoreError> {
    let Some(said) = said.filter(|said| !said.is_empty()) else {
        return Ok(false);
    };
    let mut known: Metadata = if kept.is_empty() {
        Metadata::new()
    } else {
        serde_json::from_str(kept)?
    };
    if said
        .iter()
        .all(|(key, value)| known.get(key) == Some(value))
    {
        return Ok(false);
    }
    known.extend(said.iter().map(|(key, value)| (key.clone(), value.clone())));
    *kept = serde_json::to_string(&known)?;
    Ok(true)
}
