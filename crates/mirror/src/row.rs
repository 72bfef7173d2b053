//! How values of the wire lie in columns: kinds as numbers, absence as 0 or ''.

use threadkeep_protocol::{
    ConversationKind, DeliveryStatus, Id, MessageKind, RawJson, Role, SyncSource, Timestamp,
};

/// Bits of `messages.flags`.
pub(crate) mod message_flag {
    pub(crate) const FROM_ME: i64 = 1;
    pub(crate) const FORWARDED: i64 = 2;
    pub(crate) const STARRED: i64 = 4;
    pub(crate) const DELETED: i64 = 8;
}

/// Bits of `conversations.flags`.
pub(crate) mod conversation_flag {
    pub(crate) const ARCHIVED: i64 = 1;
    pub(crate) const MUTED: i64 = 2;
    pub(crate) const HISTORY_COMPLETE: i64 = 4;
    pub(crate) const DELETED: i64 = 8;
}

/// Bits of `contacts.flags`.
pub(crate) mod contact_flag {
    pub(crate) const BLOCKED: i64 = 1;
    pub(crate) const FAVORITE: i64 = 2;
    pub(crate) const BUSINESS: i64 = 4;
}

/// The bits that are set.
pub(crate) fn flags<const N: usize>(bits: [(bool, i64); N]) -> i64 {
    bits.into_iter()
        .filter(|(set, _)| *set)
        .map(|(_, bit)| bit)
        .sum()
}

/// A time's column.
pub(crate) fn millis(time: Option<Timestamp>) -> i64 {
    time.map_or(0, Timestamp::millis)
}

/// A text's column.
pub(crate) fn text(text: Option<&String>) -> &str {
    text.map_or("", String::as_str)
}

/// A document's column.
pub(crate) fn document(document: Option<&RawJson>) -> &str {
    document.map_or("", RawJson::text)
}

/// A number of rows as a column.
pub(crate) fn signed(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// A number of rows, read.
pub(crate) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// An id's column, read.
pub(crate) const fn bytes_id(bytes: [u8; 16]) -> Id {
    Id::from_bytes(bytes)
}

fn place<T: PartialEq + Copy>(all: &[T], value: T) -> i64 {
    all.iter()
        .position(|&one| one == value)
        .and_then(|place| i64::try_from(place).ok())
        .unwrap_or(0)
}

fn at<T: Copy>(all: &[T], place: i64) -> Option<T> {
    usize::try_from(place)
        .ok()
        .and_then(|place| all.get(place).copied())
}

pub(crate) fn kind_code(kind: MessageKind) -> i64 {
    place(&MessageKind::ALL, kind)
}

/// A newer version's kind reads as unknown.
pub(crate) fn kind(code: i64) -> MessageKind {
    at(&MessageKind::ALL, code).unwrap_or_default()
}

pub(crate) fn status_code(status: Option<DeliveryStatus>) -> i64 {
    status.map_or(0, |status| place(&DeliveryStatus::ALL, status) + 1)
}

pub(crate) fn status(code: i64) -> Option<DeliveryStatus> {
    at(&DeliveryStatus::ALL, code - 1)
}

pub(crate) fn source_code(source: SyncSource) -> i64 {
    place(&SyncSource::ALL, source)
}

pub(crate) fn source(code: i64) -> SyncSource {
    at(&SyncSource::ALL, code).unwrap_or_default()
}

/// A kind's place is its number in the file.
const CONVERSATION_KINDS: [ConversationKind; 4] = [
    ConversationKind::Direct,
    ConversationKind::Group,
    ConversationKind::Broadcast,
    ConversationKind::Channel,
];

pub(crate) fn conversation_kind_code(kind: ConversationKind) -> i64 {
    place(&CONVERSATION_KINDS, kind)
}

pub(crate) fn conversation_kind(code: i64) -> ConversationKind {
    at(&CONVERSATION_KINDS, code).unwrap_or_default()
}

const ROLES: [Role; 3] = [Role::Member, Role::Admin, Role::Owner];

pub(crate) fn role_code(role: Role) -> i64 {
    place(&ROLES, role)
}

/// A newer version's role reads as the least.
pub(crate) fn role(code: i64) -> Role {
    at(&ROLES, code).unwrap_or(Role::Member)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_as_a_number_is_read_back() {
        for one in MessageKind::ALL {
            assert_eq!(kind(kind_code(one)), one);
        }
        for one in DeliveryStatus::ALL {
            assert_eq!(status(status_code(Some(one))), Some(one));
        }
        assert_eq!(status(status_code(None)), None);
        for one in SyncSource::ALL {
            assert_eq!(source(source_code(one)), one);
        }
        for one in CONVERSATION_KINDS {
            assert_eq!(conversation_kind(conversation_kind_code(one)), one);
        }
        for one in ROLES {
            assert_eq!(role(role_code(one)), one);
        }
    }

    #[test]
    fn numbers_of_a_newer_version_read_as_unknown() {
        assert_eq!(kind(99), MessageKind::Unknown);
        assert_eq!(status(-7), None);
        assert_eq!(source(99), SyncSource::Realtime);
        assert_eq!(role(99), Role::Member);
    }
}
