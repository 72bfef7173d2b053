//! Rows that say of themselves who knows them: chats, people and members.

use serde::{Serialize, de::DeserializeOwned};

use super::{Contact, Conversation, Kept, Participant};

/// The account itself: it is linked, and what it says is not taken back.
pub const ACCOUNT: i64 = 0;

/// Several sources; which, another table says.
pub const SEVERAL: i64 = -1;

/// A row that can be withdrawn, and in which an import's changes can be taken back.
pub trait Told: Kept + Serialize + DeserializeOwned {
    /// What a record says, by the names of the fields; all else is derived.
    const SAID: &'static [&'static str];
    /// Who knows it: an import, `ACCOUNT` or `SEVERAL`.
    fn origin(&self) -> i64;
    /// Notes who knows it.
    fn come_from(&mut self, origin: i64);
    /// What is left when nobody knows it any more: its name and its place.
    fn withdraw(&mut self);
}

macro_rules! told {
    ($type:ident, $said:expr, |$row:ident| $left:expr) => {
        impl Told for $type {
            const SAID: &'static [&'static str] = &$said;

            fn origin(&self) -> i64 {
                self.origin
            }

            fn come_from(&mut self, origin: i64) {
                self.origin = origin;
            }

            fn withdraw(&mut self) {
                let $row = &*self;
                *self = $left;
            }
        }
    };
}

told!(
    Conversation,
    [
        "kind",
        "name",
        "description",
        "avatar_url",
        "is_archived",
        "is_pinned",
        "is_muted",
        "mute_until",
        "names_said",
        "flags_said",
        "history_complete",
        "is_deleted",
        "deleted_at",
        "platform_metadata",
    ],
    |row| Conversation {
        external_id: row.external_id.clone(),
        kind: row.kind,
        total_message_count: row.total_message_count,
        merged_into: row.merged_into,
        has_loose: row.has_loose,
        is_withdrawn: true,
        ..Conversation::default()
    }
);

told!(
    Contact,
    [
        "display_name",
        "first_name",
        "last_name",
        "push_name",
        "push_name_at",
        "push_name_said",
        "phone_number",
        "username",
        "avatar_url",
        "about",
        "is_blocked",
        "is_favorite",
        "is_business",
        "platform_metadata",
    ],
    |row| Contact {
        merged_into: row.merged_into,
        is_withdrawn: true,
        ..Contact::at(&row.external_id)
    }
);

told!(
    Participant,
    ["role", "joined_at", "left_at", "platform_metadata"],
    |row| Participant {
        conversation_pk: row.conversation_pk,
        external_id: row.external_id.clone(),
        is_withdrawn: true,
        ..Participant::default()
    }
);
